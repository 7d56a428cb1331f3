"""Every study of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from uncertainty.errors import Fault, StudyError
from uncertainty.files import kind_of_path
from uncertainty.study.bundled import INPUTS
from uncertainty.study.reader import load_study

if TYPE_CHECKING:
    from uncertainty.study.model import Study


def load_folder(source: str | Path) -> list[Study]:
    """Read every study of a folder, by name: its TOML files, and folders in it that are studies.

    Raises
    ------
    StudyError
        With all that is wrong with any of them, or if there is none.
    """
    folder = Path(source)
    if kind_of_path(folder) != "folder":
        raise StudyError(Fault("expected a folder with studies in it", file=str(source)))
    paths = [path for path in folder.iterdir() if path.suffix == ".toml" or _is_study(path)]
    if not paths:
        raise StudyError(Fault("has no study in it; expected files such as study.toml", file=str(source)))
    found: dict[str, Study] = {}
    faults: list[Fault] = []
    for path in sorted(paths):
        try:
            study = load_study(path)
        except StudyError as error:
            faults += error.faults
            continue
        if study.name in found:
            faults.append(Fault(f'another study here is called "{study.name}", too', file=str(path)))
        found[study.name] = study
    if faults:
        raise StudyError(*faults)
    return list(found.values())


def _is_study(folder: Path) -> bool:
    return kind_of_path(folder / INPUTS) == "file"
