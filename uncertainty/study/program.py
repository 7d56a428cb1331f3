"""Models that are programs of their own: JSON in, JSON out, one process for each block of rows.

Which program is run says the person at the keyboard, never a study file.
"""

from __future__ import annotations

import json
import math
import shlex
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import field, replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.bounds import LARGEST_DOCUMENT
from uncertainty.characters import on_one_line
from uncertainty.errors import Fault, InvalidValue, SettingError, StudyError, UncertaintyError, suggestion
from uncertainty.files import saying_why, text_of
from uncertainty.late import dataclass
from uncertainty.nested import parse_json
from uncertainty.study.calling import Turns
from uncertainty.study.probing import CHECKED, few_of, run_apart
from uncertainty.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Study

PLACES = ("{input}", "{output}")
"""What a command line has in place of the files that the program reads and writes."""

EXAMPLE = '--program "./model {input} {output}"'

LONGEST_WORDS = 200
"""Characters of what a program said last that an error repeats."""


@dataclass
class _Block:
    """What a program was given and gave."""

    given: Mapping[str, FloatArray]
    found: Mapping[str, FloatArray]
    is_checked: bool = False
    is_noisy: bool = False


@dataclass(frozen=True)
class Program:
    """A program as a function of arrays by name.

    Parameters
    ----------
    command
        As it was given.
    words
        The program and its arguments.
    outputs
        What it must give.
    sha256
        Hash of the files among the words, so that another version of the program is another model.
    blocks
        The first block of several rows that it was run for: what it was given, and what it gave.
    """

    command: str
    words: tuple[str, ...]
    outputs: tuple[str, ...]
    sha256: str = ""
    blocks: list[_Block] = field(default_factory=list, compare=False, repr=False)

    @property
    def __name__(self) -> str:
        """What the program is called."""
        return Path(self.words[0]).name

    def __call__(self, **columns: FloatArray) -> Mapping[str, FloatArray]:
        """Run the program once for all rows.

        Raises
        ------
        SettingError
            If it cannot be started, fails, or gives anything but one number a row for each output.
        UncertaintyError
            If the system has no room for the files that it reads and writes.
        """
        found = self._once(columns)
        if not self.blocks and len(next(iter(columns.values()), ())) > CHECKED:
            self.blocks.append(_Block(dict(columns), found))
        return found

    @property
    def is_noisy(self) -> bool:
        """Whether it gave other numbers for the same rows when these were checked."""
        return any(block.is_noisy for block in self.blocks)

    def learn_of_noise(self) -> None:
        """Learn of an earlier run that found other numbers for the same rows."""
        self.blocks.insert(0, _Block({}, {}, is_checked=True, is_noisy=True))

    def check_rows(self) -> None:
        """Run a few rows of the first block once more, alone and in another order; later calls do nothing.

        What gives other numbers each time has random numbers of its own, which results then tell.

        Raises
        ------
        SettingError
            If what a row gives follows from the rows beside it.
        """
        if not self.blocks or self.blocks[0].is_checked:
            return
        block = self.blocks[0]
        block.is_checked = True
        places = few_of(len(next(iter(block.given.values()))))
        few = {name: column[places] for name, column in block.given.items()}
        apart = run_apart(lambda: self._once(few), block.found, places)
        block.is_noisy = apart.is_noisy
        if apart.output:
            raise SettingError(
                f"--program: outputs.{apart.output}: expected a program whose value in a row follows from "
                f"that row alone; {apart.said}"
            )

    def _once(self, columns: Mapping[str, FloatArray]) -> Mapping[str, FloatArray]:
        rows = len(next(iter(columns.values()), ()))
        with _workplace() as folder:
            given, found = (folder / f"{name}.json" for name in ("input", "output"))
            with saying_why(given):
                given.write_text(json.dumps({"inputs": {name: c.tolist() for name, c in columns.items()}}))
            places = dict(zip(PLACES, map(str, (given, found)), strict=True))
            self._run([_filled(word, places) for word in self.words])
            return self._read(found, rows)

    def _run(self, words: Sequence[str]) -> None:
        try:
            ended = subprocess.run(  # noqa: S603 - the person at the keyboard names it; there is no shell
                words, stdin=subprocess.DEVNULL, capture_output=True, check=False
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise SettingError(f"--program: cannot run {self.words[0]}: {reason}") from None
        if ended.returncode:
            said = (ended.stderr or ended.stdout).decode(errors="replace").strip().splitlines()
            last = f": {on_one_line(said[-1])[:LONGEST_WORDS]}" if said else ""
            how = f"exit code {ended.returncode}" if ended.returncode > 0 else f"signal {-ended.returncode}"
            raise SettingError(f"--program: {self.words[0]} ended with {how}{last}")

    def _read(self, path: Path, rows: int) -> Mapping[str, FloatArray]:
        if not path.is_file():
            raise SettingError(f"--program: {self.words[0]} wrote no file to {PLACES[1]}")
        try:
            found = parse_json(text_of(path, LARGEST_DOCUMENT))
            outputs = found.get("outputs") if isinstance(found, dict) else None
            if not isinstance(outputs, dict):
                raise InvalidValue(f'expected {{"outputs": {{name: [numbers]}}}}, found {shown(found)}')
            self._refuse_units(found)
            self._refuse_units(outputs)
            return {name: _column(name, outputs, rows) for name in self.outputs}
        except UncertaintyError as error:
            said = error.faults[0].message if error.faults else str(error)
            raise SettingError(f"--program: what {self.words[0]} wrote: {said}") from None

    def _refuse_units(self, answer: Mapping[str, object]) -> None:
        """Refuse what says units that nobody would read."""
        for key in ("unit", "units"):
            if key in answer and key not in self.outputs:
                raise InvalidValue(f'"{key}" is not read: outputs are in the units that the study gives')


@contextmanager
def _workplace() -> Iterator[Path]:
    """Give a folder for the files that a program reads and writes."""
    import tempfile

    try:
        made = tempfile.TemporaryDirectory(prefix="uncertainty-")
    except OSError as error:
        raise SettingError(f"--program: no folder for its files: {error.strerror}") from None
    with made as folder:
        yield Path(folder)


def _filled(word: str, places: Mapping[str, str]) -> str:
    for place, path in places.items():
        word = word.replace(place, path)
    return word


def _column(name: str, outputs: Mapping[str, Any], rows: int) -> FloatArray:
    """Return one output, shape (rows,); what is null is undefined."""
    if name not in outputs:
        raise InvalidValue(f'expected the output "{name}", found none{suggestion(name, outputs)}')
    values = outputs[name]
    if not isinstance(values, list):
        raise InvalidValue(f'expected a list of {rows:,} numbers for "{name}", found {shown(values)}')
    if len(values) != rows:
        raise InvalidValue(f'expected {rows:,} numbers for "{name}", one a row, found {len(values):,}')
    for value in values:
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise InvalidValue(f'expected numbers for "{name}", found {shown(value)} among them')
    return np.array([math.nan if value is None else float(value) for value in values])


def with_program(study: Study, command: str) -> Study:
    """Return a study whose outputs a program gives.

    Parameters
    ----------
    command
        With ``{input}`` and ``{output}`` in place of the files. No part of it is given to a shell.

    Raises
    ------
    SettingError
        If the command cannot be read or its program is not found.
    StudyError
        If the study's outputs do not say that they come from a program.
    """
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise SettingError(f"--program: cannot read {command!r}: {str(error).lower()}") from None
    missing = [place for place in PLACES if place not in command]
    if not words or missing:
        raise SettingError(
            f"--program: expected {' and '.join(missing) or 'a command'} in it, as in {EXAMPLE}"
        )
    if shutil.which(words[0]) is None:
        raise SettingError(f"--program: {words[0]} is no program that can be run")
    if not any(output.external for output in study.outputs.values()):
        raise StudyError(
            Fault(
                'no output says value = "program", so that a program has nothing to give',
                "outputs",
                study.file,
            )
        )
    program = Program(command, words, tuple(study.outputs), _hash(words))
    # files that it leaves where it runs are its own affair, so that one runs at a time
    return replace(study, function=program, turns=Turns())


def _hash(words: Sequence[str]) -> str:
    found = sha256()
    first = shutil.which(words[0])
    modules = [each for word, name in pairwise(words) if word == "-m" for each in _of_module(name)]
    for path in (Path(first or ""), *map(Path, words[1:]), *modules):
        if path.is_file():
            with path.open("rb") as stream:
                while piece := stream.read(2**20):
                    found.update(piece)
    return found.hexdigest()


def _of_module(name: str) -> list[Path]:
    """Return the files of a Python module or package in the folder where a program is run."""
    path = Path(*name.split("."))
    return [path.with_suffix(".py"), *sorted(path.rglob("*.py"))]
