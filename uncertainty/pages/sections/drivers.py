"""What drives an output: Sobol' indices in words, bars and tables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.over_cases import averaged_over
from uncertainty.pages.blocks import (
    Block,
    Bullets,
    Column,
    Details,
    Listing,
    Paragraph,
    Section,
    Subheading,
    Table,
    Text,
    does_not_apply,
)
from uncertainty.pages.figures import figure
from uncertainty.pages.figures.cells import ordered_index
from uncertainty.pages.figures.drivers import driver_title, missing, quoted_driver
from uncertainty.pages.roles import role
from uncertainty.pages.sections.driver_details import detail_blocks, indices_sentences, view_blocks
from uncertainty.pages.sections.sources import randomness
from uncertainty.sensitivity.second_opinion import MATTERS
from uncertainty.sensitivity.sobol.results import FIRST, SECOND, TOTAL
from uncertainty.study.cells import inputs_of
from uncertainty.wording import KINDS, NEGLIGIBLE, few_titles, listed, scenario_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from uncertainty.pages.content import ReportContent
    from uncertainty.sensitivity.effects import DriverDetails
    from uncertainty.sensitivity.second_opinion import SecondOpinion
    from uncertainty.sensitivity.sobol.results import Index, OutputIndices, Share, SobolIndices
    from uncertainty.study.model import Scale, Study
    from uncertainty.study.scenario import Scenario

MOST_PAIRS = 10

BAR = 24
"""Signs of a bar for the whole spread."""

LABEL = 40
"""Signs of a name beside its bar."""

LITTLE = 0.1
"""Upper end, of a share that the runs do not tell from 0, up to which it is said to be about 0."""

WORDS = (
    (0.5, "most of the spread"),
    (0.2, "a large part"),
    (0.05, "a part"),
    (0.01, "little"),
    (0.0, "next to nothing"),
)
"""What a total index comes to, by the least that its interval's lower end must be."""


TITLE = "What drives the headline"

IN_SHORT = (
    "“Alone” is how much the spread would shrink on average if that input were known, “with interactions” "
    "how much would remain if it were the only one that stayed unknown."
)
"""What the bars say."""


def section(content: ReportContent) -> Section:
    """Say which inputs the headline's spread is due to, and draw it under one leading reading."""
    reasons = {name: missing(content, name) for name in content.drivers}
    shown = [name for name, reason in reasons.items() if not reason]
    if not shown:
        return Section("drivers", TITLE, (does_not_apply(next(iter(reasons.values()))),))
    found = {name: figure("drivers", content, name) for name in shown}
    told = [*(found[name].alt for name in shown)]
    readings = content.study.readings
    told += [f"Under “{readings[name].title}” {reason}." for name, reason in reasons.items() if reason]
    pictured = found[_pictured(content, shown)]
    given = _given_others(content, shown)
    return Section("drivers", TITLE, (Bullets(tuple(told)), Paragraph(IN_SHORT), *given, pictured))


def _pictured(content: ReportContent, names: Sequence[str]) -> str:
    """Return the reading that is drawn of some: the preferred one, or else the first."""
    preferred = content.study.preferred_reading
    return preferred if preferred in names and preferred is not None else names[0]


def indices_section(content: ReportContent) -> Section:
    """Show every index of the headline, under each leading reading."""
    shown = [name for name in content.drivers if not missing(content, name)]
    explanation = _explanation(content.headline.output.scale)
    blocks: list[Block] = [explanation, *_given_others(content, shown), Paragraph(_words())]
    for name, found in content.drivers.items():
        title = content.study.readings[name].title
        blocks.append(Subheading(f"{title} ({role(content.headline, name)})"))
        reason = missing(content, name)
        if isinstance(found, str) or reason:
            blocks.append(does_not_apply(reason))
            continue
        if name != _pictured(content, shown):
            blocks.append(figure("drivers", content, name))
        details = content.details.get(name)
        blocks += _output(found, found.outputs[content.study.headline], details, content.opinion_under(name))
        if details is not None:
            blocks += view_blocks(content, details, name)
    return Section("indices", "How much each input counts", (*blocks, *_map(content)))


def _map(content: ReportContent) -> list[Block]:
    """Show what drives an output over its ordered index, the headline's own table where it has one."""
    study = content.study
    tables = [each for each in study.tables.values() if ordered_index(study, each) is not None]
    if not tables or not content.run.scenario.varying:
        return []
    own = study.outputs[study.headline].quantity
    table = next((each for each in tables if each.name == own), tables[0])
    title = study.indices[ordered_index(study, table) or ""].title
    picture = figure("heat-map", content, table.name)
    return [Subheading(f"What drives “{table.title}” over “{title}”"), Paragraph(picture.alt), picture]


def drivers(
    found: SobolIndices,
    indices: OutputIndices,
    details: DriverDetails | None,
    opinion: SecondOpinion | None = None,
    *,
    explained: bool,
) -> Section:
    """Say which inputs one output's spread is due to, under the scenario that was asked for."""
    given = given_others(found, indices) if explained else ""
    blocks: list[Block] = [_explanation(indices.scale)] if explained else []
    blocks += randomness(found.scenario.study)
    blocks += [Paragraph(given)] if given else []
    if indices.reason:
        blocks.append(does_not_apply(indices.reason))
        blocks += [] if opinion is None else _second_opinion(opinion, str, "")
    else:
        blocks += [_bars(found.study, indices), *_output(found, indices, details, opinion)]
    return Section(
        "drivers", driven(found.study, indices.output, scenario_text(found.scenario)), tuple(blocks)
    )


def _bars(study: Study, indices: OutputIndices) -> Listing:
    """Draw total indices in signs, for pages that have no pictures."""
    shares = [
        (driver_title(study, key), min(max(index.total.value, 0.0), 1.0))
        for key, index in indices.indices.items()
        if index.total.interval[1] >= NEGLIGIBLE
    ]
    named = [(name if len(name) <= LABEL else f"{name[: LABEL - 1]}…", share) for name, share in shares]
    widest = max((len(name) for name, _ in named), default=0)
    lines = (f"{name:<{widest}}  {'█' * round(BAR * share)} {numbers.index(share)}" for name, share in named)
    return Listing("\n".join(lines))


def driven(study: Study, output: str, under: str) -> str:
    """Ask what drives an output."""
    return f"What drives “{study.outputs[output].title}” under “{under}”"


def _explanation(scale: Scale) -> Paragraph:
    of = (
        "the variance of the result's logarithm, so that factors count rather than amounts"
        if scale == "log10"
        else "the result's variance"
    )
    return Paragraph(
        f"An input's share of the spread is its share of {of}. “Alone” ({FIRST}) is how much the spread "
        f"would shrink on average if that input were known. “With interactions” ({TOTAL}) is how much would "
        "remain on average if it were the only one that stayed unknown. ≈ 0: not distinguishable from 0."
    )


def _given_others(content: ReportContent, shown: Sequence[str]) -> list[Block]:
    """Say of which inputs that are listed under some readings it is the place that counts."""
    study = content.study
    under: dict[str, list[str]] = {}
    for name in shown:
        found = content.drivers[name]
        if not isinstance(found, str):
            said = given_others(found, found.outputs[study.headline])
            under.setdefault(said, []).append(f"“{study.readings[name].title}”")
    if len(under) == 1:
        return [Paragraph(said) for said in under if said]
    return [Paragraph(f"Under {listed(names)}, {said}") for said, names in under.items() if said]


def given_others(found: SobolIndices, indices: OutputIndices) -> str:
    """Say what counts of inputs that are drawn given others, which are not known together with them."""
    totals = {key: index.total for key, index in indices.indices.items()}
    return drawn_given_others(found.scenario, totals)


def drawn_given_others(plan: Scenario, shares: Mapping[str, Share]) -> str:
    """Say the same of shares by input."""
    varying = frozenset(plan.varying)
    named: dict[str, None] = {}
    for key, share in shares.items():
        own = inputs_of(plan.study, key) if share.interval[1] >= NEGLIGIBLE else ()
        others = varying.difference(own)
        named |= dict.fromkeys(
            name for name in own if name in plan.dependent and others & {*plan.dependent[name].parents}
        )
    if not named:
        return ""
    titles = quoted_driver(plan.study, "+".join(named))
    verb, their, places, values = (
        ("is", "its share is", "its own place", "its value")
        if len(named) == 1
        else ("are", "their shares are", "their own places", "their values")
    )
    return (
        f"{titles} {verb} drawn given other inputs: {their} of {places} among the values possible given "
        f"those. Knowing {values} tells of those inputs, too, and may shrink the spread by more."
    )


def _words() -> str:
    """Say from what share of the spread on which words are said of it."""
    told = [f"{words} from {numbers.level(least)}" for least, words in WORDS if least]
    return (
        "Its words go by the least that a share with interactions may be, the lower end of its interval "
        "before it is rounded: "
        f"{', '.join(told)}, {WORDS[-1][1]} below."
    )


def _output(
    found: SobolIndices,
    indices: OutputIndices,
    details: DriverDetails | None,
    opinion: SecondOpinion | None,
) -> list[Block]:
    study, level = found.study, numbers.level(found.settings.level)
    named = partial(driver_title, study)
    wide = f"with {level} intervals where these are wider than 0.1 %"
    every = f"Every input that it is computed from{_but(found, indices)}, {wide}"
    blocks = _tables(indices.indices, "Input", named, every)
    blocks += _tables(
        indices.groups, "Group", lambda key: key.replace("_", " "), "The study's groups of inputs"
    )
    blocks += _tables(indices.kinds, "Kind", KINDS.__getitem__, "Knowledge and variety")
    blocks += _pairs(indices, study, level)
    blocks.append(Bullets(tuple(indices_sentences(found, indices))))
    blocks += [] if opinion is None else _second_opinion(opinion, named, level)
    return blocks + ([] if details is None else detail_blocks(study, details))


def _but(found: SobolIndices, indices: OutputIndices) -> str:
    """Name what else an output over all cases is computed from: what differs from case to case."""
    left = averaged_over(found.scenario, indices.output)
    if not left:
        return ""
    verb = "differs" if len(left) == 1 else "differ"
    return f" but {few_titles(found.study, left)}, which {verb} from case to case"


def _second_opinion(opinion: SecondOpinion, named: Callable[[str], str], level: str) -> list[Block]:
    """Show SALib's indices beside the program's own, or say why it was not asked."""
    if opinion.withheld:
        return [Paragraph(f"SALib's second opinion is withheld: {opinion.withheld}.")]
    columns = (
        Column("Input"),
        Column(f"Alone ({FIRST})", numeric=True),
        Column("by SALib", numeric=True),
        Column(f"With interactions ({TOTAL})", numeric=True),
        Column("by SALib", numeric=True),
    )
    both = [(key, own, opinion.indices[key]) for key, own in opinion.own.items() if key in opinion.indices]
    rows = tuple(
        (named(key), *(index_text(share) for share in (own.first, other.first, own.total, other.total)))
        for key, own, other in both
        if max(own.total.interval[1], other.total.interval[1]) >= NEGLIGIBLE
    )
    caption = (
        f"A second opinion: SALib's own sample of {opinion.base_points:,} base points "
        f"({opinion.model_rows:,} model runs, seed {opinion.seed}), its estimators and its {level} bootstrap "
        "intervals, beside this program's"
    )
    apart = opinion.disagreements_of(lambda key: f"“{named(key)}”")
    agree = "Both agree within their errors."
    if not opinion.within_errors:
        agree = (
            f"Both agree within their errors or to {100 * MATTERS:g} percentage point, which changes nothing."
        )
    return [Table(columns, rows, caption), Bullets(apart or (agree,))]


def _tables(
    indices: Mapping[str, Index], noun: str, named: Callable[[str], str], caption: str
) -> list[Block]:
    """Show indices as a table, and those that are negligible folded away."""
    told = [(named(key), index) for key, index in indices.items()]
    large = [each for each in told if each[1].total.interval[1] >= NEGLIGIBLE]
    small = [each for each in told if each[1].total.interval[1] < NEGLIGIBLE]
    blocks: list[Block] = []
    if large:
        blocks.append(_table(large, noun, caption))
    if small:
        each = " each" if len(small) > 1 else ""
        said = f"Less than {100 * NEGLIGIBLE:g} %{each}: {'; '.join(name for name, _ in small)}"
        blocks.append(Details(said, (_table(small, noun, f"{noun}s that hardly count"),)))
    return blocks


def _table(indices: Sequence[tuple[str, Index]], noun: str, caption: str) -> Table:
    columns = (
        Column(noun),
        Column("In words, with interactions", spare=True),
        Column(f"Alone ({FIRST})", numeric=True),
        Column(f"With interactions ({TOTAL})", numeric=True),
    )
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (
            name,
            _in_words(index),
            index_text(index.first),
            index_text(index.total),
        )
        for name, index in indices
    )
    return Table(columns, rows, caption)


def _pairs(indices: OutputIndices, study: Study, level: str) -> list[Block]:
    if not indices.pairs:
        return []
    known = [pair for pair in indices.pairs if pair.distinguishable][:MOST_PAIRS]
    if not known:
        return [Paragraph("No pair of inputs is known to explain anything beyond what each explains alone.")]
    rows = tuple(
        (
            " × ".join(driver_title(study, key) for key in pair.inputs),
            index_text(pair.share, known=True),
        )
        for pair in known
    )
    columns = (Column("Pair"), Column(f"Together ({SECOND})", numeric=True))
    caption = f"What pairs explain beyond what each explains alone, with {level} intervals"
    return [Table(columns, rows, caption)]


def _in_words(index: Index) -> str:
    if not index.distinguishable:
        return "≈ 0" if index.ST_interval[1] < LITTLE else "not known"
    return next(words for least, words in WORDS if least <= max(index.ST_interval[0], 0.0))


def index_text(share: Share, *, known: bool | None = None) -> str:
    """Write a share of the spread with its interval; one that is not known from 0 has an upper end only."""
    if set(share.interval) == {1.0}:
        return "100 %"  # of all inputs together, without an estimate
    low, high = (100 * end for end in share.interval)
    if not (low > 0 if known is None else known):
        if share.interval[1] >= LITTLE:
            return f"at most {high:.1f} %"
        most = "" if high < numbers.TENTH else f" (at most {high:.1f} %)"
        return f"≈ 0{most}"
    return numbers.index_within(share.value, *share.interval)
