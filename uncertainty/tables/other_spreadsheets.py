"""What to do with a spreadsheet that is no Excel workbook (.xlsx), by the ending of its name."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.errors import Fault, StudyError

if TYPE_CHECKING:
    from pathlib import Path

SAVE_AS = MappingProxyType(
    {
        ".xlsm": "may hold macros; save it as an Excel workbook (.xlsx), its formulas stay",
        ".xltx": "is a template; save it as an Excel workbook (.xlsx)",
        ".xlsb": "is a binary workbook; save it as an Excel workbook (.xlsx)",
        ".xls": "is a workbook of Excel 97 to 2003; save it as an Excel workbook (.xlsx)",
        ".ods": "is a spreadsheet of LibreOffice; save it as an Excel workbook (.xlsx)",
        ".numbers": "is a spreadsheet of Numbers; export it as an Excel workbook (.xlsx)",
    }
)


def refuse_other_spreadsheets(path: Path) -> None:
    """Refuse a spreadsheet that has to be saved as a workbook first, in one sentence.

    Raises
    ------
    StudyError
        If it is one.
    """
    if said := SAVE_AS.get(path.suffix.lower()):
        raise StudyError(Fault(said, file=str(path)))
