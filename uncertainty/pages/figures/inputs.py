"""One input's distribution beside its evidence and its point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty import numbers
from uncertainty.errors import SettingError
from uncertainty.late import dataclass
from uncertainty.numbers import count
from uncertainty.pages.figures import Plot, members
from uncertainty.pages.figures.axis import Scale
from uncertainty.pages.figures.cells import input_panels, ordered_index
from uncertainty.pages.figures.fan import MOST_PANELS, axis_title, draw_fan
from uncertainty.pages.figures.outline import draw_outline, outline
from uncertainty.pages.figures.rows import SHARES, panel_rows
from uncertainty.pages.figures.style import (
    GRID,
    INK,
    MUTED,
    PUBLISHED,
    ROLES,
    SMALL,
    axes_inside,
    canvas,
    draw_lines,
    shorten,
    styled,
)
from uncertainty.wording import after_unit, listed_shares, member_shares, point_text, with_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.distributions import Distribution
    from uncertainty.pages.content import ReportContent
    from uncertainty.pages.figures.rows import Row
    from uncertainty.study.model import Evidence, Expert, Input, Quantity

NARROW = 300
"""Width in points: it stands beside its evidence."""

CURVE = 58.0
"""Height of the distribution, in points."""

OPINION = 20.0
"""Height of what one expert said, with the name."""

ROW = 8.0
"""Height of one piece of evidence."""

MEMBER = 28.0
"""Height of one member of an index, its label above its bar."""

LONGEST = 38
"""Characters of a member's label."""

MOST = 24
"""Pieces of evidence that are drawn."""

FEWEST = 2
"""Members of an ordered index that stand side by side; more are a fan."""

BINS = 120
POINTS = 2**14
"""Quantiles from which the curve is drawn."""

FACTOR = 8.0
"""Ratio of the ends above which a positive quantity is shown on a logarithmic axis."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence: a value where both ends are the same, open where an end is None."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Opinion:
    """An expert's own distribution: the name, and the 5 %, 50 % and 95 % quantiles."""

    name: str
    low: float
    median: float
    high: float


@styled
def draw_evidence(
    distribution: Distribution,
    pieces: tuple[Piece, ...],
    opinions: tuple[Opinion, ...] = (),
    *,
    published: float,
    published_text: str,
    label: str,
) -> Figure:
    """Draw a distribution above what experts said and its evidence.

    Parameters
    ----------
    published, published_text
        Where the point is marked, and what is written there.
    label
        Name of the axis.
    """
    shown = pieces[:MOST]
    heard = opinions[:MOST]
    above = CURVE + 14 + OPINION * len(heard)
    height = above + ROW * len(shown)
    figure = canvas(height + 20 + 40, NARROW)
    axes = axes_inside(figure, top=20, bottom=40, side=8)
    axes.set_ylim(height, 0)
    ends = tuple(Piece(each.low, each.high) for each in heard)
    scale = _scale(distribution, (*shown, *ends), published)
    scale.apply(axes, label, most=4)
    draw_lines(axes, scale.ticks(4), [(0, height)], colour=GRID, width=0.8)
    draw_lines(axes, [published], [(0, height)], colour=PUBLISHED, width=1.8)
    place = scale.share(published)
    axes.annotate(
        published_text,
        (published, 1),
        (0, 4),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        color=INK,
        ha="left" if place < 0.35 else "right" if place > 0.65 else "center",
        va="bottom",
        fontsize=SMALL,
        annotation_clip=False,
    )
    _draw_distribution(axes, distribution, scale)
    for number, opinion in enumerate(heard):
        _draw_opinion(axes, opinion, scale, CURVE + 14 + OPINION * number)
    for number, piece in enumerate(shown):
        _draw_piece(axes, piece, scale, above + ROW * (number + 0.5))
    return figure


@styled
def draw_members(shares: Mapping[str, float], published: str) -> Figure:
    """Draw how often each member of an index is drawn, as a bar below its label.

    Parameters
    ----------
    shares
        By label.
    published
        The label of the member that is the point.
    """
    height = MEMBER * len(shares)
    figure = canvas(height + 8, NARROW)
    axes = axes_inside(figure, top=4, bottom=4, side=8)
    axes.set_ylim(height, 0)
    axes.set_xlim(0, 1)
    axes.set_axis_off()
    for number, (label, share) in enumerate(shares.items()):
        top = MEMBER * number
        text = f"{label}, point" if label == published else label
        colour = PUBLISHED if label == published else MUTED
        axes.text(0, top + 9, shorten(text, LONGEST), fontsize=SMALL, color=colour, va="center")
        axes.text(1, top + 9, numbers.share(share), fontsize=SMALL, color=colour, va="center", ha="right")
        axes.plot([0, 1], [top + 20, top + 20], color=GRID, linewidth=4, solid_capstyle="butt")
        if share:
            axes.plot([0, share], [top + 20, top + 20], color=ROLES[0], linewidth=4, solid_capstyle="butt")
    return figure


def _scale(distribution: Distribution, pieces: tuple[Piece, ...], published: float) -> Scale:
    least, *ends = distribution.quantile(np.array([0.5 / POINTS, 0.002, 0.998])).tolist()
    values = [*ends, published]
    values += [end for piece in pieces for end in (piece.low, piece.high) if end is not None]
    positive = min(least, *values) > 0
    wide = positive and max(values) / min(values) > FACTOR
    return Scale.over(values, logarithmic=wide)


def _draw_distribution(axes: Axes, distribution: Distribution, scale: Scale) -> None:
    low, median, high = distribution.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    colour = ROLES[0]
    values = distribution.quantile((np.arange(POINTS) + 0.5) / POINTS)
    draw_outline(axes, outline(values, scale, BINS), foot=CURVE, height=CURVE - 4, colour=colour, width=1.6)
    axes.plot([low, high], [CURVE, CURVE], color=colour, linewidth=3.4, solid_capstyle="butt")
    axes.plot([median], [CURVE], "o", color=colour, markersize=7)


def _draw_piece(axes: Axes, piece: Piece, scale: Scale, y: float) -> None:
    low = scale.low if piece.low is None else piece.low
    high = scale.high if piece.high is None else piece.high
    if low == high:
        axes.plot([low], [y], "D", color=MUTED, markersize=4.5)
    else:
        axes.plot([low, high], [y, y], color=MUTED, linewidth=2.6, solid_capstyle="butt")


def _draw_opinion(axes: Axes, opinion: Opinion, scale: Scale, y: float) -> None:
    """Draw an expert's range, its name above it where there is room."""
    axes.plot([opinion.low, opinion.high], [y + 12] * 2, color=ROLES[1], linewidth=2.6, solid_capstyle="butt")
    axes.plot([opinion.median], [y + 12], "o", color=ROLES[1], markersize=5)
    align, x = ("left", opinion.low) if scale.share(opinion.low) < 0.6 else ("right", opinion.high)
    axes.text(x, y + 8, shorten(opinion.name, 30), color=MUTED, size=SMALL, ha=align, va="bottom")


def plot(content: ReportContent, name: str) -> Plot:
    """Draw an input's distribution as the study has it, its evidence below on the same axis.

    Of an input with indices its members are drawn, each with nine in ten of its values.
    """
    if name in content.study.quantities:
        return _table(content, content.study.quantities[name])
    item = content.study.inputs[name]
    if item.distribution is None or item.distribution.is_constant:
        raise SettingError(f'there is nothing to draw: the input "{name}" keeps its point')
    published = content.published_points[name]
    if item.member_of is not None:
        return _members(item, item.member_of.label_at(published))
    pieces = tuple(map(_piece_of, item.evidence))
    unit = "" if item.unit.text == "1" else item.unit.text
    picture = draw_evidence(
        item.distribution,
        pieces,
        tuple(map(_opinion_of, item.experts)),
        published=published,
        published_text=f"point: {point_text(published)}",
        label=after_unit("", unit).strip(" ()") or "pure number",
    )
    low, high = item.distribution.quantile(np.array([0.05, 0.95])).tolist()
    nine_in_ten = with_unit(numbers.exact_range(low, high), item.unit.text)
    finding = (
        f"{item.title}: point {with_unit(point_text(published), item.unit.text)}, nine in ten values "
        f"from {nine_in_ten}; {_opinions(item)}{_evidence(pieces)}"
    )
    caption = "Above: the distribution, its median and its 5 % to 95 % range."
    if item.experts:
        caption += " Below: each expert's median and 5 % to 95 % range, under the name."
    if pieces:
        caption += " Below: each piece of evidence, in the order of the list."
    return Plot(f"input-{name}", picture, finding, caption, _rows(item, item.distribution, published))


def _rows(item: Input, distribution: Distribution, published: float) -> list[Row]:
    """Return an input's point, evidence, experts and distribution."""
    rows: list[Row] = [{"what": "point", "value": published}]
    rows += [
        {"what": "evidence", "low": each.low, "high": each.high} for each in map(_piece_of, item.evidence)
    ]
    rows += [
        {"what": f"expert: {each.name}", "low": each.low, "value": each.median, "high": each.high}
        for each in map(_opinion_of, item.experts)
    ]
    values = distribution.quantile(np.array(SHARES)).tolist()
    return rows + [
        {"what": "quantile", "probability": share, "value": value}
        for share, value in zip(SHARES, values, strict=True)
    ]


def _members(item: Input, published: str) -> Plot:
    shares = member_shares(item)
    finding = f"{item.title}: point {published}; drawn {listed_shares(shares)}."
    picture = draw_members({label: shares.get(label, 0.0) for label in (published, *shares)}, published)
    rows: list[Row] = [{"member": label, "share": share} for label, share in shares.items()]
    return Plot(f"input-{item.name}", picture, finding, "How often each member is drawn.", rows)


def _table(content: ReportContent, table: Quantity) -> Plot:
    """Draw the members of an input as a fan over an ordered index, or side by side."""
    along = ordered_index(content.study, table)
    unit = next(content.study.inputs[name].unit.text for name in table.cells.values())
    label = after_unit(table.title, unit)
    panels = input_panels(content, table, along or table.indices[-1])
    if along is not None and len(panels) <= MOST_PANELS and len(panels[0].cells) > FEWEST:
        picture = draw_fan(panels, label=label, along=axis_title(content.study.indices[along]))
        marks = "Lines are medians, the bands nine in ten values and half of them, diamonds the points."
    else:
        picture = members.draw_members(members.first_rows(panels), label=label)
        marks = "Marks are medians, lines nine in ten values, upright bars the points."
    caption = f"{marks} {members.left_out(panels)}".strip()
    return Plot(
        f"input-{table.name}",
        picture,
        members.finding(table.title, panels, unit),
        caption,
        panel_rows(panels, mark="point"),
    )


def _piece_of(found: Evidence) -> Piece:
    if found.value is not None:
        return Piece(found.value, found.value)
    return Piece(found.low, found.high)


def _opinion_of(found: Expert) -> Opinion:
    low, median, high = found.distribution.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    return Opinion(found.name, low, median, high)


def _opinions(item: Input) -> str:
    """Say how many experts were asked, and how far their medians lie apart."""
    if not item.experts:
        return ""
    medians = [_opinion_of(each).median for each in item.experts]
    ends = with_unit(numbers.interval(min(medians), max(medians)), item.unit.text)
    return f"{count(len(medians), 'expert')}, with medians from {ends}; "


def _evidence(pieces: tuple[Piece, ...]) -> str:
    """Say how much evidence there is, and from where to where it goes."""
    ends = [end for piece in pieces for end in (piece.low, piece.high) if end is not None]
    if not ends:
        return "the study names no value as evidence."
    pieces_of = f"{count(len(pieces), 'piece')} of evidence"
    if min(ends) == max(ends):
        return f"{pieces_of}, {point_text(ends[0])}."
    return f"{pieces_of}, from {point_text(min(ends))} to {point_text(max(ends))}."
