import functools
import math
import pickle
import random
import tracemalloc

import numpy as np
import pytest

from uncertainty.errors import InvalidValue
from uncertainty.expressions import build_graph, compile_tape, parse_expression
from uncertainty.expressions import tape as tape_module
from uncertainty.expressions.operations import SPECIAL, evaluate

VARIABLES = ("x", "y", "z")


def tape_of(outputs, equations=None, variables=VARIABLES, constants=None):
    constants = constants or {}
    parsed = (
        {name: parse_expression(text) for name, text in texts.items()} for texts in (equations or {}, outputs)
    )
    graph = build_graph(*parsed, (*variables, *constants), {"%": 0.01}.__getitem__)
    return compile_tape(graph, list(outputs), variables, constants)


def run(tape, columns, workspace=None):
    columns.flags.writeable = False
    out = np.full((tape.outputs, columns.shape[1]), np.nan)
    tape.run(columns, out, workspace)
    return out


def columns_of(n, seed=1, low=-2.0):
    return np.random.default_rng(seed).uniform(low, 3.0, (3, n))


FUNCTIONS = (
    *("sqrt", "exp", "expm1", "log", "log1p", "log10", "sin", "cos", "tan", "tanh", "asin", "acos", "atan"),
    *("abs", "floor", "ceil", "round"),
)
TEMPLATES = [
    *((f"{{0}} {o} {{1}}", f"{{0}} {o} {{1}}") for o in "+-*/"),
    *((f"{f}({{0}})", f"{f}({{0}})") for f in FUNCTIONS),
    *((f"{{0}} {o} {{1}}", f"told({{0}}, {{1}}, {{0}} {o} {{1}})") for o in ("<", "<=", ">", ">=")),
    *((f"{{0}} {o} {{1}}", f"told({{0}}, {{1}}, {{0}} {o} {{1}})") for o in ("==", "!=")),
    ("{0} and {1}", "both({0}, {1})"),
    ("{0} or not {1}", "1 - both(1 - both({0}, 1.0), {1})"),
    ("-{0}", "-{0}"),
    ("maximum({0}, {1})", "maximum({0}, {1})"),
    ("minimum({0}, {1}, {2})", "minimum({0}, {1}, {2})"),
    *[("where({0}, {1}, {2})", "where({0}, {1}, {2})")] * 3,
]  # fmt: skip
ORACLE = {name: getattr(np, name) for name in FUNCTIONS} | {
    "round": np.round,
    "number": np.float64,
    "where": lambda condition, a, b: np.where(np.isnan(condition), np.nan, np.where(condition != 0, a, b)),
    "told": lambda a, b, holds: np.where(np.isnan(a) | np.isnan(b), np.nan, holds),
    "both": lambda a, b: np.where((a == 0) | (b == 0), 0.0, np.where(np.isnan(a) | np.isnan(b), np.nan, 1.0)),
    "minimum": lambda *values: functools.reduce(np.minimum, values),
    "maximum": lambda *values: functools.reduce(np.maximum, values),
}


def random_pair(rng, depth):
    """An expression, and the same for Python with numpy."""
    if depth == 0 or rng.random() < 0.1:
        leaf = rng.choice(["x", "y", "z", "x", "y", "z", "2", "0.25"])
        return leaf, leaf if leaf in VARIABLES else f"number({leaf})"
    ours, python = zip(*(random_pair(rng, depth - 1) for _ in range(3)), strict=True)
    template, python_template = rng.choice(TEMPLATES)
    return f"({template.format(*ours)})", f"({python_template.format(*python)})"


def test_random_programs_equal_numpy_to_the_last_bit():
    rng = random.Random(5)
    columns, checked = columns_of(50), 0
    scope = dict(zip(VARIABLES, columns, strict=True)) | ORACLE | {"__builtins__": {}}
    for _ in range(120):
        pairs = [random_pair(rng, 5) for _ in range(4)]
        shared = {"shared": pairs[0][0]}
        outputs = {f"o{i}": f"{ours} - shared" for i, (ours, _) in enumerate(pairs)}
        try:
            tape = tape_of(outputs, shared)
        except InvalidValue as refusal:
            assert "not a finite number" in str(refusal)  # noqa: PT017 - most programs have no such part
            continue
        with np.errstate(all="ignore"):
            expected = [eval(f"{python} - {pairs[0][1]}", scope) for _, python in pairs]
        expected = np.array([np.broadcast_to(row, 50) for row in expected])
        assert np.array_equal(run(tape, columns), expected, equal_nan=True)
        checked += 1
    assert checked > 60


def test_nothing_can_be_said_of_what_has_no_value():
    # log(x) has none below 0, where `and` and `or` are decided by their other part, or not at all
    texts = {
        "compared": "log(x) > 1", "differs": "log(x) != 1", "denied": "not log(x)",
        "chosen": "where(log(x) > 1, 2, 3)", "guarded": "x > 0 and log(x) > 1",
        "either": "x < 0 or log(x) > 1", "spared": "where(x > 0, log(x), 5)",
    }  # fmt: skip
    unknown = [math.nan] * 2
    expected = {
        "compared": [*unknown, 0, 1], "differs": [*unknown, 1, 1], "denied": [*unknown, 1, 0],
        "chosen": [*unknown, 3, 2], "guarded": [0, 0, 0, 1], "either": [1, 1, 0, 1],
        "spared": [5, 5, 0, math.log(20)],
    }  # fmt: skip
    for rows in (1, 2000):
        columns = np.tile([-2.0, -1.0, 1.0, 20.0], (3, rows))
        found = run(tape_of(texts), columns)
        np.testing.assert_array_equal(found, np.tile(np.array(list(expected.values())), rows))


@pytest.mark.parametrize(
    ("operation", "values", "expected"),
    [
        ("greater", (math.nan, 1), math.nan),
        ("not_equal", (1, math.nan), math.nan),
        ("logical_not", (math.nan,), math.nan),
        ("logical_and", (0, math.nan), 0),
        ("logical_and", (2, math.nan), math.nan),
        ("logical_or", (math.nan, 2), 1),
        ("logical_or", (math.nan, 0), math.nan),
        ("where", (math.nan, 1, 1), math.nan),
    ],
)
def test_constants_are_told_as_columns_are(operation, values, expected):
    np.testing.assert_equal(evaluate(operation, tuple(map(float, values))), float(expected))


@pytest.mark.parametrize(
    "exponent", ["-3", "-2", "-1", "-0.5", "0", "0.5", "1", "2", "3", "4", "5", "2.5", "(1/3)", "50[%]"]
)
def test_constant_powers_equal_numpys_power(exponent):
    columns = columns_of(1000, low=0.01)
    value = eval(exponent.replace("50[%]", "0.5"))
    result = run(tape_of({"o": f"x**{exponent}"}), columns)[0]
    np.testing.assert_allclose(result, np.power(columns[0], value), rtol=1e-15)


@pytest.mark.parametrize(
    ("exponent", "functions"),
    [
        ("2", ["multiply"]),
        ("3", ["multiply", "multiply"]),
        ("4", ["multiply", "multiply"]),
        ("0.5", ["sqrt"]),
        ("-1", ["reciprocal"]),
        ("1", ["positive"]),
        ("5", ["power"]),
        ("y", ["power"]),
    ],
)
def test_frequent_powers_avoid_the_slow_function(exponent, functions):
    assert [step.function for step in tape_of({"o": f"x**{exponent}"}).instructions] == functions


EVERYTHING = {f"o{i}": f"{f}(x * y) + z" for i, f in enumerate(FUNCTIONS)} | {
    "power": "abs(x)**y", "cube": "x**3", "where": "where(x < y, x, where(y < z, 2, z))",
    "least": "minimum(x, y, z, 1)", "logic": "x < y and not z or x",
    "counted": "(x < y) + (y < z)", "input": "x", "constant": "pi", "again": "x * y", "same": "x * y",
}  # fmt: skip


def test_a_row_does_not_depend_on_the_rows_around_it():
    tape, columns = tape_of(EVERYTHING), columns_of(8192)
    whole = run(tape, columns)
    for start, n in [(0, 1), (8191, 1), (17, 1), (3, 7), (1001, 64), (513, 4097)]:
        part = slice(start, start + n)
        assert np.array_equal(run(tape, columns[:, part].copy()), whole[:, part], equal_nan=True)
        assert np.array_equal(run(tape, columns[:, part]), whole[:, part], equal_nan=True)


def test_what_the_workspace_held_before_does_not_matter():
    tape, columns = tape_of(EVERYTHING), columns_of(100)
    expected = run(tape, columns)
    for value in (np.nan, np.inf, 1.0):
        assert np.array_equal(run(tape, columns, np.full((tape.slots, 130), value)), expected, equal_nan=True)


def test_a_given_workspace_is_all_the_memory_that_is_used():
    n = 100_000
    tape, columns = tape_of(EVERYTHING), columns_of(n)
    out, workspace = np.empty((tape.outputs, n)), np.empty((tape.slots, n))
    tape.run(columns, out, workspace)
    tracemalloc.start()
    tape.run(columns, out, workspace)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < n / 2


def test_rows_are_used_again():
    terms = " + ".join(f"exp({i} * x)" for i in range(2, 90))
    assert tape_of({"o": terms}).slots == 2
    assert tape_of({"o": "x", "p": "x + y", "q": "(x + y) * z"}).slots == 0


def test_what_depends_on_constants_alone_is_computed_once():
    tape = tape_of({"o": "x * (a / b + 1)", "p": "a - b"}, constants={"a": 6.0, "b": 2.0})
    assert [step.function for step in tape.instructions] == ["multiply", "positive"]
    assert set(tape.constants) == {4.0}
    assert run(tape, columns_of(2))[1].tolist() == [4.0, 4.0]


def test_a_model_of_constants_alone_fills_its_rows():
    tape = tape_of({"o": "a / 3", "p": "a < 1"}, variables=(), constants={"a": 6})
    assert run(tape, np.empty((0, 2))).tolist() == [[2.0, 2.0], [0.0, 0.0]]


def test_a_constant_condition_leaves_the_other_branch_out():
    tape = tape_of({"o": "where(a > 0, x, log(b))"}, constants={"a": 1.0, "b": 0.0})
    assert [step.function for step in tape.instructions] == ["positive"]


def test_parts_that_reach_no_output_are_neither_computed_nor_checked():
    tape = tape_of({"o": "x"}, {"unused": "exp(y)", "unsound": "log(a)"}, constants={"a": 0.0})
    assert len(tape.instructions) == 1


def test_non_finite_results_are_left_to_the_caller_without_warning():
    columns = np.array([[0.0, -1.0], [1.0, 1.0], [0.0, 0.0]])
    result = run(tape_of({"o": "y / x", "p": "log(x)", "q": "exp(y * 1000)"}), columns)
    assert np.array_equal(result, [[np.inf, -1.0], [-np.inf, np.nan], [np.inf, np.inf]], equal_nan=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9**9**9", '"9**9**9" gives inf, not a finite number (from 9, 3.8742e+08)'),
        ("x + log(a)", '"log(a)" gives -inf, not a finite number (from 0)'),
        ("x / (1 / (1 / a))", '"1 / a" gives inf, not a finite number (from 1, 0)'),
        ("sqrt(a - 1)", '"sqrt(a - 1)" gives nan, not a finite number (from -1)'),
        ("(a - 8)**(1/3)", '"(a - 8)**(1 / 3)" gives nan'),
        ("exp(1000)", '"exp(1000)" gives inf'),
        ("b", '"b" gives inf, not a finite number'),
        ("missing * 2", 'no value is given for "missing"'),
    ],
)
def test_constants_without_a_finite_value_are_refused_by_the_part_at_fault(text, message):
    equations = {"o": parse_expression(text)}
    graph = build_graph({}, equations, ("x", "a", "b", "missing"), lambda _: 1.0)
    with pytest.raises(InvalidValue) as refusal:
        compile_tape(graph, ["o"], ["x"], {"a": 0.0, "b": np.inf})
    assert message in str(refusal.value)


def test_a_published_figure_can_stand_in_for_what_it_was_computed_from():
    equations = {"rate": parse_expression("x / y")}
    graph = build_graph(equations, {"o": parse_expression("rate * z")}, VARIABLES, lambda _: 1.0)
    tape = compile_tape(graph.replace(graph.equations["rate"], 1.7), ["o"], VARIABLES, {})
    columns = columns_of(5)
    assert np.array_equal(run(tape, columns)[0], 1.7 * columns[2])


@pytest.mark.parametrize(
    ("columns", "out", "workspace"),
    [
        ((2, 5), (1, 5), None),
        ((3, 5), (2, 5), None),
        ((3, 5), (1, 4), None),
        ((3, 5), (1, 5), (0, 5)),
        ((3, 5), (1, 5), (1, 4)),
    ],
)
def test_shapes_that_do_not_fit_are_refused(columns, out, workspace):
    tape = tape_of({"o": "(x < y) * z"})
    with pytest.raises(ValueError, match="expected"):
        tape.run(np.ones(columns), np.ones(out), None if workspace is None else np.ones(workspace))


def test_a_tape_is_plain_data():
    tape = tape_of(EVERYTHING)
    assert pickle.loads(pickle.dumps(tape)) == tape
    assert hash(tape) == hash(tape_of(EVERYTHING))


def test_the_largest_and_smallest_of_constants_are_folded():
    tape = tape_of({"r": "x * maximum(2, 7, 3) + minimum(4, 9, 1) * y"})
    assert sorted(tape.constants) == [1, 7]
    columns = columns_of(5)
    np.testing.assert_array_equal(run(tape, columns.copy())[0], columns[0] * 7 + columns[1] * 1)


def test_the_largest_of_several_columns_is_taken_pair_by_pair():
    columns = columns_of(50)
    tape = tape_of({"high": "maximum(x, y, z)", "low": "minimum(x, y, z, 0.5)"})
    found = run(tape, columns.copy())
    np.testing.assert_array_equal(found[0], columns.max(axis=0))
    np.testing.assert_array_equal(found[1], np.minimum(columns.min(axis=0), 0.5))


@pytest.mark.parametrize(("condition", "kept"), [("1 > 0", "x"), ("1 < 0", "y"), ("c", "x"), ("c - c", "y")])
def test_a_constant_condition_leaves_out_the_other_branch_and_its_faults(condition, kept):
    branches = {"x": "where({0}, x, 1 / (c - c))", "y": "where({0}, 1 / (c - c), y)"}
    tape = tape_of({"r": branches[kept].format(condition)}, constants={"c": 2.0})
    columns = columns_of(4)
    np.testing.assert_array_equal(run(tape, columns.copy())[0], columns[VARIABLES.index(kept)])


def test_a_branch_that_is_a_constant_is_folded_into_what_uses_it():
    tape = tape_of({"r": "x + where(c > 1, 2 * c, y)"}, constants={"c": 3.0})
    assert tape.constants == (6.0,)
    assert [instruction.function for instruction in tape.instructions] == ["add"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x * exp(1000)", '"exp(1000)" gives inf, not a finite number (from 1000)'),
        ("x + c", '"c" gives inf, not a finite number'),
    ],
)
def test_a_constant_that_is_not_finite_is_refused_with_where_it_comes_from(text, message):
    with pytest.raises(InvalidValue) as refusal:
        tape_of({"r": text}, constants={"c": np.inf})
    assert str(refusal.value).startswith(message)
    assert str(refusal.value).endswith(message[-10:])


def test_the_condition_of_a_branch_is_computed_although_the_branch_is_constant():
    columns = columns_of(6)
    tape = tape_of({"r": "where(x > y, 1, 2) + where(z, c, x)"}, constants={"c": 4.0})
    expected = np.where(columns[0] > columns[1], 1.0, 2.0) + np.where(columns[2] != 0, 4.0, columns[0])
    np.testing.assert_array_equal(run(tape, columns.copy())[0], expected)


def test_rows_of_a_where_are_free_again_after_it_and_not_before():
    columns = columns_of(40)
    texts = {"r": "where(x < y, x * y, x + y) * where(y < z, y * z, y + z) + where(z < x, z * x, z - x)"}
    x, y, z = columns
    expected = np.where(x < y, x * y, x + y) * np.where(y < z, y * z, y + z) + np.where(z < x, z * x, z - x)
    tape = tape_of(texts)
    np.testing.assert_array_equal(run(tape, columns.copy())[0], expected)
    # a mask, the first factor, and a condition with two branches and a result
    assert tape.slots <= 6


def test_logic_gives_1_or_0_and_to_it_0_alone_is_false():
    columns = np.array([[0.0, 0.0, 2.0, -0.5], [0.0, 3.0, 0.0, 1e-300], [0.0] * 4])
    tape = tape_of({"both": "x and y", "one": "x or y", "none": "not (x or y)"})
    expected = [[0, 0, 0, 1], [0, 1, 1, 1], [1, 0, 0, 0]]
    np.testing.assert_array_equal(run(tape, columns), expected)


def test_halves_are_rounded_to_even():
    columns = np.array([[-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4999999999999996]] * 3)
    np.testing.assert_array_equal(
        run(tape_of({"r": "round(x)"}), columns)[0], [round(value) for value in columns[0].tolist()]
    )


def test_what_the_first_condition_decides_leaves_the_second_undefined():
    columns = columns_of(4)
    tape = tape_of({"r": "x + (c > 0 and log(c) > y)", "s": "x + (c == 0 or 1 / c)"}, constants={"c": 0.0})
    np.testing.assert_array_equal(run(tape, columns.copy()), [columns[0], columns[0] + 1])
    with pytest.raises(InvalidValue, match="not a finite number"):
        tape_of({"r": "log(c) > y and c > 0"}, constants={"c": 0.0})


@pytest.mark.parametrize("name", SPECIAL)
def test_a_special_function_fills_its_row(name):
    family = name.rsplit("_", 1)[0]
    more = {"normal": (0,), "beta": (1, 2, 0), "binomial": (9, 0, 0)}.get(family, (1, 0))
    operands = [np.array([0.2, 0.7]) + each for each in more]
    row = np.full(2, np.nan)
    tape_module._FUNCTIONS[name](*operands, out=row)
    np.testing.assert_array_equal(row, SPECIAL[name].compute(*operands))
    assert np.isfinite(row).all()


def test_a_special_function_of_few_values_combined_is_computed_once_and_the_same_for_all():
    """Each draw's parameters meet each case's probability: of 64 and 128 numbers there are 8,192 results."""
    asked, special = [], SPECIAL["beta_quantile"]

    def counted(*operands):
        asked.append(operands)
        return special.compute(*operands)

    quantiles = tape_module._special(special._replace(compute=counted))
    rng = np.random.default_rng(2)
    a, b, u = rng.uniform(1, 5, (64, 1)), rng.uniform(1, 5, (64, 1)), rng.uniform(size=128)
    first, again, turned, few = (np.empty(shape) for shape in ((64, 128), (64, 128), (128, 64), (16, 128)))
    quantiles(a, b, u, out=first)
    quantiles(a.copy(), b, u, out=again)
    # the same digits in another shape are other combinations, and so are other digits
    quantiles(a.T, b.T, u[:, None], out=turned)
    for _ in range(2):
        quantiles(a[:16], b[:16], u, out=few)
    assert len(asked) == 3
    np.testing.assert_array_equal(first, special.compute(a, b, u))
    np.testing.assert_array_equal(again, first)
    np.testing.assert_array_equal(turned, first.T)
    np.testing.assert_array_equal(few, first[:16])
    quantiles(np.asarray(2.0), b, u, out=again)
    np.testing.assert_array_equal(again, special.compute(2.0, b, u))
