"""A study that begins from another: from a study file, a workbook, CSV or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty.bounds import LARGEST_STUDY
from uncertainty.characters import legible
from uncertainty.errors import Fault, StudyError
from uncertainty.files import kind_of_path, not_there_yet, text_of
from uncertainty.study.bundled import is_converted, locate
from uncertainty.study.conversion import inputs_alone
from uncertainty.study.reader import data_of, load_study, read_converted, read_study
from uncertainty.study.sheets import sheets_of, tables_of
from uncertainty.study.toml import DIRECTIVE, toml_text
from uncertainty.tables.sheets import refuse_other_spreadsheets
from uncertainty.units import UnitSystem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from uncertainty.study.model import Study


class Derived(NamedTuple):
    """What is to be written.

    Parameters
    ----------
    text
        The study file.
    data
        The data files that it reads and that are not beside it yet, by relative path.
    notes
        What was assumed, as sentences.
    """

    text: str
    data: Mapping[str, bytes]
    notes: tuple[str, ...] = ()


def derive(source: str | Path, target: Path) -> Derived:
    """Return the files of a study that begins from another.

    A study file is kept as it is, comments too, with a line on where it is from; any other form becomes
    a study file. Inputs that come alone get an output that shows the first of them, to be replaced, and
    what their units name that nobody knows is taken for things that are counted.

    Parameters
    ----------
    source
        Name or path of what it begins from.
    target
        Path that the study will have.

    Raises
    ------
    StudyError
        If the source is not sound, or another data file is in the way.
    """
    path = locate(source)
    refuse_other_spreadsheets(path)
    notes: tuple[str, ...] = ()
    if is_converted(path):
        parts = read_converted(path)
        given = parts.tables
        tables, notes = completed(given, legible(path.stem), str(path))
        notes = (*notes, *parts.notes)
        if kind_of_path(path) == "file" and parts.unread:
            unread = legible(", ".join(parts.unread))
            notes = (*notes, f"Sheets that are no part of a study are not read: {unread}.")
        text = toml_text(tables, "\n".join([f"Made from {legible(path.name)}.", *notes]))
        try:
            study = read_study(text.encode(), path)
        except StudyError as error:
            raise StudyError(*_of_given(error.faults, given)) from None
    else:
        study = load_study(path)
        text = _with_origin(text_of(path, LARGEST_STUDY), study)
    return Derived(text, not_there_yet(target.parent, data_of(study), path), notes)


def _with_origin(text: str, study: Study) -> str:
    """Put the schema and the origin before a study's text."""
    body = text.removeprefix(DIRECTIVE).lstrip("\n")
    origin = f"# Derived from {study.name}, sha256 {study.sha256}."
    ask = f"# What it assumes differently: uncertainty diff {study.name} FILE"
    return f"{DIRECTIVE}\n{origin}\n{ask}\n\n{body}"


def completed(tables: Mapping[str, Any], title: str, file: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Complete inputs that came alone with a title, an output and the units that are counted.

    Returns
    -------
    tables, notes
        The tables in the order in which a study is read, and what was assumed.
    """
    rest = {key: value for key, value in tables.items() if key not in ("format", "study", "outputs")}
    inputs, outputs = rest.get("inputs", {}), tables.get("outputs")
    if not inputs:
        begun = "write some first, or begin from an example: uncertainty new study.toml"
        raise StudyError(Fault(f"has no inputs; {begun}", file=file))
    notes = []
    if not outputs:
        first, described = next(iter(inputs.items()))
        outputs = {first: {"unit": described.get("unit", "1")}}
        notes.append(f"Its output shows the input {first} alone: put there what is calculated.")
    study = dict(tables.get("study", {}))
    if "study" not in tables:
        study = {"title": title, "headline": next(iter(outputs))}
        counted = _counted(str(each.get("unit", "1")) for each in inputs.values())
        if counted:
            study["counting_units"] = counted
            notes.append(f"Units that are taken for things that are counted: {', '.join(counted)}.")
    before = {key: rest.pop(key) for key in ("inputs", "equations") if key in rest}
    limited = [name for name, each in inputs.items() if has_limits_alone(each)]
    if limited:
        fixed = ", ".join(limited)
        notes.append(f"Limits alone vary nothing; these have no distribution and stay fixed: {fixed}.")
    found: dict[str, Any] = {"format": tables.get("format", 1), "study": study}
    return found | before | {"outputs": outputs} | rest, tuple(notes)


def _of_given(faults: Sequence[Fault], given: Mapping[str, Any]) -> list[Fault]:
    """Leave out what is wrong with an output that only shows an input, which says it already."""
    own = [fault for fault in faults if given.get("outputs") or not fault.key.startswith("outputs.")]
    return own or list(faults)


def needs_more(study: Study) -> list[str]:
    """Return the keys of inputs that mean nothing in a file of inputs alone, without the rest of their study.

    Indices, experts and equations stand in other sheets, and no study could begin from such inputs.
    """
    file = Path(study.file)
    sheets = [sheet for sheet in sheets_of(inputs_alone(file, study.sources)) if sheet.name == "inputs"]
    alone = tables_of(sheets, str(file)).tables
    try:
        read_study(toml_text(completed(alone, file.stem, str(file))[0]).encode(), file)
    except StudyError as error:
        return list(dict.fromkeys(fault.key for fault in _of_given(error.faults, alone)))
    return []


def has_limits_alone(given: Mapping[str, Any]) -> bool:
    """Tell whether an input has physical limits on both sides and no distribution within them."""
    return "distribution" not in given and "low" in given and "high" in given


def _counted(units: Iterable[str]) -> list[str]:
    """Return the words in the units of inputs that may be names of what is counted."""
    system = UnitSystem(())
    return list(dict.fromkeys(word for unit in units for word in system.countable(unit)))
