"""The sentences that analyses, commands and reports share: what readings grant and give, what is claimed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from uncertainty import numbers
from uncertainty._version import __version__
from uncertainty.distributions.spread import separate_values
from uncertainty.expressions.stages import BESIDE_AVERAGE
from uncertainty.late import dataclass, regex
from uncertainty.study.limits import EXPERTS
from uncertainty.study.reach import made_of
from uncertainty.study.scenario import scenario

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.reproduction import Reproduction
    from uncertainty.sampling.estimate import Estimate
    from uncertainty.sensitivity.sobol.analysis import SobolIndices
    from uncertainty.settings import Settings
    from uncertainty.study.emulator import Emulator
    from uncertainty.study.model import Figure, Input, Output, Override, Reading, Study
    from uncertainty.study.scenario import Scenario

UNMET = "All draws have this one value; others are possible, and no draw met one."

NOTHING_PUBLISHED = "none in the study"

DESIGNS = {"random": "random", "lhs": "Latin hypercube", "sobol": "scrambled Sobol'"}
HASH_DIGITS = 12

KINDS = {"uncertainty": "what nobody knows", "variability": "what differs from case to case"}
"""Why an input varies."""

SENTENCES = MappingProxyType(
    {
        "direction": "the direction holds in {share} of draws",
        "at_least": "{share} of draws say {value} or more",
        "at_most": "{share} of draws say {value} or less",
        "statistic": "the {statistic} is {calculated} where {published} was published",
        "place": "{published} lies {place} percentile",
        "half_or_less": "half the draws say {median} or less",
        "half_or_more": "half the draws say {median} or more",
        "unvarying": "nothing varies and the result is {median}",
        "interval": "{level} uncertainty interval",
        "dropped": "Draws without a value were dropped: {shares}. What is said holds for the others.",
    }
)
"""What pages and the explorer on them say alike, with the names of the values in it."""

_OF_YEARS = regex(r"year|jahr|ann[ée]e|año|anno", re.IGNORECASE)
MOST_WRITTEN = 10
"""Digits of a number that somebody wrote; one with more was calculated."""
NEGLIGIBLE = 0.005
"""Share below which what an input does is not told apart from what its like do."""


def with_unit(text: str, unit: str) -> str:
    """Write a number's unit behind it; a pure number has none, and what is missing neither."""
    return text if unit == "1" or text == numbers.MISSING else f"{text} {unit}"


def after_unit(text: str, unit: str) -> str:
    """Name an axis with its unit."""
    return text if unit == "1" else f"{text} ({unit})"


def unit_in_words(unit: str) -> str:
    """Return a unit's text, in words for a pure number."""
    return "pure number" if unit == "1" else unit


def point_text(value: float) -> str:
    """Write a number that is no estimate, such as a point or a limit, as it was written where that is short.

    Six digits are shown of what has more than ten, as a result of a calculation has.

    Examples
    --------
    >>> point_text(50_000_623), point_text(5.291502622129181), point_text(0.8)
    ('50,000,623', '5.2915', '0.8')
    """
    own = len(repr(float(value)).split("e")[0].replace(".", "").strip("-0"))
    mantissa, *exponent = numbers.number(value, own if 6 < own <= MOST_WRITTEN else 6).split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return "e".join([mantissa, *exponent])


def condition(study: Study, reading: Reading, output: Output | None = None) -> str:
    """Return the clause that says what a reading holds fixed, from "If" to the comma.

    Where the study gives none, it is made from the options and inputs that the reading sets.

    Parameters
    ----------
    output
        What the clause is about: options and inputs that do not reach it are left out.
    """
    if reading.condition:
        return f"If {reading.condition.rstrip('.,; ')},"
    reached = None if output is None else made_of(scenario(study, reading.name), output).keys()
    parts = [
        f"“{study.choices[choice].question or choice}” is answered by “{chosen.title}”"
        for choice, option in reading.choices.items()
        for chosen in [study.choices[choice].options[option]]
        if option != study.choices[choice].published
        if reached is None or reached & {*chosen.equations, *chosen.inputs}
    ]
    inputs = {n: each for n, each in reading.inputs.items() if reached is None or n in reached}
    parts += _set_inputs(study, inputs)
    parts += [f"{study.observations[name].title} is taken as observed" for name in reading.observations]
    if not parts:
        choices = " and every choice is made as the publication made it" if study.choices else ""
        return f"If the publication's calculation holds{choices},"
    return f"If {listed(parts)},"


MOST_CELLS = 3
"""Cells of one quantity that a clause names one by one."""


def _set_inputs(study: Study, inputs: Mapping[str, Override]) -> list[str]:
    """Say what a reading sets inputs to; of a quantity with many cells how many it sets."""
    parts = []
    cells = Counter(study.inputs[name].quantity for name in inputs)
    for name, value in inputs.items():
        item = study.inputs[name]
        if not item.quantity or cells[item.quantity] <= MOST_CELLS:
            parts.append(f"{item.title} is {override_text(value, item)}")
        elif (said := _many_cells(study, item, cells[item.quantity])) not in parts:
            parts.append(said)
    return parts


def _many_cells(study: Study, item: Input, number: int) -> str:
    quantity = study.quantities[item.quantity]
    every = "all" if number == len(quantity.cells) else f"{number:,} of"
    return f"{every} {len(quantity.cells):,} values of {quantity.title} are the reading's own"


def median_beside(low: float, median: float, high: float) -> str:
    """Write an exact median with three digits, or as many as tell it from the lower end.

    Examples
    --------
    >>> median_beside(50_000_580, 50_000_623, 50_000_666), median_beside(-0.49, 1.1e-16, 0.49)
    ('50,000,623', '0')
    """
    if low < 0 < high and abs(median) < numbers.NOISE * (high - low):
        return "0"
    return numbers.exact(median, low)


def scenario_text(plan: Scenario) -> str:
    """Name the reading, the options that were chosen on top of it and the inputs that were replaced."""
    title = plan.study.readings[plan.reading].title
    changed = [f"{choice}={option}" for choice, option in chosen(plan).items()]
    changed += [f"{name}={value}" for name, value in plan.overrides.items()]
    own = plan.study.readings[plan.reading].observations
    changed += [f"{name} observed" for name in plan.observations if name not in own]
    return f"{title}, with {', '.join(changed)}" if changed else title


def scenario_condition(plan: Scenario) -> str:
    """Return the clause that says what a scenario holds fixed, from "If" to the comma."""
    study = plan.study
    reading = study.readings[plan.reading]
    choices = [(study.choices[name], option) for name, option in chosen(plan).items()]
    answers = [f"“{c.options[option].title}” answers “{c.question or c.name}”" for c, option in choices]
    if not answers:
        return condition(study, reading)
    return f"If {listed([*answers, f'all else is as in “{reading.title}”'])},"


def chosen(plan: Scenario) -> dict[str, str]:
    """Return the options that a scenario takes in place of its reading's own."""
    choices = plan.study.choices
    own = {name: choice.published for name, choice in choices.items()}
    own |= plan.study.readings[plan.reading].choices
    return {choice: option for choice, option in plan.choices.items() if own[choice] != option}


def provenance(study: Study, settings: Settings, *, asked: int | None = None, what: str = "draws") -> str:
    """Say what the numbers rest on: draws, design, seed, version and the study's hash."""
    rounded = f" (rounded up from {asked:,})" if asked is not None and asked < settings.samples else ""
    return (
        f"{settings.samples:,} {what}{rounded}, {DESIGNS[settings.design]} design, seed {settings.seed}; "
        f"{_weighed(study, settings)}"
        f"{version_and_study(study)}."
    )


def _weighed(study: Study, settings: Settings) -> str:
    """Name the observations that draws are weighed by."""
    reading = study.readings.get(settings.reading)
    names = dict.fromkeys((*(reading.observations if reading else ()), *settings.observe))
    return f"weighed by {listed(list(names))}; " if names else ""


ALIKE = "in every draw, though other values are possible"
"""What is said of draws that are all alike where a rare event that none has met may set others apart."""

LEFT_OUT = "{} left out for the budget of model rows."
"""What is said of something that a budget leaves no room for."""


def version_and_study(study: Study) -> str:
    """Name the program that made numbers, and the study that they are of."""
    emulated = "" if study.emulator is None else f" ({emulator_text(study, study.emulator)})"
    return f"uncertainty {__version__}; study {study.name}{emulated}, sha256 {study.sha256[:HASH_DIGITS]}"


def emulator_text(study: Study, emulator: Emulator) -> str:
    """Say how well an emulator does in place of a study's function, at the output that it follows worst."""
    runs, outputs = emulator
    unseen = numbers.at_most(100 * emulator.unseen)
    name, worst = min(outputs.items(), key=lambda item: item[1].q2)
    missed = f"±{numbers.number(worst.residual_sd)} {study.outputs[name].unit.text}".removesuffix(" 1")
    if worst.scale == "log10":
        factor = 10**worst.residual_sd
        missed = f"±{100 * (factor - 1):.2g} %" if factor < 1.1 else f"a factor of {factor:.2g}"
    of = f" of “{study.outputs[name].title}”" if len(outputs) > 1 else ""
    q2 = "over 0.9999" if worst.q2 > 0.9999 else f"{worst.q2:.4f}"
    return (
        f"an emulator of {runs:,} runs; its Q²{of} is {q2}, it misses by {missed} (standard deviation), and "
        f"what fewer than {unseen} % of draws meet may be in no run"
    )


def override_text(override: Override, item: Input) -> str:
    """Write what a reading sets an input to: a number with its unit, or a distribution as in a study file."""
    distribution = override.distribution
    if distribution.is_constant:
        return value_text(item, distribution.mean)
    if item.member_of is not None:
        return listed((item.member_of.label_at(value) for value in separate_values(distribution)), "or")
    text = " ".join(override.written.split())
    if text == EXPERTS:
        return "what the experts say"
    return text if "(" in text else with_unit(text, item.unit.text)


def value_text(item: Input, value: float) -> str:
    """Write a value of an input that is no estimate, with its unit; of a category the member's label."""
    return (
        bare_value(item, value)
        if item.member_of is not None
        else with_unit(bare_value(item, value), item.unit.text)
    )


def bare_value(item: Input, value: float) -> str:
    """Write the same without the unit; a year without a comma."""
    if item.member_of is not None:
        return item.member_of.label_at(value)
    return point_text(value).replace(",", "") if is_year(item) else point_text(value)


def is_year(item: Input) -> bool:
    """Tell whether an input is a year of the calendar, by its title and its point."""
    point = item.point
    is_one = isinstance(point, float | int) and float(point).is_integer() and int(point) in numbers.YEARS
    return is_one and item.unit.text in ("1", "year") and _OF_YEARS.search(item.title) is not None


def moved_to(item: Input, value: float, others: Iterable[float] = ()) -> str:
    """Write where an input was moved to: with three digits, or as many as tell it from the other places.

    Of a category the label is written.
    """
    whole = item.member_of is not None or is_year(item)
    digits = max((numbers.digits_apart(value, each, 2) for each in others), default=3)
    return bare_value(item, value if whole else float(f"{value:.{min(max(digits, 3), 15)}g}"))


def member_shares(item: Input) -> dict[str, float]:
    """Return how often each member is drawn of a category that varies, by label."""
    index, distribution = item.member_of, item.distribution
    if index is None or distribution is None:
        return {}
    places = np.arange(len(index.names), dtype=float)
    shares = np.diff(distribution.cdf(places), prepend=0.0)
    return {
        index.label_at(place): float(share) for place, share in zip(places, shares, strict=True) if share > 0
    }


def listed_shares(shares: Mapping[str, float]) -> str:
    """Say how often each member is drawn."""
    return listed(f"{label} {numbers.share(share)}" for label, share in shares.items())


def listed(parts: Iterable[str], last: str = "and") -> str:
    """Join texts as a list in a sentence."""
    *first, end = parts
    return f"{', '.join(first)} {last} {end}" if first else end


NAMED = 8
"""Names that one sentence holds; of more it counts the rest."""


FEW = 2
"""Inputs that are named where their number would do."""


def some_of(names: Sequence[str], last: str = "and") -> str:
    """List names in a sentence, a few of many and how many more there are."""
    rest = len(names) - NAMED + 2
    return listed(names, last) if rest <= 2 else listed([*names[: NAMED - 2], f"{rest:,} more"], last)


def few_titles(study: Study, names: Sequence[str]) -> str:
    """List inputs by their titles where they are few, or say how many they are."""
    if len(names) > FEW:
        return numbers.count(len(names), "input")
    return listed([study.inputs[name].title for name in names])


def median_text(found: OutputDistribution) -> str:
    """Write the median, no more exactly than belongs beside its interval."""
    return found.written[0]


def middle_text(found: OutputDistribution) -> str:
    """Write the median with its unit in a sentence; of a yes or no, the probability of yes."""
    if found.probability is not None:
        return numbers.probability(found.probability)
    return with_unit(median_text(found), found.output.unit.text)


def middle_name(found: OutputDistribution) -> str:
    """Name what stands for an output: its median, its one value, or how probable a yes is."""
    if not found.varies:
        return "the value of all draws" if found.draws.unmet else "the value"
    return "the median" if found.probability is None else "the probability"


def middle_heading(groups: Iterable[Iterable[OutputDistribution]], *, plural: bool = False) -> str:
    """Name a column of what stands for outputs: medians, and of a yes or no how probable a yes is.

    Parameters
    ----------
    groups
        Distributions of each output; one that is a yes or no in some of them is one in all.
    """
    kinds = {any(found.probability is not None for found in group) for group in groups}
    names = ("medians", "probabilities") if plural else ("median", "probability")
    told = [name for name, kind in zip(names, (False, True), strict=True) if kind in kinds]
    return capitalised(listed(told, "and" if plural else "or"))


def interval_text(found: OutputDistribution) -> str:
    """Write the uncertainty interval; what does not vary and what is a yes or no have none."""
    return found.written[1]


def has_interval(found: OutputDistribution) -> bool:
    """Tell whether an output has one."""
    return interval_text(found) != numbers.MISSING


def figure_text(figure: Figure) -> str:
    """Write a figure as it was printed."""
    return numbers.printed(figure.value, figure.digits)


def statistic_text(figure: Figure) -> str:
    """Name what a figure is of the draws, or of the points."""
    if figure.level is not None:
        end = "lower" if figure.statistic == "low" else "upper"
        return f"{end} end of the {numbers.level(figure.level)} interval"
    if figure.statistic in STATISTICS:
        return STATISTICS[figure.statistic]
    place = figure.statistic[1:]
    ordinal = numbers.ordinal(int(place)) if place.isdigit() else f"{place}th"
    return f"{ordinal} percentile"


STATISTICS = {
    "value": "value at the points",
    "mean": "mean",
    "median": "median",
    "sd": "standard deviation",
    "probability": "share of the draws at or above the reference",
}
"""What figures are called, but for percentiles and the ends of intervals."""


def named_figure(figure: Figure) -> str:
    """Write a figure as it was printed, named where it is another than the one at the points."""
    return figure_text(figure) if figure.at_points else f"{statistic_text(figure)} {figure_text(figure)}"


def published_text(output: Output) -> str:
    """Write the published figure with its unit, named where it is another than the one at the points."""
    figure = output.published
    if figure is None:
        return NOTHING_PUBLISHED
    if figure.statistic != "probability":
        return with_unit(named_figure(figure), output.unit.text)
    # a probability is a pure number, whatever the output's unit
    if output.reference is None:
        return named_figure(figure)
    limit = with_unit(point_text(output.reference), output.unit.text)
    return f"a share of {figure_text(figure)} of the draws at or above {limit}"


def drawn_text(row: Reproduction) -> str:
    """Name what is compared with a figure: the value at the points, or a statistic of the draws."""
    named = "" if row.figure is None else statistic_text(row.figure)
    return named if row.estimate is None or "of the draws" in named else f"{named} of the draws"


def calculated_text(row: Reproduction) -> str:
    """Write what is compared with a printed figure: its number from draws, or the point."""
    if row.estimate is None:
        # one digit more than was printed shows how the point rounds
        return numbers.number(row.point, max(numbers.MOST_DIGITS, (row.digits or 0) + 1))
    return numbers.with_error(row.estimate, (row.digits or 0) + 1)


def compared_sentence(row: Reproduction) -> str:
    """Say how a figure that is not at the points, or stands beside one, compares with what was printed."""
    if row.figure is None:
        return NOTHING_PUBLISHED
    calculated = with_unit(calculated_text(row), row.unit)
    undecided = (
        "" if row.status != "undecided" or row.estimate is None else f" ({row.estimate.reason.rstrip('.')})"
    )
    return f"{drawn_text(row)} {calculated}{undecided}, published {figure_text(row.figure)}: {row.status}"


def mark_text(output: Output) -> str:
    """Write what stands where a picture marks the published figure; nothing where it marks none."""
    figure = output.published
    if figure is None or output.published_value is None:
        return ""
    return f"published: {named_figure(figure)}"


def claim_text(output: Output) -> str:
    """Write what the publication says of an output."""
    qualifier = {"at least": "at least ", "at most": "at most ", "about": ""}[output.claim]
    figure, said = output.published, published_text(output)
    if figure is None or figure.at_points or figure.statistic == "probability":
        return qualifier + said
    statistic = statistic_text(figure)
    return f"{statistic} {qualifier}{said.removeprefix(statistic).lstrip()}"


INTERVALS = {"central": "with equal shares beyond both ends", "shortest": "as the shortest that does"}
"""How an interval lies among the draws, by its kind."""


def interval_sentence(settings: Settings) -> str:
    """Say what an uncertainty interval is."""
    return (
        f"An uncertainty interval (many call it a confidence interval) holds {numbers.level(settings.level)} "
        f"of the draws, {INTERVALS[settings.interval]}."
    )


def compact(text: str) -> str:
    """Shorten the words of an open-ended share or percentile for a table."""
    for word, sign in (("under ", "<"), ("below ", "<"), ("over ", ">"), ("above ", ">")):
        text = text.replace(word, sign)
    return text


@dataclass(frozen=True, slots=True)
class Beyond:
    """The share of draws at a threshold or beyond it, in the direction of the claim."""

    estimate: Estimate
    direction: str
    varies: bool

    @property
    def text(self) -> str:
        """The share, in per cent; what does not vary has no share."""
        return numbers.share(self.estimate) if self.varies else numbers.MISSING


def beyond(found: OutputDistribution, threshold: float) -> Beyond:
    """Return the share of draws at `threshold` or beyond it."""
    if found.output.claims_above:
        return Beyond(found.draws.share_at_least(threshold), "at or above", found.varies)
    return Beyond(found.draws.share_at_most(threshold), "at or below", found.varies)


def beyond_sentences(found: OutputDistribution) -> list[str]:
    """Say how many draws reach the published figure and the reference."""
    if not found.varies:
        return [UNMET if found.draws.unmet else "Nothing varies: this is one number."]
    output = found.output
    thresholds = []
    if output.published_value is not None:
        thresholds.append((output.published_value, f"the published {published_text(output)}"))
    if output.reference is not None:
        thresholds.append((output.reference, with_unit(point_text(output.reference), output.unit.text)))
    sentences = []
    for value, name in thresholds:
        share = beyond(found, value)
        sentences.append(capitalised(f"{share.text} of the draws are {share.direction}\u00a0{name}."))
    return sentences


def statistic_clause(found: OutputDistribution) -> str:
    """Set a published statistic beside the same of the draws; nothing where the figure is at the points."""
    figure = found.output.published
    if figure is None or (figure.at_points and found.output.published_value is not None):
        return ""
    from uncertainty.reproduction import statistic_of

    if figure.at_points:  # of what says yes or no
        figure = replace(figure, statistic="mean")
    estimate = statistic_of(found.draws, figure, found.output.reference)
    unit = "1" if figure.statistic == "probability" else found.output.unit.text
    calculated = with_unit(numbers.with_error(estimate, figure.digits + 1), unit)
    named = {"statistic": statistic_text(figure), "published": figure_text(figure)}
    return SENTENCES["statistic"].format(calculated=calculated, **named)


def percentile_sentence(found: OutputDistribution, reading: str) -> str:
    """Say where the published figure lies among one reading's draws; empty where nothing was published.

    A statistic of the draws that was published is set beside theirs instead.
    """
    if statistic := statistic_clause(found):
        return f"Under the reading “{reading}” {statistic}."
    if found.percentile is None:
        return ""
    if found.equal is not None:
        share = capitalised(numbers.share(found.equal))
        return f"{share} of the draws of the reading “{reading}” are exactly the published figure."
    place = numbers.at_percentile(found.percentile)
    return f"The published figure lies {place} percentile of the reading “{reading}”."


def whose_variation(*shown: tuple[Scenario, Iterable[str]]) -> str:
    """Say whose variation intervals show.

    Parameters
    ----------
    shown
        Scenarios, each with the names of the inputs that vary in it.
    """
    every = [(plan, _with_last_share(plan, set(names))) for plan, names in shown]
    # an input may be of one kind in a scenario and of the other in the next, or fixed there
    found = {kind: {n for plan, names in every for n in names if plan.kinds[n] == kind} for kind in KINDS}
    inputs = shown[0][0].study.inputs
    parts = [
        f"{KINDS[kind]} ({counted([inputs[name].quantity or name for name in names], 'input', cells=', {}')})"
        for kind, names in found.items()
        if names
    ]
    if not parts:
        varying = any(plan.varying for plan, _ in shown)
        return (
            f"No input{' whose variation it shows' if varying else ''} varies, so the interval has no width."
        )
    return f"The {'interval shows' if len(shown) == 1 else 'intervals show'} {listed(parts)}."


def _with_last_share(plan: Scenario, names: set[str]) -> set[str]:
    """Add the share of a whole that follows from the others: it varies as they do, though it is not drawn."""
    return names | {whole.names[-1] for whole in plan.wholes if names & set(whole.drawn)}


def counted(quantities: Collection[str], noun: str, plural: str = "", cells: str = " ({})") -> str:
    """Count quantities, and their cells where there are more of these.

    Examples
    --------
    >>> counted(["a", "b"], "input"), counted(["a", "b", "b"], "input varies", "inputs vary")
    ('2 inputs', '2 inputs vary (3 cells)')
    """
    whole = numbers.count(len(set(quantities)), noun, plural)
    number = len(quantities)
    return whole if len(set(quantities)) == number else whole + cells.format(numbers.count(number, "cell"))


def dropped_sentence(shares: Iterable[tuple[str, float]]) -> str:
    """Say what share of draws had no value and was dropped; empty where every draw had one.

    Parameters
    ----------
    shares
        What the share is of, such as "of the base points", with the share.
    """
    parts = [f"{numbers.share(share)} {of}" for of, share in shares if share]
    if not parts:
        return ""
    return SENTENCES["dropped"].format(shares=listed(parts))


def no_case_sentence(averages: Iterable[tuple[str, float, bool]]) -> str:
    """Say why nothing is told of any one case; empty where something is.

    Parameters
    ----------
    averages
        Of what each is, such as "of “Cost”", the share of draws in which any one case has no value, and
        whether single cases stand beside an average in its formula.
    """
    told = list(averages)
    parts = [f"{numbers.share(share)} of draws {of}" for of, share, _ in told if share]
    formulas = [f"the formula {of}" for of, _, beside in told if beside]
    said = []
    if parts:
        said.append(
            f"In any one case there is no value for {listed(parts)}, so that the average alone is told."
        )
    said += [f"{capitalised(each)} {BESIDE_AVERAGE}." for each in formulas]
    return " ".join(said)


ENDS = {"low": "the lower end", "high": "the upper end"}


def estimate_names() -> dict[str, str]:
    """Return what estimates are called where their errors are spoken of."""
    from uncertainty.output_distribution import STATISTICS
    from uncertainty.sampling.thresholds import SHARES

    shares = ((name, share.words) for name, share in SHARES.items())
    return ENDS | dict([*STATISTICS.items(), *shares])


def rare_sentences(estimates: Iterable[tuple[str, Mapping[str, Estimate]]]) -> list[str]:
    """Say which numbers rest on too few draws to have an error.

    Parameters
    ----------
    estimates
        Titles, each with estimates by the names that `estimate_names` has.
    """
    sentences, called = [], estimate_names()
    for title, found in estimates:
        because: dict[str, list[str]] = {}
        for name, each in found.items():
            if each.rests_on_too_few:
                because.setdefault(each.reason, []).append(called[name])
        sentences += [
            f"{capitalised(listed(names))} of “{title}” have no error: {reason}"
            if len(names) > 1
            else f"{capitalised(names[0])} of “{title}” has no error: {reason}"
            for reason, names in because.items()
        ]
    return sentences


def base_points(analyses: Sequence[SobolIndices]) -> str:
    """Write how many base points each of some analyses used."""
    used = [found.settings.samples for found in analyses]
    least, most = min(used), max(used)
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


def the_other(number: int, noun: str, plural: str = "") -> str:
    """Name those that are left.

    Examples
    --------
    >>> the_other(1, "reading"), the_other(3, "quantity", "quantities")
    ('the other reading', 'the other 3 quantities')
    """
    return f"the other {noun}" if number == 1 else f"the other {numbers.count(number, noun, plural)}"


def capitalised(sentence: str) -> str:
    """Begin a sentence with a capital."""
    return sentence[:1].upper() + sentence[1:]
