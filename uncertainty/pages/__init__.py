"""What results say, once, for every form in which it is read.

`sections` describe, as `blocks`, what is to be read in which order; `figures` and `plots` draw; `render` has
five renderings of one description: terminal, notebook, HTML, Markdown and PDF. `content` gathers what a whole
report needs, and `writer` writes all of it or nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uncertainty.pages.writer import ReportFiles, write_report

__all__ = ["ReportFiles", "write_report"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name in __all__:
        from uncertainty.pages import writer

        return getattr(writer, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
