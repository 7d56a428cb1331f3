"""What each command answers programs: the records behind ``results``, and what goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from uncertainty._version import __version__
from uncertainty.records import Frozen
from uncertainty.results import encoded, record
from uncertainty.results.about import About
from uncertainty.results.encoding import FORMAT

if TYPE_CHECKING:
    from uncertainty.alternatives import Alternatives
    from uncertainty.case_statistics import OutputCases
    from uncertainty.challenges.analysis import Challenge
    from uncertainty.challenges.dependence import Unargued
    from uncertainty.fitting.data import Fit, Fits
    from uncertainty.fitting.elicited import Elicitation, Elicited
    from uncertainty.fitting.evidence import Suggestion
    from uncertainty.grounds import Grounds
    from uncertainty.propagation import Propagation
    from uncertainty.readings import Readings
    from uncertainty.reproduction import Reproductions
    from uncertainty.results import Document
    from uncertainty.results.schema import Answered
    from uncertainty.sensitivity.effects import DriverDetails
    from uncertainty.sensitivity.local import LocalViews
    from uncertainty.sensitivity.second_opinion import SecondOpinion
    from uncertainty.sensitivity.sobol.results import OutputIndices, SobolIndices
    from uncertainty.study.differences import Difference
    from uncertainty.study.model import Study
    from uncertainty.tables.rows_read import RowsRead


def document(command: str, study: Study | None, results: Any, settings: Any = None) -> Document:
    """Wrap a command's results with what they depend on.

    Parameters
    ----------
    study
        None where the command is about none.
    results, settings
        Records, or mappings of records.
    """
    found: Document = {"format": FORMAT, "command": command, "version": __version__}
    if study is not None:
        found["study"] = encoded(NamedStudy.of(study))
    if study is not None or settings is not None:
        found["settings"] = encoded(settings or {})
    return found | {"results": encoded(results)}


class NamedStudy(NamedTuple):
    """Which study a document is of.

    Parameters
    ----------
    name, title
        As the file has them.
    sha256
        The hash of the file and of the data files that it names.
    """

    name: str
    title: str
    sha256: str | None

    @classmethod
    def of(cls, study: Study) -> NamedStudy:
        """Name a study."""
        return cls(study.name, study.title, study.sha256)


@record("**found", "unargued?", "grounds?")
class CheckAnswer(NamedTuple):
    """What `check` answers.

    Parameters
    ----------
    unargued
        Pairs of the headline's top drivers that nobody argued about.
    grounds
        What its evidence says of each distribution, where it was asked for.
    """

    found: Reproductions
    unargued: Unargued | None = None
    grounds: Grounds | None = None


@record("**run", "readings?", "alternatives?")
class RunAnswer(NamedTuple):
    """What `run` answers.

    Parameters
    ----------
    readings
        The headline under every reading, where it was asked for.
    alternatives
        The outputs that the study compares, where it names some.
    """

    run: Propagation
    readings: Readings | None = None
    alternatives: Alternatives | None = None


@record("**indices", "details?", "second_opinion?")
class DescribedOutput(NamedTuple):
    """The Sobol' indices of one output.

    Parameters
    ----------
    details
        What else is known of its top drivers, where that was asked for.
    second_opinion
        SALib's own analysis, where that was asked for.
    """

    indices: OutputIndices
    details: DriverDetails | None
    second_opinion: SecondOpinion | None


@record("outputs", "stopped_because=found.stopped_because", "grouping?=found.grouping")
class SobolAnswer(NamedTuple):
    """What `sensitivity` answers.

    Parameters
    ----------
    details
        By output, what else is known of its top drivers.
    opinions
        By output, SALib's own analysis.
    """

    found: SobolIndices
    details: Mapping[str, DriverDetails] = Frozen()
    opinions: Mapping[str, SecondOpinion] = Frozen()

    @property
    def outputs(self) -> dict[str, DescribedOutput]:
        """By output, its indices."""
        return {
            name: DescribedOutput(each, self.details.get(name), self.opinions.get(name))
            for name, each in self.found.outputs.items()
        }


@cache
def method_answer(name: str) -> Any:
    """Return the record of what `sensitivity` answers by a method, by output."""
    from uncertainty.sensitivity.methods import METHODS

    # a type checker wants names and types as they stand; here they follow from the method
    named, held = cast("Any", NamedTuple), cast("Any", Mapping)
    made = named(f"{name.capitalize()}Answer", [("outputs", held[str, METHODS[name].kind])])
    made.__doc__ = f"""What `sensitivity --method {name}` answers, by output.

    Parameters
    ----------
    outputs
        By output, what was found.
    """
    return made


class DescribedStudy(NamedTuple):
    """A bundled study: what it is about, and the output that it leads with.

    Parameters
    ----------
    title, source, headline
        As the file has them, sources by their names.
    """

    title: str
    source: str
    headline: str


class StudiesAnswer(NamedTuple):
    """What `studies` answers, by the study's name.

    Parameters
    ----------
    studies
        By the study's name.
    """

    studies: Mapping[str, DescribedStudy]


class DescribedFigure(NamedTuple):
    """A figure: what it shows, and of what.

    Parameters
    ----------
    about, of
        What it shows, and whether of the study, a reading or an input.
    """

    about: str
    of: str


class FiguresAnswer(NamedTuple):
    """What `plot` without a figure answers, by the figure's name.

    Parameters
    ----------
    figures
        By the figure's name.
    """

    figures: Mapping[str, DescribedFigure]


class PlotAnswer(NamedTuple):
    """What `plot` answers: the file that was written, and what the figure in it shows.

    Parameters
    ----------
    file, kind
        Where it was written, and which figure it is.
    finding, caption
        What it shows, and how it is read.
    """

    file: str
    kind: str
    finding: str
    caption: str


class DiffAnswer(NamedTuple):
    """What `diff` answers: what changes numbers first. ``study`` is A, and ``other`` is B.

    Parameters
    ----------
    differences
        Each thing that is said differently.
    """

    differences: tuple[Difference, ...]


class SuggestAnswer(NamedTuple):
    """What `suggest` answers, by input.

    Parameters
    ----------
    inputs
        By input, what its evidence suggests.
    """

    inputs: Mapping[str, Suggestion]


class FitSettings(NamedTuple):
    """Which data a fit is of.

    Parameters
    ----------
    column, seed
        Which column, and the seed of the goodness of fit's replicates.
    data
        The file's name.
    """

    data: str
    column: str
    seed: int


@record(
    "values",
    "missing",
    "reading?=read",
    "fits",
    "refused=found.refused",
    "advised=found.advised.text",
    "mean=found.mean_text",
    "sentences=found.sentences",
)
class FitAnswer(NamedTuple):
    """What `fit` answers of data.

    Parameters
    ----------
    missing
        How many cells had no value.
    read
        Which rows were read, and what else the file has.
    """

    found: Fits
    missing: int
    read: RowsRead | None = None

    @property
    def values(self) -> int:
        """How many values there are."""
        return len(self.found.values)

    @property
    def fits(self) -> tuple[Fit, ...]:
        """The families, the best first."""
        return self.found.fits


class QuantileSettings(NamedTuple):
    """What an expert said.

    Parameters
    ----------
    quantiles
        Each with its probability first.
    low, high, mean, sd
        What else is known; None where it is not.
    """

    quantiles: tuple[tuple[float, float], ...]
    low: float | None
    high: float | None
    mean: float | None
    sd: float | None


class ExpertSettings(NamedTuple):
    """From which files experts are weighed.

    Parameters
    ----------
    experts, seeds
        Names of the files: what was answered, and what is known.
    cut_off
        The calibration below which an expert does not count.
    read
        Which experts and questions were read from the files, and what was not.
    """

    experts: str
    seeds: str
    cut_off: float
    read: str


@record("distributions", "refused=found.refused", "advised=found.best.text", "sentences")
class QuantilesAnswer(NamedTuple):
    """What `fit` answers of quantiles or moments."""

    found: Elicitation

    @property
    def distributions(self) -> tuple[Elicited, ...]:
        """What meets all that was said first, then the nearest families."""
        return self.found.found

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to make of it."""
        return tuple(filter(None, (self.found.verdict, *self.found.sentences)))


@record("settings=found.about", "results=answer")
class SobolPart(NamedTuple):
    """The Sobol' indices in a report: what they depend on, and what they are.

    Parameters
    ----------
    opinions
        By output, SALib's own analysis.
    """

    found: SobolIndices
    opinions: Mapping[str, SecondOpinion] = Frozen()

    @property
    def answer(self) -> SobolAnswer:
        """What `sensitivity` answers."""
        return SobolAnswer(self.found, opinions=self.opinions)


@record("output=details.effects.output", "**details", "**local")
class Drivers(NamedTuple):
    """What is known of the top drivers of one output beside their indices."""

    details: DriverDetails
    local: LocalViews


@record("check", "run", "readings", "cases|", "challenge", "sensitivity|", "drivers", "alternatives?")
class ReportAnswer(NamedTuple):
    """Every number of a report.

    Parameters
    ----------
    check, run, challenge
        What the commands of these names answer.
    readings
        By output, its distribution under every reading.
    cases
        By leading reading, the distribution of the headline over the cases, or why there is none.
    sensitivity, drivers
        By reading, the Sobol' indices of the headline, and what else is known of its top drivers.
    alternatives
        The outputs that the study compares, where it names some.
    """

    check: CheckAnswer
    run: Propagation
    readings: Mapping[str, Readings]
    cases: Mapping[str, OutputCases | str]
    challenge: Challenge
    sensitivity: Mapping[str, SobolPart | str]
    drivers: Mapping[str, Drivers]
    alternatives: Alternatives | None = None


class ComparedSettings(NamedTuple):
    """What a document that is compared says of its settings.

    Parameters
    ----------
    samples, seed, level, interval, design, reading, choices, overrides
        As `About` has them.
    observations, outer, inner, program, stochastic, nonfinite, numpy, scipy
        Likewise; empty where the document tells of none.
    """

    samples: int
    seed: int
    level: float
    interval: str
    design: str
    reading: str
    choices: Mapping[str, str]
    overrides: Mapping[str, str]
    observations: tuple[str, ...] = ()
    outer: int | None = None
    inner: int | None = None
    program: str = ""
    stochastic: bool | None = None
    nonfinite: str = ""
    numpy: str = ""
    scipy: str = ""


class Compared(NamedTuple):
    """A document that is compared with another.

    Parameters
    ----------
    source
        The file's name.
    study, settings
        What it is of.
    """

    source: str
    study: NamedStudy
    settings: ComparedSettings


class ComparedOutput(NamedTuple):
    """An output in both documents.

    Parameters
    ----------
    unit, median, interval
        In one and in the other; the numbers of each are in its own unit.
    """

    unit: tuple[str, ...]
    median: tuple[float | None, ...]
    interval: tuple[tuple[float | None, float | None], ...]


class CompareAnswer(NamedTuple):
    """What `report --compare` answers.

    Parameters
    ----------
    compared
        Both documents.
    outputs
        By output that both have, what it came to.
    inputs
        By input that differs, its distribution in one and in the other; None where one has none.
    """

    compared: tuple[Compared, ...]
    outputs: Mapping[str, ComparedOutput]
    inputs: Mapping[str, tuple[str | None, ...]]


class ToldFault(NamedTuple):
    """One thing that is wrong.

    Parameters
    ----------
    file, key
        Where: a file, and in it or on the command line a key, a setting or an option; None where unknown.
    message
        What is wrong, and what was expected.
    suggestion
        The nearest valid spelling; None where nothing is near.
    """

    file: str | None
    key: str | None
    message: str
    suggestion: str | None


class Failure(NamedTuple):
    """What every command answers where it cannot do what it was asked for.

    Parameters
    ----------
    faults
        All that is wrong.
    """

    faults: tuple[ToldFault, ...]


def failure_document(found: Failure) -> Document:
    """Return the document of a failure."""
    return {"format": FORMAT, "error": encoded(found)}


def answered() -> tuple[Answered, ...]:
    """Return every kind of document."""
    from uncertainty.challenges.analysis import Challenge
    from uncertainty.fitting.seeds import ExpertWeights
    from uncertainty.results.schema import Answered
    from uncertainty.sensitivity.methods import METHODS
    from uncertainty.sensitivity.sobol.results import SobolAbout

    return (
        Answered("studies", StudiesAnswer, None, None),
        Answered("check", CheckAnswer, About | None, NamedStudy),
        Answered("run", RunAnswer, About, NamedStudy),
        Answered("sensitivity", SobolAnswer, SobolAbout, NamedStudy),
        *(Answered("sensitivity", kind, About, NamedStudy) for kind in map(method_answer, METHODS)),
        Answered("challenge", Challenge, About, NamedStudy),
        Answered("report", ReportAnswer, About, NamedStudy, Frozen({"versions": dict[str, str]})),
        Answered("compare", CompareAnswer, None, None),
        Answered("plot", PlotAnswer, None, NamedStudy),
        Answered("plot", FiguresAnswer, None, None),
        Answered("diff", DiffAnswer, None, NamedStudy, Frozen({"other": NamedStudy})),
        Answered("fit", FitAnswer, FitSettings, None),
        Answered("fit", QuantilesAnswer, QuantileSettings, None),
        Answered("fit", ExpertWeights, ExpertSettings, None),
        Answered("suggest", SuggestAnswer, None, NamedStudy),
    )


def run_document(
    run: Propagation, readings: Readings | None = None, alternatives: Alternatives | None = None
) -> Document:
    """Return the document of `uncertainty run`."""
    return document("run", run.study, RunAnswer(run, readings, alternatives), run.about)


def check_document(
    found: Reproductions, unargued: Unargued | None = None, grounds: Grounds | None = None
) -> Document:
    """Return the document of `uncertainty check`, with pairs of drivers where these were looked for."""
    return document("check", found.study, CheckAnswer(found, unargued, grounds), found.about)


def sensitivity_document(
    found: SobolIndices,
    details: Mapping[str, DriverDetails] = Frozen(),
    opinions: Mapping[str, SecondOpinion] = Frozen(),
) -> Document:
    """Return the document of `uncertainty sensitivity`; `details` and `opinions` by output."""
    return document("sensitivity", found.study, SobolAnswer(found, details, opinions), found.about)


def challenge_document(found: Challenge) -> Document:
    """Return the document of `uncertainty challenge`."""
    return document("challenge", found.study, found, found.about)


def diff_document(one: Study, other: Study, found: tuple[Difference, ...]) -> Document:
    """Return the document of `uncertainty diff`."""
    return document("diff", one, DiffAnswer(found)) | {"other": encoded(NamedStudy.of(other))}


def schema_document() -> Document:
    """Return the JSON Schema of everything that commands answer."""
    from uncertainty.results.schema import results_schema

    return results_schema(answered(), Failure)
