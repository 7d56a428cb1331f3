"""Sparse polynomial chaos: which polynomials of the scores follow a function, and how well they do.

Candidates come in the order in which least angle regression takes them up (Efron et al. 2004,
doi:10.1214/009053604000000067); of the first of them, as few are fitted by least squares as leave
nearly the smallest leave-one-out error (Blatman & Sudret 2011, doi:10.1016/j.jcp.2010.12.021).
"""

from __future__ import annotations

import math
from dataclasses import field
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.late import dataclass
from uncertainty.sampling.estimate import half_widths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.emulation.germs import Germ

Term = tuple[tuple[int, int], ...]
"""A product of polynomials: the input and the degree of each."""

NORM = 0.75
"""Of degrees within a term: below 1 terms of few inputs may have higher degrees (Blatman & Sudret 2011)."""

MOST_TERMS = 3_000
"""Candidates, at most."""

HIGHEST = 20
"""Degree at which the search ends."""

TOGETHER = 5
"""Inputs in one term, at most."""

PATIENCE = 2
"""Degrees without a better fit after which the search ends, once there is one that explains something."""

UNEXPLAINED = 0.1
"""Share of the variance above which nothing is explained yet: a product of five inputs has the degree 9."""

COLLINEAR = 1e-6
"""Part of a candidate that must be new."""

EXACT = 1e-9
"""What is left of the values, as a share of them, that nothing needs to explain."""

LONGEST_WAIT = 20
"""Terms, or half as many as there are, that are tried after the best number of them."""

NEARLY_BEST = 1.1
"""Error over the smallest one up to which fewer terms are taken: the last ones are mostly there by chance."""

FOLDS = 5
"""Parts of the runs that are left out in turn to tell how well others are predicted."""


@dataclass(frozen=True, eq=False, slots=True)
class Chaos:
    """A polynomial in the scores of inputs.

    Parameters
    ----------
    terms, coefficients
        Of each product of orthonormal polynomials how much of it there is; the first term is 1.
    error
        What it leaves of the variance of runs that have no part in the fit, as a share.
    residual_sd
        The root of what it may leave, in units of the values.
    left_out
        What each run was predicted to be by those that leave it out, shape (runs,).
    """

    terms: tuple[Term, ...]
    coefficients: FloatArray
    error: float
    residual_sd: float
    left_out: FloatArray = field(compare=False, repr=False)

    @property
    def q2(self) -> float:
        """The share of the variance that it explains of such runs."""
        return 1 - self.error

    @property
    def degrees(self) -> dict[int, int]:
        """The highest degree of each input that has any."""
        found: dict[int, int] = {}
        for term in self.terms:
            for place, degree in term:
                found[place] = max(degree, found.get(place, 0))
        return found

    def of(self, polynomials: Sequence[Sequence[FloatArray]], rows: int) -> FloatArray:
        """Return the values, shape (rows,), from each input's polynomials of degrees from 0."""
        values = np.zeros(rows)
        for term, coefficient in zip(self.terms, self.coefficients.tolist(), strict=True):
            values += _product(term, polynomials, np.full(rows, coefficient))
        return values


def _product(term: Term, polynomials: Sequence[Sequence[FloatArray]], start: FloatArray) -> FloatArray:
    for place, degree in term:
        start *= polynomials[place][degree]
    return start


def fit_chaos(germs: Sequence[Germ], scores: Sequence[FloatArray], values: FloatArray) -> Chaos:
    """Fit a polynomial of the degree that predicts best.

    Its error is that of predicting a fifth of the runs from the others, terms chosen anew: what the chosen
    terms leave of runs that chose them is too small by as much as half. A few
    runs that are missed by far say little of how far others are: what is stated is the upper end of the 95 %
    interval of the mean square.

    Parameters
    ----------
    scores
        Of each input, shape (runs,).
    values
        What the function gave, shape (runs,); not all the same.
    """
    highest = [min(HIGHEST, germ.most) for germ in germs]
    polynomials = [germ.up_to(most, each) for germ, most, each in zip(germs, highest, scores, strict=True)]
    terms = candidates(highest, 1)
    columns = _columns(terms, polynomials, len(values))
    fit, waited = _fitted(columns, values), 0
    for degree in range(2, HIGHEST + 1):
        more = candidates(highest, degree)
        if len(more) > MOST_TERMS or waited >= PATIENCE or fit.error < EXACT:
            break
        others = _columns(more, polynomials, len(values))
        found = _fitted(others, values)
        waited += fit.error < UNEXPLAINED
        if found.error < fit.error:
            terms, columns, fit, waited = more, others, found, 0
    left_out = _left_out(columns, values)
    squares = (values - left_out) ** 2
    return Chaos(
        ((), *(terms[place] for place in fit.chosen)),
        fit.coefficients,
        float(squares.mean() / values.var(ddof=1)),
        float(np.sqrt(squares.mean() + half_widths(squares))),
        left_out,
    )


def _left_out(columns: FloatArray, values: FloatArray) -> FloatArray:
    """Return what each run is predicted to be by a fit that it has no part in, shape (runs,)."""
    predicted = np.empty(len(values))
    places = np.arange(len(values)) % FOLDS
    for fold in range(FOLDS):
        out = places == fold
        fit = _fitted(columns[~out], values[~out])
        predicted[out] = fit.coefficients[0] + columns[np.ix_(out, fit.chosen)] @ fit.coefficients[1:]
    return predicted


def _columns(terms: Sequence[Term], polynomials: Sequence[Sequence[FloatArray]], runs: int) -> FloatArray:
    columns = np.empty((runs, len(terms)), order="F")
    for place, term in enumerate(terms):
        columns[:, place] = _product(term, polynomials, np.ones(runs))
    return columns


def candidates(most: Sequence[int], degree: int) -> list[Term]:
    """Return the terms whose degrees have at most the norm `degree`, the constant not among them.

    Parameters
    ----------
    most
        The highest degree of each input.
    """
    found: list[Term] = []
    for number in range(1, min(TOGETHER, len(most)) + 1):
        powers = list(_powers(number, degree**NORM + 1e-9))
        for places in combinations(range(len(most)), number) if powers else ():
            found += _within(places, powers, most)
            if len(found) > MOST_TERMS:
                return found
    return found


def _powers(number: int, room: float) -> Iterator[tuple[int, ...]]:
    """Yield degrees of at least 1 of so many inputs, whose powers `NORM` add up to `room`."""
    if number == 0:
        yield ()
        return
    power = 1
    while power**NORM + number - 1 <= room:
        for others in _powers(number - 1, room - power**NORM):
            yield (power, *others)
        power += 1


def _within(
    places: tuple[int, ...], powers: Sequence[tuple[int, ...]], most: Sequence[int]
) -> Iterator[Term]:
    for each in powers:
        if all(p <= most[place] for place, p in zip(places, each, strict=True)):
            yield tuple(zip(places, each, strict=True))


class _Fit(NamedTuple):
    """Least squares on the constant and some columns, and its leave-one-out share of the variance."""

    chosen: list[int]
    coefficients: FloatArray
    error: float


def _fitted(columns: FloatArray, values: FloatArray) -> _Fit:
    """Fit the first columns of the path, as few as leave nearly the smallest corrected error."""
    order = least_angle_order(columns, values)
    runs = len(values)
    basis, triangle = np.linalg.qr(np.column_stack([np.ones(runs), columns[:, order]]))
    along = basis.T @ values
    left = values[:, None] - np.cumsum(basis * along, axis=1)
    leverage = np.cumsum(basis**2, axis=1)
    residuals = left / np.maximum(1 - leverage, EXACT)
    count = np.arange(1, basis.shape[1] + 1)
    correction = runs / (runs - count) * (1 + np.cumsum((np.linalg.inv(triangle) ** 2).sum(axis=0)))
    errors = (residuals**2).mean(axis=0) * correction / values.var(ddof=1)
    size = int(np.argmax(errors <= NEARLY_BEST * errors.min())) + 1
    coefficients = np.linalg.solve(triangle[:size, :size], along[:size])
    return _Fit(order[: size - 1], coefficients, float(errors[size - 1]))


def least_angle_order(columns: FloatArray, values: FloatArray) -> list[int]:
    """Return the places of columns in the order in which least angle regression takes them up.

    It ends at half as many as there are runs, or when further ones have predicted no better for a while.
    Where there are no more columns than that, the others follow: many small ones may predict together.

    Parameters
    ----------
    columns
        Shape (runs, columns); those that hold nothing new are left out.
    """
    runs = len(values)
    centred = columns - columns.mean(axis=0)
    lengths = np.sqrt((centred**2).sum(axis=0))
    open_ = lengths > COLLINEAR * math.sqrt(runs)
    centred /= np.where(open_, lengths, 1.0)
    path = _Path(runs, min(runs // 2, columns.shape[1]))
    left = values - values.mean()
    unfitted, leverage = left.copy(), np.full(runs, 1 / runs)
    size = float(np.linalg.norm(left))
    order: list[int] = []
    best, best_at = math.inf, 0
    while len(order) < path.most and len(order) <= best_at + max(LONGEST_WAIT, best_at // 2) and open_.any():
        alike = centred.T @ left
        new = int(np.argmax(np.where(open_, np.abs(alike), -1.0)))
        open_[new] = False
        if abs(alike[new]) <= EXACT * size:
            break
        unit = path.add(centred[:, new], float(np.sign(alike[new])))
        if unit is None:
            continue
        order.append(new)
        unfitted -= unit * (unit @ unfitted)
        leverage += unit**2
        error = (
            float(((unfitted / np.maximum(1 - leverage, EXACT)) ** 2).sum()) * runs / (runs - len(order) - 1)
        )
        best, best_at = min((best, best_at), (error, len(order)))
        left = left - _step(centred, path.direction(), alike, abs(float(alike[new])), open_)
    if columns.shape[1] <= runs // 2:
        order += [
            int(place) for place in np.flatnonzero(open_) if path.add(centred[:, place], 1.0) is not None
        ]
    return order


class _Path:
    """The columns that were taken up, as an orthonormal basis and the triangle that makes them of it."""

    def __init__(self, runs: int, most: int) -> None:
        self.most = most
        self._basis = np.empty((runs, most), order="F")
        self._triangle = np.zeros((most, most))
        self._signs = np.empty(most)
        self._count = 0

    def add(self, column: FloatArray, sign: float) -> FloatArray | None:
        """Take up a column of length 1, and return what is new in it; None if nothing is."""
        known = self._basis[:, : self._count]
        along = known.T @ column
        own = column - known @ along
        again = known.T @ own
        own -= known @ again
        length = float(np.linalg.norm(own))
        if length < COLLINEAR:
            return None
        unit: FloatArray = own / length
        self._basis[:, self._count] = unit
        self._triangle[: self._count, self._count] = along + again
        self._triangle[self._count, self._count] = length
        self._signs[self._count] = sign
        self._count += 1
        return unit

    def direction(self) -> FloatArray:
        """Return the direction that makes what is left less alike to every column at one rate."""
        from scipy.linalg import solve_triangular

        own = slice(self._count)
        weights = solve_triangular(self._triangle[own, own], self._signs[own], trans="T")
        return np.asarray(self._basis[:, own] @ weights)


def _step(
    centred: FloatArray, direction: FloatArray, alike: FloatArray, largest: float, open_: np.ndarray
) -> FloatArray:
    """Return how far the fit moves until another column is as much alike to what is left."""
    rates = centred.T @ direction
    with np.errstate(divide="ignore", invalid="ignore"):
        lengths = np.concatenate([(largest - alike) / (1 - rates), (largest + alike) / (1 + rates)])
    usable = np.tile(open_, 2) & (lengths > EXACT * largest)
    length = min(float(lengths[usable].min(initial=largest)), largest)
    return np.asarray(length * direction)
