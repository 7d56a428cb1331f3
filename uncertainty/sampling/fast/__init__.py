"""Blocks made by compiled loops."""
