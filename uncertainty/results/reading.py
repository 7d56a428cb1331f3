"""Documents of `run` and `report` read back, checked before anything is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from uncertainty.bounds import LARGEST_DOCUMENT
from uncertainty.characters import legible
from uncertainty.errors import Fault, InvalidValue, UncertaintyError
from uncertainty.files import text_of
from uncertainty.late import dataclass
from uncertainty.nested import parse_json
from uncertainty.results.encoding import FORMAT

if TYPE_CHECKING:
    from pathlib import Path


Error: TypeAlias = Annotated[FiniteFloat, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class StudyPart(_Part):
    """Which study a document is of."""

    name: str
    title: str
    sha256: str | None = None


class SettingsPart(_Part):
    """What a run was asked for."""

    samples: int
    seed: int
    level: Annotated[float, Field(gt=0, lt=1)]
    interval: str
    design: str
    reading: str
    choices: dict[str, str]
    overrides: dict[str, str]
    observations: tuple[str, ...] = ()
    outer: int | None = None
    inner: int | None = None
    program: str = ""
    stochastic: bool | None = None
    nonfinite: str = ""
    numpy: str = ""
    scipy: str = ""


class OutputPart(_Part):
    """One output's distribution."""

    label: str = ""
    unit: str
    point: FiniteFloat | None
    published: FiniteFloat | None
    published_statistic: str | None = None
    median: FiniteFloat | None
    sd: Error | None = None
    interval: tuple[FiniteFloat | None, FiniteFloat | None]
    median_error: Error | None = None
    interval_error: tuple[Error | None, Error | None] = (None, None)
    over: str = "case"

    @property
    def middle(self) -> tuple[float | None, float | None]:
        """The median and its Monte Carlo error."""
        return self.median, self.median_error

    @property
    def ends(self) -> tuple[tuple[float | None, float | None], ...]:
        """Each end of the interval with its Monte Carlo error."""
        return tuple(zip(self.interval, self.interval_error, strict=True))

    @property
    def varies(self) -> bool:
        """Whether the draws differ."""
        return self.sd != 0


class InputPart(_Part):
    """What an input was."""

    label: str
    unit: str
    point: FiniteFloat | None
    distribution: str
    median: FiniteFloat | None
    interval_90: tuple[FiniteFloat | None, FiniteFloat | None]


class ReadingsPart(_Part):
    """One output under every reading."""

    outputs: dict[str, OutputPart]


class RunPart(_Part):
    """What `run` found."""

    headline: str
    outputs: dict[str, OutputPart]
    inputs: dict[str, InputPart]
    equations: dict[str, str]
    readings: ReadingsPart | None = None


class _Whole(_Part):
    format: Literal[1]
    command: Literal["run", "report"]
    version: str
    study: StudyPart
    settings: SettingsPart
    results: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunDocument:
    """A document of `run`, or what a document of `report` says of the run.

    Parameters
    ----------
    source
        The file's name.
    """

    source: str
    version: str
    study: StudyPart
    settings: SettingsPart
    run: RunPart


_NO_OBJECT = ("model_type", "dict_type")


def read_run(path: Path) -> RunDocument:
    """Read a JSON document of `run` or `report`.

    Raises
    ------
    UncertaintyError
        If it cannot be read, or is none.
    """
    try:
        found = parse_json(text_of(path, LARGEST_DOCUMENT))
    except InvalidValue as error:
        raise UncertaintyError(
            Fault(f"{error}; expected a document that run or report wrote", file=str(path))
        ) from None
    try:
        whole = _Whole.model_validate(found)
        results = whole.results
        if whole.command == "report":
            inner = results.get("readings")
            results = dict(results.get("run") or {})
            if isinstance(inner, dict):
                results["readings"] = inner.get(results.get("headline"))
        run = RunPart.model_validate(results)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"])) or "the document"
        # pydantic names its own class where an object is missing
        said = "expected an object" if first["type"] in _NO_OBJECT else first["msg"].lower()
        wanted = f'expected format {FORMAT} of "uncertainty run --json" or of a report\'s results.json'
        raise UncertaintyError(Fault(f"{at}: {said}; {wanted}", file=str(path))) from None
    return RunDocument(legible(path.name), whole.version, whole.study, whole.settings, run)
