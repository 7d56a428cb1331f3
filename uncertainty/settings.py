"""The settings that, with a study, fix every number of a result."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, TypedDict, get_args

from uncertainty.calls import check_fields
from uncertainty.errors import SettingError, suggestion
from uncertainty.late import dataclass
from uncertainty.records import Frozen
from uncertainty.sampling.designs import check_design
from uncertainty.sampling.precision import Precision
from uncertainty.sampling.statistics import IntervalKind
from uncertainty.study.model import AS_PUBLISHED
from uncertainty.study.scenario import scenario
from uncertainty.values import inner_share, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from uncertainty.study.limits import Given
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario

    Beside = Callable[[], object]
    """Does something else while copies of this process work."""
    Progress = Callable[[int, int], None]
    """Called with the rows done and the rows there are."""


class Unasked(int):
    """A number of samples that nobody asked for: an analysis' own, which a budget may lower."""

    def __reduce__(self) -> tuple[type[Unasked], tuple[int]]:
        """Let copies stay what they are."""
        return Unasked, (int(self),)


SAMPLES = Unasked(2**17)


LEAST = Frozen({"samples": 1, "seed": 0, "max_samples": 1, "outer": 1, "inner": 64, "budget": 1})
"""The least that each number may be."""


class SettingOptions(TypedDict, total=False):
    """The fields of `Settings` as keywords of an analysis, for type checkers."""

    samples: int
    seed: int
    design: str
    level: float
    interval: IntervalKind
    reading: str
    choices: Mapping[str, str]
    overrides: Mapping[str, Given]
    observe: str | Sequence[str]
    until: float | str | None
    max_samples: int | None
    outer: int | None
    inner: int | None
    budget: int | None


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
    outer, inner
        Of numbers over cases: how many draws of what nobody knows share the samples with how many cases in
        each, a power of two of at least 64; together, or chosen by the program.
    budget
        The most model rows that the call may run, in all its parts; what it leaves no room for is left out
        and said. Without one only what goes beyond `samples` is bounded, and that for functions alone.
    reading, choices, overrides, observe
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
    choices: Mapping[str, str] = field(default_factory=Frozen)
    overrides: Mapping[str, Given] = field(default_factory=Frozen)
    observe: str | Sequence[str] = ()
    until: float | str | None = None
    max_samples: int | None = None
    outer: int | None = None
    inner: int | None = None
    budget: int | None = None

    def __post_init__(self) -> None:
        for name, least in LEAST.items():
            value = getattr(self, name)
            if not isinstance(value, Unasked) and (value is not None or name in ("samples", "seed")):
                object.__setattr__(self, name, whole(name, value, least))
        check_fields(self)
        observe = (self.observe,) if isinstance(self.observe, str) else tuple(self.observe)
        object.__setattr__(self, "observe", observe)
        object.__setattr__(self, "level", inner_share("level", self.level))
        check_design(self.design)
        if self.until is not None:
            Precision.parse(self.until)
        elif self.max_samples is not None:
            raise SettingError("max_samples: only has a meaning together with until")
        asked = None if isinstance(self.samples, Unasked) else self.samples
        if self.budget is not None and asked is not None and asked > self.budget:
            raise SettingError(
                f"samples: {asked:,} are more than the budget of {self.budget:,} model rows; "
                "ask for fewer, or leave them out"
            )
        if (self.outer is None) != (self.inner is None):
            raise SettingError("outer: only has a meaning together with inner")
        if self.inner is not None and self.inner & (self.inner - 1):
            raise SettingError(f"inner: expected a power of two, found {self.inner}")
        kinds = get_args(IntervalKind)
        if self.interval not in kinds:
            raise SettingError(f'interval: unknown kind "{self.interval}"{suggestion(self.interval, kinds)}')

    def scenario(self, study: Study) -> Scenario:
        """Return what is to be computed of a study; StudyError as `uncertainty.study.scenario.scenario`."""
        return scenario(study, self.reading, self.choices, self.overrides, tuple(self.observe))
