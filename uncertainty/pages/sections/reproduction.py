"""How to get the same numbers again."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.pages.blocks import Column, Listing, Paragraph, Section, Table, Text, code
from uncertainty.study.bundled import typed_name
from uncertainty.wording import base_points

if TYPE_CHECKING:
    from uncertainty.pages.content import ReportContent


def section(content: ReportContent) -> Section:
    """Give the command, and everything that the numbers depend on."""
    settings, study = content.settings, content.study
    rows: list[tuple[Text, ...]] = [
        ("Study", code(study.name)),
        ("SHA-256 of the study and its data", code(study.sha256 or "none: the study is not a file")),
        ("Seed", code(str(settings.seed))),
        ("Draws", code(f"{settings.samples}")),
        ("Design", code(settings.design)),
        ("Interval", f"{numbers.level(settings.level)}, {settings.interval}"),
    ]
    analyses = [found for found in content.drivers.values() if not isinstance(found, str)]
    if analyses:
        rows.append(("Base points of the Sobol' indices", code(base_points(analyses))))
    rows += [(f"Version of {name}", code(version)) for name, version in content.versions.items()]
    table = Table((Column("Setting"), Column("Value")), tuple(rows), "What the numbers depend on")
    if study.function is not None:
        first = Paragraph("The study is a Python function: call write_report on it with these settings.")
        return Section("reproduction", "Get the same numbers", (first, table))
    intro = Paragraph("One command writes this report again; the number of threads changes nothing.")
    return Section("reproduction", "Get the same numbers", (intro, Listing(_command(content)), table))


def _command(content: ReportContent) -> str:
    settings = content.settings
    words = ["uncertainty", "report", typed_name(content.study)]
    words += ["--samples", str(settings.samples), "--seed", str(settings.seed), "--design", settings.design]
    words += ["--level", f"{settings.level}", "--interval", settings.interval]
    for choice, option in content.chosen.items():
        words += ["--choose", f"{choice}={option}"]
    for name, value in settings.overrides.items():
        words += ["--set", f"{name}={value}"]
    return shlex.join(words)
