"""The names that cells of a workbook have in a study, by what they are called and where they stand."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from uncertainty.expressions.syntax import RESERVED_NAMES
from uncertainty.study.written import spelt
from uncertainty.tables.sheets import column_letter
from uncertainty.workbooks.labels import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from uncertainty.workbooks.formulas import Area
    from uncertainty.workbooks.label import Label


def named(labels: Mapping[str, tuple[Area, Label]], others: Iterable[str] = ()) -> dict[str, str]:
    """Give each cell a name of its own for the study, by its label, its heading and its place.

    Parameters
    ----------
    labels
        By address, cells and what they are called.
    others
        Names that others have.
    """
    found: dict[str, str] = {}
    waiting = list(labels)
    taken: set[str] = set(others)
    for candidate in (_by_label, _by_heading, _by_place, _by_sheet):
        proposed = {where: candidate(*labels[where]) for where in waiting}
        counts: dict[str, int] = {}
        for name in proposed.values():
            counts[name] = counts.get(name, 0) + 1
        last = candidate is _by_sheet
        for where, name in proposed.items():
            if name and name not in taken and (counts[name] == 1 or last):
                found[where] = name
                taken.add(name)
        waiting = [where for where in waiting if where not in found]
    for number, where in enumerate(waiting, start=1):
        found[where] = next(each for n in count(number) if (each := f"cell_{n}") not in taken)
        taken.add(found[where])
    return {where: found[where] for where in labels}


def _by_label(at: Area, label: Label) -> str:
    del at
    return allowed(spelt(label.defined or label.text))


def _by_heading(at: Area, label: Label) -> str:
    del at
    return allowed(spelt(f"{label.text} {label.heading}")) if label.heading else ""


def _by_place(at: Area, label: Label) -> str:
    if not label.text:
        return ""
    return allowed(spelt(label.text)[: LONGEST_NAME - 8], f"{column_letter(at.left - 1)}{at.top}")


def _by_sheet(at: Area, label: Label) -> str:
    del label
    # what begins in one cell may end in different ones
    last = "" if at.is_cell else f"_{column_letter(at.right - 1)}{at.bottom}"
    place = f"{column_letter(at.left - 1)}{at.top}{last}"
    return allowed(spelt(at.sheet)[: LONGEST_NAME - len(place) - 1] or "cell", place)


def allowed(name: str, end: str = "") -> str:
    """Return a name that an expression may use, at most so long, with an ending that stays whole."""
    name = "_".join(part for part in (name[:LONGEST_NAME].strip("_"), end.lower()) if part)
    return f"{name}_value" if name in RESERVED_NAMES else name
