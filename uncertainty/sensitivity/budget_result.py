"""What a linear uncertainty budget holds, and how it is written for people."""

from __future__ import annotations

import math
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from uncertainty import numbers
from uncertainty.agreement import Told, contradiction
from uncertainty.late import dataclass
from uncertainty.records import brief, view
from uncertainty.results import record
from uncertainty.results.about import About, about, dropped_of
from uncertainty.sampling.estimate import Estimate
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uncertainty.sensitivity.sobol.results import Interval
    from uncertainty.settings import Settings
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario

Verdict = Literal["valid", "not valid", "undecided"]


class BudgetLine(NamedTuple):
    """One input of the budget (JCGM 100:2008, table H.1).

    Parameters
    ----------
    estimate, uncertainty, degrees_of_freedom
        The input's mean and standard uncertainty; of one whose parameters are other quantities, those that it
        has with these at their estimates. Where the distribution says how well that is known, degrees
        of freedom tell it: a t-distribution's own with its scale, and of limits that are known inexactly
        half the inverse square of their relative inexactness, with the uncertainty of the limits as known.
    sensitivity
        The output's derivative.
    contribution
        Standard uncertainty of the output that is due to the input, the derivative's size times its own.
    share
        Its square's share of the output's variance. With the covariances' shares all of them add up to 1.
    unit, distribution
        The input's unit, and its distribution in the study language.
    sensitivity_error
        How far the derivative may be off: by differences of a function, and by the cases where averages are
        over a net of them; 0 where it is exact but for rounding, as of equations of single cases.
    """

    estimate: float
    uncertainty: float
    degrees_of_freedom: float
    sensitivity: float
    contribution: float
    share: float
    unit: str = "1"
    distribution: str = ""
    sensitivity_error: float = 0.0


class Covariance(NamedTuple):
    """What two correlated inputs add to the output's variance (JCGM 100:2008, equation 16).

    Parameters
    ----------
    inputs
        Both inputs.
    correlation
        The linear correlation of the two.
    share
        Twice the product of both derivatives and the covariance, as a share of the output's variance;
        negative where it makes that smaller.
    """

    inputs: tuple[str, str]
    correlation: float
    share: float


class Bend(NamedTuple):
    """A part of the equations that bends or jumps within the inputs' spread.

    Parameters
    ----------
    expression
        The part.
    share
        Share of draws in which it is on the other side than at the inputs' means.
    """

    expression: str
    share: float


@record(
    "lines",
    "covariances",
    "bends",
    "derivatives",
    "unit=result.unit",
    "estimate",
    "uncertainty",
    "degrees_of_freedom",
    "coverage_factor",
    "expanded",
    "interval",
    "monte_carlo_uncertainty",
    "monte_carlo_interval",
    "differences",
    "differences_error",
    "tolerance",
    "verdict",
    "sentence",
)
@dataclass(frozen=True, slots=True)
class Budget:
    """The linear budget of one output.

    Parameters
    ----------
    lines
        By input, the largest contribution first.
    covariances
        What each pair of correlated inputs adds, the largest first.
    bends
        Where no derivative represents the equations.
    estimate, uncertainty, degrees_of_freedom
        The output at the inputs' means, its combined standard uncertainty, and the effective degrees of
        freedom of Welch and Satterthwaite.
    interval, monte_carlo_interval
        The linear coverage interval, and beside it Monte Carlo's.
    monte_carlo_uncertainty, monte_carlo_error
        Monte Carlo's standard deviation and its error; None where that is unknown.
    differences, differences_error
        How far apart the low and the high ends are, and Monte Carlo's errors of these; None where unknown.
    tolerance
        Half a unit of the last of the `digits` significant digits that the standard uncertainty keeps: the
        smaller of the two, or the budget's where Monte Carlo's standard deviation does not settle.
    verdict
        Whether linear propagation is valid at this tolerance; undecided where Monte Carlo's own error could
        turn the answer, or where its standard deviation does not settle and so supports no other one.
    dropped
        Share of Monte Carlo's draws that had no value and were left out, as the study wishes.
    """

    study: Study
    scenario: Scenario
    settings: Settings
    output: str
    lines: Mapping[str, BudgetLine]
    covariances: tuple[Covariance, ...]
    bends: tuple[Bend, ...]
    estimate: float
    uncertainty: float
    degrees_of_freedom: float
    level: float
    interval: Interval
    monte_carlo_uncertainty: float
    monte_carlo_error: float | None
    monte_carlo_interval: Interval
    differences: tuple[float, float]
    differences_error: tuple[float | None, float | None] = field(repr=False)
    digits: int
    tolerance: float
    verdict: Verdict
    dropped: float = 0.0

    __repr__ = brief

    @property
    def coverage_factor(self) -> float:
        """What the combined standard uncertainty is multiplied by to give the expanded one."""
        return coverage_factor(self.degrees_of_freedom, self.level)

    @property
    def expanded(self) -> float:
        """The expanded uncertainty: half the width of the linear interval."""
        return self.coverage_factor * self.uncertainty

    @property
    def about(self) -> About:
        """What the budget depends on."""
        return About(self.settings, self.scenario, "budget", dropped_of({self.output: self.dropped}))

    @property
    def result(self) -> BudgetLine:
        """The last line of the budget: the output itself."""
        unit = self.study.outputs[self.output].unit.text
        total = (self.estimate, self.uncertainty, self.degrees_of_freedom, 1.0, self.uncertainty, 1.0)
        return BudgetLine(*total, unit)

    @property
    def table(self) -> Table:
        """The budget in the form of JCGM 100:2008, table H.1: one row an input, the output last.

        Between them is one row for each pair of correlated inputs. Degrees of freedom are empty where they
        are infinite.
        """
        return Table.of_rows(
            "budget",
            [
                *(_row("input", name, line) for name, line in self.lines.items()),
                *map(_covariance_row, self.covariances),
                _row("output", self.output, self.result),
            ],
            about=about(self.about)
            | {"coverage_factor": self.coverage_factor, "level": self.level, "verdict": self.verdict},
        )

    def rows(self, title: Callable[[str], str]) -> list[tuple[str, ...]]:
        """Return the budget's rows for people, under `BUDGET_HEADINGS`, without that of the output.

        Parameters
        ----------
        title
            Gives for an input's name what it is called.
        """
        errors = self.share_errors
        return [
            *((title(name), *budget_cells(line, errors[name])) for name, line in self.lines.items()),
            *_covariance_rows(self.covariances, title),
        ]

    @property
    def share_errors(self) -> Mapping[str, float]:
        """How far each input's share may be off, by how far the derivatives may be, for all the inputs."""
        lines = self.lines.values()
        if not self.uncertainty > 0:
            return dict.fromkeys(self.lines, 0.0)
        parts = [each.contribution / self.uncertainty for each in lines]
        errors = [each.sensitivity_error * each.uncertainty / self.uncertainty for each in lines]
        moved = [2 * part * error for part, error in zip(parts, errors, strict=True)]
        every = math.hypot(*moved)
        return {
            # of the whole it moves as well, each takes its share
            name: math.hypot(
                (1 - line.share) * by,
                line.share * math.sqrt(max(every**2 - by**2, 0.0)),
                error**2,
            )
            for (name, line), by, error in zip(self.lines.items(), moved, errors, strict=True)
        }

    @property
    def uncertainty_error(self) -> float:
        """How far the combined standard uncertainty may be off, by how far the derivatives may be."""
        if not self.uncertainty > 0:
            return 0.0
        each = (line.contribution * line.sensitivity_error * line.uncertainty for line in self.lines.values())
        return math.hypot(*each) / self.uncertainty

    _repr_html_ = view

    @property
    def derivatives(self) -> str:
        """Say where no derivative represents the model, or how far others than exact ones may be off."""
        if self.bends:
            named = ", ".join(
                f"“{bend.expression if len(bend.expression) <= 60 else f'{bend.expression[:59]}…'}”"
                for bend in self.bends[:MOST_NAMED]
            )
            more = len(self.bends) - MOST_NAMED
            verb = "bends or jumps" if len(self.bends) == 1 else "bend or jump"
            return (
                f"{named}{f' and {more} more' if more > 0 else ''} {verb} within the inputs' spread: "
                "no derivative represents the output there."
            )
        if self.study.function is None and self.scenario.nested is None:
            return ""
        error = max((line.sensitivity_error * line.uncertainty for line in self.lines.values()), default=0.0)
        unit = self.result.unit
        off = f"{error:.1g}" if unit == "1" else f"{error:.1g} {unit}"
        # a function that is flat at the means has no uncertainty by its slopes to compare with
        spread = max(self.uncertainty, self.monte_carlo_uncertainty)
        if self.study.function is None:
            seen = error > SEEN * spread
            said = f"Averages are over a net of cases, which leaves each u(y) open by {off}." if seen else ""
            return f"{said} {self._still}".strip()
        if not spread:
            return "The function has one value in all draws: no derivative is told apart from 0."
        nested = self.scenario.nested
        values = "the function's values" if nested is None else f"the output over {nested.size:,} cases"
        if error > BEYOND * spread:
            coarse = "its values are too coarse" if nested is None else f"{nested.size:,} cases are too few"
            return (
                "No derivative represents the function at the inputs' means: it bends or jumps there, or "
                f"{coarse}, and differences leave a contribution open by {off}."
            )
        tell = "" if nested is None else ", as far as these tell"
        said = f"Derivatives are differences of {values}; no u(y) is off by more than {off}{tell}."
        return f"{said} {self._still}".strip()

    @property
    def _still(self) -> str:
        """Say what a slope of 0 means where no case of a net is seen to change."""
        nested = self.scenario.nested
        if nested is None or all(line.sensitivity for line in self.lines.values()):
            return ""
        return (
            f"A c of 0 says that none of {nested.size:,} cases changes the output near the input's estimate; "
            "cases that are rarer than these may."
        )

    @property
    def sentence(self) -> str:
        """Say what follows."""
        if self.verdict == "valid" and not self.tolerance:
            return "The output varies neither in the budget nor in Monte Carlo."
        said = {
            "valid": "Linear propagation is valid here",
            "not valid": "Linear propagation is not valid here",
            "undecided": "More draws are needed to tell whether linear propagation is valid here",
        }[self.verdict]
        if self.verdict == "undecided" and self.unsettled:
            said = (
                "Whether linear propagation is valid stays open here, since the error of Monte Carlo's "
                "standard deviation is not known"
            )
        low, high = numbers.together(*map(Estimate, self.differences, self.differences_error))
        allowed = numbers.number(self.tolerance, 1)
        return (
            f"{said}: the ends of its {100 * self.level:g} % interval lie {low} and {high} from "
            f"Monte Carlo's, where {allowed} is allowed (JCGM 101:2008, clause 8). "
            f"{self.disagreement}"
        ).rstrip()

    @property
    def unsettled(self) -> bool:
        """Whether the budget's standard uncertainty has no standard deviation to be compared with.

        With degrees of freedom it is that of a t-distribution's scale, which needs none.
        """
        return self.monte_carlo_error is None and math.isinf(self.degrees_of_freedom)

    @property
    def disagreement(self) -> str:
        """Say where the budget's standard uncertainty contradicts Monte Carlo's standard deviation.

        With degrees of freedom a standard uncertainty is that of a t-distribution's scale: another quantity.
        """
        other = math.isfinite(self.degrees_of_freedom)
        if other or self.verdict == "valid" or self.monte_carlo_error is None:
            return ""
        half, off = 2 * self.monte_carlo_error, 2 * self.uncertainty_error
        drawn = self.monte_carlo_uncertainty
        return contradiction(
            "The standard uncertainty",
            Told("by Monte Carlo", drawn, (drawn - half, drawn + half)),
            Told("by the budget", self.uncertainty, (self.uncertainty - off, self.uncertainty + off)),
            "the output is not linear within the inputs' spread",
            matters=MATTERS * drawn,
        )


MOST_NAMED = 3
"""Parts that bend or jump which are named; of more their number is said."""

MOST_PAIRS = 6
"""Pairs of correlated inputs that have a row each for people; more of them are one row."""

MATTERS = 0.05
"""Difference of two standard uncertainties that is worth a sentence, as a share of them."""

BEYOND = 0.1
"""Share of the combined standard uncertainty that an error of derivatives may not exceed."""

SEEN = 0.005
"""The same from which on it shows in the digits that are printed."""

BUDGET_HEADINGS = ("Quantity", "Unit", "Estimate", "u(x)", "ν", "c", "u(y)", "Share")


def budget_cells(line: BudgetLine, share_error: float = 0.0) -> tuple[str, ...]:
    """Write a line of the budget for people, without the quantity's name.

    Parameters
    ----------
    share_error
        How far the share may be off.
    """
    infinite = math.isinf(line.degrees_of_freedom)
    return (
        line.unit,
        estimate_text(line.estimate, line.uncertainty),
        numbers.number(line.uncertainty, 2),
        "∞" if infinite else numbers.number(line.degrees_of_freedom, 2),
        numbers.estimate(Estimate(line.sensitivity, line.sensitivity_error)),
        numbers.estimate(Estimate(line.contribution, line.sensitivity_error * line.uncertainty), 2),
        _share_text(line.share, share_error),
    )


def _row(what: str, quantity: str, line: BudgetLine) -> dict[str, Any]:
    own = line._asdict() | {"degrees_of_freedom": finite_or_none(line.degrees_of_freedom)}
    return {"what": what, "quantity": quantity, **own, "correlation": None}


def _covariance_row(pair: Covariance) -> dict[str, Any]:
    empty = dict.fromkeys(BudgetLine._fields)
    own = {"share": pair.share, "correlation": pair.correlation}
    return {"what": "covariance", "quantity": " and ".join(pair.inputs), **empty, **own}


def _covariance_rows(
    covariances: tuple[Covariance, ...], title: Callable[[str], str]
) -> list[tuple[str, ...]]:
    """Return a row for each pair, or one for all of them where they are many."""
    if len(covariances) > MOST_PAIRS:
        share = sum(each.share for each in covariances)
        return [(f"covariances of {len(covariances)} pairs", *("",) * 6, _share_text(share))]
    return [
        (
            f"covariance of {title(one)} and {title(other)} (r = {correlation:.2g})",
            *("",) * 6,
            _share_text(share),
        )
        for (one, other), correlation, share in covariances
    ]


def _share_text(share: float, error: float = 0.0) -> str:
    """Write a share with one decimal, or without it or its last digit where its error supports none."""
    place = numbers.supported_place(Estimate(share, 100 * error))
    return f"{numbers.rounded(100 * share, min(max(-1 if place is None else place, -1), 1))} %"


def estimate_text(estimate: float, uncertainty: float) -> str:
    """Write an estimate as far as the second digit of its uncertainty (JCGM 100:2008, 7.2.6)."""
    if not estimate or not uncertainty > 0:
        return numbers.number(estimate, 4)
    return numbers.rounded(estimate, int(f"{uncertainty:.1e}".split("e")[1]) - 1)


def finite_or_none(value: float) -> float | None:
    """Return a number, or None where it is infinite."""
    return value if math.isfinite(value) else None


def coverage_factor(degrees_of_freedom: float, level: float) -> float:
    """Return what a standard uncertainty is multiplied by for a level of coverage (JCGM 100:2008, G.3)."""
    from uncertainty.special import ndtri, stdtrit

    probability = (1 + level) / 2
    if math.isinf(degrees_of_freedom):
        return float(ndtri(probability))
    return float(stdtrit(degrees_of_freedom, probability))
