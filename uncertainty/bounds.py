"""How much a file from elsewhere may hold: one table, so that no file makes a reader work without end.

A study that was published has a hundredth of any of these. What analyses try, such as combinations of
options, is bounded where it is tried.
"""

from __future__ import annotations

from types import MappingProxyType

LARGEST_STUDY = 2**25
"""Bytes of a study file."""

LARGEST_SHEET = 2**26
"""Bytes of a CSV file, or of a workbook once it is unpacked."""

LARGEST_DOCUMENT = 2**28
"""Bytes of a JSON document that this program wrote."""

MOST_UNPACKED = 64
"""Bytes that one byte of a table may become; what this program writes is packed a fifth as tightly."""

LONGEST_ROWS = 5_000_000
"""Rows of a CSV file."""

MOST_CELLS = 2_000_000
"""Cells that are looked at in the sheets of one workbook or folder, empty ones and rows included."""

MOST_SHEETS = 1_000
"""Sheets of a workbook, or CSV files of a folder."""

MOST_TAGS = 8 * MOST_CELLS // 2
"""XML tags of a workbook's sheets and shared texts."""

MOST_OTHER_TAGS = 500_000
"""XML tags of all else in a workbook, such as its formats."""

SHEET_ROWS, SHEET_COLUMNS = 2**20, 2**14
"""Where the last cell of a sheet lies, in any spreadsheet program."""

DEEPEST = 32
"""Tables and lists inside one another; a study has seven at most, the document of a report eleven."""

LONGEST_TEXT = 1_000_000
"""Characters of one text."""

LONGEST_NUMBER = 400
"""Digits of a whole number; 309 exceed every number that there is to calculate with."""

MOST_CORRELATED = 2000
"""Inputs whose correlation matrix is found to hold together in seconds and within a few dozen mebibytes."""

MOST_ENTRIES = MappingProxyType(
    {
        "inputs": 20_000,
        "equations": 20_000,
        "outputs": 20_000,
        "correlations": 100_000,
        "choices": 1_000,
        "options": 1_000,
        "excluded": 10_000,
        "readings": 1_000,
        "evidence": 1_000,
        "published": 1_000,
        "expect": 20_000,
        "counting_units": 1_000,
        "sources": 10_000,
        "authors": 10_000,
        "compare": 1_000,
        "observations": 1_000,
        "experts": 1_000,
        "indices": 1_000,
        "curves": 1_000,
        "points": 10_000,
    }
)
"""Entries of one list or table of a study, by its key."""
