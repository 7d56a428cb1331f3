"""What must hold of anything that can be written: distributions, expressions and study files."""

from __future__ import annotations

import ast
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import FAMILIES, NAMES, distributions, expressions, ranges, studies

import uncertainty as un
from uncertainty.distributions import parse_distribution
from uncertainty.distributions.families import FAMILIES as REGISTERED
from uncertainty.errors import InvalidValue, StudyError
from uncertainty.expressions import build_graph, compile_tape, parse_expression

GRID = np.array([0.0, 1e-12, 1e-6, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1 - 1e-6, 1 - 1e-12, 1.0])


def test_every_registered_family_has_a_strategy():
    assert set(FAMILIES) == set(REGISTERED)


@pytest.mark.slow
@pytest.mark.parametrize("family", [*FAMILIES, "range"])
@settings(max_examples=25)
@given(data=st.data())
def test_a_distribution_of_any_family_is_sound(family, data):
    found = parse_distribution(data.draw(ranges() if family == "range" else FAMILIES[family]))
    assert parse_distribution(str(found)) == found
    quantiles = found.quantile(GRID)
    low, high = found.support
    assert not np.isnan(quantiles).any()
    assert (quantiles[1:] >= np.nextafter(quantiles[:-1], -np.inf)).all()  # to the last bit
    assert (quantiles[0], quantiles[-1]) == (low, high)
    inner = quantiles[1:-1]
    shares = found.cdf(inner)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert (np.diff(found.cdf(np.sort(np.concatenate([inner, inner * 0.999])))) >= -1e-12).all()
    # a quantile is the smallest value whose share reaches its probability, to its last bits
    reach = 1e-9 * np.abs(inner) + 1e-300
    assert (found.cdf(inner + reach) >= GRID[1:-1] - 1e-9).all()
    assert (found.cdf(inner - reach) <= GRID[1:-1] + 1e-9).all()
    if np.isfinite(found.sd):
        assert low <= found.mean <= high
        assert found.sd >= 0
    if 0 < found.sd < np.inf:
        # no probability beyond k standard deviations above 1/k² (Chebyshev)
        spread = found.sd * 4 + 1e-9 * abs(found.mean)
        outside = found.cdf(np.array([found.mean - spread])) + 1 - found.cdf(np.array([found.mean + spread]))
        assert outside[0] <= 1 / 16 + 1e-9


@pytest.mark.slow
@settings(max_examples=100)
@given(distributions())
def test_a_composite_of_composites_reads_back(text):
    found = parse_distribution(text)
    assert parse_distribution(str(found)) == found
    assert hash(parse_distribution(text)) == hash(found)


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_any_text_is_a_distribution_or_a_fault_in_one_line(text):
    for read in (parse_distribution, parse_expression):
        try:
            read(text)
        except InvalidValue as error:
            message = str(error)
        else:
            message = "read"
        assert message.strip()


@pytest.mark.slow
@settings(max_examples=150)
@given(expressions(), st.lists(st.floats(-9, 9), min_size=len(NAMES), max_size=len(NAMES)))
def test_an_expression_computes_what_python_and_numpy_compute(text, values):
    tree = parse_expression(text)
    assert parse_expression(str(tree)) == tree
    assert str(parse_expression(str(tree))) == str(tree)
    given_values = dict(zip(NAMES, values, strict=True))
    try:
        tape = compile_tape(build_graph({}, {"y": tree}, NAMES, float), ["y"], NAMES, {})
    except InvalidValue:  # a part of constants alone has no finite value
        return
    out = np.empty((1, 1))
    tape.run(np.array([[given_values[name]] for name in NAMES]), out)
    with np.errstate(all="ignore"):
        expected = oracle(ast.parse(text, mode="eval").body, given_values)
    np.testing.assert_allclose(out[0, 0], expected, rtol=1e-9)


OPERATORS = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide, ast.Pow: np.power,
    ast.Lt: np.less, ast.LtE: np.less_equal, ast.Gt: np.greater, ast.GtE: np.greater_equal,
    ast.Eq: np.equal, ast.NotEq: np.not_equal,
}  # fmt: skip


def oracle(node, values):
    """Return what Python's own grammar makes of the text, with numpy's functions on numbers."""
    match node:
        case ast.Constant():
            return np.float64(node.value)
        case ast.Name():
            return np.float64(np.pi if node.id == "pi" else values[node.id])
        case ast.UnaryOp(op=ast.Not()):
            return np.float64(oracle(node.operand, values) == 0)
        case ast.BoolOp():
            join = np.all if isinstance(node.op, ast.And) else np.any
            return np.float64(join([oracle(each, values) != 0 for each in node.values]))
        case ast.UnaryOp():
            return -oracle(node.operand, values)
        case ast.BinOp():
            return OPERATORS[type(node.op)](oracle(node.left, values), oracle(node.right, values))
        case ast.Compare():
            pair = oracle(node.left, values), oracle(node.comparators[0], values)
            return np.float64(OPERATORS[type(node.ops[0])](*pair))
        case ast.Call(func=ast.Name(id="where")):
            condition, if_true, if_false = (oracle(argument, values) for argument in node.args)
            return np.float64(np.where(condition != 0, if_true, if_false))
        case ast.Call():
            return getattr(np, node.func.id)(*(oracle(argument, values) for argument in node.args))


@pytest.mark.slow
@settings(max_examples=8)
@given(studies())
def test_a_sound_study_is_read_alike_every_time_and_gives_finite_draws(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.toml"
        path.write_text(text, encoding="utf-8")
        study, again = un.load_study(path), un.load_study(path)
        assert (study.sha256, study.inputs, study.equations) == (again.sha256, again.inputs, again.equations)
        draws = un.propagate(study, samples=64, threads=1, design="random").outputs["out"].draws.values
        assert np.isfinite(draws).all()


@pytest.mark.slow
@settings(max_examples=60)
@given(studies(), st.data())
def test_a_study_with_a_piece_torn_out_is_sound_or_faulty_and_never_an_exception(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.toml"
        path.write_text(text[:start] + data.draw(st.text(max_size=3)) + text[end:], encoding="utf-8")
        try:
            un.load_study(path)
        except StudyError as error:
            faults = [str(fault) for fault in error.faults]
        else:
            faults = [str(path)]
        assert faults
        assert all(fault.startswith(str(path)) for fault in faults)
