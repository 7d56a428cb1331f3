"""The distribution over cases of one output."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from uncertainty.calls import checked
from uncertainty.case_statistics import check_both_kinds, run_nested
from uncertainty.compiled import evaluate_at_points, wanted_output
from uncertainty.records import Frozen
from uncertainty.sampling.running import Execution, split_options
from uncertainty.settings import Settings
from uncertainty.study.scenario import scenario

if TYPE_CHECKING:
    from uncertainty.case_statistics import OutputCases
    from uncertainty.propagation import RunOptions
    from uncertainty.settings import Progress
    from uncertainty.study.model import Over, Study


@checked(Settings, Execution)
def cases(
    study: Study,
    *,
    output: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    settings: Settings | None = None,
    execution: Execution | None = None,
    **options: Unpack[RunOptions],
) -> OutputCases:
    """Find how an output is distributed over the cases, given what nobody knows.

    Two-dimensional Monte Carlo: inputs of kind ``"variability"`` make the distribution, those of kind
    ``"uncertainty"`` what is not known of it. An input of the one kind that correlates with one of the other
    follows, given that, the conditional distribution of the Gaussian copula.

    Parameters
    ----------
    output
        By default the headline.
    threads, progress, settings, execution
        As in `propagate`.

    Returns
    -------
    OutputCases
        The average over the cases, the median case, the shares of the cases at the published figure and the
        reference or beyond, and quantiles, each with its median, interval and their Monte Carlo errors.

    Raises
    ------
    SettingError
        If nothing differs between cases, nothing that nobody knows varies, or there are too few samples.
    StudyError, NonFiniteError
        As `propagate` does.

    References
    ----------
    EPA (1997), Guiding Principles for Monte Carlo Analysis, EPA/630/R-97/001; the separation of variability
    and uncertainty, as in the R package mc2d (Pouillot & Delignette-Muller 2010,
    doi:10.1016/j.ijfoodmicro.2010.07.011).
    """
    given, named = split_options(options, threads)
    settings = replace(settings or Settings(), **named)
    how = replace(execution or Execution(), **given)
    name = wanted_output(study, output)
    plan = scenario(study, settings.reading, settings.choices, settings.overrides)
    check_both_kinds(plan, name)
    points = evaluate_at_points(plan, [name])
    found = run_nested(plan, (), (name,), points, settings, how, progress)
    return found.cases[name]


def speaking_of(study: Study, over: Over) -> Study:
    """Return a study all of whose outputs speak of a case, the average over cases or the median case."""
    return replace(
        study,
        outputs=Frozen({name: replace(output, over=over) for name, output in study.outputs.items()}),
    )
