"""Sobol' indices, from the design of an analysis to what it answers."""
