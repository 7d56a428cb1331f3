"""What data, an expert's words or published evidence suggest as a distribution."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.distributions.elicited import through
from uncertainty.distributions.metalog import percentage_text
from uncertainty.distributions.parameters import number_text
from uncertainty.fitting.data import fit_rows
from uncertainty.fitting.elicited import misplaced_text
from uncertainty.indices.index import parted
from uncertainty.numbers import count
from uncertainty.pages.blocks import Block, Column, Listing, Paragraph, Subheading, Table
from uncertainty.study.toml import key_text
from uncertainty.study.written import is_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uncertainty.fitting.data import Fits
    from uncertainty.fitting.elicited import Elicitation
    from uncertainty.fitting.evidence import Suggestion
    from uncertainty.fitting.seeds import ExpertWeights, Pool


def fits(found: Fits, title: str, *notes: str, read: str = "", explained: bool = True) -> Iterator[Block]:
    """Show how well each family fits data.

    Parameters
    ----------
    notes, read
        What is to be known of the file of the data, and what was read from it, which is never left out.
    """
    yield Subheading(title)
    yield from map(Paragraph, filter(None, [read]))
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


def weighed_experts(found: ExpertWeights, read: str = "", *, explained: bool = True) -> Iterator[Block]:
    """Show how much each expert counts, and what they said of the questions that are open.

    Parameters
    ----------
    read
        What was read from the files of answers and known values, which is never left out.
    """
    columns = (
        Column("Expert"),
        Column("Calibration", numeric=True),
        Column("Information", numeric=True),
        Column("Weight", numeric=True),
    )
    rows = tuple(
        (name, f"{each.calibration:.2g}", f"{each.information:.3g}", f"{each.weight:.3f}")
        for name, each in found.scores.items()
    )
    answered = next(iter(found.scores.values())).answered
    yield Table(columns, rows, f"Experts by {count(answered, 'seed question')}")
    yield from map(Paragraph, filter(None, [read]))
    if explained:
        yield Paragraph(
            "Calibration is the probability that the known values fall as badly between an expert's "
            "quantiles, if these are right; information is how much they say beside nothing. The weight is "
            "their product, as a share of all (Cooke 1991)."
        )
    for question, each in found.pools.items():
        yield Subheading(question)
        yield Listing("\n\n".join(_expert_lines(found, question if is_name(question) else "NAME", each)))


def _expert_lines(found: ExpertWeights, name: str, pooled: Pool) -> Iterator[str]:
    """Yield the experts of an input as a study file has them: by quantiles, or what meets others."""
    from uncertainty.study.schema import ExpertTable

    yield f'[inputs.{name}]\ndistribution = "experts"'
    for expert, quantiles in pooled.quantiles.items():
        said = [f"name = {json.dumps(expert, ensure_ascii=False)}"]
        given = {percentage_text(p): number_text(x) for p, x in quantiles}
        if given.keys() <= ExpertTable.model_fields.keys():
            said += [f"{key} = {value}" for key, value in given.items()]
        else:
            said.append(f'distribution = "{through(quantiles)}"')
        said.append(f"weight = {number_text(float(f'{found.scores[expert].weight:.4g}'))}")
        yield "\n".join((f"[[inputs.{name}.experts]]", *said))


def suggestion(found: Suggestion, title: str) -> Iterator[Block]:
    """Say what evidence suggests, and why."""
    yield Subheading(title)
    yield from map(Paragraph, [" ".join(found.reasons)] if found.reasons else [])
    if found.text:
        yield Listing("\n".join(_lines_of(found)))


def _lines_of(found: Suggestion) -> Iterator[str]:
    """Yield a suggestion as lines for a study file, of a member under its keys."""
    quantity, members = parted(found.name)
    yield f"[inputs.{quantity}]"
    for key, said in (("distribution", found.text), ("basis", found.basis)):
        yield f'{".".join((key, *map(key_text, members)))} = "{said}"'


def study_lines(text: str, basis: str, source: str, *more: str) -> Listing:
    """Return a distribution as lines for a study file."""
    said = json.dumps(source, ensure_ascii=False)
    return Listing("\n".join((f'distribution = "{text}"', f'basis = "{basis}"', f"source = {said}", *more)))


def _refused(refused: Mapping[str, str]) -> Iterator[Block]:
    """Say what was left out and why, families of one reason together."""
    for reason in dict.fromkeys(refused.values()):
        names = [name for name, its in refused.items() if its == reason]
        yield Paragraph(f"Not {', '.join(names)}: {reason}.")
