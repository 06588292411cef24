"""Data of a page: plain functions from a snapshot to what page, ``.json`` twin and command all show."""
