"""Results as pages and figures: one folder that answers a study's questions in turn.

`content` gathers the analyses, `sections` says what is to be read in which order, `plots` what each figure
shows, `figures` draws, `html`, `markdown` and `pdf` render the same description, and `writer` writes all or
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uncertainty.report.writer import ReportFiles, write_report

__all__ = ["ReportFiles", "write_report"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name in __all__:
        from uncertainty.report import writer

        return getattr(writer, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
