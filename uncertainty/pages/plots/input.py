"""One input: its distribution beside its evidence and published point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty import numbers
from uncertainty.errors import SettingError
from uncertainty.numbers import count
from uncertainty.pages.figures.evidence import Piece, draw_evidence
from uncertainty.pages.plots import Plot
from uncertainty.wording import after_unit, point_text, with_unit

if TYPE_CHECKING:
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Evidence


def plot(content: ReportContent, name: str) -> Plot:
    """Draw an input's distribution as the study has it, its evidence below on the same axis."""
    item = content.study.inputs[name]
    if item.distribution is None or item.distribution.is_constant:
        raise SettingError(f'there is nothing to draw: the input "{name}" keeps its published point')
    published = content.published_points[name]
    pieces = tuple(map(_piece, item.evidence))
    unit = "" if item.unit.text == "1" else item.unit.text
    picture = draw_evidence(
        item.distribution,
        pieces,
        published=published,
        published_text=f"published: {point_text(published)}",
        label=after_unit("", unit).strip(" ()") or "pure number",
    )
    low, high = item.distribution.quantile(np.array([0.05, 0.95])).tolist()
    finding = (
        f"{item.title}: published {with_unit(point_text(published), item.unit.text)}, nine in ten values "
        f"from {with_unit(numbers.interval(low, high), item.unit.text)}; {_evidence(pieces)}"
    )
    caption = "Above: the distribution, its median and its 5 % to 95 % range."
    if pieces:
        caption += " Below: each piece of evidence, in the order of the list."
    return Plot(f"input-{name}", picture, finding, caption)


def _piece(found: Evidence) -> Piece:
    if found.value is not None:
        return Piece(found.value, found.value)
    return Piece(found.low, found.high)


def _evidence(pieces: tuple[Piece, ...]) -> str:
    """Say how much evidence there is, and from where to where it goes."""
    ends = [end for piece in pieces for end in (piece.low, piece.high) if end is not None]
    if not ends:
        return "the study names no value as evidence."
    pieces_of = f"{count(len(pieces), 'piece')} of evidence"
    if min(ends) == max(ends):
        return f"{pieces_of}, {point_text(ends[0])}."
    return f"{pieces_of}, from {point_text(min(ends))} to {point_text(max(ends))}."
