"""The equations and outputs of a study file, cell by cell, and figures that readings are expected to give."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from uncertainty.indices.index import parted, written
from uncertainty.records import Frozen
from uncertainty.study.cells import addresses, cells_of, label_of, quantity_of
from uncertainty.study.figures import by_member, read_figure
from uncertainty.study.formulas import given_by_program
from uncertainty.study.inputs import as_float
from uncertainty.study.model import AMOUNT, Equation, Figure, Output
from uncertainty.study.written import record_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from uncertainty.expressions import Expression
    from uncertainty.indices.index import Addresses
    from uncertainty.study.inputs import Tables
    from uncertainty.study.model import Quantity
    from uncertainty.study.schema import OutputTable


class OutputReader:
    """Reads the equations and outputs of a file."""

    def __init__(self, file: Tables) -> None:
        self._file = file
        self._faults, self._indices, self._formulas = file.faults, file.indices, file.formulas
        self.tables: dict[str, Quantity] = {}
        self.replacements: dict[tuple[str, str], Mapping[str, Expression]] = {}

    def computed(self) -> tuple[Mapping[str, Equation], Mapping[str, Output]]:
        """Return equations and outputs cell by cell."""
        found = {}
        for name, cells in self._formulas.equation_cells().items():
            table = self._file.table.equations[name]
            unit = None if table.unit is None else self._file.unit(f"equations.{name}.unit", table.unit)
            shape = [self._indices[index] for index in self._formulas.shapes.of_quantity(name)]
            for members, (cell, expression) in zip(cells_of(shape), cells.items(), strict=False):
                found[cell] = record_of(
                    Equation,
                    table,
                    name=cell,
                    expression=expression,
                    unit=unit,
                    label=label_of(table.label, shape, members),
                    quantity=name if shape else "",
                )
        self.replacements = {key: Frozen(self._formulas.option_cells(*key)) for key in self._formulas.options}
        return Frozen(found), self._outputs()

    def parts(self) -> dict[str, Equation]:
        """Return the parts of all formulas that were read, of parameters too."""
        found = self._formulas.lowering.parts
        return {name: Equation(name, expression, part=True) for name, expression in found.items()}

    def _outputs(self) -> Mapping[str, Output]:
        found: dict[str, Output] = {}
        for name, table in self._file.table.outputs.items():
            names, cells = self._formulas.output_cells(name)
            shape = [self._indices[index] for index in names]
            if shape:
                formulas = self._formulas.outputs[name]
                self.tables[name] = quantity_of(name, names, self._indices, table.label, table.note, formulas)
            published = by_member(table.published, shape, f"outputs.{name}.published", self._faults)
            for members, expression in cells.items():
                own = {
                    "label": label_of(table.label, shape, members) if shape else table.label,
                    "published": published.get(members),
                }
                output = self._output(
                    written(name, members),
                    table.model_copy(update=own),
                    None if table.value is None and not shape else expression,
                    name if shape else "",
                )
                if output is not None and given_by_program(self._file.table, name):
                    output = replace(output, expression=None, external=True)
                if output is not None:
                    found[output.name] = output
        self._check_programs(found)
        return Frozen(found)

    def _output(
        self, name: str, table: OutputTable, expression: Expression | None, quantity: str
    ) -> Output | None:
        key = f"outputs.{name}"
        unit = self._file.unit(f"outputs.{quantity or name}.unit", table.unit)
        published = None
        if table.published is not None:
            published = read_figure(
                table.published,
                f"{key}.published",
                self._faults,
                digits=table.digits,
                reference=table.reference,
                positive=table.scale == "log10",
            )
        elif table.digits is not None:
            self._faults.add(f"{key}.digits", "needs a published figure")
        if table.scale == "log10" and table.reference is not None and table.reference <= 0:
            self._faults.add(f"{key}.reference", "expected a positive number on a log10 scale")
        self._check_words(key, table)
        if unit is None:
            return None
        return record_of(
            Output,
            table,
            words=Frozen(table.words),
            name=name,
            unit=unit,
            expression=expression,
            published=published,
            reference=as_float(table.reference),
            quantity=quantity,
            over=table.over or "case",
        )

    def _check_words(self, key: str, table: OutputTable) -> None:
        """Record questions that have no direction, and what is named though it is not there."""
        sides = [side for side in ("above", "below") if side in table.words]
        if len(sides) > 1:
            self._faults.add(f"{key}.words", "expected above or below: one question has one direction")
        if AMOUNT not in table.words.get("statement", AMOUNT):
            self._faults.add(f"{key}.words.statement", f"expected {AMOUNT} where it says how much that is")
        if table.reference is None:
            for name in (*sides, *(["reference"] if "reference" in table.words else [])):
                self._faults.add(f"{key}.words.{name}", f"needs {key}.reference, the value that it speaks of")

    def _check_programs(self, outputs: Mapping[str, Output]) -> None:
        """Record outputs that have formulas beside others that a program gives, and formulas for these."""
        external = [name for name, output in outputs.items() if output.external]
        if not external:
            return
        for name, output in outputs.items():
            if not output.external:
                said = f'expected "program" as in outputs.{external[0]}: a program gives all outputs or none'
                self._faults.add(f"outputs.{name}.value", said)
        if self._file.table.equations:
            self._faults.add("equations", 'expected none where outputs say value = "program"')

    def known(self, outputs: Iterable[str]) -> Addresses:
        """Return what addresses mean outputs."""
        unread = [name for name in self._file.table.outputs if name not in self.tables]
        return addresses("output", {*outputs, *unread}, self.tables, self._indices)

    def compared(self, outputs: Mapping[str, Output]) -> Iterator[str]:
        """Yield the outputs that are alternatives to one another."""
        known = self.known(outputs)
        for place, address in enumerate(self._file.table.study.compare):
            yield from self._file.addressed(f"study.compare[{place}]", address, known)

    def headline(self, outputs: Mapping[str, Output]) -> str:
        """Return the output that reports lead with."""
        known = self.known(outputs)
        given = self._file.table.study.headline
        if "outputs" in self._file.filled:
            return given
        cells = self._faults.cells("study.headline", given, known)
        return cells[0] if cells else given

    def quantities(self) -> Mapping[str, Quantity]:
        """Return the inputs and equations that have indices."""
        return {
            name: quantity_of(
                name,
                tuple(shape),
                self._indices,
                table.label,
                _of_all(table.note),
                self._formulas.equations.get(name, ()),
            )
            for tables in (self._file.table.inputs, self._file.table.equations)
            for name, table in tables.items()
            if (shape := self._formulas.shapes.of_quantity(name))
        }

    def expected(self, key: str, address: str, given: float | dict[str, Any]) -> Iterator[tuple[str, Figure]]:
        """Yield the figure of each output that an address means."""
        name, words = parted(address)
        described = self._file.table.outputs.get(name)
        reference = None if described is None else described.reference
        if name in self.tables and not words:
            shape = [self._indices[index] for index in self.tables[name].indices]
            cells = self.tables[name].cells
            leaves = by_member(given, shape, key, self._faults)
        else:
            found = self._file.addressed(key, address, self.known(()))
            cells, leaves = {(cell,): cell for cell in found}, {(cell,): given for cell in found}
        for members, leaf in leaves.items():
            figure = read_figure(leaf, key, self._faults, reference=reference)
            if figure is not None:
                yield cells[members], figure


def _of_all(note: Any) -> str:
    """Return a note that is one for all members, nothing of notes by member."""
    return note if isinstance(note, str) else ""
