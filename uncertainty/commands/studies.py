"""`uncertainty studies`: which studies are bundled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.commands.console import say, write
from uncertainty.commands.options import Json
from uncertainty.study import bundled

if TYPE_CHECKING:
    from uncertainty.answers import DescribedStudy

NAME = 14
"""Characters that no bundled study's name breaks in."""


def studies(as_json: Json = False) -> None:
    """List the bundled studies."""
    found = {name: _description(name) for name in bundled.names()}
    if as_json:
        from uncertainty.answers import StudiesAnswer, document
        from uncertainty.results import dump

        write(dump(document("studies", None, StudiesAnswer(found))))
        return
    from uncertainty.pages.blocks import Column, Table

    columns = (Column("Study", least=NAME), Column("What it calculates"), Column("Source"))
    say(Table(columns, tuple((name, row.title, row.source) for name, row in found.items())))


def _description(name: str) -> DescribedStudy:
    import tomllib

    from uncertainty.answers import DescribedStudy
    from uncertainty.study.bibliography import Described, source_names
    from uncertainty.study.sources import Source, plain_text

    # the first lines of a file are enough, and much faster to read than a whole study
    tables = tomllib.loads((bundled.folder() / f"{name}.toml").read_text(encoding="utf-8"))
    described = {
        key: Described(row.get("title", ""), row.get("authors", ()), row.get("year"))
        for key, row in tables.get("sources", {}).items()
    }
    sources = {key: Source(key, name) for key, name in source_names(described).items()}
    title, source, headline = (tables["study"].get(key, "") for key in DescribedStudy._fields)
    return DescribedStudy(title, plain_text(source, sources), headline)
