"""The figures of a report: how each is drawn, and what it shows of a study.

Reports and `uncertainty plot` take them from here alike. A new figure is a function and its line in `KINDS`;
what figures share is in `style`, `axis` and `pictures`.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from uncertainty.errors import SettingError, suggestion
from uncertainty.late import dataclass
from uncertainty.study.model import AS_PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure as Picture

    from uncertainty.pages.blocks import Figure
    from uncertainty.pages.content import ReportContent
    from uncertainty.pages.figures.rows import Row


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of figure.

    Parameters
    ----------
    maker
        Module and function that draw it.
    about
        What it shows, in half a sentence.
    of
        What one figure shows: the leading ``"readings"`` together, also in a ``"size"`` of its own, one
        ``"reading"``, one ``"input"``, one ``"output"`` with an index, all published ``"figures"`` or one of
        them, or the ``"study"`` as published.
    """

    maker: str
    about: str
    of: str = "readings"


KINDS = MappingProxyType(
    {
        "card": Kind("card.plot", "the finding in one picture, to be shown alone", "size"),
        "intervals": Kind(
            "intervals.plot", "every published figure beside its interval, on one axis", "figures"
        ),
        "fan": Kind("fan.plot", "an output over an ordered index, as a fan of intervals", "output"),
        "members": Kind("members.plot", "the intervals of an output's members side by side", "output"),
        "heat-map": Kind("heat_map.plot", "total indices of every input over an ordered index", "output"),
        "distributions": Kind("distributions.plot", "the headline's distribution under each leading reading"),
        "cases": Kind(
            "cases.plot", "how the headline differs from case to case, and what nobody knows of it", "reading"
        ),
        "drivers": Kind("drivers.plot", "Sobol' indices of one reading, as bars", "reading"),
        "curves": Kind("curves.curves", "the headline's median along each top driver, over draws", "reading"),
        "scatter": Kind("curves.scatter", "draws of the headline along each top driver", "reading"),
        "tornado": Kind(
            "local.tornado", "the headline with one input at its 5 % or 95 % quantile", "reading"
        ),
        "spider": Kind("local.spider", "the headline along the quantiles of one input at a time", "reading"),
        "dependencies": Kind(
            "dependencies.plot", "how the headline is made of the inputs, as a tree", "reading"
        ),
        "input": Kind("inputs.plot", "one input's distribution beside its evidence and point", "input"),
        "specification-curve": Kind(
            "specification_curve.plot", "the result under every combination of choices, sorted"
        ),
    }
)
"""Figures by name, in the order in which a report shows them."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure that is drawn.

    Parameters
    ----------
    name
        Name of its file, without the ending.
    picture
        What matplotlib has drawn.
    finding
        What it shows, for who cannot see it.
    caption
        How it is to be read.
    rows
        Its data.
    """

    name: str
    picture: Picture
    finding: str
    caption: str
    rows: Sequence[Row]


class DrawPlot(Protocol):
    """What draws every kind of figure."""

    def __call__(self, content: ReportContent, subject: str, /) -> Plot:
        """Draw the figure.

        Parameters
        ----------
        subject
            The reading, the input or the output that it shows, where its kind shows one.

        Raises
        ------
        SettingError
            If there is nothing to draw, with the reason.
        """
        ...


def draw(kind: str, content: ReportContent, subject: str = AS_PUBLISHED) -> Plot:
    """Draw one figure of a study.

    Parameters
    ----------
    kind
        A name in `KINDS`.
    subject
        The reading, the input or the output that it shows, where its kind shows one; of an output with an
        index, the first that the figure can show is the default.

    Raises
    ------
    SettingError
        If there is no such kind, or nothing to draw.
    """
    if kind not in KINDS:
        raise SettingError(f'unknown kind of figure "{kind}"{suggestion(kind, KINDS)}')
    module, function = KINDS[kind].maker.split(".")
    draw_plot: DrawPlot = getattr(import_module(f"{__name__}.{module}"), function)
    plot = draw_plot(content, subject)
    if KINDS[kind].of == "reading":
        from uncertainty.pages.figures.axis import entitle
        from uncertainty.pages.figures.style import ROLES

        colour = ROLES[content.role(subject) % len(ROLES)]
        entitle(plot.picture, content.study.readings[subject].title, colour)
    return plot


def figure(kind: str, content: ReportContent, subject: str = AS_PUBLISHED) -> Figure:
    """Return a figure as a report shows it."""
    from uncertainty.pages.blocks import Figure
    from uncertainty.pages.figures.pictures import svg_text
    from uncertainty.pages.figures.rows import csv_text

    plot = draw(kind, content, subject)
    svg = svg_text(plot.picture, plot.name, plot.finding)
    return Figure(plot.name, svg, plot.finding, plot.caption, data=csv_text(plot.name, plot.rows))
