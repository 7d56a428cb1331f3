"""Propagation: closed forms, one seed one answer, and refusal of what is not finite."""

import math

import numpy as np
import pytest

import uncertainty as un

DESIGNS = ("random", "lhs", "sobol")


def product(**inputs):
    return {"y": math.prod(inputs.values())}


@pytest.mark.parametrize("design", DESIGNS)
def test_a_product_of_lognormals_has_its_closed_form(design):
    spreads = {"a": 0.3, "b": 0.2, "c": 0.4}
    study = un.Study.from_function(
        product, {n: f"lognormal(median=2, sigma={s})" for n, s in spreads.items()}
    )
    found = un.propagate(study, samples=2**16, design=design).outputs["y"]
    sigma = math.hypot(*spreads.values())
    for p, z in [(0.025, -1.959964), (0.5, 0.0), (0.975, 1.959964)]:
        estimate = found.draws.quantile(p)
        assert abs(estimate.value - 8 * math.exp(z * sigma)) < 5 * estimate.error
    mean = found.draws.mean
    assert abs(mean.value - 8 * math.exp(sigma**2 / 2)) < 5 * mean.error
    assert found.point == pytest.approx(8)


@pytest.mark.parametrize("design", DESIGNS)
def test_threads_change_no_bit(small, design):
    runs = [un.propagate(small, samples=150_000, design=design, threads=n) for n in (1, 2, 8)]
    for name in small.outputs:
        for other in runs[1:]:
            np.testing.assert_array_equal(runs[0].outputs[name].values, other.outputs[name].values)


@pytest.mark.parametrize("design", DESIGNS)
def test_asking_for_fewer_outputs_changes_no_draw(small, design):
    every = un.propagate(small, samples=4000, design=design)
    one = un.propagate(small, samples=4000, design=design, outputs=["yearly"])
    np.testing.assert_array_equal(every.outputs["yearly"].values, one.outputs["yearly"].values)
    assert list(one.outputs) == ["yearly"]


def test_an_unrelated_input_changes_no_random_draw():
    few = un.Study.from_function(lambda a, b: {"y": a * b}, {"a": "1 to 2", "b": "normal(0, 1)"})
    more = un.Study.from_function(
        lambda a, b, c: {"y": a * b, "z": c}, {"c": "uniform(0, 1)", "b": "normal(0, 1)", "a": "1 to 2"}
    )
    draws = [un.propagate(s, samples=5000, design="random").outputs["y"].values for s in (few, more)]
    np.testing.assert_array_equal(*draws)


@pytest.mark.parametrize("design", DESIGNS)
def test_what_is_left_free_keeps_its_draws_when_other_inputs_are_fixed(small, design):
    """Per trip is distance times intensity; the first and the last input of the study are fixed in turn."""

    def per_trip(**fixed):
        run = un.propagate(small, samples=3000, design=design, outputs=["per_trip"], overrides=fixed)
        return run.outputs["per_trip"].values

    distances = per_trip(intensity=150, trips=400)
    intensities = per_trip(distance=10)
    np.testing.assert_allclose(distances * intensities, 1.5 * per_trip(), rtol=1e-12)


def test_units_are_converted_on_the_way_in_and_out(small):
    run = un.propagate(small, samples=1024)
    assert run.outputs["per_trip"].point == pytest.approx(10 * 149.5 / 1000)
    assert run.outputs["yearly"].point == pytest.approx(598)
    assert run.outputs["yearly"].median == pytest.approx(600, rel=0.05)


def test_samples_are_rounded_up_and_said(small):
    assert un.propagate(small, samples=100_000).settings.samples == 102_400


def test_summaries_and_intervals(small):
    found = un.propagate(small, samples=2**14).headline
    low, high = found.interval(0.9)
    assert np.mean((found.values >= low) & (found.values <= high)) == pytest.approx(0.9, abs=1e-3)
    shortest = found.interval(0.9, "shortest")
    assert shortest[1] - shortest[0] <= high - low
    summary = found.summary
    assert summary["probability_at_least_reference"].value == np.mean(found.values >= 100)
    below = summary["published_percentile"].value / 100
    assert below + summary["probability_at_least_published"].value == pytest.approx(1)
    assert summary["geometric_sd"].value == pytest.approx(
        math.exp(math.hypot(math.log(1.2), 0.1, 0.06)), rel=0.02
    )


def test_draws_cannot_be_changed(small):
    with pytest.raises(ValueError, match="read-only"):
        un.propagate(small, samples=64).outputs["yearly"].values[0] = 1


def test_correlated_inputs_are_sampled_together(write_study, small_text):
    pair = '[[correlations]]\ninputs = ["distance", "intensity"]\nspearman = -0.9\n'
    spread = [
        un.propagate(un.load_study(write_study(t)), samples=2**14) for t in (small_text, small_text + pair)
    ]
    assert spread[1].outputs["per_trip"].sd < 0.75 * spread[0].outputs["per_trip"].sd


def test_infinite_draws_are_refused_with_where_they_come_from(write_study):
    path = write_study(
        replace={
            'value = "per_trip * trips"': 'value = "per_trip * trips / (intensity > 150[g/km])"',
            "fuel * content": "fuel * content * 2",
        }
    )
    with pytest.raises(un.NonFiniteError) as caught:
        un.propagate(un.load_study(path), samples=4096)
    message = str(caught.value)
    assert "outputs.yearly: is infinite or undefined for 2048 of 4096 draws (50 %)" in message
    assert "with intensity from" in message


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"samples": 0}, "samples: expected at least 1"),
        ({"seed": -1}, "seed: expected 0 or more"),
        ({"level": 1.0}, "level: expected a number between 0 and 1, found 1"),
        ({"interval": "centrl"}, 'unknown kind "centrl"; did you mean "central"?'),
        ({"outputs": ["yarly"]}, 'unknown output "yarly"; did you mean "yearly"?'),
        ({"threads": 0}, "threads: expected at least 1"),
    ],
)
def test_bad_settings_are_refused(small, settings, message):
    with pytest.raises(un.SettingError) as caught:
        un.propagate(small, **settings)
    assert message in str(caught.value)


def test_a_study_in_which_nothing_varies_has_only_its_point(small):
    fixed = {"distance": 10, "intensity": 150, "trips": 400}
    found = un.propagate(small, samples=16, overrides=fixed).headline
    assert found.interval() == pytest.approx((600, 600))


def test_an_interval_of_level_0_is_not_one_of_95_percent(small):
    found = un.propagate(small, samples=256).headline
    with pytest.raises(un.SettingError, match="level: expected a number between 0 and 1, found 0"):
        found.interval(0)
    with pytest.raises(un.SettingError, match="found 95"):
        found.interval(95)
    with pytest.raises(un.SettingError, match=r"probability: expected a number from 0 to 1, found -0\.1"):
        found.quantile(-0.1)


@pytest.mark.parametrize("options", [{"samples": 1.5}, {"samples": "many"}, {"seed": 0.5}, {"samples": True}])
def test_what_counts_must_be_a_whole_number(options):
    study = un.Study.from_function(lambda x: {"y": x}, {"x": "1 to 2"})
    ((name, value),) = options.items()
    with pytest.raises(un.SettingError, match=f"{name}: expected a whole number, found {value!r}"):
        un.propagate(study, **options)
    assert un.propagate(study, samples=np.int64(64), seed=np.uint8(3)).settings.seed == 3
