"""What would have to be true for a published figure to hold, and which choices decide it.

`verdict` says how the figure stands under each reading, `multiverse` what becomes of it under every valid
combination of choices, `breakeven` and `designpoint` what would have to change for it to fail, `stress` what
the draws in which it fails have in common, and `robustness` how far all that rests on our own distributions.
`analysis` runs them together. The package's name is a plural so that `uncertainty.challenge` is the function.
"""
