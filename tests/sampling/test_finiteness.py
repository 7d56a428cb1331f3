"""Draws without a value: counted, described by the inputs that set them apart, and refused or dropped."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

import uncertainty as un
from uncertainty.compiled import input_values
from uncertainty.errors import NonFiniteError
from uncertainty.sampling import finiteness
from uncertainty.sampling.finiteness import FailedRows, allowed_share, failing_text, finite_draws
from uncertainty.settings import Settings

INPUTS = np.array([[1.0, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1], [9, 8, 7, 60, 50, 40]])
OUTPUTS = np.array([[0, 0, 0, np.nan, np.inf, -np.inf], [0, 0, 0, 0, 0, np.nan]])
REACHING = {"y": frozenset("abc"), "z": frozenset("b"), "w": frozenset()}


def seen(*blocks, **more):
    failed = FailedRows(("a", "b", "c"), ("y", "z"), **more)
    for inputs, outputs in blocks:
        failed.look_at(inputs, outputs)
    return failed


def refusal(failed, samples=6, **options):
    with pytest.raises(NonFiniteError) as caught:
        failed.raise_if_any(samples, REACHING, "f.toml", **options)
    return [str(fault) for fault in caught.value.faults]


def test_each_output_is_refused_with_the_two_inputs_that_differ_most():
    region = ", with a from 4 to 6 and c from 40 to 60"
    assert refusal(seen((INPUTS, OUTPUTS))) == [
        f"f.toml: outputs.y: is infinite or undefined for 3 of 6 draws (50 %){region}",
        "f.toml: outputs.z: is infinite or undefined for 1 of 6 draws (17 %), with b from 1 to 1",
    ]


def test_the_region_of_an_output_is_that_of_its_own_draws():
    apart = np.array([[np.nan, np.nan, 0, 0, 0, 0], [0, 0, 0, 0, 0, np.inf]])
    reaching = dict.fromkeys(("y", "z"), frozenset("a"))
    failed = seen((INPUTS, np.zeros((2, 6))), (INPUTS, apart))
    failed.merge(seen((INPUTS, apart)))
    with pytest.raises(NonFiniteError) as caught:
        failed.raise_if_any(12, reaching, "")
    assert [str(each).split("with ")[1] for each in caught.value.faults] == ["a from 1 to 2", "a from 6 to 6"]


@pytest.mark.parametrize(
    ("samples", "allowed", "is_said"), [(60, 0.0, True), (6, 0.0, False), (60, None, False)]
)
def test_what_leaves_few_draws_out_is_said_where_it_can_be_done(samples, allowed, is_said):
    said = '; nonfinite = "drop" in [study] leaves them out'
    told = refusal(seen((INPUTS, OUTPUTS)), samples, allowed=allowed)
    assert [each.endswith(said) for each in told] == [is_said] * 2


def test_of_single_cases_some_may_fail_whatever_the_study_allows():
    """Of an output of averages it is said that single cases have no value, with how many may have none."""
    most = 3 / finiteness.MOST_DROPPED
    both = refusal(seen((INPUTS, OUTPUTS)), int(most) - 1, allowed=0.0, averaging={"y"})
    limit = f"; at most {100 * finiteness.MOST_DROPPED:g} % may be dropped"
    assert both[0].startswith("f.toml: outputs.y: in any one case is infinite or undefined for 3 of ")
    assert both[0].endswith(limit)
    assert both[1].startswith("f.toml: outputs.z: is infinite or undefined for 1 of ")
    assert both[1].endswith('; nonfinite = "drop" in [study] leaves them out')
    [other] = refusal(seen((INPUTS, OUTPUTS)), int(most), allowed=0.0, averaging={"y"})
    assert other.startswith("f.toml: outputs.z: is infinite")
    seen((INPUTS, OUTPUTS)).raise_if_any(int(most), REACHING, "f.toml", averaging={"y", "z"})


def test_draws_without_a_value_are_refused_at_their_file(tmp_path):
    path = tmp_path / "s.toml"
    inputs = 'x = { unit = "1", point = 2, distribution = "normal(2, 1)" }'
    head = 'format = 1\nstudy = { title = "t", headline = "y" }\n'
    path.write_text(f'{head}[inputs]\n{inputs}\n[outputs]\ny = {{ unit = "1", value = "log(x)" }}\n')
    with pytest.raises(NonFiniteError) as caught:
        un.propagate(un.load_study(path), samples=4096)
    assert str(caught.value).startswith(f"{path}: outputs.y: is infinite or undefined for 9")
    assert str(caught.value).endswith('; nonfinite = "drop" in [study] leaves them out')


def test_an_output_that_depends_on_no_input_has_no_region():
    failed = FailedRows(("a", "b", "c"), ("w",))
    failed.look_at(INPUTS, OUTPUTS[:1])
    assert refusal(failed, said="has no value") == ["f.toml: outputs.w: has no value for 3 of 6 draws (50 %)"]


def test_sound_draws_are_refused_by_nothing():
    failed = seen((INPUTS, np.zeros((2, 6))))
    assert (failed.counts, failed.failing) == ({}, [])
    assert failed.passing.tolist() == INPUTS.tolist()
    failed.raise_if_any(6, REACHING, "f.toml")


def test_the_first_sound_rows_are_kept_to_compare_with(monkeypatch):
    monkeypatch.setattr(finiteness, "MOST_PASSING", 2)
    sound = np.zeros((2, 6))
    assert seen((INPUTS, sound), (INPUTS + 9, sound)).passing.tolist() == INPUTS[:, :2].tolist()
    assert seen((INPUTS, OUTPUTS), (INPUTS + 9, sound)).passing.tolist() == INPUTS[:, :2].tolist()
    nothing = np.full((2, 6), np.nan)
    late = seen((INPUTS, nothing), (INPUTS + 9, OUTPUTS))
    assert late.passing.tolist() == (INPUTS + 9)[:, :2].tolist()


def test_failing_rows_are_kept_up_to_a_bound_and_counted_beyond(monkeypatch):
    monkeypatch.setattr(finiteness, "MOST_ROWS", 6)
    failed = seen(*[(INPUTS, OUTPUTS)] * 4)
    assert failed.counts == {"y": 12, "z": 4}
    assert [rows.shape for rows in failed.failing] == [(3, 3)] * 2
    other = seen((INPUTS + 9, OUTPUTS))
    failed.merge(other)
    assert failed.counts == {"y": 15, "z": 5}
    assert len(failed.failing) == 2


def test_what_was_noted_elsewhere_follows_in_the_order_of_the_blocks():
    one, other = seen((INPUTS, OUTPUTS)), seen((INPUTS + 9, OUTPUTS))
    one.merge(other)
    assert [rows[0].tolist() for rows in one.failing] == [[4, 5, 6], [13, 14, 15]]
    assert one.passing[0].tolist() == [1, 2, 3]
    none = FailedRows(("a", "b", "c"), ("y", "z"))
    none.merge(other)
    assert (none.counts, none.passing.tolist()) == (other.counts, other.passing.tolist())


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({}, ""),
        ({"sd of a": 1.0}, "; there sd of a is impossible"),
        ({"p": 1.0, "q": 1.0}, "; there p and q are impossible"),
        ({"p": 0.061}, "; in 6.1 % of them p is impossible"),
        ({"p": 1.0, "q": 0.0003}, "; in 100 % of them p is impossible and in 0.03 % of them q is impossible"),
    ],
)
def test_parameters_that_are_impossible_there_are_named(broken, said):
    conditions = SimpleNamespace(
        broken=lambda rows, reaching: broken if rows[0].tolist() == [6] and reaching == frozenset("b") else {}
    )
    found = refusal(seen((INPUTS, OUTPUTS), conditions=conditions))
    assert (
        found[1]
        == f"f.toml: outputs.z: is infinite or undefined for 1 of 6 draws (17 %), with b from 1 to 1{said}"
    )


GIVEN = """
format = 1
study = { title = "T", headline = "y" }
inputs.k = { unit = "1", point = 20, distribution = "uniform(1, 30)" }
inputs.unread = { unit = "1", point = 1, distribution = "uniform(0, 2)" }
inputs.x = { unit = "1", point = 20, distribution = "normal(k, 2)" }
inputs.n = { unit = "1", point = 3, distribution = "poisson(k / 3)" }
outputs.y = { unit = "1", value = "sqrt(x - 3)" }
outputs.z = { unit = "1", value = "1 / n" }
"""


@pytest.mark.parametrize("analysis", [un.propagate, un.sobol, un.draw_sample, un.morris])
def test_what_is_drawn_given_others_is_described_by_its_values(write_study, analysis):
    """There is no root of x below 3, and none of 1 / n at 0, whatever k is."""
    study = un.load_study(write_study(GIVEN))
    name = "output" if analysis is not un.propagate else "outputs"
    for output, region in (
        ("y", r"x from -\d\.\d+ to (2\.9\d*|3) and k from"),
        ("z", "n from 0 to 0 and k from"),
    ):
        own = output if analysis is un.morris else [output]
        with pytest.raises(NonFiniteError, match=f"outputs.{output}: .*, with {region}"):
            analysis(study, **{name: own}, samples=2**12)


def test_what_has_no_value_where_parameters_are_impossible_is_in_no_range(write_study):
    text = GIVEN.replace("normal(k, 2)", "normal(k, unread - 0.1)").replace("sqrt(x - 3)", "x")
    with pytest.raises(NonFiniteError) as caught:
        un.propagate(un.load_study(write_study(text)), outputs=["y"], samples=2**10)
    (fault,) = caught.value.faults
    assert ", with unread from 0.0" in str(fault)
    assert " x from " not in str(fault)
    assert "there sd of x is impossible" in str(fault)


def test_a_parameter_that_is_impossible_in_some_of_the_failing_draws_is_said_so(write_study):
    """The sd is impossible in a fifth of the draws, and half of the others lie where y has no root."""
    text = GIVEN.replace("normal(k, 2)", "normal(3, unread - 0.4)")
    with pytest.raises(NonFiniteError) as caught:
        un.propagate(un.load_study(write_study(text)), outputs=["y"], samples=2**12)
    share = float(re.search(r"in ([\d.]+) % of them sd of x is impossible", str(caught.value))[1])
    assert share == pytest.approx(100 * 0.2 / (0.2 + 0.4), abs=1)


def test_parts_of_parts_of_a_simulation_know_the_values(write_study):
    plan = Settings().scenario(un.load_study(write_study(GIVEN)))
    values = input_values(plan, plan.varying)
    draws = np.array([[10.0, 20.0], [1.0, 1.0], [20.0, 18.0], [2.0, 2.0]])
    whole = values.of(draws)
    part = values.only((0, 2, 3)).only((0, 1))
    np.testing.assert_array_equal(part.of(draws[[0, 2]]), whole[[0, 2]])
    assert np.isnan(values.only((2,)).of(draws[[2]])).all()


def test_a_share_may_be_allowed():
    failed = seen((INPUTS, OUTPUTS))
    failed.raise_if_any(6, REACHING, "f.toml", allowed=0.5)
    (told,) = refusal(failed, allowed=0.2)
    assert told.endswith("; at most 20 % may be dropped")
    assert "outputs.y" in told
    assert (allowed_share("drop"), allowed_share("refuse")) == (0.1, 0.0)


@pytest.mark.parametrize(
    ("count", "samples", "share"),
    [(1, 3, "33"), (1, 1000, "0.1"), (199, 200, "100"), (994, 1000, "99"), (7, 7, "100"), (1, 8192, "0.012")],
)
def test_a_share_has_two_digits_and_the_whole_is_100(count, samples, share):
    assert failing_text(count, samples) == f"{count} of {samples} draws ({share} %)"


def test_draws_that_are_left_count_as_independent_ones():
    values = np.array([1.0, np.nan, 3.0, np.inf])
    kept, rows = finite_draws(values, 2)
    assert (kept.tolist(), rows) == ([1, 3], 1)
    whole, rows = finite_draws(values[::2], 2)
    assert (whole.tolist(), rows) == ([1, 3], 2)
