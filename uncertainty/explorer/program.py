"""A study as plain data for a page that computes it again: its inputs, its choices and one graph."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import math
import re
import shlex
from contextlib import suppress
from dataclasses import replace
from functools import partial
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from uncertainty import numbers
from uncertainty.characters import clean
from uncertainty.distributions import Normal
from uncertainty.distributions.conditional import Conditional
from uncertainty.distributions.dirichlet import Share
from uncertainty.distributions.protocol import LARGEST
from uncertainty.distributions.ranges import USUAL_LEVEL, sds_within
from uncertainty.errors import SettingError, StudyError
from uncertainty.explorer.quantiles import DRAWS, Data, quantile_data
from uncertainty.expressions import Call, Expression, Name, Number
from uncertainty.expressions.operations import AVERAGE, CONSTANTS
from uncertainty.indices.index import written
from uncertainty.late import regex
from uncertainty.rounding import FUNCTION, UNIT
from uncertainty.sampling import moments, thresholds
from uncertainty.sampling.copula import continuous_targets
from uncertainty.sampling.estimate import ERRORS_WIDE, FEWEST_EVENTS
from uncertainty.sampling.finiteness import allowed_share
from uncertainty.sampling.statistics import BATCHES, FEWEST_BEYOND
from uncertainty.settings import Settings
from uncertainty.study.bundled import typed_name
from uncertainty.study.correlation import ALIKE, ROUNDED, score_correlation
from uncertainty.study.scenario import override_of, scenario
from uncertainty.study.shares import wholes
from uncertainty.units import UnitSystem
from uncertainty.wording import (
    MOST_WRITTEN,
    SENTENCES,
    condition,
    figure_text,
    named_figure,
    override_text,
    statistic_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from uncertainty.distributions import Distribution
    from uncertainty.indices.index import Index
    from uncertainty.study.model import (
        Choice,
        Correlation,
        Figure,
        Input,
        Output,
        Override,
        Quantity,
        Reading,
        Study,
    )
    from uncertainty.study.scenario import Scenario

MOST_DRAWN = 200
"""Cells that are drawn up to which a page shows every output."""


def is_large(study: Study) -> bool:
    """Return whether more cells are drawn than a page shows one by one."""
    return bool(study.tables) and len(scenario(study).varying) > MOST_DRAWN


def shown_outputs(study: Study) -> Mapping[str, Output]:
    """Return a study's outputs; of large ones the headline, those without an index, and totals by index."""
    if not is_large(study):
        return study.outputs
    found = {n: each for n, each in study.outputs.items() if not each.quantity or n == study.headline}
    for table in study.tables.values():
        found |= _totals(study, table)
    return found


def _totals(study: Study, table: Quantity) -> dict[str, Output]:
    """Return the sums of an output for each member of each of its indices; of one index, over it."""
    if len(table.indices) == 1:
        return _total(study, table, list(table.cells.values()), "", "total")
    found: dict[str, Output] = {}
    for place, index in enumerate(table.indices):
        for member, label in study.indices[index].members.items():
            cells = [name for members, name in table.cells.items() if members[place] == member]
            found |= _total(study, table, cells, member, f"total, {label or member}")
    return found


def _total(study: Study, table: Quantity, cells: Sequence[str], member: str, said: str) -> dict[str, Output]:
    """Return the sum of some cells as an output."""
    name = written(f"sum({table.name})", [member] if member else [])
    values = [study.outputs[cell].expression or Name(cell) for cell in cells]
    first = study.outputs[cells[0]]
    label = f"{table.title} ({said})"
    total = replace(first, name=name, expression=_sum(values), label=label, quantity="")
    return {name: replace(total, published=None, reference=None, source="", note="")}


def _sum(values: Sequence[Expression]) -> Expression:
    """Add up in a balanced tree."""
    if len(values) == 1:
        return values[0]
    middle = len(values) // 2
    return Call("add", (_sum(values[:middle]), _sum(values[middle:])))


FORMAT = 1
OWN_SENTENCES = MappingProxyType(
    {
        "ranges": "Drag the two ends of a range, or type them: nine in ten values lie between them. A "
        "changed range becomes a lognormal distribution if it is positive and a normal one if it spans 0, "
        "within the physical limits of the input.",
        "shares": "Share of the variance{of} that each input explains alone (by ranks; off by up to about 2 "
        "percentage points, by more where tails are long).",
        "failed": "In {failed} of {all} draws the result is infinite or undefined: an input goes where the "
        "calculation has no answer{limit}.",
        "whole": '{label}: a share of a whole changes with the others; on the command line, --set "{name}=…" '
        "does it.",
        "unchanged": "If every choice is made as the publication made it,",
    }
)
"""What the explorer alone says, with the names of the values in it: its script has a limit."""


def export_program(study: Study, settings: Settings | None = None) -> Data | None:
    """Return a study as data that `engine.js` runs; None where the model is a Python function.

    Parameters
    ----------
    settings
        Choices and overrides that apply on top of every reading, as in a report, and the level and kind of
        its intervals.
    """
    if study.function is not None:
        return None
    writer = _Writer(study)
    return {
        "format": FORMAT,
        "name": typed_name(study),
        "command": _command(study, settings or Settings()),
        "draws": DRAWS,
        "headline": study.headline,
        "inputs": {name: writer.input(item) for name, item in study.inputs.items()},
        "equations": {name: writer.node(found.expression) for name, found in study.equations.items()},
        "outputs": {name: writer.output(output) for name, output in shown_outputs(study).items()},
        "choices": {name: writer.choice(choice) for name, choice in study.choices.items()},
        "excluded": [
            {"when": {choice: [*names] for choice, names in rule.when.items()}, "because": rule.because}
            for rule in study.excluded
        ],
        "readings": {name: writer.reading(reading) for name, reading in offered(study).items()},
        "opens": opening(study, settings),
        "correlations": [writer.pair(pair, settings) for pair in study.correlations],
        "dropped": allowed_share(study.nonfinite),
        "settings": {
            "level": (settings or Settings()).level,
            "interval": (settings or Settings()).interval,
            "choices": {} if settings is None else dict(settings.choices),
            "inputs": {} if settings is None else writer.overrides(*_overridden(study, settings)),
        },
        "nodes": writer.nodes,
        "sentences": {**SENTENCES, **_own_sentences(study)},
    }


def offered(study: Study) -> Mapping[str, Reading]:
    """Return the readings that a page can run: it weighs no draws by observations."""
    return {name: reading for name, reading in study.readings.items() if not reading.observations}


def opening(study: Study, settings: Settings | None = None) -> str:
    """Return the reading that a page opens on: the preferred one where it can run that, else its first."""
    readings, preferred = offered(study), study.preferred_reading
    if preferred in readings and preferred is not None:
        with suppress(SettingError, StudyError):  # settings may exclude it
            scenario(study, preferred, choose={} if settings is None else dict(settings.choices))
            return preferred
    return next(iter(readings))


class _Writer:
    """Turns the parts of a study into data, and its expressions into one list of nodes."""

    def __init__(self, study: Study) -> None:
        self.nodes: list[list[Any]] = []
        self._positions: dict[tuple[object, ...], int] = {}
        self._units = UnitSystem(study.counting_units)
        self._study = study
        self._plan = scenario(study)
        self._columns: dict[str, str] = {}
        self._correlated = {name for pair in study.correlations for name in pair.inputs}
        linear = [pair for pair in study.correlations if pair.kind == "pearson"]
        self._linear = {name for pair in linear for name in pair.inputs}

    def node(self, expression: Expression) -> int:
        """Add an expression to the nodes, unless it is there, and return its position."""
        if isinstance(expression, Number):
            factor = 1.0 if expression.unit is None else self._units.parse(expression.unit).factor
            return self._add("number", expression.value * factor)
        if isinstance(expression, Name):
            if expression.name in self._columns:
                return self._add("draws", self._columns[expression.name])
            value = CONSTANTS.get(expression.name)
            return self._add("name", expression.name) if value is None else self._add("number", value)
        if expression.operation == AVERAGE:
            # the explorer draws single cases
            return self.node(expression.arguments[0])
        return self._add(expression.operation, *map(self.node, expression.arguments))

    def _add(self, *node: object) -> int:
        if node not in self._positions:
            self._positions[node] = len(self.nodes)
            self.nodes.append([*node])
        return self._positions[node]

    def input(self, item: Input) -> Data:
        point = item.point
        return {
            "label": clean(item.title),
            "unit": item.unit.text,
            "factor": item.unit.factor,
            "point": {"node": self.node(point)} if isinstance(point, Expression) else point,
            "low": item.low,
            "high": item.high,
            "kind": item.kind,
            **({"share": [*item.distribution.cells]} if isinstance(item.distribution, Share) else {}),
            **({} if item.member_of is None else {"members": _members(item.member_of)}),
            "basis": item.basis or "",
            "distribution": None
            if item.distribution is None
            else self._one(item.name, item.distribution, self._plan),
        }

    def output(self, output: Output) -> Data:
        published = output.published
        return {
            "only": _only(self._study, output),
            "label": clean(output.title),
            "unit": output.unit.text,
            "factor": output.unit.factor,
            "node": self.node(output.expression or Name(output.name)),
            "published": None
            if published is None or output.published_value is None
            else {"value": published.value, "text": named_figure(published)},
            **({} if published is None or published.at_points else {"statistic": _statistic(published)}),
            "reference": output.reference,
            "above": output.claims_above,
            "scale": output.scale,
        }

    def choice(self, choice: Choice) -> Data:
        return {
            "question": clean(choice.question or choice.name),
            "options": {
                name: {
                    "label": clean(option.title),
                    "equations": {key: self.node(value) for key, value in option.equations.items()},
                    "inputs": self.overrides(
                        option.inputs, partial(scenario, self._study, choose={choice.name: name})
                    ),
                }
                for name, option in choice.options.items()
            },
        }

    def reading(self, reading: Reading) -> Data:
        return {
            "label": clean(reading.title),
            "condition": clean(condition(self._study, reading)).removesuffix(","),
            "choices": dict(reading.choices),
            "inputs": self.overrides(reading.inputs, partial(scenario, self._study, reading.name)),
        }

    def pair(self, pair: Correlation, settings: Settings | None) -> Data:
        """Return a pair with the correlation of normal scores that it needs, by its inputs' shapes."""
        given = [self._shapes(name, settings) for name in pair.inputs]
        targets = []
        for one, other in itertools.product(*given):
            if one or other:
                marginals = dict(zip(pair.inputs, (given[0][one], given[1][other]), strict=True))
                with suppress(StudyError):  # out of reach, and said so when that is run
                    (needed,) = continuous_targets([pair], marginals)
                    scores = score_correlation(needed.kind, needed.value)
                    targets.append({"shapes": [one, other], "scores": scores})
        scores = score_correlation(pair.kind, pair.value)
        linear = pair.kind == "pearson"
        return {"inputs": [*pair.inputs], "scores": scores, "linear": linear, "targets": targets}

    def overrides(self, found: Mapping[str, Override], taken: Callable[[], Scenario]) -> Data:
        # what shares a whole with an input that is overridden is drawn otherwise, too
        others = {
            name
            for cells, _ in wholes({n: item.distribution for n, item in self._study.inputs.items()})
            if found.keys() & set(cells)
            for name in cells
        }
        needed = others or any(_follows(each.distribution) for each in found.values())
        plan = taken() if needed else None
        data = {
            name: self._one(name, each.distribution, plan)
            | {"text": override_text(each, self._study.inputs[name]), "point": each.point}
            for name, each in found.items()
        }
        if plan is not None:
            for name in sorted(others - found.keys()):
                own = self._study.inputs[name].distribution or plan.distributions[name]
                data[name] = self._one(name, own, plan) | {"point": plan.points[name]}
        return data

    def _one(self, name: str, distribution: Distribution, plan: Scenario | None) -> Data:
        """Return a distribution as data; what its draws become, where it has parameters, is a node."""
        data: Data = {"text": str(distribution)}
        if plan is not None and _follows(distribution):
            if name in plan.dependent:
                self._columns[plan.dependent[name].column] = name
                data["given"] = self.node(plan.dependent[name].value)
            distribution = plan.distributions[name]
        data["shape"] = self._shape(name, distribution)
        return {**data, "quantile": quantile_data(distribution, correlated=name in self._correlated)}

    def _shape(self, name: str, distribution: Distribution) -> str:
        """Return what tells how a distribution's values follow its scores, where a correlation needs it.

        Spearman's and Kendall's do where values are tied, Pearson's where they are not normal.
        """
        linear = name in self._linear and not isinstance(distribution, Normal)
        return str(distribution) if (distribution.atoms or linear) and not distribution.is_constant else ""

    def _shapes(self, name: str, settings: Settings | None) -> dict[str, Distribution]:
        """Return what an input may be, by its shape; a normal distribution where that does not matter."""
        study, item = self._study, self._study.inputs[name]
        found = [item.distribution] if item.distribution is not None else []
        options = [option for choice in study.choices.values() for option in choice.options.values()]
        changes = [reading.inputs for reading in study.readings.values()] + [each.inputs for each in options]
        found += [change[name].distribution for change in changes if name in change]
        if settings is not None and name in settings.overrides:
            found.append(_overridden(study, settings)[0][name].distribution)
        drawn = [each.reference or each if isinstance(each, Conditional) else each for each in found]
        return {"": Normal(0, 1)} | {key: each for each in drawn if (key := self._shape(name, each))}


def _command(study: Study, settings: Settings) -> str:
    """Return how a reader would begin to run the same on a command line."""
    words = ["uncertainty", "run", shlex.quote(typed_name(study))]
    usual = Settings()
    words += ["--level", f"{settings.level}"] if settings.level != usual.level else []
    words += ["--interval", settings.interval] if settings.interval != usual.interval else []
    return " ".join(words)


def _only(study: Study, output: Output) -> str:
    """Return how a command line asks for one output, as of single cases, which is what a page draws."""
    if output.name not in study.outputs:
        return ""
    return f"--only {shlex.quote(output.name)}" + (" --over case" if output.over != "case" else "")


def _own_sentences(study: Study) -> dict[str, str]:
    """Return what the explorer alone says, with how many draws of this study may be left out."""
    share = allowed_share(study.nonfinite)
    limit = f"; at most {100 * share:.6g} % of them may be left out" if share else ""
    return {**OWN_SENTENCES, "failed": OWN_SENTENCES["failed"].replace("{limit}", limit)}


def _members(index: Index) -> list[tuple[str, str]]:
    return [(name, clean(index.label_at(place))) for place, name in enumerate(index.names)]


def _follows(distribution: Distribution) -> bool:
    """Tell whether what is drawn of a distribution becomes another value by other inputs."""
    return isinstance(distribution, Conditional | Share)


def _overridden(study: Study, settings: Settings) -> tuple[dict[str, Override], Callable[[], Scenario]]:
    """Return what settings put in the place of inputs, and the scenario in which that is taken."""
    taken = partial(scenario, study, override=settings.overrides)
    found = {}
    for name, value in settings.overrides.items():
        each = override_of(study, name, value)
        found[name] = replace(each, point=taken().points[name]) if math.isnan(each.point) else each
    return found, taken


def _statistic(figure: Figure) -> Data:
    """Return what the script needs to set a published statistic beside that of its draws."""
    return {
        "kind": figure.statistic,
        "name": statistic_text(figure),
        "text": figure_text(figure),
        "digits": figure.digits + 1,
        "probability": figure.probability,
    }


def rules() -> Data:
    """Return the figures of the rules by which draws are judged and numbers written, by their names there."""
    return {
        "beforeOne": LARGEST,
        "alike": ALIKE - ROUNDED,
        "oneScore": ALIKE,
        "score90": sds_within(USUAL_LEVEL),
        "batches": BATCHES,
        "fewestBeyond": FEWEST_BEYOND,
        "fewestEvents": FEWEST_EVENTS,
        "errorsWide": ERRORS_WIDE,
        "same": thresholds.SAME,
        "small": thresholds.SMALL,
        "unseen": 2 * FUNCTION * UNIT,
        "near": moments.NEAR,
        "momentRounding": moments.ROUNDING,
        "oneMode": moments.ONE_MODE,
        "narrow": moments.NARROW,
        "mostUntold": moments.MOST_UNTOLD,
        "long": moments.LONG,
        "farthest": moments.FARTHEST,
        "thinnest": moments.THINNEST,
        "thinnestStep": moments.THINNEST_STEP,
        "mostBeyond": moments.MOST_BEYOND,
        "mostOfOne": moments.MOST_OF_ONE,
        "fewestTold": moments.FEWEST_TOLD,
        "fewestDraws": moments.FEWEST_DRAWS,
        "mostKurtosis": moments.MOST_KURTOSIS,
        "digits": numbers.MOST_DIGITS,
        "mostErrors": numbers.MOST_ERRORS,
        "mostWritten": MOST_WRITTEN,
        "wide": numbers.WIDE,
        "vague": numbers.VAGUE,
        "wholeRange": numbers.WHOLE_RANGE,
    }


COPYING = "copying"
"""The script's file that a page without the explorer has alone."""

SCRIPTS = (
    "quantiles",
    "special",
    "engine",
    "plan",
    "statistics",
    "wording",
    "entry",
    "state",
    "drawing",
    "controls",
    "page",
    COPYING,
)
"""The script's files, in the order in which they are joined."""

_COMMENTS = regex(r"[ \t]*/\*.*?\*/|[ \t]*(?<!:)//[ ][^\n]*", re.DOTALL)
_BEFORE_A_LINE = regex(r"\n\s+")
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def program_json(program: Data) -> str:
    """Return a program as JSON that no text in it can lead out of a page's script element."""
    text = json.dumps(program, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return "".join(_ESCAPES.get(sign, sign) for sign in text)


def page_script(parts: Sequence[str] = SCRIPTS) -> str:
    """Return the whole script, which sees nothing but the page and leaves nothing behind.

    Comments, a fifth of it and mostly types, and the room about its lines stay in the package.
    """
    whole = "\n".join(['(() => {\n"use strict";', script_source(parts), "})();"])
    return _BEFORE_A_LINE.sub("\n", _COMMENTS.sub("", whole)).replace("\n}", "}")


def script_source(parts: Sequence[str] = SCRIPTS) -> str:
    """Return the script's files as they were written, in one, after the figures of the rules in them."""
    folder = script_folder()
    sources = [folder.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in parts]
    return "\n".join(sources if parts == (COPYING,) else [rule_source(), *sources])


def script_folder() -> Traversable:
    """Return where the script's files are."""
    return files("uncertainty.explorer") / "script"


def rule_source() -> str:
    """Return the figures of the rules that the script follows, which are Python's own."""
    return f"const RULES = {json.dumps(rules(), separators=(',', ':'))};"


def page_style() -> str:
    """Return the explorer's style sheet."""
    return (files("uncertainty.explorer") / "script" / "explorer.css").read_text(encoding="utf-8")


def fingerprint(script: str) -> str:
    """Return the hash by which a page's security policy allows a script and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
