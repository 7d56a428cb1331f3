"""Which studies ship with the package, and where a study that somebody names is to be found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from uncertainty.characters import legible
from uncertainty.errors import Fault, StudyError, suggestion
from uncertainty.files import kind_of_path

if TYPE_CHECKING:
    from uncertainty.study.model import Study

FLAGSHIP = "ai-vs-human"

INPUTS = "inputs.csv"
"""The file of a folder that makes it a study: only its inputs are needed to begin with."""


OTHERS = (".xlsx", ".csv", ".json")
"""Endings of files that are studies in another form; a folder of CSV files is one too."""


def folder() -> Path:
    """Return the folder of the bundled studies: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "bundled"
    return installed if installed.is_dir() else package.parent / "distributions"


def is_converted(path: Path) -> bool:
    """Tell whether a study is in another form than TOML."""
    return kind_of_path(path) == "folder" or path.suffix.lower() in OTHERS


def names() -> list[str]:
    """List the bundled studies, the flagship first."""
    found = sorted(path.stem for path in folder().glob("*.toml"))
    return sorted(found, key=lambda name: name != FLAGSHIP)


def locate(source: str | Path) -> Path:
    """Return the path of a study given by bundled name or by path.

    Raises
    ------
    StudyError
        If there is no such file.
    """
    if not str(source).strip():
        raise StudyError("expected the name or path of a study, found an empty text")
    path = Path(source)
    if isinstance(source, str) and source in names():
        return folder() / f"{source}.toml"
    kind = kind_of_path(path)
    if kind == "file" or (kind == "folder" and kind_of_path(path / INPUTS) == "file"):
        return path
    if kind == "folder":
        raise StudyError(Fault(f"is not a file, and as a folder it has no {INPUTS}", file=str(source)))
    if kind == "other":
        raise StudyError(Fault("is not a regular file", file=str(source)))
    looks_like_name = isinstance(source, str) and path.name == source and not path.suffix
    hint = suggestion(str(source), names()) if looks_like_name else ""
    raise StudyError(Fault(f"no such study file{hint}", file=str(source)))


def is_bundled(study: Study) -> bool:
    """Tell whether a study is one of those that ship with the package."""
    return bool(study.file) and Path(study.file).resolve() == (folder() / f"{study.name}.toml").resolve()


def typed_name(study: Study) -> str:
    """Return what to type for a study: its name where it is bundled, else the name of its file.

    Where the file lies is left out: whoever reads the name has it elsewhere.
    """
    return study.name if not study.file or is_bundled(study) else legible(Path(study.file).name)
