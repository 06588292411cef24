"""The web door: pages for people, and a ``.json`` twin of each for programs."""

from __future__ import annotations

from app.web.factory import create_app
from app.web.server import serve

__all__ = ["create_app", "serve"]
