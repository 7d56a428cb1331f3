"""What data, an expert's words or published evidence suggest as a distribution."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.distributions.parameters import number_text
from uncertainty.fitting.data import fit_rows
from uncertainty.fitting.elicited import misplaced_text
from uncertainty.pages.blocks import Block, Column, Listing, Paragraph, Subheading, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uncertainty.fitting.data import Fits
    from uncertainty.fitting.elicited import Elicitation
    from uncertainty.fitting.evidence import Suggestion


def fits(found: Fits, title: str, *notes: str, explained: bool = True) -> Iterator[Block]:
    """Show how well each family fits data."""
    yield Subheading(title)
    head, rows = fit_rows(found)
    yield Table(tuple(Column(name, numeric=2 <= place < 7) for place, name in enumerate(head)), tuple(rows))
    yield from _refused(found.refused)
    if explained:
        yield from map(Paragraph, (*notes, *found.sentences))


def elicitation(found: Elicitation, *, explained: bool = True) -> Iterator[Block]:
    """Show what distributions meet what an expert said."""
    if found.verdict:
        yield Paragraph(found.verdict)
    columns = (
        Column("How"),
        Column("Distribution"),
        *([Column("Misplaced", numeric=True)] if found.given else []),
        Column("Median", numeric=True),
        Column("Central 90 %", numeric=True),
    )
    rows = tuple(
        (
            each.how,
            each.text,
            *([misplaced_text(each)] if found.given else []),
            numbers.number(each.median),
            numbers.interval(*each.interval),
        )
        for each in found
    )
    yield Table(columns, rows)
    yield from _refused(found.refused)
    if explained:
        yield from map(Paragraph, found.sentences)


def elicited_lines(found: Elicitation) -> Listing:
    """Return the best distribution as lines for a study file."""
    limits = [
        f"{name} = {number_text(limit)}"
        for name, limit in (("low", found.low), ("high", found.high))
        if limit is not None
    ]
    return study_lines(found.best.text, "expert judgement", "…", *limits)


def suggestion(found: Suggestion, title: str) -> Iterator[Block]:
    """Say what evidence suggests, and why."""
    yield Subheading(title)
    yield from map(Paragraph, [" ".join(found.reasons)] if found.reasons else [])
    if found.text:
        yield Listing(f'[inputs.{found.name}]\ndistribution = "{found.text}"\nbasis = "{found.basis}"')


def study_lines(text: str, basis: str, source: str, *more: str) -> Listing:
    """Return a distribution as lines for a study file."""
    said = json.dumps(source, ensure_ascii=False)
    return Listing("\n".join((f'distribution = "{text}"', f'basis = "{basis}"', f"source = {said}", *more)))


def _refused(refused: Mapping[str, str]) -> Iterator[Block]:
    """Say what was left out and why, families of one reason together."""
    for reason in dict.fromkeys(refused.values()):
        names = [name for name, its in refused.items() if its == reason]
        yield Paragraph(f"Not {', '.join(names)}: {reason}.")
