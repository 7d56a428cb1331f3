"""Sampling until an interval is precise enough: it stops by itself, and says how far it has come."""

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

import uncertainty as un
from uncertainty.errors import NonFiniteError, SettingError
from uncertainty.over_cases import speaking_of
from uncertainty.sampling import running
from uncertainty.sampling.precision import Precision, Reached, next_samples
from uncertainty.sampling.statistics import Draws

DESIGNS = ("random", "lhs", "sobol")
STUDIES = Path(__file__).parent / "studies"
CASES = [
    case
    for case in tomllib.loads((STUDIES / "jcgm-101.toml").read_text(encoding="utf-8"))["cases"]
    if case["clause"].startswith("9.4")
]


@pytest.fixture(scope="module")
def ratio():
    return un.Study.from_function(lambda a, b: {"y": a / b}, {"a": "lognormal(9, 1.5)", "b": "gamma(9, 1)"})


@pytest.mark.parametrize("design", DESIGNS)
def test_a_run_stops_when_the_ends_are_precise(ratio, design):
    found = un.propagate(ratio, samples=1000, until=0.02, design=design)
    assert found.reached.met
    assert str(found.reached) == "settled to 2 % of the interval's ends"
    for end in found.outputs["y"].draws.interval(0.95):
        assert 2 * end.error <= 0.02 * abs(end.value)
    assert 1000 < found.settings.samples < 100_000


@pytest.mark.parametrize("design", DESIGNS)
def test_the_draws_made_first_are_the_first_of_the_final_ones(ratio, design):
    short = un.propagate(ratio, samples=1000, design=design).outputs["y"].values
    long = un.propagate(ratio, samples=1000, until=0.02, design=design).outputs["y"].values
    np.testing.assert_array_equal(long[: short.size], short)


@pytest.mark.slow
def test_threads_do_not_change_where_it_stops(ratio):
    one, other = (un.propagate(ratio, samples=1000, until=0.01, threads=n) for n in (1, 8))
    assert one.settings.samples == other.settings.samples
    np.testing.assert_array_equal(one.outputs["y"].values, other.outputs["y"].values)


def test_a_limit_is_kept_and_said(ratio):
    found = un.propagate(ratio, samples=1000, until=1e-4, max_samples=5000, design="random")
    assert found.settings.samples == 5000
    assert not found.reached.met
    assert str(found.reached).startswith(
        "not settled to 0.01 % of the interval's ends: max_samples was reached, 5000 draws; the largest error"
    )


def test_an_interrupted_run_gives_what_it_has(ratio):
    def interrupt(done, total):
        if done > 100_000:
            raise KeyboardInterrupt

    found = un.propagate(ratio, samples=1000, until=1e-4, design="random", progress=interrupt)
    assert found.settings.samples > 100_000
    assert "interrupted" in str(found.reached)
    same = un.propagate(ratio, samples=found.settings.samples, design="random")
    np.testing.assert_array_equal(found.outputs["y"].values, same.outputs["y"].values)


def test_an_interruption_while_draws_are_judged_gives_them_too(ratio, monkeypatch):
    judge, asked = running.largest_shortfall, []

    def interrupted_once(*arguments):
        asked.append(arguments)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return judge(*arguments)

    monkeypatch.setattr(running, "largest_shortfall", interrupted_once)
    found = un.propagate(ratio, samples=1000, until=1e-4, design="random")
    assert found.settings.samples > 1000
    assert found.reached.interrupted


def test_an_interrupted_run_refuses_draws_without_a_value_like_any_other():
    def interrupt(done, total):
        if done > 1000:
            raise KeyboardInterrupt

    study = un.Study.from_function(
        lambda a, b: {"y": np.where((a.size > 1000) & (b > 0.5), np.nan, a)},
        {"a": "1 to 3", "b": "uniform(0, 1)"},
        outputs=["y"],
    )
    with pytest.raises(NonFiniteError):
        un.propagate(study, samples=100, until=1e-4, design="random", progress=interrupt)


def test_progress_is_towards_the_tolerance_once_it_is_known_how_far_that_is(ratio):
    seen = []
    found = un.propagate(
        ratio, samples=1000, until=0.005, design="random", progress=lambda *p: seen.append(p)
    )
    foreseen = [total for done, total in seen if done > 1000]
    assert found.settings.samples / 3 < min(foreseen)
    assert max(foreseen) < 4 * found.settings.samples


def test_readings_are_not_compared_when_one_is_interrupted(monkeypatch):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    study = speaking_of(un.load_study("ai-vs-human"), "case")
    monkeypatch.setattr(Precision, "shortfall", lambda *_: 2.0)
    monkeypatch.setattr(running, "next_samples", interrupted)
    with pytest.raises(KeyboardInterrupt):
        un.compare_readings(study, samples=1000, until=0.01)


def test_an_interruption_before_the_first_draw_is_passed_on(ratio):
    def interrupted(x):
        if x.size > 4:
            raise KeyboardInterrupt
        return {"y": x}

    study = un.Study.from_function(interrupted, {"x": "uniform(0, 1)"}, outputs=["y"])
    with pytest.raises(KeyboardInterrupt):
        un.propagate(study, until=0.01)


def test_progress_goes_up_to_what_is_foreseen(ratio):
    seen = []
    un.propagate(ratio, samples=1000, until=0.02, design="random", progress=lambda *p: seen.append(p))
    assert all(done <= total for done, total in seen)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def plain_error(name, values):
    """The standard error of a mean or standard deviation, for those that are not trusted with one."""
    z = (values - values.mean()) / values.std()
    return values.std() / np.sqrt(values.size) * (1 if name == "mean" else np.sqrt(np.mean(z**4) - 1) / 2)


@pytest.mark.parametrize(
    "case",
    [
        # the ends of a shortest interval, and those of inputs that hang together, take millions of draws
        pytest.param(
            case,
            id=case["clause"],
            marks=[pytest.mark.slow] * any(many in case["clause"] for many in ("0.9", "0.050", "9.4")),
        )
        for case in CASES
    ],
)
def test_the_adaptive_procedure_stops_by_itself_at_the_standard_s_numbers(case):
    """JCGM 101:2008, 7.9 on 9.4: within a unit of the last digit and three deviations of its noise."""
    study = un.load_study(STUDIES / case["study"])
    found = un.propagate(
        study,
        samples=10_000,
        design="random",
        reading=case["reading"],
        interval=case["interval"],
        level=case["level"],
        until="2 digits",
    )
    assert found.reached.met
    summary = found.outputs[case["output"]].summary
    for name in ("mean", "sd", "low", "high"):
        printed = case[name]
        error = summary[name].error or plain_error(name, found.outputs[case["output"]].values)
        slack = printed["unit"] + 3 * printed.get("noise", 0.0) + 3 * error
        assert abs(summary[name].value - printed["value"]) <= slack, name


@pytest.mark.parametrize(("text", "digits"), [("2 digits", 2), ("1 digit", 1), ("3 significant digits", 3)])
def test_digits_are_read(text, digits):
    assert Precision.parse(text).digits == digits


@pytest.mark.parametrize("asked", ["soon", "0 digits", 0, -0.1, 1.5, "nan"])
def test_other_tolerances_are_refused(asked):
    with pytest.raises(SettingError, match=r"until: expected a relative error such as 0\.01"):
        Precision.parse(asked)


def test_a_limit_without_a_tolerance_or_below_the_first_draws_is_refused(ratio):
    with pytest.raises(SettingError, match="max_samples: only has a meaning together with until"):
        un.propagate(ratio, max_samples=10**6)
    with pytest.raises(SettingError, match="max_samples: expected at least 131072, found 10"):
        un.propagate(ratio, until=0.1, max_samples=10)


def test_digits_count_from_the_standard_uncertainty():
    values = 1000 + np.random.default_rng(1).normal(0, 5.4, size=10_000)
    # half a unit of the second digit of 5.4 is 0.05; the largest error is that of the ends
    error = max(end.error for end in Draws(values).interval(0.95))
    found = Precision(digits=2).shortfall(Draws(values), 0.95, "central")
    assert found == pytest.approx(2 * error / 0.05)


def test_ends_around_zero_are_judged_by_the_width():
    draws = Draws(np.random.default_rng(1).normal(size=10_000))
    low, high = draws.interval(0.95)
    found = Precision(relative=0.01).shortfall(draws, 0.95, "central")
    assert found == pytest.approx(2 * max(low.error, high.error) / (high.value - low.value) / 0.01)


def test_too_few_draws_for_an_error_are_never_enough():
    assert math.isinf(Precision(relative=0.5).shortfall(Draws(np.arange(50.0)), 0.95, "central"))
    assert next_samples(1000, math.inf) == 4000
    assert next_samples(1000, 1.01) == 1250


def test_other_ends_are_judged_by_themselves_and_nothing_is_short_where_nothing_varies():
    values = np.random.default_rng(1).lognormal(3, 0.2, size=10_000)
    low, high = Draws(values).interval(0.95)
    expected = 2 * max(low.error / low.value, high.error / high.value) / 0.01
    assert Precision(relative=0.01).shortfall(Draws(values), 0.95, "central") == pytest.approx(expected)
    low, high = Draws(-values).interval(0.95)
    expected = 2 * max(low.error / -low.value, high.error / -high.value) / 0.01
    assert Precision(relative=0.01).shortfall(Draws(-values), 0.95, "central") == pytest.approx(expected)


def test_a_tolerance_and_how_far_a_run_came_are_said_in_words():
    assert [str(Precision.parse(asked)) for asked in ("1 digit", "3 significant digits", 0.01)] == [
        "1 significant digit",
        "3 significant digits",
        "1 % of the interval's ends",
    ]
    asked = Precision(digits=2)
    assert Reached(asked, 1.0).told == "settled to 2 significant digits"
    assert "interrupted; the largest error is 2.5 times that" in str(Reached(asked, 2.49, "interrupted"))
    assert str(Reached(asked, math.inf, "r")).endswith("the largest error is unknown")
