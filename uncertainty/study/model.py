"""The immutable study: a published calculation, its inputs with their evidence, its choices and readings.

Everything here was checked when it was read. Values are in the unit that the input or output declares.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

from uncertainty.calls import checked
from uncertainty.characters import on_one_line
from uncertainty.errors import InvalidValue, StudyError, nearest
from uncertainty.late import dataclass
from uncertainty.records import Frozen, Once, Titled, brief, by_name, view
from uncertainty.values import number

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from numpy.typing import ArrayLike

    from uncertainty.distributions import Distribution
    from uncertainty.expressions.syntax import Expression
    from uncertainty.indices.index import Index
    from uncertainty.indices.lowering import Curve
    from uncertainty.study.calling import FirstRows, Function, Meter, Turns
    from uncertainty.study.emulator import Emulator
    from uncertainty.study.sources import Source
    from uncertainty.units import Unit

AS_PUBLISHED = "as_published"

AMOUNT = "{amount}"
"""What stands in a statement of an output for how much it is."""

PUBLISHED_CONVENTIONS = "The publication's conventions, today's evidence"
"""What that reading is called by default where its inputs have distributions."""

Kind = Literal["uncertainty", "variability"]
Over = Literal["case", "average", "median"]
Claim = Literal["at least", "at most", "about"]
Scale = Literal["linear", "log10"]
NonFinite = Literal["refuse", "drop"]
Measure = Literal["spearman", "pearson", "kendall"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
"""What a correlation may be of: ranks, values or order."""

STATISTICS = MappingProxyType(
    {
        "value": "The figure at the points, as a plain number is.",
        "mean": "The mean of the draws.",
        "median": "The median of the draws.",
        "sd": "The standard deviation of the draws.",
        "probability": "The share of draws at or above the reference, from 0 to 1.",
        "low": "The lower end of the interval that leaves equal shares outside; needs level.",
        "high": "The upper end of the interval that leaves equal shares outside; needs level.",
    }
)
"""What a figure may be of, besides percentiles such as p5 and "p97.5"."""

ENDS = ("low", "high")
"""Statistics that are the ends of an interval."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One published value (or range) for an input, in the input's unit."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    source: str = ""
    year: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Expert:
    """What one expert said of an input, in the input's unit.

    Parameters
    ----------
    distribution
        The expert's own, through the quantiles where these were given.
    weight
        How much the expert counts in the pool, beside the others; not negative.
    quantiles
        Pairs of a probability and a value, as they were given.
    """

    name: str
    distribution: Distribution
    weight: float = 1.0
    quantiles: tuple[tuple[float, float], ...] = ()
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Input(Titled):
    """One input: what the publication used, and what is known about it.

    Parameters
    ----------
    point
        The publication's value in `unit`, or an expression over other inputs' points; of an input that is a
        parameter alone its median.
    distribution
        What replaces the point, in `unit`, already truncated to `low` and `high`; None keeps the point.
    low, high
        Physical limits that hold for every distribution of this input, overrides included.
    kind
        ``"uncertainty"`` if nobody knows the value, ``"variability"`` if it differs from case to case.
    quantity
        Of a cell the indexed input that it belongs to; of another input nothing.
    member_of
        Of a category the index whose members it takes: its values are their places, from 0.
    """

    name: str
    unit: Unit
    point: float | Expression
    distribution: Distribution | None = None
    low: float | None = None
    high: float | None = None
    label: str = ""
    kind: Kind = "uncertainty"
    group: str = ""
    basis: str | None = None
    source: str = ""
    note: str = ""
    evidence: tuple[Evidence, ...] = ()
    experts: tuple[Expert, ...] = ()
    quantity: str = ""
    member_of: Index | None = None

    __repr__ = brief

    @property
    def has_point(self) -> bool:
        """Whether its point is given, or known by now."""
        return not (isinstance(self.point, float) and math.isnan(self.point))

    @property
    def source_texts(self) -> tuple[str, ...]:
        """The sources that it names: its own, those of its evidence and those of its experts."""
        of_evidence, of_experts = (
            (row.source for row in self.evidence),
            (row.source for row in self.experts),
        )
        return tuple(text for text in (self.source, *of_evidence, *of_experts) if text)


@dataclass(frozen=True, slots=True)
class Override:
    """What takes the place of an input's point and distribution, and maybe kind, in the input's unit.

    Parameters
    ----------
    distribution
        Already truncated to the input's limits; a constant fixes the input.
    point
        Where nothing else was said, the distribution's median.
    written
        The distribution as it was written, before limits cut it.
    at_median
        Whether the point is a median because nothing else was said.
    kind
        Whether the input now differs from case to case or is what nobody knows; None leaves it as it was.
    """

    distribution: Distribution
    point: float
    written: str = field(compare=False)
    at_median: bool = False
    kind: Kind | None = None

    def __str__(self) -> str:
        at_own = self.at_median or (self.distribution.is_constant and self.point == self.distribution.mean)
        if at_own and self.kind is None:
            return self.written
        quote = "'" if '"' in self.written else '"'
        point = "" if at_own else f"point = {self.point!r}, "
        kind = "" if self.kind is None else f', kind = "{self.kind}"'
        return f"{{ {point}distribution = {quote}{self.written}{quote}{kind} }}"


@dataclass(frozen=True, slots=True)
class Equation:
    """An intermediate quantity.

    Parameters
    ----------
    quantity
        Of a cell the indexed equation that it belongs to; of another equation nothing.
    part
        Whether it is no quantity of the study but a part of formulas, such as a sum, under its own text.
    """

    name: str
    expression: Expression
    unit: Unit | None = None
    label: str = ""
    note: str = ""
    quantity: str = ""
    part: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed number, how many significant digits it carries, and what of an output it is.

    Parameters
    ----------
    value, digits
        The number as it was printed, and how many significant digits it carries.
    statistic
        ``"value"`` at the points, or of the draws: ``"mean"``, ``"median"``, ``"sd"``, a percentile such as
        ``"p97.5"``, ``"low"`` or ``"high"``, or ``"probability"``, the share at or above the reference.
    level
        Of the interval that ``"low"`` and ``"high"`` are the ends of; it leaves equal shares outside.
    also
        What else was printed of the same output.
    """

    value: float
    digits: int
    statistic: str = "value"
    level: float | None = None
    also: tuple[Figure, ...] = ()

    def __post_init__(self) -> None:
        if self.statistic not in STATISTICS and not 0 < (self.probability or 0) < 1:
            known = f"{', '.join(STATISTICS)} and percentiles such as p5"
            meant = nearest(self.statistic, STATISTICS)
            raise InvalidValue(f'unknown statistic "{self.statistic}"; known: {known}{meant}')
        if (self.level is not None) != (self.statistic in ENDS):
            raise InvalidValue("low and high need a level, and no other figure has one")

    @property
    def every(self) -> tuple[Figure, ...]:
        """The figure and what else was printed of the output."""
        return (self, *self.also)

    @property
    def probability(self) -> float | None:
        """The share of draws below a figure that is a quantile; None where it is not."""
        if self.level is not None:
            return (1 - self.level if self.statistic == "low" else 1 + self.level) / 2
        if self.statistic == "median":
            return 0.5
        from uncertainty.distributions.arguments import QUANTILE_NAME

        percentile = QUANTILE_NAME.fullmatch(self.statistic)
        return None if percentile is None else float(Decimal(percentile[1]) / 100)

    @property
    def at_points(self) -> bool:
        """Whether it is what the points give, and nothing has to be drawn for it."""
        return self.statistic == "value"


@dataclass(frozen=True, slots=True)
class Output(Titled):
    """One result of the calculation, in `unit`.

    Parameters
    ----------
    name
        What expressions and results call it.
    quantity
        Of a cell the indexed output that it belongs to; of another output nothing.
    over
        What its published figure, and every number of it, speaks of: any one case, the average over the
        cases given what nobody knows, or the median case. Of a formula with ``average(…)`` it is the average.
    external
        Whether a program gives it, which the study does not name.
    words
        How people ask for it: ``above`` or ``below`` is the question to which yes means that it lies on that
        side of its reference, ``figure`` the one for its figure; ``reference`` is what that is,
        ``published`` what is to be read beside the published figure, ``statement`` how it is quoted, with
        `AMOUNT` for how much it is, ``fairest`` why the preferred reading is the fairest, and ``beyond`` what
        is said of an end that the calculation itself has set.
    one_beside
        Whether it is asked of any one case beside an average, and need not have a value in each.
    yes_or_no
        What it speaks of where each of its values says yes (1) or no (0), by its formula.
    counts
        Whether it is a count by its formula, so that it says neither even where no draw is 2.
    """

    name: str
    unit: Unit
    expression: Expression | None
    published: Figure | None = None
    label: str = ""
    claim: Claim = "about"
    reference: float | None = None
    scale: Scale = "linear"
    source: str = ""
    note: str = ""
    quantity: str = ""
    over: Over = "case"
    external: bool = False
    words: Mapping[str, str] = field(default_factory=Frozen)
    one_beside: bool = False
    yes_or_no: tuple[Over, ...] = ()
    counts: bool = False

    @property
    def claims_above(self) -> bool:
        """Whether the claim is that the output lies above its reference rather than below it.

        What "at least" and "at most" say is taken as said; "about" claims the side of the reference on which
        the published figure lies, and above where nothing else is known.
        """
        figure = self.published
        if self.claim == "about" and figure is not None and figure.statistic == "probability":
            return figure.value >= 0.5
        if self.claim == "about" and self.published_value is not None and self.reference is not None:
            return self.published_value >= self.reference
        return self.claim != "at most"

    @property
    def published_value(self) -> float | None:
        """The published figure, where it is a value that draws can be compared with."""
        return None if self.published is None or self.unplaced_because else self.published.value

    @property
    def unplaced_because(self) -> str:
        """Why the published figure has no place among the output's values; empty where it has one."""
        if self.published is None:
            return ""
        what = {"sd": "a standard deviation", "probability": "a probability"}.get(self.published.statistic)
        if self.over in self.yes_or_no and 0 < self.published.value < 1:
            what = "a share of what says yes or no"
        return f"{what} was published, which has no place among the draws" if what else ""

    @property
    def figure_at_points(self) -> Figure | None:
        """What was published of the points, the figure under challenge or another."""
        figures = () if self.published is None else self.published.every
        return next((figure for figure in figures if figure.at_points), None)


@dataclasses.dataclass(frozen=True, slots=True)
class Correlation:
    """A target for the correlation of two inputs: of one kind, between -1 and 1.

    Parameters
    ----------
    inputs
        Their names.
    spearman
        The correlation of their ranks.
    pearson
        The correlation of their values.
    kendall
        The correlation of their order: tau, tau-b where values occur more than once.
    across
        Of two cells of an input that binds its cells: its name.
    """

    inputs: tuple[str, str]
    spearman: float | None = None
    source: str = ""
    note: str = ""
    pearson: float | None = None
    kendall: float | None = None
    basis: str | None = None
    across: str = ""

    def __post_init__(self) -> None:
        if len(self._given()) != 1:
            raise InvalidValue(f"expected one of {', '.join(MEASURES)}")
        number(self.kind, self.value)

    def _given(self) -> list[Measure]:
        return [kind for kind in MEASURES if getattr(self, kind) is not None]

    @property
    def kind(self) -> Measure:
        """Which of them is given."""
        return self._given()[0]

    @property
    def value(self) -> float:
        """How strong it is."""
        found: float = getattr(self, self.kind)
        return found

    def at(self, value: float) -> Correlation:
        """Return the same with another value."""
        given: dict[str, Any] = {self.kind: value}
        return replace(self, **given)


@dataclass(frozen=True, slots=True)
class Independence:
    """That nothing binds two inputs, and why."""

    inputs: tuple[str, str]
    because: str = ""
    source: str = ""
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Option(Titled):
    """One way to make a choice: the equations and inputs that it replaces."""

    name: str
    label: str = ""
    source: str = ""
    note: str = ""
    equations: Mapping[str, Expression] = field(default_factory=Frozen)
    inputs: Mapping[str, Override] = field(default_factory=Frozen)


@dataclass(frozen=True, slots=True)
class Choice:
    """A modelling choice; `options` keeps the file's order, the publication's own first."""

    name: str
    options: Mapping[str, Option]
    question: str = ""
    note: str = ""

    @property
    def published(self) -> str:
        """Name of the publication's own option."""
        return next(iter(self.options))


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A combination of options that makes no sense: every choice named has one of the options listed."""

    when: Mapping[str, tuple[str, ...]]
    because: str

    def matches(self, options: Mapping[str, str]) -> bool:
        """Tell whether a full set of options falls under the exclusion."""
        return all(options[choice] in names for choice, names in self.when.items())


@dataclass(frozen=True, slots=True)
class Observation(Titled):
    """What was observed of a quantity, with an error: exactly one of `sd`, `gsd` and `distribution`.

    Parameters
    ----------
    quantity
        Name of the input, equation or output, of one with indices that of a cell.
    value
        What was observed, in `unit`.
    sd
        Standard deviation of a normal error.
    gsd
        Geometric standard deviation of a lognormal error, which multiplies.
    distribution
        Of the error, which is added.
    over
        Whether one case was observed, or the average over the cases.
    of_output
        Whether the quantity is an output.
    """

    name: str
    quantity: str
    value: float
    unit: Unit
    sd: float | None = None
    gsd: float | None = None
    distribution: Distribution | None = None
    over: Literal["case", "average"] = "case"
    label: str = ""
    source: str = ""
    note: str = ""
    of_output: bool = False

    @property
    def error(self) -> str:
        """How its error is distributed, in words."""
        if self.sd is not None:
            return f"sd {self.sd:g}"
        return f"gsd {self.gsd:g}" if self.gsd is not None else f"error {self.distribution}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A named way to read the study.

    Parameters
    ----------
    condition
        Completes the sentence "If …," with what the reading holds fixed; empty if the study gives none.
    printed
        What its source itself prints for it; empty where the reading is no critique, or prints no number.
    expect
        Figures that the reading must reproduce at the points, by output.
    observations
        Names of the observations that its draws are weighed by.
    """

    name: str
    label: str = ""
    condition: str = ""
    source: str = ""
    printed: str = ""
    note: str = ""
    choices: Mapping[str, str] = field(default_factory=Frozen)
    inputs: Mapping[str, Override] = field(default_factory=Frozen)
    expect: Mapping[str, Figure] = field(default_factory=Frozen)
    preferred: bool = False
    observations: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The label, or the name where no label is given."""
        return on_one_line(self.label) or self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Quantity(Titled):
    """An input, equation or output with indices: a table of cells.

    Parameters
    ----------
    indices
        Their names, in the study's order.
    cells
        The name of each cell by its members, the last index changing first.
    formulas
        Of an equation or output its formulas as they are written, by the members for which each holds; of a
        formula for all of them that is nothing.
    """

    name: str
    indices: tuple[str, ...]
    cells: Mapping[tuple[str, ...], str]
    label: str = ""
    note: str = ""
    formulas: Mapping[tuple[str, ...], Expression] = field(default_factory=Frozen)

    __repr__ = brief


@dataclass(frozen=True, slots=True)
class Study:
    """A published calculation, read and checked.

    Parameters
    ----------
    headline
        The output that everything leads with.
    readings
        By name; ``as_published`` is always there and comes first.
    files
        The tables beside the study that it was read from.
    indices
        By name, in the order in which the members of a cell stand.
    curves
        Straight lines between points, by name.
    quantities, tables
        The inputs and equations, and the outputs, that have indices; `inputs`, `equations` and `outputs` hold
        their cells.
    observations
        What was observed of quantities, by name.
    sources
        What its texts cite, by key.
    language
        Tag of the language that it is written in (BCP 47).
    question
        The claim as a reader would ask it.
    compare
        Outputs of one unit that are alternatives to one another.
    better
        Which of them is the best.
    nonfinite
        What is done with draws for which an output is infinite or undefined: the run is refused, or they are
        dropped and their share is reported.
    sha256
        Hash over the study file and the data files that it names, in hexadecimal; over inputs, outputs,
        correlations and what `uncertainty.study.fingerprint` sees of the function where that is the model.
    function
        The model, where it is a Python function of arrays by name instead of equations.
    turns
        What lets one thread at a time call that function; None where several may.
    first_rows
        What checks that a row's value follows from that row alone; None where it does, or cannot.
    meter, cache
        What counts the model rows of a call that has a budget, and the folder that keeps what was run.
    stochastic
        Whether that function gave other numbers for equal rows when it was tried.
    emulator
        How well that function does in place of another, where it is an emulator.
    once
        What is found once of it, such as its scenarios.
    noticed
        What its file may not mean, as sentences: columns that nothing reads, numbers that are no points.
    files_read
        What was read from the files beside it, as sentences.
    """

    name: str = ""
    title: str = ""
    headline: str = ""
    inputs: Mapping[str, Input] = field(default_factory=Frozen)
    outputs: Mapping[str, Output] = field(default_factory=Frozen)
    equations: Mapping[str, Equation] = field(default_factory=Frozen)
    correlations: tuple[Correlation, ...] = ()
    independent: tuple[Independence, ...] = ()
    choices: Mapping[str, Choice] = field(default_factory=Frozen)
    excluded: tuple[Exclusion, ...] = ()
    readings: Mapping[str, Reading] = field(
        default_factory=lambda: Frozen({AS_PUBLISHED: Reading(AS_PUBLISHED)})
    )
    counting_units: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    indices: Mapping[str, Index] = field(default_factory=Frozen)
    curves: Mapping[str, Curve] = field(default_factory=Frozen)
    quantities: Mapping[str, Quantity] = field(default_factory=Frozen)
    tables: Mapping[str, Quantity] = field(default_factory=Frozen)
    observations: Mapping[str, Observation] = field(default_factory=Frozen)
    sources: Mapping[str, Source] = field(default_factory=Frozen)
    source: str = ""
    note: str = ""
    authors: tuple[str, ...] = ()
    date: date | None = None
    licence: str = ""
    url: str = ""
    version: str = ""
    language: str = "en"
    question: str = ""
    compare: tuple[str, ...] = ()
    better: Literal["lowest", "highest"] = "lowest"
    nonfinite: NonFinite = "refuse"
    sha256: str = ""
    file: str = ""
    folder: Path | None = field(default=None, repr=False)
    function: Function | None = None
    turns: Turns | None = field(default=None, compare=False, repr=False)
    first_rows: FirstRows | None = field(default=None, compare=False, repr=False)
    stochastic: bool = False
    emulator: Emulator | None = None
    meter: Meter | None = field(default=None, compare=False, repr=False)
    cache: Path | None = field(default=None, compare=False, repr=False)
    once: Once[Hashable, Any] = field(default_factory=Once, init=False, compare=False, repr=False)
    noticed: tuple[str, ...] = field(default=(), compare=False, repr=False)
    files_read: tuple[str, ...] = field(default=(), compare=False, repr=False)

    __repr__ = brief

    @property
    def is_noisy(self) -> bool:
        """Whether what gives the outputs gave other numbers for equal rows, a program once it was run."""
        return self.stochastic or bool(getattr(self.function, "is_noisy", False))

    def __post_init__(self) -> None:
        # what a reader makes of a file has faults of its own to tell
        if not self.outputs and not self.file:
            raise StudyError(
                "a study is not made by its parts: write un.load_study of a bundled name or a path, "
                "or un.Study.from_function of a function and its inputs"
            )

    @classmethod
    @checked()
    def from_function(
        cls,
        function: Function,
        inputs: Mapping[str, Any] | None = None,
        *,
        units: Mapping[str, str] | None = None,
        counting_units: Sequence[str] = (),
        outputs: Sequence[str] | Mapping[str, Output | Index] | None = None,
        headline: str | None = None,
        title: str | None = None,
        correlations: Sequence[Correlation] | Mapping[tuple[str, str], float] | ArrayLike = (),
        nonfinite: NonFinite = "refuse",
        vectorized: bool = True,
        thread_safe: bool = False,
    ) -> Study:
        """Make a study of a Python function.

        Parameters
        ----------
        function
            Takes each input by name as an array of shape (rows,) and returns a dict with an array of that
            shape, one real number a row, for each output; an instance with ``__call__`` and a bound method
            are functions too. Masked values, None and pandas' NA are undefined, as nan is; quantities of
            pint are converted to the output's unit. Where `outputs` names them it may return the arrays
            alone: one, or a tuple of them.
        inputs
            Distributions, their texts, numbers, frozen distributions of scipy (whatever has ``ppf`` and
            ``cdf``), data (an array or a list of three numbers and more, resampled), what a SALib problem
            says of an input (two bounds in a list, or ``{"bounds": [0, 1], "dist": "norm"}``), or whole
            `Input` records; or the whole SALib problem, groups included. Those that are left out are taken
            from the function's hints, ``width: Annotated[float, "2 to 3", "m"]``, or are fixed at its
            defaults; a default beside a distribution is the point.
        units
            Units of inputs and outputs, by name. The function takes bare numbers in them, and returns such
            numbers or quantities.
        counting_units
            Things that are counted, each a unit of its own.
        outputs
            Names or records of the outputs, or the `Index` of one that has an array of shape (rows, members);
            found by calling the function at the medians by default. This call and another, of the same row
            among others, also tell whether the model has random numbers of its own, which is then said
            with every result, and whether a row's value follows from other rows, which is refused.
        headline
            The output that reports lead with, the first one by default.
        correlations
            Rank correlations (Spearman) by pairs, ``{("x", "y"): 0.9}``, or as a matrix over the inputs in
            their order, or over those that vary; or `Correlation` records.
        nonfinite
            ``"drop"`` drops draws for which an output is infinite or undefined, and says how many they are.
        vectorized
            Whether the function takes arrays. ``False`` calls it once for each row with single numbers:
            a whole number is an ``int`` where the parameter's hint or its default is one.
        thread_safe
            Whether several threads may call the function at once. By default it is called once at a time,
            block after block in the order of the draws, so that a simulator that holds state, or random
            numbers of its own, gives the same result every time. Of processes each has its own copy.

        Raises
        ------
        StudyError
            If an input cannot be read, the inputs are not the function's parameters, or it does not return
            arrays by name.

        Examples
        --------
        >>> import uncertainty as un
        >>> def area(width, height):
        ...     return {"area": width * height}
        >>> study = un.Study.from_function(area, inputs={"width": "2 to 3", "height": "normal(4, 0.1)"})
        >>> un.propagate(study, samples=1024).outputs["area"].median > 9
        True
        """
        study: Study = by_name("uncertainty.study.function", "study_from_function")(
            function,
            inputs,
            units=units,
            counting_units=counting_units,
            outputs=outputs,
            headline=headline,
            title=title,
            correlations=correlations,
            nonfinite=nonfinite,
            vectorized=vectorized,
            thread_safe=thread_safe,
        )
        return study

    _repr_html_ = view

    @property
    def own_model(self) -> str:
        """In which model it counts where it does not repeat the publication's calculation; else empty."""
        return on_one_line(self.outputs[self.headline].words.get("model", "")) if self.headline else ""

    @property
    def preferred_reading(self) -> str | None:
        """Name of the study's like-for-like reading, if it has one."""
        return next((name for name, reading in self.readings.items() if reading.preferred), None)


AS_CHOSEN = "as_chosen"
"""Name of the reading that options given by hand make up."""
