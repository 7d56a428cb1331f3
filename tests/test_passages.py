"""A passage to print says who published what, what is found, how sure that is, and what was read."""

import re
from dataclasses import replace

import numpy as np
import pytest

import uncertainty as un
from uncertainty.calibrated_sentences import first_sentences
from uncertainty.passages import LONGEST, SHORT, Deciding

STUDY = """format = 1
[study]
title = "{title}"
headline = "ratio"
date = 2026-11-28
source = "@roe"
{study}
[sources]
roe = {{ title = "Two kettles", authors = ["Roe, R."], year = 2020, doi = "10.1000/x", seen = "abstract" }}
doe = {{ title = "A leaflet", authors = ["Doe, J.", "Kettle Board"], year = 2019, seen = "full text" }}
[inputs.gas]
unit = "kWh"
point = 2
distribution = "{gas}"
kind = "{kind}"
[inputs.electric]
unit = "kWh"
point = 1
distribution = "{electric}"
[outputs.ratio]
{output}
"""
RATIO = """label = "Gas ÷ electric, energy"
value = "gas / electric"
unit = "1"
published = {published}
source = "{source}"
reference = 1
scale = "log10"
over = "{over}"
claim = "{claim}"
words = {{ {words} }}
"""
FAIR = """[readings.fair]
label = "Both with their losses"
condition = "losses count for both"
inputs = { electric = "2 to 4" }
source = "x"
preferred = true
"""
STATED = 'statement = "a gas kettle takes {amount} energy as an electric one"'


def ratio(**given):
    own = {"published": "2", "source": "@roe, p. 3", "over": "case", "claim": "about", "words": STATED}
    return RATIO.format(**(own | given))


def compared(tmp_path, output, readings=FAIR, **given):
    own = {"title": "Kettles", "study": "", "gas": "1 to 4", "electric": "0.8 to 1.25", "kind": "uncertainty"}
    path = tmp_path / "kettles.toml"
    path.write_text(STUDY.format(output=output, **(own | given)) + readings, encoding="utf-8")
    return un.compare_readings(un.load_study(path), samples=16384, seed=1)


def test_a_passage_says_who_published_what_and_where_and_what_comes_out_each_way(tmp_path):
    readings = compared(tmp_path, ratio())
    ours, theirs = (readings.distribution(name).draws.values for name in ("fair", "as_published"))
    below, above = (round(100 * np.mean(each)) for each in (ours < 1, theirs > 1))
    assert readings.passage(Deciding(["“A”", "“B”"], counted=True)) == (
        "According to Roe 2020 (https://doi.org/10.1000/x), a gas kettle takes 2 times as much energy as an "
        "electric one. Counted as the study “Kettles” (2026-11-28) finds fairest (losses count for both), it "
        f"is about 0.71 times (95 % interval 0.28 to 1.8), probably less, not more: in {below} of 100 tries; "
        "this depends above all on “A” and “B”; as the publication counts, with this study's ranges, "
        f"about 2.0 (0.84 to 4.8), very probably more, not less: in {above} of 100 tries. "
        "Sources read in full: 1 of 2, of the publication the abstract."
    )
    assert "tries. How much it is depends above all on “A”; sources read" in readings.passage(
        Deciding(["“A”"])
    )


def test_all_ways_that_lean_to_one_side_are_told_at_once_on_average_and_in_any_one_case(tmp_path):
    told = compared(tmp_path, ratio(over="average"), kind="variability", gas="2 to 9").passage()
    assert re.search(
        r"By each of 2 ways of counting, it is (very )?probable that a gas kettle takes at least as much "
        r"energy as an electric one: on average in (at least \d+ of 100 tries|over \d+ % of tries), in any "
        r"one case in at least \d+; sources",
        told,
    )
    assert "fairest (losses count for both), on average it is about" in told
    # where no case differs from another by one of the ways, the least of any one case is not of that way
    fair = FAIR.replace("inputs = { ", "inputs = { gas = 9, ")
    readings = compared(tmp_path, ratio(over="average"), fair, kind="variability", gas="1 to 9")
    assert ", in any one case where cases differ in at least " in readings.passage()
    assert " Where cases differ, it is so in any one of them in " in readings.judgement.answers[0].because
    (of_one,) = (each for each in first_sentences(readings) if each.startswith("In any one case, "))
    assert "today's evidence”, the only reading in which cases differ, it is " in of_one


def test_the_least_of_several_ways_is_rounded_down_as_it_is_in_the_answer(tmp_path):
    """Gas lies above the one of electricity in 1.496 ÷ 2 = 0.748 of draws, which are no 75 of 100."""
    fair = FAIR.replace("2 to 4", "uniform(0.5, 0.5001)")
    given = {"gas": "uniform(0.496, 2.496)", "electric": "uniform(0.99999, 1.00001)"}
    readings = compared(tmp_path, ratio(), fair, **given)
    assert ": in at least 74 of 100 tries; " in readings.passage()
    assert readings.judgement.answers[0].because.lower().startswith("in at least 74 of 100 tries, by each ")


def test_nothing_is_told_of_any_one_case_by_a_way_in_which_cases_do_not_differ(tmp_path):
    """The average is 2.5 ÷ (0.8 to 1.25) as published, above 1, and 1 ÷ (2 to 4) where one number is set."""
    for gas, is_said in (("1", False), ("0.2 to 2", True)):
        fair = FAIR.replace("inputs = { ", f'inputs = {{ gas = "{gas}", ')
        told = compared(tmp_path, ratio(over="average"), fair, kind="variability").passage()
        ours = told.partition("as the publication counts")[0]
        assert "less, not more: on average in " in ours
        assert ("in any one case" in ours) == is_said


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            "derived: 4 ÷ 2 in @doe",
            "By the numbers of Roe 2020 (https://doi.org/10.1000/x), a gas kettle takes 2 times",
        ),
        ("@doe", "According to Doe (Kettle Board) 2019 (“A leaflet”), a gas kettle takes 2 times as much"),
        ("table 1", "According to Roe 2020 (https://doi.org/10.1000/x), a gas"),
    ],
)
def test_what_has_no_address_is_found_by_its_title(tmp_path, source, told):
    readings = compared(tmp_path, ratio(source=source))
    assert readings.passage().startswith(told)
    bare = replace(readings, study=replace(readings.study, source="", sources={}))
    if "@" not in source:
        assert bare.passage().startswith("It was published that a gas kettle takes 2 times as much energy")


@pytest.mark.parametrize(
    ("claim", "published", "told"),
    [
        ("about", "2", "; this is about as published (within a third of it in "),
        ("about", "9", "; this is less than published (in over 99 of 100 tries)"),
        ("about", "0.1", "; this is more than published (in over 99 of 100 tries)"),
        ("at least", "0.1", "; this is at least what was published (in over 99 of 100 tries)"),
        ("at least", "9", "; this is less than published (in over 99 of 100 tries)"),
        ("at most", "9", "; this is at most what was published (in over 99 of 100 tries)"),
        ("at most", "2", "; this is more than published in 50 of 100 tries (nobody can tell)"),
    ],
)
def test_a_published_figure_is_judged_where_there_is_no_reference(tmp_path, claim, published, told):
    output = ratio(claim=claim, published=published, words="").replace("reference = 1\n", "")
    passage = compared(tmp_path, output, "").passage()
    assert told in passage
    assert "The study “Kettles” (2026-11-28) finds that " in passage
    assert f" is {claim} {published}. " in passage or claim == "about"


@pytest.mark.parametrize(
    ("claim", "published", "told", "side", "share"),
    [
        (
            "at least",
            "1",
            "at least what was published (in 75 of 100 tries)",
            "at least",
            75,
        ),
        (
            "at most",
            "1",
            "at most what was published (in 70 of 100 tries)",
            "at most",
            70,
        ),
        ("about", "0.5", "more than published (in 75 of 100 tries)", "at most", 70),
    ],
)
def test_a_side_that_draws_lie_at_is_told_with_them(tmp_path, claim, published, told, side, share):
    """Draws are 10, 1 and a half in 30, 45 and 25 of 100."""
    output = ratio(claim=claim, published=published).replace("gas / ele", "1[kWh] / ele")
    electric = "discrete(0.1, 1, 2, weights=(0.3, 0.45, 0.25))"
    passage = compared(tmp_path, output, "", electric=electric).passage()
    assert (
        f"; this is probably {told}. It is probable that a gas kettle takes {side} as much energy" in passage
    )
    assert f" as an electric one: in {share} of 100 tries; " in passage


HOSTILE = {
    "one input": (ratio().replace("gas / electric", "gas / 1[kWh]"), ""),
    "one number": (ratio(), FAIR.replace('"2 to 4"', '"3"')),
    "nothing published": (ratio().replace("published = 2\n", ""), FAIR),
    "a statistic": (ratio(published="{ mean = 2.1, digits = 2 }"), FAIR),
    "yes or no": ('label = "Gas takes more"\nvalue = "gas > electric"\nunit = "1"\n', FAIR),
    "even odds": (
        ratio().replace("gas / electric", "gas / electric / 2"),
        FAIR.replace("2 to 4", "0.5 to 2"),
    ),
    "open": (ratio().replace("gas / electric", "(gas / electric) ** 20"), FAIR),
    "no preferred": (ratio(), FAIR.replace("preferred = true", "")),
    "signs": (ratio(words=r'statement = "<b>*{amount}* [x](y) \\", published = "“2”; <i>"'), FAIR),
    "a difference": (
        'label = "Gas less electric"\nvalue = "gas - electric"\nunit = "kWh"\nreference = 0\npublished = 1\n',
        FAIR,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("title", ["Kettles", "Kettle " * 43])
def test_whatever_a_study_holds_the_passage_is_whole_sentences(tmp_path, name, title):
    output, readings = HOSTILE[name]
    found = compared(tmp_path, output, readings, title=title)
    told = found.passage(Deciding([f"“{title}”"], counted=name != "open"))
    assert told == " ".join(told.split())
    assert told.endswith(".")
    assert all(told.count(one) == told.count(other) for one, other in ("()", "“”"))
    assert not re.search(r"None|nan|\{|, ,|;;|\.\.|: [.;]| [,;.]", told)
    ends = re.findall(r"[a-z0-9)%”](?:\. |\.$)", told.replace("95 %", ""))
    assert 1 <= len(ends) <= 3
    assert len(told.split()) <= LONGEST + (0 if title == "Kettles" else 3 * 43)
    if name == "nothing published":
        assert told.startswith("Counted as the study “")
        assert "ublished" not in told


def test_what_can_be_left_out_gives_way_to_what_cannot(tmp_path):
    readings = compared(tmp_path, ratio())
    long = " ".join(["word"] * SHORT)
    brief, full = (readings.passage(Deciding([f"“{each}”"], counted=True)) for each in (long, "A"))
    assert "depends above all" in full
    assert "depends" not in brief
    assert "Sources read in full: 1 of 2" in brief
    # where there is room for one, those that are told no apart from it are named, too
    for first, named in ((1, "“A”"), (2, "“A” and “B”")):
        told = readings.passage(Deciding(["“A”", "“B”"], first=first))
        assert f"depends above all on {named};" in told


def test_a_share_of_all_ways_is_told_as_one_where_there_is_little_room(tmp_path):
    """Beside the number of the way that is told first, it would read as that way's own."""
    output = ratio(published="9", words="").replace("reference = 1\n", "")
    for title, ways in (("Kettles", "by each of 2 ways of counting"), ("word " * SHORT, "by each way")):
        told = compared(tmp_path, output, title=title.strip()).passage()
        assert re.search(rf"; this is less than published \(in [^()]* of 100 tries, {ways}\)", told)


def test_another_way_with_the_publication_s_ranges_is_not_said_to_have_this_study_s():
    told = un.compare_readings(un.load_study("gauge-block"), samples=2**8).passage()
    assert "As the publication counts, with its own ranges, the study" in told
    assert "by “First order”, with the publication's ranges, about" in told
    assert "this study's" not in told
