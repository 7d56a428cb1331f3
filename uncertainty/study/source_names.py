"""What texts call a source: its authors and its year, as readers know it."""

from __future__ import annotations

from collections import Counter
from string import ascii_lowercase
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.characters import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST_TITLE = 60
"""Characters of a title that stands for the name of a source without authors."""


class Described(NamedTuple):
    """What a name is made of."""

    title: str = ""
    authors: Sequence[str] = ()
    year: int | None = None


def source_names(sources: Mapping[str, Described]) -> dict[str, str]:
    """Name every source; where two would have one name, a letter or the key tells them apart."""
    plain = {key: _name(key, source) for key, source in sources.items()}
    taken = Counter(plain.values())
    met: Counter[str] = Counter()
    names = {}
    for key, name in plain.items():
        letter = ascii_lowercase[met[name] : met[name] + 1] if sources[key].year is not None else ""
        met[name] += 1
        names[key] = name if taken[name] == 1 else f"{name}{letter or f' ({key})'}"
    return names


def _name(key: str, source: Described) -> str:
    families = [clean(author).partition(",")[0].strip() for author in source.authors]
    title = clean(source.title).strip()
    if len(families) > 2:
        name = f"{families[0]} et al."
    elif families:
        name = " and ".join(families)
    elif title:
        name = f"“{title if len(title) <= LONGEST_TITLE else f'{title[: LONGEST_TITLE - 1].rstrip()}…'}”"
    else:
        name = key
    return name if source.year is None else f"{name} {source.year}"
