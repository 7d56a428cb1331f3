"""Tables of numbers and words, and the files and libraries that they come from and go to.

Every result and every set of draws becomes a `Tabular`; a format is one module with `write` and `read`, found
by the ending of a file's name.
"""

from uncertainty.tables.formats import read_table, save_table
from uncertainty.tables.table import Table, Tabular

__all__ = ["Table", "Tabular", "read_table", "save_table"]
