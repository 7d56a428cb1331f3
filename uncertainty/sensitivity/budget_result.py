"""What a linear uncertainty budget holds, and how it is written for people."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from uncertainty import numbers
from uncertainty.sampling.origin import provenance
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.sensitivity.results import Interval
    from uncertainty.settings import Settings
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario

Verdict = Literal["valid", "not valid", "undecided"]


class BudgetLine(NamedTuple):
    """One input of the budget (JCGM 100:2008, table H.1).

    Parameters
    ----------
    estimate, uncertainty, degrees_of_freedom
        The input's mean and standard uncertainty. Where the distribution says how well that is known, degrees
        of freedom tell it: a t-distribution's own with its scale, and of limits that are known inexactly
        half the inverse square of their relative inexactness, with the uncertainty of the limits as known.
    sensitivity
        The output's derivative.
    contribution
        Standard uncertainty of the output that is due to the input, the derivative's size times its own.
    share
        Its square's share of the output's variance if inputs were independent.
    unit, distribution
        The input's unit, and its distribution in the study language.
    """

    estimate: float
    uncertainty: float
    degrees_of_freedom: float
    sensitivity: float
    contribution: float
    share: float
    unit: str = "1"
    distribution: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """The linear budget of one output.

    Parameters
    ----------
    lines
        By input, the largest contribution first.
    estimate, uncertainty, degrees_of_freedom
        The output at the inputs' means, its combined standard uncertainty, and the effective degrees of
        freedom of Welch and Satterthwaite.
    interval
        The linear coverage interval, and beside it Monte Carlo's.
    differences
        How far apart the low ends are, and the high ends.
    tolerance
        Half a unit of the last of the `digits` significant digits that the standard uncertainty keeps.
    verdict
        Whether linear propagation is valid at this tolerance; undecided where Monte Carlo's own error could
        turn the answer.
    """

    study: Study
    scenario: Scenario
    settings: Settings
    output: str
    lines: Mapping[str, BudgetLine]
    estimate: float
    uncertainty: float
    degrees_of_freedom: float
    level: float
    interval: Interval
    monte_carlo_uncertainty: float
    monte_carlo_interval: Interval
    differences: tuple[float, float]
    digits: int
    tolerance: float
    verdict: Verdict

    @property
    def coverage_factor(self) -> float:
        """What the combined standard uncertainty is multiplied by to give the expanded one."""
        return coverage_factor(self.degrees_of_freedom, self.level)

    @property
    def expanded(self) -> float:
        """The expanded uncertainty: half the width of the linear interval."""
        return self.coverage_factor * self.uncertainty

    @property
    def result(self) -> BudgetLine:
        """The last line of the budget: the output itself."""
        unit = self.study.outputs[self.output].unit.text
        total = (self.estimate, self.uncertainty, self.degrees_of_freedom, 1.0, self.uncertainty, 1.0)
        return BudgetLine(*total, unit)

    @property
    def table(self) -> Table:
        """The budget in the form of JCGM 100:2008, table H.1: one row an input, the output last.

        Degrees of freedom are empty where they are infinite.
        """
        rows = [("input", name, line) for name, line in self.lines.items()]
        rows.append(("output", self.output, self.result))
        return Table.of_rows(
            "budget",
            [
                {"what": what, "quantity": name, **line._asdict()}
                | {"degrees_of_freedom": finite_or_none(line.degrees_of_freedom)}
                for what, name, line in rows
            ],
            about=provenance(self.scenario, self.settings)
            | {"coverage_factor": self.coverage_factor, "level": self.level, "verdict": self.verdict},
        )

    def _repr_html_(self) -> str:
        from uncertainty.tables.html import html_heading, html_note, html_table

        rows = [(self.study.inputs[name].title, *budget_cells(line)) for name, line in self.lines.items()]
        rows.append((self.study.outputs[self.output].title, *budget_cells(self.result)))
        table = html_table(BUDGET_HEADINGS, rows, numeric=range(2, 8))
        return html_heading(f"Uncertainty budget: {self.study.title}") + table + html_note(self.sentence)

    @property
    def sentence(self) -> str:
        """Say what follows."""
        said = {
            "valid": "Linear propagation is valid here",
            "not valid": "Linear propagation is not valid here",
            "undecided": "More draws are needed to tell whether linear propagation is valid here",
        }[self.verdict]
        low, high = self.differences
        return (
            f"{said}: the ends of its {100 * self.level:g} % interval lie {low:.2g} and {high:.2g} from "
            f"Monte Carlo's, where {self.tolerance:.2g} is allowed (JCGM 101:2008, clause 8)."
        )


BUDGET_HEADINGS = ("Quantity", "Unit", "Estimate", "u(x)", "ν", "c", "u(y)", "Share")


def budget_cells(line: BudgetLine) -> tuple[str, ...]:
    """Write a line of the budget for people, without the quantity's name."""
    infinite = math.isinf(line.degrees_of_freedom)
    return (
        line.unit,
        estimate_text(line.estimate, line.uncertainty),
        numbers.number(line.uncertainty, 2),
        "∞" if infinite else numbers.number(line.degrees_of_freedom, 2),
        numbers.number(line.sensitivity, 3),
        numbers.number(line.contribution, 2),
        f"{100 * line.share:.1f} %",
    )


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
    from scipy.special import ndtri, stdtrit

    probability = (1 + level) / 2
    if math.isinf(degrees_of_freedom):
        return float(ndtri(probability))
    return float(stdtrit(degrees_of_freedom, probability))
