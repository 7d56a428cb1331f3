"""Members of an input are one group, those that are correlated are one entry, and a category is no number."""

import json

import pytest

import uncertainty as un
from uncertainty.sensitivity.sobol.design import plan_exchanges
from uncertainty.study.scenario import scenario

STUDY = """
format = 1

[study]
title = "Analyses"
headline = "y"

[indices.place]
members = {{ a = "Aa", b = "Bb" }}

[indices.year]
from = 1
to = 3

[inputs.x]
label = "Flow"
unit = "1"
index = ["place", "year"]
point = 1
distribution = "normal(0, 1)"
across = {across}
group = "flows"

[inputs.z]
unit = "1"
index = ["place"]
point = 1
distribution = "normal(0, 2)"

[inputs.w]
unit = "1"
point = 0
distribution = "normal(0, 1)"

[outputs.y]
value = "sum(x) + sum(z) + w"
unit = "1"
"""


def exchanges(write_study, across, by="set"):
    plan = scenario(un.load_study(write_study(STUDY.format(across=across))))
    return plan_exchanges(plan, {"y": frozenset(plan.varying)}, by)


def test_members_of_one_input_are_a_group(write_study):
    found = exchanges(write_study, '"independent"')
    assert list(found.inputs)[:2] == ["x[a,1]", "x[a,2]"]
    assert len(found.inputs) == 9
    assert {key: len(names) for key, names in found.groups["y"].items()} == {"flows": 6, "x": 6, "z": 2}


@pytest.mark.parametrize(
    ("across", "expected"),
    [
        ("0.5", ["x", "z[a]", "z[b]", "w"]),
        ('"same"', ["x", "z[a]", "z[b]", "w"]),
        ("{ year = 0.5 }", ["x[a]", "x[b]", "z[a]", "z[b]", "w"]),
        ('{ place = "same" }', ["x[1]", "x[2]", "x[3]", "z[a]", "z[b]", "w"]),
    ],
)
def test_members_that_are_bound_are_one_entry_under_their_address(write_study, across, expected):
    assert list(exchanges(write_study, across).inputs) == expected


def test_inputs_may_be_taken_by_their_names(write_study):
    found = exchanges(write_study, "{ year = 0.5 }", "name")
    assert list(found.inputs) == ["x", "z", "w"]
    assert list(found.groups["y"]) == ["flows"]


def test_sobol_indices_of_groups_of_a_sum_are_shares_of_its_variance(write_study):
    study = un.load_study(write_study(STUDY.format(across="{ year = 0.5 }")))
    found = un.sobol(study, output="y", samples=4096, tolerance=0.02).outputs["y"]
    r = 2 * 0.2588190451025207  # 2 sin(pi / 12)
    own = 3 + 2 * (2 * r + r * r)
    whole = 2 * own + 2 * 4 + 1
    assert pytest.approx(2 * own / whole, abs=0.02) == found.groups["x"].S1
    assert pytest.approx(own / whole, abs=0.02) == found.indices["x[a]"].ST
    assert pytest.approx(8 / whole, abs=0.02) == found.groups["z"].ST


def test_a_group_named_like_an_indexed_input_is_refused(write_study):
    text = STUDY.format(across='"same"').replace('group = "flows"', 'group = "z"')
    with pytest.raises(un.StudyError, match="is the name of an indexed input, whose members are a group"):
        un.load_study(write_study(text))


def test_entries_of_members_are_read_by_their_labels(command, write_study):
    path = str(write_study(STUDY.format(across="{ year = 0.5 }")))
    code, out, err = command("sensitivity", path, "--samples", "256")
    assert (code, err) == (0, "")
    assert "Flow (Aa, each year)" in out
    assert "Flow (Bb, each year)" in out
    code, out, _ = command("sensitivity", path, "--samples", "256", "--by", "name", "--json")
    assert list(json.loads(out)["results"]["outputs"]["y"]["indices"]) == ["x", "z", "w"]


CATEGORY = """
format = 1

[study]
title = "A category"
headline = "y"

[indices.account]
members = { one = "The first", two = "The second", three = "The third" }

[inputs.which]
label = "Account"
member_of = "account"
point = "one"
distribution = "one_of(one=3, two=2, three=1)"

[inputs.size]
unit = "1"
index = ["account"]
point = { one = 1, two = 2, three = 30 }
distribution = { one = "0.9 to 1.1", two = "1.8 to 2.3", three = "20 to 40" }

[outputs.y]
value = "size[which]"
unit = "1"
published = 5
claim = "at least"
"""


@pytest.mark.parametrize(
    "asked",
    [
        ["run"],
        ["sensitivity"],
        ["sensitivity", "--method", "budget"],
        ["sensitivity", "--method", "shapley"],
        ["sensitivity", "--method", "draws"],
        pytest.param(["challenge"], marks=pytest.mark.slow),
    ],
    ids=" ".join,
)
def test_no_number_stands_for_a_member_where_people_read(command, write_study, asked):
    code, out, err = command(asked[0], str(write_study(CATEGORY)), *asked[1:], "--samples", "256")
    assert (code, err) == (0, "")
    lines = [line for line in out.splitlines() if "Account" in line]
    assert not any(" 0.0" in line or " 2.00" in line for line in lines if asked[-1] == "challenge"), lines
    assert "which <" not in out
    assert "where(" not in out


def test_a_tornado_shows_the_lowest_and_the_highest_that_any_member_gives(write_study):
    text = CATEGORY.replace("two = 2, three = 30", "two = 50, three = 30").replace("1.8 to 2.3", "40 to 60")
    study = un.load_study(write_study(text))
    path = un.tornado(study, start="points").paths["which"]
    assert path.inputs == (0, 2, 1)
    assert path.outputs == pytest.approx((1, 30, 50))
    assert path.swing == pytest.approx(49)
