"""A challenge as a JSON document (format 1).

``results.outputs.OUTPUT`` holds

* ``verdict``: whether the convention or the data decide, in a sentence; ``arithmetic``: whether the
  publication's own inputs give its figure, with ``reproduced_by``; ``leading``: the readings to be led with;
* ``readings.NAME``: ``sentence``, ``point``, ``median``, ``interval``, ``published_percentile``, the shares
  of draws ``at_or_beyond_published``, ``within_factor_2``, ``within_factor_10`` and ``beyond_reference``, the
  Monte Carlo error of each as ``…_error``, ``expected`` where the reading expects a figure for it, and
  ``dropped``, the share of draws that had no value, where some had none;
* ``thresholds``: ``kind``, ``value``, and the ``side`` on which the claim holds;
* ``inputs``: how many were ``asked`` about one by one, of how many ``reaching`` the output
* ``break_even.INPUT.KIND.OTHERS``, the others at their ``points`` or ``distributed``: ``status``, ``value``
  with its Monte Carlo ``value_error``,
  ``quantile`` in the input's own distribution, and the number of ``crossings``;
* ``design_point.KIND``: ``distance`` from the medians in normal scores, ``crossed``, ``first_order_share``,
  ``draws_share``, and for each of ``inputs`` its ``value``, ``median``, ``score`` and ``contribution``;
* ``stress.KIND``: the share ``failing``, ``shifts`` (difference of medians as probabilities, and
  Kolmogorov-Smirnov distance), and a ``box`` around the rarer draws with its ``coverage`` and ``density``;
* ``multiverse``: ``universes`` (options, median, interval, shares of draws, ``lowest`` and ``highest`` value
  at the inputs' medians and ends), ``choices`` (``share`` of the variance of the medians, the medians when it
  ``alone`` changes, what becomes of each option), and by kind of threshold the ``share_of_universes`` whose
  median is on the claim's side, which is no probability;
* ``robustness``: the ``own`` answer, the ``answers`` with other distributions (a moved median with its
  ``measure``: its ``change`` is a share of the ``median`` itself or, where that may be 0 or negative, of the
  input's 90 % ``range``), ``left_alone``, ``refused``.

A part that does not apply is ``{"reason": …}``. ``results.differences.OUTPUT.READING`` has the differences
and totals that a ratio does not tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uncertainty.documents.document import document, finite, settings_document
from uncertainty.documents.estimates import (
    estimates_document,
    statistic_document,
    without_place,
    without_spread,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.challenges.analysis import Challenge, OutputChallenge
    from uncertainty.challenges.breakeven import BreakEven
    from uncertainty.challenges.decisions import ChoiceEffect, OptionRange
    from uncertainty.challenges.designpoint import DesignPoint
    from uncertainty.challenges.multiverse import Multiverse, Universe
    from uncertainty.challenges.robustness import Answer, Robustness
    from uncertainty.challenges.stress import Stress
    from uncertainty.challenges.verdict import ReadingVerdict
    from uncertainty.documents.document import Document
    from uncertainty.sampling.statistics import Estimate
    from uncertainty.study.model import Output


def challenge_document(found: Challenge) -> Document:
    """Return the document of `uncertainty challenge`."""
    settings = settings_document(found.settings, found.scenario)
    return document("challenge", found.study, challenge_results(found), settings)


def challenge_results(found: Challenge) -> Document:
    """Return the results of a challenge."""
    results: Document = {"outputs": {name: _output(each) for name, each in found.outputs.items()}}
    differences: Document = {}
    for reading, run in found.differences.items():
        for name, each in run.outputs.items():
            kept = ("median", "low", "high", "probability_at_least_reference")
            row = estimates_document({key: each.summary[key] for key in kept if key in each.summary})
            differences.setdefault(name, {})[reading] = row
    return results | {"differences": differences}


def _output(found: OutputChallenge) -> Document:
    verdict = found.verdict
    return {
        "verdict": verdict.sentence,
        "arithmetic": verdict.arithmetic,
        "reproduced_by": list(verdict.reproduced_by),
        "leading": list(verdict.leading),
        "readings": {name: _reading(each, found.output) for name, each in verdict.readings.items()},
        "inputs": {"asked": found.asked, "reaching": found.reaching},
        "thresholds": [
            {"kind": t.kind, "value": t.value, "side": "at least" if t.above else "at most"}
            for t in found.thresholds
        ],
        "break_even": _or_reason(
            found.break_even, lambda rows: {name: _break_even(each) for name, each in rows.items()}
        ),
        "design_point": _or_reason(found.design_points, lambda kinds: _kinds(kinds, _design_point)),
        "stress": _or_reason(found.stress, lambda kinds: _kinds(kinds, _stress)),
        "multiverse": _or_reason(found.multiverse, lambda each: _multiverse(each, found.choices)),
        "robustness": _or_reason(found.robustness, _robustness),
    }


def _or_reason(part: Any, write: Any) -> Document:
    found: Document = {"reason": part} if isinstance(part, str) else write(part)
    return found


def _kinds(kinds: Mapping[str, Any], write: Any) -> Document:
    return {kind: _or_reason(each, write) for kind, each in kinds.items()}


def _reading(found: ReadingVerdict, output: Output) -> Document:
    row: Document = {"sentence": found.sentence, "point": finite(found.point)}
    row |= estimates_document(found.estimates)
    if not found.varies:
        row |= without_spread(row, ["shares"], found.same_because)
    row |= without_place(output.published, row, ["published_percentile"])
    if found.dropped:
        row["dropped"] = found.dropped
    if found.expected is not None:
        expected = found.expected
        row["expected"] = {
            "published": expected.published,
            **statistic_document(expected.figure),
            "point": finite(expected.point),
            "status": expected.status,
        }
        if expected.estimate is not None:
            row["expected"] |= estimates_document({"estimate": expected.estimate})
    return row


def _break_even(rows: tuple[BreakEven, ...]) -> Document:
    found: Document = {}
    for row in rows:
        found.setdefault(row.threshold.kind, {})[row.others] = {
            "status": row.status,
            "value": row.value,
            "value_error": row.error,
            "quantile": row.quantile,
            "crossings": row.crossings,
        }
    return found


def _design_point(found: DesignPoint) -> Document:
    return {
        "distance": found.distance,
        "crossed": found.crossed,
        "first_order_share": found.first_order_share,
        "draws_share": found.draws_share,
        "inputs": {
            name: {"value": c.value, "median": c.median, "score": c.score, "contribution": c.contribution}
            for name, c in found.inputs.items()
        },
    }


def _stress(found: Stress) -> Document:
    return {
        "draws": found.draws,
        "failing": found.failing,
        "shifts": {s.input: {"shift": s.shift, "distance": s.distance} for s in found.shifts},
        "boxed": found.boxed,
        "box": {r.input: {"low": r.low, "high": r.high, "probability": r.probability} for r in found.box},
        "coverage": found.coverage,
        "density": found.density,
    }


def _multiverse(found: Multiverse, effects: tuple[ChoiceEffect, ...]) -> Document:
    return {
        "varied": list(found.combinations.varied),
        "fixed": dict(found.combinations.fixed),
        "unreached": list(found.combinations.unreached),
        "samples": found.samples,
        "distinct": found.distinct,
        "share_of_universes": {t.kind: found.share(t) for t in found.thresholds},
        "always": {t.kind: sum(u.always(t) for u in found.universes) for t in found.thresholds},
        "never": {t.kind: sum(u.never(t) for u in found.universes) for t in found.thresholds},
        "choices": {effect.choice: _effect(effect) for effect in effects},
        "universes": [_universe(universe) for universe in found.universes],
    }


def _effect(found: ChoiceEffect) -> Document:
    return {
        "share": found.share,
        "alone": {option: None if u is None else u.median for option, u in found.alone.items()},
        "options": {option: _option(each) for option, each in found.options.items()},
    }


def _option(found: OptionRange) -> Document:
    return {
        "universes": found.universes,
        "medians": [found.lowest, found.highest],
        "share_of_universes": dict(found.holds),
        "least_share": dict(found.least_share),
        "greatest_share": dict(found.greatest_share),
        "always": list(found.always),
        "never": list(found.never),
    }


def _universe(found: Universe) -> Document:
    summary = found.found
    row: Document = {"options": dict(found.options)}
    row |= _interval(summary.median, summary.low, summary.high)
    row["shares"] = {kind: share.value for kind, share in summary.shares.items()}
    return row | {"lowest": finite(summary.lowest), "highest": finite(summary.highest)}


def _robustness(found: Robustness) -> Document:
    return {
        "own": _answer(found.own),
        "answers": [_answer(each) for each in found.answers],
        "left_alone": list(found.left_alone),
        "refused": [str(each) for each in found.refused],
    }


def _answer(found: Answer) -> Document:
    row: Document = {"kind": found.kind, "change": found.change, "input": found.input}
    row["measure"] = found.measure
    row |= _interval(found.median, found.low, found.high)
    row["shares"] = {kind: share.value for kind, share in found.shares.items()}
    return row | {"driver": found.driver, "driver_share": found.driver_share}


def _interval(median: Estimate, low: Estimate, high: Estimate) -> Document:
    return estimates_document({"median": median, "low": low, "high": high})
