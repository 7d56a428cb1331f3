"""Uncertainty intervals and sensitivity for published calculations.

>>> import uncertainty as un
>>> study = un.load_study("ai-vs-human")
>>> result = un.propagate(study, samples=1_000, seed=1)
>>> low, high = result.outputs["us_illustrator_vs_midjourney"].interval(0.95)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from uncertainty._version import __version__

if TYPE_CHECKING:
    from uncertainty.challenges.analysis import challenge
    from uncertainty.errors import NonFiniteError, SettingError, StudyError, UncertaintyError
    from uncertainty.propagation import propagate
    from uncertainty.readings import compare_readings
    from uncertainty.reproduction import reproduce
    from uncertainty.sensitivity.sobol import sobol
    from uncertainty.study.model import Study
    from uncertainty.study.reader import load_study

_HOMES = {
    "NonFiniteError": "uncertainty.errors",
    "SettingError": "uncertainty.errors",
    "Study": "uncertainty.study.model",
    "StudyError": "uncertainty.errors",
    "UncertaintyError": "uncertainty.errors",
    "challenge": "uncertainty.challenges.analysis",
    "compare_readings": "uncertainty.readings",
    "load_study": "uncertainty.study.reader",
    "propagate": "uncertainty.propagation",
    "reproduce": "uncertainty.reproduction",
    "sobol": "uncertainty.sensitivity.sobol",
}

__all__ = [
    "NonFiniteError",
    "SettingError",
    "Study",
    "StudyError",
    "UncertaintyError",
    "__version__",
    "challenge",
    "compare_readings",
    "load_study",
    "propagate",
    "reproduce",
    "sobol",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``uncertainty --help`` does not wait for numpy."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
