"""The sections of a report: each is one function from the content to what is to be read.

Those that commands and notebooks show too take a result, and what a report calls only fetches it. A new
section is a function and its line in `LAYERS`.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from uncertainty.pages.blocks import Details

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.challenges.analysis import Challenge
    from uncertainty.pages.blocks import Block, Section
    from uncertainty.pages.content import ReportContent

LAYERS = MappingProxyType(
    {
        "answer": MappingProxyType({"claim": "claim.section"}),
        "why": MappingProxyType(
            {
                "verdicts": "verdicts.section",
                "drivers": "drivers.section",
                "choices": "challenges.choices_section",
                "cases": "cases.section",
                "alternatives": "alternatives.section",
                "together": "challenges.together_section",
                "critics": "readings.critics_section",
            }
        ),
        "try": MappingProxyType({"explorer": "method.explorer_section"}),
        "reuse": MappingProxyType({"reuse": "reuse.section"}),
        "numbers": MappingProxyType(
            {
                "readings": "readings.section",
                "critiques": "readings.critiques_section",
                "arithmetic": "arithmetic.section",
                "intervals": "intervals.section",
                "shape": "intervals.shape_section",
                "indices": "drivers.indices_section",
                "effects": "challenges.effects_section",
                "breakeven": "challenges.breakeven_section",
                "robustness": "challenges.robustness_section",
                "differences": "verdicts.differences_section",
                "observations": "observations.section",
                "inputs": "inputs.section",
                "support": "contents.support_section",
                "grounds": "grounds.section",
                "equations": "equations.section",
                "sources": "sources.section",
                "method": "method.section",
                "reproduction": "method.reproduction_section",
            }
        ),
    }
)
"""The module and function of each section, by layer and in the order in which a report is read.

The answer is one screen, what comes next says why in pictures and sentences, then readers can try it, and the
last layer has every number: a page of its own.
"""

SECTIONS = MappingProxyType({name: maker for layer in LAYERS.values() for name, maker in layer.items()})
"""The same without the layers."""


class MakeSection(Protocol):
    """What makes every section."""

    def __call__(self, content: ReportContent) -> Section | None:
        """Say what the content means for this section's question; nothing where the study does not ask it."""
        ...


def make_section(name: str, content: ReportContent) -> Section | None:
    """Return one section of a report; nothing where its study has nothing for it."""
    module, function = SECTIONS[name].split(".")
    make: MakeSection = getattr(import_module(f"{__name__}.{module}"), function)
    section = make(content)
    layer = next(layer for layer, sections in LAYERS.items() if name in sections)
    return None if section is None else replace(section, layer=layer)


def make_sections(content: ReportContent, names: Iterable[str] = SECTIONS) -> tuple[Section, ...]:
    """Return those sections of a report that its study has something for, by default of all."""
    found = (make_section(name, content) for name in names)
    return tuple(section for section in found if section is not None)


def without_page(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Return the sections of a report that has no page for browsers, without what speaks of that page."""

    def speaks_of_page(block: Block) -> bool:
        return isinstance(block, Details) and block.of_page

    return tuple(
        replace(section, blocks=tuple(block for block in section.blocks if not speaks_of_page(block)))
        for section in sections
        if section.layer != "try"
    )


def challenged(found: Challenge) -> list[Section]:
    """Return everything that can be held against figures, output by output."""
    from uncertainty.pages.sections.challenges import breakeven, choices, robustness
    from uncertainty.pages.sections.verdicts import differences, opening, verdicts

    sections = []
    for each in found.outputs.values():
        sections += [opening(found.study, each), verdicts(found, each), choices(each), breakeven(found, each)]
        sections.append(robustness(found, each))
    return [*sections, differences(found)] if found.differences else sections
