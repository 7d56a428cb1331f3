"""Distributions from what is known: from data, from an expert's quantiles, from published evidence."""
