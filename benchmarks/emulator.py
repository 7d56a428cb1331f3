"""Emulators from 500 runs: this project's against OpenTURNS' sparse polynomial chaos, on 10,000 new draws.

Both have the same runs at the same uniform scores, and choose terms by least angle regression. OpenTURNS is
told the degree, this project finds it.
"""

from __future__ import annotations

import time

import numpy as np

import uncertainty as un
from uncertainty.emulation.chaos import fit_chaos
from uncertainty.emulation.germs import make_germ

RUNS, NEW = 500, 10_000

DEGREES = (3, 5, 8)

MOST_TERMS = 2_000


def ishigami(x):
    """Ishigami and Homma 1990."""
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def g_function(x):
    """Saltelli and Sobol' 1995, on the same range as the others."""
    u = (x / np.pi + 1) / 2
    a = np.array([0, 1, 4.5, 9, 99, 99])[:, None]
    return np.prod((np.abs(4 * u - 2) + a) / (1 + a), axis=0)


def exponential(x):
    """Multiply factors that are far from straight."""
    return np.exp(0.4 * x.sum(axis=0))


MODELS = {"Ishigami": (ishigami, 3), "g function": (g_function, 6), "exponential": (exponential, 4)}


def explained(values, predicted):
    """Return the share of the variance that is explained."""
    return 1 - float(((values - predicted) ** 2).mean() / values.var())


def ours(germs, runs, values, new):
    """Return predictions by this project."""
    chaos = fit_chaos(germs, list(runs), values)
    most = [chaos.degrees.get(place, 0) for place in range(len(germs))]
    polynomials = [germ.up_to(*each) for germ, *each in zip(germs, most, new, strict=True)]
    return chaos.of(polynomials, new.shape[1])


def theirs(runs, values, new, degree):
    """Return predictions by OpenTURNS."""
    import openturns as ot

    inputs = len(runs)
    numbering = ot.HyperbolicAnisotropicEnumerateFunction(inputs, 0.75)
    family = ot.StandardDistributionPolynomialFactory(ot.Uniform(-1, 1))
    basis = ot.OrthogonalProductPolynomialFactory([family] * inputs, numbering)
    size = min(numbering.getBasisSizeFromTotalDegree(degree), MOST_TERMS)
    chosen = ot.LeastSquaresMetaModelSelectionFactory(ot.LARS(), ot.CorrectedLeaveOneOut())
    algorithm = ot.FunctionalChaosAlgorithm(
        ot.Sample(runs.T),
        ot.Sample(values[:, None]),
        ot.JointDistribution([ot.Uniform(-1, 1)] * inputs),
        ot.FixedStrategy(basis, size),
        ot.LeastSquaresStrategy(chosen),
    )
    algorithm.run()
    return np.array(algorithm.getResult().getMetaModel()(ot.Sample(new.T)))[:, 0]


def main():
    """Print what each explains of new draws, and how long it takes."""
    for name, (model, inputs) in MODELS.items():
        study = un.Study.from_function(
            lambda model=model, **x: {"y": model(np.array([*x.values()]))},
            {f"x{i}": f"uniform({-np.pi!r}, {np.pi!r})" for i in range(inputs)},
            outputs=["y"],
        )
        drawn = [un.draw_sample(study, samples=n, seed=s, design="lhs") for n, s in ((RUNS, 1), (NEW, 2))]
        (runs, new), (values, wanted) = (
            [np.array([*each.inputs.values()]) / np.pi for each in drawn],
            [each.outputs["y"] for each in drawn],
        )
        germs = [make_germ(item.distribution) for item in study.inputs.values()]
        start = time.perf_counter()
        found = explained(wanted, ours(germs, runs, values, new))
        print(f"{name:12s} this project {found:9.6f} in {time.perf_counter() - start:5.1f} s")
        for degree in DEGREES:
            start = time.perf_counter()
            found = explained(wanted, theirs(runs, values, new, degree))
            print(f"{name:12s} OpenTURNS {degree:2d} {found:9.6f} in {time.perf_counter() - start:5.1f} s")


if __name__ == "__main__":
    main()
