"""What inputs of a function, and their correlations, may be given as besides the study language."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.distributions.discrete import Empirical
from uncertainty.distributions.foreign import foreign, is_foreign
from uncertainty.distributions.protocol import is_distribution
from uncertainty.errors import Fault, InvalidValue, StudyError, UncertaintyError, suggestion
from uncertainty.study.calling import QUANTITIES
from uncertainty.study.model import Correlation
from uncertainty.tables.statistic_rows import refuse_statistics_of_series
from uncertainty.values import array, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.study.model import Input

FEWEST_DATA = 3
"""Numbers from which on a list is data: two are the bounds of a SALib problem."""

PROBLEM = ("names", "bounds")
"""Keys that every SALib problem has."""

ENTRY = ("bounds", "dist", "dists")


def _triangular(*numbers: float) -> str:
    low, high, peak = (0.0, *numbers) if len(numbers) == 2 else numbers
    return f"triangular({low!r}, {low + peak * (high - low)!r}, {high!r})"


def _weibull(shape: float, scale: float, location: float = 0.0) -> str:
    if location:
        raise InvalidValue(
            "a Weibull distribution that does not begin at 0 has no text here; "
            "give scipy.stats.weibull_min(shape, location, scale)"
        )
    return f"weibull({shape!r}, {scale!r})"


SALIB: Mapping[str, Callable[..., str]] = {
    "unif": lambda low, high: f"uniform({low!r}, {high!r})",
    "logunif": lambda low, high: f"loguniform({low!r}, {high!r})",
    "triang": _triangular,
    "norm": lambda mean, sd: f"normal({mean!r}, {sd!r})",
    "truncnorm": lambda low, high, mean, sd: (
        f"truncate(normal({mean!r}, {sd!r}), low={low!r}, high={high!r})"
    ),
    "lognorm": lambda mean, sd: f"lognormal(median={math.exp(mean)!r}, sigma={sd!r})",
    "weibull": _weibull,
}
"""The text of each of SALib's distributions, from its bounds."""


def plainly(given: Any) -> Any:
    """Return what is given of an input as a text, a number or a distribution; all else stays as it is.

    Raises
    ------
    InvalidValue
        If it is data or an entry of a SALib problem that cannot be meant.
    """
    if isinstance(given, str) or given is None or is_distribution(given):
        return given
    if is_foreign(given):
        return foreign(given)
    if isinstance(given, Mapping):
        return _entry(given)
    if isinstance(given, list | tuple) or np.ndim(given):
        return _data(given)
    return given


def _data(given: Any) -> str | Distribution:
    """Return the distribution of data, or the range that two bounds are."""
    _refuse_quantity(given)
    try:
        # texts, truth values, days and spans of time, which numpy would count in a unit of its own, and
        # complex numbers, of which it would take the real parts
        kinds = {np.asarray(given).dtype.kind, getattr(getattr(given, "dtype", None), "kind", "")}
        if kinds & set("USbMmc"):
            raise TypeError
        values = np.ma.filled(np.ma.asarray(given, dtype=np.float64), np.nan)
    except (TypeError, ValueError):
        raise InvalidValue(f"expected numbers, found {shown(given)}") from None
    if values.ndim != 1:
        raise InvalidValue(f"expected data of shape (values,), found an array of shape {values.shape}")
    if len(values) == 2 and isinstance(given, list | tuple):
        return _of_salib("unif", values.tolist())
    if len(values) < FEWEST_DATA:
        written = ", ".join(f"{each:g}" for each in values)
        advice = {1: f"; write {written} for a constant", 2: _either(written)}.get(len(values), "")
        raise InvalidValue(f"expected at least {FEWEST_DATA} data, found {len(values)}{advice}")
    if not np.isfinite(values).all():
        count = int((~np.isfinite(values)).sum())
        raise InvalidValue(f"expected numbers, found {count:,} of {len(values):,} data infinite or undefined")
    refuse_statistics_of_series(given, values.tolist())
    return Empirical(tuple(values.tolist()))


def _refuse_quantity(given: Any) -> None:
    """Refuse data of a library of units: as an array they would lose their unit without a word."""
    held = given.data if hasattr(type(given), "dims") and hasattr(type(given), "data") else given
    for magnitude, unit in QUANTITIES:
        if hasattr(type(held), magnitude) and hasattr(type(held), unit):
            said = f"expected numbers, found quantities in {getattr(held, unit)}"
            raise InvalidValue(f"{said}; give their {magnitude} alone, converted to the input's unit")


def _either(written: str) -> str:
    return f': write "uniform({written})" for bounds or "empirical({written})" for data'


def _entry(given: Mapping[str, Any]) -> str:
    """Return the text of one input of a SALib problem, ``{"bounds": [0, 1], "dist": "unif"}``."""
    for key in given:
        if key not in ENTRY:
            raise InvalidValue(f'unknown key "{key}"{suggestion(str(key), ENTRY)}')
    if "bounds" not in given:
        raise InvalidValue('expected bounds, such as {"bounds": [0, 1], "dist": "unif"}')
    return _of_salib(given.get("dist", given.get("dists", "unif")), given["bounds"])


def _of_salib(name: Any, bounds: Any) -> str:
    if name not in SALIB:
        raise InvalidValue(f'unknown distribution of SALib "{name}"{suggestion(str(name), SALIB)}')
    try:
        if any(isinstance(each, np.complexfloating) for each in bounds):
            raise TypeError
        return SALIB[name](*(float(each) for each in bounds))
    except (TypeError, ValueError):
        raise InvalidValue(
            f'expected the bounds of "{name}" as SALib has them, found {shown(bounds)}'
        ) from None


def is_problem(given: Mapping[str, Any]) -> bool:
    """Tell whether inputs are a whole problem of SALib, whose keys are not the names of inputs."""
    return all(isinstance(given.get(key), list | tuple | np.ndarray) for key in PROBLEM)


def inputs_of_problem(problem: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the inputs of a SALib problem as texts, and the group of each that has one.

    Raises
    ------
    StudyError
        If the problem's lists are not of one length, or an input has no such distribution.
    """
    names = [str(name) for name in problem["names"]]
    bounds = list(problem["bounds"])
    kinds = list(problem.get("dists") or ["unif"] * len(names))
    groups = list(problem.get("groups") or ())
    for key, found in (("bounds", bounds), ("dists", kinds), *([("groups", groups)] if groups else [])):
        if len(found) != len(names):
            raise StudyError(
                Fault(f"expected {len(names)}, one for each name, found {len(found)}", f"inputs.{key}")
            )
    inputs, faults = {}, []
    for name, kind, ends in zip(names, kinds, bounds, strict=True):
        try:
            inputs[name] = _of_salib(kind, ends)
        except InvalidValue as error:
            faults.append(Fault(str(error), f"inputs.{name}"))
    if faults:
        raise StudyError(*faults)
    # as SALib has it: groups of one input each, or one of all of them, are none
    real = len(set(groups)) > 1 and [*groups] != names
    return inputs, dict(zip(names, map(str, groups), strict=True)) if real else {}


EXPECTED = 'expected pairs such as {("x", "y"): 0.9}, a square matrix, or Correlation records'


def read_correlations(given: Any, inputs: Mapping[str, Input]) -> tuple[Correlation, ...]:
    """Return the correlations of inputs.

    Parameters
    ----------
    given
        By pairs of names a rank correlation (Spearman); or a matrix of them, shape (inputs, inputs), over all
        inputs or those that vary, in their order, or by the names of a data frame; or records.

    Raises
    ------
    StudyError
        With everything that cannot be read.
    """
    if isinstance(given, Mapping):
        return _of_pairs(given)
    if hasattr(type(given), "columns") or isinstance(given, np.ndarray):
        return _of_matrix(given, inputs)
    listed = list(given) if isinstance(given, list | tuple) else None
    if listed is None:
        raise StudyError(Fault(f"{EXPECTED}, found {shown(given)}", "correlations"))
    if all(isinstance(each, Correlation) for each in listed):
        return tuple(listed)
    if all(
        isinstance(each, list | tuple) and not any(isinstance(cell, str) for cell in each) for each in listed
    ):
        return _of_matrix(listed, inputs)
    raise StudyError(Fault(f"{EXPECTED}, found {shown(given)}", "correlations"))


def _of_pairs(given: Mapping[Any, Any]) -> tuple[Correlation, ...]:
    found, faults = [], []
    for place, (pair, value) in enumerate(given.items()):
        key = f"correlations[{place}]"
        if not (isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(each, str) for each in pair)):
            faults.append(
                Fault(f'expected two names of inputs, such as ("x", "y"), found {shown(pair)}', key)
            )
            continue
        try:
            found.append(Correlation(pair, spearman=value))
        except UncertaintyError as error:
            faults.append(Fault(str(error), key))
    if faults:
        raise StudyError(*faults)
    return tuple(found)


def _of_matrix(given: Any, inputs: Mapping[str, Input]) -> tuple[Correlation, ...]:
    try:
        matrix = array("correlations", given)
        names = _names(given, matrix, inputs)
        _check(matrix, names)
    except InvalidValue as error:
        raise StudyError(Fault(str(error), "correlations")) from None
    pairs = [(i, j) for i in range(len(names)) for j in range(i + 1, len(names)) if matrix[i, j]]
    return tuple(Correlation((names[i], names[j]), spearman=float(matrix[i, j])) for i, j in pairs)


def _names(given: Any, matrix: np.ndarray, inputs: Mapping[str, Input]) -> Sequence[str]:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise InvalidValue(f"expected a square matrix, found numbers of shape {matrix.shape}")
    if hasattr(type(given), "columns"):
        return [str(name) for name in given.columns]
    everything = list(inputs)
    varying = [n for n, i in inputs.items() if i.distribution is not None and not i.distribution.is_constant]
    for names in (everything, varying):
        if len(names) == len(matrix):
            return names
    raise InvalidValue(
        f"expected one row for each of {len(everything)} inputs or of {len(varying)} that vary, "
        f"found a matrix of shape {matrix.shape}"
    )


def _check(matrix: np.ndarray, names: Sequence[str]) -> None:
    if not np.array_equal(matrix.diagonal(), np.ones(len(names))):
        raise InvalidValue("expected a matrix with 1 on its diagonal")
    apart = np.argwhere(matrix != matrix.T)
    if apart.size:
        i, j = apart[0]
        raise InvalidValue(
            f"expected a symmetric matrix, found {matrix[i, j]:g} and {matrix[j, i]:g} "
            f"for {names[i]} and {names[j]}"
        )
