"""Formulas of a workbook as expressions, cell by cell from what is calculated first."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias, cast

from uncertainty.errors import InvalidValue
from uncertainty.expressions.tree import Call, Name, names
from uncertainty.late import dataclass
from uncertainty.numbers import count
from uncertainty.workbooks.cells import address, one_cell
from uncertainty.workbooks.failing import Failures
from uncertainty.workbooks.formulas import (
    Apply,
    Area,
    Block,
    Failure,
    Literal,
    Named,
    Structured,
    nodes,
    parse_formula,
)
from uncertainty.workbooks.settling import Constants, Decisions
from uncertainty.workbooks.terms import (
    ARITHMETIC,
    COMPARING,
    Builder,
    Grid,
    Term,
    Text,
    Unknown,
    as_number,
    broadcast,
    calculated,
    compared,
    joined_texts,
    number,
    on_numbers,
    read_number,
    read_truth,
    single,
    truth,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import UnionType

    from uncertainty.expressions.tree import Expression
    from uncertainty.workbooks.cells import Book, Cell
    from uncertainty.workbooks.formulas import Node
    from uncertainty.workbooks.terms import Scalar, Value

OPERATORS = frozenset({*ARITHMETIC, *COMPARING, "&"})
MOST_CELLS = 20_000
MOST_READ = 1_000_000
"""Cells that one formula may read, and all of them together."""

VOLATILE = frozenset({"NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY"})


@dataclass(frozen=True, slots=True)
class Function:
    """A function of spreadsheets.

    Parameters
    ----------
    fewest, most
        Arguments that it takes.
    of_values
        Calculates it from values, cell by cell where it is given arrays; None for one that takes ranges.
    of_nodes
        Calculates it from its arguments as they stand in the formula.
    """

    fewest: int
    most: int
    of_values: Callable[..., Value] | None = None
    of_nodes: Callable[[Translation, Sequence[Node]], Value | Grid] | None = None


Result: TypeAlias = "Value | Grid"


class Translation:
    """Translates the cells of a workbook, each after those that it refers to.

    Parameters
    ----------
    book
        The workbook.
    functions
        What the functions of formulas mean, by name.
    kept
        Addresses of formula cells that are taken as inputs at their stored values.
    decisions
        Which cells are inputs and which are taken as they are, and where.

    Attributes
    ----------
    values
        By address, what a translated cell is.
    equations
        By address, the term of each formula cell that gives a number.
    places
        By address, where these stand.
    inputs
        By address, the constant cells that were read as quantities.
    choices
        By address, cells with a drop-down list of texts, and these.
    faults
        By address, why a cell cannot be translated.
    bound
        What the names stand for that LET gives, in small letters.
    as_stored
        By address or part, the numbers that were found with the stored values of cells.
    """

    def __init__(
        self,
        book: Book,
        functions: Mapping[str, Function],
        kept: frozenset[str] = frozenset(),
        decisions: Decisions | None = None,
    ) -> None:
        self.book = book
        self._functions = functions
        self.kept = kept
        self.decisions = Decisions() if decisions is None else decisions
        self.equations: dict[str, Term] = {}
        self.build = Builder(self.equations)
        self.failures = Failures(self.build, self.equation)
        self.values: dict[str, Value] = {}
        self.places: dict[str, Area] = {}
        self.inputs: dict[str, Area] = {}
        self.choices: dict[str, list[str]] = {}
        self.choice_places: dict[str, Area] = {}
        self._empty: set[tuple[str, str]] = set()
        self.faults: dict[str, str] = {}
        self.at = Area("", 1, 1, 1, 1)
        self.is_array = False
        self.bound: dict[str, Result] = {}
        self.as_stored: dict[str, float] = {}
        self._read = 0
        self._grids: dict[Area, Grid] = {}
        self._lists: dict[Area, list[Value]] = {}
        self._constants = Constants(self._number_behind, self.decisions.needs)

    def equation(self, name: str) -> Expression | None:
        """Return what a cell or a part of one is calculated by; None for an input."""
        if name in self.build.parts:
            return self.build.parts[name]
        return self.equations[name].expression if name in self.equations else None

    def within(self, at: Area, node: Node, *, is_array: bool) -> Value:
        """Return what a part of a cell's formula gives, which may be one of an array."""
        self.at, self.build.owner, self.is_array = at, address(at), is_array
        return self.value(node)

    def settle(self, cell: str) -> None:
        """Note that what a cell holds has decided something in the present formula, once and for all."""
        if cell:
            self.decisions.need(cell, self.build.owner)

    def known_number(self, value: Value) -> float:
        """Return a number that decides something once and for all, also where it stands in a constant cell.

        Raises
        ------
        InvalidValue
            If it may vary.
        """
        ((_, scalar), *more) = value
        found = as_number(scalar)
        if isinstance(found, Term) and not more:
            known = self._constants.number(found.expression)
            if known is not None:
                for name in known.cells | known.settled:
                    self.settle(name)
                return known.value
        raise InvalidValue("needs a place, date or number of digits that is known, and this one may vary")

    def _number_behind(self, name: str) -> float | Expression | None:
        """Return the number of a constant cell that is read as a quantity, or what another is."""
        if name in self.inputs:
            # bools are numbers too, and what is read as a quantity holds one
            return float(cast("float", self.book.cell(self.inputs[name]).value))
        return self.equation(name)

    def empty_for(self, needed: Callable[[str], bool]) -> list[str]:
        """Return the empty cells that formulas which are needed take for 0."""
        return sorted({cell for cell, formula in self._empty if needed(formula)})

    def parts_of(self, expression: Expression) -> list[str]:
        """Return the parts that an expression is calculated from, each after its own."""
        found: set[str] = set()
        waiting = [expression]
        while waiting:
            new = (names(waiting.pop()) & self.build.parts.keys()) - found
            found |= new
            waiting += [self.build.parts[each] for each in new]
        return sorted(found, key=self.build.order)

    def add(self, at: Area) -> None:
        """Translate a formula cell, or keep why that cannot be done."""
        where = address(at)
        found = self.book.formula(at)
        if found is None:
            return
        text, self.is_array, (down, right) = found
        self.at, self.build.owner = at, where
        try:
            tree = parse_formula(text)
            self._check_functions(tree)
            result = self.result(tree)
            value = self._alone(result, down, right)
            stored = self.book.cell(at).value
            if isinstance(stored, Failure) and value == single(stored):
                # an error is told by the cell that it comes from
                value = single(Failure(stored.code, where))
            self.values[where] = self._named(where, value)
        except InvalidValue as error:
            self.faults[where] = str(error)
            self.values[where] = single(Unknown(frozenset({where})))

    def _named(self, where: str, value: Value) -> Value:
        """Give the number that a cell shows its name, and keep texts and errors as they are."""
        build = self.build
        value = build.mapped(value, lambda scalar: single(number(0) if scalar is None else scalar))
        if not any(isinstance(scalar, Term) for _, scalar in value):
            return value
        texts = dict.fromkeys(scalar for _, scalar in value if isinstance(scalar, Text))
        term = self.number_of(value)
        self.equations[where] = term
        self.places[where] = self.at
        name = Term(Name(where), logical=term.logical)
        shown: list[tuple[Term | None, Scalar]] = [(build.meets(value, text), text) for text in texts]
        if not term.logical and any(isinstance(scalar, Term) and scalar.logical for _, scalar in value):
            is_truth = build.mapped(
                value, lambda each: single(truth(isinstance(each, Term) and each.logical))
            )
            shown.append((build.chosen(is_truth), Term(Name(where), logical=True)))
        # other errors are found again where a formula asks for them: the number has no value there
        missing = [each for each in build.error(value) if each[1].code == "#N/A"]
        return build.unless(missing, (*shown, (None, name)))

    def number_of(self, value: Value) -> Term:
        """Return the number of a value that is one in some cases; where it is an error it has no value."""
        # where it is a text its number is never used
        numbers = self.build.mapped(value, lambda each: single(number(0) if isinstance(each, Text) else each))
        return self.build.chosen(self._without(Failure, numbers))

    def without_text(self, value: Value, where: str) -> Term | None:
        """Return the number of a value that is a text in some cases, in which it has none; else None."""
        if not any(isinstance(scalar, Text) for _, scalar in value):
            return None
        self.build.owner = where
        return self.build.chosen(self._without(Failure | Text, value))

    def _without(self, lost: UnionType | type[Failure], value: Value) -> Value:
        """Put something undefined in place of errors, or texts too: there the model has no value either."""
        condition = next((c for c, _ in value if c is not None), None)

        def defined(scalar: Scalar) -> Value:
            if isinstance(scalar, lost) and condition is not None:
                nothing = self.build.apply("multiply", number(0), self.build.named(condition))
                return single(self.build.apply("divide", number(0), nothing))
            return single(scalar)

        return self.build.mapped(value, defined)

    def result(self, node: Node) -> Result:
        """Return what a part of a formula gives: a value, or a grid where arrays are meant."""
        if isinstance(node, Literal):
            return single(_scalar(node.value))
        if isinstance(node, Block):
            return Grid(tuple(tuple(self.value(each) for each in row) for row in node.rows))
        if isinstance(node, Named) and node.name.casefold() in self.bound:
            return self.bound[node.name.casefold()]
        if isinstance(node, Named | Structured):
            return self.result(self.book.resolved(node, self.at))
        if isinstance(node, Area):
            area = self.placed(node)
            if self.is_array and not area.is_cell:
                return self.cells(area)
            at = self._crossing(area)
            value = self.cell(at)
            if _is_number_as_text(value):
                self.settle(address(at))
            if value == single(None):
                self._empty.add((address(at), self.build.owner))
            return value
        return self._applied(node)

    def value(self, node: Node) -> Value:
        """Return what a part of a formula gives where one value is meant."""
        return self._alone(self.result(node))

    def _alone(self, result: Result, down: int = 0, right: int = 0) -> Value:
        """Return what a result is where one value is meant: of a line of cells the one beside the formula."""
        if not isinstance(result, Grid):
            return result
        if result.line is None or self.is_array:
            return result.element(down, right)
        at = self._crossing(result.line)
        return result.element(at.top - result.line.top, at.left - result.line.left)

    def array(self, node: Node) -> Grid:
        """Return what a part of a formula gives where an array is meant."""
        before, self.is_array = self.is_array, True
        try:
            result = self.result(node)
        finally:
            self.is_array = before
        return result if isinstance(result, Grid) else Grid(((result,),))

    def _applied(self, node: Apply) -> Result:
        """Apply a function; a chain of operators is followed without recursion."""
        chain: list[Apply] = []
        first: Node = node
        while isinstance(first, Apply) and len(first.arguments) == 2 and first.function in OPERATORS:
            chain.append(first)
            first = first.arguments[0]
        if not chain:
            return self._called(node)
        result = self.result(first)
        for each in reversed(chain):
            operator = self.function_of(each.function)
            result = self._of_results(operator, [result, self.result(each.arguments[1])])
        return result

    def function_of(self, name: str) -> Function:
        """Return the function of a name, or the operator of a sign."""
        found = _operator(self, name) or self._functions.get(name)
        if found is None:
            raise InvalidValue(refused_functions([name]))
        return found

    def _check_functions(self, tree: Node) -> None:
        """Refuse all functions of a formula that have no translation together."""
        known = {*self._functions, *ARITHMETIC, *COMPARING, "&", "%", "NEGATIVE"}
        used = [node.function for node in nodes(tree) if isinstance(node, Apply)]
        if wrong := list(dict.fromkeys(name for name in used if name not in known)):
            raise InvalidValue(refused_functions(wrong))

    def _called(self, node: Apply) -> Result:
        name = node.function
        function = self.function_of(name)
        if not function.fewest <= len(node.arguments) <= function.most:
            given = count(len(node.arguments), "argument")
            raise InvalidValue(f"{name} with {given} has no translation")
        if function.of_nodes is not None:
            return function.of_nodes(self, node.arguments)
        return self._of_results(function, [self.result(each) for each in node.arguments])

    def _of_results(self, function: Function, results: Sequence[Result]) -> Result:
        """Calculate from values, cell by cell where some are arrays."""
        # one that takes ranges has been asked before
        of_values = cast("Callable[..., Value]", function.of_values)
        if not self.is_array:
            results = [self._alone(r) if isinstance(r, Grid) and r.line is not None else r for r in results]
        if not any(isinstance(each, Grid) for each in results):
            return of_values(self, *results)
        return broadcast(partial(of_values, self), results)

    def area(self, node: Node) -> Area | None:
        """Return the cells that a part of a formula refers to; None where it refers to none."""
        if isinstance(node, Named) and node.name.casefold() in self.bound:
            return None
        found = self.book.resolved(node, self.at)
        return self.book.clipped(self.placed(found)) if isinstance(found, Area) else None

    def placed(self, area: Area) -> Area:
        """Return an area with its sheet's own title."""
        sheet = self.book.sheet(area.sheet or self.at.sheet)
        return Area(sheet.title, area.top, area.left, area.bottom, area.right)

    def _crossing(self, area: Area) -> Area:
        """Return the cell of a range that lies in the formula's row or column: there a value is meant."""
        if area.is_cell:
            return area
        if area.left == area.right and area.top <= self.at.top <= area.bottom:
            return one_cell(area.sheet, self.at.top, area.left)
        if area.top == area.bottom and area.left <= self.at.left <= area.right:
            return one_cell(area.sheet, area.top, self.at.left)
        raise InvalidValue(f"uses the range {address(area)} as one number")

    def cells(self, area: Area) -> Grid:
        """Return the values of a range, cut to what is filled."""
        area = self.book.clipped(area)
        if area not in self._grids:
            if (area.bottom - area.top + 1) * (area.right - area.left + 1) > MOST_CELLS:
                raise InvalidValue(f"reads more than {MOST_CELLS:,} cells, {address(area)}")
            self._grids[area] = Grid(
                tuple(
                    tuple(self.cell(one_cell(area.sheet, row, c)) for c in range(area.left, area.right + 1))
                    for row in range(area.top, area.bottom + 1)
                )
            )
        return self._grids[area]

    def filled(self, area: Area) -> Sequence[Value]:
        """Return the values of the cells of a range that hold something."""
        if area not in self._lists:
            filled = self.book.filled(area)
            found = list(islice(filled, MOST_CELLS))
            if next(filled, None) is not None:
                raise InvalidValue(f"reads more than {MOST_CELLS:,} cells, {address(area)}")
            self._lists[area] = [self.cell(each) for each in found]
        return self._lists[area]

    def cell(self, at: Area) -> Value:
        """Return what a cell is where a formula refers to it."""
        self._read += 1
        if self._read > MOST_READ:
            raise InvalidValue(f"is one of many that read more than {MOST_READ:,} cells together")
        return self.held(at)

    def held(self, at: Area) -> Value:
        """Return what a cell is."""
        where = address(at)
        if where in self.values:
            return self.values[where]
        cell = self.book.cell(at)
        if isinstance(cell.value, str) and (found := self._choice(at, cell)):
            return found
        value = cell.value
        if where in self.decisions.fixed:
            return single(_scalar(value))
        if isinstance(value, bool | float | int):
            self.inputs[where] = at
            return single(Term(Name(where), logical=isinstance(value, bool)))
        if isinstance(value, str):
            return single(Text(value, where))
        if isinstance(value, Failure):
            return single(Failure(value.code, where))
        return single(None)

    def constant(self, at: Area) -> Value:
        """Return a cell as what it holds where that settles something, such as a column of keys."""
        where, stored = address(at), self.book.cell(at).value
        is_constant = where not in self.values and isinstance(stored, bool | float | int)
        if is_constant and where not in self.decisions.varied:
            return single(_scalar(stored))
        return self.cell(at)

    def _choice(self, at: Area, cell: Cell) -> Value | None:
        """Return a text that a drop-down list offers as the cases of its options."""
        options = self.book.options(at)
        if not options or cell.value not in options or len(options) < 2:
            return None
        where = address(at)
        own = str(cell.value)
        ordered = [own, *(each for each in options if each != own)]
        self.choices[where], self.choice_places[where] = ordered, at
        code = Term(Name(where))
        cases: list[tuple[Term | None, Scalar]] = [
            (self.build.apply("equal", code, number(n)), Text(each))
            for n, each in enumerate(ordered[:-1], start=1)
        ]
        return (*cases, (None, Text(ordered[-1])))


def _is_number_as_text(value: Value) -> bool:
    """Tell whether a value is a text that shows a number or a truth value, which formulas take for one."""
    scalar = value[0][1]
    if not isinstance(scalar, Text) or not scalar.cell:
        return False
    return read_number(scalar.text) is not None or read_truth(scalar.text) is not None


def _scalar(value: float | str | bool | Failure | None) -> Scalar:  # noqa: FBT001 - the value itself
    if isinstance(value, bool):
        return truth(value)
    if isinstance(value, float | int):
        return number(value)
    return Text(value) if isinstance(value, str) else value


def _operator(to: Translation, name: str) -> Function | None:
    """Return an operator as a function of its operands."""
    build = to.build
    if name in OPERATORS:
        return Function(2, 2, lambda _, left, right: _between(to, name, left, right))
    if name == "%":
        return Function(1, 1, lambda _, value: calculated(build, "divide", value, single(number(100))))
    if name == "NEGATIVE":
        return Function(1, 1, lambda _, value: on_numbers(build, lambda term: negative(build, term), value))
    return None


def _between(to: Translation, sign: str, left: Value, right: Value) -> Value:
    """Apply the operator that stands between two operands."""
    if sign == "/":
        return on_numbers(to.build, partial(_divided, to.build), left, right)
    if sign in ARITHMETIC:
        return calculated(to.build, ARITHMETIC[sign], left, right)
    if sign in COMPARING:
        return compared(to.build, sign, left, right, to.settle)
    return joined_texts(to.build, left, right)


def _divided(build: Builder, left: Term, right: Term) -> Term | Failure:
    """Return a quotient; a literal 0 gives an error, which another case of the formula need not have."""
    return Failure("#DIV/0!") if right.known == 0 else build.apply("divide", left, right)


def negative(build: Builder, term: Term) -> Term:
    """Return a number with the other sign."""
    known, expression = term.known, term.expression
    if known is None and isinstance(expression, Call) and expression.operation == "negative":
        return Term(expression.arguments[0], term.nodes - 1, term.depth - 1)
    return number(-known) if known is not None and known > 0 else build.apply("negative", term)


def refused_functions(names: Sequence[str]) -> str:
    """Say that functions have no translation, and of some of them why."""
    changing = [name for name in names if name in VOLATILE]
    listed = ", ".join(name[:40] for name in (changing or names)[:8])
    if changing:
        return f"{listed} {'changes' if len(changing) == 1 else 'change'} whenever a workbook is opened"
    return f"{listed} {'has' if len(names) == 1 else 'have'} no translation"
