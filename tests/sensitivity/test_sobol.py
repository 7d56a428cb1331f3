"""What a Sobol' analysis reports, when it stops, and what it refuses."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from exact_models import EXACT, ishigami, of_function, portfolio
from variants import variants

import uncertainty as un
from uncertainty import NonFiniteError, SettingError, sobol
from uncertainty.pages.sections.drivers import index_text
from uncertainty.sensitivity.sobol import replicates
from uncertainty.sensitivity.sobol.design import plan_exchanges
from uncertainty.sensitivity.sobol.replicates import sum_batches
from uncertainty.sensitivity.sobol.results import Index, OutputIndices
from uncertainty.study.function import PURE_NUMBER
from uncertainty.study.model import Input, Output
from uncertainty.study.scenario import scenario


def test_replicates_are_added_until_every_index_is_within_the_tolerance():
    found = sobol(ishigami().study, samples=2**16, tolerance=0.004)
    assert found.converged
    assert found.widest <= 0.004
    assert 16 < found.replicates < 64
    assert found.settings.samples == found.replicates * 1024
    assert found.model_rows == found.settings.samples * 5
    assert found.stopped_because == "Every index is within ±0.004."


@pytest.mark.parametrize("threads", variants([1, 2, 5], lambda threads: threads == 5))
@pytest.mark.parametrize("tolerance", [0.0, 0.004, 0.02])
def test_threads_make_no_replicate_that_nobody_asked_for(monkeypatch, threads, tolerance):
    made = []

    def counted(*given, **named):
        sums, failures = sum_batches(*given, **named)
        made.append(sums.replicates)
        return sums, failures

    monkeypatch.setattr(replicates, "sum_batches", counted)
    found = sobol(ishigami().study, samples=2**16, tolerance=tolerance, threads=threads)
    assert sum(made) == found.replicates


def test_a_budget_that_ends_first_is_said_with_the_index_that_is_known_least():
    found = sobol(EXACT["product of lognormals"]().study, samples=2**13, tolerance=0.001)
    assert not found.converged
    assert found.settings.samples == found.budget == 2**13
    assert found.stopped_because.startswith("The budget of 8,192 base points ended before every index")
    assert "x6 of y is within ±0." in found.stopped_because


def test_an_index_that_just_misses_the_tolerance_is_not_said_to_meet_it():
    found = replace(sobol(ishigami().study, samples=2**10), tolerance=0.01, widest=0.01004)
    assert found.stopped_because.endswith("is within ±0.011.")


def test_no_tolerance_uses_the_whole_budget():
    found = sobol(ishigami().study, samples=2**15, tolerance=0)
    assert found.settings.samples == 2**15
    assert found.stopped_because.startswith("No tolerance was set")


def test_samples_are_rounded_up_to_whole_replicates():
    assert sobol(ishigami().study, samples=5000, tolerance=0).settings.samples == 20 * 256
    assert sobol(ishigami().study, samples=1, tolerance=0).settings.samples == 16


def test_seed_0_is_a_seed_like_any_other():
    study = ishigami().study
    first, again, other = (sobol(study, samples=2**10, seed=seed).outputs for seed in (0, 0, 1))
    assert first == again
    assert first != other


def test_a_higher_level_gives_wider_intervals_around_the_same_values():
    study = ishigami().study
    narrow, wide = (
        sobol(study, samples=2**12, tolerance=0, level=level).outputs["y"].indices for level in (0.9, 0.99)
    )
    for name, index in narrow.items():
        assert index.S1 == wide[name].S1
        assert (
            wide[name].S1_interval[0]
            < index.S1_interval[0]
            < index.S1_interval[1]
            < wide[name].S1_interval[1]
        )


@pytest.mark.parametrize("model", ["ishigami", "g function"])
def test_second_order_indices_meet_their_closed_forms(model):
    exact = EXACT[model]()
    found = sobol(exact.study, samples=2**13, second_order=True, level=0.9999).outputs["y"]
    assert {pair.inputs for pair in found.pairs} == set(exact.S2)
    assert list(found.pairs) == sorted(found.pairs, key=lambda pair: -pair.S2)
    for pair in found.pairs:
        assert pair.S2_interval[0] <= exact.S2[pair.inputs] <= pair.S2_interval[1]


def grouped_study(kinds=("uncertainty", "variability", "uncertainty")):
    """y = x1 + x2 x3 with standard normal inputs, of which x2 and x3 are a group."""

    def model(x1, x2, x3):
        return {"y": x1 + x2 * x3}

    inputs = {
        name: Input(
            name,
            PURE_NUMBER,
            0.0,
            un.Study.from_function(lambda x: {"y": x}, {"x": "normal(0, 1)"}).inputs["x"].distribution,
            group=group,
            kind=kind,
        )
        for name, group, kind in zip(("x1", "x2", "x3"), ("", "pair", "pair"), kinds, strict=True)
    }
    return of_function(model, inputs)


def test_groups_have_closed_and_total_indices():
    group = sobol(grouped_study(), samples=2**12, level=0.999).outputs["y"].groups["pair"]
    assert group.S1_interval[0] <= 0.5 <= group.S1_interval[1]
    assert group.ST_interval[0] <= 0.5 <= group.ST_interval[1]


GROUPS = """
format = 1
[study]
title = "Groups that go along"
headline = "b"
[inputs]
mine = { label = "Mine", point = 0, distribution = "normal(0, 1)", unit = "1", group = "mine" }
along = { label = "Along", point = 0, distribution = "normal(0, 1)", unit = "1", group = "mine" }
other = { label = "Other", point = 0, distribution = "normal(0, 2)", unit = "1", group = "other" }
apart = { label = "Apart", point = 0, distribution = "normal(0, 1)", unit = "1", group = "apart" }
[[correlations]]
inputs = ["along", "other"]
spearman = 0.5
[outputs]
a = { label = "A", value = "other + apart", unit = "1" }
b = { label = "B", value = "mine + other + apart", unit = "1" }
c = { label = "C", value = "mine + along + other + apart", unit = "1" }
"""


def test_a_group_counts_what_goes_along_with_those_of_it_that_reach_the_output(write_study):
    study = un.load_study(write_study(GROUPS))
    whole = 6 + 4 * 2 * np.sin(np.pi * 0.5 / 6)
    exact = {
        # "mine" reaches a by none of its inputs, whatever they are correlated with
        "a": {"other": 4 / 5, "apart": 1 / 5},
        "b": {"other": 4 / 6, "mine": 1 / 6, "apart": 1 / 6},
        "c": {"mine": 1 - 1 / (whole + 1), "other": 1 - 2 / (whole + 1), "apart": 1 / (whole + 1)},
    }
    found = sobol(study, samples=2**12, level=0.999).outputs
    for name, groups in exact.items():
        assert found[name].groups.keys() == groups.keys()
        for label, share in groups.items():
            low, high = found[name].groups[label].ST_interval
            assert low <= share <= high, (name, label)
        alone = sobol(study, output=name, samples=2**12, level=0.999)
        assert alone.outputs[name].groups.keys() == groups.keys()
        said = "These groups count inputs of others, too, which go along with theirs: mine; other."
        assert alone.grouping.endswith(said) == (name == "c")


def test_an_indexed_input_counts_what_goes_along_with_its_members_and_that_is_said(load):
    """y = a + b + 2 c where a and c correlate by 0.5: both members and c together are the whole of it."""
    text = """
format = 1
[study]
title = "Members"
headline = "y"
[indices.place]
members = ["a", "b"]
[inputs]
x = { label = "X", point = 0, distribution = "normal(0, 1)", unit = "1", index = ["place"] }
c = { label = "C", point = 0, distribution = "normal(0, 1)", unit = "1" }
apart = { label = "Apart", point = 0, distribution = "normal(0, 1)", unit = "1" }
[[correlations]]
inputs = ["c", "x[a]"]
pearson = 0.5
[outputs.y]
value = "sum(x, place) + 2 * c + apart"
unit = "1"
"""
    found = sobol(load(text), samples=2**11, level=0.999)
    low, high = found.outputs["y"].groups["x"].S1_interval
    assert low <= 8 / 9 <= high
    assert found.grouping.endswith("These groups count inputs of others, too, which go along with theirs: x.")
    alone = sobol(load(re.sub(r"\[\[corr.*\n.*\n.*\n", "", text)), samples=2**9)
    assert "count inputs of others" not in alone.grouping


def test_a_group_of_all_inputs_explains_everything_whatever_its_estimate(load):
    """Of Student's t with 2.5 degrees of freedom beside a normal input estimates lie far from it."""
    text = """
format = 1
[study]
title = "t"
headline = "y"
[inputs]
a = { unit = "1", point = 0, distribution = "student_t(0, 1, 2.5)", group = "whole" }
b = { unit = "1", point = 0, distribution = "normal(0, 2)", group = "whole" }
c = { unit = "1", point = 0, distribution = "normal(0, 1)" }
[outputs]
y = { value = "a + b", unit = "1" }
z = { value = "a + b + c", unit = "1" }
"""
    found = sobol(load(text), samples=2**10)
    assert found.outputs["y"].groups["whole"] == Index(1.0, (1.0, 1.0), 1.0, (1.0, 1.0))
    assert index_text(found.outputs["y"].groups["whole"].first) == "100 %"
    assert found.outputs["z"].groups["whole"].S1 < 1
    # a group of one input alone is that input
    alone = load(text.replace(', group = "whole" }\nb', " }\nb").replace("a + b", "b"))
    own = sobol(alone, output="y", samples=2**10).outputs["y"]
    assert own.groups["whole"] == own.indices["b"]


def test_what_explains_everything_leaves_no_index_unknown(load):
    """Its estimate lies half the spread off; each of ten equal inputs is known to a few percentage points."""
    names = [f"x{place}" for place in range(10)]
    row = '{} = {{ unit = "1", point = 0, distribution = "normal(0, 1)", group = "whole" }}'
    inputs = "\n".join(map(row.format, names))
    head = 'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n[inputs]\n'
    study = load(f'{head}{inputs}\n[outputs.y]\nvalue = "{" + ".join(names)}"\nunit = "1"\n')
    found = sobol(study, samples=2**9)
    assert found.widest_of[1] in names


def test_all_uncertainty_and_all_variability_have_indices_of_their_own():
    found = sobol(grouped_study(), samples=2**12, level=0.999).outputs["y"].kinds
    for kind, closed, total in (("uncertainty", 0.5, 1.0), ("variability", 0.0, 0.5)):
        assert found[kind].S1_interval[0] <= closed <= found[kind].S1_interval[1]
        assert found[kind].ST_interval[0] <= total <= found[kind].ST_interval[1]


def test_inputs_of_one_kind_need_no_index_for_it():
    assert not sobol(grouped_study(("uncertainty",) * 3), samples=2**8).outputs["y"].kinds


def test_a_discrete_input_has_its_index_like_any_other():
    def model(x1, x2):
        return {"y": x1 + x2}

    study = of_function(model, {"x1": "discrete(-1, 0, 1)", "x2": "mixture(normal(-1, 1), normal(1, 1))"})
    found = sobol(study, samples=2**13, level=0.999).outputs["y"].indices
    exact = (2 / 3) / (2 / 3 + 2)
    assert found["x1"].S1_interval[0] <= exact <= found["x1"].S1_interval[1]
    assert found["x2"].ST_interval[0] <= 1 - exact <= found["x2"].ST_interval[1]


def test_the_sum_of_first_order_indices_and_the_interactions_share_the_variance_out():
    exact = ishigami()
    found = sobol(exact.study, samples=2**14, level=0.999).outputs["y"]
    alone = sum(exact.S1.values())
    assert found.alone.interval[0] <= alone <= found.alone.interval[1]
    assert found.interactions.interval[0] <= 1 - alone <= found.interactions.interval[1]
    assert found.alone.value + found.interactions.value == pytest.approx(1)


def test_ranks_are_stable_where_indices_are_far_apart_and_not_where_they_are_equal():
    def model(x1, x2, x3):
        return {"y": 9 * x1 + x2 + x3}

    study = of_function(model, dict.fromkeys(("x1", "x2", "x3"), "normal(0, 1)"))
    found = sobol(study, samples=2**13, design="random").outputs["y"].rank_stability
    assert found["x1"] == 1
    assert found["x2"] < 1


def test_an_index_whose_interval_reaches_0_is_not_distinguishable():
    study = of_function(lambda x1, x2: {"y": x1 * x2}, dict.fromkeys(("x1", "x2"), "normal(0, 1)"))
    index = sobol(study, samples=2**10).outputs["y"].indices["x1"]
    assert not index.first.distinguishable
    assert index.distinguishable


def test_a_log10_output_has_the_linear_scale_beside_it():
    exact = EXACT["product of lognormals, log10"]()
    linear = EXACT["product of lognormals"]()
    found = sobol(exact.study, samples=2**12).outputs["y"]
    assert (found.scale, found.other.scale) == ("log10", "linear")
    assert found.other.indices == sobol(linear.study, samples=2**12, tolerance=0).outputs["y"].indices
    assert found.disagreement == ""


def test_scales_that_disagree_about_the_top_driver_are_said_in_a_sentence():
    def model(x1, x2):
        return {"y": x1 * x2}

    inputs = {"x1": "lognormal(median=1, sigma=1)", "x2": "discrete(0.1, 1, weights=(0.35, 0.65))"}
    found = sobol(of_function(model, inputs, "log10"), samples=2**14).outputs["y"]
    assert (found.top, found.other.top) == ("x2", "x1")
    assert found.disagreement.startswith("The scale decides the top driver: in factors (log10) it is x2, in ")


def test_scales_do_not_disagree_by_chance():
    """Two inputs that are alike came first on one scale each, as noise had it."""

    def found(half, other=None, **totals):
        intervals = {key: (total - half, total + half) for key, total in totals.items()}
        indices = {key: Index(total, intervals[key], total, intervals[key]) for key, total in totals.items()}
        return OutputIndices("y", "linear" if other is None else "log10", indices, {}, other=other)

    linear = found(0.01, a=0.64, b=0.60)
    assert "it is b, in amounts" in found(0.001, linear, b=0.51, a=0.49).disagreement
    assert found(0.02, linear, b=0.51, a=0.49).disagreement == ""
    assert found(0.001, found(0.03, a=0.64, b=0.60), b=0.51, a=0.49).disagreement == ""
    # what one scale leaves out cannot be compared on it
    assert found(0.001, found(0.01, c=0.9), b=0.51, a=0.49).disagreement == ""


@pytest.mark.parametrize("scale", ["linear", "log10"])
def test_a_scale_that_is_asked_for_is_the_only_one(scale):
    found = sobol(EXACT["product of lognormals, log10"]().study, samples=2**9, scale=scale).outputs["y"]
    assert (found.scale, found.other) == (scale, None)


def test_an_output_that_does_not_vary_says_so():
    study = un.Study.from_function(
        lambda x: {"y": x, "still": 0.1 + 0 * x, "noise": 1e9 + 1e-8 * x}, {"x": "normal(0, 1)"}
    )
    found = sobol(study, samples=2**8).outputs
    assert found["still"].reason == found["noise"].reason == "the output does not vary"
    assert not found["still"].indices
    assert pytest.approx(1, abs=0.2) == found["y"].indices["x"].ST


def test_inputs_that_vary_without_reaching_the_output_leave_nothing_to_attribute(small):
    fixed = {"distance": 10, "intensity": 150}
    found = sobol(small, output="per_trip", samples=2**8, overrides=fixed).outputs["per_trip"]
    assert (found.reason, dict(found.indices)) == ("the output does not vary", {})


def test_correlated_inputs_count_as_one_and_that_is_said_in_one_line():
    found = sobol(portfolio().study, samples=2**8)
    assert found.correlated == ("x1+x2", "x3+x4")
    assert found.grouping.startswith("Correlated inputs count as one")
    assert "x1 with x2; x3 with x4" in found.grouping
    assert "\n" not in found.grouping


def test_a_correlated_input_that_reaches_no_output_is_no_part_of_a_set(write_study, small_text):
    bound = '[[correlations]]\ninputs = ["distance", "trips"]\nspearman = 0.5\n'
    study = un.load_study(write_study(small_text + bound))
    assert sobol(study, output="yearly", samples=2**8).correlated == ("distance+trips",)
    alone = sobol(study, output="per_trip", samples=2**8)
    assert set(alone.outputs["per_trip"].indices) == {"distance", "intensity"}
    assert alone.correlated == ()


def test_single_inputs_are_refused_where_inputs_are_correlated():
    with pytest.raises(SettingError, match=r'x1 and x2; x3 and x4 are correlated.*by "set".*"shapley"'):
        sobol(portfolio().study, by="input")
    assert sobol(ishigami().study, samples=2**6, by="input").outputs["y"].indices


def undefined_above(limit, where):
    def model(x1, x2):
        return {"y": np.where(x1 > limit, where, x1 + x2), "other": x2}

    return un.Study.from_function(model, {"x1": "uniform(0, 1)", "x2": "uniform(0, 1)"})


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("threads", [1, 2])
def test_outputs_that_are_not_finite_are_refused_with_the_region_they_come_from(bad, threads):
    with pytest.raises(
        NonFiniteError, match=r"outputs\.y.*infinite or undefined for .* with x1 from 0.9"
    ) as error:
        sobol(undefined_above(0.95, bad), samples=2**13, threads=threads)
    assert "outputs.other" not in str(error.value)


def test_a_few_bad_rows_among_many_are_found():
    with pytest.raises(NonFiniteError, match=r"infinite or undefined for \d+ of 131072 draws"):
        sobol(undefined_above(1 - 1e-4, math.nan), samples=2**15, tolerance=0)


def test_outputs_that_are_not_positive_have_no_logarithm():
    def model(x1, x2):
        return {"y": x1 + x2}

    study = of_function(model, {"x1": "normal(1, 0.5)", "x2": "uniform(0, 1)"}, "log10")
    with pytest.raises(
        NonFiniteError, match=r"is not positive, so that its logarithm is undefined, for .* x1 from -"
    ):
        sobol(study, samples=2**10)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tolerance": 1}, "tolerance: expected at least 0 and below 1, found 1"),
        ({"tolerance": math.nan}, "tolerance: expected a number, found nan"),
        ({"scale": "log"}, 'scale: unknown scale "log"; did you mean "log10"'),
        ({"by": "inputs"}, 'by: unknown kind "inputs"; did you mean "input"'),
        ({"output": "x"}, 'unknown output "x"'),
        ({"samples": 0}, "samples: expected at least 1"),
        ({"design": "halton"}, 'unknown design "halton"'),
        ({"seed": -1}, "seed: expected 0 or more"),
        ({"overrides": {"x1": 1, "x2": 1, "x3": 1}}, "no input varies"),
    ],
)
def test_bad_settings_are_refused(options, message):
    with pytest.raises(SettingError, match=message):
        sobol(ishigami().study, **{"samples": 2**6, **options})


def test_progress_counts_base_points():
    seen = []
    sobol(
        ishigami().study, samples=2**14, tolerance=0, progress=lambda done, total: seen.append((done, total))
    )
    assert seen[-1] == (2**14, 2**14)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_one_output_may_be_named_alone():
    study = un.Study.from_function(lambda x: {"y": x, "z": 2 * x}, {"x": "uniform(0, 1)"})
    assert set(sobol(study, output="z", samples=2**6).outputs) == {"z"}
    assert set(sobol(study, output=["z", "y", "z"], samples=2**6).outputs) == {"y", "z"}


def test_linear_outputs_stand_alone():
    output = {"y": Output("y", PURE_NUMBER, None)}
    study = un.Study.from_function(lambda x: {"y": x}, {"x": "uniform(1, 2)"}, outputs=output)
    assert sobol(study, samples=2**6).outputs["y"].other is None


CELLS = """
format = 1
[study]
title = "Cells"
headline = "total[2]"
[indices.year]
from = 1
to = 4
[indices.country]
members = ["a", "b"]
[inputs.use]
unit = "1"
index = ["country", "year"]
point = 2
distribution = "1 to 3"
across = { country = 0.5, year = "independent" }
[inputs.factor]
unit = "1"
index = ["country"]
point = 2
distribution = "triangular(1, 2, 4)"
[outputs.total]
value = "sum(use * factor, country)"
unit = "1"
"""


@pytest.mark.parametrize("options", [{"by": "set"}, {"by": "name", "design": "lhs"}])
def test_inputs_that_reach_no_output_that_is_asked_for_change_no_bit(write_study, monkeypatch, options):
    from uncertainty.sensitivity.sobol import design, problem

    study = un.load_study(write_study(CELLS))
    asked = {"output": "total[2]", "samples": 2**9, "threads": 1, **options}
    needed = sobol(study, **asked).outputs
    # with all inputs, and in parts of a replicate each
    monkeypatch.setattr(problem, "part_of", lambda *_: None)
    monkeypatch.setattr(design, "MOST_NUMBERS", 1)
    assert sobol(study, **asked).outputs == needed


@pytest.mark.slow
def test_members_of_an_input_that_the_output_does_not_need_are_not_described(write_study):
    from uncertainty.sensitivity.effects import describe_drivers

    study = un.load_study(write_study(CELLS))
    told = describe_drivers(sobol(study, output="total[2]", samples=2**9), "total[2]").effects
    assert set(told.curves) == {"use[2,a]", "use[2,b]", "factor[a]", "factor[b]"}
    told = describe_drivers(sobol(study, output="total[2]", by="name", samples=2**9), "total[2]").effects
    assert set(told.remaining) == {"use", "factor"}
    assert not told.curves


def test_members_counted_by_name_are_not_said_to_be_correlated(write_study):
    independent = CELLS.replace('across = { country = 0.5, year = "independent" }\n', "")
    study = un.load_study(write_study(independent))
    found = sobol(study, output="total[2]", by="name", samples=2**8)
    assert found.correlated == ()
    by_name = "Counted by name, as was asked for: use[2,a] with use[2,b]; factor[a] with factor[b]."
    assert found.grouping == by_name
    every = sobol(study, by="name", samples=2**8)
    assert every.grouping == "Counted by name, as was asked for: 8 members of use; factor[a] with factor[b]."
    # members that are all correlated are so whatever was asked for
    bound = un.load_study(write_study(CELLS.replace('"independent"', "0.5")))
    mixed = sobol(bound, by="name", samples=2**8)
    assert "cannot be told apart: 8 members of use. " in mixed.grouping
    assert mixed.grouping.endswith("Counted by name, as was asked for: factor[a] with factor[b].")


def test_what_is_least_known_is_called_by_its_name_and_not_by_all_its_members(write_study):
    independent = CELLS.replace('across = { country = 0.5, year = "independent" }\n', "")
    plan = scenario(un.load_study(write_study(independent)))
    exchanges = plan_exchanges(plan, {"total": frozenset(plan.varying)})
    assert exchanges.keys == (*exchanges.inputs, "use", "factor")
    correlated = scenario(un.load_study(write_study(CELLS)))
    assert plan_exchanges(correlated, {"total": frozenset(correlated.varying)}).keys[:2] == (
        "use[1]",
        "use[2]",
    )
    by_name = sobol(plan.study, output="total[2]", by="name", samples=2**8, tolerance=0.001)
    assert by_name.widest_of[1] in {"use", "factor"}


def test_a_sample_has_the_inputs_that_are_asked_for_and_the_numbers_of_one_with_all(write_study):
    study = un.load_study(write_study(CELLS))
    whole, few = (
        un.draw_sample(study, output="total[2]", samples=2**9, **given)
        for given in ({}, {"inputs": ["use[4,b]"]})
    )
    assert len(whole.inputs) == 10
    assert set(few.inputs) == {"use[2,a]", "use[2,b]", "factor[a]", "factor[b]", "use[4,a]", "use[4,b]"}
    for name, values in few.inputs.items():
        np.testing.assert_array_equal(values, whole.inputs[name])
    np.testing.assert_array_equal(few.outputs["total[2]"], whole.outputs["total[2]"])
