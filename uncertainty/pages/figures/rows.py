"""The data of figures as rows: what is drawn, in numbers and words, for other programs to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from uncertainty.records import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from uncertainty.pages.figures.cells import Panel
    from uncertainty.sensitivity.local import LocalView

Row: TypeAlias = "Mapping[str, str | float | None]"

SHARES = tuple(place / 100 for place in range(1, 100))
"""Probabilities at which a distribution is told."""

FIRST = "figure"
"""Heading of the first column, by which a file of them is known again."""


def panel_rows(panels: Iterable[Panel], *, mark: str = "published") -> list[Row]:
    """Return the cells of panels, each a row, in whose last column stand published figures, or points."""
    return [
        {
            "panel": panel.title,
            "member": cell.title,
            "low": cell.low,
            "lower quartile": cell.lower,
            "median": cell.median,
            "upper quartile": cell.upper,
            "high": cell.high,
            mark: cell.published,
        }
        for panel in panels
        for cell in panel.cells
    ]


def quantile_rows(
    named: Mapping[str, str], values: Iterable[float], known: Mapping[float, float] = Frozen()
) -> list[Row]:
    """Return the quantiles of draws at `SHARES`, each a row that begins with some names.

    Parameters
    ----------
    known
        Quantiles that are told elsewhere too, by their probabilities, as they are told there.
    """
    found = np.quantile(np.asarray(values, dtype=float), SHARES, method="inverted_cdf")
    told = dict(zip(SHARES, map(float, found), strict=True)) | dict(known)
    return [{**named, "probability": share, "value": told[share]} for share in sorted(told)]


def path_rows(view: LocalView, titles: Mapping[str, str]) -> list[Row]:
    """Return an output while one input moves, a row for each place of each input."""
    return [
        {"input": titles[name], "probability": share, "input value": at, "output value": value}
        for name, path in view.paths.items()
        for share, at, value in zip(view.probabilities, path.inputs, path.outputs, strict=True)
    ]


def csv_text(figure: str, rows: Sequence[Row]) -> str:
    """Return the rows of a figure as a CSV file, the figure's name in the first column."""
    from uncertainty.tables.csv_file import MARK, rows_text

    headings = [FIRST, *dict.fromkeys(key for row in rows for key in row)]
    # programs read it, which take a mark for a part of the first heading
    return rows_text(headings, ({FIRST: figure, **row} for row in rows)).removeprefix(MARK)
