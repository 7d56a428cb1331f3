"""How much experts count, by questions whose answers are known: Cooke's classical model.

Every expert gives the same quantiles of every question. Two scores are made of the seed questions, whose
values are known. Calibration is the probability that values would fall as badly between an expert's quantiles
if these were right; information is how far the quantiles are from saying nothing over the range of all that
was said. The weight is their product, of experts whose calibration reaches a cut-off.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.calls import checked
from uncertainty.distributions.elicited import pool, through
from uncertainty.distributions.metalog import checked_quantiles
from uncertainty.errors import InvalidValue, SettingError, suggestion
from uncertainty.late import dataclass
from uncertainty.records import Frozen, brief, view
from uncertainty.results import record, row_of
from uncertainty.tables import Table
from uncertainty.values import number, share, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.distributions import Distribution, FloatArray
    from uncertainty.distributions.metalog import Quantiles

OVERSHOOT = 0.1
"""What the range of all that was said of a question is widened by at each end, as a share of it."""


@record("answered", "calibration", "information", "score", "weight")
class ExpertScore(NamedTuple):
    """How well an expert answered seed questions.

    Parameters
    ----------
    answered
        Seed questions that the expert answered.
    calibration
        The probability that known values fall as badly between the quantiles, if these are right.
    information
        Mean over the seed questions of the Kullback-Leibler divergence from a distribution that says nothing.
    score
        Their product, 0 where the calibration is below the cut-off.
    weight
        The score as a share of all.
    """

    answered: int
    calibration: float
    information: float
    score: float
    weight: float


@record("scores", "cut_off", "pools=shown_pools")
@dataclass(frozen=True, eq=False)
class ExpertWeights:
    """How much each expert counts, and the pools of what they said of questions that are still open.

    Parameters
    ----------
    scores
        By expert.
    cut_off
        The calibration below which an expert does not count.
    pools
        By open question, the experts' distributions in their order and their pool.
    """

    scores: Mapping[str, ExpertScore]
    cut_off: float
    pools: Mapping[str, Pool]

    __repr__ = brief
    _repr_html_ = view

    @property
    def shown_pools(self) -> Mapping[str, str]:
        """By open question, the pool of the experts that count, in the study language."""
        return Frozen({name: str(each.distribution) for name, each in self.pools.items()})

    @property
    def weights(self) -> Mapping[str, float]:
        """By expert; they add to 1."""
        return Frozen({name: each.weight for name, each in self.scores.items()})

    @property
    def table(self) -> Table:
        """One row an expert."""
        rows = [{"expert": name, **row_of(each)} for name, each in self.scores.items()]
        return Table.of_rows("experts", rows, about={"cut_off": self.cut_off})


class Pool(NamedTuple):
    """What experts said of one question.

    Parameters
    ----------
    quantiles
        By expert.
    distribution
        The pool by the weights.
    """

    quantiles: Mapping[str, Quantiles]
    distribution: Distribution


@checked()
def weigh_experts(
    answers: Mapping[str, Mapping[str, Mapping[float, float]]],
    seeds: Mapping[str, float],
    *,
    logarithmic: Sequence[str] = (),
    cut_off: float = 0.0,
) -> ExpertWeights:
    """Weigh experts by how well they answered questions whose answers are known (Cooke's classical model).

    Parameters
    ----------
    answers
        By expert and question, values by probability: the same probabilities throughout.
    seeds
        The known values, by question; the other questions are pooled.
    logarithmic
        Questions of which saying nothing means saying nothing of the logarithm, as of positive quantities
        that span decades.
    cut_off
        The calibration below which an expert does not count.

    Raises
    ------
    SettingError
        If quantiles cross, a known value is no finite number, a seed question was not answered by all, the
        cut-off is no share, or nobody reaches it.

    References
    ----------
    Cooke (1991), Experts in Uncertainty; Cooke & Goossens (2008), doi:10.1016/j.ress.2007.03.005.
    """
    said = _checked_answers(answers)
    _check_seeds(said, seeds, logarithmic)
    cut_off = share("cut_off", cut_off)
    probabilities = [p for p, _ in next(iter(next(iter(said.values())).values()))]
    bins = np.diff([0.0, *probabilities, 1.0])
    scores = {}
    for name, own in said.items():
        calibration = _calibration([_place(own[question], value) for question, value in seeds.items()], bins)
        apart = [_information(name, each, said, seeds[each], bins, logarithmic) for each in seeds]
        information = math.fsum(apart) / len(apart)
        score = calibration * information if calibration >= cut_off else 0.0
        scores[name] = ExpertScore(len(seeds), calibration, information, score, score)
    total = math.fsum(each.score for each in scores.values())
    if total <= 0:
        best = max(each.calibration for each in scores.values())
        raise SettingError(
            f"cut_off: no expert counts: the best calibration is {best:.2g}, below {cut_off:g}"
        )
    weighed = {name: each._replace(weight=each.score / total) for name, each in scores.items()}
    return ExpertWeights(Frozen(weighed), cut_off, Frozen(_pools(said, seeds, weighed)))


def _pools(
    said: Mapping[str, Mapping[str, Quantiles]], seeds: Mapping[str, float], scores: Mapping[str, ExpertScore]
) -> dict[str, Pool]:
    """Return what was said of each open question, and the pool of those who count and answered it."""
    found = {}
    for question in dict.fromkeys(each for own in said.values() for each in own if each not in seeds):
        own = {name: answers[question] for name, answers in said.items() if question in answers}
        weights = [scores[name].weight for name in own]
        if any(weights):
            made = [_through(each, f"{name}, {question}") for name, each in own.items()]
            found[question] = Pool(Frozen(own), pool(made, weights))
    return found


def _through(given: Quantiles, whose: str) -> Distribution:
    try:
        return through(given)
    except InvalidValue as error:
        raise SettingError(f"{whose}: {error}") from None


def _checked_answers(
    answers: Mapping[str, Mapping[str, Mapping[float, float]]],
) -> dict[str, dict[str, Quantiles]]:
    """Return quantiles in their order; SettingError where they cross, or are of other probabilities."""
    found: dict[str, dict[str, Quantiles]] = {}
    probabilities: tuple[float, ...] = ()
    for name, questions in answers.items():
        _check_mapping(name, questions, "by question of dicts by probability")
        for question, values in questions.items():
            _check_mapping(f"{name}, {question}", values, "of values by probability")
            try:
                own = checked_quantiles(tuple(values.items()), f"{name}, {question}")
            except InvalidValue as error:
                raise SettingError(f"answers: {error}") from None
            probabilities = probabilities or tuple(p for p, _ in own)
            if tuple(p for p, _ in own) != probabilities:
                raise SettingError(
                    f"answers: {name}, {question}: expected the same quantiles of every question"
                )
            found.setdefault(name, {})[question] = own
    if not found:
        raise SettingError("answers: expected an expert")
    return found


def _check_mapping(whose: str, given: object, kind: str) -> None:
    # a Series of pandas maps, too
    if not hasattr(given, "items"):
        example = '{"A": {"q": {0.05: 1, 0.5: 2, 0.95: 4}}}'
        said = f"expected a dict {kind}, as in {example}, found {shown(given)}"
        raise SettingError(f"answers: {whose}: {said}")


def _check_seeds(
    said: Mapping[str, Mapping[str, Quantiles]], seeds: Mapping[str, float], logarithmic: Sequence[str]
) -> None:
    if not seeds:
        raise SettingError("seeds: expected a question whose answer is known")
    for question, value in seeds.items():
        if not math.isfinite(number(f"seeds: {question}", value)):
            raise SettingError(f"seeds: {question}: expected a finite number, found {value:g}")
    for name, own in said.items():
        missing = next((question for question in seeds if question not in own), None)
        if missing is not None:
            raise SettingError(f'seeds: {name} did not answer "{missing}"{suggestion(missing, own)}')
    for question in logarithmic:
        values = [x for own in said.values() for _, x in own.get(question, ())]
        if min([*values, *([seeds[question]] if question in seeds else [])], default=1.0) <= 0:
            raise SettingError(f'logarithmic: "{question}" has values that are not positive')


def _place(quantiles: Quantiles, value: float) -> int:
    """Return between which quantiles a value lies; at one, in the bin below it."""
    return sum(value > x for _, x in quantiles)


def _calibration(places: Sequence[int], bins: FloatArray) -> float:
    """Return the p-value of the likelihood ratio of where values fell, by its chi-squared limit."""
    from uncertainty.special import chdtrc

    shares = np.bincount(places, minlength=bins.size) / len(places)
    met = shares > 0
    divergence = float((shares[met] * np.log(shares[met] / bins[met])).sum())
    return float(chdtrc(bins.size - 1, max(2 * len(places) * divergence, 0.0)))


def _information(
    name: str,
    question: str,
    said: Mapping[str, Mapping[str, Quantiles]],
    value: float,
    bins: FloatArray,
    logarithmic: Sequence[str],
) -> float:
    """Return the divergence of what an expert said of a question from saying nothing over all answers."""
    answers = [x for own in said.values() for _, x in own[question]]
    own = [x for _, x in said[name][question]]
    if question in logarithmic:
        answers, own, value = [math.log(x) for x in answers], [math.log(x) for x in own], math.log(value)
    low, high = min(*answers, value), max(*answers, value)
    reach = OVERSHOOT * (high - low)
    widths = np.diff([low - reach, *own, high + reach])
    return float(math.log(high - low + 2 * reach) + (bins * np.log(bins / widths)).sum())
