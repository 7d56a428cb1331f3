"""Files that a command is to write: looked at before any work, so that nobody's own is written over."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uncertainty.errors import Fault, SettingError, UncertaintyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from uncertainty.study.model import Study


def check_table(option: str, file: str) -> None:
    """Refuse a file that no table of results can be written to, or that holds anything but such a table.

    A table that an earlier run has written is replaced.

    Raises
    ------
    SettingError
        In one line.
    """
    from uncertainty.files import check_target, refuse_a_folder
    from uncertainty.tables import printed
    from uncertainty.tables.formats import format_to_write, read_table

    refuse_a_folder(file, option)
    if printed.is_printed(file):
        check_target(Path(file), option)
        if Path(file).exists() and not printed.is_ours(file):
            raise SettingError(
                f"{option}: {file} is there and is no table of results; remove it or choose another name"
            )
        return
    format_to_write(file, printed.MARKS)
    check_target(Path(file), option)
    if not Path(file).exists():
        return
    another = SettingError(
        f"{option}: {file} is there and is no table of results; remove it or choose another name"
    )
    try:
        found = read_table(file)
    except SettingError:
        raise another from None
    if not (found.checksum or found.about):  # such as a CSV file, in which any table can be read
        raise another
    if found.name == "draws":
        raise SettingError(f"{option}: {file} holds the draws of a run; remove it or choose another name")


def check_bundle(archive: Path, option: str) -> None:
    """Refuse an archive that is there and no bundle of a report.

    Raises
    ------
    SettingError
        In one line.
    """
    from zipfile import BadZipFile, ZipFile

    from uncertainty.files import check_target
    from uncertainty.pages.crate import METADATA

    check_target(archive, option)
    if not archive.exists():
        return
    try:
        with ZipFile(archive) as packed:
            if METADATA in packed.namelist():
                return
    except (BadZipFile, OSError):
        pass
    raise SettingError(f"{option}: {archive} is there and no bundle; remove it or choose another folder")


def check_report(folder: Path, option: str) -> None:
    """Refuse a folder that holds files with the names of a report's, and no report.

    Raises
    ------
    SettingError
        In one line.
    """
    from uncertainty.bounds import LARGEST_DOCUMENT
    from uncertainty.files import text_of
    from uncertainty.nested import parse_json
    from uncertainty.pages.macros import MACROS
    from uncertainty.pages.writer import DOCUMENT, MARKDOWN, PAGE, RESULTS
    from uncertainty.study.citation import CITATION, is_ours

    taken = [name for name in (PAGE, MARKDOWN, DOCUMENT, RESULTS, MACROS) if (folder / name).exists()]
    if (folder / CITATION).exists() and not is_ours(folder / CITATION):
        raise SettingError(
            f"{option}: {folder} holds a {CITATION} of its own; choose another folder, such as "
            f"--to {folder / 'report'}"
        )
    if not taken:
        return
    try:
        found = parse_json(text_of(folder / RESULTS, LARGEST_DOCUMENT))
    except UncertaintyError:
        found = None
    if not (isinstance(found, dict) and {"command", "version"} <= found.keys()):
        raise SettingError(
            f"{option}: {folder} holds {taken[0]} and no report; remove it or choose another folder"
        )


def check_distinct(files: Mapping[str, str | None]) -> None:
    """Refuse to write one file twice.

    Parameters
    ----------
    files
        By option, what is to be written, if anything.

    Raises
    ------
    SettingError
        In one line.
    """
    taken: dict[Path, str] = {}
    for option, file in files.items():
        if file is not None and (first := taken.setdefault(Path(file).resolve(), option)) != option:
            raise SettingError(f"{option}: expected another file than that of {first}")


def check_apart(study: Study, files: Mapping[str, str | None]) -> None:
    """Refuse to write over what a study is read from.

    Parameters
    ----------
    files
        By option, what is to be written, if anything.

    Raises
    ------
    SettingError
        In one line.
    """
    from uncertainty.study.reader import named_files

    own = [Path(study.file), *((study.folder or Path()) / file for file in named_files(study))]
    refuse_among(own, files, "belongs to the study")


def refuse_among(own: Iterable[Path], files: Mapping[str, str | None], because: str) -> None:
    """Refuse to write over files, or into a folder, that are read.

    Raises
    ------
    SettingError
        In one line.
    """
    read = {path.resolve() for path in own}
    for option, file in files.items():
        if file is not None and not read.isdisjoint([path := _resolved(file), *path.parents][:2]):
            raise SettingError(f"{option}: {file} {because}; choose another name")


def _resolved(file: str) -> Path:
    """Return where a name leads; of one that no file can have, the name, which whoever writes refuses."""
    try:
        return Path(file).resolve()
    except (OSError, RuntimeError, ValueError):
        return Path(file)


@contextmanager
def saving(
    *files: tuple[Callable[[Any, Any], object], Callable[[], Any], Any], as_json: bool
) -> Iterator[None]:
    """Write files, and have the body tell the answer also where one of them cannot be written.

    The answer may have taken hours, and a disk may be full. A program reads one document, so that of a
    failure stands in place of the answer's.

    Parameters
    ----------
    *files
        How each is written, what gives its content, and its name; None where it was not asked for.

    Raises
    ------
    UncertaintyError
        With what each file failed at: before the body where a program is answered, else after it.
    """
    faults: list[Fault] = []
    for save, content, file in files:
        try:
            if file is not None:
                save(content(), file)
        except UncertaintyError as error:
            faults += error.faults
    if faults and as_json:
        raise UncertaintyError(*faults)
    try:
        yield
    finally:
        if faults:
            raise UncertaintyError(*faults)
