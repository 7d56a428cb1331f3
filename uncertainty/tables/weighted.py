"""Draws that this program saved with their weights: a column of them is no sample by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.errors import Fault, StudyError
from uncertainty.tables.table import WEIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

_OF_DRAWS = ("inputs.", "outputs.")


def refuse_weighted(headings: Sequence[str], name: str, file: str) -> None:
    """Refuse a column of draws beside which their weights stand.

    Raises
    ------
    StudyError
        With what to do.
    """
    if WEIGHT in headings and name.startswith(_OF_DRAWS):
        message = (
            f'{name}: an observation weighs these draws, as the column "{WEIGHT}" says, and each would count '
            f'once; choose rows at random by "{WEIGHT}" first, or save draws without observations'
        )
        raise StudyError(Fault(message, file=file))
