"""From a study file to an immutable `Study`: read once, check everything, report every fault together."""

from __future__ import annotations

import codecs
import hashlib
import math
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from uncertainty.bounds import LARGEST_SHEET, LARGEST_STUDY
from uncertainty.calls import checked
from uncertainty.characters import legible, on_one_line
from uncertainty.distributions import Distribution, data_files
from uncertainty.distributions.conditional import Conditional
from uncertainty.distributions.dirichlet import is_dirichlet
from uncertainty.errors import Fault, InvalidValue, StudyError
from uncertainty.files import content_of, kind_of_path
from uncertainty.indices.index import parted, written
from uncertainty.records import Frozen
from uncertainty.study.bundled import is_converted, locate
from uncertainty.study.cells import addresses, cells_of, gathered, label_of
from uncertainty.study.checks import check
from uncertainty.study.correlation import Pairs, pairs_of
from uncertainty.study.dependence import Dependence
from uncertainty.study.experts import pooled, read_experts
from uncertainty.study.faults import REQUIRED, Faults
from uncertainty.study.figures import by_member, read_figure
from uncertainty.study.formulas import Formulas, given_by_program, with_over
from uncertainty.study.indices import (
    member_place,
    read_category,
    read_category_override,
    read_curves,
    read_indices,
)
from uncertainty.study.input_cells import Cell, input_cells, input_shapes
from uncertainty.study.limits import EXPERTS, read_distribution, read_override
from uncertainty.study.model import (
    AS_PUBLISHED,
    PUBLISHED_CONVENTIONS,
    Choice,
    Equation,
    Evidence,
    Exclusion,
    Expert,
    Figure,
    Input,
    Option,
    Output,
    Override,
    Quantity,
    Reading,
    Study,
)
from uncertainty.study.observations import read_observations
from uncertainty.study.references import with_references
from uncertainty.study.shape import Mended, shaped
from uncertainty.study.shares import read_share, refuse_one_text_for_all
from uncertainty.study.source_reading import check_sources, read_authors, read_sources, read_text
from uncertainty.study.sources import read_language, read_url
from uncertainty.study.table_files import CellReader, TableFiles
from uncertainty.study.toml import parse_toml, toml_text
from uncertainty.tables.sheets import refuse_other_spreadsheets
from uncertainty.units import Unit, UnitSystem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from uncertainty.expressions import Expression
    from uncertainty.indices.index import Addresses, Index
    from uncertainty.indices.shapes import Formula
    from uncertainty.study import schema
    from uncertainty.study.conversion import Parts

Table = TypeVar("Table")
Part = TypeVar("Part")


@checked()
def load_study(source: str | Path) -> Study:
    """Read and check a study.

    Parameters
    ----------
    source
        Name of a bundled study, or the path of a study file; of a workbook, a JSON file or a folder of CSV
        files that holds a whole study, too.

    Raises
    ------
    StudyError
        With one fault for everything that is wrong with the file.
    """
    path = locate(source)
    refuse_other_spreadsheets(path)
    if is_converted(path):
        from uncertainty.study.conversion import as_toml

        return read_study(as_toml(read_converted(path).tables, path), path)
    return read_study(content_of(path, LARGEST_STUDY), path)


def read_converted(path: Path) -> Parts:
    """Read the tables of a study that is in another form than TOML.

    Raises
    ------
    StudyError
        If the file cannot be read; with whatever is wrong with headings and cells, and with what could be
        read beside them.
    """
    from uncertainty.study.conversion import read_parts

    found = read_parts(path)
    if found.faults:
        raise StudyError(*found.faults, *_beside(found, path))
    return found


def _beside(found: Parts, path: Path) -> list[Fault]:
    """Return what is wrong with a study, or with inputs in themselves, beside what could not be read."""
    tables, inputs = found.tables, found.tables.get("inputs", {})
    is_whole = {"study", "outputs"} <= tables.keys() and "" not in found.partial
    if not is_whole and not inputs:
        return []
    if not is_whole:
        first = next(iter(inputs))
        study = tables.get("study", {"title": "", "headline": first})
        tables = {"format": 1, "study": study, "inputs": inputs, "outputs": {first: {"unit": "1"}}}
    try:
        read_study(toml_text(tables).encode(), path)
    except StudyError as error:
        # words that count nothing yet may be declared where the study is completed
        keys = "(?!point).*" if "study" in found.tables else "distribution|kind|basis"
        own = re.compile(rf"""inputs\.(?:\w+|"[^"]*")\.({keys})""")
        return [
            fault
            for fault in error.faults
            if fault.key and not _is_of_what_is_left_out(fault, found.partial)
            if is_whole or own.fullmatch(fault.key)
        ]
    return []


def _is_of_what_is_left_out(fault: Fault, partial: Iterable[str]) -> bool:
    """Tell whether something is wrong because a part was read in part."""
    if fault.key in partial:
        return True
    return fault.message == REQUIRED and any(fault.key.startswith(path) for path in partial if path)


def read_study(content: bytes, path: Path) -> Study:
    """Read and check the content of a study file.

    Parameters
    ----------
    path
        Where it is from, or where it will be: faults name it, and data files lie beside it, or in it where
        it is a folder.

    Raises
    ------
    StudyError
        With one fault for everything that is wrong.
    """
    faults = Faults(str(path))
    table, mended = _table(content, faults)
    study = _Builder(table, path, faults, mended).study()
    return replace(study, sha256=_fingerprint(content, study))


def _table(content: bytes, faults: Faults) -> tuple[schema.StudyFile, Mended]:
    """Return the tables of a file, and what was changed in it to read on."""
    file = faults.file
    try:
        table, mended = shaped(parse_toml(_text(content)), faults)
    except UnicodeDecodeError as error:
        said = f"is not UTF-8 text (byte {error.start})"
        raise StudyError(Fault(f"{said}{_otherwise(file)}", file=file)) from None
    except InvalidValue as error:
        raise StudyError(Fault(f"{error}{_otherwise(file)}", file=file)) from None
    if table is None:
        raise StudyError(*faults.found)
    return table, mended


def _otherwise(file: str) -> str:
    """Say as what a file has to be saved that another program of tables has written."""
    ending = file.lower().rpartition(".")[2]
    if ending in ("xls", "xlsm", "xlsb", "ods", "numbers"):
        return "; of workbooks .xlsx is read: save it as one"
    return "; a table ends in .csv" if ending in ("tsv", "tab") else ""


def _text(content: bytes) -> str:
    # some editors begin a file with a byte order mark, which says nothing in UTF-8
    return content.removeprefix(codecs.BOM_UTF8).decode("utf-8")


def _fingerprint(content: bytes, study: Study) -> str:
    """Hash the study file and the data files that its distributions read."""
    digest = hashlib.sha256(content)
    for file in named_files(study):
        digest.update(
            hashlib.sha256(content_of((study.folder or file.parent) / file, LARGEST_SHEET)).digest()
        )
    return digest.hexdigest()


def data_of(study: Study) -> Mapping[str, bytes]:
    """Return the data files of a study by their paths in its folder."""
    files = named_files(study)
    if study.folder is None or not files:
        return {}
    home = study.folder.resolve()
    return {str(file.relative_to(home)): content_of(file, LARGEST_SHEET) for file in files}


def named_files(study: Study) -> list[Path]:
    """Return the data files that any distribution of a study reads."""
    overrides = [o.inputs for c in study.choices.values() for o in c.options.values()]
    overrides += [reading.inputs for reading in study.readings.values()]
    distributions = [i.distribution for i in study.inputs.values() if i.distribution is not None]
    distributions += [each.distribution for inputs in overrides for each in inputs.values()]
    return sorted({*study.files, *(file for each in distributions for file in data_files(each))})


class _Builder:
    """Turns the tables of one file into the parts of a study; what cannot be read is a fault and left out."""

    def __init__(self, table: schema.StudyFile, path: Path, faults: Faults, mended: Mended) -> None:
        self.table = table
        self.path = path
        self.folder = path if kind_of_path(path) == "folder" else path.parent
        self.faults = faults
        self.mended = mended
        self.missing = mended.filled
        self.of_shape = tuple(faults.found)
        counting = tuple(table.study.counting_units)
        self.units = self.faults.attempt("study.counting_units", lambda: UnitSystem(counting)) or UnitSystem(
            ()
        )
        self.files = TableFiles(self.folder)
        self.indices = read_indices(table.indices, self.files, self.units, faults)
        shapes = input_shapes(table.inputs, self.indices, faults)
        self.cells: dict[str, Cell] = {}
        self.distributions: dict[tuple[object, ...], Distribution] = {}
        self.experts: dict[str, tuple[Expert, ...]] = {}
        for name, shape in shapes.items():
            if shape is not None:
                before = len(faults.found)
                values = self.table_values(name, shape)
                complete = len(faults.found) == before
                self.cells |= input_cells(name, table.inputs[name], shape, values, faults, complete=complete)
        known = {name: [index.name for index in shape or ()] for name, shape in shapes.items()}
        tables = {name: self.quantity(name, tuple(names), "", "") for name, names in known.items() if names}
        self.known = addresses(
            "input", self.cells.keys() | known.keys() - tables.keys(), tables, self.indices
        )
        self.curves = read_curves(table.curves, self.files, self.units, faults)
        read = {cell.quantity or name for name, cell in self.cells.items()}
        unread = known.keys() - read
        unread |= {name for name, row in table.inputs.items() if row.member_of not in (None, *self.indices)}
        unread |= {name for name, index in self.indices.items() if not index.members}
        self.formulas = Formulas(table, self.indices, self.curves, known, unread, faults)

    def table_values(self, name: str, shape: Sequence[Index]) -> dict[str, dict[tuple[str, ...], Any]]:
        """Return what a file beside the study says of an input, by key and cell."""
        table = self.table.inputs[name]
        key = f"inputs.{name}"
        if table.table is None:
            for each in ("columns", "missing"):
                if each in table.model_fields_set:
                    self.faults.add(f"{key}.{each}", "needs a table beside the study")
            return {}
        if not shape:
            self.faults.add(f"{key}.table", 'needs index = ["…"]: its rows are cells')
            return {}
        rows = self.faults.attempt(f"{key}.table", partial(self.files.rows, table.table))
        return CellReader(name, table, shape, rows, self.faults).values() if rows else {}

    def study(self) -> Study:
        table = self.table
        inputs = _parts(self.cells, self.input)
        equations, outputs = self.computed()
        choices, readings = _parts(table.choices, self.choice), self.readings(inputs)
        observations = read_observations(
            table.observations,
            self.observable(inputs, equations),
            outputs,
            self.units,
            self.known_outputs(outputs),
            self.faults,
        )
        equations = Frozen({**equations, **self.parts()})
        pairs = self.faults.attempt("correlations", lambda: pairs_of(table.correlations)) or Pairs()
        pairs, of_cells = Dependence(table, self.indices, inputs, self.faults).pairs(pairs)
        study = Study(
            name=legible(self.path.stem),
            title=on_one_line(table.study.title),
            headline=self.headline(outputs),
            sources=read_sources(table.sources, self.faults),
            source=table.study.source,
            note=table.study.note,
            authors=read_authors("study.authors", table.study.authors, self.faults),
            date=table.study.date,
            licence=table.study.licence,
            url=read_text("study.url", table.study.url, read_url, self.faults),
            version=table.study.version,
            language=read_text("study.language", table.study.language, read_language, self.faults) or "en",
            question=table.study.question,
            compare=tuple(self.compared(outputs)),
            better=table.study.better,
            nonfinite=table.study.nonfinite,
            counting_units=tuple(table.study.counting_units),
            inputs=inputs,
            equations=equations,
            outputs=outputs,
            indices=Frozen(self.indices),
            curves=Frozen(self.curves),
            quantities=Frozen(self.quantities()),
            tables=Frozen(self.tables),
            correlations=(*pairs.correlations, *of_cells),
            independent=pairs.independent,
            choices=choices,
            excluded=tuple(_exclusion(e) for e in table.excluded),
            readings=readings,
            observations=observations,
            files=tuple(self.files.paths.values()),
            file=str(self.path),
            folder=self.folder,
        )
        check(study, table, self.units, self.faults, pairs, self.formulas)
        study = with_over(study, table, self.faults)
        check_sources(table, self.faults)
        if not self.faults.found:
            # a formula at fault may have members that it was not to have
            known, given = self.known_outputs(outputs), table.study.headline
            self.faults.attempt("study.headline", lambda: known.cell(given))
        later = gathered(self.faults.found[len(self.of_shape) :])
        self.faults.found[:] = [*self.of_shape, *self.mended.independent(later)]
        self.faults.raise_if_any()
        return with_references(study)

    def category(self, name: str, cell: Cell, index: Index) -> Input | None:
        key, table = f"inputs.{name}", cell.table
        for what in ("unit", "low", "high", "experts"):
            if getattr(table, what) not in (None, "", []):
                self.faults.add(f"{key}.{what}", f"a category has no {what}")
        place = self.faults.attempt(f"{key}.point", partial(member_place, table.point, index))
        distribution = None
        if table.distribution is not None:
            text = table.distribution
            distribution = self.faults.attempt(
                f"{key}.distribution",
                lambda: self.given(f"{key}.distribution", name, read_category(text, index)),
            )
        if place is None:
            return None
        return Input(
            name=name,
            unit=self.units.parse("1"),
            point=float(place),
            distribution=distribution,
            label=table.label,
            kind=table.kind,
            group=table.group,
            basis=table.basis,
            source=table.source,
            note=table.note,
            quantity=cell.quantity,
            member_of=index,
        )

    def input(self, name: str, cell: Cell) -> Input | None:
        key, table = f"inputs.{name}", cell.table
        if table.member_of is not None:
            if not self.faults.known(f"{key}.member_of", table.member_of, self.indices, "index"):
                return None
            return self.category(name, cell, self.indices[table.member_of])
        unit = self.unit(f"inputs.{cell.quantity or name}.unit", table.unit)
        point: float | Expression | None = math.nan
        if isinstance(table.point, str):
            point = self.formulas.point(cell.quantity or name, table.point, cell.at)
        elif table.point is not None:
            point = float(table.point)
            # where there is no distribution, it is the point
            self.distribution(f"{key}.point", "", point)
        if table.low is not None and table.high is not None and table.low >= table.high:
            self.faults.add(f"{key}.low", f"expected less than high ({table.high:g}), found {table.low:g}")
            return None
        self.experts[name] = read_experts(f"{key}.experts", table, self.folder, self.faults)
        distribution = None
        if table.distribution is not None and not self.are_unread(name, table.distribution):
            distribution = self.distribution(f"{key}.distribution", name, table.distribution)
        evidence = [self.evidence(f"{key}.evidence[{i}]", row) for i, row in enumerate(table.evidence)]
        if unit is None or point is None or f"{key}.point" in self.missing:
            return None
        return Input(
            name=name,
            unit=unit,
            point=point,
            distribution=distribution,
            low=_float(table.low),
            high=_float(table.high),
            label=table.label,
            kind=table.kind,
            group=table.group,
            basis=table.basis,
            source=table.source,
            note=table.note,
            evidence=tuple(evidence),
            experts=self.experts[name],
            quantity=cell.quantity,
        )

    def evidence(self, key: str, table: schema.EvidenceTable) -> Evidence:
        if table.value is None and table.low is None and table.high is None:
            self.faults.add(key, "expected a value, a low or a high")
        if table.low is not None and table.high is not None and table.low > table.high:
            self.faults.add(f"{key}.low", f"expected at most high ({table.high:g}), found {table.low:g}")
        bounds = _float(table.value), _float(table.low), _float(table.high)
        return Evidence(*bounds, table.source, table.year, table.note)

    def computed(self) -> tuple[Mapping[str, Equation], Mapping[str, Output]]:
        """Return equations and outputs cell by cell."""
        found = {}
        for name, cells in self.formulas.equation_cells().items():
            table = self.table.equations[name]
            unit = None if table.unit is None else self.unit(f"equations.{name}.unit", table.unit)
            shape = [self.indices[index] for index in self.formulas.shapes.of_quantity(name)]
            for members, (cell, expression) in zip(cells_of(shape), cells.items(), strict=False):
                label = label_of(table.label, shape, members)
                found[cell] = Equation(cell, expression, unit, label, table.note, name if shape else "")
        self.replacements = {key: Frozen(self.formulas.option_cells(*key)) for key in self.formulas.options}
        return Frozen(found), self.outputs()

    def parts(self) -> dict[str, Equation]:
        """Return the parts of all formulas that were read, of parameters too."""
        found = self.formulas.lowering.parts
        return {name: Equation(name, expression, part=True) for name, expression in found.items()}

    def outputs(self) -> Mapping[str, Output]:
        found: dict[str, Output] = {}
        self.tables: dict[str, Quantity] = {}
        for name, table in self.table.outputs.items():
            names, cells = self.formulas.output_cells(name)
            shape = [self.indices[index] for index in names]
            if shape:
                formulas = self.formulas.outputs[name]
                self.tables[name] = self.quantity(name, names, table.label, table.note, formulas)
            published = by_member(table.published, shape, f"outputs.{name}.published", self.faults)
            for members, expression in cells.items():
                own = {
                    "label": label_of(table.label, shape, members) if shape else table.label,
                    "published": published.get(members),
                }
                output = self.output(
                    written(name, members),
                    table.model_copy(update=own),
                    None if table.value is None and not shape else expression,
                    name if shape else "",
                )
                if output is not None and given_by_program(self.table, name):
                    output = replace(output, expression=None, external=True)
                if output is not None:
                    found[output.name] = output
        self.check_programs(found)
        return Frozen(found)

    def check_programs(self, outputs: Mapping[str, Output]) -> None:
        """Record outputs that have formulas beside others that a program gives, and formulas for these."""
        external = [name for name, output in outputs.items() if output.external]
        if not external:
            return
        for name, output in outputs.items():
            if not output.external:
                said = f'expected "program" as in outputs.{external[0]}: a program gives all outputs or none'
                self.faults.add(f"outputs.{name}.value", said)
        if self.table.equations:
            self.faults.add("equations", 'expected none where outputs say value = "program"')

    def known_outputs(self, outputs: Iterable[str]) -> Addresses:
        unread = [name for name in self.table.outputs if name not in self.tables]
        return addresses("output", {*outputs, *unread}, self.tables, self.indices)

    def compared(self, outputs: Mapping[str, Output]) -> Iterator[str]:
        known = self.known_outputs(outputs)
        for place, address in enumerate(self.table.study.compare):
            yield from self.addressed(f"study.compare[{place}]", address, known)

    def headline(self, outputs: Mapping[str, Output]) -> str:
        known = self.known_outputs(outputs)
        given = self.table.study.headline
        cells = self.faults.cells("study.headline", given, known)
        return cells[0] if cells else given

    def observable(
        self, inputs: Mapping[str, Input], equations: Mapping[str, Equation]
    ) -> tuple[Addresses, Mapping[str, Input | Equation]]:
        """Return the quantities that may be observed, and what addresses of them mean."""
        own: Mapping[str, Input | Equation] = {**inputs, **equations}
        unread = {*self.table.inputs, *self.table.equations} - self.quantities().keys()
        return addresses("quantity", {*own, *unread}, self.quantities(), self.indices), own

    def quantities(self) -> Mapping[str, Quantity]:
        """Return the inputs and equations that have indices."""
        return {
            name: self.quantity(
                name, tuple(shape), table.label, _of_all(table.note), self.formulas.equations.get(name, ())
            )
            for tables in (self.table.inputs, self.table.equations)
            for name, table in tables.items()
            if (shape := self.formulas.shapes.of_quantity(name))
        }

    def quantity(
        self, name: str, shape: tuple[str, ...], label: str, note: str, formulas: Sequence[Formula] = ()
    ) -> Quantity:
        cells = cells_of([self.indices[index] for index in shape])
        named = Frozen({each: written(name, each) for each in cells})
        own = Frozen({tuple(formula.at.values()): formula.expression for formula in formulas})
        return Quantity(name, shape, named, label, note, own)

    def output(
        self, name: str, table: schema.OutputTable, expression: Expression | None, quantity: str
    ) -> Output | None:
        key = f"outputs.{name}"
        unit = self.unit(f"outputs.{quantity or name}.unit", table.unit)
        published = None
        if table.published is not None:
            published = read_figure(
                table.published,
                f"{key}.published",
                self.faults,
                digits=table.digits,
                reference=table.reference,
                positive=table.scale == "log10",
            )
        elif table.digits is not None:
            self.faults.add(f"{key}.digits", "needs a published figure")
        if table.scale == "log10" and table.reference is not None and table.reference <= 0:
            self.faults.add(f"{key}.reference", "expected a positive number on a log10 scale")
        if unit is None:
            return None
        return Output(
            name=name,
            unit=unit,
            expression=expression,
            published=published,
            label=table.label,
            claim=table.claim,
            reference=_float(table.reference),
            scale=table.scale,
            source=table.source,
            note=table.note,
            quantity=quantity,
            over=table.over or "case",
        )

    def choice(self, name: str, table: schema.ChoiceTable) -> Choice:
        options = _parts(table.options, partial(self.option, f"choices.{name}.options"))
        return Choice(name, options, table.question, table.note)

    def option(self, parent: str, name: str, table: schema.OptionTable) -> Option:
        key = f"{parent}.{name}"
        equations: Mapping[str, Expression] = self.replacements[parent.split(".")[1], name]
        inputs = self.overrides(f"{key}.inputs", table.inputs)
        return Option(name, table.label, table.source, table.note, equations, inputs)

    def readings(self, inputs: Mapping[str, Input]) -> Mapping[str, Reading]:
        readings = dict(_parts(self.table.readings, self.reading))
        varies = any(item.distribution is not None for item in inputs.values())
        label = PUBLISHED_CONVENTIONS if varies else "As published"
        first = readings.pop(AS_PUBLISHED, Reading(AS_PUBLISHED))
        first = replace(first, label=first.label or label)
        return Frozen({AS_PUBLISHED: first, **readings})

    def reading(self, name: str, table: schema.ReadingTable) -> Reading:
        key = f"readings.{name}"
        inputs = self.overrides(f"{key}.inputs", table.inputs)
        expect = {
            output: figure
            for address, given in table.expect.items()
            for output, figure in self.expected(f"{key}.expect.{address}", address, given)
        }
        if name == AS_PUBLISHED and (
            table.choices or table.inputs or table.expect or table.preferred or table.observations
        ):
            self.faults.add(key, "may only have a label, condition, source and note: it overrides nothing")
        return Reading(
            name=name,
            label=table.label,
            condition=table.condition,
            source=table.source,
            note=table.note,
            choices=Frozen(table.choices),
            inputs=inputs,
            expect=Frozen(expect),
            preferred=table.preferred,
            observations=tuple(dict.fromkeys(table.observations)),
        )

    def expected(self, key: str, address: str, given: float | dict[str, Any]) -> Iterator[tuple[str, Figure]]:
        """Yield the figure of each output that an address means."""
        name, words = parted(address)
        described = self.table.outputs.get(name)
        reference = None if described is None else described.reference
        if name in self.tables and not words:
            shape = [self.indices[index] for index in self.tables[name].indices]
            cells = self.tables[name].cells
            leaves = by_member(given, shape, key, self.faults)
        else:
            found = self.addressed(key, address, self.known_outputs(()))
            cells, leaves = {(cell,): cell for cell in found}, {(cell,): given for cell in found}
        for members, leaf in leaves.items():
            figure = read_figure(leaf, key, self.faults, reference=reference)
            if figure is not None:
                yield cells[members], figure

    def addressed(self, key: str, address: str, known: Addresses) -> tuple[str, ...]:
        """Return the cells that an address means; what no quantity is called is told of elsewhere."""
        if parted(address)[0] not in known.names:
            return (address,)
        return self.faults.attempt(key, lambda: known.cells(address)) or ()

    def overrides(self, parent: str, tables: Mapping[str, schema.OverrideTable]) -> Mapping[str, Override]:
        """Return what replaces inputs, cell by cell: whole names first, so that members may follow."""
        cells = {address: self.addressed(f"{parent}.{address}", address, self.known) for address in tables}
        found = {}
        for address in sorted(tables, key=lambda each: -len(cells[each])):
            for cell in cells[address]:
                override = self.override(f"{parent}.{address}", cell, tables[address])
                if override is not None:
                    found[cell] = override
        return Frozen(found)

    def unit(self, key: str, text: str) -> Unit | None:
        if key in self.missing:
            return None
        return self.faults.attempt(key, lambda: self.units.parse(text))

    def override(self, key: str, name: str, table: schema.OverrideTable) -> Override | None:
        cell = self.cells.get(name)
        if cell and cell.table.member_of in self.indices:
            index = self.indices[cell.table.member_of]
            return self.faults.attempt(key, lambda: self.choosing(key, name, table, index))
        if self.are_unread(name, table.distribution):
            return None
        return self.faults.attempt(key, lambda: self.overriding(key, name, table))

    def choosing(self, key: str, name: str, table: schema.OverrideTable, index: Index) -> Override:
        found = read_category_override(table.given, index)
        return replace(found, distribution=self.given(key, name, found.distribution))

    def are_unread(self, name: str, given: object) -> bool:
        """Tell whether a text means an input's experts, of whom one is at fault already."""
        experts = self.cells[name].table.experts if name in self.cells else ()
        return given == EXPERTS and len(self.experts.get(name, ())) < len(experts)

    def overriding(self, key: str, name: str, table: schema.OverrideTable) -> Override:
        if is_dirichlet(table.distribution) and name in self.cells:
            share = self.share(name, str(table.distribution))
            return Override(share, share.mean, str(share))
        found = read_override(
            table.given,
            *self.limits(name),
            self.folder,
            self.unit_text(name),
            point=self.point(name),
            experts=pooled(self.experts.get(name, ())),
        )
        return replace(found, distribution=self.given(key, name, found.distribution))

    def share(self, name: str, text: str) -> Distribution:
        """Read what a text says of one share of a whole."""
        cell = self.cells[name]
        quantity = cell.quantity or name
        refuse_one_text_for_all(self.table.inputs[quantity].distribution, cell.at)
        unit = self.units.parse(cell.table.unit)
        return read_share(text, quantity, cell.at, self.indices, unit)

    def distribution(self, key: str, name: str, value: float | str) -> Distribution | None:
        if isinstance(value, str) and is_dirichlet(value) and name in self.cells:
            return self.faults.attempt(key, partial(self.share, name, value))
        return self.faults.attempt(key, lambda: self.given(key, name, self.read(name, value)))

    def read(self, name: str, value: float | str) -> Distribution:
        """Read a distribution; cells of which the same is known are read once."""
        limits, unit, point = self.limits(name), self.unit_text(name), self.point(name)
        experts = pooled(self.experts.get(name, ()))
        known = (value, limits, unit, point, experts)
        if known not in self.distributions:
            found = read_distribution(value, *limits, self.folder, unit, point=point, experts=experts)
            self.distributions[known] = found
        return self.distributions[known]

    def given(self, key: str, name: str, found: Distribution) -> Distribution:
        """Return a distribution with the cells for the quantities that are its parameters."""
        if not isinstance(found, Conditional) or name not in self.cells:
            return found
        cell = self.cells[name]
        whole = key.replace(f"inputs.{name}", f"inputs.{cell.quantity or name}")
        return self.formulas.given(whole, cell.quantity or name, found, cell.at)

    def point(self, name: str) -> float | None:
        cell = self.cells.get(name)
        given = cell.table.point if cell else None
        return None if given is None or isinstance(given, str) else float(given)

    def unit_text(self, name: str) -> str:
        cell = self.cells.get(name)
        return cell.table.unit if cell else "1"

    def limits(self, name: str) -> tuple[float | None, float | None]:
        cell = self.cells.get(name)
        return (cell.table.low, cell.table.high) if cell else (None, None)


def _of_all(note: Any) -> str:
    """Return a note that is one for all members, nothing of notes by member."""
    return note if isinstance(note, str) else ""


def _parts(tables: Mapping[str, Table], build: Callable[[str, Table], Part | None]) -> Mapping[str, Part]:
    built: Iterable[tuple[str, Part | None]] = ((name, build(name, table)) for name, table in tables.items())
    return Frozen({name: part for name, part in built if part is not None})


def _exclusion(table: schema.ExcludedTable) -> Exclusion:
    when = {
        choice: (names,) if isinstance(names, str) else tuple(names) for choice, names in table.when.items()
    }
    return Exclusion(Frozen(when), table.because)


def _float(number: float | None) -> float | None:
    return None if number is None else float(number)
