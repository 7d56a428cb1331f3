"""Every key of the JSON documents, as the records of results have them when the page is built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.util.docutils import SphinxDirective

from uncertainty.answers import schema_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docutils import nodes
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("results", Results)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Results(SphinxDirective):
    """Become one section for each kind of document, and one for each kind of record in them."""

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        return self.parse_text_to_nodes(markdown(schema_document()), allow_section_headings=True)


def markdown(schema: Mapping[str, Any]) -> str:
    """Return the sections as Markdown."""
    return "\n".join(["## Documents", "", *_documents(schema["anyOf"]), *_records(schema["$defs"])])


def _documents(documents: list[dict[str, Any]]) -> Iterator[str]:
    yield "| document | settings | results |"
    yield "|:---|:---|:---|"
    for each in documents:
        keys = each["properties"]
        settings, results = (_held(keys[key]) if key in keys else "" for key in ("settings", "results"))
        yield f"| `{each['title']}` | {settings} | {results or _held(keys['error'])} |"
    yield ""


def _records(records: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    for name, record in records.items():
        yield from (f"(result-{name.lower()})=", f"## {name}", "", _prose(record["description"]), "")
        yield from ("| key | holds | |", "|:---|:---|:---|")
        for key, held in record["properties"].items():
            always = "" if key in record["required"] else "where there is any: "
            yield f"| `{key}` | {always}{_held(held)} | {_prose(held['description'])} |"
        yield ""


def _prose(text: str) -> str:
    return text.replace("``", "`").replace("|", "\\|")


def _held(schema: Mapping[str, Any]) -> str:
    """Say what a key holds, with links to the records among that."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#result-{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(map(_held, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{each}`" for each in schema.get("enum", [schema.get("const")]))
    if isinstance(kinds := schema.get("type", "object"), list):
        return " or ".join(kinds)
    if "items" in schema:
        return f"array of {_held(schema['items'])}"
    if "prefixItems" in schema:
        return f"[{', '.join(map(_held, schema['prefixItems']))}]"
    if isinstance(named := schema.get("additionalProperties"), dict):
        return f"by name, {_held(named)}"
    if keys := schema.get("properties"):
        return f"by {', '.join(f'`{key}`' for key in keys)}, {_held(next(iter(keys.values())))}"
    return "nothing" if kinds == "object" else kinds
