"""Tables of numbers and words, and the files and libraries that they come from and go to.

Every result and every set of draws becomes a `Tabular`; a format is one module with `write` and `read`, found
by the ending of a file's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uncertainty.tables.table import Table, Tabular

if TYPE_CHECKING:
    from uncertainty.tables.formats import read_table, save_table

__all__ = ["Table", "Tabular", "read_table", "save_table"]


def __getattr__(name: str) -> Any:
    """Import what reads and writes files when it is first used: no analysis waits for a format."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from uncertainty.tables import formats

    return getattr(formats, name)
