"""What does not vary: values that floating-point rounding alone can set apart.

A constant that is computed, such as a/(a + b) + b/(a + b), comes out with other last digits in other draws.
How far apart they may lie follows from the computation (a running error analysis: Higham 2002, Accuracy and
Stability of Numerical Algorithms, doi:10.1137/1.9780898718027, section 3.3). Half a hertz beside the
9 192 631 770 Hz of a caesium clock is no rounding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray

UNVARYING = "the output does not vary"

UNIT = 2.0**-53
"""Largest relative error of one rounding."""

FUNCTION = 8.0
"""Roundings that a library's function, or a model whose operations nobody sees, may take."""

CLOSE = 1e-6
"""Relative distance from their middle within which the logarithms of values round away how they differ."""


def varies(lowest: float, highest: float, rounding: float = 0.0) -> bool:
    """Tell whether values vary: whether they lie farther apart than rounding explains.

    Parameters
    ----------
    lowest, highest
        The smallest and the largest value.
    rounding
        Bound on the rounding error of each of them; none for values that are not computed.
    """
    return float(highest) - float(lowest) > 2 * float(rounding)


def rounding_of_unseen(values: FloatArray) -> FloatArray:
    """Return the bound on the rounding errors of values of which only the values are known."""
    return FUNCTION * UNIT * np.abs(values)


def log10_about(values: FloatArray, centre: float) -> FloatArray:
    """Return the logarithms of values over a positive centre, exact also where they are close to it."""
    with np.errstate(all="ignore"):
        relative = (values - centre) / centre
        far = np.log10(values) - np.log10(centre)
        return np.asarray(np.where(np.abs(relative) < 0.5, np.log1p(relative) / np.log(10.0), far))
