"""What a few calls of a function tell before it is run: does a row's value follow from that row alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from uncertainty.distributions.conditional import Conditional
from uncertainty.errors import Fault, StudyError, UncertaintyError
from uncertainty.late import dataclass
from uncertainty.study.calling import call, read_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.calling import Function
    from uncertainty.study.model import Input, Output, Quantity

PROBED = 3
"""Rows of the call that shows what a function returns: one more than the ends of an interval."""

NOISY = (
    "Called twice with equal inputs the model gives different numbers: it is stochastic. Its own randomness "
    "is part of every interval here; in indices it counts as an interaction, so that total indices are too "
    "high."
)
"""What a study of such a function says of itself."""

CHECKED = 3
"""Rows of a block that are run once more, alone and in another order."""

SAME = 1e-9
"""How far, in relation to their size, what a function gives for equal rows may differ by rounding."""

MIXED = 0.01
"""Part of the spread by which other rows may move a row's value: some solvers stop for all rows at once."""

ELSEWHERE = (0.9, 0.7, None, 0.2)
"""Where the rows of the second call lie in every input; None is the point, where those of the first lie."""


@dataclass(frozen=True)
class Probe:
    """Calls a function at its points, alone and beside other rows.

    Parameters
    ----------
    rows
        Rows of a call of equal ones; where it is 1, the function is called row by row, and nothing can mix.
    """

    function: Function
    inputs: Mapping[str, Input]
    rows: int

    def equal(self, named: Sequence[str] = ()) -> Mapping[str, Any]:
        """Return what the function gives for identical rows."""
        rows = {name: np.full(self.rows, item.point) for name, item in self.inputs.items()}
        return call(self.function, rows, named)

    def among_others(self, named: Sequence[str] = ()) -> Mapping[str, Any]:
        """Return what it gives for the last of the equal rows in its place among others."""
        if self.rows == 1:
            return self.equal(named)
        rows = {name: _values(item) for name, item in self.inputs.items()}
        return call(self.function, rows, named)


def _values(item: Input) -> FloatArray:
    """Return an input's values in the second call; one with parameters is as where these are at theirs."""
    given = item.distribution
    if isinstance(given, Conditional):
        given = given.reference
    if given is None:
        return np.full(len(ELSEWHERE), item.point)
    found = [item.point if u is None else float(given.quantile(np.array([u]))[0]) for u in ELSEWHERE]
    return np.array(found)


def is_stochastic(
    probe: Probe,
    outputs: Mapping[str, Output],
    tables: Mapping[str, Quantity],
    counting_units: Sequence[str],
    first: Mapping[str, Any] | None,
) -> bool:
    """Tell whether a function has random numbers of its own.

    Parameters
    ----------
    first
        What it gave for equal rows, where it was called before. Where it was not, its failures are told
        when it is run.

    Raises
    ------
    StudyError
        If a row's value follows from the rows beside it.
    """
    named = tuple(dict.fromkeys(each.quantity or name for name, each in outputs.items()))
    places = {
        cell: (place, len(table.cells))
        for table in tables.values()
        for place, cell in enumerate(table.cells.values())
    }

    def columns(found: Mapping[str, Any], rows: int) -> list[FloatArray]:
        argument = next(iter(probe.inputs), "")
        read = read_columns(found, list(outputs.values()), rows, argument, counting_units, places)
        # what a function returns may be memory that its next call writes to
        return [column.copy() for column in read]

    if first is not None:
        return _judged(probe, columns, columns(first, probe.rows), outputs, ())
    try:
        alone = columns(probe.equal(named), probe.rows)
    except UncertaintyError:
        return False
    return _judged(probe, columns, alone, outputs, named)


def _judged(
    probe: Probe,
    columns: Callable[[Mapping[str, Any], int], list[FloatArray]],
    alone: list[FloatArray],
    outputs: Iterable[str],
    named: Sequence[str],
) -> bool:
    """Tell whether a function has random numbers, from what it gives beside equal rows and beside others."""
    place = probe.rows - 1
    differ = not all(is_same(column, column[0]) for column in alone)
    try:
        among = columns(probe.among_others(named), len(ELSEWHERE) if probe.rows > 1 else 1)
    except UncertaintyError:
        # inputs that go together may be impossible apart
        among = columns(probe.equal(named), probe.rows)
    if all(is_same(a[place], b[place]) for a, b in zip(among, alone, strict=True)):
        return differ
    again = columns(probe.equal(named), probe.rows)
    if not all(is_same(a, b) for a, b in zip(again, alone, strict=True)):
        return True
    for name, a, b in zip(outputs, among, alone, strict=True):
        if is_moved(a[place], b[place], np.concatenate([a, b])):
            raise StudyError(
                Fault(
                    "expected a function whose value in a row follows from that row alone; for the inputs' "
                    f"points it gives {b[place]:.6g} beside equal rows and {a[place]:.6g} beside others",
                    f"outputs.{name}",
                )
            )
    return differ


class Apart(NamedTuple):
    """What running a few rows of a block once more tells.

    Parameters
    ----------
    is_noisy
        Whether the same rows give other numbers each time.
    output
        Whose value follows from the rows beside it; empty where none does.
    said
        Which values it has, as a part of a sentence.
    """

    is_noisy: bool = False
    output: str = ""
    said: str = ""


def few_of(rows: int) -> list[int]:
    """Return the places of a block's rows that are run once more.

    They are turned round, and lopsided, so that what turns rows round is noticed, too.
    """
    return [rows - 1, *range(CHECKED - 2, -1, -1)]


def run_apart(
    run: Callable[[], Mapping[str, FloatArray]], found: Mapping[str, FloatArray], places: Sequence[int]
) -> Apart:
    """Run a few rows of a block once more, alone and in another order.

    Parameters
    ----------
    run
        Gives the outputs of these rows.
    found
        What the block gave.
    places
        Of the rows in the block, as `few_of` says.
    """
    try:
        alone = run()
        if all(is_same(alone[name], found[name][places]) for name in found):
            return Apart()
        again = run()
    except UncertaintyError:
        # few rows may be too few for it
        return Apart()
    is_noisy = not all(is_same(alone[name], again[name]) for name in found)
    for name, among in found.items():
        own = alone[name]
        moved = is_moved(own, among[places], np.concatenate([own, among]))
        if moved.any() and is_same(own, again[name]):
            place = int(np.argmax(moved))
            said = (
                f"for the same row it gives {among[places][place]:.6g} among {len(among):,} rows "
                f"and {own[place]:.6g} among {CHECKED}"
            )
            return Apart(is_noisy, name, said)
    return Apart(is_noisy)


def refuse_mixing(run: Callable[[], Sequence[FloatArray]], block: FloatArray, outputs: Sequence[str]) -> None:
    """Refuse a function that gives few rows of a block other values alone than beside others.

    Parameters
    ----------
    run
        Gives the outputs of these rows.
    block
        What it gave for all of them, shape (outputs, rows).
    """

    def alone() -> Mapping[str, FloatArray]:
        # what a function returns may be memory that its next call writes to
        return {name: own.copy() for name, own in zip(outputs, run(), strict=True)}

    apart = run_apart(alone, dict(zip(outputs, block, strict=True)), few_of(block.shape[1]))
    if apart.output:
        what = "expected a function whose value in a row follows from that row alone"
        raise StudyError(Fault(f"{what}; {apart.said}", f"outputs.{apart.output}"))


def is_moved(one: Any, other: Any, all_values: FloatArray) -> np.ndarray:
    """Tell where values of one row differ by more than solvers do that stop for all rows at once."""
    apart = ~np.isclose(one, other, rtol=SAME, atol=0.0, equal_nan=True)
    finite = all_values[np.isfinite(all_values)]
    spread = np.ptp(finite) if finite.size else 0.0
    with np.errstate(invalid="ignore"):
        # what has no value beside some rows, and one beside others, is no matter of a solver's last step
        return np.asarray(apart & ~(np.abs(one - other) <= MIXED * spread))


def is_same(a: Any, b: Any) -> bool:
    """Tell whether values are equal but for rounding."""
    return bool(np.allclose(a, b, rtol=SAME, atol=0.0, equal_nan=True))
