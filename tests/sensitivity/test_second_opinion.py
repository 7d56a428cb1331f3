"""SALib's own analysis beside ours: on closed forms it agrees, and where it does not that is said."""

from dataclasses import replace

import pytest
from exact_models import EXACT, of_function

from uncertainty import load_study, sobol
from uncertainty.records import Frozen
from uncertainty.sensitivity.second_opinion import GAPS, second_opinion
from uncertainty.sensitivity.sobol.results import Index

SAMPLES = 2**11


def asked(study, output="y", **options):
    return sobol(study, output=output, samples=SAMPLES, tolerance=0, **options)


@pytest.mark.parametrize("model", [model for model in EXACT if model != "without effect"])
def test_it_meets_closed_forms_and_has_nothing_to_object(model):
    exact = EXACT[model]()
    found = second_opinion(asked(exact.study), "y", base_points=1024)
    assert found.indices.keys() == exact.ST.keys()
    assert not found.withheld
    assert found.disagreements == ()
    for key, index in found.indices.items():
        # half a 95 % interval is two standard errors; five of them for a seed of nobody's choice
        for value, interval, truth in ((*index.first, exact.S1[key]), (*index.total, exact.ST[key])):
            assert abs(value - truth) <= 2.5 * (interval[1] - value) + 0.005
    assert found.model_rows == 1024 * (len(exact.ST) + 2)


def test_its_seed_is_never_0_and_the_same_seed_gives_the_same_opinion():
    study = EXACT["ishigami"]().study
    found = asked(study, seed=0)
    one, other = (second_opinion(found, "y", base_points=64) for _ in range(2))
    assert one.seed == 1
    assert one == other


def test_a_difference_beyond_both_errors_is_said_with_the_better_one():
    study = EXACT["ishigami"]().study
    found = asked(study)
    wrong = Index(0.9, (0.899, 0.901), 0.95, (0.949, 0.951))
    ours = replace(found.outputs["y"], indices=Frozen({**found.outputs["y"].indices, "x2": wrong}))
    told = second_opinion(replace(found, outputs=Frozen({"y": ours})), "y", base_points=1024)
    first, second = told.disagreements_of(str.upper)
    assert first.startswith("S1 of X2 is 90 % here and 4")
    assert "farther apart than their errors" in first
    # 95 % intervals lie apart by chance, too
    assert first.endswith("some differ so by chance, or one error is too small.")
    assert second.startswith("ST of X2")
    assert told.disagreements[0].startswith("S1 of x2")
    assert not told.within_errors


def test_a_difference_that_does_not_matter_is_not_called_within_the_errors():
    found = second_opinion(asked(EXACT["ishigami"]().study), "y", base_points=1024)
    assert found.within_errors
    for apart, disagreements in ((0.008, 0), (0.012, 1)):
        one, other = (
            Index(*found.own["x1"].first, total, (total - 0.001, total + 0.001))
            for total in (0.5, 0.5 + apart)
        )
        near = replace(found, own=Frozen({"x1": one}), indices=Frozen({"x1": other}))
        assert len(near.disagreements) == disagreements
        assert not near.within_errors


def test_an_input_that_is_bound_to_one_that_the_output_does_not_need_keeps_its_spread(tmp_path):
    """Of y = b + c, normal(0, 1) both, each has half the variance; b is bound to a, which y does not need."""
    path = tmp_path / "study.toml"
    normal = 'unit = "1"\npoint = 0\ndistribution = "normal(0, 1)"\n'
    path.write_text(
        'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n'
        + "".join(f"[inputs.{name}]\n{normal}" for name in "abc")
        + '[outputs]\ny = { value = "b + c", unit = "1" }\nz = { value = "a", unit = "1" }\n'
        + '[[correlations]]\ninputs = ["a", "b"]\nspearman = 0.9\nsource = "x"\n',
        encoding="utf-8",
    )
    found = second_opinion(asked(load_study(path)), "y", base_points=1024)
    assert {key: round(each.ST, 2) for key, each in found.indices.items()} == {"b": 0.5, "c": 0.5}
    assert found.within_errors


@pytest.mark.slow
def test_it_is_withheld_with_a_reason_where_salib_cannot_be_asked():
    single = of_function(lambda a: {"y": a}, {"a": "normal(0, 1)"})
    assert "explains everything" in second_opinion(asked(single), "y").withheld
    constant = of_function(lambda a, b: {"y": 0 * a * b}, {"a": "normal(0, 1)", "b": "normal(0, 1)"})
    assert second_opinion(asked(constant), "y").withheld == asked(constant).outputs["y"].reason
    study = load_study("ai-vs-human")
    choice = next(iter(study.choices))
    chosen = asked(study, study.headline, choices_as_inputs=[choice])
    assert "choices" in second_opinion(chosen, study.headline).withheld
    gaps = EXACT["ishigami"]().study
    gaps = replace(gaps, nonfinite="drop", function=lambda x1, x2, x3: {"y": (x1 + 3) ** 0.5 + x2 + x3})
    assert second_opinion(asked(gaps), "y", base_points=64).withheld == GAPS
