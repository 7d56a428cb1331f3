"""A distribution and its own evidence: what parts is found, and a note answers where it names it."""

import json

import numpy as np
import pytest
from variants import variants

import uncertainty as un
from uncertainty.grounds import Grounds, has_printed_ranges, weigh_evidence
from uncertainty.pages.sections.grounds import evidence_test
from uncertainty.study import bundled
from uncertainty.study.scenario import scenario

STUDY = """
format = 1
[study]
title = "Grounds"
headline = "y"
[sources]
far = { title = "Far", year = 2020, seen = "through another", through = "near" }
near = { title = "Near", year = 2021, url = "https://example.org/near" }
[inputs.a]
unit = "g"
point = 10
distribution = "lognormal(p5=5, p95=20)"
basis = "published range"
source = "@near"
note = "NOTE"
evidence = [EVIDENCE]
[outputs.y]
value = "a"
unit = "g"
"""


def weighed(tmp_path, evidence, note="", **changes):
    text = STUDY.replace("EVIDENCE", evidence).replace("NOTE", note)
    for old, new in changes.values():
        text = text.replace(old, new)
    path = tmp_path / "grounds.toml"
    path.write_text(text, encoding="utf-8")
    return un.weigh_evidence(un.load_study(path)).inputs["a"]


def test_what_is_known_to_be_at_least_or_at_most_something_lies_beyond_no_end(tmp_path):
    """It agrees with all on its side, and has no middle."""
    found = weighed(tmp_path, "{ low = 2 }, { high = 30 }, { value = 9 }")
    assert (found.inside, found.middle, found.findings) == (3, None, ())
    found = weighed(tmp_path, "{ low = 30 }, { high = 2 }, { value = 9 }, { value = 4.5 }")
    assert [each.text for each in found.findings] == [
        "at least 30.0 lies outside the central 90 %, 5 to 20",
        "at most 2.00 lies outside the central 90 %, 5 to 20",
        "4.50 lies outside the central 90 %, 5 to 20",
        "the geometric mean of the evidence, 6.36, lies at the 14th percentile, where the median is 10.0",
    ]


def kinds(found):
    return [(each.kind, each.answered) for each in found.findings]


def test_the_share_inside_and_the_middle_are_those_of_the_pieces(tmp_path):
    """The middle half of this lognormal is 10 times or by 2**(0.674 ÷ 1.645): 7.5 to 13.3."""
    found = weighed(tmp_path, "{ value = 4 }, { value = 9 }, { low = 8, high = 18 }")
    assert (found.pieces, found.inside) == (3, 2)
    assert found.share == pytest.approx(2 / 3)
    assert found.middle == pytest.approx((4 * 9 * 12) ** (1 / 3))
    assert found.median == pytest.approx(10)
    assert found.interval == pytest.approx((5, 20))
    assert found.percentile == pytest.approx(25.34, abs=0.01)
    assert kinds(found) == [("outside", False)]


def test_what_lies_on_an_end_is_inside_and_a_range_is_where_it_reaches_in(tmp_path):
    evidence = "{ value = 5 }, { value = 20 }, { low = 19, high = 40 }, { low = 3, high = 6 }"
    assert not weighed(tmp_path, evidence).findings
    found = weighed(tmp_path, "{ low = 21, high = 40 }, { value = 6 }")
    assert kinds(found) == [("outside", False)]


def test_a_piece_that_is_a_limit_of_the_distribution_needs_no_argument(tmp_path):
    """It is none of those inside the central 90 % all the same."""
    found = weighed(
        tmp_path, "{ value = 4 }, { value = 16 }", change=("lognormal(p5=5, p95=20)", "uniform(4, 16)")
    )
    assert (found.inside, found.findings, found.at_ends) == (0, (), 2)
    said = "0 of 2 pieces of evidence for 1 input lie in the central 90 % ranges, or reach into them. "
    said += "2 more lie at or close to an end of their distributions, which needs no argument. "
    said += "Nothing needs an argument."
    study = un.load_study(tmp_path / "grounds.toml")
    assert evidence_test(Grounds(study, {"a": found})).blocks[0].text == said


@pytest.mark.parametrize(
    ("evidence", "inside", "at_ends", "found"),
    [
        ("{ value = 294.2 }, { value = 293.8 }", 2, 0, []),
        # 0.3 kelvins beyond is about a thousandth of the temperature, and a sixth of the range
        ("{ value = 295.17 }, { value = 293.2 }", 1, 0, ["outside"]),
        # 2 kelvins below the least are under a hundredth of it
        ("{ value = 291 }, { value = 294.2 }", 1, 0, ["outside", "middle"]),
        ("{ value = 293 }, { value = 294.2 }", 1, 1, []),
    ],
)
def test_what_is_narrow_and_far_from_0_is_compared_by_its_width(tmp_path, evidence, inside, at_ends, found):
    """Nine in ten of these temperatures lie from 293.1 to 294.9 kelvins."""
    narrow = ("lognormal(p5=5, p95=20)", "uniform(293, 295)")
    ground = weighed(tmp_path, evidence, change=narrow)
    assert (ground.inside, ground.at_ends) == (inside, at_ends)
    assert [kind for kind, _ in kinds(ground)] == found
    said = [each.text for each in ground.findings if each.kind == "outside"]
    assert not said or said[0].startswith(("295.2 lies outside", "291 lies outside"))


ALONE = "one piece alone: no test of a distribution that was made from it."
LACKING = "1 other input that varies has no evidence listed."
TWO = "{ value = 9 }, { value = 11 }"


@pytest.mark.parametrize(
    ("evidence", "more", "said"),
    [
        (
            "{ value = 9 }",
            "",
            f" This input has {ALONE} So nothing was put to a test here. {LACKING}",
        ),
        ("{ value = 9 }", TWO, f" 1 of these inputs has {ALONE} Nothing needs an argument."),
        (TWO, TWO, " Nothing needs an argument."),
    ],
)
def test_a_single_piece_and_a_lack_of_pieces_put_no_distribution_to_a_test(load, evidence, more, said):
    text = """
format = 1
[study]
title = "t"
headline = "y"
[inputs]
a = { unit = "g", point = 10, distribution = "5 to 20", evidence = [EVIDENCE] }
b = { unit = "g", point = 10, distribution = "5 to 20", evidence = [MORE] }
[outputs.y]
value = "a + b"
unit = "g"
"""
    found = weigh_evidence(load(text.replace("EVIDENCE", evidence).replace("MORE", more)))
    assert evidence_test(found).blocks[0].text.endswith(f"or reach into them.{said}")


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        (
            '{ a = "5 to 15", b = 10 }',
            " Distributions that options or readings set, of 1 input, are not compared here.",
        ),
        (
            '{ a = "5 to 15", b = "5 to 15" }',
            " Distributions that options or readings set, of 2 inputs, are not compared here.",
        ),
        (
            '{ a = { point = 12, distribution = "5 to 20" }, b = "5 to 15" }',
            " Distributions that options or readings set, of 1 input, are not compared here.",
        ),
        ('{ a = { point = 12, distribution = "5 to 20" }, b = 10 }', " Nothing needs an argument."),
        ("{ a = 12, b = 10 }", " Nothing needs an argument."),
    ],
)
@pytest.mark.parametrize("of", ["readings.other", "choices.which.options.other"])
def test_distributions_that_options_and_readings_set_are_said_not_to_be_weighed(load, of, instead, said):
    """The evidence of an input is held against its own distribution alone."""
    study = load(f"""
format = 1
[study]
title = "t"
headline = "y"
[inputs]
a = {{ unit = "g", point = 10, distribution = "5 to 20", evidence = [{TWO}] }}
b = {{ unit = "g", point = 10, distribution = "5 to 20", evidence = [{TWO}] }}
[outputs.y]
value = "a + b"
unit = "g"
[choices.which]
question = "Which?"
[choices.which.options.own]
label = "own"
[choices.which.options.more]
label = "more"
inputs = {{ a = 11 }}
[{of}]
label = "other"
inputs = {instead}
""")
    assert evidence_test(weigh_evidence(study)).blocks[0].text.endswith(said)


def test_a_single_piece_outside_is_not_said_to_agree_in_any_case(load):
    text = """
format = 1
[study]
title = "t"
headline = "y"
[inputs]
a = { unit = "g", point = 10, distribution = "uniform(5, 20)", evidence = [{ value = 20 }] }
b = { unit = "g", point = 10, distribution = "5 to 20", evidence = [TWO] }
[outputs.y]
value = "a + b"
unit = "g"
"""
    said = evidence_test(weigh_evidence(load(text.replace("TWO", TWO)))).blocks[0].text
    assert "2 of 3 pieces of evidence for 2 inputs" in said
    assert "1 more lies at or close to an end of its distribution" in said
    assert ALONE not in said
    # two have one piece alone, of which one is outside
    said = evidence_test(weigh_evidence(load(text.replace("TWO", "{ value = 9 }")))).blocks[0].text
    assert " 1 of these inputs has one piece alone, and it lies inside: no test of a distribution" in said


PLACES = """
format = 1
indices = { place = { members = ["north", "south"] } }
[study]
title = "t"
headline = "y"
"""


def test_cells_of_one_input_are_counted_as_one_and_as_cells(load):
    """Where each member has its own evidence, two cells make one input, as in the count of those without."""
    text = """
[inputs.a]
index = ["place"]
unit = "g"
point = 10
distribution = "5 to 20"
evidence = [
  { value = 9, member = "north" },
  { value = 11, member = "north" },
  { value = 9, member = "south" },
]
[inputs.b]
unit = "g"
point = 10
distribution = "5 to 20"
[outputs.y]
value = "sum(a, place) + b"
unit = "g"
"""
    said = evidence_test(weigh_evidence(load(PLACES + text))).blocks[0].text
    assert said.startswith("3 of 3 pieces of evidence for 1 input (2 cells) lie in")
    assert f" 1 of these cells has {ALONE}" in said
    assert said.endswith(LACKING)


def test_a_category_that_varies_without_evidence_is_among_those_that_have_none(load):
    text = """
[inputs]
a = { unit = "g", point = 10, distribution = "5 to 20", evidence = [{ value = 9 }] }
site = { member_of = "place", point = "north", distribution = "one_of(north=1, south=1)" }
b = { unit = "g", index = ["place"], point = { north = 1, south = 2 } }
[outputs.y]
value = "a + b[site]"
unit = "g"
"""
    assert evidence_test(weigh_evidence(load(PLACES + text))).blocks[0].text.endswith(LACKING)


@pytest.mark.parametrize(
    ("note", "answered"),
    [
        ("40 g was measured abroad", True),
        ("as @near says, that was abroad", True),
        ("4 was measured abroad, and 400 elsewhere", False),
        ("it is known well", False),
        ("", False),
    ],
)
def test_a_note_answers_for_a_piece_by_its_number_or_its_source(tmp_path, note, answered):
    found = weighed(tmp_path, '{ value = 40, source = "@near" }, { value = 4.5 }', note)
    assert ("outside", answered) in kinds(found)


def test_a_middle_far_from_the_median_is_answered_by_its_number(tmp_path):
    evidence = "{ value = 15 }, { value = 18 }"
    assert kinds(weighed(tmp_path, evidence)) == [("middle", False)]
    (finding,) = weighed(tmp_path, evidence, "their mean, 16.4, is that of large ones").findings
    assert finding.answered
    assert finding.number == pytest.approx(np.sqrt(15 * 18))
    assert kinds(weighed(tmp_path, evidence, "1,640 or 0.164")) == [("middle", False)]


@pytest.mark.parametrize(
    ("evidence", "change"),
    [
        ("{ value = 10 }", ("", "")),
        ("", ('source = "@near"', 'source = "a table of the office"')),
        ("{ value = 9 }, { value = 11 }", ('source = "@near"', 'source = "recalled"')),
        (
            "{ value = 9 }, { value = 11 }",
            ('"published range"\nsource = "@near"', '"measured"\nsource = "assumed here"'),
        ),
        ("{ value = 9 }, { value = 11 }", ('source = "@near"', 'source = "@far"')),
    ],
)
def test_a_basis_that_claims_too_much_is_found_and_no_note_answers(tmp_path, evidence, change):
    found = weighed(tmp_path, evidence, "9, 10 and 11 and @near", change=change)
    assert kinds(found) == [("basis", False)]


def test_a_range_may_stand_in_the_source_alone(tmp_path):
    assert not weighed(tmp_path, "").findings


def test_weaker_words_claim_nothing(tmp_path):
    weaker = ('"published range"', '"expert judgement"')
    assert not weighed(tmp_path, "{ value = 10 }", change=weaker).findings


def test_negative_values_have_a_plain_mean(tmp_path):
    normal = ("lognormal(p5=5, p95=20)", "normal(0, 3)")
    found = weighed(tmp_path, "{ value = -2 }, { value = 4 }", change=normal)
    assert found.middle == pytest.approx(1)
    assert found.percentile == pytest.approx(63.06, abs=0.01)


def test_an_input_whose_parameters_are_others_is_weighed_by_draws(tmp_path):
    """Of a normal around a normal the variances add."""
    text = STUDY.replace("lognormal(p5=5, p95=20)", "normal(m, 3)").replace(
        "EVIDENCE", "{ value = 10 }, { value = 16 }"
    )
    text += '[inputs.m]\nunit = "g"\npoint = 10\ndistribution = "normal(10, 4)"\n'
    path = tmp_path / "grounds.toml"
    path.write_text(text, encoding="utf-8")
    found = un.weigh_evidence(un.load_study(path)).inputs["a"]
    assert found.interval == pytest.approx((10 - 1.645 * 5, 10 + 1.645 * 5), abs=0.5)


def test_the_command_lists_what_needs_an_argument(tmp_path, command):
    path = tmp_path / "grounds.toml"
    path.write_text(STUDY.replace("EVIDENCE", "{ value = 30 }, { value = 4 }"), encoding="utf-8")
    said = command("check", path, "--evidence")
    assert said.code == 0
    assert "2 findings need an argument" in " ".join(said.out.split())
    assert command("check", path, "--evidence", "--strict").code == 1
    assert command("check", path, "--strict").code == 0
    found = json.loads(command("check", path, "--evidence", "--json").out)["results"]["grounds"]["inputs"][
        "a"
    ]
    assert [each["kind"] for each in found["findings"]] == ["outside", "outside"]
    assert "grounds" not in json.loads(command("check", path, "--json").out)["results"]


@pytest.mark.parametrize("name", variants(bundled.names(), lambda name: name != "epidemic"))
def test_no_bundled_study_leaves_a_finding_unanswered(name):
    found = un.weigh_evidence(un.load_study(name))
    assert [(each.name, finding.text) for each, finding in found.unanswered] == []


@pytest.mark.parametrize(
    ("name", "reading", "own"),
    [
        ("gauge-block", "as_published", True),
        ("gauge-block", "first_order", True),
        ("inventory", "as_published", True),
        ("inventory", "own", True),
        ("inventory", "skewed", False),
        ("debt-and-growth", "as_published", False),
    ],
)
def test_ranges_are_the_publication_s_own_where_its_sources_give_them_all(name, reading, own):
    """Those of growth are computed from a spreadsheet's rows, and were not printed."""
    study = un.load_study(name)
    assert has_printed_ranges(scenario(study, reading), study.headline) is own
