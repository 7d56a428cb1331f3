"""Uncertainty intervals and sensitivity for published calculations.

>>> import uncertainty as un
>>> study = un.load_study("ai-vs-human")
>>> result = un.propagate(study, samples=20_000, seed=1)
>>> low, high = result.outputs["us_illustrator_vs_midjourney"].interval(0.95)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from uncertainty._version import __version__

if TYPE_CHECKING:
    from uncertainty.alternatives import compare_alternatives
    from uncertainty.challenges.analysis import challenge
    from uncertainty.emulation.emulating import Emulation, emulate
    from uncertainty.errors import NonFiniteError, SettingError, StudyError, UncertaintyError
    from uncertainty.fitting.data import fit_data
    from uncertainty.fitting.entropy import max_entropy
    from uncertainty.fitting.evidence import suggest
    from uncertainty.fitting.quantiles import fit_quantiles
    from uncertainty.fitting.seeds import weigh_experts
    from uncertainty.grounds import weigh_evidence
    from uncertainty.indices.index import Index
    from uncertainty.over_cases import cases
    from uncertainty.pages.publishing import document, plot, report
    from uncertainty.propagation import propagate
    from uncertainty.readings import compare_readings
    from uncertainty.reproduction import reproduce
    from uncertainty.sensitivity.budget import linear_budget
    from uncertainty.sensitivity.given_data import given_data
    from uncertainty.sensitivity.local import spider, tornado
    from uncertainty.sensitivity.morris import morris
    from uncertainty.sensitivity.salib import salib_problem
    from uncertainty.sensitivity.sample import draw_sample
    from uncertainty.sensitivity.shapley import shapley
    from uncertainty.sensitivity.short_version import short_version
    from uncertainty.sensitivity.sobol.analysis import sobol
    from uncertainty.study.differences import differences
    from uncertainty.study.model import Study
    from uncertainty.study.reader import load_study
    from uncertainty.tables import read_table

_HOMES = {
    "Emulation": "uncertainty.emulation.emulating",
    "Index": "uncertainty.indices.index",
    "NonFiniteError": "uncertainty.errors",
    "SettingError": "uncertainty.errors",
    "Study": "uncertainty.study.model",
    "StudyError": "uncertainty.errors",
    "UncertaintyError": "uncertainty.errors",
    "cases": "uncertainty.over_cases",
    "challenge": "uncertainty.challenges.analysis",
    "compare_alternatives": "uncertainty.alternatives",
    "compare_readings": "uncertainty.readings",
    "differences": "uncertainty.study.differences",
    "document": "uncertainty.pages.publishing",
    "draw_sample": "uncertainty.sensitivity.sample",
    "emulate": "uncertainty.emulation.emulating",
    "fit_data": "uncertainty.fitting.data",
    "fit_quantiles": "uncertainty.fitting.quantiles",
    "given_data": "uncertainty.sensitivity.given_data",
    "linear_budget": "uncertainty.sensitivity.budget",
    "load_study": "uncertainty.study.reader",
    "max_entropy": "uncertainty.fitting.entropy",
    "morris": "uncertainty.sensitivity.morris",
    "plot": "uncertainty.pages.publishing",
    "propagate": "uncertainty.propagation",
    "read_table": "uncertainty.tables",
    "report": "uncertainty.pages.publishing",
    "reproduce": "uncertainty.reproduction",
    "salib_problem": "uncertainty.sensitivity.salib",
    "shapley": "uncertainty.sensitivity.shapley",
    "short_version": "uncertainty.sensitivity.short_version",
    "sobol": "uncertainty.sensitivity.sobol.analysis",
    "spider": "uncertainty.sensitivity.local",
    "suggest": "uncertainty.fitting.evidence",
    "tornado": "uncertainty.sensitivity.local",
    "weigh_evidence": "uncertainty.grounds",
    "weigh_experts": "uncertainty.fitting.seeds",
}

__all__ = [
    "Emulation",
    "Index",
    "NonFiniteError",
    "SettingError",
    "Study",
    "StudyError",
    "UncertaintyError",
    "__version__",
    "cases",
    "challenge",
    "compare_alternatives",
    "compare_readings",
    "differences",
    "document",
    "draw_sample",
    "emulate",
    "fit_data",
    "fit_quantiles",
    "given_data",
    "linear_budget",
    "load_study",
    "max_entropy",
    "morris",
    "plot",
    "propagate",
    "read_table",
    "report",
    "reproduce",
    "salib_problem",
    "shapley",
    "short_version",
    "sobol",
    "spider",
    "suggest",
    "tornado",
    "weigh_evidence",
    "weigh_experts",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``uncertainty --help`` does not wait for numpy."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Show every public name, also those that are not imported yet."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
