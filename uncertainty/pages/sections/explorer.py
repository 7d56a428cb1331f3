"""The study under the reader's own assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.explorer import export_program, program_json
from uncertainty.pages.blocks import Block, Explorer, Paragraph, Section

if TYPE_CHECKING:
    from uncertainty.pages.content import ReportContent


def section(content: ReportContent) -> Section:
    """Let readers answer every question and set every input themselves."""
    program = export_program(content.study, content.settings)
    blocks: tuple[Block, ...]
    if program is None:
        blocks = (Paragraph("The model of this study is a Python function, which a page cannot run."),)
    else:
        blocks = (
            Paragraph(
                "Anyone who disagrees with an assumption can change it here, see what happens to the result, "
                f"and send the changed view on as a link. The study's own equations run on "
                f"{program['draws']:,} draws in the browser; nothing leaves this page."
            ),
            Explorer(
                program_json(program),
                "The explorer is part of the page index.html and runs in a browser with JavaScript.",
            ),
        )
    return Section("explorer", "Change an assumption", blocks)
