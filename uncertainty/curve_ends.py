"""How often a curve is asked for what lies beyond its ends, where its last value holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.expressions.tree import Call, walk
from uncertainty.records import Frozen
from uncertainty.results import record
from uncertainty.study.model import Output
from uncertainty.study.scenario import scenario
from uncertainty.units import UnitSystem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uncertainty.expressions.tree import Expression
    from uncertainty.sampling.statistics import Estimate
    from uncertainty.settings import Settings
    from uncertainty.study.model import Study

CALL = "interpolate("
"""What the text of every formula between a curve's points begins with."""


@record("below=below.value", "below_error=below.error", "above=above.value", "above_error=above.error")
class CurveEnds(NamedTuple):
    """How often a formula asks a curve for what lies beyond its ends.

    Parameters
    ----------
    below, above
        Share of the draws below the first and above the last point; of a formula with indices, of those in
        which one of its cells or more is.
    below_error, above_error
        Their Monte Carlo standard errors.
    first, last
        The ends themselves, with their unit.
    """

    below: Estimate
    above: Estimate
    first: str
    last: str


class _Use(NamedTuple):
    """Where a curve is looked up, and between which ends."""

    at: Expression
    first: Expression
    last: Expression


def curve_ends(study: Study, settings: Settings, threads: int | None = None) -> Mapping[str, CurveEnds]:
    """Return by formula how often it looks up a curve beyond its ends, as published; never ones left out.

    Parameters
    ----------
    settings
        How to draw.
    threads
        Threads to draw with; never changes a number.
    """
    uses = {} if study.function is not None else _uses(study)
    if not uses:
        return Frozen()
    unit = UnitSystem().parse("1")
    outputs: dict[str, Output] = {}
    for text, own in uses.items():
        for side, beyond in (
            ("below", [Call("less", (use.at, use.first)) for use in own]),
            ("above", [Call("greater", (use.at, use.last)) for use in own]),
        ):
            name = f"{side} {text}"
            outputs[name] = Output(name, unit, _any(beyond))
    asking = replace(study, outputs=Frozen(outputs), tables=Frozen(), headline=next(iter(outputs)))
    from uncertainty.propagation import propagate

    run = propagate(asking, settings=settings, threads=threads)
    found = {}
    for text, own in uses.items():
        below, above = (run.outputs[f"{side} {text}"].summary["mean"] for side in ("below", "above"))
        if below.value or above.value:
            found[text] = CurveEnds(below, above, str(own[0].first), str(own[0].last))
    return Frozen(found)


def _uses(study: Study) -> dict[str, list[_Use]]:
    """Return by formula, as it is written, where it looks up its curve: once for each of its cells."""
    found: dict[str, dict[str, _Use]] = {}
    for node in _nodes(study):
        if not isinstance(node, Call) or node.operation != "minimum" or not node.written.startswith(CALL):
            continue
        inside, last = node.arguments
        if isinstance(inside, Call) and inside.operation == "maximum":
            text = node.written[: node.written.rindex(")") + 1]
            at, first = inside.arguments
            found.setdefault(text, {}).setdefault(node.written, _Use(at, first, last))
    return {text: list(cells.values()) for text, cells in found.items()}


def _nodes(study: Study) -> Iterator[Expression]:
    """Yield every node of the formulas as published, each shared one once."""
    seen: set[int] = set()
    own = [output.expression for output in study.outputs.values() if output.expression is not None]
    for expression in (*scenario(study).equations.values(), *own):
        if id(expression) not in seen:
            for node, _ in walk(expression):
                if id(node) not in seen:
                    seen.add(id(node))
                    yield node


def _any(parts: Sequence[Expression]) -> Expression:
    """Return 1 where one part or more is 1, in a balanced tree."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return Call("maximum", (_any(parts[:middle]), _any(parts[middle:])))
