"""`uncertainty diff`: what two studies assume differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from uncertainty.commands.console import page, write
from uncertainty.commands.options import Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from uncertainty.study.differences import Difference
    from uncertainty.study.model import Study

EXAMPLES = """Examples:

\b
  uncertainty new mine.toml --from ai-vs-human     begin from a study, change it, and then
  uncertainty diff ai-vs-human mine.toml           see what is assumed differently
"""

NOTHING = "–"


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
    from uncertainty.documents import diff_document, dump
    from uncertainty.study.differences import differences
    from uncertainty.study.reader import load_study

    first, second = load_study(one), load_study(other)
    found = differences(first, second)
    if as_json:
        write(dump(diff_document(first, second, found)))
        return
    with page() as out:
        _show(out, (one, first), (other, second), found, words=words)


def _show(
    out: Console,
    one: tuple[str, Study],
    other: tuple[str, Study],
    found: Sequence[Difference],
    *,
    words: bool,
) -> None:
    from uncertainty.commands.tables import HASH_DIGITS, paragraph
    from uncertainty.numbers import count

    for letter, (name, study) in zip("AB", (one, other), strict=True):
        out.print(f"{letter}  {name}: {study.title} (sha256 {study.sha256[:HASH_DIGITS]})")
    out.print()
    numbers = [each for each in found if each.changes_numbers]
    said = [each for each in found if not each.changes_numbers]
    if not found:
        out.print("They say the same.")
        return
    if not numbers:
        out.print("They assume the same.")
    _list(out, numbers)
    if said and words:
        out.print("Only said differently", style="bold")
        _list(out, said)
    elif said:
        paragraph(out, f"{count(len(said), 'thing')} more only said differently; --words shows them.")


def _list(out: Console, found: Sequence[Difference]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    for each in found:
        out.print(Text(each.key, style="bold"))
        for letter, text in (("A", each.one), ("B", each.other)):
            out.print(Padding(Text(f"{letter}  {NOTHING if text is None else text}"), (0, 0, 0, 2)))
        if each.note:
            out.print(Padding(Text(f"({each.note})"), (0, 0, 0, 5)))
    if found:
        out.print()
