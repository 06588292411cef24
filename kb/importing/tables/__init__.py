"""Benchmark tables as published: files to grids, grids to draft records, with everything accounted for."""
