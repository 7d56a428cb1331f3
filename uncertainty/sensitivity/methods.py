"""The methods of ``sensitivity`` beside Sobol' indices: by what names the parts of each are found.

A method is a module here, with the record of what it finds and with `attribute`; a section of
`uncertainty.pages` that shows the record; and its line in `METHODS`, which commands, documents, notebooks and
the documentation follow.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from uncertainty.records import by_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.results.about import About
    from uncertainty.settings import Progress, Settings
    from uncertainty.study.model import Study
    from uncertainty.tables import Table


class Asked(NamedTuple):
    """What is asked of a method.

    Parameters
    ----------
    samples
        As they were asked for; the method's own number by default.
    workers
        Who works: threads, engine and scheduler.
    """

    study: Study
    outputs: tuple[str, ...]
    settings: Settings
    samples: int | None
    workers: Mapping[str, Any]
    progress: Progress | None

    def settings_of(self, samples: int, parts: int = 1) -> Settings:
        """Return the settings with a method's own number of samples, unless another was asked for.

        Parameters
        ----------
        parts
            Runs that share the budget.
        """
        from uncertainty.budgets import apart

        chosen = replace(self.settings, samples=samples if self.samples is None else self.samples)
        return apart(chosen, parts)


class Attributed(NamedTuple):
    """What a method found.

    Parameters
    ----------
    results
        By output.
    about
        What they depend on.
    table
        All of them, one row an input.
    runs
        What they rest on, where that is more than some samples of a design.
    """

    results: Mapping[str, Any]
    about: About
    table: Table
    runs: str = ""


class Attribute(Protocol):
    """What attributes outputs to inputs."""

    def __call__(self, asked: Asked) -> Attributed:
        """Attribute the outputs that are asked for."""
        ...


class Method(NamedTuple):
    """How a method's parts are found.

    Parameters
    ----------
    name
        As ``--method`` takes it.
    module
        Of this package, with `attribute`.
    result
        The module and the name of the record of one output.
    section
        The function of `uncertainty.pages.sections.attribution` that shows one.
    counts
        What its samples are.
    engines
        Whether others than this process may work at it.
    """

    name: str
    module: str
    result: str
    section: str
    counts: str = "draws"
    engines: bool = True

    @property
    def attribute(self) -> Attribute:
        """What attributes outputs."""
        found: Attribute = by_name(f"{__package__}.{self.module}", "attribute")
        return found

    @property
    def kind(self) -> type:
        """The record of one output."""
        module, name = self.result.split(".")
        found: type = by_name(f"{__package__}.{module}", name)
        return found


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        each.name: each
        for each in (
            Method("shapley", "shapley", "shapley.ShapleyEffects", "shapley_effects", "base points"),
            Method("draws", "given_data", "given_data.GivenData", "from_draws"),
            Method("morris", "morris", "morris.Screening", "screening", "trajectories", engines=False),
            Method("budget", "budget", "budget_result.Budget", "budget"),
        )
    }
)


def method_of(found: object) -> Method | None:
    """Return the method that finds such a record."""
    name = type(found).__name__
    return next((each for each in METHODS.values() if each.result.endswith(f".{name}")), None)
