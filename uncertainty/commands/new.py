"""`uncertainty new`: a commented starter study."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from uncertainty.commands.console import note, write
from uncertainty.commands.options import Force, Quiet, file_name
from uncertainty.commands.targets import refuse_among
from uncertainty.errors import Fault, SettingError
from uncertainty.files import refuse_to_replace, saying_why, write_all, write_whole

if TYPE_CHECKING:
    from uncertainty.study.derived import Derived

EXAMPLES = """Examples:

\b
  uncertainty new my-study.toml
  uncertainty new my-study.toml --from ai-vs-human   from a study, with comments and data files
  uncertainty new my-study.toml --from inputs.xlsx   from a sheet of inputs
  uncertainty new my-study.toml --from model.xlsx --cell "Results!B8"   from its live formulas
"""

STARTER = Path(__file__).with_name("starter.toml")


class Formulas(NamedTuple):
    """What is asked of the live formulas of a workbook."""

    cells: tuple[str, ...]
    treatments: tuple[str, ...]
    units: bool
    every: bool

    def refuse(self, why: str) -> None:
        """Refuse options that only formulas have."""
        given = {
            "--cell": self.cells,
            "--treat": self.treatments,
            "--units": self.units,
            "--check-every": self.every,
        }
        if asked := next((option for option, value in given.items() if value), None):
            raise SettingError(Fault(why, asked))


def new(
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", parser=file_name, help="The file to write, such as my-study.toml."),
    ],
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="STUDY", help="Begin from a study, a workbook, CSV or JSON instead."),
    ] = None,
    cell: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CELL",
            help='Make a study of the formulas upstream of this cell, "Sheet!B8" or its name; repeat.',
        ),
    ] = None,
    treat: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CELL=input", help="Take a cell or range as inputs at the stored values; repeat."
        ),
    ] = None,
    units: Annotated[
        bool,
        typer.Option("--units", help="Take units of the study from the headings and texts beside cells."),
    ] = False,
    check_every: Annotated[
        bool, typer.Option("--check-every", help="Compare every cell on the way with its stored value.")
    ] = False,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write a commented study to begin from, or derive one.

    --from begins with a bundled study, a study file or workbook, or a sheet of inputs. Such a sheet has the
    headings name, unit and point, and as many of label, distribution, low, high, kind, group, basis, source
    and note as are known. `uncertainty export` writes workbooks that also hold evidence, equations, outputs,
    choices and readings.

    With --cell, a workbook's live formulas are translated: the constants upstream of the cell become inputs,
    the formulas equations, and the stored value the published figure, so that check proves the translation.
    """
    from uncertainty.study.bundled import OTHERS, locate
    from uncertainty.study.derived import Derived

    refuse_to_replace(path, force=force)
    if path.suffix.lower() in OTHERS:
        raise SettingError(
            Fault("a study file ends in .toml; uncertainty export writes other forms", file=str(path))
        )
    formulas = Formulas(tuple(cell or ()), tuple(treat or ()), units, check_every)
    if source is None:
        formulas.refuse("needs a workbook: --from model.xlsx")
        found = Derived(STARTER.read_text(encoding="utf-8"), {})
    else:
        refuse_among([locate(source)], {"PATH": str(path)}, "is what --from reads")
        found = _derived(source, path, formulas)
    with saying_why(path):
        schema = _schema_beside(path)  # first, so that no study is left where it fails
        if found.data:
            write_all(path.parent, found.data)
        write_whole(path, found.text)
    for each in found.notes:
        note(each)
    if not quiet:
        named = _typed(path)
        write(f"Wrote {path}{schema}. Next:\n\n  uncertainty check {named}\n  uncertainty run {named}\n")


def _derived(source: str, path: Path, formulas: Formulas) -> Derived:
    """Begin from a study, a sheet of inputs, or the formulas of a workbook."""
    from uncertainty.study.derived import Derived, derive

    if not formulas.cells:
        formulas.refuse('needs a cell whose formulas are followed: --cell "Results!B8"')
        return derive(source, path)
    from uncertainty.tables.workbook import require
    from uncertainty.workbooks.importing import import_workbook

    require()
    found = import_workbook(Path(source), formulas.cells, formulas.treatments, with_units=formulas.units)
    return Derived(found.text, {}, found.remarks(every=formulas.every))


def _typed(path: Path) -> str:
    """Return a path as it is typed into a shell, where one that begins with - would be an option."""
    named = str(path)
    return shlex.quote(f"./{named}" if named.startswith("-") else named)


def _schema_beside(path: Path) -> str:
    """Write the schema that the study's first line points to, unless there is one; say so."""
    from uncertainty.study.keys import schema_text
    from uncertainty.study.toml import FILE_NAME

    beside = path.with_name(FILE_NAME)
    if beside.is_file():
        return ""
    write_whole(beside, schema_text())
    return f", and {beside.name} for editors"
