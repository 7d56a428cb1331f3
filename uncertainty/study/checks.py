"""What must hold between the parts of a study: names, cycles, dimensions, choices and readings."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue, StudyError, suggestion
from uncertainty.expressions import (
    RESERVED_NAMES,
    Expression,
    Name,
    build_graph,
    compile_tape,
    find_cycle,
    names,
    parse_expression,
)
from uncertainty.indices.index import parted
from uncertainty.study.correlation import (
    WITHIN_RANGE,
    connected,
    copula_matrix,
    in_closed_form,
    matrix_fault,
    statement_fault,
)
from uncertainty.study.dimensions import Dimensions
from uncertainty.study.hierarchy import conditionals, cycle_fault
from uncertainty.study.parameters import check_kinds, check_measures, check_points_given
from uncertainty.study.references import check_settled
from uncertainty.study.scenario import excluded_because, scenario
from uncertainty.study.shares import check_shares

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from uncertainty.study.correlation import Pairs
    from uncertainty.study.faults import Faults
    from uncertainty.study.formulas import Formulas
    from uncertainty.study.model import Correlation, Independence, Study
    from uncertainty.study.schema import StudyFile
    from uncertainty.units import UnitSystem


def check(
    study: Study, table: StudyFile, units: UnitSystem, faults: Faults, pairs: Pairs, formulas: Formulas
) -> None:
    """Record every fault between the parts of `study`.

    Parameters
    ----------
    study
        The parts that could be read; parts that could not are missing.
    table
        The whole file, to know which names it means to define.
    pairs
        Which table speaks of which correlation.
    formulas
        As they are written; `study` holds those of cells.
    """
    named = _Names(table, formulas, faults)
    named.check()
    acyclic = check_cycles(study, faults)
    check_choices(study, faults)
    check_readings(study, faults)
    for i, row in enumerate(table.correlations):
        if fault := statement_fault(row):
            faults.add(f"correlations[{i}]", fault)
        if fault := matrix_fault(row):
            faults.add(f"correlations[{i}].matrix", fault)
    check_correlations(study, faults, pairs)
    check_compare(study, table, faults)
    if acyclic:
        Dimensions(study, formulas, units, faults).check()
        check_kinds(study, faults)
    check_points_given(study, faults)
    check_shares(study, faults)
    if not faults.found:
        for formula, _ in formulas.every():
            faults.attempt(formula.key, partial(_check_constants, formulas.first_cell(formula), units))
    if not faults.found:
        try:
            scenario(study)
            check_settled(study)
        except StudyError as error:
            faults.found.extend(error.faults)


SINGULAR = MappingProxyType(
    {"inputs": "an input", "equations": "an equation", "indices": "an index", "curves": "a curve"}
)
"""What shares one space of names, by its section of the file."""


class _Names:
    """Every name that is used must be defined, and defined once."""

    def __init__(self, table: StudyFile, formulas: Formulas, faults: Faults) -> None:
        self.table = table
        self.formulas = formulas
        self.faults = faults

    def check(self) -> None:
        table, faults = self.table, self.faults
        kinds = {section: getattr(table, section) for section in ("inputs", "equations", "indices", "curves")}
        owners: dict[str, str] = {}
        for section, entries in kinds.items():
            for name in entries:
                self.reserved(f"{section}.{name}", name)
                owner = owners.setdefault(name, section)
                if owner != section:
                    faults.add(f"{section}.{name}", f"{SINGULAR[owner]} has this name already")
        for name, item in table.inputs.items():
            if item.group in table.inputs and table.inputs[item.group].index:
                said = f'"{item.group}" is the name of an indexed input, whose members are a group'
                faults.add(f"inputs.{name}.group", said)
        quantities = {**table.inputs, **table.equations}
        ordered = [name for name, index in self.formulas.indices.items() if index.ordered]
        among = {"inputs": {*table.inputs, *ordered}, "quantities": {*quantities, *ordered}}
        for formula, what in self.formulas.every():
            for name in sorted(names(formula.expression) - table.curves.keys()):
                faults.known(formula.key, name, among[what], _what(what))
        for name, output in table.outputs.items():
            if output.value is None and name not in quantities:
                hint = suggestion(name, quantities)
                faults.add(f"outputs.{name}", f"expected a value, for no quantity has this name{hint}")
        self.overrides()

    def reserved(self, key: str, name: str) -> None:
        try:
            usable = name not in RESERVED_NAMES and parse_expression(name) == Name(name)
        except InvalidValue:
            usable = False
        if not usable:
            self.faults.add(key, "is a word of the expression language and cannot be a name")

    def overrides(self) -> None:
        for choice, table in self.table.choices.items():
            for option, row in table.options.items():
                key = f"choices.{choice}.options.{option}"
                for name in row.inputs:
                    self.faults.known(f"{key}.inputs", parted(name)[0], self.table.inputs, "input")
                for name in row.equations:
                    self.faults.known(f"{key}.equations", parted(name)[0], self.table.equations, "equation")
        for reading, overrides in self.table.readings.items():
            for name in overrides.inputs:
                self.faults.known(f"readings.{reading}.inputs", parted(name)[0], self.table.inputs, "input")


def _what(among: str) -> str:
    return "input" if among == "inputs" else "quantity"


def replacements(study: Study) -> Iterator[tuple[str, str, Expression]]:
    """Yield the key, the equation's name and the expression of every replacement that an option makes."""
    for choice in study.choices.values():
        for option in choice.options.values():
            for name, expression in option.equations.items():
                yield f"choices.{choice.name}.options.{option.name}.equations.{name}", name, expression


def _check_constants(expression: Expression, units: UnitSystem) -> None:
    """Refuse an expression with a constant part that is not finite, such as 9**9**9 or 1/0."""
    among = sorted(names(expression))
    graph = build_graph({}, {"value": expression}, among, lambda text: units.parse(text).factor)
    compile_tape(graph, ["value"], among, {})


def check_cycles(study: Study, faults: Faults) -> bool:
    """Record cycles between points, and between equations whatever options are taken.

    Returns
    -------
    bool
        Whether there are none.
    """
    points = {n: names(i.point) for n, i in study.inputs.items() if isinstance(i.point, Expression)}
    equations = {name: set(names(equation.expression)) for name, equation in study.equations.items()}
    for _, name, expression in replacements(study):
        equations.setdefault(name, set()).update(names(expression))
    drawn = dict(equations)
    for _, name, conditional in conditionals(study):
        drawn.setdefault(name, set()).update(conditional.names)
    found = [_check_acyclic(points, study, faults), _check_acyclic(drawn, study, faults)]
    return all(found)


def _check_acyclic(dependencies: Mapping[str, Iterable[str]], study: Study, faults: Faults) -> bool:
    cycle = find_cycle(dependencies)
    if cycle is not None:
        faults.add(*cycle_fault(cycle, study.inputs))
    return cycle is None


def check_choices(study: Study, faults: Faults) -> None:
    """Record options that clash with one another or with the publication's own."""
    owners: dict[tuple[str, str], str] = {}
    for choice in study.choices.values():
        key = f"choices.{choice.name}.options"
        options = list(choice.options.values())
        if options and (options[0].equations or options[0].inputs):
            faults.add(
                f"{key}.{options[0].name}", "the first option is the publication's own: it overrides nothing"
            )
        touched = {("equation", n) for o in options for n in o.equations}
        touched |= {("input", n) for o in options for n in o.inputs}
        clashing: dict[tuple[str, str, str], list[str]] = {}
        for kind, name in sorted(touched):
            other = owners.setdefault((kind, name), choice.name)
            if other != choice.name:
                clashing.setdefault((kind, parted(name)[0], other), []).append(name)
        for (kind, quantity, other), cells in clashing.items():
            name = cells[0] if len(cells) == 1 else quantity
            faults.add(key, f'the {kind} "{name}" is overridden by the choice "{other}" too')
    for i, rule in enumerate(study.excluded):
        for choice_name, option_names in rule.when.items():
            for option_name in option_names:
                _known_option(f"excluded[{i}].when", choice_name, option_name, study, faults)
    published = {name: choice.published for name, choice in study.choices.items() if choice.options}
    if all(rule.when.keys() <= published.keys() for rule in study.excluded):
        because = excluded_because(study, published)
        if because is not None:
            faults.add("excluded", f"excludes the publication's own options: {because}")


def _known_option(key: str, choice: str, option: str, study: Study, faults: Faults) -> bool:
    return faults.known(key, choice, study.choices, "choice") and faults.known(
        f"{key}.{choice}", option, study.choices[choice].options, "option"
    )


def check_readings(study: Study, faults: Faults) -> None:
    """Record readings that name what does not exist, or that combine what is excluded."""
    preferred = [name for name, reading in study.readings.items() if reading.preferred]
    if len(preferred) > 1:
        faults.add(f"readings.{preferred[1]}.preferred", f"{preferred[0]} is the preferred reading already")
    for name, reading in study.readings.items():
        key = f"readings.{name}"
        for place, observation in enumerate(reading.observations):
            faults.known(f"{key}.observations[{place}]", observation, study.observations, "observation")
        for output in reading.expect:
            faults.known(f"{key}.expect", output, study.outputs, "output")
        known = [
            _known_option(f"{key}.choices", choice, option, study, faults)
            for choice, option in reading.choices.items()
        ]
        complete = {choice.name: choice.published for choice in study.choices.values()} | dict(
            reading.choices
        )
        if all(known) and all(rule.when.keys() <= complete.keys() for rule in study.excluded):
            because = excluded_because(study, complete)
            if because is not None:
                faults.add(f"{key}.choices", f"is an excluded combination: {because}")


def check_compare(study: Study, table: StudyFile, faults: Faults) -> None:
    """Record alternatives that are no outputs, stand twice, or are not of one unit."""
    first = None
    for place, name in enumerate(study.compare):
        key = f"study.compare[{place}]"
        if name in study.compare[:place]:
            faults.add(key, f'"{name}" stands here twice')
        elif faults.known(key, name, {*table.outputs, *study.outputs}, "output") and name in study.outputs:
            output = study.outputs[name]
            first = first or output
            if (output.unit.factor, output.unit.dimension) != (first.unit.factor, first.unit.dimension):
                units = f'"{output.unit.text}", but "{first.name}" is in "{first.unit.text}"'
                faults.add(key, f'expected alternatives of one unit: "{name}" is in {units}')
    if len(study.compare) == 1:
        faults.add("study.compare", "expected at least 2 outputs, found 1")


def check_correlations(study: Study, faults: Faults, pairs: Pairs | None = None) -> None:
    """Record correlations of unknown or fixed inputs, out of range, doubled, or impossible together.

    Parameters
    ----------
    pairs
        Which table speaks of which; each of its own by default.
    """
    before = len(faults.found)
    stated = [pair for pair in study.correlations if not pair.across]
    places = pairs.correlated_by if pairs else range(len(stated))
    rows = [(f"correlations[{i}]", pair) for i, pair in zip(places, stated, strict=True)]
    readable = True
    for key, name in dict.fromkeys((key, name) for key, pair in rows for name in pair.inputs):
        known = faults.known(f"{key}.inputs", name, study.inputs, "input")
        distribution = study.inputs[name].distribution if known else None
        readable &= distribution is not None
        fixed = distribution is None and not faults.stands("inputs", name, "distribution")
        if known and (fixed or (distribution is not None and distribution.is_constant)):
            faults.add(f"{key}.inputs", f'"{name}" has no distribution to correlate')
    check_measures(study, rows, faults)
    seen: dict[frozenset[str], str] = {}
    for key, pair in rows:
        _check_pair(key, pair, seen, faults)
        seen[frozenset(pair.inputs)] = key
    for i, independence in zip(pairs.parted_by if pairs else (), study.independent, strict=True):
        _check_independence(f"correlations[{i}]", independence, seen, study, faults)
    if rows and readable and len(faults.found) == before:
        faults.attempt("correlations", lambda: copula_matrix(_in_closed_form(study)))


def _check_pair(key: str, pair: Correlation, seen: Mapping[frozenset[str], str], faults: Faults) -> None:
    """Record that a pair is of one input, doubled or out of range."""
    if len(set(pair.inputs)) == 1:
        faults.add(f"{key}.inputs", "expected two different inputs")
    if frozenset(pair.inputs) in seen:
        earlier = seen[frozenset(pair.inputs)]
        what = "these two inputs" if earlier == key else " and ".join(pair.inputs)
        faults.add(f"{key}.inputs", f"{what} are correlated already")
    if not -1 < pair.value < 1:
        faults.add(
            f"{key}.{pair.kind}",
            f"{WITHIN_RANGE}; use one input for what is one cause",
        )


def _check_independence(
    key: str, pair: Independence, seen: Mapping[frozenset[str], str], study: Study, faults: Faults
) -> None:
    """Record that inputs which nothing binds are unknown, one, or correlated elsewhere."""
    for name in pair.inputs:
        faults.known(f"{key}.independent", name, study.inputs, "input")
    if len(set(pair.inputs)) == 1:
        faults.add(f"{key}.independent", "expected two different inputs")
    elif frozenset(pair.inputs) in seen:
        names = " and ".join(pair.inputs)
        faults.add(key, f"states that nothing binds {names}, which {seen[frozenset(pair.inputs)]} correlates")


def _in_closed_form(study: Study) -> list[Correlation]:
    """Return the pairs of connected sets of inputs whose copula follows from the targets alone.

    Which targets can hold together in the others depends on their distributions: a run's copula decides it.
    """
    distributions = {name: item.distribution for name, item in study.inputs.items()}
    sound = {pair for pair in study.correlations if in_closed_form(pair, distributions)}
    unsound = {name for pair in study.correlations if pair not in sound for name in pair.inputs}
    left = {n for members in connected(study.correlations) if not unsound & set(members) for n in members}
    return [pair for pair in study.correlations if pair.inputs[0] in left]
