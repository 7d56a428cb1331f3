"""What else is worth knowing of an output's drivers: what to measure next, and the short version."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.pages.blocks import Block, Column, Paragraph, Table
from uncertainty.pages.plots.drivers import driver_title
from uncertainty.study.addresses import inputs_of
from uncertainty.wording import KINDS, dropped_sentence, listed, with_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uncertainty.sensitivity.details import DriverDetails
    from uncertainty.sensitivity.results import OutputIndices, SobolIndices
    from uncertainty.sensitivity.short_version import Shortened, ShortVersion
    from uncertainty.study.model import Study

RANKED = 3
"""Inputs whose rank's stability is said."""


def indices_sentences(found: SobolIndices, indices: OutputIndices) -> Iterator[str]:
    """Say what is knowledge and what is variety, what interactions explain, and how far it can be trusted."""
    named = partial(driver_title, found.study)
    if len(indices.kinds) == len(KINDS):
        known = {kind: numbers.share(_within(index.first.value)) for kind, index in indices.kinds.items()}
        yield (
            f"What nobody knows explains {known['uncertainty']} of the spread, and what differs from case to "
            f"case {known['variability']}: research can shrink the first alone."
        )
    if indices.alone is not None and indices.interactions is not None:
        alone, interactions = (
            numbers.share(_within(share.value)) for share in (indices.alone, indices.interactions)
        )
        yield f"Inputs alone explain {alone} of the spread, interactions between them {interactions}."
    top = [key for key in list(indices.indices)[:RANKED] if key in indices.rank_stability]
    if top:
        agreeing = [f"{named(key)} {100 * indices.rank_stability[key]:.0f} %" for key in top]
        yield f"Replicates that agree on the rank: {'; '.join(agreeing)}."
    if indices.other is not None and indices.other.indices:
        linear = [
            f"{named(key)} {numbers.share(_within(index.total.value))}"
            for key, index in list(indices.other.indices.items())[:RANKED]
        ]
        yield f"On the linear scale, of the variance of amounts, with interactions: {'; '.join(linear)}."
    quoted = partial(_quoted, found.study)
    yield from filter(None, (indices.disagreement_of(quoted), indices.unsettled))
    yield from filter(None, (dropped_sentence([("of the base points", indices.dropped)]),))
    yield from filter(None, (found.stopped_because_of(quoted), found.grouping_of(quoted)))


def _quoted(study: Study, key: str) -> str:
    return f"“{driver_title(study, key)}”"


def detail_blocks(study: Study, details: DriverDetails) -> list[Block]:
    """Return what knowing the top drivers would leave open, and the few inputs that explain most."""
    unit = study.outputs[details.effects.output].unit.text
    measured = [] if details.effects.yes_or_no else [_worth_measuring(study, details, unit)]
    short = _short_version(study, details.short, unit, yes_or_no=details.effects.yes_or_no)
    return [*measured, Paragraph(short)]


def _worth_measuring(study: Study, details: DriverDetails, unit: str) -> Table:
    effects = details.effects
    rows = tuple(
        (
            driver_title(study, key),
            listed(dict.fromkeys(KINDS[study.inputs[name].kind] for name in inputs_of(study, key))),
            numbers.interval(*left.interval),
            numbers.share(left.narrowing),
        )
        for key, left in effects.remaining.items()
    )
    columns = (
        Column("If this were known"),
        Column("which is", spare=True),
        Column("the interval would be about", numeric=True),
        Column("narrower by", numeric=True),
    )
    now = with_unit(numbers.interval(*effects.interval), unit)
    widths = "its ends' ratio, as a logarithm" if effects.scale == "log10" else "its ends' difference"
    caption = (
        f"What is worth measuring next: from the draws of this table, the {numbers.level(effects.level)} "
        f"interval is now {now}; its width is {widths}"
    )
    return Table(columns, rows, caption)


def _short_version(study: Study, short: ShortVersion, unit: str, *, yes_or_no: bool) -> str:
    """Say which few inputs the calculation can be cut down to; sets that serve several shares come once."""
    enough: dict[tuple[str, ...], list[float]] = {}
    for share, found in short.shortened.items():
        enough.setdefault(found.inputs, []).append(share)
    sentences = [
        _shortened(study, short.shortened[shares[0]], _all(shares), unit, yes_or_no=yes_or_no)
        for shares in enough.values()
    ]
    if not yes_or_no:
        whole = with_unit(numbers.interval(*short.interval), unit)
        sentences.append(f"With every input's spread, from as many draws, it is {whole}.")
    return " ".join(["The short version:", *sentences])


def _all(shares: list[float]) -> str:
    return listed(numbers.share(share) for share in shares)


def _shortened(study: Study, found: Shortened, shares: str, unit: str, *, yes_or_no: bool) -> str:
    if not found.inputs:
        return f"To explain {shares} of the spread, {found.reason}."
    titles = listed(_quoted(study, key) for key in found.inputs)
    verb = "explains" if len(found.inputs) == 1 else "together explain"
    interval = with_unit(numbers.interval(*found.interval), unit)
    then = f"; with everything else at its median the interval is {interval}"
    if found.reason:
        then = f"; with everything else at its median the result {found.reason}"
    elif yes_or_no:
        then = ""
    explained = numbers.share(_within(found.closed.value))
    return f"{titles} {verb} {explained} of the spread, where {shares} was asked for{then}."


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)
