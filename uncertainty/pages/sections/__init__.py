"""The sections of a report: each is one module with one function, from the content to what is to be read.

A new section is a new module and its name in `SECTIONS`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from uncertainty.challenges.analysis import Challenge
    from uncertainty.pages.blocks import Section
    from uncertainty.pages.content import ReportContent

SECTIONS = (
    "claim",
    "verdicts",
    "arithmetic",
    "intervals",
    "shape",
    "drivers",
    "choices",
    "breakeven",
    "robustness",
    "differences",
    "readings",
    "critiques",
    "explorer",
    "inputs",
    "support",
    "equations",
    "sources",
    "method",
    "reproduction",
)
"""Modules of this package, in the order in which a report is read."""


class MakeSection(Protocol):
    """What every section's module calls ``section``."""

    def __call__(self, content: ReportContent) -> Section | None:
        """Say what the content means for this section's question; nothing where the study does not ask it."""
        ...


def make_sections(content: ReportContent) -> tuple[Section, ...]:
    """Return every section of a report that its study has something for."""
    makers: list[MakeSection] = [import_module(f"{__name__}.{name}").section for name in SECTIONS]
    return tuple(section for make in makers if (section := make(content)) is not None)


def challenged(found: Challenge) -> list[Section]:
    """Return everything that can be held against figures, output by output."""
    from uncertainty.pages.sections.breakeven import breakeven
    from uncertainty.pages.sections.choices import choices
    from uncertainty.pages.sections.differences import differences
    from uncertainty.pages.sections.robustness import robustness
    from uncertainty.pages.sections.verdicts import opening, verdicts

    sections = []
    for each in found.outputs.values():
        sections += [opening(each), verdicts(found, each), choices(each), breakeven(found, each)]
        sections.append(robustness(found, each))
    return [*sections, differences(found)] if found.differences else sections
