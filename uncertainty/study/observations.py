"""What was observed of quantities: reading it, and what an error may be."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions import Distribution, parse_distribution
from uncertainty.distributions.conditional import Conditional
from uncertainty.errors import InvalidValue
from uncertainty.indices.index import parted
from uncertainty.late import regex
from uncertainty.records import Frozen
from uncertainty.study.model import Input, Observation
from uncertainty.study.written import record_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.indices.index import Addresses
    from uncertainty.study.faults import Faults
    from uncertainty.study.model import Equation, Output
    from uncertainty.study.schema import ObservationTable
    from uncertainty.units import Unit, UnitSystem

ERRORS = ("sd", "gsd", "distribution")
"""Keys that say how far an observation may be wrong."""

Own = tuple["Addresses", "Mapping[str, Input | Equation]"]
"""What addresses of quantities mean, and the quantities."""


def read_observations(
    tables: Mapping[str, ObservationTable],
    quantities: Own,
    outputs: Mapping[str, Output],
    units: UnitSystem,
    known_outputs: Addresses,
    faults: Faults,
) -> Mapping[str, Observation]:
    """Read observations; what cannot be read is a fault and left out.

    Parameters
    ----------
    quantities
        Inputs and equations, which are looked for before outputs.
    """
    found = {}
    for name, table in tables.items():
        observed = _observed(name, table, quantities, outputs, known_outputs, faults)
        error = _error(name, table, faults)
        if observed is None or error is None:
            continue
        quantity, own, of_output = observed
        text = (own.text if own is not None else "1") if table.unit is None else table.unit
        unit = faults.attempt(f"observations.{name}.unit", partial(units.parse, text))
        if unit is None:
            continue
        if of_output and own is not None and unit.dimension != own.dimension:
            said = f'has dimension {unit.dimension}, but "{quantity}" has {own.dimension}'
            faults.add(f"observations.{name}.unit", said)
        found[name] = record_of(
            Observation,
            table,
            name=name,
            quantity=quantity,
            value=float(table.value),
            unit=unit,
            sd=None if table.sd is None else float(table.sd),
            gsd=None if table.gsd is None else float(table.gsd),
            distribution=error[0],
            over=table.over or "case",
            of_output=of_output,
        )
    return Frozen(found)


def _observed(
    name: str,
    table: ObservationTable,
    quantities: Own,
    outputs: Mapping[str, Output],
    known_outputs: Addresses,
    faults: Faults,
) -> tuple[str, Unit | None, bool] | None:
    """Return what was observed, its unit where it declares one, and whether it is an output."""
    key, address = f"observations.{name}.quantity", table.quantity
    among, own = quantities
    whole = parted(address)[0]
    if whole in known_outputs.names and whole not in among.names:
        output = faults.attempt(key, partial(known_outputs.cell, address))
        return None if output is None or output not in outputs else (output, outputs[output].unit, True)
    if not faults.known(key, whole, {*among.names, *known_outputs.names}, "quantity or output"):
        return None
    cell = faults.attempt(key, partial(among.cell, address))
    if cell is None or cell not in own:
        return None
    found = own[cell]
    if isinstance(found, Input) and found.member_of is not None:
        faults.add(key, f'"{cell}" is a category, whose values are no numbers')
        return None
    return cell, found.unit, False


def _error(name: str, table: ObservationTable, faults: Faults) -> tuple[Distribution | None] | None:
    """Return the distribution of an error, None in it where a spread is given; None where it is at fault."""
    key = f"observations.{name}"
    given = [each for each in ERRORS if getattr(table, each) is not None]
    if len(given) != 1:
        found = " and ".join(given) or "none of them"
        faults.add(
            key, f"expected one of sd, gsd and distribution, the error of the observation, found {found}"
        )
        return None
    if table.sd is not None and table.sd <= 0:
        faults.add(f"{key}.sd", f"expected a positive number, found {table.sd:g}")
        return None
    if table.gsd is not None and (table.gsd <= 1 or table.value <= 0):
        what = "more than 1" if table.gsd <= 1 else "a positive value beside it"
        faults.add(f"{key}.gsd", f"expected {what}, found {table.gsd if table.gsd <= 1 else table.value:g}")
        return None
    if table.distribution is None:
        return (None,)
    distribution = faults.attempt(
        f"{key}.distribution", partial(error_distribution, table.distribution, float(table.value))
    )
    return None if distribution is None else (distribution,)


_OF_FILE = regex(r"\bempirical\s*\(\s*[\"']")

NEAR, FAR = 0.1, 3.0
"""Lengths of its middle 90 % by which an error may miss 0: nearer to what was observed, and nearer to 0.

A tenth takes in the end of an error that has one sign, and 95 % of a normal one. Three lengths are a bias.
"""


def error_distribution(text: float | str, observed: float) -> Distribution:
    """Read the distribution of an error, which is added to the true value.

    Parameters
    ----------
    observed
        The value that has the error, which people take for its middle.

    Raises
    ------
    InvalidValue
        If it cannot be read, has no density, or does not lie around 0.
    """
    # data, in a file too, have no density
    found = None if _OF_FILE.search(str(text)) else parse_distribution(text)
    if found is None or isinstance(found, Conditional) or found.is_constant or found.atoms:
        raise InvalidValue(f"expected a distribution with a density, such as normal(0, 2), found {text}")
    low, middle, high = found.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    reach = (high - low) * (NEAR if abs(middle - observed) < abs(middle) else FAR)
    if not low - reach <= 0 <= high + reach:
        raise InvalidValue(
            f"expected the distribution of the error, which lies around 0, found {text}, around {middle:g}"
        )
    return found


def log_density(observation: Observation, quantity: np.ndarray) -> np.ndarray:
    """Return the logarithm of an observation's density, up to a constant, given values of its quantity.

    Parameters
    ----------
    quantity
        In the observation's unit, of any shape; nan gives nan.
    """
    with np.errstate(all="ignore"):
        if observation.sd is not None:
            return np.asarray(-0.5 * ((quantity - observation.value) / observation.sd) ** 2)
        if observation.gsd is not None:
            positive = np.where(quantity > 0, quantity, np.where(np.isnan(quantity), np.nan, 0.0))
            apart = np.log(observation.value / positive) / math.log(observation.gsd)
            return np.asarray(-0.5 * apart**2)
        assert observation.distribution is not None  # noqa: S101 - one of the three is given
        return _log_density(observation.distribution, observation.value - quantity)


STEP = 1e-3
"""Half of what a density is the slope over, as a share of the quartiles' distance."""


def _log_density(distribution: Distribution, at: np.ndarray) -> np.ndarray:
    """Return the logarithm of a density: the slope of the probability on the side where that is small."""
    low, middle, high = distribution.quantile(np.array([0.25, 0.5, 0.75])).tolist()
    step = STEP * (high - low)
    below = distribution.cdf(at + step) - distribution.cdf(at - step)
    above = distribution.survival(at - step) - distribution.survival(at + step)
    density = np.where(at < middle, below, above) / (2 * step)
    return np.where(np.isnan(at), np.nan, np.log(np.maximum(density, 0.0)))
