"""What a method of `uncertainty sensitivity` is asked, what it answers, and what all of them say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from uncertainty.commands.tables import heading, paragraph, scenario_text
from uncertainty.documents import document, settings_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from uncertainty.documents import Document
    from uncertainty.settings import Progress, Settings
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario
    from uncertainty.tables import Table


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
    described
        The outputs of which more is to be said than what a method gives for all of them.
    """

    study: Study
    outputs: tuple[str, ...]
    settings: Settings
    samples: int | None
    workers: Mapping[str, Any]
    progress: Progress | None
    options: Mapping[str, Any]
    described: tuple[str, ...]

    def settings_of(self, samples: int) -> Settings:
        """Return the settings with a method's own number of samples, unless another was asked for."""
        return replace(self.settings, samples=samples if self.samples is None else self.samples)


class Show(Protocol):
    """Shows a person what was found, by tables alone where `quiet`."""

    def __call__(self, out: Console, *, quiet: bool) -> None:
        """Print it."""
        ...


class Answer(NamedTuple):
    """A document, how to show it to a person, and a table."""

    document: Document
    show: Show
    table: Table


def method_document(
    asked: Asked, plan: Scenario, settings: Settings, method: str, results: Document
) -> Document:
    """Return the document of a method other than Sobol' indices."""
    return document(
        "sensitivity", asked.study, results, settings_document(settings, plan) | {"method": method}
    )


def open_page(out: Console, study: Study, plan: Scenario) -> None:
    """Say which study is looked at, and under which reading."""
    heading(out, study)
    out.print(f"What drives it, under the reading “{scenario_text(plan)}”")
    out.print()


def output_line(out: Console, study: Study, output: str, scale: str, reason: str) -> None:
    """Name an output, and say why nothing can be said of it where that is so."""
    named = f"“{study.outputs[output].title}”"
    paragraph(out, f"The logarithm of {named}" if scale == "log10" else named)
    if reason:
        paragraph(out, f"None: {reason.rstrip('.')}.")
