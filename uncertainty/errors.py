"""What can be wrong with a study, a setting or a run, and how it is said.

::

    UncertaintyError          one or more faults, exit code 2
    ├── StudyError            a study file, or an override of it, is unsound
    ├── SettingError          an option or argument is out of range or unknown
    ├── NonFiniteError        the model gave infinities or not-a-number
    └── InvalidValue          a text or number cannot be read, wherever it is from

The leaf parsers (numbers, units, expressions, distributions) know neither the file nor the key they
read for: they raise `InvalidValue`, and the study reader turns it into a `Fault` with both.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


MOST_NAMES = 8
"""Names that one line of an error can list and still be read."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where.

    Parameters
    ----------
    message
        What was found and what was expected.
    key
        Path of the key in the file, such as ``inputs.us_footprint.unit``; empty for the file as a whole.
    file
        The file's name; empty for a value that came from the command line or from Python.
    """

    message: str
    key: str = ""
    file: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.key, self.message) if part)


class UncertaintyError(Exception):
    """Base of every error that a user can cause and mend.

    Parameters
    ----------
    *faults
        Everything that was found wrong, in the order in which it should be read.
    """

    def __init__(self, *faults: Fault | str) -> None:
        self.faults = tuple(Fault(fault) if isinstance(fault, str) else fault for fault in faults)
        super().__init__("\n".join(map(str, self.faults)))


class StudyError(UncertaintyError):
    """A study file, or an override of it, is unsound."""


class SettingError(UncertaintyError):
    """An option or argument is out of range or unknown."""


class NonFiniteError(UncertaintyError):
    """The model gave infinities or not-a-number for some draws."""


class InvalidValue(UncertaintyError, ValueError):  # noqa: N818 - a finding, mostly located by the caller
    """A text or number that cannot be read; the message says what was expected.

    Who knows the file and the key catches it and says them too.
    """


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which known name was probably meant.

    Returns
    -------
    str
        Text to append to a message, ``; did you mean "a"?``; nothing where no name is near.
    """
    names = list(known)
    spellings = (str(name), str(name).lower())
    close = [each for text in spellings for each in difflib.get_close_matches(text, names, n=1, cutoff=0.6)]
    return f'; did you mean "{close[0]}"?' if close else ""


def suggestion(name: str, known: Iterable[str]) -> str:
    """Say which known name was probably meant, or which names there are.

    Returns
    -------
    str
        Text to append to a message: ``; did you mean "a"?``; or all names that there are, if these are eight
        at most, otherwise as many that contain `name`, said to be some; or nothing.
    """
    candidates = list(known)
    if meant := nearest(name, candidates):
        return meant
    if 0 < len(candidates) <= MOST_NAMES:
        return "; known: " + ", ".join(candidates)
    containing = [candidate for candidate in candidates if name and str(name) in candidate]
    if 0 < len(containing) <= MOST_NAMES:
        return f'; with "{name}" in it: {", ".join(containing)}'
    return ""
