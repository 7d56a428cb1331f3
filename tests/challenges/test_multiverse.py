"""Every valid combination, on common random numbers, against closed forms."""

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

import uncertainty as un
from uncertainty.challenges.corners import input_levels
from uncertainty.challenges.decisions import choice_effects, specification_curve
from uncertainty.challenges.multiverse import make_multiverse, refuse_too_many
from uncertainty.challenges.universes import combinations
from uncertainty.distributions import parse_distribution
from uncertainty.errors import NonFiniteError
from uncertainty.pages.wording import decider_sentence, median_of, medians_of, universes_sentence
from uncertainty.sampling.estimate import Estimate
from uncertainty.settings import Settings
from uncertainty.study.scenario import excluded_because


def multiverse(study, output=None, samples=2**13, threads=1, **settings):
    return make_multiverse(
        study, output or study.headline, Settings(samples=samples, **settings), threads=threads
    )


def test_every_valid_combination_of_the_choices_that_reach_the_output_is_a_universe(ratio):
    found = multiverse(ratio)
    assert found.combinations.varied == ("repeating", "person")
    assert found.combinations.unreached == ("idling",)
    assert [tuple(u.options.values()) for u in found.universes] == [
        ("once", "nobody"),
        ("once", "half"),
        ("thrice", "nobody"),
        ("thrice", "half"),
        ("often", "nobody"),
    ]


def test_medians_are_the_exact_ones(ratio):
    found = multiverse(ratio)
    for repeats, option in ((1, "once"), (3, "thrice"), (30, "often")):
        universe = found.universe({"repeating": option, "person": "nobody"})
        assert universe.median == pytest.approx(20 / repeats, rel=0.01)


@pytest.mark.parametrize("design", ["random", "sobol", "lhs"])
def test_universes_differ_by_their_options_alone(ratio, design):
    found = multiverse(ratio, design=design)
    once, thrice = (
        found.universe({"repeating": option, "person": "nobody"}).found for option in ("once", "thrice")
    )
    for name in ("median", "low", "high"):
        assert getattr(once, name).value == pytest.approx(3 * getattr(thrice, name).value, rel=1e-6)


@pytest.mark.parametrize("design", ["random", "sobol", "lhs"])
def test_a_universe_has_the_numbers_of_the_same_run(ratio, design):
    options = {"repeating": "thrice", "person": "half"}
    universe = multiverse(ratio, design=design).universe(options)
    run = un.propagate(ratio, samples=2**13, design=design, choices=options)
    assert universe.median == run.headline.median
    assert (universe.found.low.value, universe.found.high.value) == run.headline.interval()


def test_threads_and_chunks_change_no_number(ratio, monkeypatch):
    alone = multiverse(ratio, threads=1)
    monkeypatch.setattr("uncertainty.challenges.universes.MOST_BYTES", 2 * 8 * 2**13)
    shared = multiverse(ratio, threads=2)
    assert [u.found for u in alone.universes] == [u.found for u in shared.universes]


def test_a_bound_that_an_option_sets_is_named_as_settled_by_construction(ratio):
    effects = {effect.choice: effect for effect in choice_effects(multiverse(ratio))}
    half, nobody = (effects["person"].options[name] for name in ("half", "nobody"))
    # where half the work is left the ratio cannot exceed 2, a tenth of the figure, and never reaches 20
    assert half.never == ("tenth", "published")
    assert half.always == ("tenfold",)
    assert nobody.never == nobody.always == ()
    assert half.highest < 2


def test_a_floor_that_holds_for_every_value_is_found_even_where_no_draw_comes_near(load, ratio_text):
    text = ratio_text.replace('equations = { repeats = "30" }', 'equations = { repeats = "old / new / 7" }')
    effects = {effect.choice: effect for effect in choice_effects(multiverse(load(text)))}
    assert effects["repeating"].options["often"].always == ("reference", "tenfold", "tenth")


def test_what_almost_all_draws_satisfy_is_not_by_construction(load, ratio_text):
    found = multiverse(load(ratio_text.replace("lognormal(5, 1.5)", "lognormal(5, 1.05)")))
    assert found.published.found.shares["reference"].value == 1.0
    assert not found.published.always(found.thresholds[0])


def test_the_choice_that_moves_the_result_most_comes_first(ratio):
    found = multiverse(ratio)
    effects = choice_effects(found)
    assert [effect.choice for effect in effects] == ["repeating", "person"]
    alone = {option: u and u.median for option, u in effects[0].alone.items()}
    assert alone == pytest.approx({"once": 20, "thrice": 20 / 3, "often": 20 / 30}, rel=0.01)


def test_a_single_change_that_is_excluded_has_no_median(load, ratio_text):
    swapped = ratio_text.replace('person = "half" }\nbecause', 'person = "nobody" }\nbecause').replace(
        'choices = { repeating = "often" }', 'choices = { repeating = "often", person = "half" }'
    )
    effects = {effect.choice: effect for effect in choice_effects(multiverse(load(swapped)))}
    assert effects["repeating"].alone["often"] is None


def test_shares_of_universes_count_medians_on_the_claims_side(ratio):
    found = multiverse(ratio)
    # medians: 20, under 2, 6.7, under 2 and 0.67
    shares = {each.kind: found.share(each) for each in found.thresholds}
    assert (shares["reference"], shares["tenth"], shares["tenfold"]) == (0.8, 0.4, 1.0)


def test_a_fixed_choice_does_not_vary_and_a_readings_inputs_hold_everywhere(ratio):
    found = multiverse(ratio, choices={"person": "nobody"}, overrides={"new": 50})
    assert found.combinations.varied == ("repeating",)
    assert found.published.median == pytest.approx(2, rel=0.01)


def test_without_choices_one_line_says_so(load):
    study = load(
        """
        format = 1
        [study]
        title = "t"
        headline = "y"
        [inputs.x]
        unit = "1"
        point = 3
        [outputs.y]
        value = "x"
        unit = "1"
        """
    )
    assert multiverse(study) == "the study lists no modelling choices"


def test_choices_that_reach_another_output_alone_are_not_counted(load, ratio_text):
    text = ratio_text + '\n[outputs.idle]\nunit = "1"\n[outputs.old_alone]\nvalue = "old"\nunit = "g"\n'
    study = load(text)
    assert multiverse(study, "idle").combinations.varied == ("idling",)
    assert (
        multiverse(study, "old_alone") == "none of the study's choices that are left open reaches this output"
    )


def test_a_universe_that_is_undefined_is_named(load, ratio_text):
    text = ratio_text.replace('repeats = "30"', 'repeats = "sqrt(new - new - 1[g]) / 1[g**0.5]"')
    with pytest.raises(NonFiniteError) as caught:
        multiverse(load(text))
    (fault,) = caught.value.faults
    assert (fault.key, Path(fault.file).name) == ("outputs.ratio", "ratio.toml")
    assert fault.message == (
        "is infinite or undefined for 8192 of 8192 draws (100 %) "
        "under repeating=often, person=nobody, idling=no"
    )


def many_choices(number, rules=""):
    """Return a study whose every choice halves the output or not."""
    names = [f"c{i}" for i in range(number)]
    equations = "\n".join(f"f_{name} = '1'" for name in names)
    choices = "\n".join(
        f"[choices.{name}.options.whole]\n[choices.{name}.options.half]\nequations = {{ f_{name} = '0.5' }}"
        for name in names
    )
    return f"""
format = 1
[study]
title = "t"
headline = "y"
[inputs.x]
unit = "1"
point = 1
[equations]
{equations}
[outputs.y]
unit = "1"
value = "x * {" * ".join(f"f_{name}" for name in names)}"
{choices}
{rules}
"""


def test_too_many_combinations_are_refused_without_being_made(load, monkeypatch):
    def never(*_):
        raise AssertionError

    study = load(many_choices(40))
    monkeypatch.setattr("uncertainty.challenges.universes._completed", never)
    assert multiverse(study) == (
        "the open choices have more than 20,000 combinations; "
        "with some of the choices fixed, the others can be examined"
    )


def test_few_valid_combinations_of_very_many_are_found(load):
    """Each choice may be halved only if the one before is: 41 combinations of 2**40."""
    rules = "\n".join(
        f'[[excluded]]\nwhen = {{ c{i} = "whole", c{i + 1} = "half" }}\nbecause = "in turn"'
        for i in range(39)
    )
    study = load(many_choices(40, rules))
    found = combinations(study, "y", Settings())
    assert len(found.plans) == 41
    assert all(excluded_because(study, plan.choices) is None for plan in found.plans)


def test_a_search_for_combinations_that_leads_nowhere_ends(load, monkeypatch):
    """No combination is valid once the first choice is, which only the last two choices tell."""
    monkeypatch.setattr("uncertainty.challenges.universes.MOST_TRIED", 5_000)
    rules = "\n".join(
        f'[[excluded]]\nwhen = {{ c{i} = "half", c28 = "{a}", c29 = "{b}" }}\nbecause = "so"'
        for i in range(28)
        for a in ("whole", "half")
        for b in ("whole", "half")
    )
    assert multiverse(load(many_choices(30, rules))) == (
        "the open choices have too many combinations to find the valid ones; "
        "with some of the choices fixed, the others can be examined"
    )


@pytest.mark.slow
def test_a_small_curve_draws_everything_and_a_large_one_keeps_ends_and_single_changes(ratio, single_cases):
    assert len(specification_curve(multiverse(ratio))) == 5
    found = multiverse(single_cases, samples=64)
    drawn = specification_curve(found, most=40)
    assert len(drawn) <= 40
    medians = sorted(u.median for u in found.universes)
    assert (drawn[0].median, drawn[-1].median) == (medians[0], medians[-1])
    changes = [u for e in choice_effects(found) for u in e.alone.values() if u is not None]
    assert all(u in drawn for u in changes)
    assert [u.median for u in drawn] == sorted(u.median for u in drawn)


@pytest.mark.slow
def test_the_flagships_universes_are_all_its_valid_combinations(single_cases):
    found = combinations(single_cases, "us_writer_vs_chatgpt", Settings())
    assert len(found.plans) == 936
    assert all(excluded_because(single_cases, options) is None for options in found.options)
    assert math.prod(len(c.options) for c in single_cases.choices.values()) > 936


def test_what_lies_at_the_very_end_of_an_input_is_within_its_reach():
    """A share of 0 is a value of a beta distribution, however rarely any near it is drawn."""
    levels = input_levels(parse_distribution("beta(4, 2)"))
    assert levels[[0, -1]].tolist() == [0, 1]


def test_an_end_that_is_no_value_is_out_of_reach():
    assert 0 < input_levels(parse_distribution("lognormal(1, 2)"))[0] < 1e-2


def test_a_choice_that_moves_no_written_digit_of_the_median_is_said_to_decide_nothing():
    found = multiverse(un.load_study("gauge-block"), samples=2**12)
    said = decider_sentence(found, choice_effects(found))
    # 838 nm each, with an error of half a nanometre in so few draws
    assert re.fullmatch(r"(No|Hardly any) choice moves the median: it is .*83[78].*\.", said)
    assert re.search(r"(medians from|the median is) 83[78]", universes_sentence(found))
    # 838 is the median, within its error
    assert universes_sentence(found).partition("838 nm: ")[2].startswith(("0 to ", "the draws do not tell."))


@pytest.mark.slow
def test_medians_are_written_so_that_they_tell_on_which_side_of_a_threshold_they_lie():
    found = multiverse(un.load_study("inventory"), output="trend", samples=2**14)
    assert re.search(r"medians from 20\.\d to 20\.\d %", universes_sentence(found))
    at = replace(found, thresholds=(replace(found.thresholds[-1], value=20.7),))
    assert "at least 20.7 %, the reference: the draws do not tell." in universes_sentence(at)
    near = replace(found, thresholds=(replace(found.thresholds[-1], value=22.0),))
    assert re.search(r"medians from 20\.\d to 20\.\d %", universes_sentence(near))
    assert universes_sentence(near).count(": 0. That counts choices") == 1


def written_of(found, median, low, high):
    """Return a universe with another median and interval, whose errors take no digit away."""
    ends = {"median": median, "low": low, "high": high}
    universe = found.universes[0]
    return replace(universe, found=replace(universe.found, **{k: Estimate(v, 1e-9) for k, v in ends.items()}))


def test_a_median_has_one_form_beside_whatever_other_median_it_is_named(ratio):
    found = multiverse(ratio, samples=64)
    narrow, wide = written_of(found, 1.538, 1.18, 2.15), written_of(found, 10_562, 3_650, 31_700)
    assert medians_of((narrow, wide)) == [median_of(narrow), median_of(wide)] == ["1.54", "11,000"]
    around = written_of(found, -0.0193, -1.8, 1.8)
    assert medians_of((around, wide))[0] == median_of(around) == "-0.02"
    said = decider_sentence(
        replace(found, universes=(narrow, wide)),
        [replace(choice_effects(found)[0], alone={"narrow": narrow, "wide": wide})],
    )
    assert said.endswith("changing it moves the median between 1.54 and 11,000.")


def test_medians_are_written_in_their_order_and_no_number_in_two_forms(ratio):
    found = multiverse(ratio, samples=64)
    wide, narrow = written_of(found, 1.46, 0.5, 4.0), written_of(found, 1.48, 1.46, 1.51)
    assert medians_of((wide, narrow)) == ["1.460", "1.480"]
    same = written_of(found, 1.5, 0.5, 4.0), written_of(found, 1.504, 1.1, 1.9)
    assert medians_of(same) == ["1.50", "1.50"]
    near = written_of(found, 20.68, 15.7, 26.6), written_of(found, 20.716, -7.6, 58)
    assert medians_of(near) == ["20.7", "20.7"]
    assert [median_of(each) for each in near] == ["20.7", "21"]


def test_one_median_alone_has_the_digits_that_leave_it_on_its_side_of_a_threshold(ratio):
    found = multiverse(ratio, samples=64)
    reference = replace(found.thresholds[-1], value=1.0, above=True)
    low, high = written_of(found, 0.996, 0.3, 3.0), written_of(found, 10_562, 3_650, 31_700)
    assert medians_of((low, high)) == ["1.0", "11,000"]
    assert medians_of((low, high), [reference]) == ["0.996", "11,000"]
    beyond = written_of(found, 1.004, 0.3, 3.0)
    assert medians_of((low, beyond)) == ["1.0", "1.0"]
    assert medians_of((low, beyond), [reference]) == ["0.996", "1.00"]


TIED = """
format = 1
[study]
title = "A count and a size"
headline = "y"
[inputs.count]
unit = "1"
point = 0
distribution = "discrete(0, 1)"
[inputs.size]
unit = "1"
point = 0
distribution = "normal(0, 1)"
[inputs.third]
unit = "1"
point = 0
distribution = "normal(0, 1)"
[[correlations]]
inputs = ["count", "size"]
spearman = 0.6
[[correlations]]
inputs = ["size", "third"]
spearman = -0.3
[choices.counted.options.twice]
[choices.counted.options.finely]
inputs = { count = "discrete(0, 1, 2, 3)" }
[choices.counted.options.never]
inputs = { count = 0 }
[choices.counted.options.smoothly]
inputs = { count = "uniform(0, 1)" }
[outputs.y]
unit = "1"
value = "2 * count + size + third"
"""


@pytest.mark.parametrize("design", ["random", "sobol"])
def test_a_universe_has_the_dependence_of_its_run_however_ranks_are_tied(load, design):
    study = load(TIED)
    found = multiverse(study, design=design)
    for option in study.choices["counted"].options:
        universe = found.universe({"counted": option})
        run = un.propagate(study, samples=2**13, design=design, choices={"counted": option})
        assert universe.median == run.headline.median
        assert (universe.found.low.value, universe.found.high.value) == run.headline.interval()


def test_more_draws_than_a_universe_can_have_are_refused_before_any_is_made(ratio):
    """A universe's draws take 2^28 bytes at most, 8 each; where nothing is chosen there is no universe."""
    with pytest.raises(un.SettingError, match="in memory, at most 33554432; use fewer samples"):
        un.challenge(ratio, samples=2**25 + 1)
    fixed = {name: ratio.choices[name].published for name in ("repeating", "person")}
    for samples, choices in ((2**25, {}), (2**25 + 1, fixed)):
        refuse_too_many(ratio, "ratio", Settings(samples=samples, choices=choices))


def test_what_an_output_is_at_the_medians_is_never_said_to_be_out_of_reach(load):
    text = 'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n'
    text += "".join(
        f'[inputs.x{i}]\nunit = "1"\npoint = 0.9\ndistribution = "uniform(0, 1)"\n' for i in range(5)
    )
    value = " + ".join(f"(x{i} - 0.5)**2" for i in range(5))
    text += f'[equations]\nk = "1"\n[outputs.y]\nunit = "1"\nvalue = "k * ({value})"\nreference = 0.001\n'
    text += "[choices.c.options.a]\n[choices.c.options.b]\nequations = { k = '2' }\n"
    found = multiverse(load(text), samples=2**10)
    (limit,) = found.thresholds
    assert not any(universe.always(limit) for universe in found.universes)
    assert all(universe.found.lowest == 0 for universe in found.universes)


AVERAGES = """
format = 1
[study]
title = "The cost of cases"
headline = "cost"
[outputs]
cost = { value = "average(length * rate) + fee", unit = "1", over = "average" }
[equations]
rate = "price"
fee = "price * 0"
[inputs]
length = { unit = "1", point = 2, distribution = "lognormal(2, 1.5)", kind = "variability" }
price = { unit = "1", point = 3, distribution = "normal(3, 0.2)" }
tax = { unit = "1", point = 0, distribution = "0" }
[choices.fees]
question = "Are there fees?"
[choices.fees.options.none]
label = "none"
[choices.fees.options.nil]
label = "nil"
equations = { fee = "price * 0" }
[choices.fees.options.some]
label = "some"
equations = { fee = "price" }
[choices.spread]
question = "How far do lengths spread?"
[choices.spread.options.little]
label = "little"
[choices.spread.options.much]
label = "much"
inputs = { length = { distribution = "lognormal(2, 2)" } }
"""


def test_combinations_that_average_the_same_are_drawn_once(write_study):
    study = un.load_study(write_study(AVERAGES))
    found = make_multiverse(study, "cost", Settings(samples=2**15), threads=1)
    assert (len(found.universes), found.distinct) == (6, 4)
    assert universes_sentence(found).startswith(
        "6 valid combinations of 2 choices, 4 different: medians from"
    )
    for distinct, said in ((1, "choices, all alike: "), (6, "choices: ")):
        assert said in universes_sentence(replace(found, distinct=distinct))
    by_options = {tuple(each.options.values()): each.found for each in found.universes}
    assert by_options["none", "much"] == by_options["nil", "much"] != by_options["some", "much"]
    assert by_options["none", "much"] != by_options["none", "little"]
    # 2 * exp(log(gsd)**2 / 2) of the length on average, and a fee of one price more
    mean = 2 * math.exp(math.log(1.5) ** 2 / 2)
    assert by_options["nil", "little"].median.value == pytest.approx(3 * mean, rel=0.02)
    assert by_options["some", "little"].median.value == pytest.approx(3 * (mean + 1), rel=0.02)
