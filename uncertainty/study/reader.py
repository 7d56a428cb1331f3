"""From a study file to an immutable `Study`: read once, check everything, report every fault together."""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from uncertainty.bounds import LARGEST_SHEET, LARGEST_STUDY
from uncertainty.calls import checked
from uncertainty.characters import legible, on_one_line
from uncertainty.distributions import data_columns, data_files
from uncertainty.errors import Fault, InvalidValue, StudyError
from uncertainty.files import content_of, kind_of_path
from uncertainty.records import Frozen, distinct_labels
from uncertainty.study.bibliography import check_sources, read_authors, read_sources, read_text
from uncertainty.study.bundled import is_converted, locate
from uncertainty.study.cells import addresses, gathered, quantity_of
from uncertainty.study.checks import check
from uncertainty.study.correlation import Pairs, pairs_of
from uncertainty.study.dependence import Dependence
from uncertainty.study.faults import REQUIRED, Faults
from uncertainty.study.file_units import notes_of_columns_of_units, notes_of_texts, reading_note
from uncertainty.study.files_read import data_read
from uncertainty.study.formulas import Formulas, with_over
from uncertainty.study.indices import read_curves, read_indices
from uncertainty.study.inputs import InputReader, Tables, cells_of_inputs, input_shapes
from uncertainty.study.model import (
    AS_PUBLISHED,
    PUBLISHED_CONVENTIONS,
    Choice,
    Equation,
    Exclusion,
    Input,
    Option,
    Output,
    Reading,
    Study,
)
from uncertainty.study.observations import read_observations
from uncertainty.study.outputs import OutputReader
from uncertainty.study.references import with_references
from uncertainty.study.shape import Mended, shaped
from uncertainty.study.sources import read_language, read_url
from uncertainty.study.table_files import TableFiles
from uncertainty.study.toml import parse_toml, toml_text
from uncertainty.study.written import record_of
from uncertainty.tables.sheets import refuse_other_spreadsheets
from uncertainty.units import UnitSystem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.data_file import DataColumn
    from uncertainty.expressions import Expression
    from uncertainty.indices.index import Addresses
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

        found = read_converted(path)
        study = read_study(as_toml(found.tables, path), path)
        return replace(study, noticed=(*found.notes, *study.noticed))
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
        study = tables.get("study", {"title": "-", "headline": first})
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
    return _told_apart(table), mended


def _told_apart(table: schema.StudyFile) -> schema.StudyFile:
    """Return the tables with labels and questions of which each stands for one thing of its kind."""
    changed = {}
    for kind in ("inputs", "outputs", "readings", "observations", "choices"):
        rows, key = getattr(table, kind), "question" if kind == "choices" else "label"
        labels = distinct_labels({name: getattr(row, key) for name, row in rows.items()})
        if any(getattr(row, key) != labels[name] for name, row in rows.items()):
            changed[kind] = {name: row.model_copy({key: labels[name]}) for name, row in rows.items()}
    return table.model_copy(changed) if changed else table


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


def data_of(study: Study, *, inputs_alone: bool = False) -> Mapping[str, bytes]:
    """Return the data files of a study, or of its inputs alone, by their paths in its folder."""
    files = _files_of_inputs(study) if inputs_alone else named_files(study)
    if study.folder is None or not files:
        return {}
    home = study.folder.resolve()
    return {str(file.relative_to(home)): content_of(file, LARGEST_SHEET) for file in files}


def named_files(study: Study) -> list[Path]:
    """Return the data files that any distribution of a study reads."""
    own = [file for each in _overriding(study) for file in data_files(each)]
    return sorted({*study.files, *_files_of_inputs(study), *own})


def _overriding(study: Study) -> list[Distribution]:
    """Return the distributions that options and readings put in place of those of inputs."""
    overrides = [o.inputs for c in study.choices.values() for o in c.options.values()]
    overrides += [reading.inputs for reading in study.readings.values()]
    return [each.distribution for inputs in overrides for each in inputs.values()]


def _notes_on_data(study: Study, units: UnitSystem) -> Mapping[str, None]:
    """Return what is to be known of the files that data were read from, each once."""
    own = [(item, item.distribution) for item in study.inputs.values() if item.distribution is not None]
    columns = [(item, column) for item, each in own for column in data_columns(each)]
    read = (reading_note(c.file, c.heading, i.unit.text, (i.name, i.title), units) for i, c in columns)
    others = [column for each in _overriding(study) for column in data_columns(each)]
    notes = (f"{c.file}: {note}" for c in (*(c for _, c in columns), *others) for note in c.notes)
    beside = (
        note
        for item, c in columns
        for note in (
            *notes_of_columns_of_units(c.file, c.units, {item.name: [item.unit.text]}, units),
            *notes_of_texts(c.file, dict(c.beside), {item.name: [item.unit.text]}, units),
        )
    )
    return dict.fromkeys(filter(None, (*read, *notes, *beside)))


def _columns_of_data(study: Study) -> Iterator[DataColumn]:
    own = (item.distribution for item in study.inputs.values())
    for each in (*filter(None, own), *_overriding(study)):
        yield from data_columns(each)


def _files_of_inputs(study: Study) -> list[Path]:
    distributions = [i.distribution for i in study.inputs.values() if i.distribution is not None]
    return sorted({file for each in distributions for file in data_files(each)})


class _Builder:
    """Turns the tables of one file into the parts of a study; what cannot be read is a fault and left out."""

    def __init__(self, table: schema.StudyFile, path: Path, faults: Faults, mended: Mended) -> None:
        self.table, self.path, self.faults, self.mended = table, path, faults, mended
        self.of_shape = tuple(faults.found)
        self.folder = path if kind_of_path(path) == "folder" else path.parent
        counting = tuple(table.study.counting_units)
        units = faults.attempt("study.counting_units", lambda: UnitSystem(counting)) or UnitSystem(())
        self.files = TableFiles(self.folder)
        indices = read_indices(table.indices, self.files, units, faults)
        shapes = input_shapes(table.inputs, indices, faults)
        cells = cells_of_inputs(table.inputs, shapes, self.files, units, faults)
        known = {name: [index.name for index in shape or ()] for name, shape in shapes.items()}
        tables = {name: quantity_of(name, tuple(names), indices) for name, names in known.items() if names}
        addressed = addresses("input", cells.keys() | known.keys() - tables.keys(), tables, indices)
        self.curves = read_curves(table.curves, self.files, units, faults)
        unread = known.keys() - {cell.quantity or name for name, cell in cells.items()}
        unread |= {name for name, row in table.inputs.items() if row.member_of not in (None, *indices)}
        unread |= {name for name, index in indices.items() if not index.members}
        formulas = Formulas(table, indices, self.curves, known, unread, faults)
        self.units, self.indices, self.formulas, self.cells = units, indices, formulas, cells
        file = Tables(table, self.folder, units, indices, formulas, faults, mended.filled)
        self.inputs, self.outputs = InputReader(file, cells, addressed), OutputReader(file)

    def study(self) -> Study:
        """Return the study, or raise every fault of its file."""
        table, faults = self.table, self.faults
        study, pairs = self._parts()
        check(study, table, self.units, faults, pairs, self.formulas)
        study = with_over(study, table, faults)
        check_sources(table, self.files.citing, faults)
        if not faults.found:
            # a formula at fault may have members that it was not to have
            known, given = self.outputs.known(study.outputs), table.study.headline
            faults.attempt("study.headline", lambda: known.cell(given))
        later = gathered(faults.found[len(self.of_shape) :], self.files.places)
        faults.found[:] = [*self.of_shape, *self.mended.independent(later)]
        faults.raise_if_any()
        read = dict.fromkeys((*self.files.read.sentences(), *data_read(_columns_of_data(study))))
        return with_references(replace(study, files_read=tuple(read)))

    def _parts(self) -> tuple[Study, Pairs]:
        """Return the study of what could be read, and the pairs of inputs that go together."""
        table = self.table
        inputs = _parts(self.cells, self.inputs.input)
        equations, outputs = self.outputs.computed()
        choices, readings = _parts(table.choices, self.choice), self.readings(inputs)
        observations = read_observations(
            table.observations,
            self.observable(inputs, equations),
            outputs,
            self.units,
            self.outputs.known(outputs),
            self.faults,
        )
        equations = Frozen({**equations, **self.outputs.parts()})
        pairs = self.faults.attempt("correlations", lambda: pairs_of(table.correlations)) or Pairs()
        pairs, of_cells = Dependence(table, self.indices, inputs, self.faults).pairs(pairs)
        found = replace(
            self._described(outputs),
            inputs=inputs,
            equations=equations,
            outputs=outputs,
            indices=Frozen(self.indices),
            curves=Frozen(self.curves),
            quantities=Frozen(self.outputs.quantities()),
            tables=Frozen(self.outputs.tables),
            correlations=(*pairs.correlations, *of_cells),
            independent=pairs.independent,
            choices=choices,
            excluded=tuple(_exclusion(e) for e in table.excluded),
            readings=readings,
            observations=observations,
            files=tuple(self.files.paths.values()),
            noticed=(*self.files.unread, *self.inputs.alone.values()),
        )
        return replace(found, noticed=(*found.noticed, *_notes_on_data(found, self.units))), pairs

    def _described(self, outputs: Mapping[str, Output]) -> Study:
        """Return what a study says of itself."""
        table = self.table.study
        return record_of(
            Study,
            table,
            name=legible(self.path.stem),
            title=on_one_line(table.title),
            headline=self.outputs.headline(outputs),
            sources=read_sources(self.table.sources, self.faults),
            authors=read_authors("study.authors", table.authors, self.faults),
            url=read_text("study.url", table.url, read_url, self.faults),
            language=read_text("study.language", table.language, read_language, self.faults) or "en",
            compare=tuple(self.outputs.compared(outputs)),
            counting_units=tuple(table.counting_units),
            file=str(self.path),
            folder=self.folder,
        )

    def observable(
        self, inputs: Mapping[str, Input], equations: Mapping[str, Equation]
    ) -> tuple[Addresses, Mapping[str, Input | Equation]]:
        """Return the quantities that may be observed, and what addresses of them mean."""
        own: Mapping[str, Input | Equation] = {**inputs, **equations}
        unread = {*self.table.inputs, *self.table.equations} - self.outputs.quantities().keys()
        return addresses("quantity", {*own, *unread}, self.outputs.quantities(), self.indices), own

    def choice(self, name: str, table: schema.ChoiceTable) -> Choice:
        options = _parts(table.options, partial(self.option, f"choices.{name}.options"))
        return record_of(Choice, table, name=name, options=options)

    def option(self, parent: str, name: str, table: schema.OptionTable) -> Option:
        key = f"{parent}.{name}"
        equations: Mapping[str, Expression] = self.outputs.replacements[parent.split(".")[1], name]
        inputs = self.inputs.overrides(f"{key}.inputs", table.inputs)
        return record_of(Option, table, name=name, equations=equations, inputs=inputs)

    def readings(self, inputs: Mapping[str, Input]) -> Mapping[str, Reading]:
        readings = dict(_parts(self.table.readings, self.reading))
        varies = any(item.distribution is not None for item in inputs.values())
        label = PUBLISHED_CONVENTIONS if varies else "As published"
        first = readings.pop(AS_PUBLISHED, Reading(AS_PUBLISHED))
        first = replace(first, label=first.label or label)
        return Frozen({AS_PUBLISHED: first, **readings})

    def reading(self, name: str, table: schema.ReadingTable) -> Reading:
        key = f"readings.{name}"
        inputs = self.inputs.overrides(f"{key}.inputs", table.inputs)
        expect = {
            output: figure
            for address, given in table.expect.items()
            for output, figure in self.outputs.expected(f"{key}.expect.{address}", address, given)
        }
        if name == AS_PUBLISHED and (
            table.choices or table.inputs or table.expect or table.preferred or table.observations
        ):
            self.faults.add(key, "may only have a label, condition, source and note: it overrides nothing")
        return record_of(
            Reading,
            table,
            name=name,
            choices=Frozen(table.choices),
            inputs=inputs,
            expect=Frozen(expect),
            observations=tuple(dict.fromkeys(table.observations)),
        )


def _parts(tables: Mapping[str, Table], build: Callable[[str, Table], Part | None]) -> Mapping[str, Part]:
    built: Iterable[tuple[str, Part | None]] = ((name, build(name, table)) for name, table in tables.items())
    return Frozen({name: part for name, part in built if part is not None})


def _exclusion(table: schema.ExcludedTable) -> Exclusion:
    when = {
        choice: (names,) if isinstance(names, str) else tuple(names) for choice, names in table.when.items()
    }
    return record_of(Exclusion, table, when=Frozen(when))
