"""The distribution over cases of one output, and what is to be asked of a study's averages."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Unpack

from uncertainty.budgets import budgeted, keeping
from uncertainty.calls import checked
from uncertainty.compiled import (
    dependencies,
    evaluate_at_points,
    graph_input,
    is_nested,
    scenario_graph,
    wanted_output,
)
from uncertainty.errors import NonFiniteError, SettingError
from uncertainty.expressions.graph import Apply
from uncertainty.expressions.operations import AVERAGE
from uncertainty.expressions.stages import BESIDE_AVERAGE, differing
from uncertainty.records import Frozen
from uncertainty.sampling.running import Execution, split_options
from uncertainty.settings import Settings
from uncertainty.study.scenario import scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.case_statistics import OutputCases
    from uncertainty.expressions import Graph
    from uncertainty.propagation import RunOptions
    from uncertainty.settings import Progress
    from uncertainty.study.model import Over, Study
    from uncertainty.study.scenario import Scenario


@checked(Settings, Execution)
@budgeted
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
    study = keeping(study, how.cache)
    return case_quantiles(study, wanted_output(study, output), settings, how, progress)


def case_quantiles(
    study: Study,
    output: str,
    settings: Settings,
    execution: Execution,
    progress: Progress | None = None,
    probabilities: Sequence[float] | None = None,
) -> OutputCases:
    """Find how an output is distributed over the cases, with its quantiles at some probabilities.

    Raises
    ------
    SettingError, StudyError, NonFiniteError
        As `cases` does.
    """
    # a check asks what there is to remark, and draws nothing
    from uncertainty.case_statistics import PROBABILITIES, beside_averages, check_both_kinds, run_nested

    plan = settings.scenario(study)
    check_both_kinds(plan, output)
    if beside_averages(plan, [output]):
        raise SettingError(f'cases: "{output}" {BESIDE_AVERAGE}')
    points = evaluate_at_points(plan, [output])
    ask = partial(
        run_nested,
        plan,
        pictured=(output,),
        points=points,
        settings=settings,
        how=execution,
        progress=progress,
        probabilities=PROBABILITIES if probabilities is None else probabilities,
    )
    try:
        return ask((output,)).cases[output]
    except NonFiniteError:
        # without an average that does not settle the rest of the picture may stand
        return ask(()).cases[output]


def speaking_of(study: Study, over: Over, *, beside: bool = False) -> Study:
    """Return a study all of whose outputs speak of a case, the average over cases or the median case.

    Parameters
    ----------
    beside
        Whether a case stands beside an average, which is known though many a case has no value.
    """
    outputs = {name: replace(each, over=over, one_beside=beside) for name, each in study.outputs.items()}
    return replace(study, outputs=Frozen(outputs))


def averages_ratio(plan: Scenario, outputs: Sequence[str]) -> list[str]:
    """Return which of some outputs are averages of a ratio whose two sides differ from case to case."""
    found = plan.once.of("averages of ratios", lambda: _averaged_ratios(plan))
    return [name for name in outputs if name in found]


def _averaged_ratios(plan: Scenario) -> frozenset[str]:
    """Return all outputs that are averages of such a ratio."""
    study = plan.study
    averaging = [n for n, output in study.outputs.items() if output.over == "average" and not output.external]
    if study.function is not None or not averaging:
        return frozenset()
    graph = scenario_graph(plan, averaging)
    differs = differing(graph, _different(plan))
    return frozenset(name for name in averaging if _divides(graph, graph.outputs[name], differs))


def remarks(study: Study) -> tuple[str, ...]:
    """Say which averages are of what does not differ, and ask what averages of ratios are to be."""
    averaging = [name for name, output in study.outputs.items() if output.over == "average"]
    if study.function is not None or not averaging:
        return ()
    alike = dict.fromkeys(_alike(study, averaging))
    found = (
        [f"Nothing differs from case to case in {', '.join(alike)}: the average is the value itself."]
        if alike
        else []
    )
    found += [
        f'"{name}" is the average of a ratio of things that differ from case to case. If the publication '
        "divides an average by another, write average(…) / average(…); if it averages ratios, leave it so."
        for name in averages_ratio(scenario(study), averaging)
    ]
    return tuple(found)


def _alike(study: Study, outputs: Sequence[str]) -> list[str]:
    """Return the averages of some outputs that are of what never differs, output by output."""
    alike: dict[str, set[str]] = {}
    for reading in study.readings:
        plan = scenario(study, reading)
        left = list(alike or outputs)
        graph = scenario_graph(plan, left)
        differs = differing(graph, _different(plan))
        averaged = {
            place: node.operands[0]
            for place, node in enumerate(graph.nodes)
            if isinstance(node, Apply) and node.operation == AVERAGE
        }
        for name in left:
            averages = {
                str(graph.sources[place]): differs[averaged[place]]
                # what reaches an output takes a while to find
                for place in (averaged and graph.reaching(graph.outputs[name]) & averaged.keys())
            } or {name: differs[graph.outputs[name]]}
            here = {text for text, varied in averages.items() if not varied}
            alike[name] = alike.get(name, here) & here
        alike = {name: found for name, found in alike.items() if found}
        if not alike:
            break
    return [text for found in alike.values() for text in sorted(found)]


def _different(plan: Scenario) -> set[str]:
    return {graph_input(plan, name) for name in plan.varying if plan.kinds[name] == "variability"}


def _divides(graph: Graph, node: int, differs: tuple[bool, ...]) -> bool:
    """Tell whether a product divides what differs by what differs."""
    found = graph.nodes[node]
    if not isinstance(found, Apply) or found.operation not in ("multiply", "divide", "negative"):
        return False
    if found.operation == "divide" and all(differs[operand] for operand in found.operands):
        return True
    return any(_divides(graph, operand, differs) for operand in found.operands)


def between_cases(scenario: Scenario, output: str) -> tuple[str, ...]:
    """Return the inputs that differ from case to case of which an output over all cases is computed.

    Parameters
    ----------
    scenario
        Over what nobody knows; of any other there are none.
    """
    if scenario.nested is None:
        return ()
    reaching = dependencies(scenario, [output])[output]
    return tuple(name for name in scenario.nested.different if name in reaching)


def averaged_over(scenario: Scenario, output: str) -> tuple[str, ...]:
    """Return the inputs that differ from case to case over which an output is averaged, in any scenario."""
    if scenario.nested is not None or not is_nested(scenario, output):
        return between_cases(scenario, output)
    reaching = dependencies(scenario, [output])[output]
    return tuple(n for n in scenario.varying if n in reaching and scenario.kinds[n] == "variability")
