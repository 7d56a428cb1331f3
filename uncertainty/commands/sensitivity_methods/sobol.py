"""Sobol' indices, as a document, a table and a page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.commands.sensitivity_methods.answers import Answer, open_page
from uncertainty.commands.sensitivity_tables import show_details, show_indices, title, titles_of
from uncertainty.commands.tables import paragraph, provenance
from uncertainty.documents import sensitivity_document

if TYPE_CHECKING:
    from rich.console import Console

    from uncertainty.commands.sensitivity_methods.answers import Asked
    from uncertainty.sensitivity.details import DriverDetails
    from uncertainty.sensitivity.results import SobolIndices


def answer(asked: Asked) -> Answer:
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
    details = _details(found, asked)

    def show(out: Console, *, quiet: bool) -> None:
        open_page(out, found.study, found.scenario)
        titles = titles_of(found.study)

        def named(key: str) -> str:
            return title(key, titles)

        for indices in found.outputs.values():
            show_indices(out, found, indices)
            if indices.output in details and not quiet:
                show_details(out, found.study, details[indices.output])
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

    return Answer(sensitivity_document(found, details), show, found.table)


def _rounded_up(asked: Asked, found: SobolIndices) -> int | None:
    """Return the samples that were asked for if the design needed more of them."""
    return asked.samples if asked.samples is not None and found.settings.samples > asked.samples else None


def _details(found: SobolIndices, asked: Asked) -> dict[str, DriverDetails]:
    """Describe the drivers of the outputs that it was asked for, where these are inputs."""
    from uncertainty.sensitivity.details import describe_drivers

    if found.choices_as_inputs:
        return {}
    able = [found.outputs[name] for name in asked.described]
    return {
        each.output: describe_drivers(found, each.output, **asked.workers)
        for each in able
        if each.indices and not each.reason
    }
