"""Which inputs drive an output.

Sobol' indices take one way through: `exchange` says what is exchanged together, `parts` which part of the
model that can move, `pilot` which inputs get the most even points; `crossmatrix` makes the matrices,
`measures` turns outputs into what is attributed, `replicates` sums each replicate, `estimators` turns sums
into indices with intervals, `replication` adds replicates until they are known, `summary` and `results` say
what was found, and `sobol` is the door. `problem` holds what stays the same on the way.

Everything else stands alone: `shapley` (on `conditional`), `given_data` (on `sample`,
`borgonovo` and `pawn`), `effects`, `short_version` and `details`, `morris`, `local`, `budget` (on
`coefficients`), `choices`.
"""
