"""Alternatives side by side: closed forms of differences, of P(best) and of what it is worth to know more."""

import json
import math

import numpy as np
import pytest
from command_line import run_here
from scipy.stats import norm

import uncertainty as un
from uncertainty.errors import NonFiniteError, SettingError
from uncertainty.pages.content import prepare
from uncertainty.pages.sections import make_section
from uncertainty.pages.sections.alternatives import _worth, alternatives
from uncertainty.results import encoded
from uncertainty.sampling.estimate import half_widths
from uncertainty.sampling.moments import ONE_REPLICATE
from uncertainty.sensitivity.decision import (
    Losses,
    Ordered,
    first_slices,
    value_of_everything,
    value_of_knowing,
)
from uncertainty.settings import Settings

STUDY = """
format = 1
[study]
title = "Two ways and a third"
headline = "one"
compare = ["one", "two"]
[inputs.a]
unit = "kg"
point = 10
distribution = "normal(10, 2)"
[inputs.b]
unit = "kg"
point = 11
distribution = "normal(11, 3)"
[inputs.shared]
unit = "kg"
point = 0
distribution = "normal(0, 4)"
[inputs.case]
unit = "kg"
point = 0
distribution = "normal(0, 5)"
kind = "variability"
[outputs.one]
unit = "kg"
value = "a + shared + case"
[outputs.two]
unit = "kg"
value = "b + shared - case"
[outputs.fixed]
unit = "kg"
value = "12[kg] + shared"
[outputs.in_grams]
unit = "g"
value = "a"
[observations.meter]
quantity = "b"
value = 10
sd = 3
"""


NOTHING = """
[inputs.nothing]
unit = "kg"
point = 0
distribution = "normal(0, 0.5)"
"""


def gained(mean, sd):
    """Return what it is worth to know a normal difference, of which the first is better on average."""
    return sd * norm.pdf(mean / sd) - abs(mean) * norm.cdf(-abs(mean) / sd)


def holds(estimate, value, errors=4):
    assert estimate.error is not None, estimate.reason
    assert abs(estimate.value - value) < errors * estimate.error + 1e-9, (estimate, value)


def loaded(folder, text=STUDY):
    path = folder / "ways.toml"
    path.write_text(text, encoding="utf-8")
    return un.load_study(path)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return loaded(tmp_path_factory.mktemp("ways"))


@pytest.fixture(scope="module")
def found(study):
    return un.compare_alternatives(study, samples=2**16)


def test_differences_and_shares_are_those_of_normal_differences(found):
    for ranking, sd in ((found.average, math.hypot(2, 3)), (found.single, math.hypot(2, 3, 10))):
        (pair,) = ranking.differences
        holds(pair.spread.middle, -1)
        holds(pair.spread.ends.high, -1 + 1.959964 * sd)
        holds(pair.better, norm.cdf(1 / sd))
        holds(ranking.standings["one"].best, norm.cdf(1 / sd))
        assert ranking.standings["two"].rank.interval == (1.0, 2.0)
    # what the two share is in neither
    assert found.single.standings["one"].spread.draws.sd.value == pytest.approx(math.hypot(2, 4, 5), rel=0.01)


def test_what_no_draw_missed_is_not_certain(tmp_path):
    """Of normal differences of -2 with a standard deviation of 0.5, 3 in 100,000 lie above 0."""
    text = STUDY.replace("normal(11, 3)", "normal(12, 0.3)").replace("normal(10, 2)", "normal(10, 0.4)")
    text = text.replace(' - case"', ' + case"')
    found = un.compare_alternatives(loaded(tmp_path, text), samples=2**10)
    (pair,) = found.single.differences
    for share in (pair.better, found.single.standings["one"].best):
        assert (share.value, share.error) == (1, pytest.approx(3 / 2**10))
    assert (pair.equal.value, pair.equal.error) == (0, pytest.approx(3 / 2**10))
    # what always differs by one number is settled
    text = text.replace("b + shared", "a + 2[kg] + shared")
    (pair,) = un.compare_alternatives(loaded(tmp_path, text), samples=2**10).single.differences
    assert (pair.better.value, pair.better.bounds) == (1, (1, 1))
    assert pair.spread.draws.equal
    assert pair.spread.middle.value == pytest.approx(-2)


def test_the_worth_of_knowing_an_input_is_that_of_the_closed_form(found):
    holds(found.everything.estimate, gained(-1, math.hypot(2, 3, 10)))
    holds(found.worth["a"].estimate, gained(-1, 2))
    holds(found.worth["b"].estimate, gained(-1, 3))
    assert found.worth["shared"].estimate.value == pytest.approx(0, abs=1e-9)
    assert "case" not in found.worth
    assert found.best_on_average == "one"


@pytest.mark.parametrize("over", ["case", "average"])
def test_which_case_it_is_is_worth_something_to_choices_between_single_cases_alone(tmp_path, over):
    text = STUDY.replace('value = "a +', f'over = "{over}"\nvalue = "a +')
    found = un.compare_alternatives(
        loaded(tmp_path, text.replace('value = "b +', f'over = "{over}"\nvalue = "b +')), samples=2**14
    )
    of_case = 10 if over == "case" else 0
    holds(found.everything.estimate, gained(-1, math.hypot(2, 3, of_case)))
    assert ("If nothing were unknown, nor which case it is," in repr(alternatives(found))) == bool(of_case)
    assert "If nothing were unknown" in repr(alternatives(found))


def test_noise_is_not_taken_for_knowledge():
    """An input that tells nothing is worth nothing, within its error, whatever the draws."""
    rng = np.random.default_rng(2)
    values = []
    for _ in range(40):
        losses = Losses(rng.normal(size=(2, 4000)), np.ones(4000), np.arange(4000) // 200)
        values.append(value_of_knowing(losses, rng.normal(size=4000)))
    met = sum(abs(each.value) < 1.96 * each.error for each in values)
    assert met >= 33  # 40 of 95 %, less 3 standard errors
    assert np.mean([each.value for each in values]) < 0.01
    assert value_of_everything(losses).value == pytest.approx(1 / math.sqrt(math.pi), abs=0.03)


def test_no_knowledge_is_worth_less_than_nothing(tmp_path):
    text = STUDY.replace("b + shared - case", "b + shared + case + nothing")
    for seed in range(4):
        found = un.compare_alternatives(loaded(tmp_path, text + NOTHING), samples=2**10, seed=seed)
        told = {name: each.estimate for name, each in found.worth.items()}
        assert min(each.value for each in told.values()) >= 0
        # what no draw tells is under three in as many of what sets the two apart
        assert told["shared"].value == 0
        assert 0 < told["shared"].error < 0.02
        assert told["nothing"].value <= 4 * told["nothing"].error
        table = next(b for b in alternatives(found).blocks if "EVPPI" in (getattr(b, "caption", "") or ""))
        rows = {row[0]: row[1:] for row in table.rows}
        assert all(text.startswith("under ") for text in rows["shared"])
        assert rows["nothing"][0].startswith("under ") == (told["nothing"].error > 0)


def cut(column):
    return Ordered.of(column).sliced(first_slices(column.size))


def test_an_input_is_sliced_evenly_or_by_its_few_values():
    assert cut(np.array([3.0, 1.0] * 20)).tolist() == [1, 0] * 20
    # the cube root of the draws, from 2 to 64
    assert np.bincount(cut(np.arange(1000.0))).tolist() == [100] * 10
    assert np.bincount(cut(np.arange(8.0))).tolist() == [4, 4]
    assert np.bincount(cut(np.arange(4.0))).tolist() == [2, 2]
    assert len(np.unique(cut(np.arange(300_000.0)))) == 64
    assert cut(np.array([5.0, 6, 7] * 9)).tolist() == [0, 1, 2] * 9
    assert cut(np.zeros(30)).dtype == np.intp
    # what is equal to an edge lies above it, with its equals
    assert cut(np.array([0.0, 1, 1, 1, 1, 1, 2, 3])).tolist() == [0, 1, 1, 1, 1, 1, 1, 1]


def gains(values, weights, slices, chooser):
    """Return what knowing the slice gains in some draws, chosen by others: plain loops."""

    def loss(draws, which):
        return sum(weights[d] * values[which][d] for d in draws)

    def best(draws):
        return min(range(len(values)), key=lambda which: loss(draws, which))

    def gained(draws):
        always = best(chooser)
        known = 0.0
        for number in sorted(set(slices)):
            inside = [d for d in draws if slices[d] == number]
            known += loss(inside, best([d for d in chooser if slices[d] == number]))
        return loss(draws, always) - known

    return gained


def test_half_the_parts_choose_for_the_other_half():
    rng = np.random.default_rng(6)
    column = np.tile([1.0, 2.0, 3.0], 20)
    values = rng.normal(size=(2, 60)) + np.array([column - 2, 2 - column]) / 2
    weights, groups = rng.uniform(0.5, 2, 60), np.arange(60) // 10
    slices = cut(column).tolist()
    halves = [[d for d in range(60) if groups[d] % 2 == side] for side in (0, 1)]
    means, errors = [], []
    for own, others in (halves, halves[::-1]):
        gained = gains(values.tolist(), weights.tolist(), slices, others)
        parts = [[d for d in own if groups[d] == group] for group in sorted(set(groups[own].tolist()))]
        mean = gained(own) / weights[own].sum()
        typical = weights[own].sum() / len(parts)
        means.append(mean)
        each = np.array([(gained(part) - mean * weights[part].sum()) / typical for part in parts])
        errors.append(float(half_widths(each)) / 1.959964)
    found = value_of_knowing(Losses(values, weights, groups), column)
    assert found.value == pytest.approx(sum(means) / 2)
    # what noise may hide at the ends of the column adds little
    assert sum(errors) / 2 <= found.error == pytest.approx(sum(errors) / 2, rel=2e-3)


def test_the_error_of_few_parts_is_not_told():
    rng = np.random.default_rng(7)
    column = np.tile([1.0, 2.0, 3.0], 20)
    values = rng.normal(size=(2, 60)) + np.array([column - 2, 2 - column])
    weights = rng.uniform(0.5, 2, 60)
    everything = list(range(60))
    gained = gains(values.tolist(), weights.tolist(), cut(column).tolist(), everything)(everything)
    for parts in (1, 3):
        found = value_of_knowing(Losses(values, weights, np.arange(60) // (60 // parts)), column)
        assert found.value == pytest.approx(gained / weights.sum())
        assert (found.error, found.reason) == (None, ONE_REPLICATE)
    assert value_of_knowing(Losses(values, weights, np.arange(60) // 15), column).error > 0
    # an alternative that is the best everywhere gains nothing
    alike = Losses(np.array([values[0], values[0] + 1]), weights, np.zeros(60, int))
    assert value_of_knowing(alike, column).value == 0


def test_the_average_of_alternatives_is_that_of_the_cases(tmp_path):
    text = STUDY.replace('value = "a +', 'value = "exp(case / 10[kg]) * a +')
    study = loaded(tmp_path, text)
    told = un.compare_alternatives(study, samples=2**14).average.standings["one"].spread
    assert un.cases(study, samples=2**14).average.ends == told.ends


@pytest.mark.slow
@pytest.mark.parametrize("over", ["case", "average"])
def test_one_average_has_one_interval_wherever_it_stands(tmp_path, over):
    text = STUDY.replace('value = "a +', f'over = "{over}"\nvalue = "exp(case / 10[kg]) * a +')
    content = prepare(loaded(tmp_path, text), Settings(samples=2**14), sensitivity_samples=64)
    told = content.alternatives.average.standings["one"].spread
    shown = [content.cases_under("as_published").average, un.cases(content.study, samples=2**14).average]
    if over == "average":
        shown += [
            content.headline.distribution("as_published"),
            un.propagate(content.study, samples=2**14).headline,
        ]
    for each in shown:
        assert each.ends == told.ends
        assert each.median == told.median
    assert content.alternatives.own_sizes is None


@pytest.mark.slow
def test_averages_that_take_more_cases_than_the_headline_s_say_so(tmp_path):
    rare = """
[inputs.fault]
unit = "1"
point = 0
distribution = "bernoulli(0.03)"
kind = "variability"
"""
    text = STUDY.replace("b + shared - case", "b + shared + 50[kg] * fault * case**2 / 25[kg]**2") + rare
    found = un.compare_alternatives(loaded(tmp_path, text), samples=2**19)
    assert found.own_sizes == (found.outer, found.inner)
    assert found.inner > 256
    assert f"draws of what nobody knows with {found.inner:,} cases each, others" in repr(alternatives(found))
    assert encoded(found)["inner"] == found.inner


def test_more_may_be_better(tmp_path):
    text = STUDY.replace('compare = ["one", "two"]', 'compare = ["one", "two", "fixed"]\nbetter = "highest"')
    found = un.compare_alternatives(loaded(tmp_path, text), samples=2**14)
    assert found.best_on_average == "fixed"
    best = {name: each.best.value for name, each in found.average.standings.items()}
    assert sum(best.values()) == pytest.approx(1)
    assert max(best, key=best.get) == found.average.leader
    assert [pair.outputs for pair in found.single.differences] == [
        ("one", "two"),
        ("one", "fixed"),
        ("two", "fixed"),
    ]


def test_of_means_that_do_not_settle_no_worth_is_told(tmp_path):
    text = STUDY.replace("normal(10, 2)", "pareto(1, 1.2)").replace("normal(11, 3)", "lognormal(3, 2)")
    text = text.replace("normal(0, 5)", "fixed(0)").replace("a + shared", "a").replace("b + shared", "b")
    found = un.compare_alternatives(loaded(tmp_path, text), samples=2**14)
    assert (found.everything, found.best_on_average, dict(found.worth)) == (None, "", {})
    assert (
        "the mean of one less two is not known: the farthest draws lie as those of a quantity without"
        in found.no_worth
    )
    assert found.single.standings["one"].best.error is not None
    assert "(EVPI, EVPPI) is not told: the mean of one less two" in repr(alternatives(found))
    # what both share is in no difference
    text = STUDY.replace("normal(0, 4)", "pareto(1, 2.5)").replace("normal(0, 5)", "fixed(0)")
    holds(un.compare_alternatives(loaded(tmp_path, text), samples=2**14).worth["b"].estimate, gained(-1, 3))


def first_sentence(found):
    return alternatives(found).blocks[0].text


def test_a_tie_is_no_win(tmp_path):
    text = STUDY.replace("b + shared - case", "a + shared + case").replace("normal(0, 5)", "fixed(0)")
    found = un.compare_alternatives(loaded(tmp_path, text), samples=2**12)
    assert first_sentence(found) == "“one” and “two” are equal in all draws: none is the lowest."
    assert "By expectation “one” or “two” is chosen" in repr(alternatives(found))
    (pair,) = found.single.differences
    assert (pair.equal.value, pair.better.value) == (1, 0)
    third = text.replace('["one", "two"]', '["one", "two", "fixed"]')
    found = un.compare_alternatives(loaded(tmp_path, third), samples=2**12)
    said = "“one” and “two” are equal in all draws, and the lowest with a probability of 84"
    assert first_sentence(found).startswith(said)
    often = text.replace(
        '"a + shared + case"\n[outputs.fixed]', '"maximum(a, 10[kg]) + shared"\n[outputs.fixed]'
    )
    found = un.compare_alternatives(loaded(tmp_path, often), samples=2**12)
    assert "“one” is the lowest, or equal to another, with" in first_sentence(found)
    holds(found.single.standings["two"].best, 0.5)
    holds(found.single.differences[0].equal, 0.5)
    assert "less is better; equal ones are both the best" in repr(alternatives(found))


def test_a_tie_stays_one_on_average(tmp_path):
    text = """format = 1
[study]
title = "Tie"
headline = "one"
compare = ["one", "two"]
[inputs.applies]
unit = "1"
point = 1
distribution = "bernoulli(0.5)"
[inputs.more]
unit = "kg"
point = 0.1
distribution = "normal(0.05, 0.1)"
[inputs.scale]
unit = "1"
point = 1
distribution = "uniform(0, 2)"
[inputs.case]
unit = "kg"
point = 1
kind = "variability"
distribution = "normal(1, 0.2)"
[outputs.one]
value = "average(minimum(scale * case, case**2 / 1[kg]))"
unit = "kg"
[outputs.two]
value = "average(minimum(scale * case, case**2 / 1[kg])) + applies * more"
unit = "kg"
"""
    # the spread that the net adds is taken from each by itself, and sets apart what is equal
    average = un.compare_alternatives(loaded(tmp_path, text), samples=2**16).average
    holds(average.differences[0].equal, 0.5)
    fewer = norm.cdf(-0.5)
    holds(average.differences[0].better, (1 - fewer) / 2)
    holds(average.standings["one"].best, 1 - fewer / 2)
    holds(average.standings["two"].best, (1 + fewer) / 2)


def test_what_a_net_gets_wrong_of_each_alternative_is_not_the_spread_of_their_difference(tmp_path):
    """Either is an average that the net tells to about 0.02 kg, and beside that they differ by `more`."""
    text = """
format = 1
study = { title = "Two that differ little", headline = "one", compare = ["one", "two"] }
inputs.least = { unit = "1", point = 1, distribution = "uniform(0.5, 3)" }
inputs.more = { unit = "kg", point = 0.01, distribution = "normal(0.01, 0.02)" }
inputs.a = { unit = "kg", point = 1, kind = "variability", distribution = "lognormal(1, 2)" }
inputs.b = { unit = "kg", point = 1, kind = "variability", distribution = "lognormal(1, 2)" }
outputs.one = { unit = "kg", value = "average(where(a > least * 1[kg], a, 0[kg]))" }
outputs.two = { unit = "kg", value = "average(where(b > least * 1[kg], b, 0[kg])) + more" }
"""
    found = un.compare_alternatives(loaded(tmp_path, text), samples=2**18)
    (pair,) = found.average.differences
    holds(pair.better, norm.cdf(0.5))
    holds(pair.spread.middle, -0.01)
    low, high = pair.spread.interval
    assert high - low == pytest.approx(2 * norm.ppf(0.975) * 0.02, rel=0.1)
    assert pair.better.error < 0.08
    # of more cases than the averages themselves would take
    assert found.inner > 256


def test_without_cases_there_is_one_ranking(tmp_path):
    found = un.compare_alternatives(
        loaded(tmp_path, STUDY.replace("normal(0, 5)", "fixed(0)")), samples=2**12
    )
    assert (found.average, found.no_average) == (None, "")
    holds(found.single.standings["one"].best, norm.cdf(1 / math.hypot(2, 3)))


def test_what_was_observed_counts(study):
    found = un.compare_alternatives(study, samples=2**17, observe="meter")
    precision = 2 / 9
    mean, sd = (11 + 10) / 9 / precision, precision**-0.5
    holds(found.single.differences[0].spread.middle, 10 - mean, errors=5)
    holds(found.average.standings["two"].best, norm.cdf((10 - mean) / math.hypot(2, sd)), errors=5)
    holds(found.worth["a"].estimate, gained(10 - mean, 2), errors=5)
    assert found.best_on_average == "one"


def test_alternatives_that_are_equal_on_average_are_both_chosen(tmp_path, found):
    """As noise had it, one of them or the other was chosen by expectation."""
    assert found.as_good == ()
    text = STUDY.replace("normal(11, 3)", "normal(10, 3)")
    for seed in (1, 3):
        equal = un.compare_alternatives(loaded(tmp_path, text), samples=2**14, seed=seed)
        assert {equal.best_on_average, *equal.as_good} == {"one", "two"}
        names = f"“{equal.best_on_average}” or “{equal.as_good[0]}”"
        assert f"By expectation {names} is chosen." in _worth(equal)


def test_every_form_has_the_alternatives(study, found, capsys):
    shown = run_here(capsys, "run", study.file, "--samples", "16384", "--quiet")
    assert "The alternatives side by side" in shown.out
    document = json.loads(run_here(capsys, "run", study.file, "--samples", "16384", "--json").out)
    told = document["results"]["alternatives"]
    assert told["best_on_average"] == "one"
    assert told["inputs"]["b"]["worth"] > 0
    assert told["inputs"]["b"]["worth_error"] > 0
    assert told["average"]["standings"]["one"]["probability_best"] == pytest.approx(0.61, abs=0.02)
    assert list(found.table.columns["of"]) == ["average", "average", "single", "single"]
    assert "EVPPI" in found._repr_html_()
    section = make_section("alternatives", prepare(study, Settings(samples=2**14), sensitivity_samples=64))
    assert "is the lowest on average over the cases with a probability of" in repr(section)


def test_bad_alternatives_are_refused(study):
    with pytest.raises(SettingError, match='two alternatives or more, found "one" alone'):
        un.compare_alternatives(study, outputs=["one"])
    with pytest.raises(SettingError, match='of one unit: "in_grams" is in "g", but "one" is in "kg"'):
        un.compare_alternatives(study, outputs=["one", "in_grams"])
    plain = un.Study.from_function(lambda x: {"y": x}, {"x": "1 to 2"})
    with pytest.raises(SettingError, match=r"names no alternatives; write compare in \[study\]"):
        un.compare_alternatives(plain)


TWO_PARTS = """
format = 1
study = { title = "Two", headline = "one", compare = ["one", "two"] }
inputs.x = { unit = "1", point = 0, distribution = "normal(0, 0.3)" }
inputs.y = { unit = "1", point = 0, distribution = "normal(0, 0.953939)" }
outputs.one = { unit = "1", value = "x + y" }
outputs.two = { unit = "1", value = "0" }
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_parts_of_all_that_knowing_is_worth_are_written_as_surely_as_they_are_known(tmp_path, seed):
    """The best of a normal difference gains its sd over the root of 2 pi: x alone 30 % of what both do."""
    few, many = (
        un.compare_alternatives(loaded(tmp_path, TWO_PARTS), samples=n, seed=seed) for n in (256, 4096)
    )
    rows = [{row[0]: row[2] for row in alternatives(found).blocks[-1].rows} for found in (few, many)]
    low, _, high, _ = rows[0]["x"].split()
    assert int(low) < 30 < int(high)
    assert rows[1] == {"x": "30 %", "y": "95 %"}


RATIOS = """
format = 1
[study]
title = "Cost of a cure"
headline = "a"
compare = ["a", "b"]
[inputs]
cost_a = {{ unit = "1", point = 100, distribution = "lognormal(100, 1.2)" }}
cost_b = {{ unit = "1", point = 200, distribution = "lognormal(200, 1.2)" }}
pa = {{ unit = "1", point = 0.2, distribution = "beta(20, 80)" }}
pb = {{ unit = "1", point = 0.3, distribution = "beta(30, 70)" }}
cured_a = {{ unit = "1", point = 0.2, kind = "variability", distribution = "bernoulli(pa)" }}
cured_b = {{ unit = "1", point = 0.3, kind = "variability", distribution = "bernoulli(pb)" }}
[outputs]
a = {{ value = "cost_a / average(cured_a)", unit = "1", over = "{over}" }}
b = {{ value = "cost_b / average(cured_b)", unit = "1", over = "{over}" }}
"""


def test_ratios_of_averages_are_compared_though_most_cases_have_no_value(load):
    rng = np.random.default_rng(1)
    a, b = (
        median * 1.2 ** rng.normal(size=10**6) / rng.beta(*shapes, 10**6)
        for median, shapes in ((100, (20, 80)), (200, (30, 70)))
    )
    found = un.compare_alternatives(load(RATIOS.format(over="average")), samples=2**16, seed=1)
    best = found.average.standings["a"].best
    assert best.value == pytest.approx(np.mean(a < b), abs=3 * best.error)
    assert found.single is None
    assert "single cases" in found.no_single


def test_single_cases_without_values_are_refused_where_outputs_speak_of_them(load):
    text = RATIOS.format(over="case")
    for name in ("cured_a", "cured_b"):
        text = text.replace(f"average({name})", name)
    with pytest.raises(NonFiniteError):
        un.compare_alternatives(load(text), samples=2**10)
