"""How the numbers were made, what they cannot say, and how to get them again, or others."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.case_statistics import beside_averages
from uncertainty.compiled import is_nested
from uncertainty.explorer import export_program, is_large, offered, program_json
from uncertainty.expressions.stages import BESIDE_AVERAGE
from uncertainty.late import regex
from uncertainty.numbers import count
from uncertainty.pages.blocks import (
    Block,
    Bullets,
    Column,
    Explorer,
    Listing,
    Paragraph,
    Section,
    Table,
    Text,
    code,
    coded,
    joined,
    strong,
)
from uncertainty.sampling.case_draws import Sizes
from uncertainty.sampling.cases import SCRAMBLES
from uncertainty.study.bundled import typed_name
from uncertainty.study.scenario import scenario
from uncertainty.wording import (
    DESIGNS,
    base_points,
    dropped_sentence,
    emulator_text,
    interval_sentence,
    listed,
    no_case_sentence,
    rare_sentences,
)

RANGE = regex(r"\d to \d")
"""What a range looks like in a reading's condition."""

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from uncertainty.pages.content import ReportContent


ORIGINS = "What the numbers depend on"
"""Caption of the table of origins."""


def section(content: ReportContent) -> Section:
    """Explain the words, the method and its limits."""
    explained = (*_words(content), *_making(content))
    items: tuple[Text, ...] = tuple(joined(strong(term), text) for term, text in explained)
    return Section("method", "Method and limits", (Bullets(items),))


def _words(content: ReportContent) -> Iterator[tuple[str, str]]:
    """Explain what is said of results."""
    interval = (
        f": {interval_sentence(content.settings)} It answers “given these distributions and this reading, "
        "where may the figure lie?”, not “how far off may the reading be?”."
    )
    yield "Uncertainty interval", interval
    kinds = (
        ": some inputs vary because nobody knows them, others because they differ from case to case; the "
        "table of inputs says which. More research narrows the first kind alone."
    )
    plans = [run.scenario for run in content.headline.runs.values()]
    if len({plan.kinds[name] for plan in plans for name in plan.varying}) > 1:
        yield "Two kinds of spread", kinds
    conventions = ": each is a convention. How many of them agree says nothing about which is right."
    yield "Readings are neither probable nor improbable", conventions
    if any(RANGE.search(reading.condition) for reading in content.study.readings.values()):
        ranges = (
            ": nine in ten of an input's draws lie within it where the input is written so, and all of them "
            "where its distribution ends there; the table of inputs says which."
        )
        yield "A range in a reading's condition", ranges
    rounding = (
        ": a number is written with the digits that its Monte Carlo error supports, one standard error as "
        "behind “±”, so that the last may be off by a few, and with two at most where its interval spans "
        "more than a factor of 2; an end that its error would move inwards has one digit more, and a share "
        "that is not known to 5 percentage points is written as its interval. What several runs estimate, "
        "such as a median in several tables, differs between them within these errors. "
        "All digits and all errors are in results.json."
    )
    yield "Rounding", rounding
    limits = (
        ": a distribution is an argument from the evidence beside it, and no better than that evidence. "
        "What the equations leave out is in no interval."
    )
    yield "Limits", limits


def _making(content: ReportContent) -> Iterator[tuple[str, Text]]:
    """Explain how the numbers were made."""
    settings, study = content.settings, content.study
    randomised = "" if settings.design == "random" else ", in independent randomisations"
    single = " of single cases" if any(run.nested for run in content.headline.runs.values()) else ""
    propagation = (
        f": {settings.samples:,} draws{single} ({DESIGNS[settings.design]} design{randomised}) go through "
        "the whole calculation (Monte Carlo, JCGM 101:2008), from the same seed under every reading."
    )
    yield "Propagation", propagation
    if averages := _averages(content):
        yield "All cases together", f": {averages}"
    outputs = content.run.outputs.values()
    if said := dropped_sentence(row.left_out for row in outputs):
        yield "Draws without a value", f": the study allows them. {said}"
    if said := no_case_sentence(
        (f"of “{row.output.title}”", row.without_case, row.beside_average) for row in outputs
    ):
        yield "Single cases", f": {said}"
    if lines := rare_sentences((row.output.title, row.summary) for row in content.run.outputs.values()):
        yield "Rare events", joined(": ", coded(" ".join(lines)))
    analyses = [found for found in content.drivers.values() if not isinstance(found, str)]
    if analyses:
        randomisations = count(analyses[0].replicates, "independent randomisation")
        drivers = (
            f": Sobol' indices from {base_points(analyses)} base points for each reading, in "
            f"{randomisations} (Saltelli et al. 2010, Jansen 1999). Correlated inputs count as one."
        )
        yield "What drives it", drivers
    plan = content.run.scenario
    # a share follows from the others of its whole, which is told by itself
    given = plan.dependent.keys() - {name for whole in plan.wholes for name in whole.names}
    bound = [
        text
        for text, there in (
            ("shares of a whole", plan.wholes),
            ("what is drawn given another", given),
        )
        if there
    ]
    but = f", but for {listed(bound)}" if bound else ""
    if study.correlations:
        pairs, are = count(len(study.correlations), "pair"), "is" if len(study.correlations) == 1 else "are"
        dependence = f": {pairs} of inputs {are} correlated through a Gaussian copula; all others are"
        dependence += f" independent{but}."
    else:
        cause = "a cause that several share counts only where it is an input itself"
        dependence = f": inputs are drawn independently of each other{but}; {cause}."
    yield "Dependence", dependence


def _averages(content: ReportContent) -> str:
    """Say how many draws and cases the averages over cases have, and the pictures of the cases."""
    headline = content.headline
    found = [run.settings for run in headline.runs.values() if run.nested]
    averages = [Sizes(each.outer or 0, each.inner or 0) for each in found]
    every = [content.cases_under(name) for name in headline.leading]
    pictures = [over.sizes for over in every if not isinstance(over, str)]
    if not averages and not pictures:
        return ""
    kinds = (("an average over the cases has", averages), ("their distribution has", pictures))
    told = "; ".join(f"{what} {_sizes_text(sizes)}" for what, sizes in kinds if sizes)
    return (
        f"{told}. So few cases stand for all of them by a net, whose {SCRAMBLES} scrambles tell what it gets "
        "wrong; that is part of every Monte Carlo error, by which numbers are rounded."
    )


def _sizes_text(sizes: Sequence[Sizes]) -> str:
    """Write numbers of draws and of cases in each; where readings differ, the smallest and the largest."""
    pairs = [(min(each), max(each)) for each in zip(*sizes, strict=True)]
    draws, cases = (f"{low:,}" if low == high else f"{low:,} to {high:,}" for low, high in pairs)
    return f"{draws} draws of what nobody knows, each with the same {cases} cases"


def reproduction_section(content: ReportContent) -> Section:
    """Give the command, and everything that the numbers depend on."""
    settings, study = content.settings, content.study
    rows: list[tuple[Text, ...]] = [
        ("Study", code(study.name)),
        ("SHA-256 of the study and its data", code(study.sha256 or "none: the study is not a file")),
        ("Seed", code(str(settings.seed))),
        ("Draws", code(f"{settings.samples}")),
        ("Design", code(settings.design)),
        ("Interval", f"{numbers.level(settings.level)}, {settings.interval}"),
    ]
    if study.emulator is not None:
        rows.append(("In place of the function", emulator_text(study, study.emulator)))
    analyses = [found for found in content.drivers.values() if not isinstance(found, str)]
    if analyses:
        rows.append(("Base points of the Sobol' indices", code(base_points(analyses))))
    rows += [(f"Version of {name}", code(version)) for name, version in content.versions.items()]
    table = Table((Column("Setting"), Column("Value")), tuple(rows), ORIGINS)
    if study.function is not None:
        first = Paragraph(
            "The study is a Python function: call uncertainty.report on it with these settings."
        )
        return Section("reproduction", "Get the same numbers", (first, table))
    intro = Paragraph("One command writes this report again; the number of threads changes nothing.")
    return Section("reproduction", "Get the same numbers", (intro, Listing(command_of(content)), table))


def naming(families: Sequence[str]) -> Callable[[Section], Section]:
    """Return what adds to the table of origins the fonts that a document takes from the system."""
    row: tuple[Text, ...] = ("Fonts of this system in the PDF", listed(families))

    def named(section: Section) -> Section:
        blocks = (
            replace(block, rows=(*block.rows, row))
            if isinstance(block, Table) and block.caption == ORIGINS
            else block
            for block in section.blocks
        )
        return replace(section, blocks=tuple(blocks)) if section.name == "reproduction" else section

    return named


def command_of(content: ReportContent) -> str:
    """Return what writes a report again."""
    settings = content.settings
    words = ["uncertainty", "report", typed_name(content.study)]
    words += ["--samples", str(settings.samples), "--seed", str(settings.seed), "--design", settings.design]
    words += ["--level", f"{settings.level}", "--interval", settings.interval]
    for choice, option in content.chosen.items():
        words += ["--choose", f"{choice}={option}"]
    for name, value in settings.overrides.items():
        words += ["--set", f"{name}={value}"]
    if content.second_opinion:
        words.append("--second-opinion")
    return shlex.join(words)


def _of_single_cases(content: ReportContent) -> str:
    """Say which outputs the explorer shows as of any one case, though they speak of all cases together."""
    outputs = content.study.outputs
    plans = [content.run.scenario, *(run.scenario for run in content.headline.runs.values())]
    by_plan = [tuple(name for name in outputs if is_nested(plan, name)) for plan in plans]
    nested = [outputs[name].title for name in outputs if any(name in each for each in by_plan)]
    if not nested:
        return ""
    few = len(nested) <= MOST_NAMED
    named = listed(nested) if few else count(len(nested), "output that speaks", "outputs that speak")
    of_all = "" if few else " of all cases together"
    of_all += " under some readings" if len(set(by_plan)) > 1 else ""
    stand = "stands" if len(nested) == 1 else "stand"
    return (
        f" Its draws are single cases: {named}{of_all} {stand} here as of any one case, not of the average."
    )


MOST_NAMED = 3
"""Outputs that are named one by one."""


def _totals(content: ReportContent) -> str:
    """Say that totals stand for cells, where these are too many."""
    if not is_large(content.study):
        return ""
    number = len(content.run.scenario.varying)
    return f" It draws {number:,} cells and shows what has an index as totals by member, beside the headline."


def _without_observations(content: ReportContent) -> str:
    readings = content.study.readings
    left = [readings[name].title for name in readings if name not in offered(content.study)]
    return f" It weighs no draws by observations: {listed(left)} is not offered there." if left else ""


def explorer_section(content: ReportContent) -> Section:
    """Let readers answer every question and set every input themselves."""
    program = export_program(content.study, content.settings)
    study = content.study
    plans = [content.run.scenario, *(scenario(study, name) for name in study.readings)]
    beside = next((name for plan in plans for name in beside_averages(plan, study.outputs)), None)
    blocks: tuple[Block, ...]
    if beside is not None:
        said = f"“{study.outputs[beside].title}” {BESIDE_AVERAGE}"
        blocks = (Paragraph(f"A page draws single cases, and {said}: it cannot run this study."),)
    elif program is None:
        blocks = (Paragraph("The model of this study is a Python function, which a page cannot run."),)
    else:
        blocks = (
            Paragraph(
                "Anyone who disagrees with an assumption can change it here, see what happens to the result, "
                f"and send the changed view on as a link. The study's own equations run on "
                f"{program['draws']:,} draws in the browser; nothing leaves this page."
                f"{_of_single_cases(content)}{_totals(content)}{_without_observations(content)}"
            ),
            Explorer(
                program_json(program),
                "The explorer is part of the page index.html and runs in a browser with JavaScript.",
            ),
        )
    return Section("explorer", "Try it: change an assumption", blocks)
