"""Quantities with indices: which members they have, which indices a formula has, and its cells.

A cell is a quantity at one member of each of its indices. It is an input, an equation or an output like any
other, under its written form: ``ratio[us,midjourney]``, members alone, in the order of the study's indices.
"""
