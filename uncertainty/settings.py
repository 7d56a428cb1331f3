"""The settings that, with a study, fix every number of a result."""

from __future__ import annotations

from dataclasses import dataclass, field
from numbers import Integral
from types import MappingProxyType
from typing import TYPE_CHECKING, get_args

from uncertainty.errors import SettingError, suggestion
from uncertainty.sampling.precision import Precision
from uncertainty.sampling.statistics import IntervalKind
from uncertainty.study.model import AS_PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uncertainty.study.limits import Given

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
    until
        Sample on from `samples` draws until the interval's errors are within a tolerance: a number such as
        0.01, in relation to its ends, or a text such as ``"2 digits"``; see `Precision`.
    max_samples
        Where such a run stops at the latest.
    reading, choices, overrides
        As in `uncertainty.study.scenario.scenario`.

    Raises
    ------
    SettingError
        If the level, the kind of interval or the tolerance is out of range.
    """

    samples: int = SAMPLES
    seed: int = 1
    design: str = "sobol"
    level: float = 0.95
    interval: IntervalKind = "central"
    reading: str = AS_PUBLISHED
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    overrides: Mapping[str, Given] = field(default_factory=lambda: MappingProxyType({}))
    until: float | str | None = None
    max_samples: int | None = None

    def __post_init__(self) -> None:
        for name in ("samples", "seed", "max_samples"):
            value = getattr(self, name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, Integral):
                raise SettingError(f"{name}: expected a whole number, found {value!r}")
            object.__setattr__(self, name, int(value))
        if not 0 < self.level < 1:
            raise SettingError(f"level: expected a number between 0 and 1, found {self.level:g}")
        if self.until is not None:
            Precision.parse(self.until)
        elif self.max_samples is not None:
            raise SettingError("max_samples: only has a meaning together with until")
        kinds = get_args(IntervalKind)
        if self.interval not in kinds:
            raise SettingError(f'interval: unknown kind "{self.interval}"{suggestion(self.interval, kinds)}')
