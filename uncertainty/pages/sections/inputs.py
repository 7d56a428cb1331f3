"""Every input: its point, what replaces it, and the evidence."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from uncertainty import numbers
from uncertainty.compiled import dependencies
from uncertainty.distributions import limited
from uncertainty.distributions.conditional import Conditional
from uncertainty.distributions.truncation import Truncated
from uncertainty.late import regex
from uncertainty.numbers import count
from uncertainty.pages.blocks import (
    Beside,
    Block,
    Bullets,
    Column,
    Details,
    Paragraph,
    Section,
    Subheading,
    Table,
    Text,
    code,
    joined,
    strong,
)
from uncertainty.pages.figures import figure
from uncertainty.pages.sections.sources import cited
from uncertainty.study.bibliography import note_of, said
from uncertainty.study.experts import pooled
from uncertainty.wording import (
    bare_value,
    counted,
    listed,
    listed_shares,
    median_beside,
    member_shares,
    point_text,
    unit_in_words,
    value_text,
    with_unit,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.distributions import Distribution
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Correlation, Evidence, Independence, Input, Quantity, Study


READ = (
    "In each picture the curve is the distribution, with its median and its 5 % to 95 % range on the line "
    "below; the upright bar is the point, which the study calculates with."
)

PIECES = (
    " Under the curve is each piece of evidence, in the order of the list: a mark for a value, a line for a "
    "range."
)

KINDS = {
    "uncertainty": "Nobody knows its value.",
    "variability": "It differs from case to case.",
}

CORRELATED = {"spearman": "ranks (Spearman)", "pearson": "values (Pearson)", "kendall": "order (Kendall)"}
"""What a correlation is of."""

MOST_ROWS = 200
"""Rows of a table of inputs; of more cells the data of the report hold the others."""

_LONG_DECIMAL = regex(r"\d+\.\d{5,}(?:e[-+]?\d+)?")


def section(content: ReportContent) -> Section:
    """Lay open each input with its distribution, basis and evidence, those that the headline needs first."""
    study = content.study
    varying = [name for name, item in study.inputs.items() if _varies(item.distribution)]
    drawn = _quantities(study, varying)
    fixed = [name for name in study.inputs if _quantity(study, name) not in drawn]
    reaching = {_quantity(study, name) for name in _reaching(content)}
    blocks: list[Block] = [Paragraph(_lead(content, varying, fixed))]
    if varying:
        shown = any(study.inputs[name].evidence for name in varying)
        blocks.append(Paragraph(READ + PIECES * shown))
    for name in drawn:
        if name in reaching:
            blocks += _sheet(content, name)
    if others := [name for name in drawn if name not in reaching]:
        rest = tuple(block for name in others for block in _sheet(content, name))
        summary = f"{count(len(others), 'input')} that the headline's leading readings do not need"
        blocks.append(Details(summary, rest))
    if fixed:
        blocks.append(_kept(content, fixed))
    if varying:
        blocks.append(Details("All inputs that vary, in one table", (_varying(content, varying),)))
    if study.correlations or study.independent:
        blocks.append(_correlations(content))
    if not any(item.evidence or item.experts or said(item) for item in study.inputs.values()):
        blocks.append(Paragraph("The study gives no evidence, source or note for any input."))
    return Section("inputs", "Every input, with its evidence", tuple(blocks))


def _quantity(study: Study, name: str) -> str:
    """Return what a cell belongs to; another input's own name."""
    return study.inputs[name].quantity or name


def _quantities(study: Study, names: Iterable[str]) -> list[str]:
    """Return the inputs that some cells and other inputs are, each once."""
    return list(dict.fromkeys(_quantity(study, name) for name in names))


def _reaching(content: ReportContent) -> frozenset[str]:
    """Return the inputs that the headline is made of under one of its leading readings."""
    headline = content.study.headline
    plans = (content.run_under(name).scenario for name in content.headline.leading)
    return frozenset().union(*(dependencies(plan, [headline])[headline] for plan in plans))


def _sheet(content: ReportContent, name: str) -> list[Block]:
    """Return an input's picture with what it says beside it, and its evidence folded below."""
    if name in content.study.quantities:
        return _table_sheet(content, content.study.quantities[name])
    item = content.study.inputs[name]
    if item.distribution is None:
        return []
    # how such a picture is to be read is said once, above the first
    picture = replace(figure("input", content, name), caption="")
    words: list[Block] = [
        Paragraph(_point_and_drawn(item, item.distribution, content.published_points[name])),
        Paragraph(f"{KINDS[item.kind]} Basis: {item.basis or 'none given'}."),
        Paragraph(code(distribution_text(item.distribution))),
    ]
    if _is_given(item):
        words.append(Paragraph("These are its values where its parameters stand at their points."))
    if item.evidence or said(item):
        parts = [count(len(item.evidence), "piece") + " of evidence"] if item.evidence else []
        parts += [key.replace("_", " ") for key in sorted(said(item))]
        words.append(Details(listed(parts).capitalize(), _description(content.study, item)))
    if item.experts:
        words.append(_experts(content.study, item))
    return [Subheading(item.title), Beside(picture, tuple(words))]


def _point_and_drawn(item: Input, distribution: Distribution, published: float) -> Text:
    """Set the point beside what replaces it."""
    point = ("Point: ", strong(value_text(item, published)))
    if item.member_of is not None:
        return (*point, ". Drawn: ", strong(listed_shares(member_shares(item))), ".")
    low, median, high = distribution.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    interval = strong(with_unit(numbers.exact_range(low, high), item.unit.text))
    return (*point, ". Nine in ten values: ", interval, f", median {median_beside(low, median, high)}.")


def _experts(study: Study, item: Input) -> Table:
    """Show each expert's own distribution beside the pool."""
    columns = (
        Column("Expert"),
        Column("Weight", numeric=True),
        Column("Median", numeric=True),
        Column("5 % to 95 %", numeric=True),
        Column("Source"),
    )
    total = sum(expert.weight for expert in item.experts) or 1.0
    rows: list[tuple[Text, ...]] = [
        (
            expert.name,
            numbers.level(expert.weight / total),
            *_middle(expert.distribution),
            _grounds(study, expert.source, note_of(expert)),
        )
        for expert in item.experts
    ]
    if (together := pooled(item.experts)) is not None:
        together = limited(together, item.low, item.high)
        rows.append(("all together: the pool", numbers.level(1.0), *_middle(together), "–"))
    used = "which the study takes" if item.distribution == together else "which the study does not take"
    return Table(columns, tuple(rows), f"What each expert said, and their pool, {used}")


def _middle(distribution: Distribution) -> tuple[str, str]:
    low, median, high = distribution.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    return median_beside(low, median, high), numbers.exact_range(low, high)


def _table_sheet(content: ReportContent, table: Quantity) -> list[Block]:
    """Return the picture of an input with indices, and what is said of its cells."""
    study = content.study
    items = [study.inputs[name] for name in table.cells.values()]
    varying = [item for item in items if item.distribution is not None and _varies(item.distribution)]
    texts = list(dict.fromkeys(distribution_text(item.distribution) for item in varying if item.distribution))
    kinds = listed(KINDS[kind] for kind in dict.fromkeys(item.kind for item in varying))
    bases = listed(dict.fromkeys(item.basis or "none given" for item in varying))
    number = f"{len(varying)} of {count(len(items), 'member')} vary, the others are fixed."
    whole = number if len(varying) < len(items) else f"{count(len(items), 'member')}."
    shown: Text = (
        code(texts[0]) if len(texts) == 1 else f"{len(texts)} distributions: see the table of inputs."
    )
    described = _descriptions(study, items)
    parts: list[Block] = [Details(_said_of(items), described)] if described else []
    parts += [
        Details(f"{item.title}: what experts said", (_experts(study, item),))
        for item in items
        if item.experts
    ]
    if any(map(_is_given, varying)):
        parts.insert(0, Paragraph("The picture has its values where its parameters stand at their points."))
    return [
        Subheading(table.title),
        figure("input", content, table.name),
        Paragraph(f"{whole} {kinds} Basis: {bases}."),
        Paragraph(shown),
        *parts,
    ]


def _is_given(item: Input) -> bool:
    """Tell whether the parameters of an input's distribution are other quantities."""
    return isinstance(item.distribution, Conditional) and bool(item.distribution.names)


def _said_of(items: list[Input]) -> str:
    """Name what is said of cells."""
    parts = ["evidence"] if any(item.evidence for item in items) else []
    parts += [key.replace("_", " ") for key in sorted(set().union(*map(said, items)))]
    return listed(parts).capitalize() if parts else "Limits"


def _descriptions(study: Study, items: list[Input]) -> tuple[Block, ...]:
    """Describe cells, those of one description once."""
    alike: dict[tuple[object, ...], list[Input]] = {}
    for item in items:
        found = (*said(item).items(), item.low, item.high, item.group, item.evidence)
        alike.setdefault(found if any(found) else (), []).append(item)
    blocks: list[Block] = []
    for known, cells in alike.items():
        if known:
            more = f", and {count(len(cells) - 1, 'other')}" if len(alike) > 1 and len(cells) > 1 else ""
            blocks += [Paragraph(f"{cells[0].title}{more}:")] if len(alike) > 1 else []
            blocks += _description(study, cells[0])
    return tuple(blocks)


def _kept(content: ReportContent, fixed: list[str]) -> Details:
    study = content.study
    quantities = _quantities(study, fixed)
    described: list[Block] = []
    for name in quantities:
        items = [study.inputs[each] for each in fixed if _quantity(study, each) == name]
        if any(said(item) for item in items):
            title = study.quantities[name].title if name in study.quantities else items[0].title
            described += [Subheading(title), *_descriptions(study, items)]
    kept = "keeps its point" if len(quantities) == 1 else "keep their points"
    summary = f"{count(len(quantities), 'input')} that {kept}"
    return Details(summary, (_fixed(content, fixed), *described))


def _lead(content: ReportContent, varying: list[str], fixed: list[str]) -> str:
    study = content.study
    drawn, kept = _quantities(study, varying), _quantities(study, fixed)
    vary = counted([_quantity(study, name) for name in varying], "input varies", "inputs vary")
    keep = count(len(kept), "keeps its point", "keep their points")
    parts = f"{vary} and {keep}."
    bases = Counter(
        basis for _, basis in dict.fromkeys((_quantity(study, n), study.inputs[n].basis) for n in varying)
    )
    told = "; ".join(f"{basis or 'no basis given'}: {number}" for basis, number in bases.most_common())
    some = " (some inputs have more than one)" if bases.total() > len(drawn) else ""
    return f"{parts} What the distributions rest on{some}: {told}." if bases else parts


def _varies(distribution: Distribution | None) -> bool:
    return distribution is not None and not distribution.is_constant


def _varying(content: ReportContent, names: list[str]) -> Table:
    columns = (
        Column("Input"),
        Column("Point", numeric=True),
        Column("Unit"),
        Column("Distribution"),
        Column("Median", numeric=True),
        Column("5 % to 95 %", numeric=True),
        Column("Kind"),
        Column("Basis"),
    )
    rows: list[tuple[Text, ...]] = []
    for name in names[:MOST_ROWS]:
        item = content.study.inputs[name]
        distribution = item.distribution
        if distribution is None:
            continue
        rows.append(
            (
                item.title,
                bare_value(item, content.published_points[name]),
                _unit(item),
                code(distribution_text(distribution)),
                *_median_and_range(item, distribution),
                item.kind,
                item.basis or "none given",
            )
        )
    caption = (
        "Inputs that vary. Uncertainty: nobody knows the value; variability: it differs from case to case. "
        "Numbers in a distribution are shown with four digits"
    )
    if any(isinstance(content.study.inputs[name].distribution, Conditional) for name in names):
        caption += "; where its parameters are other quantities, they stand at their points"
    return Table(columns, tuple(rows), caption + _left_out(names))


def _left_out(names: list[str]) -> str:
    """Say how many rows a table of inputs leaves out; empty where it has them all."""
    return f". The first {MOST_ROWS} of {len(names):,} are listed" if len(names) > MOST_ROWS else ""


def _unit(item: Input) -> str:
    return unit_in_words(item.unit.text) if item.member_of is None else numbers.MISSING


def _median_and_range(item: Input, distribution: Distribution) -> tuple[str, str]:
    """Write a median and what nine in ten values are; members of an index have neither."""
    if item.member_of is not None:
        return numbers.MISSING, numbers.MISSING
    low, median, high = distribution.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    return median_beside(low, median, high), numbers.exact_range(low, high)


def distribution_text(distribution: Distribution) -> str:
    """Write a distribution in the language of study files, its computed parameters shortened."""
    text = str(distribution)
    if isinstance(distribution, Conditional) and isinstance(distribution.reference, Truncated):
        cut = distribution.reference
        ends = (("low", distribution.low, cut.low), ("high", distribution.high, cut.high))
        limits = ", ".join(f"{key}={limit:g}" for key, limit, at in ends if limit is not None and limit == at)
        text = f"truncate({text}, {limits})" if limits else text
    return shortened(text)


def shortened(text: str) -> str:
    """Shorten the long numbers in a distribution's text to four digits."""
    return _LONG_DECIMAL.sub(lambda match: f"{float(match[0]):.4g}", text)


def _fixed(content: ReportContent, names: list[str]) -> Table:
    columns = (Column("Input"), Column("Point", numeric=True), Column("Unit"), Column("As written"))
    rows = tuple(
        (
            content.study.inputs[name].title,
            bare_value(content.study.inputs[name], content.published_points[name]),
            _unit(content.study.inputs[name]),
            _written(content.study.inputs[name]),
        )
        for name in names[:MOST_ROWS]
    )
    caption = "Inputs that are fixed at their points; a reading may let them vary"
    return Table(columns, rows, caption + _left_out(names))


def _written(item: Input) -> Text:
    if item.member_of is not None:
        return "a member"
    return "a number" if isinstance(item.point, float | int) else code(str(item.point))


def _correlations(content: ReportContent) -> Table:
    columns = (Column("Inputs"), Column("Correlation", numeric=True), Column("Of"), Column("Source"))
    rows: list[tuple[Text, ...]] = [
        (
            _both(content, pair.inputs),
            f"{pair.value:g}",
            CORRELATED[pair.kind],
            _grounds(content.study, pair.source, note_of(pair)),
        )
        for pair in content.study.correlations
        if not pair.across
    ]
    bound: dict[str, list[Correlation]] = {}
    for pair in content.study.correlations:
        if pair.across:
            bound.setdefault(pair.across, []).append(pair)
    rows += [_across(content.study, name, pairs) for name, pairs in bound.items()]
    # several statements may part the same two: the first one's reason stands
    apart: dict[frozenset[str], Independence] = {}
    for found in content.study.independent:
        apart.setdefault(frozenset(found.inputs), found)
    rows += [
        (
            _both(content, pair.inputs),
            "none",
            "nothing binds them",
            _grounds(content.study, pair.because, pair.source, note_of(pair)),
        )
        for pair in apart.values()
    ]
    return Table(columns, tuple(rows), "Correlations")


def _across(study: Study, name: str, pairs: list[Correlation]) -> tuple[Text, ...]:
    """Say in one row what binds the members of an input to one another."""
    table = study.quantities[name]
    values = [f"{pair.value:.2f}" for pair in (min(pairs, key=_value), max(pairs, key=_value))]
    told = values[0] if values[0] == values[1] else " to ".join(values)
    members = f"members of “{table.title}”, {count(len(pairs), 'pair')}"
    return (members, told, CORRELATED[pairs[0].kind], "–")


def _value(pair: Correlation) -> float:
    return pair.value


def _both(content: ReportContent, names: Iterable[str]) -> str:
    return " and ".join(content.study.inputs[name].title for name in names)


def _grounds(study: Study, *texts: str) -> Text:
    return cited(study, " ".join(filter(None, (*map(_stopped, texts[:-1]), texts[-1])))) or "–"


def _stopped(text: str) -> str:
    """End a text that another follows with a stop."""
    return text if not text or text.rstrip()[-1:] in ".!?…;:" else f"{text.rstrip()}."


def _description(study: Study, item: Input) -> tuple[Block, ...]:
    blocks: list[Block] = [Paragraph((code(item.name), *_limits(item)))]
    if note := note_of(item):
        blocks.append(Paragraph(cited(study, note)))
    if item.source:
        blocks.append(Paragraph(joined(strong("Source: "), cited(study, item.source))))
    if not isinstance(item.point, float | int):
        blocks.append(Paragraph((strong("Point as written: "), code(str(item.point)))))
    if item.evidence:
        blocks.append(Bullets(tuple(_evidence(study, found, item.unit.text) for found in item.evidence)))
    return tuple(blocks)


def _limits(item: Input) -> tuple[str, ...]:
    limits = [
        f"at {word} {point_text(limit)}"
        for word, limit in (("least", item.low), ("most", item.high))
        if limit is not None
    ]
    group = (f"; group: {item.group}",) if item.group else ()
    return (f"; physical limits: {' and '.join(limits)}", *group) if limits else group


def _evidence(study: Study, found: Evidence, unit: str) -> Text:
    value = " to ".join("…" if end is None else point_text(end) for end in (found.low, found.high))
    if found.value is not None:
        value = point_text(found.value) + ("" if found.low is found.high is None else f" ({value})")
    source = ", ".join(part for part in (found.source, str(found.year or "")) if part) or "no source given"
    told = f": {source}. {note_of(found)}".rstrip()
    return joined(strong(with_unit(value, unit)), cited(study, told))
