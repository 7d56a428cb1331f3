"""What a spreadsheet's operators make of numbers, texts, truth values, errors and empty cells."""

import itertools
import math
import re

import pytest

from uncertainty.errors import InvalidValue
from uncertainty.expressions.operations import evaluate
from uncertainty.expressions.tree import Name, Number
from uncertainty.workbooks import terms
from uncertainty.workbooks.failing import Failures, measured
from uncertainty.workbooks.formulas import Failure
from uncertainty.workbooks.terms import (
    Builder,
    Grid,
    Term,
    Text,
    Unknown,
    as_number,
    as_text,
    calculated,
    compare_scalars,
    compared,
    conditional,
    joined_texts,
    number,
    numeric,
    read_number,
    single,
    text_of,
    truth,
    unknown,
)
from uncertainty.workbooks.translation import negative, refused_functions

X, Y = Term(Name("x")), Term(Name("y"))
NA, VALUE = Failure("#N/A"), Failure("#VALUE!", "S!A1")
LOST = Unknown(frozenset({"S!B1"}))


def value_of(build, expression, **known):
    """Return what an expression gives, with the parts that got a name."""
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Name):
        if expression.name in build.parts:
            return value_of(build, build.parts[expression.name], **known)
        return known[expression.name]
    return evaluate(
        expression.operation, tuple(value_of(build, each, **known) for each in expression.arguments)
    )


def test_literals_are_known_and_names_are_not():
    assert [number(each).known for each in (2.5, -2.5, 0.0)] == [2.5, -2.5, 0.0]
    assert (number(-2.5).nodes, number(-2.5).depth, number(2.5).nodes) == (2, 2, 1)
    assert (truth(True).known, truth(True).logical, number(1).logical) == (1.0, True, False)
    assert X.known is None
    build = Builder()
    sums = number(1)
    for _ in range(5):
        sums = build.apply("add", sums, number(1))
    assert (sums.known, sums.nodes, sums.depth) == (6.0, 11, 6)
    assert build.apply("add", sums, number(1)).known is None
    assert build.apply("divide", number(1), number(0)).known is None


@pytest.mark.parametrize("sign", terms.COMPARING)
def test_comparisons_forgive_the_rounding_of_what_was_calculated(sign):
    operation = terms.COMPARING[sign]
    plain = {"=": "==", "<>": "!="}.get(sign, sign)
    build = Builder({"x", "y"})
    for left, right, seen in (
        (1.0, 1 + 2.0**-50, 0),
        (1.0, 1 + 2.0**-46, -1),
        (3.0, 2.0, 1),
        (-2.0, -2.0, 0),
    ):
        wanted = eval(f"{seen} {plain} 0")
        both = build.compare(operation, X, Y)
        assert value_of(build, both.expression, x=left, y=right) == wanted
        known = build.compare(operation, X, number(right))
        assert value_of(build, known.expression, x=left) == wanted
        mirrored = build.compare(operation, number(left), Y)
        assert value_of(build, mirrored.expression, y=right) == wanted
        assert build.compare(operation, number(left), number(right)).known == wanted
        gap = build.compare(operation, build.apply("subtract", X, Y), number(0))
        assert value_of(build, gap.expression, x=left, y=right) == wanted
        exact = Builder().compare(operation, X, Y)
        assert value_of(build, exact.expression, x=left, y=right) == eval(f"{left!r} {plain} {right!r}")


def test_conditions_that_are_known_decide_at_once():
    build, yes, no = Builder(), truth(True), truth(False)
    holds = build.apply("less", X, number(1))
    assert build.where(yes, X, Y) is X
    assert build.where(no, X, Y) is Y
    assert build.where(holds, X, X) is X
    assert build.where(holds, yes, no) is holds
    assert build.where(holds, no, yes) is not holds
    assert build.where(holds, yes, no).logical
    assert not build.where(holds, X, no).logical
    assert build.where(build.negation(holds), no, yes) == holds
    assert build.count([holds]).expression is holds.expression
    assert (build.count([yes, holds, yes]).nodes, build.count([yes, no, yes]).known) == (holds.nodes + 2, 2)
    # a truth value in one case and a number in the other count as numbers
    ((_, mixed),) = numeric(build, ((holds, yes), (None, X)))
    assert not mixed.logical
    assert [build.both(a, b).known for a, b in itertools.product((yes, no), repeat=2)] == [1, 0, 0, 0]
    assert [build.either(a, b).known for a, b in itertools.product((yes, no), repeat=2)] == [1, 1, 1, 0]
    assert build.both(yes, holds) is build.both(holds, yes) is holds
    assert build.either(no, holds) is build.both(holds, holds) is build.either(holds, holds) is holds
    assert build.both(no, holds).known == 0
    assert build.either(holds, yes).known == 1
    assert build.within(yes, X) is X
    for x, fails in ((0.0, False), (2.0, True)):
        found = value_of(build, build.within(holds, number(3)).expression, x=x)
        assert (not math.isfinite(found)) == fails
    assert build.condition(holds) is holds
    assert [value_of(build, build.condition(X).expression, x=x) for x in (0.0, 2.0)] == [0, 1]
    assert [value_of(build, build.negation(holds).expression, x=x) for x in (0.0, 2.0)] == [0, 1]


def test_long_sums_are_joined_in_pairs_and_large_parts_get_names():
    build = Builder()
    build.owner = "S!A1"
    names = [Term(Name(f"a{n}")) for n in range(200)]
    known = {f"a{n}": float(n) for n in range(200)}
    total = build.total(names)
    assert total.depth < 60
    assert value_of(build, total.expression, **known) == sum(range(200))
    assert build.total([]).known == 0
    for operation, wanted in (("minimum", 0), ("maximum", 199)):
        assert value_of(build, build.largest(operation, names).expression, **known) == wanted
    assert build.largest("minimum", names[:1]) is names[0]
    large = total
    for _ in range(3):
        large = build.apply("add", large, total)
    assert list(build.parts) == [f"S!A1#part{n}" for n in range(1, len(build.parts) + 1)]
    assert value_of(build, large.expression, **known) == 4 * sum(range(200))
    first = build.named(build.apply("add", X, Y), "sum")
    assert build.named(build.apply("add", X, Y), "other") is first
    assert build.order(first.expression.name) == len(build.parts) - 1
    assert build.named(X) is X
    assert build.is_rounded(first)
    assert not build.is_rounded(X)
    assert not build.is_rounded(number(2))
    assert build.is_rounded(build.apply("add", X, Y))


def test_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(terms, "MOST_OPERATIONS", 3)
    build = Builder()
    for _ in range(3):
        build.apply("add", X, Y)
    with pytest.raises(InvalidValue, match=r"^is one of many that take more than 3 operations together$"):
        build.apply("add", X, Y)
    monkeypatch.setattr(terms, "MOST_CASES", 3)
    build = Builder()
    cases = tuple((Term(Name(f"c{n}"), logical=True), Text(str(n))) for n in range(3))
    assert len(build.mapped((*cases[:2], (None, NA)), single)) == 3
    with pytest.raises(InvalidValue, match=r"^depends on more than 3 cases$"):
        build.mapped((*cases, (None, NA)), single)


def test_cases_are_merged_where_they_can_be():
    build = Builder()
    holds, other = (Term(Name(name), logical=True) for name in "cd")
    assert build.merged(((truth(False), NA), (holds, X), (None, X))) == single(X)
    assert build.merged(((truth(True), NA), (None, X))) == single(NA)
    assert build.merged(((holds, NA), (None, NA))) == single(NA)
    assert build.merged(((holds, NA), (None, X))) == ((holds, NA), (None, X))
    assert build.merged(((holds, LOST), (None, X))) == single(LOST)
    ((_, chosen),) = build.merged(((holds, X), (other, Y), (None, number(3))))
    for c, d, wanted in ((1, 1, 5), (1, 0, 5), (0, 1, 6), (0, 0, 3)):
        assert value_of(build, chosen.expression, c=c, d=d, x=5, y=6) == wanted
    value = ((holds, NA), (None, X))
    ((when, error),) = build.error(value)
    assert (error, when) == (NA, holds)
    assert build.error(single(X)) == []
    assert build.meets(value, NA) is holds
    assert build.unless([(holds, NA)], single(X)) == value
    with pytest.raises(InvalidValue, match=r"^expected numbers alone$"):
        build.chosen(single(NA))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5", 5), (" -5.50 ", -5.5), ("+.5", 0.5), ("5.", 5), ("1e3", 1000), ("1E-3%", 1e-5), ("50 %", 0.5),
        ("", None), ("x", None), ("5 % x", None), ("1e999", None), ("٣", None), ("A1", None), ("1~2", None),
    ],
)  # fmt: skip
def test_a_text_may_show_a_number(text, found):
    assert read_number(text) == found
    wanted = Failure("#VALUE!", "S!A1") if found is None else number(found)
    assert as_number(Text(text, "S!A1")) == wanted


@pytest.mark.parametrize(
    "text",
    ["1,5", "1.234,5", "1 000", "1'000", "$3", "€ 2.50", "(3)", "1/2", "12:30", "3-Mar-24", "5 pm"],
)
def test_a_text_that_languages_read_in_their_own_way_is_no_error_of_a_formula(text):
    assert read_number(text) is None
    with pytest.raises(
        InvalidValue, match=re.escape(f'the text "{text}" of S!A1, which each language reads')
    ):
        as_number(Text(text, "S!A1"))


def test_values_stand_in_each_other_s_place():
    assert as_number(None) == number(0)
    assert [as_number(each) for each in (X, NA, LOST)] == [X, NA, LOST]
    assert [as_text(each) for each in (None, NA, LOST, Text("a"))] == [Text(""), NA, LOST, Text("a")]
    shown = [
        as_text(each).text for each in (truth(True), truth(False), number(2.5), number(-1 / 3), number(1e20))
    ]
    assert shown == ["TRUE", "FALSE", "2.5", "-0.333333333333333", "1e+20"]
    with pytest.raises(InvalidValue, match=r"^makes a text of a number that may vary$"):
        as_text(X)
    assert text_of("x" * 32_767, "c") == Text("x" * 32_767, "c")
    assert text_of("x" * 32_768) == Failure("#VALUE!")
    assert unknown([X, VALUE, NA]) is VALUE
    assert unknown([X, VALUE, LOST, Unknown(frozenset({"S!C1"}))]) == Unknown(frozenset({"S!B1", "S!C1"}))
    assert unknown([X, None, Text("a")]) is None


def test_errors_pass_through_what_is_calculated():
    build = Builder()
    ((condition, found),) = calculated(build, "add", single(X), single(Text("2")))
    assert (condition, value_of(build, found.expression, x=3)) == (None, 5)
    assert calculated(build, "add", single(NA), single(VALUE)) == single(NA)
    assert calculated(build, "add", single(X), single(VALUE)) == single(VALUE)
    assert calculated(build, "add", single(Text("a", "S!A1")), single(X)) == single(VALUE)
    assert calculated(build, "add", single(NA), single(LOST)) == single(LOST)
    assert joined_texts(build, single(Text("a")), single(number(2))) == single(Text("a2"))
    assert joined_texts(build, single(Text("a")), single(NA)) == single(NA)
    assert joined_texts(build, single(Text("x" * 32_767)), single(Text("y"))) == single(Failure("#VALUE!"))


ORDER = [number(-1), number(0), number(2), Text("a"), Text("B"), truth(False), truth(True)]


def test_numbers_stand_before_texts_and_texts_before_truth_values():
    build, settled = Builder(), []
    for (i, one), (j, other) in itertools.product(enumerate(ORDER), repeat=2):
        for sign, holds in (("<", i < j), ("=", i == j), (">=", i >= j), ("<>", i != j)):
            ((_, found),) = compared(build, sign, single(one), single(other), settled.append)
            assert (found.known, found.logical) == (holds, True), (one, sign, other)
    assert compare_scalars(build, "equal", Text("RED"), Text("red")).known == 1
    for empty_like in (number(0), Text(""), truth(False), None):
        assert compare_scalars(build, "equal", None, empty_like).known == 1
        assert compare_scalars(build, "equal", empty_like, None).known == 1
    settled.clear()
    compared(build, "=", single(Text("a", "S!A1")), single(Text("b", "S!A2")), settled.append)
    assert settled == ["S!A1", "S!A2"]
    assert compared(build, "=", single(NA), single(Text("b", "S!A2")), settled.append) == single(NA)
    assert len(settled) == 2


def test_a_condition_chooses_a_value():
    build = Builder()
    yes, no = single(Text("a")), single(Text("b"))
    assert conditional(build, single(number(2)), yes, no) == yes
    assert conditional(build, single(None), yes, no) == no
    assert conditional(build, single(Text("x", "S!A1")), yes, no) == single(VALUE)
    assert conditional(build, single(LOST), yes, no) == single(LOST)
    holds = build.apply("less", X, number(1))
    assert conditional(build, single(holds), yes, no) == ((holds, Text("a")), (None, Text("b")))
    assert conditional(build, single(holds), yes, yes) == yes
    assert conditional(build, single(holds), single(LOST), no) == single(LOST)


def test_of_functions_without_a_translation_eight_are_named():
    assert refused_functions(["A" * 41]) == f"{'A' * 40} has no translation"
    assert refused_functions("ABCDEFGHI") == "A, B, C, D, E, F, G, H have no translation"
    assert refused_functions(["A", "RAND"]) == "RAND changes whenever a workbook is opened"
    assert refused_functions(["NOW", "A", "RAND"]) == "NOW, RAND change whenever a workbook is opened"


def test_a_lone_row_or_column_serves_all_others():
    row, whole = Grid(((single(X), single(Y)),)), Grid(((single(X), single(Y)), (single(NA), single(None))))
    assert (row.shape, whole.shape) == ((1, 2), (2, 2))
    assert row.element(5, 1) == single(Y)
    assert Grid(((single(X),), (single(Y),))).element(1, 7) == single(Y)
    assert whole.element(1, 0) == single(NA)
    assert whole.element(2, 0) == whole.element(0, 2) == single(Failure("#N/A"))
    assert whole.items() == [single(X), single(Y), single(NA), single(None)]


def failing(build):
    """Return expressions that fail for some values, and what they are called by."""
    one = number(1)
    ratio = build.apply("divide", X, Y)
    return {
        "never": build.apply("add", X, build.apply("exp", Y)),
        "ratio": ratio,
        "log": build.apply("log", X),
        "log10": build.apply("log10", X),
        "sqrt": build.apply("sqrt", X),
        "asin": build.apply("asin", X),
        "acos": build.apply("acos", X),
        "power": build.apply("power", X, Y),
        "square": build.apply("power", X, number(2)),
        "inverse": build.apply("power", X, number(-1)),
        "root": build.apply("power", X, number(0.5)),
        "chosen": build.where(
            build.apply("less", X, one), build.apply("divide", one, Y), build.apply("log", Y)
        ),
        "condition": build.where(build.apply("less", build.apply("log", X), Y), one, X),
        "nested": build.apply("multiply", ratio, build.apply("add", build.apply("sqrt", X), one)),
    }


def test_a_formula_fails_where_its_value_is_none():
    build = Builder()
    known = failing(build)
    places = [-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0]
    for name, term in known.items():
        # the equation itself, and one that goes on with it
        equations = {"own": term.expression, "next": build.apply("add", Term(Name("own")), X).expression}
        failures = Failures(build, equations.get)
        for x, y in itertools.product(places, repeat=2):
            value = value_of(build, term.expression, x=x, y=y)
            # a comparison with what is an error is an error too
            wanted = x <= 0 if name == "condition" else not math.isfinite(value)
            for each in (
                term,
                Term(Name("own")),
                Term(Name("next")),
                build.apply("negative", Term(Name("own"))),
            ):
                fails = failures.of(each)
                assert value_of(build, fails.expression, x=x, y=y) == wanted, (name, x, y)
    # each is found after what its own equation uses, however far that goes
    equations = {
        "a": build.apply("sqrt", X).expression,
        "b": build.apply("add", Term(Name("a")), Y).expression,
    }
    equations |= {"c": build.apply("add", Term(Name("b")), Term(Name("a"))).expression}
    fails = Failures(build, equations.get).of(build.apply("add", Y, Term(Name("c"))))
    assert [value_of(build, fails.expression, x=x, y=1.0) for x in (-1.0, 1.0)] == [1, 0]
    assert Failures(build, {}.get).of(known["never"]).known == 0
    assert Failures(build, {}.get).of(known["square"]).known == 0
    assert Failures(build, {}.get).of(build.apply("add", Term(Name("pi")), X)).known == 0


def test_a_term_that_becomes_too_large_counts_what_is_left_of_it():
    build, total = Builder(), X
    for _ in range(4 * terms.MOST_NODES):
        total = build.apply("add", total, Y)
        size = measured(total.expression)
        assert (total.nodes, total.depth) == (size.nodes, size.depth)
    assert build.parts
    assert total.nodes <= terms.MOST_NODES


def test_errors_among_truths_and_numbers_stay_errors():
    build = Builder()
    cases = ((build.apply("less", X, number(0)), truth(True)), (build.apply("less", Y, number(0)), VALUE))
    found = calculated(build, "add", (*cases, (None, number(2))), single(number(1)))
    assert [scalar for _, scalar in found if isinstance(scalar, Failure)] == [VALUE]
    kinds = [scalar.logical for _, scalar in found if isinstance(scalar, Term)]
    assert kinds == [False, False]
    assert (terms.as_plain(truth(True)).logical, terms.as_plain(X)) == (False, X)


def test_many_terms_are_joined_in_halves():
    build = Builder()
    many = [Term(Name(f"x{n}")) for n in range(240)]
    for joined in (build.largest("maximum", many), build.joined("add", many[:120])):
        assert measured(joined.expression).depth == joined.depth
    assert build.largest("maximum", many).depth == 4
    assert build.joined("add", many[:120]).depth == 61


def test_the_size_of_an_expression_is_that_of_its_tree():
    build = Builder()
    both = build.apply("add", X, Y)
    for term in (negative(build, both), negative(build, negative(build, both)), negative(build, number(2))):
        assert (measured(term.expression).nodes, measured(term.expression).depth) == (term.nodes, term.depth)
    assert negative(build, negative(build, both)).expression == both.expression
    for term in (X, number(2), *failing(build).values()):
        assert (measured(term.expression).nodes, measured(term.expression).depth) == (term.nodes, term.depth)
