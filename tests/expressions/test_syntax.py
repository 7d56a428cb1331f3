import ast
import random
import time

import pytest

from uncertainty.errors import InvalidValue
from uncertainty.expressions.operations import FREE, OVER_INDICES
from uncertainty.expressions.syntax import LONG, RESERVED_NAMES, Call, Name, Number, names, parse_expression
from uncertainty.expressions.tree import literal, used_arguments, walk

A, B, C = Name("a"), Name("b"), Name("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1.5e3", Number(1500.0)),
        ("1_000", Number(1000.0)),
        (".5", Number(0.5)),
        ("15[t/year]", Number(15.0, "t/year")),
        ("2.5 [ g/(kWh*page) ]", Number(2.5, "g/(kWh*page)")),
        ("5[%]", Number(5.0, "%")),
        ("pi", Name("pi")),
        ("+a", A),
        ("-2**2", Call("negative", (Call("power", (Number(2.0), Number(2.0))),))),
        ("a\n  + b", Call("add", (A, B))),
        ("a <= b", Call("less_equal", (A, B))),
        ("a and b or c", Call("logical_or", (Call("logical_and", (A, B)), C))),
        ("a or b and c", Call("logical_or", (A, Call("logical_and", (B, C))))),
        ("not a == b", Call("logical_not", (Call("equal", (A, B)),))),
        ("not a and b", Call("logical_and", (Call("logical_not", (A,)), B))),
        ("round(a)*round", Call("multiply", (Call("round", (A,)), Name("round")))),
        ("floor + log1p", Call("add", (Name("floor"), Name("log1p")))),
        ("a - b - c", Call("subtract", (Call("subtract", (A, B)), C))),
        ("a**b**c", Call("power", (A, Call("power", (B, C))))),
        ("maximum(a, b, c)", Call("maximum", (A, B, C))),
        ("where(a > b, sqrt(a), -b)",
         Call("where", (Call("greater", (A, B)), Call("sqrt", (A,)), Call("negative", (B,))))),
    ],
)  # fmt: skip
def test_arithmetic_reads_as_in_python(text, tree):
    assert parse_expression(text) == tree


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("((a)*((b+c)))", "a * (b + c)"),
        ("(a*b)+c", "a * b + c"),
        ("a-(b-c)", "a - (b - c)"),
        ("a/(b*c)", "a / (b * c)"),
        ("(-a)**2", "(-a)**2"),
        ("a**(-b)", "a**-b"),
        ("(a**b)**c", "(a**b)**c"),
        ("a*(-b)", "a * -b"),
        ("(a<b)*(b<c)", "(a < b) * (b < c)"),
        ("a <(b< c)", "a < (b < c)"),
        ("1000.0[g]", "1000[g]"),
        ("(a and b) or (not (a<b))", "a and b or not a < b"),
        ("a and (b or c) and (b and c)", "a and (b or c) and (b and c)"),
        ("not(not a)", "not not a"),
        ("(not a) < b", "(not a) < b"),
        ("-(not a) + (b or c)**2", "-(not a) + (b or c)**2"),
    ],
)
def test_the_canonical_text_has_the_fewest_parentheses(text, canonical):
    assert str(parse_expression(text)) == canonical


def random_text(rng, depth):
    """Arithmetic that Python reads too."""
    if depth == 0 or rng.random() < 0.15:
        return rng.choice(["a", "b", "c", "pi", "2", "0.25", "1e-3", "7"])
    inner = [random_text(rng, depth - 1) for _ in range(3)]
    shape = rng.choice(
        ["{0} + {1}", "{0} - {1}", "{0} * {1}", "{0} / {1}", "{0}**{1}", "-{0}", "+{0}", "({0})",
         "(({0}) < ({1}))", "(({0}) != ({1}))", "sqrt({0})", "abs({0})", "round({0})", "log1p({0})",
         "({0} and {1} or {2})", "({0} or {1} and {2})", "(not {0})", "(not {0} < {1})",
         "minimum({0}, {1}, {2})", "where({0}, {1}, {2})"]
    )  # fmt: skip
    return shape.format(*inner)


PYTHON = {
    ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide", ast.Pow: "power",
    ast.Lt: "less", ast.NotEq: "not_equal", ast.USub: "negative",
    ast.And: "logical_and", ast.Or: "logical_or", ast.Not: "logical_not",
}  # fmt: skip


def from_python(node):
    """The tree that Python's own parser gives."""
    match node:
        case ast.Constant():
            return Number(float(node.value))
        case ast.Name():
            return Name(node.id)
        case ast.UnaryOp(op=ast.UAdd()):
            return from_python(node.operand)
        case ast.BoolOp(values=[first, *others]):
            tree = from_python(first)
            for other in others:
                tree = Call(PYTHON[type(node.op)], (tree, from_python(other)))
            return tree
        case ast.UnaryOp():
            return Call(PYTHON[type(node.op)], (from_python(node.operand),))
        case ast.BinOp():
            return Call(PYTHON[type(node.op)], (from_python(node.left), from_python(node.right)))
        case ast.Compare():
            return Call(PYTHON[type(node.ops[0])], (from_python(node.left), from_python(node.comparators[0])))
        case ast.Call():
            return Call(node.func.id, tuple(map(from_python, node.args)))


def test_random_expressions_group_as_python_groups_them_and_survive_printing():
    rng = random.Random(7)
    for _ in range(500):
        text = random_text(rng, 5)
        tree = parse_expression(text)
        assert tree == from_python(ast.parse(text, mode="eval").body)
        assert parse_expression(str(tree)) == tree


@pytest.mark.parametrize("sign", ["+", "*", "and", "or"])
@pytest.mark.parametrize("terms", [LONG, LONG + 1, 333, 900])
def test_a_long_sum_or_product_is_as_deep_as_pairs_of_its_terms_and_survives_printing(sign, terms):
    tree = parse_expression(f" {sign} ".join(f"x{i}" for i in range(terms)))
    assert [node.name for node, _ in walk(tree) if isinstance(node, Name)][::-1] == [
        f"x{i}" for i in range(terms)
    ]
    deepest = max(depth for _, depth in walk(tree))
    assert deepest == (terms if terms <= LONG else 1 + (terms - 1).bit_length())
    assert parse_expression(str(tree)) == tree


@pytest.mark.parametrize("first", [2, LONG - 1, LONG, 200])
@pytest.mark.parametrize("more", [1, 50, LONG, 120])
def test_parentheses_around_the_first_terms_change_nothing_that_printing_would_lose(first, more):
    inner, outer = (" + ".join(f"{name}{i}" for i in range(n)) for name, n in (("x", first), ("y", more)))
    tree = parse_expression(f"({inner}) + {outer}")
    assert parse_expression(str(tree)) == tree


def test_names_are_the_quantities_without_pi():
    assert names(parse_expression("2 * pi * a + where(b > 0, a, c_2)")) == {"a", "b", "c_2"}
    assert not names(parse_expression("2[g] * pi"))


def test_a_number_becomes_the_expression_that_its_text_is_read_as():
    for value, text in ((-2.5, "-2.5"), (0.0, "0"), (3.0, "3")):
        assert literal(value) == parse_expression(text)


def test_reserved_names_cannot_be_read_as_a_quantity():
    assert {"pi", "exp", "where", "and", "or", "not", "lambda"} <= RESERVED_NAMES
    for name in RESERVED_NAMES - {"pi"}:
        with pytest.raises(InvalidValue):
            parse_expression(f"1 + {name} + 1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the expression ends where a number, a name or a parenthesis was expected"),
        ("a +", "the expression ends where a number"),
        ("a b", 'unexpected "b" at column 3; expected an operator or the end; allowed are + - * / **,'),
        ("a + * b", 'unexpected "*" at column 5; expected a number, a name or a parenthesis; allowed are'),
        ("a, b", 'unexpected "," at column 2'),
        ("(a", 'the parenthesis "(" at column 1 is never closed'),
        ("exp(a b)", 'unexpected "b" at column 7; expected an operator or ")"'),
        ("a < b < c",
         'a second comparison "<" at column 7 after "a < b"; join two comparisons with and: a < b and b < c'),
        ("ln(a)", 'unknown function "ln" at column 1; did you mean "log"? (known: sqrt exp expm1 log log1p'),
        ("1 + sqr(a)", 'unknown function "sqr" at column 5; did you mean "sqrt"?'),
        ("pow(a, 2)", 'did you mean "**"?'),
        ("a(3)", 'unknown function "a"'),
        ("__import__('os')", 'unknown function "__import__" at column 1'),
        ("exp", '"exp" at column 1 is a function; write exp(…)'),
        ("exp()", '"exp" at column 1 takes 1 argument, not 0'),
        ("minimum(a)", '"minimum" at column 1 takes 2 or more arguments, not 1'),
        ("where(a, b)", '"where" at column 1 takes 3 arguments, not 2'),
        ("where(a=1, b, c)", 'unexpected "=" at column 8; equality is written =='),
        ("US_total", '"US_total" at column 1 is no name; a name has lower-case letters'),
        ("True", '"True" at column 1 is no name'),
        ("a.real", 'unexpected "." at column 2; a quantity has no attributes'),
        ("a[]", "expected members of indices in the brackets at column 2, as in a[us] or a[country=us]"),
        ("a[b*c]", "expected members of indices in the brackets at column 2"),
        ("a[b", 'the bracket "[" at column 2 is never closed'),
        ("(a)[g]", "after a number brackets hold its unit, as in 15[g]; after a name they select"),
        ("a[us][x]", "after a number brackets hold its unit"),
        ("15[g", 'the bracket "[" at column 3 is never closed'),
        ("15[]", "expected a unit of 1 to 100 characters in the brackets at column 3"),
        ("15[a[0]]", "expected a unit of 1 to 100 characters"),
        ("15[" + "g" * 200 + "]", "expected a unit of 1 to 100 characters"),
        ("15[g\0]", "expected a unit"),
        ("3j", 'unexpected "j" at column 2 after the number 3; a unit is written 3[g], a product 3 * x'),
        ("0x10", 'unexpected "x10" at column 2 after the number 0'),
        ("1.2.3", 'unexpected ".3" at column 4 after the number 1.2'),
        ("1e999", 'the number "1e999" at column 1 is too large'),
        ("9" * 400, 'a number has at most 40 characters, "9999999999…" at column 1 has 400'),
        ("a // b", 'unexpected "//" at column 3; for a whole-number quotient there is no operator; use /'),
        ("a % b", 'unexpected "%" at column 3; there is no remainder operator'),
        ("a ^ b", "a power is written **"),
        ("a = b", "equality is written =="),
        ("a and and b", 'unexpected "and" at column 7; it stands between two conditions: a < b and b < c'),
        ("or b", 'unexpected "or" at column 1; it stands between two conditions: a < b or b < c'),
        ("a and", "the expression ends where a number, a name or a parenthesis was expected"),
        ("a + not b", "within a sum, product or comparison it needs parentheses: a * (not b)"),
        ("a & b", "joined by and: a < b and b < c"),
        ("a | b", "joined by or: a < b or b < c"),
        ("!a", "is written not a < b"),
        ("arcsin(a)", 'did you mean "asin"?'),
        ("ceiling(a)", 'did you mean "ceil"?'),
        ("floor()", '"floor" at column 1 takes 1 argument, not 0'),
        ("not " * 1900 + "a", "an expression nests at most 100 levels deep"),
        ("a if b else c", "use where(condition, value_if_true, value_if_false)"),
        ("lambda: 1", "functions cannot be defined"),
        ("'a'", "there are no texts in an expression"),
        ("a × b", 'unexpected "×" at column 3; a product is written *'),
        ("a\u2028b", 'unexpected "\\u2028" at column 2'),
        ("[a for a in b]", 'unexpected "[" at column 1'),
        ("{a}", 'unexpected "{" at column 1'),
        ("a := 1", 'unexpected ":" at column 3'),
        ("(" * 5000, "an expression nests at most 100 levels deep"),
        ("-" * 5000 + "a", "an expression nests at most 100 levels deep"),
        ("a" + "**a" * 3000, "an expression nests at most 100 levels deep"),
        ("exp(" * 2000, "an expression nests at most 100 levels deep"),
        ("-".join("a" * 500), "an expression nests at most 100 levels deep"),
        ("+".join("a" * 2000), "an expression has at most 2000 numbers, names and operations"),
        ("minimum(" + ",".join("a" * 2001) + ")",
         "an expression has at most 2000 numbers, names and operations, this one has 2002"),
        ("(" * 100_000, "an expression has at most 10000 characters, this one has 100000"),
        ("a" * 10_000_000, "an expression has at most 10000 characters"),
    ],
)  # fmt: skip
def test_nothing_else_parses_and_the_message_says_what_to_write(text, message):
    started = time.process_time()
    with pytest.raises(InvalidValue) as refusal:
        parse_expression(text)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 300
    assert time.process_time() - started < 2


def test_the_deepest_allowed_expressions_can_be_printed_compared_and_hashed():
    for text in ["+".join("a" * 100), "(" * 99 + "a" + ")" * 99, "-" * 99 + "a", "a" + "**a" * 99]:
        tree = parse_expression(text)
        assert parse_expression(str(tree)) == tree
        assert hash(parse_expression(str(tree))) == hash(tree)


@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * 9_999,
        "minimum(" + ",".join("a" * 1999) + ")",
        "0." + "3" * 38,
        "1[" + "g" * 100 + "]",
        "+".join(["(a)"] * 90),
        "minimum(" + ",".join(["-" * 90 + "a"] * 20) + ")",
    ],
    ids=["length", "nodes", "literal", "unit", "parentheses", "signs"],
)
def test_what_reaches_a_bound_without_passing_it_parses(text):
    assert parse_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * 10_000,
        "minimum(" + ",".join("a" * 2000) + ")",
        "0." + "3" * 39,
        "1[" + "g" * 101 + "]",
        # what came before counts neither for nor against what is nested now
        "a + " * 50 + "(" * 101 + "a" + ")" * 101,
        "(a+" * 3000 + "a" + ")" * 300,
    ],
    ids=["length", "nodes", "literal", "unit", "parentheses", "sums"],
)
def test_what_passes_a_bound_is_refused(text):
    with pytest.raises(InvalidValue):
        parse_expression(text)


def test_a_unit_ends_at_the_next_bracket_and_is_kept_with_single_spaces():
    assert str(parse_expression("1[g] * 2[ kg   /  year ]")) == "1[g] * 2[kg / year]"
    with pytest.raises(InvalidValue, match=r"is never closed"):
        parse_expression("a * (2[g) + 3")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a * (b + c", 'the parenthesis "(" at column 5 is never closed'),
        ("exp(a", 'the parenthesis "(" at column 4 is never closed'),
        ("1[]", "as in 15[t/year]"),
        ("a +", "ends where a number, a name or a parenthesis was expected"),
        ("+", "ends where a number, a name or a parenthesis was expected"),
        ("(" * 101, "split it into several equations"),
        ("(a < b", 'the parenthesis "(" at column 1 is never closed'),
    ],
)
def test_a_refusal_says_where_and_what_to_write(text, message):
    with pytest.raises(InvalidValue) as refusal:
        parse_expression(text)
    assert message in str(refusal.value)


def test_a_quotation_is_shortened_only_where_it_is_too_long():
    from uncertainty.expressions.tree import quoted

    name = parse_expression("a" * 80)
    assert quoted(name) == '"' + "a" * 80 + '"'
    assert quoted(parse_expression("a" * 81)) == '"' + "a" * 79 + '…"'
    assert quoted(name, longest=10) == '"' + "a" * 9 + '…"'


@pytest.mark.parametrize("name", sorted(FREE))
def test_a_function_that_came_later_leaves_its_name_to_quantities(name):
    others = ", 1" * (OVER_INDICES[name].arguments[1] or 1) if name in OVER_INDICES else ""
    given = others.removeprefix(", 1")
    assert names(parse_expression(f"{name} * {name}({name}{given}) - 1")) == {name}
    assert name not in RESERVED_NAMES


@pytest.mark.parametrize(
    ("text", "written", "used"),
    [
        ("hour[us]", "hour[us]", {"hour"}),
        ("hour[ country = us , 2020 ]", "hour[country=us,2020]", {"hour"}),
        ("x[-0.5] * 15[us]", "x[-0.5] * 15[us]", {"x"}),
        ("sum(a * b, c, d)", "sum(a * b, c, d)", {"a", "b"}),
        ("previous(a + b, day, first)", "previous(a + b, day, first)", {"a", "b", "first"}),
        ("interpolate(t, damage)", "interpolate(t, damage)", {"t", "damage"}),
        ("mean(x) ** 2 / cumulative(y, year)", "mean(x)**2 / cumulative(y, year)", {"x", "y"}),
    ],
)
def test_selections_and_functions_over_indices_are_written_as_they_are_read(text, written, used):
    expression = parse_expression(text)
    assert str(expression) == written
    assert parse_expression(written) == expression
    assert names(expression) == used


def test_indices_curves_and_words_of_selections_are_no_expressions():
    for text, used in (
        ("x[us]", "x"), ("sum(a * b, c, d)", "a * b"), ("cumulative(y, year)", "y"),
        ("previous(a, day, first)", "a, first"), ("interpolate(t, damage)", "t"), ("minimum(a, b)", "a, b"),
    ):  # fmt: skip
        assert ", ".join(map(str, used_arguments(parse_expression(text)))) == used
