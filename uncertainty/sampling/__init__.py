"""Designs, blocks, engines, and what draws say."""
