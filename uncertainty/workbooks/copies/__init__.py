"""Formulas that were copied to the right or down, as quantities with an index."""
