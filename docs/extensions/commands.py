"""The help of every command, as it is when the page is built: a new command is documented by being there."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Any

from docutils import nodes
from run_pages import terminal
from sphinx.util.docutils import SphinxDirective

from uncertainty.commands import command_line, main

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("commands", Commands)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Commands(SphinxDirective):
    """Become one section for each command, with its help."""

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        return [_section(name) for name in command_line().commands]


def _section(name: str) -> nodes.section:
    text = f"$ uncertainty {name} --help\n{_help(name)}"
    block = nodes.literal_block(text, text, language="console")
    return nodes.section("", nodes.title(name, name), block, ids=[f"command-{name}"], names=[name])


def _help(name: str) -> str:
    out = io.StringIO()
    with terminal(), contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        main([name, "--help"])
    return out.getvalue()
