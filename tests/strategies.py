"""Strategies for hypothesis: distributions of every family, expressions, and study files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from uncertainty.distributions import parse_distribution
from uncertainty.errors import InvalidValue
from uncertainty.expressions.operations import FUNCTIONS

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

MODERATE = st.floats(-1e6, 1e6).map(lambda number: round(number, 6))
POSITIVE = st.floats(1e-6, 1e6).map(lambda number: float(f"{number:.6g}"))
SHAPE = st.floats(0.05, 50).map(lambda number: float(f"{number:.4g}"))
FACTOR = st.floats(1.001, 30).map(lambda number: float(f"{number:.5g}"))
SHARE = st.floats(0.001, 1).map(lambda number: float(f"{number:.4g}"))


def written(family: str, *values: object, **named: object) -> str:
    """Return a call in the study language."""
    arguments = [*map(str, values), *(f"{name}={value}" for name, value in named.items())]
    return f"{family}({', '.join(arguments)})"


@st.composite
def increasing(draw, count: int, *, low: float = -1e6, high: float = 1e6, ties: bool = False) -> list[float]:
    """Numbers in increasing order, apart by at least a millionth of where they lie."""
    start = round(draw(st.floats(low, high / 2)), 6)
    scale = draw(st.floats(1e-3, 1e3)) * max(abs(start), 1e-3)
    steps = draw(st.lists(st.integers(0 if ties else 1, 1000), min_size=count - 1, max_size=count - 1))
    if ties and not any(steps):
        steps[-1] = 1000
    found = [start]
    for step in steps:
        found.append(found[-1] + step / 1000 * scale)
    return found


@st.composite
def _pedigree(draw) -> str:
    names = ("reliability", "completeness", "temporal", "geographical", "technological")
    scores = {name: draw(st.integers(1, 5)) for name in names}
    return written("pedigree", draw(POSITIVE), **scores)


@st.composite
def _metalog(draw) -> str:
    probabilities = sorted(draw(st.sets(st.integers(1, 99), min_size=2, max_size=4)))
    values = draw(increasing(len(probabilities), low=-1e3, high=1e3))
    return written("metalog", **{f"p{p}": v for p, v in zip(probabilities, values, strict=True)})


def _is_possible(text: str) -> bool:
    try:
        parse_distribution(text)
    except InvalidValue as refused:
        if "no metalog goes through" not in str(refused):
            raise
        return False
    return True


@st.composite
def _discrete(draw) -> str:
    values = draw(st.lists(MODERATE, min_size=1, max_size=6))
    weights = draw(st.lists(SHARE, min_size=len(values), max_size=len(values)))
    tail = {"weights": f"({', '.join(map(str, weights))},)"} if draw(st.booleans()) else {}
    return written("discrete", *values, **tail)


def _bounded(family: str, count: int, *, ties: bool = False) -> SearchStrategy[str]:
    return increasing(count, ties=ties).map(lambda values: written(family, *values))


@st.composite
def _beta(draw) -> str:
    bounds = draw(st.one_of(st.just([]), increasing(2)))
    return written("beta", draw(SHAPE), draw(SHAPE), *bounds)


@st.composite
def _ctrap(draw) -> str:
    low, high = draw(increasing(2))
    return written("ctrap", low, high, draw(st.floats(0.05, 0.95)) * (high - low) / 2)


@st.composite
def _loguniform(draw) -> str:
    low = draw(POSITIVE)
    return written("loguniform", low, low * draw(FACTOR))


SIMPLE: dict[str, SearchStrategy[str]] = {
    "fixed": MODERATE.map(lambda value: written("fixed", value)),
    "normal": st.builds(lambda mean, sd: written("normal", mean, sd), MODERATE, POSITIVE),
    "lognormal": st.builds(lambda median, gsd: written("lognormal", median, gsd), POSITIVE, FACTOR),
    "uniform": _bounded("uniform", 2),
    "loguniform": _loguniform(),
    "triangular": _bounded("triangular", 3, ties=True),
    "pert": _bounded("pert", 3),
    "trapezoid": _bounded("trapezoid", 4, ties=True),
    "beta": _beta(),
    "gamma": st.builds(lambda shape, scale: written("gamma", shape, scale), SHAPE, POSITIVE),
    "exponential": POSITIVE.map(lambda mean: written("exponential", mean)),
    "arcsine": _bounded("arcsine", 2),
    "weibull": st.builds(lambda shape, scale: written("weibull", shape, scale), st.floats(0.3, 20), POSITIVE),
    "gumbel": st.builds(lambda location, scale: written("gumbel", location, scale), MODERATE, POSITIVE),
    "logistic": st.builds(lambda location, scale: written("logistic", location, scale), MODERATE, POSITIVE),
    "pareto": st.builds(lambda scale, shape: written("pareto", scale, shape), POSITIVE, st.floats(0.3, 20)),
    "poisson": st.floats(1e-6, 1e4).map(lambda mean: written("poisson", mean)),
    "binomial": st.builds(lambda n, p: written("binomial", n, p), st.integers(1, 10**4), SHARE),
    "bernoulli": SHARE.map(lambda p: written("bernoulli", p)),
    "student_t": st.builds(
        lambda location, scale, df: written("student_t", location, scale, df),
        MODERATE,
        POSITIVE,
        st.floats(1, 200),
    ),
    "ctrap": _ctrap(),
    "metalog": _metalog().filter(_is_possible),
    "discrete": _discrete(),
    "empirical": st.lists(MODERATE, min_size=1, max_size=20).map(
        lambda values: written("empirical", *values)
    ),
    "pedigree": _pedigree(),
}
"""Texts of each family whose parameters are numbers."""


@st.composite
def _mixture(draw, parts: SearchStrategy[str]) -> str:
    components = draw(st.lists(parts, min_size=1, max_size=3))
    weights = [draw(SHARE) for _ in components]
    return written("mixture", *components, weights=f"({', '.join(map(str, weights))},)")


@st.composite
def _cut(draw, family: str, parts: SearchStrategy[str]) -> str:
    """Cut a distribution at its own quantiles, so that something of it is left."""
    part = draw(parts)
    low, high = sorted((draw(st.floats(0.01, 0.45)), draw(st.floats(0.55, 0.99))))
    ends = parse_distribution(part).quantile(np.array([low, high])).tolist()
    chosen = draw(st.sampled_from([("low",), ("high",), ("low", "high")]))
    bounds = {name: end for name, end in zip(("low", "high"), ends, strict=True) if name in chosen}
    return written(family, part, **bounds) if ends[0] < ends[1] else part


def _composites(parts: SearchStrategy[str]) -> dict[str, SearchStrategy[str]]:
    return {
        "mixture": _mixture(parts),
        "truncate": _cut("truncate", parts),
        "clip": _cut("clip", parts),
    }


FAMILIES: dict[str, SearchStrategy[str]] = SIMPLE | _composites(st.one_of(*SIMPLE.values()))
"""Texts of each family of the study language."""


@st.composite
def ranges(draw) -> str:
    """Texts of ranges, such as ``2 to 8``."""
    low, high = draw(st.one_of(increasing(2, low=1e-3), st.tuples(POSITIVE.map(lambda x: -x), POSITIVE)))
    return f"{low} to {high}"


def distributions() -> SearchStrategy[str]:
    """Texts of distributions, up to composites of composites."""
    simple = st.one_of(*SIMPLE.values(), ranges())
    return st.recursive(simple, lambda parts: st.one_of(*_composites(parts).values()), max_leaves=4)


NAMES = ("a", "b", "c", "x_1", "rate")


def expressions() -> SearchStrategy[str]:
    """Texts of expressions over `NAMES`."""
    numbers = st.one_of(st.integers(0, 10**6).map(str), POSITIVE.map(str))
    leaves = st.one_of(numbers, st.sampled_from([*NAMES, "pi", "0.5e-3", ".25"]))
    operators = st.sampled_from([*("+", "-", "*", "/", "**", "<", "<=", ">", ">=", "==", "!="), "and", "or"])
    functions = st.sampled_from([name for name, f in FUNCTIONS.items() if f.arguments == (1, 1)])

    def grown(parts: SearchStrategy[str]) -> SearchStrategy[str]:
        return st.one_of(
            st.tuples(parts, operators, parts).map(lambda words: f"({' '.join(words)})"),
            parts.map(lambda part: f"-{part}"),
            parts.map(lambda part: f"(not {part})"),
            st.tuples(functions, parts).map(lambda words: written(*words)),
            st.tuples(parts, parts).map(lambda words: written("minimum", *words)),
            st.tuples(parts, parts, parts).map(lambda words: written("where", *words)),
        )

    return st.recursive(leaves, grown, max_leaves=12)


LABELS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


@st.composite
def studies(draw) -> str:
    """Texts of sound study files without units: inputs of any distribution and equations in a chain."""
    known = [f"i{n}" for n in range(draw(st.integers(1, 4)))]
    lines = ["format = 1", 'study = { title = "Drawn", headline = "out" }']
    for name in known:
        text, label = (json.dumps(draw(drawn), ensure_ascii=False) for drawn in (distributions(), LABELS))
        point = draw(MODERATE)
        lines += [f"[inputs.{name}]", 'unit = "1"', f"point = {point}", f"distribution = {text}"]
        lines.append(f"label = {label}")
    lines.append("[equations]")
    for n in range(draw(st.integers(1, 3))):
        terms = draw(st.lists(st.sampled_from(known), min_size=1, max_size=3))
        lines.append(f'e{n} = "{" + ".join(terms)}"')
        known.append(f"e{n}")
    lines += ["[outputs.out]", f'value = "{known[-1]} / 3"', 'unit = "1"', ""]
    return "\n".join(lines)
