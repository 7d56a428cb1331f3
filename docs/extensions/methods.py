"""The methods of attributing outputs, as their records have them when the page is built."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from sphinx.util.docutils import SphinxDirective

from uncertainty.sensitivity.methods import METHODS

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("methods", Methods)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Methods(SphinxDirective):
    """Become a table of all methods beside Sobol' indices."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        return self.parse_text_to_nodes(markdown())


def markdown() -> str:
    """Return the methods as Markdown: what each finds, and what its samples are."""
    rows = [
        f"| `--method {each.name}` | {_summary(each.kind)} | {each.counts} |" for each in METHODS.values()
    ]
    return "\n".join(["| | finds | its samples are |", "|:---|:---|:---|", *rows])


def _summary(record: type) -> str:
    text = inspect.getdoc(record) or ""
    return " ".join(text.split("\n\n")[0].replace("``", "`").split())
