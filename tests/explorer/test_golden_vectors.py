"""The page's rules are Python's: what each says of many inputs is compared, in one run of node."""

import json
import math
import re
import subprocess
from functools import cache
from shutil import which

import numpy as np
import pytest
from explorer_tools import missing

from uncertainty import load_study, numbers, wording
from uncertainty.distributions import parse_distribution
from uncertainty.distributions.functions import normal_quantile
from uncertainty.errors import InvalidValue
from uncertainty.explorer import export_program
from uncertainty.explorer.program import SCRIPTS, rule_source, script_folder
from uncertainty.explorer.quantiles import order, quantile_data
from uncertainty.expressions.operations import AVERAGE, OPERATIONS, SPECIAL, evaluate
from uncertainty.rounding import log10_about
from uncertainty.sampling import moments, thresholds
from uncertainty.sampling.copula import copula_of, make_copula
from uncertainty.sampling.estimate import Estimate, wilson
from uncertainty.sampling.statistics import Draws, shortest_interval
from uncertainty.study.correlation import ALIKE, among, target_of
from uncertainty.study.limits import Beside, read_distribution
from uncertainty.study.model import Correlation
from uncertainty.study.scenario import excluded_because, scenario

PAGE = ("drawing", "controls", "page", "copying")
"""Scripts that draw and listen, and decide nothing: a browser tests them."""

ASKED = """
const under = (program, reading) => ({ ...initialState(program), reading });
const sharesOf = (draws, by) => {
  const ranking = () => Uint32Array.from(by.keys()).sort((i, j) => by[i] - by[j]);
  return drivers(draws, ["x"], ranking, false)[0].share;
};
const meant = (text) => {
  const whole = readWhole(text, "1");
  try { return whole?.given ? assumed(whole.given, {}).quantile : null; } catch { return null; }
};
const within = (text, low, high, at) =>
  at.map(quantileFunction(assumed(readWhole(text, "1").given, { low, high }).quantile));
const operated = (name, ...at) => {
  const out = new Float64Array(1);
  OPERATIONS[name](out, ...at.map((x) => Float64Array.of(x)));
  return out[0];
};
const medians = (program, reading) => {
  const { distributions } = makePlan(program, under(program, reading));
  const entries = [...distributions].map(([name, each]) => [name, quantileFunction(each.quantile)(0.5)]);
  return Object.fromEntries(entries);
};
"""

RUN = """
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const read = (key, value) => (value && value.column ? Float64Array.from(value.column) : value);
const plain = (key, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
const answers = given.map(([rule, ...args]) => {
  const parts = JSON.parse(JSON.stringify(args), read);
  try { return { value: RULES_TOLD[rule](...parts) }; } catch (error) { return { refused: error.message }; }
});
console.log(JSON.stringify(answers, plain));
"""


def column(values):
    return {"column": np.asarray(values, np.float64).tolist()}


RNG = np.random.default_rng(1)

COLUMNS = [
    RNG.normal(size=400),
    5 + 1e-9 * RNG.normal(size=200),
    np.exp(RNG.normal(size=600)),
    RNG.standard_t(3, 1024),
    RNG.standard_cauchy(300),
    1.0 * (RNG.random(1500) < 0.002),
    np.repeat([0.0, 3.0], 70),
    np.where(RNG.random(300) < 0.7, 0.0, RNG.exponential(size=300)),
    np.full(50, 3.0),
    np.arange(12.0),
]

TWO_SCALES = np.where(RNG.permutation(2000) < 40, 500.0, 0.0) + 0.01 * np.random.default_rng(2).normal(
    size=2000
)
"""Most draws near one value and some at another: quantiles alone tell of an endless tail."""

ENDLESS = [
    sign * np.random.default_rng(seed).standard_cauchy(4000) for seed, sign in ((3, 1), (4, -1), (5, 1))
]
"""Draws of what has no mean."""


def told_of(quantiles, draws):
    kurtosis = moments.kurtosis_told(quantiles, len(draws))
    if kurtosis is None:
        return [0, 0]
    return [kurtosis, moments.beyond_told(quantiles, len(draws), (draws.min(), draws.max()))]


ESTIMATES = [
    Estimate(value, error, "few" if error is None else "")
    for value in (0.0, 3.14159, -0.00271828, 2849.7, 1.5e-7, 6.02e23, 99.95)
    for error in (None, 0.0, 1e-9, 0.004, 30.0)
]

SHARES = [
    Estimate(value, error)
    for value in (0, 0.0004, 0.002, 0.005, 0.0149, 0.43, 0.505, 0.985, 0.995, 0.9996, 1)
    for error in (None, 0.0, 0.0005, 0.0015, 0.04)
] + [Draws(np.arange(size)).share_below(count) for size in (20, 200) for count in (0, 1, 3, 12, size)]

INTERVALS = [(1131.4, 7312.8), (14.42, 17.99), (50.000745, 50.000932), (-2.0, 5.0), (3.0, 3.0), (-9.1, -0.2)]

MEDIANS = [
    (median, Estimate(low, 0.01), Estimate(high, None))
    for low, high in INTERVALS
    for median in (Estimate((low + high) / 2, 0.02), Estimate(low + 1e-3, None), Estimate(high, 9.0))
]
ROUNDED_BY_ERROR = [
    (Estimate(low, off_low), Estimate(high, off_high))
    for low, off_low, high, off_high in (
        (16.08, 2.57, 144.3, 36.0), (14.4, 2.6, 181.0, 36.0), (1002.66, 8.0, 1004.3, 8.0),
        (-181.0, 36.0, -14.4, 2.6), (-0.003, 0.02, 1.5, 0.02), (2858.0, 341.0, 32430.0, 8968.0),
        # whose errors support no digit of an end
        (1.81e-100, 3.34e-99, 2.72e10, 7.9e8), (-2.72e10, 7.9e8, -1.94e-98, 1.4e-97),
        (0.06, 0.013, 0.94, 0.26), (0.87, 0.2, 9999.0, 20000.0),
    )
]  # fmt: skip

MEDIANS += [
    (Estimate(median, error), Estimate(0.44, 0.02), Estimate(160.0, error))
    for median, error in ((14.2, 1.2), (14.2, 2.2), (47.0, 11.0), (1.47, 0.11))
]
MEDIANS += [
    (Estimate(median, error), Estimate(low, 0.0), Estimate(high, 0.0))
    for median, error, low, high in (
        (0.7412, 0.01, -30.1, 12.2), (0.0004, 1e-6, -180.0, 183.0), (-0.0186, None, -1.8, 1.83),
        (2024.0, None, 2024.0, 3024.0), (3024.0, 900.0, 2024.0, 3024.0), (-2024.0, 400.0, -3024.0, -2024.0),
    )
]  # fmt: skip

FAMILIES = [
    "uniform(-1, 2)", "loguniform(0.01, 30)", "arcsine(-3, 5)", "triangular(1, 1, 4)", "normal(3, 0.2)",
    "lognormal(3, 4)", "truncate(lognormal(3, 2), low=0.5, high=4)", "truncate(normal(0, 1), low=3)",
    "clip(lognormal(3, 2), low=2)", "discrete(1, 2, 4, weights=(0.5, 0.3, 0.2))", "gamma(0.8, 2)",
    "student_t(5, 2, 3)", "mixture(1, uniform(2, 9))", "metalog(p10=1, p50=2, p90=5)", "beta(4, 2.7)",
    "empirical(1.2, 1.9, 3.4, 1.9)", "pert(1, 2, 9)", "weibull(1.5, 2)", "pareto(2, 3)", "ctrap(-1, 1, 0.1)",
]  # fmt: skip

AT = np.unique(np.concatenate([np.linspace(1e-4, 1 - 1e-4, 96), [0.0005, 0.9995]]))

RANGES = [
    "2 to 8", "-3 to 4", "0.5 to 0.6 @ 50 %", "10 to 20 @ 95 %", "15 ± 3 (sd)", "15 ± 3 (k=2)",
    "15 +/- 3 (95 %)", "15 ± 20 % (95 %)", "-15 ± 20 % (k=2)", "15.0(2)", "-1.50(12)e3", "0 to 3", "8 to 2",
    "-3 to -1", "15 ± 3", "0 ± 20 % (sd)", "15 ± 0 (sd)", "1 to 2 @ 100 %",
]  # fmt: skip

LIMITS = [("2 to 8", 3.0, None), ("2 to 8", None, 5.0), ("-3 to 4", 0.0, 2.0), ("15 ± 3 (sd)", 10.0, 16.0)]

SPECIAL_AT = {
    "normal_cdf": [(-40.0,), (-3.1,), (-0.2,), (1.7,), (8.0,)],
    "normal_quantile": [(1e-300,), (1e-9,), (0.3,), (0.5,), (1 - 1e-12,)],
    "gamma_cdf": [(0.3, 0.01), (2.0, 2.5), (50.0, 80.0), (2.0, -1.0)],
    "gamma_quantile": [(0.3, 0.01), (2.0, 0.5), (50.0, 0.999)],
    "beta_cdf": [(0.5, 3.0, 0.01), (4.0, 2.7, 0.8), (2.0, 2.0, 1.5)],
    "beta_quantile": [(0.5, 3.0, 0.01), (4.0, 2.7, 0.9)],
    "student_cdf": [(3.0, -9.0), (3.0, 0.4), (30.0, 2.0)],
    "student_quantile": [(3.0, 0.001), (30.0, 0.975)],
    "poisson_cdf": [(3.5, 2.0), (3.5, -1.0), (400.0, 380.5), (0.0, 0.0)],
    "poisson_quantile": [(3.5, 0.6), (400.0, 0.01), (0.0, 0.9)],
    "binomial_cdf": [(10.0, 0.3, 2.0), (10.0, 0.3, 12.0), (0.0, 0.3, 0.0), (0.0, 0.3, -1.0)],
    "binomial_quantile": [(10.0, 0.3, 0.5), (400.0, 0.01, 0.999), (0.0, 0.3, 0.9)],
}

OPERANDS = [(2.5, 2.0), (-2.5, 0.5), (0.3, 0.0), (0.0, -1.0), (7.0, 7.0), (math.nan, 2.0), (0.0, math.nan)]


def of_two(operation):
    return operation in (
        "add", "subtract", "multiply", "divide", "power", "less", "less_equal", "greater", "greater_equal",
        "equal", "not_equal", "logical_and", "logical_or", "minimum", "maximum",
    )  # fmt: skip


def estimated(found):
    return {"value": found.value, "error": found.error}


def given(found):
    return {"value": found.value, "error": found.error, **({"bounds": found.bounds} if found.bounds else {})}


def place(share):
    """Return where a share lies among draws, as the page's sentence has it."""
    bounds = share.bounds and tuple(100 * end for end in share.bounds)
    error = None if share.error is None else 100 * share.error
    return numbers.at_percentile(Estimate(100 * share.value, error, "", bounds))


def ranged(text, unit="1"):
    """Return what a text means, as the page has distributions; nothing where it is refused."""
    try:
        return quantile_data(read_distribution(text, Beside(unit=unit)))
    except InvalidValue:
        return None


def medians(study, reading):
    plan = scenario(study, reading)
    half = np.array([0.5])
    return {
        name: plan.points[name] if d.is_constant else float(d.quantile(half)[0])
        for name, d in plan.distributions.items()
    }


def study_cases():
    """Return every reading of a study."""
    study = load_study("ten-searches")
    return [(study, reading) for reading in study.readings]


@cache
def program(name="ten-searches"):
    return export_program(load_study(name))


def scored(*pair):
    """Return the normal scores' correlation that Python needs for two inputs to correlate linearly."""
    one, other, wanted = pair
    marginals = [parse_distribution(one), parse_distribution(other)]
    return make_copula([Correlation(("a", "b"), pearson=wanted)], ("a", "b"), marginals).factor[1, 0]


def neighbours(values, by):
    """Return the share of the variance by neighbours in an order, around the ends too."""
    y = values[np.argsort(by, kind="stable")] - values.mean()
    return max(float(y @ np.roll(y, 1)) / float(y @ y), 0.0)


COUNTED = [(c, p) for c in COLUMNS for p in (0.025, 0.05, 0.5, 0.975, 0.999)]
LEVELS = [(c, level) for c in COLUMNS for level in (0.5, 0.95)]
ONE_SCORE = [
    {"inputs": ["u", "w"], "scores": ALIKE},
    {"inputs": ["u", "x"], "scores": ALIKE},
    {"inputs": ["y", "z"], "scores": 0.5},
]
"""Three inputs of one score, bound by the first of them, and a pair that comes after them."""


def correlation_of(pair):
    """Return what the script's pair stands for."""
    scores = pair["scores"]
    return Correlation(tuple(pair["inputs"]), target_of("spearman", scores), across="u" * (scores == ALIKE))


RULES = {
    # how the page is asked, its arguments, what Python says of each, how near it must come
    "fixedText": (
        "fixedText",
        [(v, n) for v in (0.125, 2.5, 0.45, -1.5, 99.95, 3.0) for n in (0, 1, 2)],
        lambda v, n: f"{v:.{n}f}",
    ),
    "rounded": (
        "rounded",
        [(v, p) for v in (2849.7, -0.0527, 6.02e23, 1.5e-7, 0.0) for p in (-4, -1, 0, 2)]
        + [(1.234e-120, -122), (-3e-90, -91), (1.5e-120, -122)],
        numbers.rounded,
    ),
    "numberText": (
        "numberText",
        [(v, d) for v in (2849.7, -0.0527, 6.02e23, 1.5e-7, 99.96, 0.0) for d in (1, 2, 3, 6)],
        numbers.number,
    ),
    "pointText": (
        "pointText",
        [(v,) for v in (15.0, 0.1234567, 2900.0, 1e-9, 6.02e23, 0.0)],
        wording.point_text,
    ),
    "leadingPlace": (
        "leadingPlace",
        [(v, d) for v in (99.96, 0.0123, 5e8) for d in (1, 2, 3)],
        numbers._leading_place,
    ),
    "placeWithin": (
        "placeWithin",
        [(*ends, v) for ends in INTERVALS for v in (ends[0], sum(ends) / 2)],
        numbers._place_within,
    ),
    "roundedUp": ("roundedUp", [(v,) for v in (0.0, 0.21, 3.0, 17.2, 99.0)], numbers.rounded_up),
    "withErrorText": (
        "withErrorText",
        [(each, most) for each in ESTIMATES for most in (2, 4)],
        numbers.with_error,
    ),
    "medianText": ("medianText", MEDIANS, lambda *three: numbers.median_and_interval(*three)[0]),
    "intervalText": (
        "intervalText",
        [
            (Estimate(lo, e), Estimate(hi, f))
            for lo, hi in INTERVALS
            for e in (None, 0.0, 0.3)
            for f in (None, 1e-6)
        ]
        + ROUNDED_BY_ERROR,
        numbers.interval,
    ),
    "shareText": ("shareText", [(each,) for each in SHARES], numbers.share),
    "levelText": ("levelText", [(v,) for v in (0.95, 0.9973, 0.5, 0.999999)], numbers.level),
    "generalText": ("generalText", [(v,) for v in (0.1, 99.9, 1.0, 12.3456789)], lambda v: f"{v:g}"),
    "percentileText": ("percentileText", [(each,) for each in SHARES], place),
    "withUnit": ("withUnit", [("3", "1"), ("3", "kg")], wording.with_unit),
    "listed": ("listed", [(["a"],), (["a", "b"],), (["a", "b", "c"],)], wording.listed),
    "filled": ("filled", [("{a} of {b}", {"a": "3", "b": "4"})], lambda text, values: text.format(**values)),
    "orderStatistic": (
        "(draws, p) => orderStatistic(draws.sort(), p)",
        COUNTED,
        lambda c, p: Draws(c).quantile(p).value,
    ),
    "quantileEstimate": (
        "(draws, p) => quantileEstimate(draws.sort(), p)",
        COUNTED,
        lambda c, p: estimated(Draws(c, constant=False).quantile(p)),
        1e-6,
    ),
    "shortest": (
        "(draws, level) => shortest(draws.sort(), level)",
        LEVELS,
        lambda c, level: list(shortest_interval(np.sort(c), level)),
    ),
    "intervalEstimate": (
        "(draws, level, interval) => intervalEstimate(draws, draws.slice().sort(), { level, interval })",
        [(c, level, kind) for c, level in LEVELS for kind in ("central", "shortest") if np.ptp(c)],
        lambda c, level, kind: [estimated(end) for end in Draws(c).interval(level, kind)],
        1e-6,
    ),
    "momentEstimate": (
        "(draws) => ['mean', 'sd'].map((kind) => momentEstimate(draws, draws.slice().sort(), kind))",
        [(c,) for c in (*COLUMNS, *ENDLESS, TWO_SCALES) if np.ptp(c)],
        lambda c: [estimated(Draws(c).mean), estimated(Draws(c).sd)],
        1e-6,
    ),
    "tailTold": (
        "(draws) => tailTold(draws.sort())",
        [(c,) for c in (*COLUMNS, TWO_SCALES)],
        lambda c: told_of([Draws(c).quantile(p).value for p in moments.telling(len(c))], c),
        1e-6,
    ),
    "isEndless": (
        "(draws) => isEndless(draws.sort())",
        [(c,) for c in (*COLUMNS, *ENDLESS)],
        lambda c: moments.is_endless(lambda p: Draws(c).quantile(p).value, len(c)),
    ),
    "slack": (
        "(at, draws) => slack(at, draws.sort())",
        [(at, c) for at in (0.0, 1e-3, 5.0, 1e9) for c in COLUMNS[:3]],
        lambda at, c: thresholds.slack(at, float(np.ptp(c))),
    ),
    "wilson": (
        "wilson",
        [(s, n) for s in (0.0, 0.01, 0.5, 1.0) for n in (10, 5000)],
        lambda s, n: list(wilson(s, n)),
    ),
    "shareEstimate": (
        "(draws, at) => shareEstimate(draws, (x) => x < at)",
        [(c, at) for c in COLUMNS if np.ptp(c) for at in (0.0, 0.5, 2.9)],
        lambda c, at: given(Draws(c).share(lambda x: x < at)),
    ),
    "logRatio": (
        "logRatio",
        [(v, 3.0) for v in (3.0, 3.0 + 1e-12, 0.1, 1e9)],
        lambda v, m: float(log10_about(np.array([v]), m)[0] * math.log(10)),
    ),
    "drivers": (
        "sharesOf",
        [
            (c, RNG.permutation(len(c)) + 0.0 if i else np.argsort(np.argsort(c)) + 0.0)
            for i in (0, 1)
            for c in COLUMNS[:4]
        ],
        neighbours,
    ),
    "plainNumber": (
        "(text) => plainNumber(text)",
        [("3",), ("-2.5e3",), (".5",), ("2,5",), ("x",)],
        lambda text: float(text) if re.fullmatch(r"[-+.\de]+", text) else math.nan,
    ),
    "readWhole": (
        "meant",
        [(text,) for text in RANGES],
        ranged,
    ),
    "assumed": (
        "within",
        [(*limits, [0.01, 0.5, 0.99]) for limits in LIMITS],
        lambda text, *limits_at: (
            read_distribution(text, Beside(*limits_at[:2])).quantile(np.array(limits_at[2])).tolist()
        ),
    ),
    "quantileFunction": (
        "(data, at) => at.map(quantileFunction(data))",
        [(text, AT.tolist()) for text in FAMILIES],
        lambda text, at: parse_distribution(text).quantile(np.array(at)).tolist(),
        1e-6,
    ),
    "normalQuantile": (
        "normalQuantile",
        [(u,) for u in AT.tolist()],
        lambda u: float(normal_quantile(np.array([u]))[0]),
    ),
    "scoreCorrelation": (
        "scoreCorrelation",
        [
            ("lognormal(3, 4)", "uniform(0, 1)", 0.4),
            ("exponential(2)", "lognormal(1, 2)", -0.3),
            ("normal(0, 1)", "normal(2, 3)", 0.6),
        ],
        scored,
        1e-3,
    ),
    "SPECIAL": (
        "(name, ...at) => SPECIAL[name](...at)",
        [(name, *at) for name, each in SPECIAL_AT.items() for at in each],
        lambda name, *at: evaluate(name, at),
        1e-9,
    ),
    "OPERATIONS": (
        "operated",
        [
            (name, *(pair if of_two(name) else pair[:1]))
            for name in OPERATIONS
            if name not in SPECIAL and name not in ("where", AVERAGE)
            for pair in OPERANDS
        ]
        + [("where", c, 2.0, 3.0) for c in (0.0, 1.0, math.nan)],
        lambda name, *at: evaluate(name, at),
    ),
    "roundHalfEven": (
        "roundHalfEven",
        [(v,) for v in (0.5, 1.5, -2.5, 2.4, -0.5)],
        lambda v: float(np.round(v)),
    ),
    "drawOrder": (
        "(name, draws) => [...drawOrder(name, draws)]",
        [("x", 50), ("Größe", 64)],
        lambda name, draws: order(name, draws).tolist(),
    ),
    "cholesky": (
        "cholesky",
        [
            (
                ["a", "b", "c"],
                [
                    {"inputs": ["a", "b"], "scores": 0.5},
                    {"inputs": ["a", "c"], "scores": 0.2},
                    {"inputs": ["c", "b"], "scores": -0.3},
                ],
            ),
            (["u", "w", "x", "y", "z"], ONE_SCORE),
        ],
        lambda members, pairs: copula_of(map(correlation_of, pairs), members).factor.tolist(),
    ),
    "among": (
        "(pairs, names) => among(pairs, (each) => names.includes(each)).map((p) => p.inputs.join()).sort()",
        [(ONE_SCORE, names) for names in (["u", "w", "x", "y", "z"], ["w", "x", "y", "z"], ["u", "x", "z"])],
        lambda pairs, names: sorted(
            ",".join(pair.inputs) for pair in among(map(correlation_of, pairs), names)
        ),
    ),
    "makePlan": (
        "medians",
        study_cases(),
        medians,
    ),
    "chosenOptions": (
        "(program, reading) => Object.fromEntries(chosenOptions(program, under(program, reading)))",
        study_cases(),
        lambda study, reading: dict(scenario(study, reading).choices),
    ),
}

HELPERS = {
    "polynomial": "normalQuantile", "normalCdf": "SPECIAL", "countBelow": "quantileFunction",
    "rangeData": "readWhole", "readBetween": "readWhole", "readPlusMinus": "readWhole",
    "levelFault": "readWhole",
    "normalGiven": "readWhole", "plainText": "readWhole", "logGamma": "SPECIAL", "gammaTails": "SPECIAL",
    "tinyRounded": "rounded", "firsts": "cholesky", "betaCdf": "SPECIAL",
    "studentCdf": "SPECIAL", "poissonCdf": "SPECIAL", "binomialCdf": "SPECIAL",
    "halved": "SPECIAL", "gammaQuantile": "SPECIAL", "betaQuantile": "SPECIAL", "studentQuantile": "SPECIAL",
    "countAt": "SPECIAL", "pointsOf": "makePlan", "extent": "drivers", "written": "medianText",
    "supportedPlace": "medianText", "nearest": "rounded", "outwards": "intervalText", "boundsOf": "shareText",
    "ordinalText": "percentileText",
}  # fmt: skip
"""Functions that a rule above is made of."""

IN_A_BROWSER = {
    "Engine", "excludedBecause", "statisticEstimate", "histogram", "exactText", "verdict", "readEntry",
    "adviceOn", "meantBy", "initialState", "publishedState", "shownText", "assumptionText",
    "readAssumption", "addressOf", "soundAssumption", "dropExcluded", "readAddress", "commandOf", "clauseOf",
}  # fmt: skip
"""What is put together of them, or is about fields and addresses: a browser asks it in other tests."""


def to_page(rule, each):
    """Return one argument as the page has it."""
    if isinstance(each, Estimate):
        return given(each)
    if isinstance(each, np.ndarray):
        return column(each)
    if hasattr(each, "readings"):
        return program()
    if rule in ("quantileFunction", "scoreCorrelation") and isinstance(each, str):
        return quantile_data(parse_distribution(each))
    if isinstance(each, float) and math.isnan(each):
        return "NaN"  # which JSON has as a text alone
    return each


@pytest.fixture(scope="module")
def answers():
    """Return what the page says, by rule, in the order of the cases."""
    if which("node") is None:
        missing("node is not installed")
    asked = [
        [rule, *(to_page(rule, each) for each in case)]
        for rule, (_, cases, *_) in RULES.items()
        for case in cases
    ]
    told = "\n".join(f"  {rule}: {said}," for rule, (said, *_) in RULES.items())
    parts = [rule_source(), *(script(name) for name in SCRIPTS if name not in PAGE)]
    source = "\n".join([*parts, ASKED, f"const RULES_TOLD = {{\n{told}\n}};", RUN])
    text = json.dumps(asked).replace("Infinity", "1e999")
    run = subprocess.run(["node", "-e", source], input=text, capture_output=True, text=True, check=True)
    found = {}
    for (rule, *_), answer in zip(asked, json.loads(run.stdout), strict=True):
        found.setdefault(rule, []).append(answer)
    return found


def script(name):
    return script_folder().joinpath(f"{name}.js").read_text(encoding="utf-8")


def plain(value):
    """Return a value as it comes back from the page."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    return value


def near(found, wanted, tolerance):
    """Tell whether a value that came back is another, numbers within a share of their size."""
    if isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(near(found[k], wanted[k], tolerance) for k in wanted)
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(near, found, wanted, [tolerance] * len(wanted)))
    if isinstance(wanted, float) and isinstance(found, int | float):
        return found == pytest.approx(wanted, rel=tolerance, abs=1e-12)
    return found == wanted


@pytest.mark.parametrize("rule", RULES)
def test_the_page_s_rule_says_what_python_s_says(rule, answers):
    _, cases, wanted, *tolerance = RULES[rule]
    for case, answer in zip(cases, answers[rule], strict=True):
        expected = plain(wanted(*case))
        assert near(answer.get("value", answer), expected, *(tolerance or [1e-9])), (case, answer, expected)


def test_every_rule_of_the_scripts_is_compared():
    found = {
        name
        for each in SCRIPTS
        if each not in PAGE
        for name in re.findall(r"^(?:function|class) (\w+)", script(each), re.MULTILINE)
    }
    assert found == (RULES.keys() - {"SPECIAL", "OPERATIONS"}) | HELPERS.keys() | IN_A_BROWSER
    assert set(HELPERS.values()) <= RULES.keys()


def test_every_special_function_and_operation_is_compared(answers):
    assert SPECIAL.keys() == SPECIAL_AT.keys()
    assert {case[0] for case in RULES["OPERATIONS"][1]} == OPERATIONS.keys() - SPECIAL.keys() - {AVERAGE}
    assert not [answer for answer in answers["OPERATIONS"] if "refused" in answer]


def test_combinations_that_python_excludes_are_excluded():
    study = load_study("ai-vs-human")
    rule = study.excluded[0]
    options = {name: choice.published for name, choice in study.choices.items()}
    options |= {choice: names[0] for choice, names in rule.when.items()}
    assert excluded_because(study, options)
    data = export_program(study)["excluded"][0]
    assert data["because"] == rule.because
    assert all(options[choice] in names for choice, names in data["when"].items())
