"""The methods of `uncertainty sensitivity`: each runs an analysis, and shows it or makes its document."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty import numbers
from uncertainty._version import __version__
from uncertainty.commands.sensitivity_tables import index_cells, show_details, show_indices, title, titles_of
from uncertainty.commands.tables import HASH_DIGITS, columns, heading, paragraph, provenance, scenario_text
from uncertainty.documents import document, sensitivity_document, settings_document
from uncertainty.documents.sensitivity import (
    budget_results,
    given_data_results,
    morris_results,
    shapley_results,
)
from uncertainty.sampling.origin import provenance as provenance_of
from uncertainty.sensitivity.listing import listing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rich.console import Console
    from rich.table import Table

    from uncertainty.documents import Document
    from uncertainty.sensitivity.budget import Budget
    from uncertainty.sensitivity.given_data import GivenData, Measured
    from uncertainty.sensitivity.morris import Screening
    from uncertainty.sensitivity.results import OutputIndices, SobolIndices
    from uncertainty.sensitivity.shapley import ShapleyEffects
    from uncertainty.settings import Progress, Settings
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario
    from uncertainty.tables import Table as Data


class Asked(NamedTuple):
    """What a user asked for.

    Parameters
    ----------
    samples
        As they were asked for; the method's own number by default.
    workers
        Who works: threads, engine and scheduler.
    options
        Further options of `sobol`.
    """

    study: Study
    outputs: tuple[str, ...]
    settings: Settings
    samples: int | None
    workers: Mapping[str, Any]
    progress: Progress | None
    options: Mapping[str, Any]

    def settings_of(self, samples: int) -> Settings:
        """Return the settings with a method's own number of samples, unless another was asked for."""
        return replace(self.settings, samples=samples if self.samples is None else self.samples)


class Answer(NamedTuple):
    """A document, how to show it to a person, and a table; `show` takes whether to be quiet."""

    document: Document
    show: Callable[[Console, bool], None]
    table: Data


def sobol_answer(asked: Asked) -> Answer:
    """Estimate Sobol' indices."""
    from uncertainty.sensitivity.sobol import SAMPLES, sobol

    found = sobol(
        asked.study,
        output=asked.outputs,
        progress=asked.progress,
        settings=asked.settings_of(SAMPLES),
        **asked.workers,
        **asked.options,
    )

    def show(out: Console, quiet: bool) -> None:  # noqa: FBT001
        _open(out, found.study, found.scenario)
        titles = titles_of(found.study)

        def named(key: str) -> str:
            return title(key, titles)

        for indices in found.outputs.values():
            show_indices(out, found, indices)
            _show_details(out, found, indices, asked, quiet=quiet)
        if found.correlated:
            paragraph(out, found.grouping_of(named))
            out.print()
        if not quiet:
            paragraph(
                out,
                "S1 is the share of the variance that an input explains alone, ST the share that it explains "
                f"with all its interactions; each with the {numbers.level(found.settings.level)} confidence "
                "interval of its estimate. ≈ 0: not distinguishable from 0.",
            )
            out.print()
        paragraph(out, found.stopped_because_of(named))
        paragraph(
            out,
            provenance(found.study, found.settings, asked=_rounded_up(asked, found), what="base points")[:-1]
            + f"; {found.model_rows:,} model runs in {found.replicates} independent replicates.",
        )

    return Answer(sensitivity_document(found), show, found.table)


def _show_details(
    out: Console, found: SobolIndices, indices: OutputIndices, asked: Asked, *, quiet: bool
) -> None:
    """Show what else is to be known of an output's drivers, where they are inputs."""
    if quiet or indices.reason or not indices.indices or found.choices_as_inputs:
        return
    from uncertainty.sensitivity.details import describe_drivers

    details = describe_drivers(found, indices.output, threads=asked.workers["threads"])
    show_details(out, found.study, details)


def _rounded_up(asked: Asked, found: SobolIndices) -> int | None:
    """Return the samples that were asked for if the design needed more of them."""
    return asked.samples if asked.samples is not None and found.settings.samples > asked.samples else None


def shapley_answer(asked: Asked) -> Answer:
    """Estimate Shapley effects."""
    from uncertainty.sensitivity.shapley import SAMPLES, shapley

    settings = asked.settings_of(SAMPLES)
    found = {
        name: shapley(asked.study, output=name, progress=asked.progress, settings=settings, **asked.workers)
        for name in asked.outputs
    }
    first = next(iter(found.values()))

    def show(out: Console, quiet: bool) -> None:  # noqa: FBT001
        _open(out, asked.study, first.scenario)
        for name, each in found.items():
            _output_line(out, asked.study, name, each.scale, each.reason)
            if not each.reason:
                out.print(_effects_table(each, titles_of(asked.study), settings.level))
            out.print()
        if not quiet:
            paragraph(
                out,
                "A Shapley effect is what an input adds to the explained variance, averaged over all orders "
                "in which inputs can become known: the effects sum to 1, correlated inputs included. ≈ 0: "
                "not distinguishable from 0.",
            )
            out.print()
        paragraph(out, provenance(asked.study, first.settings, asked=asked.samples, what="base points"))

    about = provenance_of(first.scenario, first.settings)
    return Answer(
        _document(asked, first.scenario, first.settings, "shapley", shapley_results(found)),
        show,
        listing(*found.values(), about=about),
    )


def draws_answer(asked: Asked) -> Answer:
    """Estimate sensitivity from draws alone."""
    from uncertainty.sensitivity.given_data import given_data
    from uncertainty.sensitivity.sample import ROWS, draw_sample
    from uncertainty.study.scenario import scenario

    settings = asked.settings_of(ROWS)
    sample = draw_sample(
        asked.study, output=asked.outputs, progress=asked.progress, settings=settings, **asked.workers
    )
    found = given_data(sample, level=settings.level, seed=settings.seed)
    plan = scenario(asked.study, settings.reading, settings.choices, settings.overrides)
    drawn = replace(settings, samples=sample.rows)

    def show(out: Console, quiet: bool) -> None:  # noqa: FBT001
        _open(out, asked.study, plan)
        for name, each in found.items():
            _output_line(out, asked.study, name, each.scale, each.reason)
            if not each.reason:
                out.print(_draws_table(each, titles_of(asked.study)))
                out.print()
        if not quiet:
            any_output = next(iter(found.values()))
            paragraph(
                out,
                "S1 from means in bins and from neighbours in rank; Spearman's rank correlation; Borgonovo's "
                f"delta from {any_output.delta_rows:,} and PAWN from {any_output.pawn_rows:,} of the draws. "
                "Bins leave a thousandth of S1 unseen. ≈ 0: not distinguishable from 0.",
            )
            out.print()
        paragraph(out, provenance(asked.study, drawn, asked=asked.samples))

    table = listing(*found.values(), about=provenance_of(plan, drawn))
    return Answer(_document(asked, plan, drawn, "draws", given_data_results(found)), show, table)


def morris_answer(asked: Asked) -> Answer:
    """Screen the inputs by their elementary effects; the samples are trajectories."""
    from uncertainty.sensitivity.morris import TRAJECTORIES, morris
    from uncertainty.study.scenario import scenario

    settings = asked.settings_of(TRAJECTORIES)
    found = {
        name: morris(
            asked.study,
            output=name,
            trajectories=settings.samples,
            seed=settings.seed,
            level=settings.level,
            reading=settings.reading,
            choices=settings.choices,
            overrides=settings.overrides,
        )
        for name in asked.outputs
    }
    plan = scenario(asked.study, settings.reading, settings.choices, settings.overrides)

    def show(out: Console, quiet: bool) -> None:  # noqa: FBT001
        _open(out, asked.study, plan)
        for name, each in found.items():
            _output_line(out, asked.study, name, each.scale, "")
            out.print(_morris_table(each, titles_of(asked.study)))
            out.print()
        if not quiet:
            paragraph(
                out,
                "µ* is the mean size of the output's change when an input crosses the middle 95 % of its "
                "distribution; σ is large where it interacts or acts nonlinearly. Screening ranks inputs, it "
                "does not share the variance out.",
            )
            out.print()
        runs = sum(each.model_rows for each in found.values())
        paragraph(
            out,
            f"{settings.samples:,} trajectories, {runs:,} model runs, seed {settings.seed}; uncertainty "
            f"{__version__}; study {asked.study.name}, sha256 {asked.study.sha256[:HASH_DIGITS]}.",
        )

    table = listing(*found.values(), about=provenance_of(plan, settings))
    return Answer(_document(asked, plan, settings, "morris", morris_results(found)), show, table)


def budget_answer(asked: Asked) -> Answer:
    """Make the linear uncertainty budget of the GUM, with Monte Carlo's verdict on it."""
    from uncertainty.sensitivity.budget import linear_budget
    from uncertainty.settings import Settings
    from uncertainty.tables.table import stacked

    settings = asked.settings_of(Settings().samples)
    found = {
        name: linear_budget(asked.study, output=name, settings=settings, **asked.workers)
        for name in asked.outputs
    }
    first = next(iter(found.values()))

    def show(out: Console, quiet: bool) -> None:  # noqa: FBT001
        _open(out, asked.study, first.scenario)
        for name, each in found.items():
            out.print(f"“{asked.study.outputs[name].title}”")
            out.print(_budget_table(each, titles_of(asked.study)))
            out.print()
            paragraph(out, _budget_sentence(each))
            paragraph(out, each.sentence)
            out.print()
        if not quiet:
            paragraph(
                out,
                "u(x) is a standard uncertainty, ν its degrees of freedom, c the output's derivative by the "
                "input, u(y) = c u(x) what that input contributes to the output's standard uncertainty, and "
                "the share that of its square (JCGM 100:2008, table H.1).",
            )
            out.print()
        paragraph(out, provenance(asked.study, first.settings, asked=asked.samples))

    return Answer(
        _document(asked, first.scenario, first.settings, "budget", budget_results(found)),
        show,
        stacked("budget", "result", {name: each.table for name, each in found.items()}),
    )


ANSWERS: Mapping[str, Callable[[Asked], Answer]] = MappingProxyType(
    {
        "sobol": sobol_answer,
        "shapley": shapley_answer,
        "draws": draws_answer,
        "morris": morris_answer,
        "budget": budget_answer,
    }
)


def _document(asked: Asked, plan: Scenario, settings: Settings, method: str, results: Document) -> Document:
    return document(
        "sensitivity", asked.study, results, settings_document(settings, plan) | {"method": method}
    )


def _open(out: Console, study: Study, plan: Scenario) -> None:
    heading(out, study)
    out.print(f"What drives it, under the reading “{scenario_text(plan)}”")
    out.print()


def _output_line(out: Console, study: Study, output: str, scale: str, reason: str) -> None:
    named = f"“{study.outputs[output].title}”"
    paragraph(out, f"The logarithm of {named}" if scale == "log10" else named)
    if reason:
        out.print(f"None: {reason}.")


def _effects_table(found: ShapleyEffects, titles: Mapping[str, str], level: float) -> Table:
    table = columns("Input", "Shapley effect", numbers.level(level), numeric=(1, 2))
    for key, share in found.effects.items():
        low, high = share.interval
        table.add_row(title(key, titles), *index_cells(share.value, (low, high), known=low > 0))
    return table


def _draws_table(found: GivenData, titles: Mapping[str, str]) -> Table:
    table = columns("Input", "S1", "±", "by rank", "±", "Spearman", "delta", "PAWN", numeric=range(1, 8))
    for key, row in found.inputs.items():
        delta, pawn = row.delta, row.pawn
        table.add_row(
            title(key, titles),
            *_with_half_width(row.S1),
            *_with_half_width(row.neighbour_S1),
            f"{row.spearman.value:.2f}",
            numbers.MISSING if delta is None else f"{delta.value:.2f}",
            numbers.MISSING if pawn is None else f"{pawn:.2f}",
        )
    return table


def _budget_table(found: Budget, titles: Mapping[str, str]) -> Table:
    from uncertainty.sensitivity.budget import BUDGET_HEADINGS, budget_cells

    table = columns(*BUDGET_HEADINGS, numeric=range(2, 8))
    for name, line in found.lines.items():
        table.add_row(title(name, titles), *budget_cells(line))
    table.add_section()
    table.add_row(found.study.outputs[found.output].title, *budget_cells(found.result), style="bold")
    return table


def _budget_sentence(found: Budget) -> str:
    unit = found.result.unit
    from uncertainty.sensitivity.budget import estimate_text

    expanded = numbers.number(found.expanded, 2)
    value = f"{estimate_text(found.estimate, found.expanded)} ± {expanded}"
    factor = numbers.number(found.coverage_factor, 3)
    return (
        f"{value if unit == '1' else f'{value} {unit}'}: the expanded uncertainty is {factor} times the "
        f"combined standard uncertainty, for a coverage of {numbers.level(found.level)}."
    )


def _with_half_width(found: Measured) -> tuple[str, str]:
    half = (found.interval[1] - found.interval[0]) / 2
    value = "≈ 0" if found.interval[0] <= 0 else f"{found.value:.3f}"
    return value, f"{half:.3f}"


def _morris_table(found: Screening, titles: Mapping[str, str]) -> Table:
    table = columns("Input", "µ*", "±", "σ", numeric=(1, 2, 3))
    for key, row in found.inputs.items():
        cells = (row.mu_star, row.mu_star_half_width, row.sigma)
        table.add_row(title(key, titles), *(numbers.number(cell, 2) for cell in cells))
    return table
