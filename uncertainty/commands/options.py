"""The options that commands share, and what they become."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import fields
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, get_type_hints

import typer

from uncertainty.errors import SettingError, UncertaintyError
from uncertainty.late import dataclass
from uncertainty.study.bundled import FLAGSHIP

if TYPE_CHECKING:
    from uncertainty.settings import Settings
    from uncertainty.study.model import Study

Command: TypeAlias = Callable[..., None]

DEFAULT_STUDY = FLAGSHIP
DEFAULT_LEVEL = 0.95


def whole_number(text: str | int) -> int:
    """Read a whole number: ``100000``, ``100_000`` or ``1e5``; typer passes defaults through here too."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not value.is_integer():
        raise typer.BadParameter(f'expected a whole number, found "{text}"{_whole_advice(str(text))}')
    return int(value)


def _whole_advice(text: str) -> str:
    """Say how a whole number with marks between thousands, or with a k or M, is written."""
    marked = re.fullmatch(r"\s*(\d{1,3}(?:[ ,.'’]\d{3})+|\d+(?=\s*[kKM]))\s*([kKM]?)\s*", text)
    if marked is None:
        return ""
    times = {"": 1, "k": 1000, "K": 1000, "M": 1_000_000}[marked[2]]
    digits = "".join(filter(str.isdecimal, marked[1]))
    return f"; write {int(digits) * times}"


def finite_number(text: str | float) -> float:
    """Read a number."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise typer.BadParameter(f'expected a number, found "{text}"')
    return value


def share(text: str | float) -> float:
    """Read a number between 0 and 1."""
    return _share(text)


def share_or_none(text: str | float) -> float:
    """Read a number from 0 to below 1."""
    return _share(text, zero=True)


def _share(text: str | float, *, zero: bool = False) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (0 < value < 1 or (zero and value == 0)):
        expected = "from 0 to below 1" if zero else "between 0 and 1"
        raise typer.BadParameter(f'expected a number {expected}, found "{text}"{_share_advice(str(text))}')
    return value


def file_name(text: str) -> Path:
    """Take the name of a file to write, and refuse a file's ending with a slash behind it."""
    path = Path(text)
    if path.suffix and text.endswith(("/", os.sep)):
        raise typer.BadParameter(f"{text} names a folder; expected the path of a file to write")
    return path


def _share_advice(text: str) -> str:
    """Say how a percentage, or a share with a decimal comma, is written."""
    try:
        value = float(text.strip().removesuffix("%").replace(",", "."))
    except ValueError:
        return ""
    if 1 < value < 100 or ("%" in text and 0 < value < 100):
        return f"; for {value:g} % write {value / 100:g}"
    return f"; write {value:g}" if 0 < value < 1 else ""


StudyName = Annotated[
    str,
    typer.Argument(metavar="STUDY", help="A bundled study, or the path of a study file.", show_default=False),
]
Samples = Annotated[
    int | None,
    typer.Option(metavar="N", parser=whole_number, help="Draws; rounded up to what the design needs."),
]
Budget = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=whole_number,
        help="The most model rows to run in all; what they leave no room for is left out and said.",
    ),
]
Seed = Annotated[
    int, typer.Option(metavar="N", parser=whole_number, help="Seed of every random number, from 0.")
]
Design = Annotated[str, typer.Option(metavar="NAME", help="How inputs are drawn: random, lhs or sobol.")]
Level = Annotated[
    float, typer.Option(metavar="SHARE", parser=share, help="Share of draws inside an interval.")
]
Interval = Annotated[str, typer.Option(metavar="KIND", help="Kind of interval: central or shortest.")]
ReadingName = Annotated[str, typer.Option(metavar="NAME", help="Take the study under one of its readings.")]
Choose = Annotated[
    list[str] | None,
    typer.Option(metavar="CHOICE=OPTION", help="Take another option of a choice; may be repeated."),
]
Override = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="INPUT=DISTRIBUTION", help="Replace what is known of an input; may be repeated."
    ),
]
Observe = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Weigh the draws by an observation of the study; may be repeated."),
]
Only = Annotated[
    list[str] | None, typer.Option(metavar="OUTPUT", help="Show this output only; may be repeated.")
]
Threads = Annotated[
    int | None,
    typer.Option(metavar="N", parser=whole_number, help="Threads, by default one a core; changes no number."),
]
Over = Annotated[
    str | None,
    typer.Option(
        metavar="WHAT",
        help="What outputs speak of: any one case, the average over the cases or the median case.",
    ),
]
Cases = Annotated[
    bool, typer.Option("--cases", help="Show the distribution over cases, and what nobody knows of it.")
]
Until = Annotated[
    str | None,
    typer.Option(
        metavar="TOLERANCE",
        help='Draw on until the interval is this precise: 0.01 of its ends, or such as "2 digits".',
    ),
]
MaxSamples = Annotated[
    int | None, typer.Option(metavar="N", parser=whole_number, help="Where --until stops at the latest.")
]
Save = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Write all draws to a file: .parquet (resumes when killed), .nc, .csv, .xlsx or .json.",
    ),
]
EngineOption = Annotated[
    str, typer.Option("--engine", metavar="NAME", help="Who draws: threads, processes or dask.")
]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="A running Dask scheduler, for --engine dask.")
]
Annotate = Annotated[
    Path | None,
    typer.Option(metavar="MODEL.xlsx", help="Write beside the cells of a copy of this workbook instead."),
]
ToFile = Annotated[
    Path | None, typer.Option("--to", metavar="FILE", parser=file_name, help="The file to write.")
]
DataFile = Annotated[
    Path | None,
    typer.Argument(metavar="DATA", help="A CSV or TSV file or a workbook with data.", show_default=False),
]
AnswersFile = Annotated[
    Path | None,
    typer.Option(
        "--experts", metavar="FILE", help="What experts answered, as CSV: expert, question, p5, p50, p95."
    ),
]
SeedsFile = Annotated[
    Path | None,
    typer.Option("--seeds", metavar="FILE", help="Known answers to some questions, as CSV: question, value."),
]
CutOff = Annotated[
    float,
    typer.Option(
        metavar="P",
        parser=share_or_none,
        help="The calibration below which an expert does not count.",
    ),
]
PlotFile = Annotated[
    Path | None,
    typer.Option("--plot", metavar="FILE", parser=file_name, help="Draw it to an .svg, .png or .pdf file."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")]
TableFile = Annotated[
    str | None,
    typer.Option(
        "--table",
        metavar="FILE",
        help="Write the results as a table too: .csv, .xlsx, .parquet, .nc, .json, .tex, .md.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write one JSON document instead of text.")]
Font = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Font, or its file, of characters that the bundled fonts lack; by default one of the system's.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Leave out progress and explanations.")]


Program = Annotated[
    str | None,
    typer.Option(
        metavar="COMMAND",
        help='Run this for the outputs that say value = "program": "./model {input} {output}", JSON files.',
    ),
]
Cache = Annotated[
    str | None,
    typer.Option(metavar="FOLDER", help="Keep what a program gives in a folder, and take it from there."),
]


def loaded_study(study: str, program: str | None, cache: str | None = None) -> Study:
    """Load a study, with the program that gives its outputs where one is named."""
    from uncertainty.budgets import keeping
    from uncertainty.study.program import with_program
    from uncertainty.study.reader import load_study

    found = load_study(study)
    if program is not None:
        found = with_program(found, program)
    return keeping(found, cache, "--cache")


def pairs(option: str, texts: Sequence[str] | None, form: str) -> dict[str, str]:
    """Split ``NAME=VALUE`` texts at the first "=" outside brackets.

    Raises
    ------
    SettingError
        If a text has no "=", a name is missing, or a name is given twice: neither can be meant.
    """
    found: dict[str, str] = {}
    faults = []
    for text in texts or ():
        place = next((place for place, mark in _marks(text) if mark == "="), len(text))
        name, equals, value = (
            part.strip() for part in (text[:place], text[place : place + 1], text[place + 1 :])
        )
        if not (name and equals and value):
            faults.append(f'{option}: expected {form}, found "{text}"')
        elif name in found:
            faults.append(f'{option}: "{name}" is given twice, as {found[name]} and as {value}')
        else:
            found[name] = value
    if faults:
        raise SettingError(*faults)
    return found


def _marks(text: str) -> Iterator[tuple[int, str]]:
    """Yield the characters outside brackets, each with its place."""
    depth = 0
    for place, mark in enumerate(text):
        depth += (mark == "[") - (mark == "]")
        if depth <= 0:
            yield place, mark


@dataclass(frozen=True, slots=True)
class SharedOptions:
    """The options that become settings, declared here for every command that has them."""

    samples: Samples = None
    budget: Budget = None
    seed: Seed = 1
    design: Design = "sobol"
    level: Level = DEFAULT_LEVEL
    interval: Interval = "central"
    reading: ReadingName = "as_published"
    choose: Choose = None
    override: Override = None
    observe: Observe = None

    def settings(self, **more: Any) -> Settings:
        """Return what was asked for; every fault in it is reported together.

        Where no number of samples is named the analysis has its own, which the other settings then keep.

        Parameters
        ----------
        **more
            Further fields of `Settings`.
        """
        from uncertainty.settings import Settings

        given = {
            name: getattr(self, name) for name in ("budget", "seed", "design", "level", "interval", "reading")
        } | more
        faults: list[Any] = []
        for field, option, texts, form in (
            ("choices", "--choose", self.choose, "CHOICE=OPTION"),
            ("overrides", "--set", self.override, "INPUT=DISTRIBUTION"),
        ):
            try:
                given[field] = pairs(option, texts, form)
            except UncertaintyError as error:
                faults += error.faults
        given["observe"] = tuple(self.observe or ())
        if self.samples is not None:
            given["samples"] = self.samples
        try:
            made = Settings(**given)
        except UncertaintyError as error:
            faults += error.faults
        if faults:
            raise SettingError(*faults)
        return made


DEFAULTS = SharedOptions()


def sharing(*, without: Container[str] = ()) -> Callable[[Command], Command]:
    """Let a command take the shared options in the place of its parameter ``asked``.

    Parameters
    ----------
    without
        Those that this command does not have.
    """

    def expanded(command: Command) -> Command:
        hints = get_type_hints(command, include_extras=True)
        shared = get_type_hints(SharedOptions, include_extras=True)
        own = [each.replace(annotation=hints[name]) for name, each in signature(command).parameters.items()]
        new = [
            Parameter(
                each.name, Parameter.POSITIONAL_OR_KEYWORD, default=each.default, annotation=shared[each.name]
            )
            for each in fields(SharedOptions)
            if each.name not in without
        ]
        place = [each.name for each in own].index("asked")

        @wraps(command)
        def call(**given: Any) -> None:
            asked = SharedOptions(**{each.name: given.pop(each.name) for each in new})
            command(**given, asked=asked)

        # what typer reads
        vars(call)["__signature__"] = Signature([*own[:place], *new, *own[place + 1 :]])
        call.__annotations__ = {name: hint for name, hint in (hints | shared).items() if name != "asked"}
        return call

    return expanded


def wanted_outputs(study: Study, only: Sequence[str] | None) -> tuple[str, ...]:
    """Return the outputs that were asked for, each once: the headline first, then in the study's order.

    Raises
    ------
    SettingError
        If an output is unknown.
    """
    from uncertainty import compiled

    asked: set[str] = set()
    faults: list[str] = []
    for address in only or ():
        try:
            asked |= {*compiled.wanted_outputs(study, address)}
        except SettingError as error:
            faults.append(f"--only: {error}")
    if faults:
        raise SettingError(*faults)
    asked = asked or {*study.outputs}
    return tuple(sorted((n for n in study.outputs if n in asked), key=lambda name: name != study.headline))
