"""The bundled epidemic against a program of its own, and against the equation of its final size."""

import numpy as np
import pytest
from scipy.optimize import brentq

import uncertainty as un
from uncertainty.tables import Table

DAYS = 300


@pytest.fixture(scope="module")
def study():
    return un.load_study("epidemic")


def epidemic(first, reproduction, latent, infectious_time, fatality, population, variation, days=DAYS):
    """Return deaths and the infections of the worst day."""
    susceptible, incubating, infectious = population - first, first.copy(), np.zeros_like(first)
    infected, worst = first.copy(), np.zeros_like(first)
    for _ in range(days + 1):
        hazard = reproduction * (1 - np.exp(-1 / infectious_time)) * infectious / population
        infections = susceptible * (1 - np.exp(-hazard * (susceptible / population) ** variation**2))
        onsets = incubating * (1 - np.exp(-1 / latent))
        recoveries = infectious * (1 - np.exp(-1 / infectious_time))
        susceptible = susceptible - infections
        incubating = incubating + infections - onsets
        infectious = infectious + onsets - recoveries
        infected, worst = infected + infections, np.maximum(worst, infections)
    return infected * fatality / 100, worst


@pytest.mark.slow
@pytest.mark.parametrize("reading", ["as_published", "people_differ"])
def test_draws_are_those_of_a_program_of_its_own(study, reading):
    columns = Table.whole(un.propagate(study, reading=reading, samples=1024).draws).columns
    names = ("first_infections", "reproduction_number", "latent_time", "infectious_time", "fatality")
    drawn = [columns[f"inputs.{name}"] for name in names]
    variation = columns.get("inputs.variation", np.zeros_like(drawn[0]))
    deaths, worst = epidemic(*drawn, study.inputs["population"].point, variation)
    np.testing.assert_allclose(columns["outputs.deaths"], deaths, rtol=1e-9)
    np.testing.assert_allclose(columns["outputs.peak"], worst, rtol=1e-9)


def test_how_much_of_a_slow_epidemic_day_300_cuts_off_hangs_on_its_times(study):
    """Where one infects 1.2 others: by the points' times and by the lower ends of their ranges."""
    times = [study.inputs[name] for name in ("latent_time", "infectious_time")]
    columns = ([each.point for each in times], [float(each.distribution.quantile(0.05)) for each in times])
    latent, infectious_time = np.array(columns).T
    first = np.full(2, float(study.inputs["first_infections"].point))
    setting = (first, 1.2, latent, infectious_time, 0.9, study.inputs["population"].point, 0.0)
    slow, fast = epidemic(*setting)[0] / epidemic(*setting, days=4000)[0]
    assert slow < 1 / 3
    assert fast > 4 / 5
    assert "less than a third" in study.note
    assert "more than four fifths if both times lie at the lower ends" in study.note


def test_the_share_that_is_infected_solves_the_equation_of_the_final_size(study):
    """Kermack and McKendrick 1927; a thousand first infections of 65 million are as good as none."""
    share = brentq(lambda z: 1 - z - np.exp(-2.4 * z), 0.1, 1)
    at_points = un.reproduce(study).figures["deaths"].point
    assert at_points == pytest.approx(share * 65_293_913 * 0.009, rel=1e-4)


@pytest.mark.slow
def test_a_long_epidemic_has_an_interval(study):
    """Its steps feed back on themselves hundreds of times, and are no mere rounding."""
    found = un.propagate(study, samples=1024).outputs["deaths"]
    low, high = found.interval()
    assert high > 1.5 * low


def test_a_fit_of_several_numbers_is_evidence_of_each_and_ties_their_errors(study):
    """Birrell et al. print both numbers of one epidemic: 2.6 people infected by each, 1.1 % dead."""
    told = {
        name: {piece.source: piece.value for piece in study.inputs[name].evidence}
        for name in ("reproduction_number", "fatality")
    }
    assert told["reproduction_number"]["@birrell2021"] == 2.6
    assert told["fatality"]["@birrell2021"] == 1.1
    reason = next(pair.because for pair in study.independent if set(pair.inputs) == {"variation", "fatality"})
    assert {"@birrell2021", "@gomes2022"} <= {word.strip("(),.;") for word in reason.split()}
