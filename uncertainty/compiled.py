"""A scenario's equations as a numpy program: columns of input values in, columns of output values out."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager, nullcontext
from dataclasses import field, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from uncertainty.errors import Fault, InvalidValue, NonFiniteError, SettingError, StudyError
from uncertainty.expressions import Call, Expression, Graph, Name, Number, Tape, build_graph, compile_tape
from uncertainty.expressions.derivatives import rounding_errors
from uncertainty.expressions.graph import names_of
from uncertainty.kept_blocks import read_block, write_block
from uncertainty.late import dataclass
from uncertainty.records import Frozen, Later, Same, brief
from uncertainty.rounding import rounding_of_unseen
from uncertainty.study.calling import call, read_columns
from uncertainty.study.cells import output_addresses
from uncertainty.study.fingerprint import fingerprint
from uncertainty.study.probing import CHECKED, few_of, refuse_mixing
from uncertainty.study.program import EXAMPLE, Program
from uncertainty.study.reach import reached_inputs, reached_names
from uncertainty.units import UnitSystem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.calling import FirstRows, Function, Meter, Turns
    from uncertainty.study.model import Output, Study
    from uncertainty.study.scenario import Scenario


class Model(Protocol):
    """A vectorised model: inputs and outputs in the units that the study declares for them."""

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the rows of the result."""
        ...

    def workspace(self, rows: int) -> FloatArray | None:
        """Return scratch space for blocks of `rows` rows, to be used by one thread."""
        ...

    def run(self, inputs: FloatArray, outputs: FloatArray, workspace: FloatArray | None = None) -> None:
        """Fill `outputs`, shape (outputs, rows), from `inputs`, shape (varying inputs, rows)."""
        ...

    def rounding(self, inputs: FloatArray, outputs: FloatArray) -> FloatArray:
        """Return bounds on the outputs' rounding errors, shape (outputs, rows).

        Parameters
        ----------
        inputs
            Where, shape (varying inputs, rows).
        outputs
            What `run` makes of them, or other values of theirs: their size tells it where nobody sees the
            operations.
        """
        ...


@dataclass(frozen=True, slots=True)
class EquationModel:
    """A model made of equations.

    Parameters
    ----------
    meter
        What counts its rows, where there is a budget.
    """

    outputs: tuple[str, ...]
    tape: Tape
    meter: Meter | None = field(default=None, compare=False, repr=False)

    __repr__ = brief

    def workspace(self, rows: int) -> FloatArray | None:
        """Return scratch space for blocks of `rows` rows, to be used by one thread."""
        return np.empty((self.tape.slots, rows))

    def run(
        self,
        inputs: Sequence[FloatArray] | FloatArray,
        outputs: FloatArray,
        workspace: FloatArray | None = None,
    ) -> None:
        """Fill `outputs`, shape (outputs, rows), from `inputs`, one of shape (rows,) for each that varies."""
        if self.meter is not None:
            self.meter.take(outputs.shape[1])
        self.tape.run(inputs, outputs, workspace)

    def rounding(self, inputs: FloatArray, outputs: FloatArray) -> FloatArray:  # noqa: ARG002 - the protocol's
        """Return bounds on the outputs' rounding errors, shape (outputs, rows)."""
        return rounding_errors(self.tape, inputs)


@dataclass(frozen=True, slots=True)
class FunctionModel:
    """A model that is a Python function of arrays by name, giving arrays by name.

    Parameters
    ----------
    returned
        The outputs wanted, in whose units its results are read.
    turns
        What lets one thread at a time call the function; None where several may.
    values
        Turns draws into the inputs' values, where these have parameters.
    named
        The study's outputs, for a function that returns no names.
    places
        Of the cells of outputs with an index their columns, as `read_columns` takes them.
    meter
        What counts its rows, where there is a budget.
    cache
        The folder that keeps its results, if one does.
    first_rows
        What checks that a row's value follows from that row alone.
    """

    returned: tuple[Output, ...]
    function: Function
    inputs: tuple[str, ...]
    constants: Mapping[str, float]
    counting_units: tuple[str, ...] = ()
    turns: Turns | None = None
    values: InputValues | None = None
    named: tuple[str, ...] = ()
    places: Mapping[str, tuple[int, int]] = field(default_factory=Frozen)
    meter: Meter | None = field(default=None, compare=False, repr=False)
    cache: Path | None = None
    first_rows: FirstRows | None = field(default=None, compare=False, repr=False)

    __repr__ = brief

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the rows of the result."""
        return tuple(output.name for output in self.returned)

    def workspace(self, rows: int) -> FloatArray | None:  # noqa: ARG002 - the protocol's
        """Return nothing: the function allocates what it needs."""
        return None

    def run(
        self,
        inputs: FloatArray,
        outputs: FloatArray,
        workspace: FloatArray | None = None,  # noqa: ARG002 - the protocol's
    ) -> None:
        """Fill `outputs`, shape (outputs, rows), from `inputs`, shape (varying inputs, rows)."""
        rows = outputs.shape[1]
        if self.meter is not None:
            self.meter.take(rows)
        columns = inputs if self.values is None else self.values.of(inputs)
        # what the function returns may be memory that its next call writes to
        with self.turns or nullcontext():
            outputs[:] = self._values(columns)
            if self.first_rows is not None and rows > CHECKED:
                again = partial(self._values, columns[:, few_of(rows)])
                self.first_rows.take(partial(refuse_mixing, again, outputs.copy(), self.outputs))
            # within a budget only what is left of it is for checks, once all else has been run
            if self.meter is None and isinstance(self.function, Program):
                check_program(self.function, self.cache)
            elif self.meter is None and self.first_rows is not None:
                self.first_rows.check()

    def _values(self, columns: FloatArray) -> list[FloatArray]:
        """Return the outputs at some values of the inputs, shape (varying inputs, rows)."""
        rows = columns.shape[1]
        arguments = {name: np.full(rows, value) for name, value in self.constants.items()}
        arguments |= {name: column.copy() for name, column in zip(self.inputs, columns, strict=True)}
        results = call(self.function, arguments, self.named)
        argument = next(iter(arguments), "")
        return read_columns(results, self.returned, rows, argument, self.counting_units, self.places)

    def rounding(self, inputs: FloatArray, outputs: FloatArray) -> FloatArray:  # noqa: ARG002 - the protocol's
        """Return bounds on the outputs' rounding errors, shape (outputs, rows)."""
        return rounding_of_unseen(outputs)


def function_model(
    scenario: Scenario, outputs: Sequence[str], inputs: tuple[str, ...], constants: Mapping[str, float]
) -> Model:
    """Return the model of a study that is a function, over columns of some inputs."""
    study = scenario.study
    returned = tuple(study.outputs[name] for name in outputs)
    function = cast("Function", study.function)
    values = input_values(scenario, inputs)
    model = FunctionModel(
        returned,
        function,
        inputs,
        constants,
        study.counting_units,
        study.turns,
        values,
        returned_names(study),
        places_of_cells(study, outputs),
        study.meter,
        study.cache,
        study.first_rows,
    )
    return kept(scenario, model, (inputs, sorted(constants.items())))


def kept(scenario: Scenario, model: Model, over: object) -> Model:
    """Return a model that keeps its results where the study has a cache.

    Parameters
    ----------
    over
        What its results depend on beside the scenario: which columns it has.
    """
    study = scenario.study
    if study.cache is None:
        return model
    return CachedModel(model, study.cache, f"{cache_key(scenario)} {over!r}", study.meter)


def returned_names(study: Study) -> tuple[str, ...]:
    """Return the names under which a study's function gives its outputs, one for all cells of a table."""
    return tuple(dict.fromkeys(each.quantity or name for name, each in study.outputs.items()))


def places_of_cells(study: Study, outputs: Sequence[str]) -> Mapping[str, tuple[int, int]]:
    """Return of each output that is a cell its column in what the function gives, and the number of them."""
    found: dict[str, tuple[int, int]] = {}
    for quantity in dict.fromkeys(
        study.outputs[name].quantity for name in outputs if study.outputs[name].quantity
    ):
        cells = list(study.tables[quantity].cells.values())
        found |= {cell: (place, len(cells)) for place, cell in enumerate(cells)}
    return Frozen(found)


@dataclass(frozen=True, slots=True)
class InputValues:
    """Turns the draws of inputs into their values, where some have parameters.

    Parameters
    ----------
    places
        Rows of the inputs that have parameters.
    tape
        Gives their values, in their own units.
    inputs
        How many inputs there are.
    part
        Rows of those that there are draws of; all of them by default.
    """

    places: tuple[int, ...]
    tape: Later[Tape]
    inputs: int
    part: tuple[int, ...] | None = None

    def of(self, draws: FloatArray) -> FloatArray:
        """Return the values, shape (inputs, rows), in memory of their own.

        Where there are no draws of what one follows from, its values are not known: nan.
        """
        if self.part is None:
            values = draws.copy()
        else:
            values = np.full((self.inputs, draws.shape[1]), np.nan)
            values[list(self.part)] = draws
        found = np.empty((len(self.places), draws.shape[1]))
        self.tape.value.run(np.ascontiguousarray(values), found)
        values[list(self.places)] = found
        return values if self.part is None else values[list(self.part)]

    def only(self, rows: Sequence[int]) -> InputValues:
        """Return what turns draws of some of the inputs into their values."""
        return replace(self, part=tuple(rows if self.part is None else (self.part[row] for row in rows)))


def input_values(scenario: Scenario, inputs: Sequence[str]) -> InputValues | None:
    """Return what turns columns of draws into the inputs' values; None where they are the same."""
    names = [name for name in inputs if name in scenario.dependent]
    if not names:
        return None

    def compiled() -> Tape:
        graph = scenario_graph(scenario, (), {name: scenario.dependent[name].value for name in names})
        columns = [graph_input(scenario, name) for name in inputs]
        return compile_tape(graph, names, columns, _constants(scenario))

    return InputValues(tuple(inputs.index(name) for name in names), Later(compiled), len(inputs))


@dataclass(frozen=True, slots=True)
class CachedModel:
    """A model whose results are kept on disk, for evaluations that take minutes.

    Parameters
    ----------
    folder
        Where results are kept, one file for each block of inputs that was evaluated.
    key
        What the results depend on beside the inputs, such as the study's hash.
    meter
        What counts rows that are found there, too, so that a call that goes on is the same call.
    """

    model: Model
    folder: Path
    key: str
    meter: Meter | None = field(default=None, compare=False, repr=False)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the rows of the result."""
        return self.model.outputs

    def workspace(self, rows: int) -> FloatArray | None:
        """Return scratch space for blocks of `rows` rows, to be used by one thread."""
        return self.model.workspace(rows)

    def run(self, inputs: FloatArray, outputs: FloatArray, workspace: FloatArray | None = None) -> None:
        """Fill `outputs`, shape (outputs, rows), from `inputs`, or from what was found for them before."""
        digest = hashlib.sha256(f"{self.key}\n{self.outputs}\n{inputs.shape}\n".encode())
        digest.update(np.ascontiguousarray(inputs).tobytes())
        path = self.folder / f"{digest.hexdigest()}.npy"
        found = read_block(path, outputs.nbytes)
        if found is None:
            self.model.run(inputs, outputs, workspace)
            write_block(path, outputs)
            return
        if self.meter is not None:
            self.meter.take(outputs.shape[1])
        if isinstance(self.model, FunctionModel) and isinstance(self.model.function, Program):
            _recall_noise(self.model.function, self.folder)
        outputs[:] = found

    def rounding(self, inputs: FloatArray, outputs: FloatArray) -> FloatArray:
        """Return bounds on the outputs' rounding errors, shape (outputs, rows)."""
        return self.model.rounding(inputs, outputs)


def check_program(program: Program, cache: Path | None) -> None:
    """Check rows of a program, and keep in a folder that it has random numbers of its own.

    Raises
    ------
    SettingError
        If what a row gives follows from the rows beside it.
    """
    program.check_rows()
    if cache is not None and program.is_noisy:
        path = cache / _noise_of(program)
        if read_block(path, _NOISE.nbytes) is None:
            write_block(path, _NOISE)


def _recall_noise(program: Program, cache: Path) -> None:
    """Have a program whose results were found in a folder know what was found of it with them."""
    if not program.is_noisy and read_block(cache / _noise_of(program), _NOISE.nbytes) is not None:
        program.learn_of_noise()


_NOISE = np.ones(1)
"""What is kept of a program that gives other numbers for the same rows; the file's name says of which."""


def _noise_of(program: Program) -> str:
    digest = hashlib.sha256(f"noise\n{program.command}\n{program.sha256}\n{program.outputs}".encode())
    return f"{digest.hexdigest()}.npy"


def largest_rounding(model: Model, inputs: FloatArray, outputs: FloatArray) -> FloatArray:
    """Return the largest finite bound on each output's rounding errors, shape (outputs,)."""
    bounds = model.rounding(inputs, outputs)
    found: FloatArray = np.where(np.isfinite(bounds), bounds, 0.0).max(axis=1, initial=0.0)
    return found


def cache_key(scenario: Scenario) -> str:
    """Return what a scenario's results depend on beside the values of the inputs that vary.

    A function is looked at again, since what it closes over may have changed after the study was made of it.

    Raises
    ------
    SettingError
        If the function depends on something whose changes cannot be seen.
    """
    study = scenario.study
    found = fingerprint(study.function)
    if found.unseen:
        raise SettingError(
            f"cache: the function depends on {', '.join(found.unseen)}, and no hash can tell whether that "
            "has changed; give it numbers, arrays or plain functions, or run without a cache"
        )
    constants = {n: d.mean for n, d in scenario.distributions.items() if d.is_constant}
    values = {name: str(each.value) for name, each in scenario.dependent.items()}
    parts = (study.sha256, found.sha256, sorted(scenario.choices.items()), scenario.varying, constants)
    return repr((*parts, values) if values else parts)


def differs(scenario: Scenario, output: str) -> bool:
    """Tell whether an output, or what it averages, differs from case to case."""
    different = {name for name in scenario.varying if scenario.kinds[name] == "variability"}
    return bool(different) and not different.isdisjoint(dependencies(scenario, [output])[output])


def is_nested(scenario: Scenario, output: str) -> bool:
    """Tell whether an output's numbers need cases: it speaks of them, and something differs between them."""
    return scenario.study.outputs[output].over != "case" and differs(scenario, output)


def check_single(scenario: Scenario, outputs: Sequence[str]) -> None:
    """Refuse outputs that speak of more than one case; SettingError says what can be asked instead."""
    for name in outputs:
        if is_nested(scenario, name):
            over = scenario.study.outputs[name].over
            what = "the average over the cases" if over == "average" else "the median case"
            raise SettingError(
                f'output: "{name}" speaks of {what}, and this analysis is of single cases; run tells its '
                'interval, and in a study with over = "case" the output is any one case'
            )


def check_unweighed(scenario: Scenario) -> None:
    """Refuse observations where the draws are not weighed by them; SettingError says what is possible."""
    if scenario.observations:
        names = " and ".join(scenario.observations)
        raise SettingError(
            f"observe: this analysis does not weigh its draws by observations, here {names}, and would "
            "answer as if nothing had been observed; run, cases and the comparison of readings do weigh them"
        )


def compile_model(
    scenario: Scenario, outputs: Sequence[str], *, single: bool = False, weighed: bool = False
) -> Model:
    """Compile some outputs of a scenario; its constant inputs are folded in.

    Parameters
    ----------
    single
        Whether outputs that speak of an average over cases, or the median case, are read as of one case.
    weighed
        Whether the caller weighs the draws by what was observed.

    Raises
    ------
    SettingError
        If an output speaks of more than one case, and is not to be read so; or if there are observations
        that nobody weighs the draws by.
    NonFiniteError
        If constant inputs meet in something that is infinite or undefined.
    """
    if not weighed:
        check_unweighed(scenario)
    if scenario.nested is not None:
        nested: Model = scenario.nested.model(outputs, scenario.varying)
        return nested
    if not single:
        check_single(scenario, outputs)
    varying = dict.fromkeys(scenario.varying)
    constants = {name: d.mean for name, d in scenario.distributions.items() if name not in varying}
    return _compile(scenario, outputs, tuple(varying), constants)


def compile_columns(scenario: Scenario, outputs: Sequence[str], columns: Sequence[str]) -> Model:
    """Compile outputs of single cases over columns of some inputs; others that vary stand at their points."""
    constants = {
        name: d.mean if d.is_constant else scenario.points[name]
        for name, d in scenario.distributions.items()
        if name not in columns
    }
    return _compile(scenario, outputs, tuple(columns), constants)


def evaluate_at_points(scenario: Scenario, outputs: Sequence[str]) -> dict[str, float]:
    """Return the outputs at the scenario's points, each in its own unit.

    Raises
    ------
    NonFiniteError
        If the points meet in something that is infinite or undefined; of a function's output the value is.
    """
    model = _compile(at_points(scenario), outputs, (), scenario.points)
    values = np.empty((len(outputs), 1))
    model.run(np.empty((0, 1)), values)
    return dict(zip(outputs, values[:, 0].tolist(), strict=True))


def at_points(scenario: Scenario) -> Scenario:
    """Return the scenario in which inputs are what they are said to be, as points are, not drawn."""
    return replace(scenario, dependent=Frozen())


def _compile(
    scenario: Scenario, outputs: Sequence[str], varying: tuple[str, ...], constants: Mapping[str, float]
) -> Model:
    if scenario.study.function is not None:
        return function_model(scenario, outputs, varying, constants)
    graph = scenario_graph(scenario, outputs)
    columns = [graph_input(scenario, name) for name in varying]
    folded = {graph_input(scenario, name): value for name, value in constants.items()}
    with refusing(scenario, outputs):
        tape = compile_tape(graph, outputs, columns, folded)
    return kept(scenario, EquationModel(tuple(outputs), tape, scenario.study.meter), varying)


@contextmanager
def refusing(scenario: Scenario, outputs: Sequence[str]) -> Iterator[None]:
    """Refuse outputs that are compiled meanwhile, and whose constant inputs meet in a division by zero."""
    try:
        yield
    except InvalidValue as error:
        key = f"outputs.{outputs[0]}" if len(outputs) == 1 else ""
        message = f"is infinite or undefined: {error}" if key else str(error)
        raise NonFiniteError(Fault(message, key, scenario.study.file)) from None


def dependencies(scenario: Scenario, outputs: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return the inputs that each output depends on; every input, where the model is a function."""
    inputs = scenario.study.inputs
    if scenario.study.function is not None:
        return dict.fromkeys(outputs, frozenset(inputs))
    _check_own(scenario.study, outputs)
    shown = [scenario.study.outputs[name].expression or Name(name) for name in outputs]
    found = dict(zip(outputs, reached_inputs(scenario, shown), strict=True))
    if scenario.nested is None:
        return found
    # given an unknown that they correlate with, cases follow another distribution
    return {output: names | scenario.nested.bound(names) for output, names in found.items()}


def wanted_outputs(study: Study, addresses: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the names of outputs, each once; an output with indices is one for each of its members.

    Parameters
    ----------
    addresses
        Such as ``ratio``, ``ratio[us,midjourney]`` or ``ratio[midjourney]``; all outputs where there is none.

    Raises
    ------
    SettingError
        If an output or a member of its indices is unknown.
    """
    if not addresses:
        return tuple(study.outputs)
    known = output_addresses(study)
    given = [addresses] if isinstance(addresses, str) else addresses
    try:
        return tuple(dict.fromkeys(cell for address in given for cell in known.cells(address)))
    except InvalidValue as error:
        raise SettingError(str(error)) from None


def wanted_output(study: Study, address: str | None) -> str:
    """Return the name of one output, the headline where none is asked for.

    Raises
    ------
    SettingError
        If it is unknown, or if several are meant.
    """
    try:
        return study.headline if address is None else output_addresses(study).cell(address)
    except InvalidValue as error:
        raise SettingError(str(error)) from None


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must hold of the parameters of inputs.

    Parameters
    ----------
    parameters
        Of each row of the result the parameter, and the inputs that it is of or follows from.
    tape
        Gives 1 where it holds.
    """

    parameters: tuple[tuple[str, frozenset[str]], ...]
    tape: Later[Tape]

    def broken(self, draws: FloatArray, inputs: frozenset[str]) -> dict[str, float]:
        """Return the parameters of some inputs that are impossible in some draws, with the share of these.

        Parameters
        ----------
        draws
            Shape (varying inputs, rows).
        """
        found = np.empty((len(self.parameters), draws.shape[1]))
        self.tape.value.run(np.ascontiguousarray(draws), found)
        each = zip(self.parameters, (found != 1).mean(axis=1).tolist(), strict=True)
        return {named: share for (named, about), share in each if share and about & inputs}


def _constants(scenario: Scenario) -> dict[str, float]:
    """Return by name in the graph the values of inputs that are constant."""
    return {graph_input(scenario, n): d.mean for n, d in scenario.distributions.items() if d.is_constant}


def parameter_conditions(scenario: Scenario, outputs: Sequence[str]) -> Conditions | None:
    """Return the conditions of the parameters of inputs that reach some outputs, if there are any."""
    if not scenario.dependent:
        return None
    reaching = frozenset().union(*dependencies(scenario, outputs).values())
    others: dict[str, Expression] = {}
    about: list[tuple[str, frozenset[str]]] = []
    for name, each in scenario.dependent.items():
        inputs = frozenset({name, *each.parents})
        if inputs & reaching:
            found = {f"{parameter} of {name}": holds for parameter, holds in each.conditions.items()}
            others |= found
            about += [(named, inputs) for named in found]
    if not others:
        return None

    def compiled() -> Tape:
        graph = scenario_graph(scenario, (), others)
        columns = [graph_input(scenario, name) for name in scenario.varying]
        return compile_tape(graph, list(others), columns, _constants(scenario))

    return Conditions(tuple(about), Later(compiled))


def scenario_graph(
    scenario: Scenario, outputs: Sequence[str], others: Mapping[str, Expression] | None = None
) -> Graph:
    """Return the graph of a scenario's outputs, as functions of its inputs in their own units.

    Between the two every quantity is in coherent base units: inputs are converted where they enter and
    outputs where they leave. The quantity that an output shows, before it leaves, is the graph's output
    `base_quantity` of its name.

    Parameters
    ----------
    others
        Expressions that are outputs of the graph, too.
    """
    others = others or {}
    study = scenario.study
    _check_own(study, outputs)
    leaving = dict(others)
    used = [each for expression in others.values() for each in names_of(expression)]
    for name in outputs:
        output = study.outputs[name]
        used += [name] if output.expression is None else names_of(output.expression)
        quantity = output.expression or Name(name)
        leaving[base_quantity(name)] = quantity
        leaving[name] = quantity if output.unit.factor == 1 else _converted(quantity, output.unit.factor)
    shown = [part for name in outputs for part in (study.outputs[name].expression, study.outputs[name].unit)]
    reached = reached_names(scenario, used)
    equations = {name: each for name, each in scenario.equations.items() if name in reached}
    dependent = {name: each for name, each in scenario.dependent.items() if name in reached}
    parts = (study.inputs, *shown, *equations.values(), *dependent.values(), *others.values())
    names = (study.counting_units, tuple(equations), tuple(dependent), tuple(outputs), tuple(others))
    return _graph(Same((scenario, equations, reached, leaving), parts, names))


def _check_own(study: Study, outputs: Sequence[str]) -> None:
    """Refuse outputs of a program that was not named."""
    for name in outputs:
        if study.outputs[name].external:
            said = f"comes from a program, which `run`, `sensitivity` and `challenge` are told: {EXAMPLE}"
            raise StudyError(Fault(said, f"outputs.{name}.value", study.file))


@lru_cache(maxsize=128)
def _graph(
    of: Same[tuple[Scenario, dict[str, Expression], frozenset[str], dict[str, Expression]]],
) -> Graph:
    """Return the graph of some expressions, which all scenarios have in common that replace none of them."""
    scenario, equations, reached, leaving = of.held
    study = scenario.study
    units = UnitSystem(study.counting_units)
    equations = dict(equations)
    for name in filter(reached.__contains__, study.inputs):
        in_own_unit: Expression = Name(entering(name))
        if name in scenario.dependent:
            in_own_unit = equations[name] = scenario.dependent[name].value
        factor = study.inputs[name].unit.factor
        if factor != 1:
            equations[name] = Call("multiply", (in_own_unit, Number(factor)))
    columns = [graph_input(scenario, name) for name in study.inputs]
    return build_graph(equations, leaving, columns, lambda text: units.parse(text).factor)


def graph_input(scenario: Scenario, name: str) -> str:
    """Return the name that an input's draws have in the graph, in its own unit."""
    if name in scenario.dependent:
        return scenario.dependent[name].column
    return name if scenario.study.inputs[name].unit.factor == 1 else entering(name)


def entering(name: str) -> str:
    """Return the graph's name for an input before it is converted to base units."""
    return f"{name} as given"


def base_quantity(output: str) -> str:
    """Return the graph's name for what an output shows before it is converted to the output's unit."""
    return f"{output} in base units"


def _converted(quantity: Expression, factor: float) -> Expression:
    return Call("divide", (quantity, Number(factor)))
