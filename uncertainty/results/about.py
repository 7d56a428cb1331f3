"""What a result depends on: one account of it, in documents, tables, files and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from uncertainty._version import __version__
from uncertainty.records import Frozen
from uncertainty.results.encoding import encoded
from uncertainty.results.keys import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.settings import Settings
    from uncertainty.study.scenario import Scenario


class Versions(NamedTuple):
    """The programs that decide which numbers are drawn.

    Parameters
    ----------
    version
        Of this program.
    numpy, scipy
        Of these libraries.
    """

    version: str
    numpy: str
    scipy: str


def dropped_of(shares: Mapping[str, float]) -> Mapping[str, float]:
    """Return the shares of draws that were dropped, by the outputs of which some were."""
    return Frozen({name: share for name, share in shares.items() if share})


@record(
    "samples=settings.samples",
    "outer?=settings.outer",
    "inner?=settings.inner",
    "seed=settings.seed",
    "level=settings.level",
    "interval=settings.interval",
    "design=settings.design",
    "budget?=settings.budget",
    "program?",
    "stochastic?",
    "reading=plan.reading",
    "choices=plan.choices",
    "overrides=plan.overrides",
    "observations?=plan.observations",
    "nonfinite?",
    "until?",
    "max_samples?",
    "method?",
    "dropped?",
    "emulator?=plan.study.emulator",
    "**versions",
)
class About(NamedTuple):
    """Everything but the study that a result depends on.

    Parameters
    ----------
    method
        Of a sensitivity analysis.
    dropped
        By output, the share of the draws that had no value and were dropped; of an average over the cases,
        that of single cases. Outputs without such draws are left out.
    """

    settings: Settings
    plan: Scenario
    method: str = ""
    dropped: Mapping[str, float] = Frozen()

    @property
    def program(self) -> str:
        """The command whose program gives the outputs, if one does."""
        return str(getattr(self.plan.study.function, "command", ""))

    @property
    def stochastic(self) -> bool | None:
        """True where what gives the outputs has random numbers of its own; None where none were seen."""
        return self.plan.study.is_noisy or None

    @property
    def nonfinite(self) -> str:
        """What becomes of draws without a value; empty where the run is refused for them."""
        wanted = self.plan.study.nonfinite
        return "" if wanted == "refuse" else wanted

    @property
    def until(self) -> str:
        """The tolerance at which the run was to stop; empty where there was none."""
        return "" if self.settings.until is None else str(self.settings.until)

    @property
    def max_samples(self) -> int | None:
        """Where such a run stops at the latest; None where it does so at its own bound."""
        return self.settings.max_samples

    @property
    def versions(self) -> Versions:
        """The versions of the programs that decide which numbers are drawn."""
        import numpy as np
        import scipy

        return Versions(__version__, np.__version__, scipy.__version__)


class Dependent(Protocol):
    """A record of what a result depends on: `About`, or one that spreads it."""

    @property
    def plan(self) -> Scenario:
        """The scenario."""
        ...


def about(result: Dependent) -> dict[str, Any]:
    """Return what every number of a result depends on, its study too, as JSON values."""
    study = {"study": result.plan.study.name, "sha256": result.plan.study.sha256}
    settled: dict[str, Any] = encoded(result)
    return study | settled
