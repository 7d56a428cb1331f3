"""What must hold where an input's parameters are other quantities."""

from __future__ import annotations

from functools import partial
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from uncertainty.distributions.conditional import POINT, Conditional
from uncertainty.errors import InvalidValue
from uncertainty.expressions import Dimension, Expression, Name, dimension, names
from uncertainty.expressions.tree import replaced
from uncertainty.study.correlation import alike
from uncertainty.study.faults import Faults
from uncertainty.study.hierarchy import ancestors, conditionals, formulas, reached_by
from uncertainty.units import UnitSystem, about_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping

    from uncertainty.distributions import Distribution
    from uncertainty.expressions import Kind
    from uncertainty.study.model import Correlation, Input, Study
    from uncertainty.units import Unit


def check_points_given(study: Study, faults: Faults) -> None:
    """Record inputs without a point that are not parameters alone."""
    pointless = [name for name, item in study.inputs.items() if not item.has_point]
    if not pointless:
        return
    expressions = formulas(study)
    seen = reached_by(
        [output.expression or Name(output.name) for output in study.outputs.values()]
        + [item.point for item in study.inputs.values() if isinstance(item.point, Expression)],
        expressions,
    )
    parameters = reached_by(
        [each for _, _, conditional in conditionals(study) for each in conditional.given.expressions],
        expressions,
    )
    # what cannot be read elsewhere may be what it is a parameter of
    sound = not faults.found
    for name in pointless:
        alone = (name in parameters or not sound) and not _needs_point(study.inputs[name].distribution)
        if name in seen or not alone or study.inputs[name].distribution is None:
            faults.add(f"inputs.{name}.point", "this key is required")


def _needs_point(distribution: Distribution | None) -> bool:
    return isinstance(distribution, Conditional) and POINT in distribution.given.names


def check_kinds(study: Study, faults: Faults) -> None:
    """Record uncertain inputs whose parameters differ from case to case.

    What options and readings replace, and the kinds that they may give, each scenario looks at.
    """
    above = ancestors(study)
    for key, name, _ in conditionals(study):
        if key.startswith("inputs.") and study.inputs[name].kind == "uncertainty":
            for other in sorted(above[name]):
                if study.inputs[other].kind == "variability":
                    faults.add(
                        key,
                        f'follows from "{other}", which differs from case to case: it does so too, '
                        'and is of kind = "variability"',
                    )


def check_parameters(
    conditional: Conditional,
    name: str,
    unit: Unit,
    find: Callable[[Expression], Kind | None],
    add: Callable[[str], None],
) -> None:
    """Add what is wrong with parameters that are not of the input's dimension, or not pure where they are.

    Parameters
    ----------
    name, unit
        Of the input.
    find
        Returns an expression's dimension, or None where another fault leaves it unknown.
    """
    for parameter, expression, pure in conditional.dimensions():
        found = find(replaced(expression, {POINT: Name(name)}))
        expected = Dimension() if pure else unit.dimension
        if isinstance(found, Dimension) and found != expected:
            what = "it is a pure number" if pure else f'its unit "{unit.text}" has {expected}'
            add(f"{parameter} has dimension {found}, but {what}{about_turns(found, expected)}")


def check_override(study: Study, name: str, conditional: Conditional) -> None:
    """Refuse parameters of one input that a study has no such quantities or units for.

    Raises
    ------
    InvalidValue
        With the first of what is wrong.
    """
    faults = Faults()
    quantities = {**study.inputs, **{n: each for n, each in study.equations.items() if not each.part}}
    for other in sorted(conditional.names):
        faults.known("", other, quantities, "quantity")
    if not faults.found:
        units = UnitSystem(study.counting_units)
        known = _dimensions_of_cells(study, conditional, units)
        find = partial(_find, known, units, faults)
        check_parameters(conditional, name, study.inputs[name].unit, find, partial(faults.add, ""))
    if faults.found:
        raise InvalidValue(faults.found[0].message)


def _find(
    known: Mapping[str, Kind], units: UnitSystem, faults: Faults, expression: Expression
) -> Kind | None:
    return faults.attempt("", lambda: dimension(expression, known.__getitem__, units))


def _dimensions_of_cells(study: Study, conditional: Conditional, units: UnitSystem) -> dict[str, Kind]:
    """Return the dimensions of what parameters follow from."""
    known: dict[str, Kind] = {name: item.unit.dimension for name, item in study.inputs.items()}
    equations = {name: each.expression for name, each in study.equations.items()}
    needed = reached_by(conditional.given.expressions, {name: [each] for name, each in equations.items()})
    for quantity in TopologicalSorter(
        {n: names(equations[n]) for n in needed & equations.keys()}
    ).static_order():
        if quantity in equations:
            unit = study.equations[quantity].unit
            found = dimension(equations[quantity], known.__getitem__, units)
            known[quantity] = found if unit is None else unit.dimension
    return known


def check_inputs_given(study: Study, faults: Faults) -> None:
    """Record parameters that are unknown, in a cycle or of another dimension, where inputs are all."""
    for key, name, conditional in conditionals(study):
        faults.attempt(key, partial(check_override, study, name, conditional))


def check_measures(study: Study, rows: Iterable[tuple[str, Correlation]], faults: Faults) -> None:
    """Record correlations of values of inputs that are correlated by their scores alone."""
    same = {name for pair in study.correlations if alike(pair) for name in pair.inputs}
    said = {
        (f"{key}.pearson", item.quantity or name, _score_alone(item, same)): None
        for key, pair in rows
        for name in (pair.inputs if pair.kind == "pearson" else ())
        if (item := study.inputs.get(name)) is not None
    }
    for key, name, because in said:
        if because:
            faults.add(key, f'"{name}" {because}; its score alone is correlated, by spearman or kendall')


def _score_alone(item: Input, same: Container[str]) -> str:
    """Say why the values of an input are not what is correlated, or nothing."""
    if isinstance(item.distribution, Conditional) and item.distribution.names:
        return "follows its parameters"
    if item.member_of is not None:
        return "is a member of an index, which is no amount"
    return 'has one score with other members (across = "same")' if item.name in same else ""
