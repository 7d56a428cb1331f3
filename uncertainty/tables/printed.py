"""Tables as LaTeX and Markdown: to be printed, not to be read again; whatever a text holds, it stays text."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.characters import clean, on_one_line
from uncertainty.errors import Fault, SettingError
from uncertainty.files import saying_why, write_all
from uncertainty.late import regex
from uncertainty.tables.table import Table

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping, Sequence

    from uncertainty.tables.table import Column, Tabular

DIGITS = 6
"""Significant digits of a number: more than its error supports, so that who sets the table chooses."""

MISSING = "–"

MARKS: Mapping[str, str] = {".tex": "% uncertainty ", ".md": "<!-- uncertainty "}
"""How a file begins that holds such a table, by ending."""

_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    # what begins a row would else belong to the end of the row before
    "[": "{[}",
    "*": "{*}",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
}
_MARKDOWN = regex(r"([\\`*_\[\]{}()#+!|~$-])")
_POWER = regex(r"e([+-])0*(\d+)$")


def is_printed(path: str | Path) -> bool:
    """Tell by the ending of its name whether a file is one that is printed."""
    return Path(path).suffix.lower() in MARKS


def is_ours(path: str | Path) -> bool:
    """Tell by its beginning whether a file holds a table that this program has written."""
    mark = MARKS[Path(path).suffix.lower()].encode()
    try:
        with Path(path).open("rb") as file:
            return file.read(len(mark)) == mark
    except OSError:
        return False


def save(table: Tabular, path: Path) -> None:
    """Write a table to a file, LaTeX or Markdown by its ending, whole or not at all.

    Columns that hold nothing are left out.

    Raises
    ------
    SettingError
        If it is a table of draws, which nobody prints.
    UncertaintyError
        If the file cannot be written.
    """
    if table.name == "draws":
        raise SettingError(
            Fault(
                "holds a table to be printed, and draws are none; save them as .csv or .parquet",
                file=str(path),
            )
        )
    with saying_why(path):
        write_all(path.parent, {path.name: rendered(table, path.suffix.lower())})


def rendered(table: Tabular, ending: str) -> str:
    """Return a table as the text of a file with an ending."""
    whole = Table.whole(table)
    shown = {name: column for name, column in whole.columns.items() if _holds_something(column)}
    heads = [f"{name} ({table.units[name]})" if name in table.units else name for name in shown]
    numeric = [table.numeric[name] for name in shown]
    rows = list(zip(*map(_texts, shown.values()), strict=True))
    origin = json.dumps(dict(table.about), ensure_ascii=True).replace("--", "-\\u002d")
    if ending == ".tex":
        return _latex(origin, heads, numeric, rows)
    return _markdown(origin, heads, numeric, rows)


def _holds_something(column: Column) -> bool:
    if isinstance(column, np.ndarray):
        return bool(np.isfinite(column).any())
    return any(text not in ("", None) for text in column)


def _texts(column: Column) -> list[float | str]:
    return column.tolist() if isinstance(column, np.ndarray) else [text or "" for text in column]


def _latex(
    origin: str, heads: Sequence[str], numeric: Sequence[bool], rows: Sequence[Sequence[float | str]]
) -> str:
    def line(cells: Sequence[float | str]) -> str:
        return " & ".join(_cell(cell, _latex_number, latex_text) for cell in cells) + r" \\"

    columns = "".join("r" if number else "l" for number in numeric)
    body = [rf"\begin{{tabular}}{{{columns}}}", r"\hline", line(heads), r"\hline", *map(line, rows)]
    return "\n".join([MARKS[".tex"] + origin, *body, r"\hline", r"\end{tabular}", ""])


def _markdown(
    origin: str, heads: Sequence[str], numeric: Sequence[bool], rows: Sequence[Sequence[float | str]]
) -> str:
    def line(cells: Sequence[float | str]) -> str:
        return f"| {' | '.join(_cell(cell, _plain_number, markdown_text) for cell in cells)} |"

    rule = f"| {' | '.join('---:' if number else '---' for number in numeric)} |"
    body = [MARKS[".md"] + f"{origin} -->", "", line(heads), rule, *map(line, rows)]
    return "\n".join([*body, ""])


def _cell(value: float | str, number: Callable[[float], str], text: Callable[[str], str]) -> str:
    if isinstance(value, str):
        return text(value)
    return number(value) if math.isfinite(value) else MISSING


def _plain_number(value: float) -> str:
    return f"{value:.{DIGITS}g}".replace("-", "−")


def _latex_number(value: float) -> str:
    return f"${_POWER.sub(_power, f'{value:.{DIGITS}g}')}$"


def _power(found: re.Match[str]) -> str:
    sign = "-" if found[1] == "-" else ""
    return rf" \times 10^{{{sign}{found[2]}}}"


def _line(text: str) -> str:
    """Return a text as one line without what steers a terminal, which TeX refuses."""
    return on_one_line(clean(text))


def latex_text(text: str) -> str:
    """Return a text that LaTeX sets as it is, and never obeys."""
    return "".join(_LATEX.get(mark, mark) for mark in _line(text))


def markdown_text(text: str) -> str:
    """Return a text that Markdown, and HTML inside it, shows as it is: no link, no tag, no further column."""
    plain = _line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(r"\\\1", plain).replace("://", ":&#47;&#47;").replace("www.", "www&#46;")
