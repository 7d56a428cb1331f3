"""The families of distributions, as their classes have them when the page is built."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from sphinx.util.docutils import SphinxDirective

from uncertainty.distributions.families import FAMILIES

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("families", Families)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Families(SphinxDirective):
    """Become a table of all families."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        return self.parse_text_to_nodes(markdown())


def markdown() -> str:
    """Return the families as Markdown: an example of each, what it is, and what else gives its parameters."""
    rows = [
        f"| `{each.make.example}` | {_summary(each.make)} | {', '.join(_fits(each.make))} |"
        for each in FAMILIES.values()
    ]
    return "\n".join(["| such as | | fitted to |", "|:---|:---|:---|", *rows])


def _summary(family: type) -> str:
    text = inspect.getdoc(family) or ""
    return " ".join(text.split("\n\n")[0].replace("``", "`").split())


def _fits(family: type) -> list[str]:
    return [
        what
        for what, method in (("quantiles", "from_quantiles"), ("data", "most_likely"))
        if hasattr(family, method)
    ]
