"""Outputs that do not fit into memory together: drawn in parts, once, to the numbers of all together."""

import numpy as np
import pytest
from variants import variants

import uncertainty as un
from uncertainty.errors import NonFiniteError
from uncertainty.sampling.huge import remade

TABLE = """
format = 1
[study]
title = "Cells"
headline = "emission[a,1]"
[indices.country]
members = ["a", "b", "c"]
[indices.year]
from = 1
to = 4
[inputs.use]
unit = "1"
index = ["country", "year"]
point = 2
distribution = "1 to 3"
across = { country = "independent", year = 0.7 }
[inputs.factor]
unit = "1"
index = ["country"]
point = 2
distribution = "triangular(1, 2, 4)"
[outputs.emission]
value = "use * factor"
unit = "1"
published = 7
reference = 3
scale = "log10"
[outputs.sure]
value = "factor[a] * use / factor[a] / use"
unit = "1"
[outputs.yes]
value = "use > 2"
unit = "1"
"""
SAMPLES = 600


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("cells") / "cells.toml"
    path.write_text(TABLE, encoding="utf-8")
    return un.load_study(path)


@pytest.fixture
def drawn(monkeypatch):
    """The parts that were drawn, each of five outputs, by the number of their first one."""
    found = []
    whole = remade.Part.draw
    monkeypatch.setattr(remade, "PART_BYTES", 8 * SAMPLES * 5)
    monkeypatch.setattr(remade, "MOST_TIMES", 10)
    monkeypatch.setattr(remade.Part, "draw", lambda part: found.append(part.first) or whole(part))
    return found


@pytest.mark.parametrize(
    ("design", "interval"),
    variants(
        [("random", "central"), ("lhs", "shortest"), ("sobol", "central")],
        lambda design, _: design == "sobol",
    ),
)
def test_outputs_drawn_in_parts_have_the_numbers_of_all_together(table, drawn, design, interval):
    options = {"samples": SAMPLES, "design": design, "interval": interval}
    kept = un.propagate(table, **options)
    assert kept.rows is not None
    assert not drawn
    parted = un.propagate(table, **options, memory=10**5)
    assert parted.rows is None
    for name, found in parted.outputs.items():
        assert dict(found.summary) == dict(kept.outputs[name].summary)
        assert found.probability == kept.outputs[name].probability
    # all that pages and tables show was asked while the draws were there
    assert sorted(drawn) == sorted(set(drawn))
    assert len(drawn) > 3
    for name in ("emission[c,4]", "sure[b,2]"):
        np.testing.assert_array_equal(parted.outputs[name].values, kept.outputs[name].values)
        assert parted.outputs[name].quantile(0.3) == kept.outputs[name].quantile(0.3)
    assert parted.correlations == kept.correlations
    assert not parted.outputs["sure[b,2]"].varies


def test_values_are_drawn_again_one_part_at_a_time(table, drawn):
    parted = un.propagate(table, samples=SAMPLES, memory=10**5)
    drawn.clear()
    names = list(parted.outputs)
    for name in (names[0], names[1], names[-1], names[0]):
        parted.outputs[name].quantile(0.123)
    # what was told once is known
    assert drawn == [0, drawn[-1]]


def test_draws_in_parts_that_are_not_finite_are_refused_as_others_are(tmp_path, drawn):
    path = tmp_path / "cells.toml"
    path.write_text(TABLE.replace("use * factor", "use * factor / maximum(use - 1, 0)"), encoding="utf-8")
    study = un.load_study(path)
    messages = []
    for memory in (2**29, 10**5):
        with pytest.raises(NonFiniteError) as refused:
            un.propagate(study, samples=SAMPLES, memory=memory)
        messages.append(str(refused.value))
    assert messages[0] == messages[1]


def test_inputs_that_all_outputs_share_are_counted_twice_instead(write_study, drawn, monkeypatch):
    monkeypatch.setattr(remade, "MOST_TIMES", 2)
    text = """
    format = 1
    [study]
    title = "Sums so far"
    headline = "so_far[1]"
    [indices.year]
    from = 1
    to = 20
    [inputs.x]
    unit = "1"
    index = ["year"]
    point = 1
    distribution = "uniform(0, 2)"
    [outputs.so_far]
    value = "sum(x) * x"
    unit = "1"
    """
    study = un.load_study(write_study(text))
    kept, counted = (un.propagate(study, samples=SAMPLES, memory=memory) for memory in (2**29, 60_000))
    assert not drawn
    assert counted.rows is None
    assert dict(kept.headline.summary) == dict(counted.headline.summary)


def test_many_outputs_are_counted_some_at_a_time(table, drawn, monkeypatch):
    from uncertainty.errors import UncertaintyError
    from uncertainty.sampling import running

    kept = un.propagate(table, samples=SAMPLES)
    monkeypatch.setattr(remade, "PART_BYTES", 0)
    monkeypatch.setattr(running, "COUNTED", 5)
    counted = un.propagate(table, samples=SAMPLES, memory=2**12)
    assert not drawn
    for name, found in counted.outputs.items():
        if kept.outputs[name].varies:
            assert dict(found.summary) == dict(kept.outputs[name].summary)
    with pytest.raises(UncertaintyError, match="too many to be stored; use fewer samples or fewer outputs"):
        counted.headline.quantile(0.123)
