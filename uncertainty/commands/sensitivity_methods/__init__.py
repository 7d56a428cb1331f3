"""The methods of `uncertainty sensitivity`: each runs an analysis, and gives a document and a page of it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.commands.sensitivity_methods import budget, draws, morris, shapley, sobol
from uncertainty.commands.sensitivity_methods.answers import Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uncertainty.commands.sensitivity_methods.answers import Answer

__all__ = ["ANSWERS", "Asked"]

ANSWERS: Mapping[str, Callable[[Asked], Answer]] = MappingProxyType(
    {
        "sobol": sobol.answer,
        "shapley": shapley.answer,
        "draws": draws.answer,
        "morris": morris.answer,
        "budget": budget.answer,
    }
)
