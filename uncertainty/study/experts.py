"""What experts said of an input: each one's own distribution, and their pool."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from uncertainty.distributions.arguments import QUANTILE_NAME
from uncertainty.distributions.conditional import Conditional
from uncertainty.distributions.elicited import pool, through
from uncertainty.errors import InvalidValue
from uncertainty.study.limits import Beside, read_distribution
from uncertainty.study.model import Expert
from uncertainty.study.written import record_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from uncertainty.distributions import Distribution
    from uncertainty.study.faults import Faults
    from uncertainty.study.schema import ExpertTable, InputTable


def read_experts(key: str, table: InputTable, folder: Path | None, faults: Faults) -> tuple[Expert, ...]:
    """Read the experts of an input; one that cannot be read is a fault and left out.

    So are all where none has a weight.

    Parameters
    ----------
    key
        Of the list.
    """
    found = []
    for place, row in enumerate(table.experts):
        own = f"{key}[{place}]"
        if row.weight < 0:
            faults.add(f"{own}.weight", f"expected 0 or more, found {row.weight:g}")
            continue
        distribution = faults.attempt(own, partial(_own, row, table, folder))
        if distribution is not None:
            expert = record_of(
                Expert,
                row,
                name=row.name or f"expert {place + 1}",
                distribution=distribution,
                weight=float(row.weight),
                quantiles=_quantiles(row),
            )
            found.append(expert)
    if found and not any(expert.weight for expert in found):
        faults.add(key, "expected a weight above 0 of some expert")
        return ()
    return tuple(found)


def _own(row: ExpertTable, table: InputTable, folder: Path | None) -> Distribution:
    quantiles = _quantiles(row)
    if row.distribution is None:
        return through(quantiles, table.low, table.high)
    if quantiles:
        raise InvalidValue("expected quantiles or a distribution, found both")
    beside = Beside(table.low, table.high, folder, table.unit)
    found = read_distribution(row.distribution, beside)
    if isinstance(found, Conditional):
        raise InvalidValue("expected a distribution whose parameters are numbers")
    # limits are the pool's, so that an expert counts as much as lies within them; but something of each does
    return read_distribution(row.distribution, beside._replace(low=None, high=None))


def _quantiles(row: ExpertTable) -> tuple[tuple[float, float], ...]:
    named = ((QUANTILE_NAME.fullmatch(name), getattr(row, name)) for name in type(row).model_fields)
    return tuple(
        (float(match[1]) / 100, float(value)) for match, value in named if match and value is not None
    )


def pooled(experts: Sequence[Expert]) -> Distribution | None:
    """Return the linear pool of experts, without limits; None where there are none, or none has a weight."""
    if not any(expert.weight for expert in experts):
        return None
    return pool([expert.distribution for expert in experts], [expert.weight for expert in experts])
