"""What two studies assume differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.pages.blocks import Block, Bullets, Subheading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from uncertainty.study.differences import Difference


def differing(found: Iterable[Difference]) -> Iterator[Block]:
    """Set what one study says above what the other says, difference by difference."""
    for each in found:
        yield Subheading(each.key)
        sides = (("A", each.one), ("B", each.other))
        texts = [f"{letter}: {numbers.MISSING if text is None else text}" for letter, text in sides]
        yield Bullets((*texts, f"({each.note})") if each.note else tuple(texts))
