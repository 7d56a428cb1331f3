"""What to make of families fitted to data, in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from uncertainty import numbers
from uncertainty.fitting.families import DEGREES
from uncertainty.fitting.goodness import p_value_equation

if TYPE_CHECKING:
    from uncertainty.fitting.data import Fits

CLOSE = 2.0
"""Difference of AICc up to which data hardly tell two families apart (Burnham & Anderson 2002, 2.6)."""

REPEATED = 0.8
"""Share of values that differ, below which data are taken for rounded."""


def remarks(found: Fits) -> tuple[str, ...]:
    """Return sentences about which family to take, and what the fit says and does not say."""
    every = (_about_agreement, _about_signs, _about_degrees, _about_rounding, _about_the_mean)
    return tuple(sentence for about in every if (sentence := about(found)))


def _about_agreement(found: Fits) -> str:
    best, close = found.best, found.close
    if best.poor:
        return (
            f"None of the families fits well: {best.family}, which fits best, agrees poorly with the data "
            f"(A² {p_value_equation(best.goodness.anderson_darling_p)}). The data themselves can be sampled "
            'by empirical("file.csv", "column").'
        )
    if close:
        named = ", ".join(fit.family for fit in close)
        return f"The data hardly tell {best.family} from {named} (AICc within {CLOSE:g})."
    return ""


def _about_signs(found: Fits) -> str:
    advised = found.advised
    if advised is not found.best:
        return f"All values are positive, and so is {advised.family}, which is taken."
    below = float(advised.distribution.cdf(np.array([0.0]))[0])
    if found.values[0] > 0 and below > 0:
        return (
            f"All values are positive, but {advised.family} puts {numbers.share(below)} below 0; where that "
            "is impossible, take another family or give the input low = 0."
        )
    return ""


def _about_degrees(found: Fits) -> str:
    """Say where the search for a tail ended at its bound: another would be likelier."""
    tails = [fit.estimates[2] for fit in found.fits if fit.family == "student_t"]
    if tails and math.isclose(tails[0], DEGREES[0], rel_tol=1e-3):
        return (
            f"student_t has {DEGREES[0]:g} degrees of freedom, the fewest that are looked among: the tails "
            "of the data may be heavier still."
        )
    return ""


def _about_rounding(found: Fits) -> str:
    distinct = len(np.unique(found.values))
    if distinct >= REPEATED * len(found.values):
        return ""
    return (
        f"Only {distinct} of {len(found.values)} values are distinct: the data are rounded, and the "
        "p-values, which are for continuous data, are too small."
    )


def _about_the_mean(found: Fits) -> str:
    kind = "A fit describes how values differ from one to the next (kind variability). "
    if known := found.mean_text:
        return f"{kind}What is known of their mean is another thing: {known}, if the values are independent."
    best = found.best
    lacking = "no mean" if math.isnan(best.distribution.mean) else "a mean but no standard deviation"
    return (
        f"{kind}Of their mean nothing can be said from an average: {best.text} has {lacking}, so heavy are "
        "its tails."
    )
