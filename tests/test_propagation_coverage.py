"""The Monte Carlo intervals reported for the flagship's headline cover what they say."""

from dataclasses import replace

import numpy as np
import pytest
from coverage_studies import error, repeated

import uncertainty as un
from uncertainty.over_cases import speaking_of
from uncertainty.sampling.designs import blocks, make_design
from uncertainty.sampling.simulation import simulate
from uncertainty.sampling.statistics import Draws
from uncertainty.study.scenario import scenario

SAMPLES = 4096
PROBABILITIES = (0.025, 0.5, 0.975)


def draws(simulation):
    found = [outputs[0].copy() for _, outputs in simulation.blocks(0, blocks(simulation.design))]
    return Draws(np.concatenate(found), simulation.design.replicate_rows)


@pytest.fixture(scope="module")
def flagship():
    study = speaking_of(un.load_study("ai-vs-human"), "case")
    output = study.outputs[study.headline]
    simulation = simulate(scenario(study), (study.headline,), 2**20, 10_000, "sobol")
    truth = draws(simulation)
    return simulation, output.published.value, truth


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
@repeated(200, 1000)
def test_intervals_of_the_headline_cover_what_they_say(flagship, design, repeats):
    """Of 1,000 intervals at 95 % between 93 and 97 % must: three standard errors to either side."""
    simulation, published, truth = flagship
    covered = dict.fromkeys([*PROBABILITIES, "published"], 0)
    for seed in range(repeats):
        made = make_design(design, simulation.inputs, SAMPLES, seed)
        found = draws(replace(simulation, design=made))
        for p in PROBABILITIES:
            low, high = found.quantile_interval(p)
            covered[p] += low <= truth.quantile(p).value <= high
        low, high = found.share_interval(published)
        covered["published"] += low <= truth.share_below(published).value <= high
    shares = {key: count / repeats for key, count in covered.items()}
    assert all(abs(share - 0.95) <= 3 * error(0.95, repeats) for share in shares.values()), shares
