"""The Monte Carlo intervals reported for the flagship's headline cover what they say."""

from dataclasses import replace

import numpy as np
import pytest

import uncertainty as un
from uncertainty.sampling.designs import blocks, make_design
from uncertainty.sampling.simulation import simulate
from uncertainty.sampling.statistics import Draws
from uncertainty.study.scenario import scenario

REPEATS = 1000
SAMPLES = 4096
PROBABILITIES = (0.025, 0.5, 0.975)


def draws(simulation):
    found = [outputs[0].copy() for _, outputs in simulation.blocks(0, blocks(simulation.design))]
    return Draws(np.concatenate(found), simulation.design.replicate_rows)


@pytest.fixture(scope="module")
def flagship():
    study = un.load_study("ai-vs-human")
    output = study.outputs[study.headline]
    simulation = simulate(scenario(study), (study.headline,), 2**22, 10_000, "sobol")
    truth = draws(simulation)
    return simulation, output.published.value, truth


@pytest.mark.slow
@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
def test_intervals_of_the_headline_cover_what_they_say(flagship, design):
    """Of 1,000 intervals at 95 % between 93 and 97 % must: nearly three standard errors to either side."""
    simulation, published, truth = flagship
    covered = dict.fromkeys([*PROBABILITIES, "published"], 0)
    for seed in range(REPEATS):
        made = make_design(design, simulation.inputs, SAMPLES, seed)
        found = draws(replace(simulation, design=made))
        for p in PROBABILITIES:
            low, high = found.quantile_interval(p)
            covered[p] += low <= truth.quantile(p).value <= high
        low, high = found.share_interval(published)
        covered["published"] += low <= truth.share_below(published).value <= high
    shares = {key: count / REPEATS for key, count in covered.items()}
    assert all(0.93 <= share <= 0.97 for share in shares.values()), shares
