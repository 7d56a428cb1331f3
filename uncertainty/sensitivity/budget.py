"""The linear uncertainty budget of the GUM beside Monte Carlo, and whether it may be used.

JCGM 100:2008 propagates standard uncertainties through first derivatives; JCGM 101:2008, clause 8, compares
the ends of its coverage interval with those of a Monte Carlo run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from uncertainty import numbers
from uncertainty.compiled import compile_model, dependencies
from uncertainty.distributions import CurvilinearTrapezoid, StudentT
from uncertainty.errors import Fault, NonFiniteError, SettingError
from uncertainty.propagation import propagate
from uncertainty.sampling.origin import provenance
from uncertainty.sensitivity.linear_correlation import linear_correlations
from uncertainty.settings import Settings
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.propagation import Propagation
    from uncertainty.sensitivity.results import Interval
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario

Verdict = Literal["valid", "not valid", "undecided"]

STEP = 1e-4
"""Step of a central difference, in standard uncertainties."""


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
        return _coverage_factor(self.degrees_of_freedom, self.level)

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


def linear_budget(
    study: Study,
    *,
    output: str | None = None,
    digits: int = 1,
    threads: int | None = None,
    engine: str = "threads",
    scheduler: str | None = None,
    settings: Settings | None = None,
    **options: Any,
) -> Budget:
    """Make the linear uncertainty budget of one output and compare it with Monte Carlo.

    Parameters
    ----------
    output
        Name of the output, the headline by default.
    digits
        Significant digits that the standard uncertainty is to have, 1 or 2.
    threads, engine, scheduler
        Who works, as in `uncertainty.sampling.engine.make_engine`. Never changes a number.
    settings
        Those of the Monte Carlo run; or give the fields of `Settings` as keywords.

    Raises
    ------
    SettingError, StudyError, NonFiniteError
        As `propagate` does; SettingError if `digits` is neither 1 nor 2; and NonFiniteError if an input has
        no standard deviation.

    References
    ----------
    JCGM 100:2008, 5.1, 5.2 and G.4; JCGM 101:2008, 7.9.2 and clause 8.
    """
    if digits not in (1, 2):
        raise SettingError(f"digits: expected 1 or 2, found {digits}")
    settings = replace(settings or Settings(), **options)
    name = output or study.headline
    run = propagate(
        study, outputs=[name], threads=threads, engine=engine, scheduler=scheduler, settings=settings
    )
    plan = run.scenario
    inputs = tuple(n for n in plan.varying if n in dependencies(plan, [name])[name])
    uncertainties = [_standard_uncertainty(plan, n) for n in inputs]
    estimate, slopes = _derivatives(plan, name, inputs, np.array([u for u, _ in uncertainties]))
    contributions = slopes * [u for u, _ in uncertainties]
    # in units of the largest, so that no power of an output of any size is lost
    size = float(np.abs(contributions).max(initial=0.0)) or 1.0
    parts = contributions / size
    variance = max(float(parts @ linear_correlations(plan, inputs) @ parts), 0.0)
    uncertainty = size * math.sqrt(variance)
    fourth = sum(c**4 / df for c, (_, df) in zip(parts.tolist(), uncertainties, strict=True))
    effective = variance**2 / fourth if fourth > 0 else math.inf
    half = _coverage_factor(effective, settings.level) * uncertainty
    squares = parts**2 / max(float((parts**2).sum()), 1e-300)
    lines = {
        n: BudgetLine(
            plan.distributions[n].mean,
            u,
            df,
            float(slope),
            float(part),
            float(share),
            study.inputs[n].unit.text,
            str(plan.distributions[n]),
        )
        for n, (u, df), slope, part, share in zip(
            inputs, uncertainties, slopes, np.abs(contributions), squares, strict=True
        )
    }
    ordered = dict(sorted(lines.items(), key=lambda item: -item[1].contribution))
    interval = (estimate - half, estimate + half)
    return Budget(
        study,
        plan,
        run.settings,
        name,
        MappingProxyType(ordered),
        estimate,
        uncertainty,
        effective,
        settings.level,
        interval,
        *_compared(run, name, interval, digits),
    )


def _compared(
    run: Propagation, output: str, interval: Interval, digits: int
) -> tuple[float, Interval, tuple[float, float], int, float, Verdict]:
    """Compare the linear interval with Monte Carlo's."""
    summary = run.outputs[output].summary
    low, high = summary["low"], summary["high"]
    differences = abs(interval[0] - low.value), abs(interval[1] - high.value)
    spread = summary["sd"].value
    if spread <= 0:
        return spread, (low.value, high.value), differences, digits, 0.0, "valid"
    tolerance = numerical_tolerance(spread, digits)
    errors = [math.inf if e.error is None else 2 * e.error for e in (low, high)]
    verdict: Verdict = "undecided"
    if any(d - error > tolerance for d, error in zip(differences, errors, strict=True)):
        verdict = "not valid"
    elif all(d + error <= tolerance for d, error in zip(differences, errors, strict=True)):
        verdict = "valid"
    return spread, (low.value, high.value), differences, digits, tolerance, verdict


def numerical_tolerance(uncertainty: float, digits: int) -> float:
    """Return half a unit of the last significant digit of a standard uncertainty (JCGM 101:2008, 7.9.2)."""
    exponent = int(f"{uncertainty:.{digits - 1}e}".split("e")[1])
    return float(0.5 * 10.0 ** (exponent - digits + 1))


def _standard_uncertainty(plan: Scenario, name: str) -> tuple[float, float]:
    """Return an input's standard uncertainty and degrees of freedom (JCGM 100:2008, 4.3.7 and G.4.2)."""
    distribution = plan.distributions[name]
    if isinstance(distribution, StudentT):
        return distribution.scale, distribution.df
    if isinstance(distribution, CurvilinearTrapezoid):
        half_width = 0.5 * (distribution.high - distribution.low)
        return half_width / math.sqrt(3), 0.5 * (half_width / distribution.inexactness) ** 2
    if not (math.isfinite(distribution.sd) and math.isfinite(distribution.mean)):
        raise NonFiniteError(
            Fault(
                "has no standard deviation, so there is no linear budget", f"inputs.{name}", plan.study.file
            )
        )
    return distribution.sd, math.inf


def _derivatives(
    plan: Scenario, output: str, inputs: tuple[str, ...], uncertainties: FloatArray
) -> tuple[float, FloatArray]:
    """Return the output at the inputs' means, and its derivatives by central differences."""
    means = np.array([plan.distributions[name].mean for name in plan.varying])
    columns = np.repeat(means[:, None], 1 + 2 * len(inputs), axis=1)
    rows = [plan.varying.index(name) for name in inputs]
    for place, (row, u) in enumerate(zip(rows, uncertainties, strict=True)):
        columns[row, 1 + 2 * place] += STEP * u
        columns[row, 2 + 2 * place] -= STEP * u
    values = np.empty((1, columns.shape[1]))
    compile_model(plan, [output]).run(columns, values)
    if not np.isfinite(values).all():
        raise NonFiniteError(
            Fault("is infinite or undefined at the inputs' means", f"outputs.{output}", plan.study.file)
        )
    upper, lower = values[0, 1::2], values[0, 2::2]
    steps = columns[rows, 1 + 2 * np.arange(len(rows))] - columns[rows, 2 + 2 * np.arange(len(rows))]
    return float(values[0, 0]), np.asarray((upper - lower) / np.where(steps == 0, 1.0, steps))


def _coverage_factor(degrees_of_freedom: float, level: float) -> float:
    from scipy.special import ndtri, stdtrit

    probability = (1 + level) / 2
    if math.isinf(degrees_of_freedom):
        return float(ndtri(probability))
    return float(stdtrit(degrees_of_freedom, probability))
