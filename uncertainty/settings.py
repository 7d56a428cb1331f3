"""The settings that, with a study, fix every number of a result."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, get_args

from uncertainty.errors import SettingError, suggestion
from uncertainty.sampling.statistics import IntervalKind
from uncertainty.study.model import AS_PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uncertainty.distributions import Distribution

    Progress = Callable[[int, int], None]
    """Called with the rows done and the rows there are."""

SAMPLES = 2**17


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was asked for.

    Parameters
    ----------
    samples
        Draws; rounded up to what the design needs.
    seed
        Any integer from 0.
    design
        ``"random"``, ``"lhs"`` or ``"sobol"``.
    level
        Share of draws inside the reported intervals.
    interval
        ``"central"`` or ``"shortest"`` (JCGM 101:2008, 5.3.2 to 5.3.4).
    reading, choices, overrides
        As in `uncertainty.study.scenario.scenario`.

    Raises
    ------
    SettingError
        If the level or the kind of interval is out of range.
    """

    samples: int = SAMPLES
    seed: int = 1
    design: str = "sobol"
    level: float = 0.95
    interval: IntervalKind = "central"
    reading: str = AS_PUBLISHED
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    overrides: Mapping[str, str | float | Distribution] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise SettingError(f"level: expected a number between 0 and 1, found {self.level:g}")
        kinds = get_args(IntervalKind)
        if self.interval not in kinds:
            raise SettingError(f'interval: unknown kind "{self.interval}"{suggestion(self.interval, kinds)}')
