"""What arbitrary bytes may do as a CSV file, a workbook or JSON, whatever they are read for."""

from __future__ import annotations

import functools
import io
import json
import math
import os
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from uncertainty.distributions import Empirical
from uncertainty.errors import InvalidValue, UncertaintyError
from uncertainty.fitting.columns import read_values
from uncertainty.results.reading import read_run
from uncertainty.study.conversion import read_tables
from uncertainty.study.reader import load_study
from uncertainty.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_LINE = 2_000


def memory() -> str | None:
    """Return a folder in memory where there is one, for files that live for a millisecond."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a folder in memory, private to the machine


def attempt(read: Callable[[], object]) -> object:
    """Return what is read, or nothing where it is refused in lines that can be shown."""
    try:
        return read()
    except UncertaintyError as error:
        said = [fault.message for fault in error.faults]
    except InvalidValue as error:
        said = [str(error)]
    assert said
    assert all(message.strip() and len(message) < LONGEST_LINE for message in said)
    return None


def csv(data: bytes) -> None:
    """Read bytes as data of a fit, of a distribution, as inputs and as a table; the first two must agree."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        path = Path(folder) / "data.csv"
        path.write_bytes(data)
        attempt(lambda: read_tables(path))
        attempt(lambda: read_table(path))
        for column in (None, "x"):
            found = attempt(functools.partial(read_values, path, column))
            if found is None:
                continue
            assert all(map(math.isfinite, found.values))
            again = attempt(functools.partial(Empirical.from_file, Path(folder), "data.csv", found.name))
            if not found.missing and (again is not None or column is not None):
                assert again is not None
                assert again.values == tuple(found.values)


PARTS = ("xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml")


def workbook(data: bytes) -> None:
    """Read a workbook; the first byte says which of its parts the others replace, or that they are all."""
    part, content = (data[0] % (len(PARTS) + 1), data[1:]) if data else (0, b"")
    whole = content if part == len(PARTS) else packed({PARTS[part]: content})
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(whole)
        attempt(lambda: load_study(path))
        attempt(lambda: read_table(path))
        found = attempt(lambda: read_values(path))
        assert found is None or all(map(math.isfinite, found.values))


def packed(replaced: dict[str, bytes]) -> bytes:
    """Return a workbook with some parts replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in (skeleton() | replaced).items():
            archive.writestr(name, content)
    return stream.getvalue()


@functools.cache
def skeleton() -> dict[str, bytes]:
    """Return the parts of a workbook of inputs."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "inputs"
    for row in (["name", "unit", "point", "distribution"], ["a", "%", 0.15, "1 to 2"]):
        book.active.append(row)
    book.active["C2"].number_format = "0.0%"
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def json_file(data: bytes) -> None:
    """Read bytes as a study in JSON, as a document of a run and as a table; what is a study is JSON."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        path = Path(folder) / "file.json"
        path.write_bytes(data)
        attempt(lambda: read_run(path))
        attempt(lambda: read_table(path))
        if attempt(lambda: load_study(path)) is not None:
            json.dumps(json.loads(data.decode("utf-8-sig")), ensure_ascii=False).encode()
