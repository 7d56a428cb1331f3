"""A study of the live formulas upstream of some cells: constants become inputs, formulas equations."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

from uncertainty.characters import legible
from uncertainty.compiled import evaluate_at_points
from uncertainty.errors import Fault, InvalidValue, SettingError, StudyError, way_back
from uncertainty.expressions.tree import Name
from uncertainty.late import dataclass
from uncertainty.study.reader import read_study
from uncertainty.study.scenario import scenario
from uncertainty.study.toml import toml_text
from uncertainty.wording import with_unit
from uncertainty.workbooks.cells import Cell, address, blocks, one_cell, read_book
from uncertainty.workbooks.checking import CLOSE
from uncertainty.workbooks.formulas import Failure
from uncertainty.workbooks.functions import functions
from uncertainty.workbooks.headings import MOST_LISTED, listed
from uncertainty.workbooks.outputs import reached, shown_by
from uncertainty.workbooks.selection import Selection
from uncertainty.workbooks.settling import Decisions
from uncertainty.workbooks.terms import Term, Text, Unknown
from uncertainty.workbooks.translation import Translation
from uncertainty.workbooks.upstream import Upstream, chosen_cells, find_cell, treated_cells
from uncertainty.workbooks.writing import comment, notes, output_names, study_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from uncertainty.workbooks.cells import Book
    from uncertainty.workbooks.checking import Comparison
    from uncertainty.workbooks.formulas import Area
    from uncertainty.workbooks.terms import Scalar

_INFINITE = "not a finite number"
"""What a study is told of a formula that has no value whatever its inputs are."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A study that was made of a workbook's formulas.

    Parameters
    ----------
    text
        The study file.
    comparisons
        Every translated cell beside its stored value.
    chosen
        The addresses of the cells that were asked for.
    notes
        What was settled, as sentences.
    """

    text: str
    comparisons: tuple[Comparison, ...]
    chosen: tuple[str, ...]
    notes: tuple[str, ...]

    def remarks(self, *, every: bool) -> tuple[str, ...]:
        """Say what was settled, and which stored values do not come out.

        Parameters
        ----------
        every
            Whether every cell on the way is compared, not the chosen ones alone.
        """
        asked = [each for each in self.comparisons if every or each.cell in self.chosen]
        well = [each for each in asked if each.is_reproduced]
        lost = len(asked) - len(well)
        found = list(self.notes)
        if asked:
            of = "Cells on the way" if every else "Chosen cells"
            found.append(f"{of} whose stored values come out: {len(well)} of {len(asked)}.")
        # a chosen cell that does not come out rests on a stale one, which is named too
        stale = [each for each in (self.comparisons if lost else asked) if each.is_stale]
        found += [
            f"{each.cell} is stale: {each.shown} is stored, and its formula gives {each.gives:.12g}."
            for each in stale[:MOST_LISTED]
        ]
        if len(stale) > MOST_LISTED:
            found.append(f"{len(stale) - MOST_LISTED} more cells are stale.")
        if others := [each.cell for each in asked if not each.is_reproduced and not each.is_stale]:
            found.append(f"Cells that are other numbers when all is calculated anew: {listed(others)}.")
        return tuple(found)


def import_workbook(
    path: Path,
    cells: Sequence[str],
    treatments: Sequence[str] = (),
    *,
    with_units: bool = False,
    with_indices: bool = True,
) -> Imported:
    """Make a study of the formulas that some cells of a workbook are calculated from.

    Parameters
    ----------
    cells
        Addresses such as ``Results!B8``, or defined names.
    treatments
        Cells to take as inputs at their stored values, such as ``Calc!B7=input``.
    with_units
        Whether the units beside cells become units of the study, which is refused then unless it gives every
        stored value.
    with_indices
        Whether formulas that were copied become quantities with an index.

    Raises
    ------
    StudyError
        If it is no workbook, or cells have no translation: all of these together.
    SettingError
        If a cell does not exist.
    """
    book = read_book(path)
    chosen = chosen_cells(book, cells)
    treated = treated_cells(book, treatments)
    translation = _agreeing(book, chosen, [cell for cells in treated for cell in cells])
    _refuse_beside(translation, treated, treatments)
    _refuse_faults(translation, chosen)
    # what was copied is written once only where that gives what each formula gives
    ways = (True, False) if with_indices else (False,)
    tried = (_made(translation, chosen, path, with_units=with_units, with_indices=way) for way in ways)
    selection, text, values = next(each for each in tried if each is not None)
    _refuse_undefined(selection)
    _refuse_deciding(selection, treated)
    if with_units:
        _refuse_contradictions(selection)
        _prove(selection, values, path)
    return Imported(text, tuple(selection.comparisons), tuple(map(address, chosen)), tuple(notes(selection)))


def _made(
    translation: Translation, chosen: Sequence[Area], path: Path, *, with_units: bool, with_indices: bool
) -> tuple[Selection, str, dict[str, float]] | None:
    """Return a study and what it gives for each cell; None where one with indices gives something else."""
    selection = None
    try:
        selection = Selection(translation, chosen, with_units=with_units, with_indices=with_indices)
        tables = study_tables(selection, legible(path.stem).strip() or "Workbook")
        text = toml_text(tables, "\n".join(comment(selection, legible(path.name))))
        read_study(text.encode(), path)
        has_indices = bool(selection.indices.members)
        values = _values(selection, tables, path) if with_units or has_indices else {}
    except (InvalidValue, StudyError) as error:
        if with_indices:
            return None
        faults = error.faults if isinstance(error, StudyError) else (Fault(str(error)),)
        own = {} if selection is None else _cells_of_keys(selection)
        raise StudyError(*(_of_workbook(each, own, str(path)) for each in faults)) from None
    return (selection, text, values) if not has_indices or _is_the_same(selection, values) else None


def _cells_of_keys(selection: Selection) -> dict[str, str]:
    """Return by key of the study the cells, or the range, that it was made of."""
    names = selection.names.items()
    found = {f"equations.{name}": where.partition("*")[0].partition("#")[0] for where, name in names}
    return found | {f"outputs.{name}": where for where, name in output_names(selection).items()}


def _of_workbook(fault: Fault, cells: Mapping[str, str], file: str) -> Fault:
    """Return a fault of a study that was not written as one of the cell that it comes from."""
    where = next((where for key, where in cells.items() if f"{fault.key}.".startswith(f"{key}.")), "")
    if where and _INFINITE in fault.message:
        said = "is an error whatever the cells hold that it is calculated from; mend it in the workbook"
        return Fault(said, where, file)
    return Fault(fault.message, where or fault.key, file, fault.suggestion)


def _values(selection: Selection, tables: Mapping[str, Any], path: Path) -> dict[str, float]:
    """Return what a study gives for each cell."""
    # where a cell is an error under the present conditions, it has no value in the study either
    cells = [each.cell for each in selection.calculated if math.isfinite(each.recalculated)]
    outputs = {
        f"cell_{n}": {
            "value": selection.defined(where, selection.where.get(where, Name(where))),
            "unit": selection.headings.unit(where),
        }
        for n, where in enumerate(cells)
    }
    if not outputs:
        return {}
    headed = {**tables, "study": {**tables["study"], "headline": next(iter(outputs))}, "outputs": outputs}
    found = evaluate_at_points(scenario(read_study(toml_text(headed).encode(), path)), list(outputs))
    return dict(zip(cells, found.values(), strict=True))


def _is_the_same(selection: Selection, values: Mapping[str, float]) -> bool:
    return all(
        math.isclose(values[each.cell], (wanted := to_shown(each.recalculated)), rel_tol=CLOSE)
        or each.may_be(values[each.cell], wanted, to_shown)
        for each in selection.calculated
        if each.cell in values
        for to_shown in [partial(selection.headings.shown, each.cell)]
    )


def _prove(selection: Selection, values: Mapping[str, float], path: Path) -> None:
    """Refuse a study with units that does not give every stored value."""
    headings, wrong = selection.headings, []
    for each in selection.comparisons:
        if each.cell not in values or each.error:
            continue
        shown = partial(headings.shown, each.cell)
        if not each.may_have_stored(values[each.cell], shown):
            wanted = with_unit(f"{shown(each.stored):.12g}", headings.unit(each.cell))
            said = f"{wanted} is stored, and the study gives {values[each.cell]:.12g}"
            wrong.append(Fault(f"{said}; without --units it is made all the same", each.cell, str(path)))
    if wrong:
        raise StudyError(*wrong)


def _agreeing(book: Book, chosen: Sequence[Area], kept: Sequence[str]) -> Translation:
    """Translate everything upstream of some cells so that each is an input in all formulas, or in none."""
    decisions: Decisions | None = Decisions()
    while decisions is not None:
        translation = translated(book, chosen, kept, decisions)
        outputs = {address(at): shown_by(translation, at) for at in chosen}
        needed = reached(translation, outputs)
        inputs = needed.keys() & translation.inputs.keys()
        decisions = translation.decisions.agreed({*needed, *outputs}, inputs)
    return translation


def translated(
    book: Book, chosen: Sequence[Area], kept: Sequence[str] = (), decisions: Decisions | None = None
) -> Translation:
    """Translate everything upstream of some cells.

    Parameters
    ----------
    decisions
        Which cells are inputs and which are taken as they are; without it, each formula says so itself.

    Raises
    ------
    StudyError
        If cells are calculated from themselves.
    """
    try:
        order, circle = Upstream(book, kept).ordered(chosen)
    except InvalidValue as error:
        raise StudyError(Fault(str(error), file=book.file)) from None
    if circle:
        others = [each for each in map(partial(find_cell, book), circle[:-1]) if each not in chosen]
        freed = next((each for each in others if _is_number(book, each)), find_cell(book, circle[0]))
        message = f"is calculated from itself: {way_back(circle)}; {_advice(book, freed, chosen)}"
        raise StudyError(Fault(message, circle[0], book.file))
    translation = Translation(book, functions(), frozenset(kept), decisions)
    for at in order:
        if address(at) not in translation.kept:
            translation.add(at)
    return translation


def _refuse_beside(
    translation: Translation, treated: Sequence[Sequence[str]], treatments: Sequence[str]
) -> None:
    """Refuse to treat cells that nothing chosen is calculated from, or that hold no number."""
    for cells, text in zip(treated, treatments, strict=True):
        if not any(cell in translation.inputs or cell in translation.decisions.fixed for cell in cells):
            asked = cells[0] if len(cells) == 1 else text.rpartition("=")[0]
            said = f"{asked} is no number that the chosen cells are calculated from"
            raise SettingError(Fault(said, "--treat"))


def _refuse_deciding(selection: Selection, treated: Sequence[Sequence[str]]) -> None:
    """Refuse to treat a number that decides once and for all: it is as it is, and can be no input.

    A formula may be treated: its stored number decides then.
    """
    book, deciding = selection.to.book, selection.to.decisions.told(selection.needs)
    for cells in treated:
        formulas = any(book.formula_stands(find_cell(book, each)) for each in cells)
        if not formulas and all(each in deciding for each in cells):
            where = ", ".join(sorted(deciding[cells[0]])[:MOST_LISTED])
            said = f"{cells[0]} decides once and for all in {where}, and can be no input; leave it out"
            raise SettingError(Fault(said, "--treat"))


def _advice(book: Book, cells: Area, chosen: Sequence[Area]) -> str:
    """Say what helps where cells that are alike have no translation."""
    first = one_cell(cells.sheet, cells.top, cells.left)
    if first in chosen:
        # a cell that is an input cannot be the result as well
        return "choose another cell"
    where = address(cells)
    if not _is_number(book, first):
        nothing = "has" if cells.is_cell else "have"
        said = f"{where} {nothing} no number stored that could be an input"
        return f"{said}; write one there in the workbook, or choose another cell"
    each = "its stored value as an input" if cells.is_cell else "the stored values as inputs"
    return f'--treat "{where}=input" takes {each}'


def _is_number(book: Book, at: Area) -> bool:
    return isinstance(book.cell(at).value, bool | float | int)


def _alike(book: Book, cells: Sequence[Area], chosen: Sequence[Area]) -> list[Area]:
    """Return cells as few ranges, each of cells to which the same advice applies."""
    kinds: dict[bool, list[Area]] = {}
    for each in cells:
        if each not in chosen:
            kinds.setdefault(_is_number(book, each), []).append(each)
    own = [each for each in cells if each in chosen]
    return own + [each for found in kinds.values() for each in blocks(found)]


def _refuse_faults(translation: Translation, chosen: Sequence[Area]) -> None:
    """Refuse what has no translation, and chosen cells that are no numbers, all together."""
    faults: dict[str, Fault] = {}
    file = translation.book.file
    lost: dict[str, list[Area]] = {}
    for at in chosen:
        scalars = [scalar for _, scalar in translation.held(at)]
        for cell in sorted(_untranslated(scalars)):
            found = find_cell(translation.book, cell)
            if found not in (cells := lost.setdefault(translation.faults[cell], [])):
                cells.append(found)
    for said, cells in lost.items():
        for each in _alike(translation.book, cells, chosen):
            told = f"{said}; {_advice(translation.book, each, chosen)}"
            faults[address(each)] = Fault(told, address(each), file)
    for at in chosen:
        if translation.book.cell(at) == Cell(None) and not translation.book.formula_stands(at):
            said = "is empty; choose a cell that calculates a number"
            faults.setdefault(address(at), Fault(said, address(at), file))
        scalars = [scalar for _, scalar in translation.held(at)]
        if errors := [each for each in scalars if isinstance(each, Failure)]:
            where = errors[0].cell or address(at)
            if len(errors) == len(scalars):
                faults.setdefault(where, Fault(_of_error(translation.book, where, errors[0]), where, file))
        is_shown = isinstance(translation.book.cell(at).value, str)
        if any(isinstance(each, Text) for each in scalars) and (is_shown or _is_no_number(scalars)):
            said = "is a text, not a number; choose a cell that calculates a number"
            faults.setdefault(address(at), Fault(said, address(at), file))
    if faults:
        raise StudyError(*faults.values())


def _refuse_undefined(selection: Selection) -> None:
    """Refuse chosen cells whose formulas are errors as the workbook stands."""
    file = selection.to.book.file
    faults = [
        Fault(f"is {each.shown} as stored, and an error by its formula; choose another cell", each.cell, file)
        for each in selection.comparisons
        if each.cell in selection.outputs and not math.isfinite(each.recalculated)
    ]
    if faults:
        raise StudyError(*faults)


def _refuse_contradictions(selection: Selection) -> None:
    """Refuse units where cells are shown as other quantities than the units beside them say."""
    faults = [
        Fault(
            f"{label.contradiction}; mend one of the two, or leave out --units", where, selection.to.book.file
        )
        for where, (_, label) in selection.labels.items()
        if label.contradiction
    ]
    if faults:
        raise StudyError(*faults)


def _of_error(book: Book, where: str, error: Failure) -> str:
    """Say what is wrong with a cell that an error comes from."""
    stored = book.cell(find_cell(book, where)).value
    if isinstance(stored, str) and not stored.startswith("#"):
        return f'holds the text "{stored}", and a formula needs a number of it; write it as a number'
    if isinstance(stored, bool | float | int):
        return f"is {stored:.6g} as stored, and {error.code} by its formula; choose another cell"
    return f"is the error {error.code}; mend it in the workbook"


def _is_no_number(scalars: Sequence[Scalar]) -> bool:
    """Tell whether none of the cases of a cell is a number."""
    return not any(isinstance(each, Term) for each in scalars)


def _untranslated(scalars: Sequence[Scalar]) -> frozenset[str]:
    return frozenset().union(*(each.cells for each in scalars if isinstance(each, Unknown)))
