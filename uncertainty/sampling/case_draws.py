"""Draws of statistics over cases: of how many cases, and whether their average settles."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.compiled import differs, scenario_graph
from uncertainty.errors import SettingError
from uncertainty.expressions.graph import Apply
from uncertainty.expressions.operations import AVERAGE
from uncertainty.expressions.ranges import ANYWHERE, ranges_of
from uncertainty.sampling.atoms import in_atoms, with_missed_cases
from uncertainty.sampling.case_model import VERSIONS, CaseModel, Measure
from uncertainty.sampling.cases import SCRAMBLES, make_cases
from uncertainty.sampling.collecting import Collection
from uncertainty.sampling.constancy import settled
from uncertainty.sampling.designs import FEWEST_REPLICATES
from uncertainty.sampling.estimate import MOST_DRAWS, NOTHING, Least
from uncertainty.sampling.moments import MOST_KURTOSIS, unit_of
from uncertainty.sampling.nesting import FEWEST_CASES, net_errors
from uncertainty.sampling.other_nets import CASES, DRAWS, NetErrors, kurtosis_of_cases, parts_of, widenings
from uncertainty.sampling.outer import outer_inputs
from uncertainty.sampling.rarity import LOOK, PILOT_CASES, average_of, rarity
from uncertainty.sampling.simulation import Simulation, few_unknown, unknown_simulation
from uncertainty.sampling.statistics import FEWEST_BEYOND, Draws
from uncertainty.sampling.workers.engine import SPAN_BLOCKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions.ranges import Range
    from uncertainty.sampling.case_model import CaseFunction
    from uncertainty.sampling.workers.engine import Engine, Span
    from uncertainty.settings import Progress, Settings
    from uncertainty.study.scenario import Scenario

    AnyModel = CaseModel | CaseFunction


def settles(plan: Scenario, model: AnyModel, settings: Settings) -> str:
    """Say why an average among the measures does not settle over the cases; empty where all do.

    What is linear in the inputs has a mean that is known. Whatever is not is judged by the kurtosis that its
    quantiles tell of, as the mean of plain draws is: of many cases, where rows are those of cheap equations.
    """
    enough = MOST_KURTOSIS * settings.samples
    few = {n: (text, told) for n, (text, told) in enumerate(_tails(plan, model, CASES)) if told > enough}
    if not few:
        return ""
    more = list(_tails(plan, model, PILOT_CASES)) if isinstance(model, CaseModel) else []
    for number, (text, told) in few.items():
        kurtosis = more[number][1] if more else told
        if kurtosis > enough:
            return f"{average_of(text)} does not settle: {_too_long(kurtosis, grows=kurtosis > GROWS * told)}"
    return ""


def looked_at(model: AnyModel) -> int:
    """Return the rows in which what a function averages is looked at; those of equations do not count.

    Once for whether it settles, and once for how far the scrambles of its net miss its tail.
    """
    averages = any(measure.statistic == "average" for measure in model.measures)
    return 0 if isinstance(model, CaseModel) or not averages else CASES * DRAWS


def _too_long(kurtosis: float, *, grows: bool) -> str:
    """Say of a tail that a few cases decide an average, and how many samples would be enough.

    Parameters
    ----------
    grows
        Whether the kurtosis is the larger the more cases tell of it: then no number is enough.
    """
    wanted = kurtosis / MOST_KURTOSIS
    if grows or wanted > MOST_DRAWS:
        return "its tail is so long that a few cases decide it"
    return (
        f"its tail is so long, with a kurtosis of about {kurtosis:.2g}, that a few cases decide it; "
        f"`--samples {1 << math.ceil(math.log2(wanted))}` would give enough"
    )


def _tails(plan: Scenario, model: AnyModel, size: int) -> Iterator[tuple[str, float]]:
    """Yield what is averaged, and the kurtosis that its quantiles in some cases tell of."""
    model = model.on(make_cases(plan, size, LOOK))
    unknown = few_unknown(plan, DRAWS, LOOK)
    for each in model.averaged(unknown):
        yield each.text, kurtosis_of_cases(model.cases, each)


GROWS = 10.0
"""How many times the kurtosis of few cases that of many is where no finite kurtosis exists."""

END = 2.67
"""Standard errors of an end of a 95 % interval of independent normal draws, in standard deviations/√draws."""


class Sizes(NamedTuple):
    """How many draws of what nobody knows there are, and how many cases in each."""

    outer: int
    inner: int


def fewest_outer(level: float) -> int:
    """Return the draws that an interval's ends need, a power of two."""
    return 1 << math.ceil(math.log2(2 * FEWEST_BEYOND / (1 - level) + 1))


def fewest_draws(plan: Scenario, level: float) -> int:
    """Return the draws of what nobody knows that say anything of cases, each of which has some."""
    unknown = any(plan.kinds[name] != "variability" for name in plan.varying)
    return fewest_outer(level) if unknown else FEWEST_REPLICATES


def choose_sizes(
    plan: Scenario,
    model: AnyModel,
    among: Sequence[Measure],
    settings: Settings,
    least: int = FEWEST_CASES,
    pairs: Sequence[tuple[int, int]] = (),
) -> Sizes:
    """Share the rows of a run between draws and cases, so that the error is least.

    The differences between scrambles tell how large the net's error is in a few draws; it is taken to fall
    with the square root of the cases, and that of an interval's ends with that of the draws.

    Parameters
    ----------
    among
        Those of its measures that count.
    least
        Cases that there are at least, where the rows allow it.
    pairs
        Places of two of its measures each, whose differences count as well.

    Raises
    ------
    SettingError
        If there are too few rows.
    """
    rows = settings.samples
    unknown = any(plan.kinds[name] != "variability" for name in plan.varying)
    outer = fewest_draws(plan, settings.level)
    if rows < outer * FEWEST_CASES:
        names = ", ".join(dict.fromkeys(measure.output for measure in among))
        raise SettingError(
            f"samples: cases of {names} need at least {outer * FEWEST_CASES} model rows ({outer} draws of "
            f"what nobody knows with {FEWEST_CASES} cases each), found {rows}"
        )
    most = _power_below(rows / outer)
    wanted = _balanced(plan, model, among, settings, pairs) if unknown else most
    inner = min(max(_power_below(wanted), least, FEWEST_CASES), most)
    if plan.observations:
        # of few draws too few would agree with what was observed
        inner = FEWEST_CASES
    return Sizes(rows // inner if unknown else outer, inner)


def meeting_rare(plan: Scenario, model: AnyModel, sizes: Sizes, settings: Settings) -> tuple[Sizes, str]:
    """Return the sizes at which a net meets what is rare; or say which average no net in these rows settles.

    No net settles an average of what has no value in some cases, whether it meets these or not.

    Returns
    -------
    tuple
        The sizes, with more cases where that takes them and the rows allow it, and why that is not enough;
        empty where it is.
    """
    rare = rarity(plan, model, settings.seed)
    if rare.without:
        return sizes, next(iter(rare.without.values()))
    inner = sizes.inner
    unmet = rare.met(inner)
    if unmet is None:
        return sizes, ""
    unknown = any(plan.kinds[name] != "variability" for name in plan.varying)
    outer = fewest_outer(settings.level) if unknown else FEWEST_REPLICATES
    fixed = settings.outer is not None
    most = inner if fixed else _power_below(settings.samples / outer)
    while unmet is not None and (more := max(unmet.cases, 2 * inner)) <= most:
        inner = more
        unmet = rare.met(inner)
    if unmet is None:
        return Sizes(settings.samples // inner if unknown else outer, inner), ""
    if fixed:
        offer = f"; {more:,} cases in each draw would be enough"
    elif outer * more <= MOST_DRAWS:
        offer = f"; `--samples {outer * more}` would give enough"
    else:
        offer = ""
    return sizes, f"{unmet.said}, and there are {sizes.inner:,} in each draw{offer}"


def _power_below(count: float) -> int:
    return 1 << math.floor(math.log2(max(count, 1)))


def _balanced(
    plan: Scenario,
    model: AnyModel,
    among: Sequence[Measure],
    settings: Settings,
    pairs: Sequence[tuple[int, int]],
) -> float:
    """Return the cases at which the error of the net and that of the draws are the least together."""
    of_net, of_draws = net_errors(plan, model, settings.seed, pairs)
    count = len(model.measures)
    rows = [*(model.measures.index(measure) for measure in among), *range(count, count + len(pairs))]
    with np.errstate(all="ignore"):
        wanted = np.sqrt(settings.samples * FEWEST_CASES) * of_net[rows] / (END * of_draws[rows])
    return float(np.max(wanted[np.isfinite(wanted)], initial=0.0))


class Measured(NamedTuple):
    """Draws of statistics over the cases.

    Parameters
    ----------
    simulation
        What makes the draws without regard to the scrambles.
    draws
        Of each measure.
    told
        What these were before the spread of the net was taken from them, shape (measures, versions, draws).
    wider
        By what factor scrambles differ more in each measure than these few of them tell.
    """

    simulation: Simulation
    draws: list[Draws]
    told: FloatArray
    wider: list[float]


def draw_measures(
    plan: Scenario,
    model: AnyModel,
    sizes: Sizes,
    settings: Settings,
    engine: Engine,
    progress: Progress | None = None,
) -> Measured:
    """Draw statistics over the cases.

    Raises
    ------
    NonFiniteError
        If a case has no finite value.
    """
    cases, measures = make_cases(plan, sizes.inner, settings.seed), model.measures
    told_apart = model.on(cases, VERSIONS)
    whole = unknown_simulation(plan, told_apart, sizes.outer, settings.seed, settings.design)
    drawn = _drawn_at_once(plan, whole, engine, progress)
    if drawn is None:
        collection = Collection(whole, engine)
        collection.extend(whole.design.samples, progress)
        _check(collection, plan, measures)
        drawn = collection.drawn
    drawn = drawn.reshape(len(measures), VERSIONS, -1)
    unmet: dict[int, float] = {}
    if isinstance(model, CaseModel) and model.meter is None:
        drawn, unmet = with_missed_cases(plan, whole, model, cases.size, settings.seed, drawn)
    rows = whole.design.replicate_rows if drawn.shape[2] > whole.design.replicate_rows else 1
    plain = unknown_simulation(plan, model.on(cases), sizes.outer, settings.seed, settings.design)
    wider = widenings(plan, model, cases.size, settings.seed)
    beside = NetErrors(plan, whole, model, sizes.inner, settings.seed, drawn, wider)
    within = _within(plan, measures)
    told_of = [_finest(measure, place, beside, unmet) for place, measure in enumerate(measures)]
    found = []
    for measure, each, (finest, factor) in zip(measures, drawn, told_of, strict=True):
        found.append(
            without_net(
                each,
                rows,
                logarithmic=_logarithmic(plan, measure, each),
                bent=measure.statistic == "average",
                inner=sizes.inner,
                finest=finest,
                wider=factor,
                within=within.get(measure, ANYWHERE),
            )
        )
    return Measured(plain, settled(plain, found, drawn), drawn, [factor for _, factor in told_of])


WORTH_SHARING = 2**21
"""Cases of all draws and quantities from which on several threads save more than they take to start."""


def _drawn_at_once(
    plan: Scenario, simulation: Simulation, engine: Engine, progress: Progress | None
) -> FloatArray | None:
    """Return the outputs of all draws, shape (outputs, samples), by calls of as many draws as can be.

    Returns
    -------
    ndarray or None
        None where the draws are too many to be in memory at once, are counted, or some have no finite value.
    """
    model = simulation.model
    inputs = outer_inputs(plan, simulation) if engine.shares_memory else None
    if inputs is None or not isinstance(model, CaseModel) or model.meter is not None:
        return None
    samples, cells = inputs.shape[1], inputs.shape[1] * model.cases.size * model.quantities
    parts = min(2 * SPAN_BLOCKS, samples) if cells >= WORTH_SHARING else 1
    ends = [samples * part // parts for part in range(parts + 1)]
    found = np.empty((len(model.outputs), samples))

    def run(span: Span) -> int:
        model.run(inputs[:, slice(*span)], found[:, slice(*span)])
        return span[1]

    for done in engine.map(run, list(pairwise(ends))):
        if progress is not None:
            progress(done, samples)
    return found if np.isfinite(found).all() else None


def _within(plan: Scenario, measures: Sequence[Measure]) -> dict[Measure, Range]:
    """Return between which values averages lie, whatever their inputs are."""
    averages = [measure for measure in measures if measure.statistic == "average"]
    if not averages or plan.study.function is not None:
        return {}
    # the graph of all measures, which is there already
    outputs = list(dict.fromkeys(measure.output for measure in measures))
    found = ranges_of(scenario_graph(plan, outputs), outputs)
    return {measure: found[measure.output] for measure in averages}


def _finest(
    measure: Measure, place: int, beside: NetErrors, unmet: Mapping[int, float]
) -> tuple[Least, float]:
    """Return the least that cases add to the error of a statistic, and by how much scrambles tell less."""
    if measure.statistic == "average":
        least, wider = beside.of(place)
        return (least.beside(Least.everywhere(unmet[place])) if place in unmet else least), wider
    if measure.statistic == "quantile":
        return beside.of_quantile(place), 1.0
    return Least.everywhere(1 / beside.inner), 1.0


def averaging(scenario: Scenario, outputs: Sequence[str]) -> frozenset[str]:
    """Return those outputs whose formula averages over the cases, where something differs between these."""
    if not outputs or scenario.study.function is not None:
        return frozenset()
    graph = scenario_graph(scenario, tuple(outputs))
    applied = ((place, node) for place, node in enumerate(graph.nodes) if isinstance(node, Apply))
    averages = {place for place, node in applied if node.operation == AVERAGE}
    return frozenset(
        name
        for name in (outputs if averages else ())
        if differs(scenario, name) and not averages.isdisjoint(graph.reaching(graph.outputs[name]))
    )


def _check(collection: Collection, plan: Scenario, measures: Sequence[Measure]) -> None:
    """Refuse outputs of which a case has no finite value; to drop it would change what is averaged."""
    failed = collection.failed
    counts = {name: failed.counts.pop(name) for name in list(failed.counts)}
    versions = len(failed.outputs) // len(measures)
    # by its own name an output has its first measure alone; single cases of an average may have no value
    for measure, name in zip(measures, failed.outputs[::versions], strict=True):
        if name in counts:
            failed.counts[measure.output] = max(failed.counts.get(measure.output, 0), counts[name])
    # a formula of averages may have no value where each of its cases has one
    formulas = averaging(plan, [name for name in counts if name in plan.study.outputs])
    infinite = "is infinite or undefined"
    failed.raise_if_any(
        collection.done,
        dict.fromkeys((measure.output for measure in measures), frozenset(plan.varying)),
        plan.study.file,
        said={
            name: f"{infinite}, itself or in some case," if name in formulas else f"{infinite} in some case"
            for name in failed.counts
        },
    )


def _logarithmic(plan: Scenario, measure: Measure, drawn: FloatArray) -> bool:
    """Tell whether what a net gets wrong is in proportion to the value."""
    of_values = measure.statistic in ("average", "quantile")
    return of_values and plan.study.outputs[measure.output].scale == "log10" and bool((drawn > 0).all())


UNSEEN = 1e-3
"""Share of the draws' variance which, added to it, nobody sees."""

ALIKE = 8
"""Draws next to one another that have nearly one value."""

TORN = 100.0
"""How many times the usual variance by the net is that of a draw beside a jump."""


def telling_apart(plan: Scenario, model: AnyModel, usual: Sizes, settings: Settings) -> Sizes:
    """Return sizes with cases enough for the differences of all measures, or else those that are usual.

    What cases get wrong may be little beside the spread of each, and much beside that of a difference.
    """
    if settings.outer is not None:
        return usual
    pairs = list(combinations(range(len(model.measures)), 2))
    apart = choose_sizes(plan, model, (), settings, usual.inner, pairs)
    return apart if apart.inner > usual.inner else usual


def without_net(
    drawn: FloatArray,
    replicate_rows: int,
    *,
    logarithmic: bool,
    bent: bool,
    finest: Least = NOTHING,
    inner: int = 1,
    wider: float = 1.0,
    within: Range = ANYWHERE,
) -> Draws:
    """Return draws without the spread that the net of cases adds, and what they are without each scramble.

    What a net gets wrong differs a little from draw to draw, which widens the draws; they are drawn together
    by as much. A bent function of averages, such as their ratio, is wrong on the average, too; the jackknife
    removes that (Quenouille 1956, doi:10.1093/biomet/43.3-4.353).

    Parameters
    ----------
    drawn
        With all scrambles, and without each of them, shape (versions, draws).
    inner
        Number of cases in each draw.
    wider
        By what factor scrambles differ more than these few of them tell.
    within
        Where the draws lie for sure, though estimates of them may not.
    """
    unit = 1.0 if logarithmic else unit_of(drawn)
    values = np.log(drawn) if logarithmic else drawn / unit
    parts = parts_of(values)
    missed = parts - parts.mean(axis=0)
    # what stands at one value, whatever cases are left out, is not spread by them
    at_rest = in_atoms(drawn)
    spread = values[0].var()
    torn = _torn(spread, missed, ~at_rest)
    added = _added(values[0, ~torn], missed[:, ~torn])
    if bent:
        bias = _bias(drawn / unit_of(drawn), logarithmic=logarithmic)
        # a draw at the value of another is on a step, beside which the jackknife would put it
        values = values + np.where(in_atoms(drawn[:1]), 0.0, bias)
    if 0 < added < spread and np.unique(values[0]).size > values.shape[1] / 2:
        centre = values.mean(axis=1, keepdims=True)
        nearer = centre + math.sqrt(1 - added / spread) * (values - centre)
        values = np.where(at_rest | torn, values, nearer)
    values = values[0] + wider * (values - values[0])
    whole, *others = np.exp(values) if logarithmic else unit * values
    versions = [Draws(each, replicate_rows) for each in others]
    whole = np.clip(whole, *within)
    # the net puts a jump in one place for all draws, so that each quantile may be that of another rank
    finest = finest.beside(Least(of_rank=float(torn.mean()))) if torn.any() else finest
    return Draws(whole, replicate_rows, without=versions, finest=finest, rows=inner)


def _torn(spread: float, missed: FloatArray, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which few draws have most of what a net gets wrong, such as those beside a jump, shape (draws,).

    There the net puts a draw on either side, which spreads no other draw.

    Parameters
    ----------
    spread
        Variance of the draws.
    missed
        What each scramble tells otherwise than all, shape (scrambles, draws).
    among
        Draws that it may move.
    """
    own = np.einsum("sd,sd->d", missed, missed) / (SCRAMBLES * (SCRAMBLES - 1))
    if own.mean() <= UNSEEN * spread or not among.any():
        return np.zeros(own.size, bool)
    torn = among & (own > TORN * np.median(own[among]))
    return torn if 2 * own[torn].sum() > own.sum() else np.zeros(own.size, bool)


def _added(values: FloatArray, missed: FloatArray) -> float:
    """Return the variance that what a net gets wrong adds to draws.

    What it gets wrong in all draws of about one value moves these together and widens nothing: where that
    counts, the variance is that within draws of nearly one value.

    Parameters
    ----------
    missed
        What each scramble tells otherwise than all, shape (scrambles, draws).
    """
    among = SCRAMBLES * (SCRAMBLES - 1)
    added = float(missed.var(axis=1).sum() / among)
    if added <= UNSEEN * values.var():
        return added
    alike = np.array_split(missed[:, np.argsort(values)], max(values.size // ALIKE, 1), axis=1)
    return float(np.mean([each.var(axis=1, ddof=1).sum() for each in alike]) / among)


def _bias(drawn: FloatArray, *, logarithmic: bool) -> FloatArray:
    """Return what takes away the bias of averages in each draw, shape (draws,); of their logarithms to add.

    The jackknife is of the averages themselves, and a logarithm bends by half their relative variance: that
    of logarithms would tell of far more bias where a few large cases make an average.
    """
    parts = parts_of(drawn)
    middle = parts.mean(axis=0)
    if not logarithmic:
        return np.asarray(middle - drawn[0])
    sound = np.where(middle > 0, middle, drawn[0])
    bend = parts.var(axis=0, ddof=1) / (2 * SCRAMBLES * sound**2)
    return np.asarray(np.log(sound / drawn[0]) + bend)
