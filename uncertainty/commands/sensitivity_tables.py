"""Sobol' indices as tables and sentences for a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.commands.tables import columns, paragraph
from uncertainty.sensitivity.choices import choice_key
from uncertainty.sensitivity.results import Share
from uncertainty.wording import capitalised, listed, with_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console
    from rich.table import Table

    from uncertainty.sensitivity.details import DriverDetails
    from uncertainty.sensitivity.results import Index, OutputIndices, SobolIndices
    from uncertainty.study.model import Study

NEGLIGIBLE = 0.005
"""Total index below which an input shares one line with its like."""

BAR = 12
"""Characters of a bar for an index of 1."""

NARROW = 0.01
"""Width of an index's interval below which it is shown with a third decimal."""

MOST_PAIRS = 10

RANKED = 3
"""Inputs whose rank's stability is said."""


def show_indices(out: Console, found: SobolIndices, indices: OutputIndices) -> None:
    """Show the indices of one output: inputs, groups, kinds and pairs."""
    study, level = found.study, found.settings.level
    output = study.outputs[indices.output]
    what = "the logarithm of " if indices.scale == "log10" else ""
    paragraph(out, f"Shares of the variance of {what}“{output.title}”")
    if indices.reason:
        paragraph(out, f"None: {indices.reason.rstrip('.')}.")
        out.print()
        return
    titles = titles_of(study)
    kinds = {"uncertainty": "all that nobody knows", "variability": "all that differs from case to case"}
    tables: tuple[tuple[str, Mapping[str, Index], Mapping[str, str]], ...] = (
        ("Input", indices.indices, titles),
        ("Group", indices.groups, {}),
        ("Kind", indices.kinds, kinds),
    )
    for what, rows, names in tables:
        shown = {key: index for key, index in rows.items() if index.ST_interval[1] >= NEGLIGIBLE}
        if shown:
            out.print(_indices_table(what, shown, names, level))
        rest = [title(key, names) for key in rows if key not in shown]
        if rest:
            paragraph(out, f"Less than {100 * NEGLIGIBLE:g} % each: {'; '.join(rest)}.")
        if rows:
            out.print()
    if indices.pairs:
        _show_pairs(out, indices, titles, level)
    for line in _remarks(indices, titles):
        paragraph(out, line)
    out.print()


def _show_pairs(out: Console, indices: OutputIndices, titles: Mapping[str, str], level: float) -> None:
    known = [pair for pair in indices.pairs if pair.distinguishable][:MOST_PAIRS]
    if known:
        table = columns("Pair", "S2", numbers.level(level), numeric=(1, 2))
        for pair in known:
            table.add_row(
                " × ".join(title(key, titles) for key in pair.inputs),
                *index_cells(pair.S2, pair.S2_interval, known=True),
            )
        out.print(table)
    else:
        paragraph(out, "No pair of inputs is known to explain anything beyond what each explains alone.")
    out.print()


def _remarks(indices: OutputIndices, titles: Mapping[str, str]) -> Iterator[str]:
    """Say what the indices add up to, how stable the ranks are, and whether the scale matters."""
    if indices.alone is None or indices.interactions is None:
        return
    yield (
        f"Inputs alone explain {share_text(indices.alone)} of the variance, interactions "
        f"{share_text(indices.interactions)}."
    )
    top = list(indices.indices)[:RANKED]
    agreeing = [f"{title(key, titles)} {100 * indices.rank_stability[key]:.0f} %" for key in top]
    yield f"Replicates that agree on the rank: {'; '.join(agreeing)}."
    if indices.other is not None and indices.other.indices:
        linear = [
            f"{title(key, titles)} {share_text(Share(index.ST, index.ST_interval))}"
            for key, index in list(indices.other.indices.items())[:RANKED]
        ]
        yield f"On the linear scale, of the variance of amounts, with interactions: {'; '.join(linear)}."
    if indices.disagreement:
        yield indices.disagreement_of(lambda key: title(key, titles))
    if indices.unsettled:
        yield indices.unsettled
    if indices.dropped:
        yield (
            f"{capitalised(numbers.share(indices.dropped))} of the base points had no value in some run and "
            "were dropped: the indices hold where the output has a value."
        )


def show_details(out: Console, study: Study, details: DriverDetails) -> None:
    """Show what knowing the top drivers would leave open, and the few inputs that explain most."""
    effects, short = details.effects, details.short
    unit = study.outputs[effects.output].unit.text
    titles = titles_of(study)
    level = numbers.level(effects.level)
    if not effects.yes_or_no:
        now = with_unit(numbers.interval(*effects.interval), unit)
        paragraph(out, f"What is worth knowing next: the {level} interval is now {now}")
        table = columns("If this were known", "it would be about", "narrower by", numeric=(1, 2))
        for key, left in effects.remaining.items():
            table.add_row(title(key, titles), numbers.interval(*left.interval), numbers.share(left.narrowing))
        out.print(table)
        out.print()
    for share, found in short.shortened.items():
        if not found.inputs:
            paragraph(out, f"To explain {numbers.share(share)} of the variance, {found.reason}.")
            continue
        kept = listed(title(key, titles) for key in found.inputs)
        then = (
            f"; all else at its median, the interval is {with_unit(numbers.interval(*found.interval), unit)}"
        )
        if found.reason:
            then = f"; all else at its median, the output {found.reason}"
        elif effects.yes_or_no:
            then = ""
        paragraph(
            out,
            f"The least that explains {numbers.share(share)} of the variance: {kept}, with "
            f"{share_text(found.closed)}{then}.",
        )
    out.print()


def share_text(found: Share) -> str:
    """Write a share of the variance as a percentage, between 0 and 100."""
    return numbers.share(min(max(found.value, 0.0), 1.0))


def titles_of(study: Study) -> dict[str, str]:
    """Return how inputs, and choices that are taken as inputs, are called."""
    choices = {choice_key(name): choice.question or name for name, choice in study.choices.items()}
    return {name: item.title for name, item in study.inputs.items()} | choices


def _indices_table(what: str, indices: Mapping[str, Index], titles: Mapping[str, str], level: float) -> Table:
    interval = numbers.level(level)
    table = columns(what, "ST", interval, "S1", interval, "", numeric=range(1, 5))
    mark = "█" if (sys.stdout.encoding or "").lower().startswith("utf") else "#"
    for key, index in indices.items():
        table.add_row(
            title(key, titles),
            *index_cells(index.ST, index.ST_interval, known=index.distinguishable),
            *index_cells(index.S1, index.S1_interval, known=index.S1_distinguishable),
            mark * round(BAR * min(index.ST, 1.1)) if index.distinguishable else "",
        )
    return table


def title(key: str, titles: Mapping[str, str]) -> str:
    """Name an input, or the correlated inputs that are one set."""
    return " + ".join(titles.get(name, name) for name in key.split("+"))


def index_cells(value: float, interval: tuple[float, float], *, known: bool) -> tuple[str, str]:
    """Write an index and its interval; one that is not known from 0 has an upper end only."""
    low, high = interval
    if not known:
        return "≈ 0", f"up to {numbers.number(max(high, 0), 2)}"
    places = 3 if high - low < NARROW else 2
    return f"{value:.{places}f}", f"{low:.{places}f}–{high:.{places}f}"
