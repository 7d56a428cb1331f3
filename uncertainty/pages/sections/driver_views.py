"""Pictures of a reading's drivers: the headline along them, and one input at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.errors import SettingError
from uncertainty.pages.blocks import Block, Column, Details, Paragraph, Table
from uncertainty.pages.figures.local import moving
from uncertainty.pages.plots import figure
from uncertainty.wording import capitalised, listed, with_unit

if TYPE_CHECKING:
    from uncertainty.pages.content import ReportContent
    from uncertainty.sensitivity.details import DriverDetails
    from uncertainty.sensitivity.local import LocalView

MOST_ROWS = 8


def view_blocks(content: ReportContent, details: DriverDetails, reading: str) -> list[Block]:
    """Return what is folded away below a reading's indices."""
    blocks = [_picture(kind, content, reading) for kind in ("curves", "tornado", "spider")]
    view = content.local_under(reading).from_points
    if isinstance(view, str):
        blocks.append(Paragraph(f"From the published points nothing is shown: the headline {view}."))
    else:
        blocks.append(_from_points(content, view, reading))
    top = listed(f"“{content.study.inputs[name].title}”" for name in details.effects.curves)
    return [Details(f"The headline along {top}, and as one input at a time moves", tuple(blocks))]


def _picture(kind: str, content: ReportContent, reading: str) -> Block:
    """Return a figure, or why there is none."""
    try:
        return figure(kind, content, reading)
    except SettingError as error:
        return Paragraph(f"{capitalised(str(error))}.")


def _from_points(content: ReportContent, view: LocalView, reading: str) -> Table:
    """Say what replacing one published value alone would do."""
    rows = tuple(
        (
            content.study.inputs[name].title,
            *(
                f"{numbers.number(output, 2)} (input {numbers.number(value, 2)})"
                for output, value in zip(path.outputs, path.inputs, strict=True)
            ),
        )
        for name, path in moving(view, MOST_ROWS).items()
    )
    columns = (
        Column("Input that alone leaves its published value"),
        *(Column(f"at its {name}", numeric=True) for name in _quantiles(view)),
    )
    base = with_unit(numbers.number(view.base), content.headline.output.unit.text)
    title = content.study.readings[reading].title
    caption = f"One at a time from the published points, where the headline is {base} under “{title}”"
    return Table(columns, rows, caption)


def _quantiles(view: LocalView) -> list[str]:
    return ["median" if p == 0.5 else f"{100 * p:g} % quantile" for p in view.probabilities]
