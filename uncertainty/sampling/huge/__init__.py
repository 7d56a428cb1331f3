"""Draws too many to store."""
