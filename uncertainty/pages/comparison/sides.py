"""The two runs that are compared."""

from typing import TypeAlias

from uncertainty.results.reading import RunDocument

Sides: TypeAlias = tuple[RunDocument, RunDocument]

LETTERS = ("A", "B")
