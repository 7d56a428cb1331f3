"""Averages over the cases, given what nobody knows: closed forms, independent programs and refusals."""

import math
import re

import numpy as np
import pytest
from scipy import stats

import uncertainty as un
from uncertainty import case_statistics
from uncertainty.case_statistics import beyond_above, enough_rows
from uncertainty.distributions import parse_distribution
from uncertainty.over_cases import averages_ratio, case_quantiles, remarks, speaking_of
from uncertainty.sampling import case_stages
from uncertainty.sampling.case_draws import fewest_outer
from uncertainty.sampling.case_model import Measure
from uncertainty.sampling.cases import make_cases
from uncertainty.sampling.nesting import FEWEST_CASES, make_case_model
from uncertainty.sampling.running import Execution
from uncertainty.sampling.workers.engine import make_engine
from uncertainty.settings import Settings
from uncertainty.study.function import PURE_NUMBER
from uncertainty.study.model import Correlation, Input, Output
from uncertainty.study.scenario import scenario

TRIP = """
format = 1
[study]
title = "A trip"
headline = "trip"
counting_units = ["trip"]
[inputs.intensity]
unit = "g/km"
point = 150
distribution = "normal(150, 5)"
[inputs.distance]
unit = "km/trip"
point = 10
kind = "variability"
distribution = "lognormal(mean=10, sd=10)"
[outputs.trip]
value = "VALUE"
unit = "g/trip"
published = 1500
OVER
"""

BEEF = """
format = 1
[study]
title = "A bacterium in beef"
headline = "risk"
[inputs.conc]
unit = "1/g"
point = 10
distribution = "normal(10, 2)"
[inputs.cook]
unit = "1"
point = 0.02
distribution = "discrete(1, 0.2, 0.02, weights=(0.027, 0.373, 0.6))"
kind = "variability"
[inputs.serving]
unit = "g"
point = 48.76
distribution = "gamma(3.93, 12.406947890818859)"
kind = "variability"
[inputs.r]
unit = "1"
point = 0.001
distribution = "uniform(0.0005, 0.0015)"
[outputs.risk]
value = "1 - exp(-r * conc * cook * serving)"
unit = "1"
scale = "log10"
reference = 0.05
"""


def load(tmp_path, text, name="study.toml"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return un.load_study(tmp_path / name)


def trip(tmp_path, value="average(intensity * distance)", over=""):
    return load(tmp_path, TRIP.replace("VALUE", value).replace("OVER", over))


def of_kinds(function, output, correlations=(), **inputs):
    """Return the study of a function of one output; a distribution in a list differs from case to case."""
    known = {}
    for name, given in inputs.items():
        text, kind = (given[0], "variability") if isinstance(given, list) else (given, "uncertainty")
        known[name] = Input(name, PURE_NUMBER, 1.0, parse_distribution(text), kind=kind)
    return un.Study.from_function(function, known, outputs={output.name: output}, correlations=correlations)


def number(**said):
    return Output("y", PURE_NUMBER, None, **said)


def within(found, low, high, errors=3.0):
    """Tell whether an interval's ends are what they should be, within their errors."""
    ends, size = found.interval, found.ends.errors
    return abs(ends[0] - low) < errors * size[0] and abs(ends[1] - high) < errors * size[1]


class TestClosedForms:
    def test_an_average_is_no_single_case(self, tmp_path):
        """The mean distance is exactly 10, so that the average is 10 times a normal intensity."""
        run = un.propagate(trip(tmp_path))
        found = run.outputs["trip"]
        low, high = found.interval()
        assert low == pytest.approx(1402, rel=0.01)
        assert high == pytest.approx(1598, rel=0.01)
        assert found.summary["published_percentile"].value == pytest.approx(50, abs=1)
        assert run.settings.outer * run.settings.inner <= run.settings.samples

    def test_what_an_output_says_of_itself_and_what_its_formula_says_are_one(self, tmp_path):
        runs = [
            un.propagate(trip(tmp_path, *given))
            for given in (
                ["average(intensity * distance)"],
                ["intensity * distance", 'over = "average"'],
                ["intensity * average(distance)"],
                ["average(average(intensity * distance))"],
            )
        ]
        for run in runs[1:]:
            assert run.outputs["trip"].median == pytest.approx(runs[0].outputs["trip"].median, rel=1e-9)
            assert run.outputs["trip"].interval() == pytest.approx(
                runs[0].outputs["trip"].interval(), rel=1e-6
            )

    def test_the_mean_risk_of_a_serving(self, tmp_path):
        """Of 4,096 draws of what nobody knows, each integrated over the servings by quadrature."""
        found = un.cases(load(tmp_path, BEEF))
        rng = np.random.default_rng(3)
        conc, r = rng.normal(10, 2, 20_000), rng.uniform(0.0005, 0.0015, 20_000)
        risk = 1 - sum(
            w * (1 + conc * r * c * 12.406947890818859) ** -3.93
            for c, w in ((1, 0.027), (0.2, 0.373), (0.02, 0.6))
        )
        low, middle, high = np.quantile(risk, [0.025, 0.5, 0.975])
        assert within(found.average, low, high)
        assert abs(found.average.median - middle) < 3 * found.average.middle.error
        assert (low, high) == pytest.approx((0.0231, 0.0821), rel=0.02)

    def test_a_distribution_over_cases_has_a_band(self):
        """Lognormal cases around a lognormal median: every quantile is that median times a constant."""
        study = of_kinds(
            lambda a, v: {"y": a * v},
            number(reference=1.0, scale="log10"),
            a="lognormal(1, 1.5)",
            v=["lognormal(1, 3)"],
        )
        found = un.cases(study, samples=2**17)
        ends = stats.norm.ppf([0.025, 0.5, 0.975]) * math.log(1.5)
        for each in found.quantiles:
            shift = stats.norm.ppf(each.probability) * math.log(3)
            low, middle, high = np.exp(ends + shift)
            assert within(each.spread, low, high, 4)
            assert abs(each.spread.median - middle) < 4 * each.spread.middle.error
        share = stats.norm.cdf(ends / math.log(3))
        assert within(found.share_beyond_reference, share[0], share[2], 4)
        assert found.share_beyond_published is None
        assert found.median_case.median == found.quantiles[2].spread.median

    def test_a_correlation_across_the_kinds_conditions_the_cases(self):
        """Given the unknown score z, the cases are normal around 0.6 z: their average is 0.6 z, sd 0.8."""
        study = of_kinds(
            lambda a, v: {"y": v + 0 * a},
            number(),
            [Correlation(("a", "v"), pearson=0.6)],
            a="normal(0, 1)",
            v=["normal(0, 1)"],
        )
        found = un.cases(study)
        assert within(found.average, -0.6 * 1.96, 0.6 * 1.96)
        assert (
            abs(found.quantiles[4].spread.median - 0.8 * 1.6449) < 4 * found.quantiles[4].spread.middle.error
        )

    def test_what_correlates_with_an_unknown_of_few_values_is_spread_over_each(self):
        """Of a coin, the score is known by its half alone: its half-normal mean is sqrt(2/pi)."""
        study = of_kinds(
            lambda a, v: {"y": v + 0 * a},
            number(),
            [Correlation(("a", "v"), spearman=0.5)],
            a="discrete(0, 1)",
            v=["normal(0, 1)"],
        )
        run = un.propagate(speaking_of(study, "average"), samples=2**17, outer=512, inner=256)
        values = np.unique(np.round(run.outputs["y"].values, 6))
        assert values.size == 2
        # tied ranks of a coin correlate by less than its score does
        r = values[1] / math.sqrt(2 / math.pi)
        assert 0.5 < r < 1
        assert values[0] == pytest.approx(-values[1], abs=1e-3)
        single = un.propagate(study, samples=2**15).outputs["y"]
        assert single.sd == pytest.approx(1, abs=0.01)

    def test_cases_around_an_unknown_mean_average_to_it(self, tmp_path):
        """The mean of the cases is what nobody knows: their average has its distribution."""
        text = (
            BEEF.replace(
                "[inputs.cook]",
                '[inputs.level]\nunit = "1"\npoint = 3\nkind = "variability"\n'
                'distribution = "normal(conc, 1)"\n[inputs.cook]',
            )
            .replace('"1/g"', '"1"')
            .replace("1 - exp(-r * conc * cook * serving)", "level")
            .replace('scale = "log10"', "")
        )
        found = un.cases(load(tmp_path, text))
        assert within(found.average, 10 - 2 * 1.96, 10 + 2 * 1.96)
        assert abs(found.quantiles[4].spread.median - 11.645) < 4 * found.quantiles[4].spread.middle.error

    def test_averages_divide_and_ratios_average(self):
        """Of lognormal quantities: a ratio of averages, an average of ratios and a median case."""
        study = of_kinds(
            lambda a, v, w: {"y": a * v / w},
            number(scale="log10", over="average"),
            a="lognormal(1, 1.2)",
            v=["lognormal(1, 1.5)"],
            w=["lognormal(1, 1.5)"],
        )
        log = math.log(1.5) ** 2
        found = un.propagate(study).outputs["y"]
        assert abs(math.log(found.median) - log) < 6.5 * found.draws.quantile(0.5).error
        case = un.propagate(speaking_of(study, "median")).outputs["y"]
        assert abs(case.median - 1) < 4 * case.draws.quantile(0.5).error


class TestMeaning:
    def test_single_cases_are_drawn_as_ever(self, tmp_path):
        """What speaks of one case has the draws of a study that knows of no kinds, to the bit."""
        single = trip(tmp_path, "intensity * distance")
        plain = load(
            tmp_path,
            TRIP.replace("VALUE", "intensity * distance")
            .replace("OVER", "")
            .replace('kind = "variability"\n', ""),
            "plain.toml",
        )
        one, other = un.propagate(single, samples=40_000, cases=True), un.propagate(plain, samples=40_000)
        np.testing.assert_array_equal(one.outputs["trip"].values, other.outputs["trip"].values)
        assert one.outputs["trip"].cases is not None
        assert other.outputs["trip"].cases is None

    def test_a_study_in_which_nothing_differs_is_drawn_as_ever(self, tmp_path):
        text = TRIP.replace('kind = "variability"\n', "").replace("OVER", "")
        one, other = (
            un.propagate(load(tmp_path, text.replace("VALUE", value)), samples=5000).outputs["trip"]
            for value in ("average(intensity * distance)", "intensity * distance")
        )
        np.testing.assert_array_equal(one.values, other.values)
        assert one.output.over == "average"

    def test_an_average_of_all_that_differs_is_one_number(self):
        """Where nothing is unknown, an average has no interval, and an error of its net."""
        study = of_kinds(lambda v: {"y": v**2}, number(over="average"), v=["uniform(0, 20)"])
        found = un.propagate(study).outputs["y"]
        assert not found.varies
        middle = found.draws.quantile(0.5)
        assert middle.error > 0
        # eight scrambles tell the error: 1 in 10,000 of Student's are beyond
        assert abs(middle.value - 400 / 3) < 6.5 * middle.error

    @pytest.mark.parametrize(
        "value",
        [
            "average(conc * serving - 2 * serving / conc + r)",
            "average(-(serving * cook) * conc) / average(cook)",
            "average(conc * serving / (cook * (1 + r)))",
            "average(where(r > 0.001, serving, cook) * average(cook)) + average(serving)**2",
        ],
    )
    def test_averages_are_the_same_whatever_is_taken_out_of_them(self, tmp_path, value):
        """Of the same cases, the mean of what each case gives, computed by a program of its own."""
        text = BEEF.replace("1 - exp(-r * conc * cook * serving)", value).replace("1/g", "1")
        study = load(tmp_path, text.replace('unit = "g"', 'unit = "1"').replace('scale = "log10"', ""))
        plan = scenario(study)
        model = make_case_model(plan, [Measure("risk", "average")]).on(make_cases(plan, 1024, 1))
        conc, r = np.array([8.0, 10.5, 13.0]), np.array([0.0006, 0.001, 0.0014])
        found = np.empty((1, 3))
        model.run(np.array([conc, r]), found)
        cook, serving = make_cases(plan, 1024, 1).values
        for c, k, own in zip(conc, r, found[0], strict=True):
            x = {"conc": c, "r": k, "cook": cook, "serving": serving, "where": np.where, "average": np.mean}
            assert own == pytest.approx(eval(value, x), rel=0.05)

    def test_threads_change_no_bit(self, tmp_path):
        study = load(tmp_path, BEEF)
        runs = [
            un.propagate(speaking_of(study, "average"), samples=2**15, **how)
            for how in ({"threads": 1}, {"threads": 3})
        ]
        for run in runs[1:]:
            np.testing.assert_array_equal(run.outputs["risk"].values, runs[0].outputs["risk"].values)

    def test_what_is_asked_for_beside_it_changes_no_number(self, tmp_path):
        text = BEEF.replace(
            "[outputs.risk]",
            '[outputs.dose]\nvalue = "conc * serving * cook"\nunit = "1"\nover = "average"\n[outputs.risk]',
        )
        study = load(tmp_path, text)
        one, both = un.propagate(study, outputs=["dose"]), un.propagate(study, cases=True)
        np.testing.assert_array_equal(one.outputs["dose"].values, both.outputs["dose"].values)
        assert both.outputs["dose"].cases is not None
        np.testing.assert_array_equal(
            un.cases(study, output="risk").average.draws.values,
            both.outputs["risk"].cases.average.draws.values,
        )

    def test_an_average_is_the_same_without_the_distribution_over_its_cases(self, tmp_path):
        text = BEEF.replace("[outputs.risk]", '[outputs.risk]\nover = "average"')
        both = [un.propagate(load(tmp_path, text), cases=True, whole=whole) for whole in (True, False)]
        first, second = (run.outputs["risk"] for run in both)
        assert first.cases is not None
        assert second.cases is None
        assert second.ends == first.ends == first.cases.average.ends
        assert second.any_case.ends == first.any_case.ends
        assert both[0].settings == both[1].settings

    def test_what_overrides_an_input_may_say_that_it_differs(self, tmp_path):
        text = TRIP.replace('kind = "variability"\n', "").replace("OVER", "")
        given = '{ distribution = "lognormal(mean=10, sd=10)", kind = "variability" }'
        text = text.replace("VALUE", "average(intensity * distance)")
        study = load(tmp_path, f"{text}\n[readings.cases.inputs]\ndistance = {given}\n")
        wide, narrow = (un.propagate(study, reading=r).outputs["trip"] for r in ("as_published", "cases"))
        assert wide.interval()[1] > 3 * narrow.interval()[1]
        asked = un.propagate(study, overrides={"distance": given})
        assert asked.outputs["trip"].interval() == pytest.approx(narrow.interval(), rel=1e-12)
        assert dict(asked.scenario.overrides) == {"distance": given}

    def test_a_median_case_of_an_even_split_is_the_lower_value(self):
        study = of_kinds(
            lambda a, v: {"y": v + 0 * a},
            number(over="median"),
            a="normal(0, 1)",
            v=["discrete(1, 3)"],
        )
        assert un.propagate(study).outputs["y"].median == 1

    def test_beyond_is_on_the_side_that_the_claim_speaks_of(self):
        shares = {}
        for claim in ("at least", "at most", "about"):
            output = number(reference=1.5, claim=claim)
            study = of_kinds(lambda a, v: {"y": v + 0 * a}, output, a="normal(0, 1)", v=["uniform(0, 2)"])
            shares[claim] = un.cases(study).share_beyond_reference.median
        # the points are 1, which is below
        assert shares == pytest.approx({"at least": 0.25, "at most": 0.75, "about": 0.75}, abs=0.01)


class TestRefusals:
    def test_no_average_is_told_over_cases_at_a_number_that_stands_for_words(self):
        end = number(words={"beyond": "more than a car is ever driven"})
        study = of_kinds(
            lambda a, v: {"y": np.where(v > 0.25, a * v, 10.0)}, end, a="1 to 2", v=["uniform(0, 1)"]
        )
        said = (
            "the average over the cases hangs on the number that stands for “more than a car is ever driven”"
        )
        found = un.cases(study, samples=32768)
        assert found.average == said
        assert found.median_case.median == pytest.approx(math.sqrt(2) * 0.75, rel=0.02)
        # what speaks of the average takes the number as it is
        assert un.cases(speaking_of(study, "average"), samples=32768).average.median == pytest.approx(
            2.5 + math.sqrt(2) * (1 - 0.25**2) / 2, rel=0.02
        )

    @pytest.mark.parametrize("power", [-1, 3, 4])
    def test_an_average_that_does_not_settle_is_refused_and_the_median_case_offered(self, power):
        study = of_kinds(
            lambda a, v: {"y": a * v**power}, number(), a="lognormal(1, 1.2)", v=["lognormal(1, 20)"]
        )
        with pytest.raises(un.NonFiniteError, match=r'outputs\.y.*does not settle.*over = "median"'):
            un.propagate(speaking_of(study, "average"))
        found = un.cases(study)
        assert "does not settle" in found.average
        assert found.median_case.median > 0
        assert un.propagate(speaking_of(study, "median")).outputs["y"].median > 0

    def test_what_speaks_of_an_average_that_does_not_settle_has_a_picture_without_it(self):
        study = of_kinds(lambda a, v: {"y": a / v}, number(), a="lognormal(1, 1.2)", v=["lognormal(1, 20)"])
        found = un.cases(speaking_of(study, "average"))
        assert "does not settle" in found.average
        # of a quotient of lognormal quantities, half lie below the quotient of their medians
        assert found.median_case.interval[0] < 1 < found.median_case.interval[1]

    def test_too_few_samples_are_told_what_they_lack(self, tmp_path):
        with pytest.raises(un.SettingError, match=r"at least 16384 model rows.*found 1000"):
            un.cases(load(tmp_path, BEEF), samples=1000)

    def test_what_needs_both_kinds_says_which_is_missing(self, tmp_path):
        text = BEEF.replace('kind = "variability"\n', "")
        said = "cases: a distribution over cases, with what nobody knows of it, needs inputs of both kinds"
        with pytest.raises(
            un.SettingError, match=f'{said} that vary; in "[a-z_]+" none of kind "variability" does$'
        ):
            un.cases(load(tmp_path, text))
        with pytest.raises(un.SettingError, match='none of kind "uncertainty"'):
            un.cases(load(tmp_path, BEEF), overrides={"conc": 10, "r": 0.001})

    def test_what_nobody_knows_has_no_parameter_that_differs(self, tmp_path):
        text = BEEF.replace('"normal(10, 2)"', '"normal(10 * cook, 2)"').replace('"1/g"', '"1"')
        text = text.replace('unit = "g"', 'unit = "1"')
        with pytest.raises(
            un.StudyError, match=r"inputs\.conc\.distribution: follows from .cook., which differs"
        ):
            load(tmp_path, text)

    @pytest.mark.parametrize("over", ["case", "median"])
    def test_a_formula_with_averages_speaks_of_the_average(self, tmp_path, over):
        with pytest.raises(un.StudyError, match=r"outputs\.trip\.over: expected \"average\""):
            trip(tmp_path, over=f'over = "{over}"')

    def test_a_case_without_a_value_is_refused(self, tmp_path):
        study = trip(tmp_path, "average(intensity * distance * sqrt(distance / 1[km/trip] - 1))")
        with pytest.raises(un.NonFiniteError, match=r"outputs\.trip.*in some case"):
            un.propagate(study)

    @pytest.mark.parametrize("given", [{"outer": 512}, {"inner": 512}, {"outer": 512, "inner": 100}])
    def test_numbers_of_draws_and_cases_go_together(self, tmp_path, given):
        with pytest.raises(un.SettingError, match=r"outer|inner"):
            un.cases(load(tmp_path, BEEF), **given)


class TestCheck:
    def test_a_name_is_free_for_a_quantity(self, tmp_path):
        study = load(tmp_path, BEEF.replace("cook", "average"))
        assert "average" in study.inputs

    def test_averages_of_what_does_not_differ_and_of_ratios_are_spoken_of(self, tmp_path):
        from uncertainty.over_cases import remarks

        assert remarks(trip(tmp_path)) == ()
        assert "Nothing differs" in remarks(trip(tmp_path, "average(intensity) * distance"))[0]
        ratio = load(
            tmp_path,
            BEEF.replace("1 - exp(-r * conc * cook * serving)", "r * conc * serving / cook").replace(
                "scale =", 'over = "average"\nscale ='
            ),
        )
        assert "average of a ratio" in remarks(ratio)[0]
        # only what is divided by differs: a mean time for a page is asked of nobody
        assert remarks(trip(tmp_path, "intensity * 100[km**2/trip**2] / distance")) == ()


LINKED = """
format = 1
[study]
title = "Two causes"
headline = "y"
[inputs.u]
unit = "1"
point = 1
distribution = "0.5 to 2"
[inputs.v]
unit = "1"
point = 1
distribution = "0.5 to 2"
[inputs.w]
unit = "1"
point = 1
distribution = "0.5 to 2"
kind = "variability"
[inputs.x]
unit = "1"
point = 1
distribution = "uniform(1, 3)"
kind = "variability"
[outputs.y]
value = "average(x) * u"
unit = "1"
[outputs.z]
value = "average(w) * v"
unit = "1"
[[correlations]]
inputs = ["v", "w"]
spearman = 0.7
"""


def test_what_is_linked_elsewhere_asks_nothing_of_an_output(tmp_path):
    from uncertainty.challenges.response import make_response
    from uncertainty.sampling.nesting import over_unknown
    from uncertainty.study.scenario import scenario

    plan = over_unknown(scenario(load(tmp_path, LINKED)), ["y"], 1)
    response = make_response(plan, "y")
    assert response.inputs == ("u",)
    assert response(np.array([[1.0, 2.0]])) == pytest.approx([2, 4], rel=1e-3)


def test_advice_on_too_few_draws_counts_their_cases():
    from uncertainty.sampling.statistics import Draws

    plain, nested = (Draws(np.arange(1000.0), rows=rows).share_within(998, 999).reason for rows in (1, 64))
    wanted = [int(re.search(r"--samples (\d+)", reason)[1]) for reason in (plain, nested)]
    assert wanted[1] == 64 * wanted[0]


TIED = """
format = 1
[study]
title = "Two inputs that follow from one that nobody knows"
headline = "first"
[outputs.first]
value = "average(zebra)"
unit = "1"
over = "average"
[outputs.second]
value = "average(ant)"
unit = "1"
over = "average"
[outputs.both]
value = "average(zebra * ant)"
unit = "1"
over = "average"
[inputs.zebra]
unit = "1"
point = 1
distribution = "normal(1, 0.1)"
kind = "variability"
basis = "assumption"
source = "a test"
[inputs.ant]
unit = "1"
point = 100
distribution = "normal(100, 10)"
kind = "variability"
basis = "assumption"
source = "a test"
[inputs.known]
unit = "1"
point = 5
distribution = "normal(5, 1)"
basis = "assumption"
source = "a test"
[[correlations]]
inputs = ["zebra", "known"]
pearson = 0.6
basis = "assumption"
source = "a test"
[[correlations]]
inputs = ["ant", "known"]
pearson = 0.5
basis = "assumption"
source = "a test"
"""


def test_what_follows_from_an_unknown_keeps_its_own_column(write_study):
    found = un.propagate(un.load_study(write_study(TIED)), samples=2**15).outputs
    assert found["first"].median == pytest.approx(1, abs=0.01)
    assert found["second"].median == pytest.approx(100, abs=1)
    # given the unknown's score z, means are 1 + 0.06 z and 100 + 5 z
    assert found["first"].draws.sd.value == pytest.approx(0.06, rel=0.05)
    assert found["second"].draws.sd.value == pytest.approx(5, rel=0.05)
    # and independent beside it, but for the covariance that is left
    assert found["both"].median == pytest.approx(100 - 0.3, abs=1.5)


def test_an_average_that_no_case_moves_is_the_value_itself(write_study):
    text = TIED.replace('"average(zebra)"', '"average(where(2 > 1, 3, zebra))"')
    found = un.propagate(un.load_study(write_study(text)), samples=2**15, outputs=["first", "second"])
    assert found.outputs["first"].median == 3


def test_averages_that_are_kept_are_those_of_a_run_of_its_own(write_study):
    study = un.load_study(write_study(TIED))

    def draws(**overrides):
        found = un.propagate(study, outputs="both", samples=2**15, overrides=overrides)
        return found.outputs["both"].draws.values

    first = draws(known="normal(5, 2)")
    draws(), draws(zebra="normal(2, 0.1)")
    assert np.array_equal(draws(known="normal(5, 2)"), first)
    case_stages._kept.cache_clear()
    assert np.array_equal(draws(known="normal(5, 2)"), first)


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        (np.empty((0, 5)), 1),
        (np.empty((2, 0)), 0),
        (np.full((3, 7), np.nan), 1),
        (np.array([[0.0, -0.0, 0.0]]), 2),
        (np.array([[1.0, 2.0, 1.0], [4.0, 4.0, 5.0]]), 3),
        (np.array([[1.0, 2.0, 1.0], [4.0, 5.0, 4.0]]), 2),
    ],
)
def test_draws_that_read_the_same_are_told_from_others_by_their_digits(rows, count):
    first, again = case_stages._distinct(rows)
    assert len(first) == count
    assert rows[:, first][:, again].tobytes() == rows.tobytes()


def test_an_average_among_others_is_found_once_for_all_who_ask_for_it(write_study, monkeypatch):
    text = TIED.replace('"average(zebra)"', '"average(maximum(zebra, known))"')
    study = un.load_study(write_study(text))
    computed = []

    def count(stage, rows, *given, **named):
        computed.append((stage._cases.size, len(rows)))
        return values(stage, rows, *given, **named)

    values = case_stages.NetStage._values
    monkeypatch.setattr(case_stages.NetStage, "_values", count)
    case_stages._kept.cache_clear()

    def draws(*outputs):
        computed.clear()
        found = un.propagate(study, outputs=outputs, samples=2**15, threads=1)
        return [found.outputs[name].draws.values for name in outputs]

    first, both = draws("first", "both")
    alone = draws("second", "first", "both")
    # of what is averaged over as many cases only what is new is computed
    assert {rows for _, rows in computed} == {1}
    assert np.array_equal(alone[1], first)
    assert np.array_equal(alone[2], both)


@pytest.mark.parametrize(("claim", "sign"), [("at least", 1), ("at most", -1)])
def test_the_share_of_cases_beyond_the_published_figure_has_its_closed_form(tmp_path, claim, sign):
    study = load(
        tmp_path,
        f"""
        format = 1
        [study]
        title = "t"
        headline = "y"
        [inputs.a]
        unit = "kg"
        point = 0
        distribution = "normal(0, 0.5)"
        [inputs.v]
        unit = "kg"
        point = 0
        distribution = "normal(0, 1)"
        kind = "variability"
        [outputs.y]
        unit = "kg"
        value = "a + v"
        published = 1.0
        reference = 2
        claim = "{claim}"
        """,
    )
    found = un.cases(study, samples=2**15)
    assert found.above == (claim == "at least")
    assert found.output.name == "y"
    assert found.sizes.outer * found.sizes.inner == 2**15
    for limit, shares in ((1, found.share_beyond_published), (2, found.share_beyond_reference)):
        low, high = sorted(stats.norm.cdf(sign * (np.array([-0.98, 0.98]) - limit)))
        assert within(shares, low, high)
        assert abs(shares.median - stats.norm.cdf(-sign * limit)) < 3 * shares.middle.error


def test_a_median_case_has_draws_of_its_own_and_its_picture_has_no_sizes_of_an_average(tmp_path):
    done = []
    study = speaking_of(trip(tmp_path, "intensity * distance"), "median")
    found = un.cases(study, samples=2**14, progress=lambda made, of: done.append(made / of))
    assert found.average_sizes is None
    assert found.sizes.outer * found.sizes.inner == 2**14
    # what speaks of the median case, and the picture
    assert done.count(1) == 2


def test_cases_are_drawn_by_the_engine_that_is_asked_for(tmp_path, monkeypatch):
    asked = []

    def made(threads, engine, scheduler, *, turns):
        asked.append((threads, engine, scheduler, turns))
        return make_engine(1, "threads", None, turns=turns)

    monkeypatch.setattr(case_statistics, "make_engine", made)
    study = trip(tmp_path, "intensity * distance")
    un.cases(study, samples=2**14, threads=3, engine="dask", scheduler="tcp://here:1")
    assert asked == [(3, "dask", "tcp://here:1", study.turns)]


def test_a_refusal_names_the_file_of_an_average_that_does_not_settle(tmp_path):
    text = TRIP.replace("lognormal(mean=10, sd=10)", "lognormal(1, 20)").replace("OVER", 'over = "average"')
    study = load(tmp_path, text.replace("VALUE", "intensity / distance").replace("g/trip", "g*trip/km^2"))
    with pytest.raises(un.NonFiniteError) as refused:
        un.propagate(study, samples=2**15)
    assert str(refused.value).startswith(f"{study.file}: outputs.trip: the average of")


def test_an_average_has_draws_and_a_picture_cases_and_both_tell_one_average(tmp_path):
    """A picture of the cases leaves an average fewer draws, and so had it a larger error."""
    study = trip(tmp_path, "intensity * distance", 'over = "average"')
    settings = Settings(samples=2**16, seed=3)
    run, alone = (un.propagate(study, settings=settings, cases=cases) for cases in (True, False))
    found = un.cases(study, settings=settings)
    assert run.settings.outer > found.sizes.outer
    assert run.settings.inner < found.sizes.inner
    assert found.average_sizes == (run.settings.outer, run.settings.inner)
    assert np.array_equal(found.average.draws.values, run.outputs["trip"].values)
    assert np.array_equal(alone.outputs["trip"].values, run.outputs["trip"].values)


def test_cases_take_exactly_so_many_rows_at_least():
    least = fewest_outer(0.95) * FEWEST_CASES
    assert enough_rows(Settings(samples=least))
    assert not enough_rows(Settings(samples=least - 1))


SAME = "Nothing differs from case to case in {}: the average is the value itself."
RATIO = (
    '"trip" is the average of a ratio of things that differ from case to case. If the publication divides an '
    "average by another, write average(…) / average(…); if it averages ratios, leave it so."
)


@pytest.mark.parametrize(
    ("value", "over", "unit", "said"),
    [
        ("average(intensity * distance)", "", "g/trip", None),
        ("average(intensity) * average(distance)", "", "g/trip", SAME.format("average(intensity)")),
        (
            "average(intensity + intensity) + average(intensity)",
            "",
            "g/km",
            SAME.format("average(intensity + intensity), average(intensity)"),
        ),
        ("intensity * distance", "average", "g/trip", None),
        ("intensity", "average", "g/km", SAME.format("trip")),
        ("intensity / distance", "average", "g*trip/km^2", None),
        ("distance / intensity", "average", "km^2/g/trip", None),
        ("intensity * distance / distance", "average", "g/km", RATIO),
        ("-(2 * (distance / distance))", "average", "1", RATIO),
        ("distance / distance + 1", "average", "1", None),
        ("average(distance) / average(distance)", "average", "1", None),
        ("distance / distance", "median", "1", None),
        ("distance / distance", "", "1", None),
    ],
)
def test_averages_that_average_nothing_or_ratios_are_asked_about(tmp_path, value, over, unit, said):
    text = TRIP.replace("VALUE", value).replace("OVER", f'over = "{over}"' if over else "")
    study = load(tmp_path, text.replace('unit = "g/trip"', f'unit = "{unit}"'))
    assert remarks(study) == ((said,) if said else ())
    assert averages_ratio(scenario(study), list(study.outputs)) == (["trip"] if said == RATIO else [])
    assert averages_ratio(scenario(study), []) == []


def test_an_average_averages_nothing_only_where_it_does_so_in_every_reading(tmp_path):
    """In each reading other inputs differ from case to case; where all differ somewhere nothing is said."""
    kinds = {True: "variability", False: "uncertainty"}

    def said(*readings):
        text = TRIP.replace("VALUE", "average(intensity) / 1[g/km] + average(distance) / 1[km/trip]")
        text = text.replace("OVER", "").replace('unit = "g/trip"', 'unit = "1"')
        for n, (intensity, distance) in enumerate(readings):
            text += f"\n[readings.r{n}.inputs]\n"
            for name, differs in (("intensity", intensity), ("distance", distance)):
                text += f'{name} = {{ distribution = "5 to 20", kind = "{kinds[differs]}" }}\n'
        return remarks(load(tmp_path, text))

    # as published the distance differs
    alone = (SAME.format("average(intensity)"),)
    assert said() == said((False, False)) == said((False, True)) == alone
    assert said((True, False)) == said((True, True)) == said((True, False), (False, False)) == ()


def test_a_distribution_over_cases_has_the_quantiles_that_are_asked_for(tmp_path):
    study = trip(tmp_path, "intensity * distance")
    settings = Settings(samples=2**14)
    found = case_quantiles(study, "trip", settings, Execution(), probabilities=(0.1, 0.9))
    assert [each.probability for each in found.quantiles] == [0.1, 0.9]
    # the logarithm of a distance has the sd that its mean and sd of 10 have
    log_sd = math.sqrt(math.log(2))
    middle = math.log(150 * 10) - log_sd**2 / 2
    for each in found.quantiles:
        wanted = math.exp(middle + stats.norm.ppf(each.probability) * log_sd)
        assert abs(each.spread.median - wanted) < 4 * each.spread.middle.error


@pytest.mark.parametrize(
    ("said", "point", "above"),
    [
        ({"claim": "at least"}, 0.0, True),
        ({"claim": "at most"}, 9.0, False),
        ({"claim": "about", "reference": 2.0}, 2.0, True),
        ({"claim": "about", "reference": 2.0}, 1.9, False),
        ({"claim": "about", "reference": 2.0}, 2.1, True),
    ],
)
def test_what_is_beyond_lies_on_the_claim_s_side(said, point, above):
    assert beyond_above(number(**said), point) is above


def test_a_study_speaks_of_what_is_asked(tmp_path):
    study = trip(tmp_path, "intensity * distance")
    assert [speaking_of(study, over).outputs["trip"].over for over in ("average", "median", "case")] == [
        "average", "median", "case",
    ]  # fmt: skip
    assert study.outputs["trip"].over == "case"


def test_the_mean_of_a_median_case_that_is_a_count_has_an_error_that_reaches_it(write_study):
    """The median of a binomial count given its chance, over the chances: 7.9657."""
    study = un.load_study(
        write_study(
            """
            format = 1
            [study]
            title = "Median of a count"
            headline = "count"
            [inputs]
            chance = { unit = "1", distribution = "beta(20, 30)" }
            [inputs.count]
            unit = "1"
            point = 8
            kind = "variability"
            distribution = "binomial(20, chance)"
            [outputs.count]
            unit = "1"
            over = "median"
            """
        )
    )
    chances = stats.beta(20, 30).ppf((np.arange(20000) + 0.5) / 20000)
    exact = stats.binom.median(20, chances).mean()
    for seed in (1, 24, 32):
        mean = un.propagate(study, seed=seed).outputs["count"].draws.mean
        assert abs(mean.value - exact) <= 3.5 * mean.error


class TestJumps:
    """A median case that jumps from w to 10 w where u exceeds a half, in a quarter of the draws."""

    STUDY = """
format = 1
[study]
title = "A jump"
headline = "y"
[inputs.u]
unit = "1"
point = 0.3
distribution = "uniform(0.2, 0.6)"
[inputs.w]
unit = "1"
point = 1
distribution = "uniform(1, 1.1)"
[inputs.v]
unit = "1"
point = 0.5
kind = "variability"
distribution = "uniform(0, 1)"
[outputs.y]
value = "where(v < u, 10 * w, w)"
unit = "1"
over = "median"
"""

    @pytest.mark.parametrize("seed", [3, 8, 16])
    @pytest.mark.parametrize("design", ["sobol", "random"])
    def test_draws_far_from_the_jump_stay_where_they_are(self, load, seed, design):
        found = un.propagate(load(self.STUDY), seed=seed, design=design).outputs["y"]
        middle, (low, high) = found.summary["median"], found.ends
        # three quarters of the draws are spread evenly from 1 to 1.1, and the others from 10 to 11
        for end, right in ((low, 1 + 0.1 * 0.025 / 0.75), (middle, 1 + 0.1 * 0.5 / 0.75), (high, 10.9)):
            assert abs(end.value - right) < 3.5 * end.error
        assert low.error < 0.01
        assert middle.error < 0.02

    @pytest.mark.parametrize("seed", [1, 9, 19])
    def test_a_share_beyond_the_jump_is_as_unsure_as_the_place_of_the_jump(self, load, seed):
        found = un.propagate(load(self.STUDY), seed=seed).outputs["y"].draws.share_at_least(5.0)
        assert abs(found.value - 0.25) < 3.6 * found.error
        assert found.error < 0.1
