"""A headline never stands alone."""

import os
from dataclasses import replace
from textwrap import dedent

import pytest

import uncertainty as un
from uncertainty import propagation
from uncertainty.challenges.verdict import judge
from uncertainty.leading import fewest
from uncertainty.over_cases import speaking_of
from uncertainty.pages.roles import role
from uncertainty.readings import compare_readings
from uncertainty.sampling.estimate import Estimate
from uncertainty.sampling.running import Execution
from uncertainty.settings import Settings
from uncertainty.study.reach import changes


@pytest.fixture
def compared(tmp_path):
    """Compare readings of one input, given its distribution in each, and what is claimed of it."""

    def compare(claim, **readings):
        own = readings.pop("own", "8 to 12")
        lines = [
            'format = 1\n[study]\ntitle = "t"\nheadline = "y"',
            f'[inputs]\nx = {{ unit = "1", point = 10, distribution = "{own}" }}',
            'z = { unit = "1", point = 1, distribution = "0.5 to 2" }',
            f'[outputs.y]\nvalue = "x"\nunit = "1"\nscale = "log10"\n{dedent(claim)}',
        ]
        for name, value in readings.items():
            preferred = "\npreferred = true" if name == "preferred" else ""
            lines.append(f"[readings.{name}]\ninputs = {{ {value} }}{preferred}")
        path = tmp_path / "study.toml"
        path.write_text("\n".join(lines), encoding="utf-8")
        return compare_readings(un.load_study(path), samples=1024)

    return compare


LOW, MIDDLE, HIGH = 'x = "1 to 3"', 'x = "4 to 6"', 'x = "90 to 99"'


@pytest.mark.parametrize(
    ("claim", "worst", "best"),
    [
        ("published = 5\nclaim = 'at least'", "low", "high"),
        ("published = 5\nclaim = 'at most'", "high", "low"),
        ("published = 95\nclaim = 'about'", "low", "high"),
        ("published = 2\nclaim = 'about'", "high", "low"),
        ("published = 60\nreference = 4\nclaim = 'about'", "low", "high"),
        ("published = 2\nreference = 7\nclaim = 'about'", "high", "low"),
    ],
)
def test_the_least_favourable_reading_has_the_fewest_cases_on_the_claims_side(compared, claim, worst, best):
    found = compared(claim, low=LOW, middle=MIDDLE, high=HIGH)
    assert (found.leading[0], found.leading[-1]) == ("as_published", worst)
    assert found.least_favourable == worst
    assert len(found.leading) == 3
    named = "the least favourable to the claim", "the most favourable to the claim"
    if "about" in claim and "reference" not in claim:  # which fails above the figure and below it
        named = "the farthest from the figure", "the nearest to the figure"
    assert (role(found, worst), role(found, best)) == named


def test_shares_that_agree_are_ties_that_the_median_breaks_and_then_the_order(compared):
    """Every draw of all three is above 1, so that the medians decide, and equal ones the study's order."""
    claim = "published = 5\nreference = 1\nclaim = 'at least'"
    assert compared(claim, low='x = "3 to 4"', middle=MIDDLE, high=HIGH).least_favourable == "low"
    assert compared(claim, high=HIGH, first=MIDDLE, second=MIDDLE).least_favourable == "first"


def test_a_reading_with_a_lower_median_is_more_favourable_where_more_cases_hold(compared):
    """The narrow reading has the lower median, and hardly a case below the reference; the wide one many."""
    claim = "published = 9\nreference = 5\nclaim = 'at least'"
    found = compared(claim, narrow='x = "6 to 7"', wide='x = "1 to 90"')
    assert found.least_favourable == "wide"
    assert found.medians["narrow"] < found.medians["wide"]


def test_a_reading_that_favours_the_claim_is_not_called_the_least_favourable(compared):
    found = compared("published = 10\nclaim = 'at least'", friend=HIGH)
    assert found.leading == ("as_published", "friend")
    assert (found.least_favourable, role(found, "friend")) == ("", "the most favourable to the claim")


def test_readings_that_change_nothing_or_do_not_vary_are_not_the_least_favourable(compared):
    found = compared("published = 10\nclaim = 'at least'", other='z = "1 to 3"', fixed="x = 0.1", low=MIDDLE)
    assert found.reaching == ("fixed", "low")
    assert found.least_favourable == "low"
    assert "other" not in found.leading


def test_a_reading_that_makes_the_figure_as_another_does_repeats_it(compared):
    claim, other = "published = 10\nclaim = 'at least'", f'{MIDDLE}, z = "1 to 3"'
    found = compared(claim, low=LOW, middle=MIDDLE, again=other, same='x = "8 to 12"')
    assert found.repeated == {"again": "middle", "same": "as_published"}
    told = judge(found, un.reproduce(found.study)).readings["again"].sentence
    assert told == "For this figure the same as “Middle”: what else this reading changes does not reach it."


@pytest.mark.slow
def test_a_reading_that_fixes_what_is_fixed_at_the_same_value_changes_nothing():
    """A number, a member and a distribution of one value are spellings of one constant."""
    study = un.load_study("ai-vs-human")
    for text in ("as_printed", "one_of(as_printed=2)"):
        plan = Settings(overrides={"footprint_account": text}).scenario(study)
        assert not changes(plan, Settings().scenario(study), study.outputs[study.headline])


def test_the_preferred_reading_may_be_the_least_favourable_too(compared):
    found = compared("published = 10\nclaim = 'at least'", preferred=LOW, middle=MIDDLE)
    assert found.leading == ("as_published", "preferred", "middle")
    assert role(found, "preferred") == "the preferred one and the least favourable to the claim"
    assert role(found, "middle") == "another one"


def test_where_nothing_is_claimed_the_lowest_and_the_highest_lead(compared):
    found = compared("", low=LOW, middle=MIDDLE, high=HIGH)
    assert [role(found, name) for name in found.leading[1:]] == ["the highest", "the lowest"]


SIZES = """format = 1
[study]
title = "t"
headline = "y"
[inputs.size]
unit = "1"
point = 10
kind = "variability"
distribution = "lognormal(mean=10, sd=1)"
[inputs.level]
unit = "1"
point = 1
distribution = "0.9 to 1.1"
[outputs.y]
value = "size * level"
unit = "1"
reference = 5
over = "average"
"""


def test_single_cases_decide_which_reading_is_the_least_favourable_of_an_average(tmp_path):
    """Averages are 10, 11 and 12; but many cases of "wide", whose average is the highest, are below 5."""
    path = tmp_path / "study.toml"
    wanted = """published = 10
claim = "at least"
[readings.narrow]
inputs = { size = "lognormal(mean=11, sd=1)" }
[readings.wide]
inputs = { size = "lognormal(mean=12, sd=24)" }
"""
    path.write_text(SIZES + wanted, encoding="utf-8")
    found = compare_readings(un.load_study(path), samples=2**14)
    assert found.least_favourable == "wide"
    assert found.medians["wide"] > found.medians["narrow"] > found.medians["as_published"]
    told = found.conclusion
    assert told.direction.least.share.value > 0.99
    assert told.one_case.least.reading == "wide"
    assert told.one_case.least.share.value < 0.75


@pytest.mark.parametrize(
    ("one", "other", "decides"),
    [
        ("1 to 1.1", "10 to 11", True),
        ("1 to 4", "3 to 12", False),  # half of the variance lies between them, but each is as wide
        ("1 to 100", "20 to 2000", False),
    ],
)
def test_the_convention_decides_where_readings_are_apart_by_both_tests(compared, one, other, decides):
    found = compared("published = 5\nreference = 1\nclaim = 'at least'", own=one, other=f'x = "{other}"')
    assert found.convention_decides is decides


def test_readings_share_their_random_numbers(small):
    found = un.compare_readings(small, samples=1024)
    assert found.leading == ("as_published", "carpool")
    assert not found.convention_decides
    assert found.medians["carpool"] == pytest.approx(found.medians["as_published"] / 2, rel=0.15)


def test_readings_save_nothing_and_share_the_memory(small, tmp_path, monkeypatch):
    asked, propagate = [], propagation.propagate

    def recorded(*arguments, execution, **options):
        asked.append(execution)
        return propagate(*arguments, execution=execution, **options)

    monkeypatch.setattr(propagation, "propagate", recorded)
    how = Execution(block_rows=7, save=tmp_path / "draws.parquet", memory=2**24)
    found = compare_readings(small, samples=64, execution=how)
    each = replace(how, save=None, memory=2**24 // len(found.runs))
    assert asked == [each] * len(found.runs)


@pytest.mark.slow
def test_the_flagships_convention_decides_more_than_its_data(single_cases):
    found = un.compare_readings(single_cases, samples=2048)
    assert len(found.leading) == 3
    assert found.leading[:2] == ("as_published", single_cases.preferred_reading)
    assert found.least_favourable == found.leading[2]
    assert found.convention_decides


def test_a_share_that_draws_do_not_tell_is_not_the_least():
    shares = {
        "untold": Estimate(0.8, 0.99, bounds=(0.0, 1.0)),
        "least": Estimate(0.1, 0.02),
        "more": Estimate(0.7, 0.02),
    }
    assert fewest(shares) == ["least"]
    assert fewest(shares, -1) == ["more"]
    assert fewest({"untold": shares["untold"]}) == ["untold"]


def test_no_reading_is_called_least_favourable_beside_a_median_that_speaks_less_against_the_claim(compared):
    claim = "published = 9\nreference = 5\nclaim = 'at least'"
    found = compared(claim, narrow='x = "6 to 7"', wide='x = "1 to 90"')
    assert (found.least_favourable, role(found, "wide")) == ("wide", "another one")
    fixed = compared("published = 10\nclaim = 'at least'", fixed="x = 0.1", low=MIDDLE)
    assert (fixed.least_favourable, role(fixed, "low")) == ("low", "another one")


def test_any_one_case_is_told_of_only_where_cases_differ_under_a_reading_that_is_told_of(tmp_path):
    """Where nothing differs, the average would be told a second time as that of any one case."""

    def told(own, other):
        path = tmp_path / "study.toml"
        path.write_text(
            f"""format = 1
            [study]
            title = "t"
            headline = "y"
            [inputs.level]
            unit = "1"
            point = 2
            distribution = "0.5 to 4"
            [inputs.size]
            unit = "1"
            point = 1
            kind = "variability"
            distribution = "lognormal(mean=1, sd=1)"
            [outputs.y]
            value = "level * share"
            unit = "1"
            published = 2
            reference = 1
            over = "average"
            [equations]
            share = "{own}"
            [choices.cases]
            question = "Do cases differ?"
            [choices.cases.options]
            no = {{ label = "as published" }}
            yes = {{ label = "otherwise", equations = {{ share = "{other}" }} }}
            [readings.other]
            choices = {{ cases = "yes" }}
            """,
            encoding="utf-8",
        )
        return compare_readings(un.load_study(path), samples=2**14).conclusion

    assert told("1", "2").one_case is None
    assert told("1", "size").one_case is not None
    assert told("size", "1").one_case.own.share.value < told("size", "1").direction.own.share.value
    # of any one case only readings in which cases differ are named
    for own, other, name in (("1", "size", "other"), ("size", "1", "as_published")):
        found = told(own, other).one_case
        assert (found.readings, found.least.reading, found.greatest.reading) == (1, name, name)
        assert not told(own, other).differs_everywhere
    assert told("size", "2 * size").one_case.readings == 2
    assert told("size", "2 * size").differs_everywhere


def test_something_else_is_done_first_by_this_process(compared, tmp_path):
    alone = compared("reference = 1", low=LOW, high=HIGH)
    study, done = un.load_study(tmp_path / "study.toml"), []
    found = compare_readings(study, samples=1024, beside=lambda: done.append(os.getpid()))
    assert done == [os.getpid()]
    assert found.medians == alone.medians

    def refused():
        raise un.SettingError("what is done beside them")

    with pytest.raises(un.SettingError, match="what is done beside them"):
        compare_readings(study, samples=1024, beside=refused)


def test_what_is_refused_of_averages_is_told_before_what_is_refused_of_single_cases(tmp_path):
    """With size 0 in some cases 1/size has no average, and is infinite in single cases."""
    path = tmp_path / "study.toml"
    text = SIZES.replace('"size * level"', '"level / size"').replace(
        '"lognormal(mean=10, sd=1)"', '"discrete(0, 10)"'
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(un.NonFiniteError, match="in some case"):
        compare_readings(un.load_study(path), samples=2**14, threads=1)


REPEATED = """
format = 1
[study]
title = "What goes along"
headline = "y"
[inputs]
n = { unit = "1", point = 2, distribution = "lognormal(2, 1.5)" }
m = { unit = "1", point = 2, distribution = "lognormal(2, 1.5)" }
q = { unit = "1", point = 1, kind = "variability", distribution = "gamma(mean=1, sd=0.5)" }
[[correlations]]
inputs = ["n", "q"]
spearman = 0.5
note = "They go together."
[readings.less]
label = "Less"
inputs.m = 1
[readings.fixed]
label = "One n"
inputs.n = 2
[readings.moved]
label = "Another point"
inputs.m = { point = 3, distribution = "lognormal(2, 1.5)" }
[outputs.y]
unit = "1"
value = "q ** 0.5"
reference = 1
over = "average"
[outputs.z]
unit = "1"
value = "q ** 0.5 - m"
reference = 0
over = "average"
"""


def test_what_an_earlier_reading_draws_alike_is_found_once_and_is_each_readings_own(tmp_path):
    (tmp_path / "y.toml").write_text(REPEATED, encoding="utf-8")
    study = un.load_study(tmp_path / "y.toml")
    runs = un.compare_readings(study, samples=2**14, threads=1).runs
    for reading, run in runs.items():
        alone = un.propagate(study, outputs=["y", "z"], reading=reading, samples=2**14, cases=False)
        single = un.propagate(
            speaking_of(study, "case"), outputs=["y"], reading=reading, samples=2**14, cases=False
        )
        assert (run.scenario.reading, run.settings.reading) == (reading, reading)
        for found, own in (
            (run.outputs["y"].any_case, single.outputs["y"]),
            *((run.outputs[name], alone.outputs[name]) for name in ("y", "z")),
        ):
            assert (found.point, found.draws.quantile(0.9)) == (own.point, own.draws.quantile(0.9))
            assert (found.values == own.values).all()
    first = runs["as_published"].outputs
    # without n, which it goes together with, q is the same in all draws of what nobody knows
    shared = {reading: run.outputs["y"].draws is first["y"].draws for reading, run in runs.items()}
    assert shared == {"as_published": True, "less": True, "fixed": False, "moved": True}
    assert not any(run.outputs["z"].draws is first["z"].draws for run in list(runs.values())[1:])


def test_a_reading_whose_averages_an_earlier_one_found_tells_how_many_cases_they_have(tmp_path):
    text = REPEATED.replace('value = "q ** 0.5 - m"', 'value = "m"')
    (tmp_path / "y.toml").write_text(text, encoding="utf-8")
    runs = un.compare_readings(un.load_study(tmp_path / "y.toml"), samples=2**14, threads=1).runs
    assert {name: bool(run.nested) for name, run in runs.items()} == dict.fromkeys(runs, True)
    sizes = {(run.settings.outer, run.settings.inner) for run in runs.values()}
    assert len(sizes) == 1
    assert None not in sizes.pop()
