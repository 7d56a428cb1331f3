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
import re
from typing import TYPE_CHECKING

from uncertainty.characters import shortened
from uncertainty.late import dataclass, regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


MOST_NAMES = 8
"""Names that one line of an error can list and still be read."""

LONGEST_MESSAGE = 1000
"""Characters of what one line of an error says: beyond them nobody reads on, and a terminal is flooded."""

LONGEST_KEY = 200
"""Characters of a key's path that one line of an error shows; its field holds all of it."""

_END = 200

_MEANT = regex(r'; did you mean "(.+?)"\?')
_SETTING = regex(r"((?:--)?[a-z][a-z_-]*): (.+)", re.DOTALL)
"""How errors about a setting begin: with its name or option."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where.

    Parameters
    ----------
    message
        What was found, what was expected, and what was probably meant.
    key
        Path of the key in the file, such as ``inputs.us_footprint.unit``; empty for the file as a whole. The
        name of a setting, or the option of a command line.
    file
        The file's name; empty for a value that came from the command line or from Python.
    suggestion
        The nearest valid spelling, empty where nothing is near. The message and this field always agree:
        each is completed from the other.
    """

    message: str
    key: str = ""
    file: str = ""
    suggestion: str = ""

    def __post_init__(self) -> None:
        said = _MEANT.search(self.message)
        if self.suggestion and not said:
            object.__setattr__(self, "message", self.message + meant(self.suggestion))
        elif said:
            object.__setattr__(self, "suggestion", said[1])
        if len(self.message) > LONGEST_MESSAGE:
            # what was found may be as long as a file; what is advised stands at the end
            begin = shortened(self.message, LONGEST_MESSAGE - _END)
            object.__setattr__(self, "message", begin + self.message[-_END:])

    @classmethod
    def of_setting(cls, text: str) -> Fault:
        """Return what is wrong with a setting from such as ``--only: unknown output "x"``."""
        said = _SETTING.fullmatch(text)
        return cls(said[2], said[1]) if said else cls(text)

    def __str__(self) -> str:
        parts = (self.file, shortened(self.key, LONGEST_KEY), self.message)
        return ": ".join(part for part in parts if part)


class UncertaintyError(Exception):
    """Base of every error that a user can cause and mend.

    Parameters
    ----------
    *faults
        Everything that was found wrong, in the order in which it should be read; a text may begin with the
        name or the option of the setting that it is about, as in ``level: expected …``.
    """

    def __init__(self, *faults: Fault | str) -> None:
        self.faults = tuple(Fault.of_setting(each) if isinstance(each, str) else each for each in faults)
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

    def __init__(self, *faults: Fault | str) -> None:
        # a text may begin with the name of a distribution, which is no setting
        super().__init__(*(Fault(each) if isinstance(each, str) else each for each in faults))


def nearest(name: str, known: Iterable[str], least: float = 0.6) -> str:
    """Say which known name was probably meant.

    Parameters
    ----------
    least
        How alike the two must be, from 0 to 1.

    Returns
    -------
    str
        Text to append to a message, ``; did you mean "a"?``; nothing where no name is near.
    """
    near = closest(name, known, least)
    return "" if near is None else meant(near)


def closest(name: str, known: Iterable[str], least: float = 0.6) -> str | None:
    """Return the known name that `nearest` says was probably meant, or None where no name is near."""
    names = list(known)
    spellings = (str(name), str(name).lower())
    close = [each for text in spellings for each in difflib.get_close_matches(text, names, n=1, cutoff=least)]
    return close[0] if close else None


def way_back(names: Sequence[str]) -> str:
    """Show what leads back to where it began; of a long way its first names and its last."""
    some = names if len(names) <= MOST_NAMES + 1 else [*names[:MOST_NAMES], "…", names[-1]]
    return " → ".join(some)


def meant(name: str) -> str:
    """Say that a name was probably meant: text to append to a message, which a `Fault` finds again."""
    return f'; did you mean "{name}"?'


def suggestion(name: str, known: Iterable[str], least: float = 0.6) -> str:
    """Say which known name was probably meant, or which names there are.

    Parameters
    ----------
    least
        How alike `nearest` is to find them.

    Returns
    -------
    str
        Text to append to a message: ``; did you mean "a"?``; or all names that there are, if these are eight
        at most, otherwise as many that contain `name`, said to be some; or nothing.
    """
    candidates = list(known)
    if meant := nearest(name, candidates, least):
        return meant
    if 0 < len(candidates) <= MOST_NAMES:
        return "; known: " + ", ".join(candidates)
    containing = [candidate for candidate in candidates if name and str(name) in candidate]
    if 0 < len(containing) <= MOST_NAMES:
        return f'; with "{name}" in it: {", ".join(containing)}'
    return ""
