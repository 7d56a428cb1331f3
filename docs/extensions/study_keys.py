"""The keys of a table of study files, as the schema has them when the page is built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.util.docutils import SphinxDirective

from uncertainty.study import schema
from uncertainty.study.declared import ABSENT
from uncertainty.study.keys import keys_of, study_schema

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("study-keys", StudyKeys)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class StudyKeys(SphinxDirective):
    """Become a table of the keys that a table of the schema has, such as ``InputTable``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        return self.parse_text_to_nodes(markdown(self.arguments[0]))


def markdown(name: str) -> str:
    """Return the keys of a table of the schema as Markdown."""
    table: type[schema.Table] = getattr(schema, name)
    told = _properties(study_schema()["definitions"][name])
    rows = [
        f"| `{key.name}` | {_needed(table.model_fields[field])}{told[key.name].get('description', '')}"
        f"{_allowed(told[key.name], table.model_fields[field].default)} |"
        for field, key in keys_of(table).items()
    ]
    return "\n".join(["| key | |", "|:---|:---|", *(row.replace("[[", "&#91;&#91;") for row in rows)])


def _properties(table: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of a table, also of one in whose place a bare value may stand."""
    for each in (table, *table.get("anyOf", ())):
        if "properties" in each:
            found: dict[str, Any] = each["properties"]
            return found
    raise LookupError("a table without keys")


def _needed(field: Any) -> str:
    return "required: " if field.is_required() else ""


def _allowed(told: dict[str, Any], default: Any) -> str:
    """Say which values there are, and which is taken by default."""
    names = [each for part in (told, *told.get("anyOf", ())) for each in part.get("enum", ())]
    if not names:
        return ""
    usual = f"; `{default}` by default" if default not in (None, ABSENT) else ""
    return f" One of {', '.join(f'`{each}`' for each in names)}{usual}."
