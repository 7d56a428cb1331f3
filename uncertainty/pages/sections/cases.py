"""How an output is distributed over the cases, and what nobody knows of that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.case_statistics import OutputCases
from uncertainty.expressions import Call, Name
from uncertainty.expressions.operations import AVERAGE
from uncertainty.over_cases import averages_ratio
from uncertainty.pages.blocks import (
    Block,
    Bullets,
    Column,
    Paragraph,
    Section,
    Subheading,
    Table,
    Text,
    strong,
)
from uncertainty.pages.figures import figure
from uncertainty.sides import direction_text
from uncertainty.study.cells import title_of_cell
from uncertainty.wording import after_unit, capitalised, interval_text, published_text, with_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.case_statistics import Spread
    from uncertainty.expressions import Expression
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario


TITLE = "One case, and all of them"


def section(content: ReportContent) -> Section | None:
    """Set any one case beside the average under one of the leading readings, and draw both.

    That is the preferred reading, or else the first in which there are both; the card shows them all.
    """
    every = {name: content.cases_under(name) for name in content.headline.leading}
    known = {name: over for name, over in every.items() if not isinstance(over, str)}
    if not known:
        return None
    preferred = content.study.preferred_reading
    pictured = preferred if preferred in known and preferred is not None else next(iter(known))
    blocks: list[Block] = [Paragraph(LEAD)]
    found = replace(content.headline.distribution(pictured), cases=known[pictured])
    blocks.append(Subheading(content.study.readings[pictured].title))
    blocks.append(Bullets(two_lines(found, content.run_under(pictured).scenario)))
    blocks.append(figure("cases", content, pictured))
    blocks += map(Paragraph, beyond_sentences(known[pictured]))
    return Section("cases", TITLE, tuple(blocks))


LEAD = (
    "Cases differ: that is no ignorance, and no measurement would change it. The average over all cases is "
    "one number that nobody knows exactly. A single case may lie far from it."
)


def cases(found: OutputDistribution, plan: Scenario, *, whole: bool) -> Section:
    """Set any one case beside the average, and show the distribution over cases where that is asked for."""
    blocks: list[Block] = [Bullets(two_lines(found, plan))]
    if whole and found.cases is not None:
        blocks += picture(found.cases)
    return Section("cases", f"{found.output.title}: one case, and all of them", tuple(blocks))


def sections_of(rows: Sequence[OutputDistribution], plan: Scenario, *, whole: bool) -> list[Section]:
    """Set one case beside all of them: the first output in full, the others in one table."""
    first, *others = rows
    found = [cases(first, plan, whole=whole)]
    if others:
        columns = (
            Column("Output"),
            Column("Any one case", numeric=True),
            Column("All cases"),
            Column("Median and interval", numeric=True),
        )
        told = tuple(_row(row, plan) for row in others)
        title = "The other outputs: one case, and all of them"
        found.append(Section("other-cases", title, (Table(columns, told),)))
    return found


def _row(found: OutputDistribution, plan: Scenario) -> tuple[Text, ...]:
    one, average = found.any_case or found, _average(found)
    title = after_unit(found.output.title, found.output.unit.text)
    if isinstance(average, OutputCases):
        return title, interval_text(one), "median case", beside_one_case(average.median_case, one)
    return title, interval_text(one), _short_name(plan, found.output.name), beside_one_case(average, one)


def _average(found: OutputDistribution) -> Spread | OutputDistribution | OutputCases:
    """Return the average over the cases; where it does not settle, the distribution over them."""
    over = found.cases
    if over is None:
        # it is what the output speaks of
        return found
    return over if isinstance(over.average, str) else over.average


def _short_name(plan: Scenario, output: str) -> str:
    """Name what is averaged in a word or three."""
    named = average_name(plan, output)
    if "÷" in named:
        return "ratio of averages"
    if "−" in named:
        return "difference of averages"
    return "average of the ratio" if "ratio" in named else "average"


def two_lines(found: OutputDistribution, plan: Scenario) -> tuple[Text, ...]:
    """Return the two intervals that a reader must not confuse, each with what it is of."""
    one, average = found.any_case or found, _average(found)
    unit = found.output.unit.text
    first = ("Any one case: ", strong(with_unit(interval_text(one), unit)))
    name = capitalised(average_name(plan, found.output.name))
    if isinstance(average, OutputCases):
        case = beside_one_case(average.median_case, one)
        return first, (
            f"{capitalised(str(average.average))}. Half of all cases lie below: ",
            strong(with_unit(case, unit)),
        )
    return first, (f"{name}: ", strong(with_unit(beside_one_case(average, one), unit)))


def average_name(plan: Scenario, output: str) -> str:
    """Name what is averaged: the formula where that averages, and else the output."""
    study = plan.study
    if averages_ratio(plan, [output]):
        return "average of the ratio"
    formula = study.outputs[output].expression
    named = None if formula is None else _named(formula, study)
    return named or "average over the cases"


def _named(expression: Expression, study: Study) -> str | None:
    """Write a quotient or difference of averages of quantities in words; None for other formulas."""
    match expression:
        case Call(operation=operation, arguments=(argument,)) if operation == AVERAGE:
            averaged = _sum(argument, study)
            return averaged and f"average {averaged}"
        case Call(operation="divide" | "subtract" as operation, arguments=(left, right)):
            one, other = _named(left, study), _named(right, study)
            sign = "÷" if operation == "divide" else "−"
            return f"{one} {sign} {other}" if one and other else None
    return None


def _sum(expression: Expression, study: Study) -> str | None:
    """Write a quantity, or a sum of two, in words; None for other formulas."""
    match expression:
        case Name(name=name):
            return _title(study, name)
        case Call(operation="add", arguments=(Name(name=one), Name(name=other))):
            return f"{_title(study, one)} with {_title(study, other)}"
    return None


def _title(study: Study, name: str) -> str:
    if name in study.inputs:
        return study.inputs[name].title
    equation = study.equations.get(name)
    label = equation.label if equation is not None else ""
    return label or title_of_cell(study, name).replace("_", " ")


def beside_one_case(spread: Spread | OutputDistribution, one: OutputDistribution) -> str:
    """Write what all cases give, with its interval, beside that of any one case."""
    varies = not spread.draws.equal
    median, interval = numbers.median_and_interval(spread.middle, *spread.ends, varies=varies)
    if not varies:
        return median
    if one.varies:
        interval = numbers.interval_within(spread.ends, one.ends)
    low, _, high = interval.partition(" to ")
    return median if median == low == high else f"{median} ({interval})"


def _between(spread: Spread) -> str:
    """Write a share of the cases with its interval, such as "57 to 99.9 %"."""
    low, high = (numbers.share_of_end(end) for end in spread.ends)
    if low == high or high.startswith("under"):
        return high
    if low.startswith("over"):
        return low
    plain = not low.startswith(("over", "under")) and not high.startswith(("over", "under"))
    return f"{low.removesuffix(' %') if plain else low} to {high}"


def picture(over: OutputCases) -> list[Block]:
    """Show the distribution over cases, and how it is read."""
    return [_quantiles(over), *map(Paragraph, beyond_sentences(over)), Paragraph(_reading_of(over))]


def _quantiles(over: OutputCases) -> Table:
    columns = (
        Column("Of the cases"),
        Column("are at or below", numeric=True),
        Column(f"{numbers.level(over.median_case.level)} interval", numeric=True),
    )
    rows = []
    for each in over.quantiles:
        varies = not each.spread.draws.equal
        median, interval = numbers.median_and_interval(each.spread.middle, *each.spread.ends, varies=varies)
        interval = interval if varies else f"{median} to {median}"
        rows.append((numbers.level(each.probability), median, interval))
    unit = with_unit("", over.output.unit.text).strip()
    title = "The distribution over cases" + (f", in {unit}" if unit else "")
    return Table(columns, tuple(rows), f"{title}; the intervals show what nobody knows of it")


def beyond_sentences(over: OutputCases) -> list[str]:
    """Say in what share of the cases the claim holds, and how many reach the published figure."""
    output = over.output
    told = []
    if over.share_beyond_reference is not None and output.reference is not None:
        # the share counts the cases at the reference itself, too
        what = direction_text(output, output.reference, above=over.above, met=True)
        told.append((over.share_beyond_reference, what))
    if over.share_beyond_published is not None:
        side = "at least" if over.above else "at most"
        what = f"“{output.title}” is {side} the published {published_text(output)}"
        told.append((over.share_beyond_published, what))
    return [
        f"In {_between(spread)} of cases {what}; the middle of that is {numbers.share(spread.middle)}."
        for spread, what in told
    ]


def _reading_of(over: OutputCases) -> str:
    text = f"{over.sizes.outer:,} draws of what nobody knows, each with the same {over.sizes.inner:,} cases. "
    if over.average_sizes is not None:
        outer, inner = over.average_sizes
        text += f"The average has {outer:,} draws, each with the same {inner:,} cases. "
    return f"{text}What these cases get wrong is part of every error, and not of the intervals."
