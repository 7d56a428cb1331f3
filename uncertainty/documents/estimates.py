"""Numbers from draws in JSON documents: each with its Monte Carlo error, or the reason why it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.documents.document import finite
from uncertainty.rounding import UNVARYING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from uncertainty.documents.document import Document
    from uncertainty.sampling.statistics import Estimate
    from uncertainty.study.model import Figure


def estimates_document(found: Mapping[str, Estimate]) -> Document:
    """Return numbers, errors and the ``reasons`` of those without, ``low`` and ``high`` as one interval."""
    alone = {name: each for name, each in found.items() if name not in ("low", "high")}
    row: Document = {name: finite(each.value) for name, each in alone.items()}
    row |= {f"{name}_error": _error(each) for name, each in alone.items()}
    if "low" in found:
        ends = found["low"], found["high"]
        row["interval"] = [finite(end.value) for end in ends]
        row["interval_error"] = [_error(end) for end in ends]
    reasons = {_error_key(name): each.reason for name, each in found.items() if each.reason}
    return row | ({"reasons": reasons} if reasons else {})


def without_spread(row: Document, asked: Iterable[str], reason: str = UNVARYING) -> Document:
    """Return a row's reasons, and why draws that are all equal have no answer."""
    reasons = row.get("reasons", {}) | dict.fromkeys(asked, reason)
    return {"reasons": reasons} if reasons else {}


def statistic_document(figure: Figure | None) -> Document:
    """Return what a published figure is of: the points, or a statistic of the draws."""
    if figure is None:
        return {"published_statistic": None}
    level = {} if figure.level is None else {"published_level": figure.level}
    return {"published_statistic": figure.statistic, **level}


def without_place(figure: Figure | None, row: Document, asked: Iterable[str]) -> Document:
    """Return nulls and reasons for what is asked of a figure that does not lie among the output's values."""
    if figure is None or figure.is_attainable:
        return {}
    what = "a probability" if figure.statistic == "probability" else "a standard deviation"
    reason = f"{what} was published, which has no place among the draws"
    names = list(asked)
    return dict.fromkeys(names) | {"reasons": row.get("reasons", {}) | dict.fromkeys(names, reason)}


def _error_key(name: str) -> str:
    return "interval_error" if name in ("low", "high") else f"{name}_error"


def _error(found: Estimate) -> float | None:
    return None if found.error is None else finite(found.error)
