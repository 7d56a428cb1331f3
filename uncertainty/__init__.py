"""Uncertainty intervals and sensitivity for published calculations."""
