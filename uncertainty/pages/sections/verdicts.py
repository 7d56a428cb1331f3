"""How a figure stands under each reading, and the outputs that a ratio does not tell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.pages.blocks import (
    Block,
    Bullets,
    Column,
    Details,
    Paragraph,
    Section,
    Table,
    Text,
    emphasis,
    joined,
    strong,
)
from uncertainty.pages.deciders import depends_sentence
from uncertainty.pages.sections.claim import plain_answers
from uncertainty.pages.sections.sources import cited, own_words, randomness
from uncertainty.sampling.thresholds import FACTORS, SHARES
from uncertainty.study.bibliography import note_of
from uncertainty.wording import (
    after_unit,
    beyond,
    claim_text,
    compact,
    dropped_sentence,
    figure_text,
    interval_text,
    listed,
    median_text,
    no_case_sentence,
    point_text,
    rare_sentences,
    the_other,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from uncertainty.challenges.analysis import Challenge, OutputChallenge
    from uncertainty.challenges.verdict import ReadingVerdict, Verdict
    from uncertainty.pages.content import ReportContent
    from uncertainty.sampling.estimate import Estimate
    from uncertainty.sampling.thresholds import ShareName
    from uncertainty.study.model import Output, Study


def section(content: ReportContent) -> Section:
    """Set the leading readings side by side, and say how the headline's figure stands under each."""
    study, each = content.study, content.challenge.outputs[content.study.headline]
    found = verdicts(content.challenge, each, every=False)
    table = next(block for block in found.blocks if isinstance(block, Table))
    others = tuple(block for block in found.blocks if block is not table)
    return replace(found, blocks=(table, *others, *_not_reproduced(content), *own_words(study)))


def _not_reproduced(content: ReportContent) -> list[Paragraph]:
    """Name the other published figures that the study's inputs do not give."""
    study = content.study
    failed = [
        f"“{study.outputs[name].title}”"
        for name, row in content.check.figures.items()
        if name != study.headline and any(each.status == "differs" for each in row.every)
    ]
    if not failed:
        return []
    return [Paragraph(f"Not reproduced, of the other published figures: {listed(failed)}.")]


def opening(study: Study, each: OutputChallenge) -> Section:
    """Name an output that is challenged, ask the study's question, and answer it."""
    output = each.output
    published = "" if output.published is None else f" (published: {claim_text(output)})"
    asked = [Paragraph(emphasis(study.question))] if study.question else []
    answers = plain_answers(each.verdict.judgement, study.question, depends_sentence(study, each))
    blocks = (*asked, *answers, Paragraph(each.verdict.sentence))
    return Section("output", f"{output.title}{published}", blocks)


def verdicts(found: Challenge, each: OutputChallenge, *, every: bool = True) -> Section:
    """Say how one output's figure stands: under the leading readings, and under the one asked for.

    Parameters
    ----------
    every
        Whether shares within factors are told too, other readings follow, folded away, and what is said of
        numbers without an error.
    """
    study, verdict = found.study, each.verdict
    names = tuple(dict.fromkeys((*verdict.leading, found.scenario.reading)))
    shown = _shown(each, names, () if every else FACTORS)
    blocks: list[Block] = [
        sentences(study, verdict, names),
        Paragraph(verdict.arithmetic),
        _shares(found, each, names, shown),
    ]
    case = "" if each.output.over == "case" else "in any one case "
    dropped = (
        (f"{case}under “{study.readings[name].title}”", verdict.readings[name].dropped) for name in names
    )
    told = ((f"under “{study.readings[name].title}”", verdict.readings[name]) for name in names)
    without = ((under, each.without_case, each.beside_average) for under, each in told)
    blocks += map(Paragraph, filter(None, (dropped_sentence(dropped), no_case_sentence(without))))
    titled = [(study.readings[name].title, _told(verdict.readings[name], shown)) for name in names]
    blocks += (*map(Paragraph, rare_sentences(titled)), *randomness(study)) if every else ()
    others = tuple(name for name in verdict.reaching if name not in names)
    if others and every:
        blocks.append(
            Details(f"The same for {the_other(len(others), 'reading')}", (sentences(study, verdict, others),))
        )
    return Section("verdicts", "How the figure stands", tuple(blocks))


def sentences(study: Study, verdict: Verdict, names: Iterable[str]) -> Bullets:
    """Say in one sentence each how a figure stands under some readings."""
    return Bullets(
        tuple((strong(f"{study.readings[name].title}. "), verdict.readings[name].sentence) for name in names)
    )


def _shown(each: OutputChallenge, names: Iterable[str], without: Iterable[ShareName]) -> list[ShareName]:
    """Return which shares are told of some readings."""
    rows = [each.verdict.readings[name] for name in names]
    return [
        key
        for key in SHARES
        if key not in without
        and any(key in row.shares and (row.by_factors or key not in FACTORS) for row in rows)
    ]


def _told(row: ReadingVerdict, shown: Collection[str]) -> dict[str, Estimate]:
    """Return a reading's numbers without the shares that are not shown."""
    return {name: each for name, each in row.estimates.items() if name not in SHARES or name in shown}


def _shares(
    found: Challenge, each: OutputChallenge, names: Iterable[str], shown: Sequence[ShareName]
) -> Table:
    rows = {name: each.verdict.readings[name] for name in names}
    short = _signs(each.output)
    columns = (
        Column("Reading"),
        Column("Median", numeric=True),
        Column(f"{numbers.level(found.settings.level)} interval", numeric=True),
        *(Column(SHARES[key].heading, numeric=True, short=short[key]) for key in shown),
    )
    cells = []
    for name, row in rows.items():
        shares = [
            compact(numbers.share(row.shares[key])) if key in row.shares else numbers.MISSING for key in shown
        ]
        cells.append((found.study.readings[name].title, *row.written, *shares))
    return Table(columns, tuple(cells), "What the draws of each reading say")


def _signs(output: Output) -> Mapping[ShareName, str]:
    """Head columns of shares in a few characters."""
    side = "≥" if output.claims_above else "≤"
    published = "" if output.published is None else figure_text(output.published)
    reference = "" if output.reference is None else point_text(output.reference)
    return {
        name: share.short.format(side=side, published=published, reference=reference)
        for name, share in SHARES.items()
    }


def differences_section(content: ReportContent) -> Section:
    """Show the study's unpublished outputs that have a reference; a ratio alone would mislead."""
    return differences(content.challenge)


def differences(challenge: Challenge) -> Section:
    """Show the unpublished outputs with a reference of a study that was challenged."""
    study, every = challenge.study, challenge.differences
    ratio = _is_ratio(study.outputs[study.headline])
    title = "More than a ratio" if ratio and every else "Outputs with a reference"
    if not every:
        text = (
            "Beside the headline, the study has no unpublished output on a linear scale with a reference, so "
            "there is nothing to show."
        )
        return Section("differences", title, (Paragraph(text),))
    rows: list[tuple[Text, ...]] = []
    for name, runs in every.items():
        output = study.outputs[name]
        sign = "≥" if output.claims_above else "≤"
        rows.append((strong(after_unit(output.title, output.unit.text)), "", "", ""))
        for reading, found in runs.items():
            share = beyond(found, output.reference or 0.0)
            rows.append(
                (
                    f"– {study.readings[reading].title}",
                    median_text(found),
                    interval_text(found),
                    f"{compact(share.text)} {sign} {point_text(output.reference or 0.0)}",
                )
            )
    columns = (
        Column("Output and reading"),
        Column("Median", numeric=True),
        Column(f"{numbers.level(challenge.settings.level)} interval", numeric=True),
        Column("Draws", numeric=True),
    )
    notes = [
        Paragraph(joined(f"{output.title}: ", cited(study, note)))
        for output in map(study.outputs.__getitem__, every)
        if (note := note_of(output))
    ]
    lead = "A ratio of thousands can go with a small difference. These outputs say how much is at stake."
    table = Table(columns, tuple(rows), "Unpublished outputs under the leading readings")
    return Section("differences", title, (*([Paragraph(lead)] if ratio else []), table, *notes))


def _is_ratio(output: Output) -> bool:
    """Tell whether an output is a pure number that may span powers of ten."""
    return output.scale == "log10" and output.unit.text == "1"
