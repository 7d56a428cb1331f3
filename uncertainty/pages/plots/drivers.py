"""What drives the headline under one reading: Sobol' indices as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.errors import SettingError
from uncertainty.numbers import count
from uncertainty.pages.figures.drivers import Driver, draw_drivers
from uncertainty.pages.plots import Plot
from uncertainty.sensitivity.choices import choice_key
from uncertainty.study.addresses import titles_of
from uncertainty.wording import NEGLIGIBLE, listed

if TYPE_CHECKING:
    from uncertainty.pages.content import ReportContent
    from uncertainty.sensitivity.sobol import OutputIndices
    from uncertainty.study.model import Study

SHOWN = 8
"""Inputs drawn as bars."""

INDISTINCT = "not distinguishable from 0"


def plot(content: ReportContent, reading: str) -> Plot:
    """Draw the headline's first-order and total indices under a reading, the largest first."""
    found = content.drivers_under(reading)
    reason = missing(content, reading)
    if isinstance(found, str) or reason:
        raise SettingError(f"there is nothing to attribute: {reason}")
    indices = found.outputs[content.study.headline]
    inputs = named(content.study, indices)
    shown = [inputs[0], *(driver for driver in inputs[1:SHOWN] if driver.index.total.value >= NEGLIGIBLE)]
    largest = "the largest" if len(shown) == 1 else f"the {len(shown)} largest"
    level = numbers.level(found.settings.level)
    caption = f"Upper bars: alone; lower bars: with interactions; {largest}, with {level} intervals."
    picture = draw_drivers(tuple(shown), role=content.role(reading))
    return Plot(f"drivers-{reading}", picture, _finding(content.study, indices, reading), caption)


def missing(content: ReportContent, reading: str) -> str:
    """Say why a reading has no indices; empty if it has some."""
    found = content.drivers_under(reading)
    if isinstance(found, str):
        return found
    indices = found.outputs[content.study.headline]
    return indices.reason or ("" if indices.indices else "no input reaches the headline")


def named(study: Study, indices: OutputIndices) -> list[Driver]:
    """Return an output's inputs with their indices, the largest first, by their labels."""
    return [Driver(driver_title(study, key), index) for key, index in indices.indices.items()]


def driver_title(study: Study, key: str) -> str:
    """Return the label of an input or of a choice taken as one, or of several that count as one."""
    choice = study.choices.get(key.removeprefix(choice_key("")))
    if choice is not None and key not in study.inputs:
        return choice.question or choice.name
    return listed(titles_of(study, key))


def _finding(study: Study, indices: OutputIndices, name: str) -> str:
    reading = study.readings[name].title
    ranked = list(indices.indices.items())
    top = [
        (driver_title(study, key), index)
        for place, (key, index) in enumerate(ranked[:2])
        if index.first.distinguishable and (place == 0 or index.first.value >= 0.05)
    ]
    if not top:
        return f"Under “{reading}” no input drives the headline alone: the indices are {INDISTINCT}."
    parts = [f"“{title}” explains {numbers.index(index.first.value)}" for title, index in top]
    some = sum(index.total.value < NEGLIGIBLE for _, index in ranked)
    least = f"{100 * NEGLIGIBLE:g} %"
    each = f"accounts for less than {least}" if some == 1 else f"account for less than {least} each"
    rest = f" {some} of {count(len(ranked), 'input')} {each}." if some else ""
    return f"Under “{reading}”, {listed(parts)} of the spread alone.{rest}"
