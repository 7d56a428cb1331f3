"""`uncertainty diff`: what two studies assume differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from uncertainty.commands.console import say, write
from uncertainty.commands.options import Json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.pages.blocks import Block
    from uncertainty.study.differences import Difference
    from uncertainty.study.model import Study

EXAMPLES = """Examples:

\b
  uncertainty new mine.toml --from ai-vs-human     begin from a study, change it, and then
  uncertainty diff ai-vs-human mine.toml           see what is assumed differently
"""


def diff(
    one: Annotated[str, typer.Argument(metavar="A", help="A bundled study, or the path of one.")],
    other: Annotated[str, typer.Argument(metavar="B", help="The study that is compared with it.")],
    words: Annotated[
        bool, typer.Option("--words", help="Also show what is only said differently: labels, sources, notes.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what two studies assume differently.

    Inputs, equations, outputs, choices and readings are compared by meaning: how a distribution or an
    expression is written does not matter, nor does the order of inputs, nor a quantity that is given in
    another unit.
    """
    from uncertainty.answers import diff_document
    from uncertainty.results import dump
    from uncertainty.study.differences import differences
    from uncertainty.study.reader import load_study

    first, second = load_study(one), load_study(other)
    found = differences(first, second)
    if as_json:
        write(dump(diff_document(first, second, found)))
        return
    say(*_shown((one, first), (other, second), found, words=words))


def _shown(
    one: tuple[str, Study], other: tuple[str, Study], found: Sequence[Difference], *, words: bool
) -> Iterator[Block]:
    from uncertainty.numbers import count
    from uncertainty.pages.blocks import Listing, Paragraph, Subheading
    from uncertainty.pages.sections.contents import differing
    from uncertainty.wording import HASH_DIGITS

    yield Listing(
        "\n".join(
            f"{letter}  {name}: {study.title} (sha256 {study.sha256[:HASH_DIGITS]})"
            for letter, (name, study) in zip("AB", (one, other), strict=True)
        )
    )
    numbers = [each for each in found if each.changes_numbers]
    said = [each for each in found if not each.changes_numbers]
    if not found:
        yield Paragraph("They say the same.")
        return
    if not numbers:
        yield Paragraph("They assume the same.")
    yield from differing(numbers)
    if said and words:
        yield Subheading("Only said differently")
        yield from differing(said)
    elif said:
        yield Paragraph(f"{count(len(said), 'thing')} more only said differently; --words shows them.")
