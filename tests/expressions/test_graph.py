import pickle

import pytest

from uncertainty.errors import InvalidValue
from uncertainty.expressions.graph import Apply, Constant, Input, build_graph, find_cycle, operands
from uncertainty.expressions.syntax import parse_expression
from uncertainty.units import UnitSystem

UNITS = UnitSystem(("page",))


def graph_of(equations, outputs, inputs=("x", "y", "z")):
    parsed = (
        {name: parse_expression(text) for name, text in texts.items()} for texts in (equations, outputs)
    )
    return build_graph(*parsed, inputs, lambda unit: UNITS.parse(unit).factor)


def test_shared_parts_are_one_node_and_operands_come_first():
    graph = graph_of({"a": "x * y", "b": "x * y + 1"}, {"o": "a / b", "p": "x * y"})
    assert graph.equations["a"] == graph.node_of("p")
    assert len(set(graph.nodes)) == len(graph.nodes) == 6
    assert all(operand < position for position, node in enumerate(graph.nodes) for operand in operands(node))
    assert graph.nodes[graph.node_of("o")] == Apply("divide", (graph.equations["a"], graph.equations["b"]))


def test_nothing_is_rewritten():
    graph = graph_of({"a": "x * 1", "b": "x + 0", "c": "y * x", "d": "x * y"}, {"o": "x"})
    assert len({*graph.equations.values(), graph.node_of("o")}) == 5


def test_numbers_are_in_base_units():
    graph = graph_of({}, {"o": "15[t/year] * pi"})
    values = {node.value for node in graph.nodes if isinstance(node, Constant)}
    assert values == {15 * UNITS.parse("t/year").factor, 3.141592653589793}


def test_an_output_may_share_its_name_with_an_input_or_equation():
    graph = graph_of({"a": "2 * x"}, {"a": "3 * a", "x": "y"})
    assert graph.node_of("a") != graph.equations["a"]
    assert graph.nodes[graph.node_of("x")] == Input("y")


def test_it_is_known_what_reaches_an_output():
    graph = graph_of({"a": "x + y", "b": "a * z", "unused": "z / x"}, {"o": "a / x", "p": "b", "q": "2"})
    assert graph.inputs_of("o") == {"x", "y"}
    assert graph.inputs_of("p") == {"x", "y", "z"}
    assert graph.inputs_of("q") == frozenset()
    assert graph.depends_on("o", graph.equations["a"])
    assert graph.depends_on("p", graph.node_of("p"))
    assert not graph.depends_on("o", graph.equations["b"])
    assert graph.equations["unused"] < len(graph.nodes)


def test_a_node_can_be_replaced_by_a_number():
    graph = graph_of({"a": "x + y"}, {"o": "a / z", "a": "a"})
    printed = graph.replace(graph.node_of("a"), 2900)
    assert printed.nodes[graph.node_of("a")] == Constant(2900.0)
    assert printed.inputs_of("o") == {"z"}
    assert graph.inputs_of("o") == {"x", "y", "z"}


def test_sources_say_where_a_node_came_from():
    graph = graph_of({"a": "x + y"}, {"o": "log(a) * 2"})
    assert str(graph.sources[graph.node_of("o")]) == "log(a) * 2"


def test_a_graph_is_plain_data():
    graph = graph_of({"a": "x + y"}, {"o": "a"})
    assert pickle.loads(pickle.dumps(graph)) == graph


def test_long_chains_of_equations_need_no_recursion():
    chain = {f"e{i}": f"e{i + 1} + 1" for i in range(3000)} | {"e3000": "x"}
    assert graph_of(chain, {"o": "e0"}).inputs_of("o") == {"x"}


def test_equations_that_double_stay_small():
    doubling = {f"e{i}": f"e{i + 1} + e{i + 1}" for i in range(200)} | {"e200": "x"}
    assert len(graph_of(doubling, {"o": "e0"}).nodes) == 201


@pytest.mark.parametrize(
    ("equations", "outputs", "message"),
    [
        ({"a": "b + 1", "b": "a * x"}, {"o": "x"}, "equations refer to each other in a circle: a → b → a"),
        ({"a": "a"}, {"o": "a"}, "circle: a → a"),
        ({"c": "a", "a": "b", "b": "d", "d": "a"}, {"o": "c"}, "circle: a → b → d → a"),
        ({"rate": "x"}, {"o": "rat * 2"}, 'unknown name "rat"; did you mean "rate"?'),
        ({"a": "q"}, {"o": "x"}, 'unknown name "q"; known: a, x, y, z'),
        ({}, {"o": "3[foo]"}, 'unknown unit "foo"'),
    ],
)
def test_circles_and_unknown_names_are_refused(equations, outputs, message):
    with pytest.raises(InvalidValue) as refusal:
        graph_of(equations, outputs)
    assert message in str(refusal.value)


def test_find_cycle_finds_a_circle_or_none():
    assert find_cycle({}) is None
    assert find_cycle({"a": ["b", "c"], "b": ["c"], "c": ["leaf"]}) is None
    assert find_cycle({"a": ["b"], "b": ["c"], "c": ["b"]}) == ("b", "c", "b")
    assert find_cycle({str(i): [str((i + 1) % 5000)] for i in range(5000)})[0] == "0"


def test_the_inputs_of_each_output_are_found_together():
    outputs = {"p": parse_expression("a * b"), "q": parse_expression("2"), "r": parse_expression("s + c")}
    graph = build_graph({"s": parse_expression("a + 1")}, outputs, ["a", "b", "c"], lambda _: 1.0)
    found = graph.inputs_of_each(outputs)
    assert found == {"p": {"a", "b"}, "q": frozenset(), "r": {"a", "c"}}
    assert found == {name: graph.inputs_of(name) for name in outputs}
