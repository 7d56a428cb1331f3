"""Tables and sentences that several commands show."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from uncertainty import numbers
from uncertainty._version import __version__
from uncertainty.characters import on_one_line
from uncertainty.study.sources import plain_text
from uncertainty.wording import condition, listed, statistic_text

if TYPE_CHECKING:
    from collections.abc import Container

    from rich.console import Console

    from uncertainty.settings import Settings
    from uncertainty.study.model import Figure, Output, Study
    from uncertainty.study.scenario import Scenario

DESIGNS = {"random": "random", "lhs": "Latin hypercube", "sobol": "scrambled Sobol'"}
HASH_DIGITS = 12


def columns(*headings: str, numeric: Container[int] = ()) -> Table:
    """Return an empty table: words to the left and wrapped, the columns `numeric` to the right and whole."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for place, title in enumerate(headings):
        if place in numeric:
            table.add_column(title, justify="right", no_wrap=True)
        else:
            table.add_column(title, overflow="fold")
    return table


def compact(text: str) -> str:
    """Shorten the words of an open-ended share or percentile for a table."""
    for word, sign in (("under ", "<"), ("below ", "<"), ("over ", ">"), ("above ", ">")):
        text = text.replace(word, sign)
    return text


def titled(output: Output) -> str:
    """Write an output's title with its unit."""
    return output.title if output.unit.text == "1" else f"{output.title} ({output.unit.text})"


def figure(found: Figure | None) -> str:
    """Write a figure as it was printed."""
    return numbers.MISSING if found is None else numbers.printed(found.value, found.digits)


def published_cell(found: Figure | None) -> str:
    """Write a figure as it was printed, and what it is of where that is not the points."""
    named = found is not None and not found.at_points
    return f"{figure(found)}\n{statistic_text(found)}" if found is not None and named else figure(found)


def heading(out: Console, study: Study) -> None:
    """Say which study this is."""
    out.print(Text(study.title, style="bold"))
    if study.source:
        out.print(on_one_line(plain_text(study.source, study.sources)))
    out.print()


def paragraph(out: Console, text: str) -> None:
    """Print a paragraph, folded to the page."""
    out.print(Text("\n".join(textwrap.wrap(text, out.width, break_on_hyphens=False))))


def scenario_text(plan: Scenario) -> str:
    """Name the reading, the options that were chosen on top of it and the inputs that were replaced."""
    title = plan.study.readings[plan.reading].title
    changed = [f"{choice}={option}" for choice, option in chosen(plan).items()]
    changed += [f"{name}={value}" for name, value in plan.overrides.items()]
    return f"{title}, with {', '.join(changed)}" if changed else title


def scenario_condition(plan: Scenario) -> str:
    """Return the clause that says what a scenario holds fixed, from "If" to the comma."""
    study = plan.study
    reading = study.readings[plan.reading]
    choices = [(study.choices[name], option) for name, option in chosen(plan).items()]
    answers = [f"“{c.options[option].title}” answers “{c.question or c.name}”" for c, option in choices]
    if not answers:
        return condition(study, reading)
    return f"If {listed([*answers, f'all else is as in “{reading.title}”'])},"


def chosen(plan: Scenario) -> dict[str, str]:
    """Return the options that a scenario takes in place of its reading's own."""
    choices = plan.study.choices
    own = {name: choice.published for name, choice in choices.items()}
    own |= plan.study.readings[plan.reading].choices
    return {choice: option for choice, option in plan.choices.items() if own[choice] != option}


def provenance(study: Study, settings: Settings, *, asked: int | None, what: str = "draws") -> str:
    """Say what the numbers rest on: draws, design, seed, version and the study's hash."""
    rounded = f" (rounded up from {asked:,})" if asked is not None and asked != settings.samples else ""
    return (
        f"{settings.samples:,} {what}{rounded}, {DESIGNS[settings.design]} design, seed {settings.seed}; "
        f"uncertainty {__version__}; study {study.name}, sha256 {study.sha256[:HASH_DIGITS]}."
    )
