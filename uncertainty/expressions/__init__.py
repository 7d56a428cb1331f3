"""Expressions of a study: read, checked, joined into a graph and compiled, and never executed as code."""
