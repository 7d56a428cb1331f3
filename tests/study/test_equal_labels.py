"""Labels that are alike say the names, too, so that no table, bar or sentence takes one thing for another."""

import re
from dataclasses import replace

import pytest

import uncertainty as un

TEXT = """
format = 1
[study]
title = "Loads"
headline = "y"
[indices.shop]
members = {{ p = "Shop", q = "Shop" }}
[inputs.a]
label = "{one}"
unit = "1"
point = 1
distribution = "uniform(0, 2)"
[inputs.b]
label = "{other}"
unit = "1"
point = 1
distribution = "uniform(0, 4)"
[inputs.c]
label = "{third}"
unit = "1"
point = 1
distribution = "uniform(0, 1)"
[outputs.y]
unit = "1"
value = "a + b + c"
"""
SHARES = [100 * 16 / 21, 100 * 4 / 21, 100 / 21]
"""In percent, largest first."""

LONG = "Electricity use of the building in the year, {}"


def bars(text):
    """Return the shares in percent that are told beside bars."""
    return [float(each) for each in re.findall(r"█+ ([\d.]+) %", text)]


@pytest.mark.parametrize(
    ("labels", "titles"),
    [
        (("Load",) * 3, ["Load (a)", "Load (b)", "Load (c)"]),
        (("Load", "Speed", "Load"), ["Load (a)", "Speed", "Load (c)"]),
        (("c", "Load", ""), ["c (a)", "Load", "c"]),
        (tuple(map(LONG.format, ("first", "second", "third"))), None),
    ],
)
def test_every_input_has_its_own_bar_and_row(labels, titles, write_study, command):
    """Right shares are those of a sum: the squares of the ranges, 4 : 16 : 1."""
    path = write_study(TEXT.format(one=labels[0], other=labels[1], third=labels[2]))
    study = un.load_study(path)
    titles = titles or list(labels)
    assert [item.title for item in study.inputs.values()] == titles
    status, out, err = command("sensitivity", path)
    assert (status, err) == (0, "")
    assert bars(out) == pytest.approx(SHARES, abs=0.6)
    table = out.partition("Every input that it is computed from")[2].partition("* Inputs alone")[0]
    shares = re.findall(r"([\d.]+) %(?: \([^)]*\))?$", table, re.MULTILINE)
    assert len(shares) == len(titles)


def test_members_outputs_and_observations_are_told_apart_as_inputs_are(write_study):
    text = TEXT.format(one="A", other="B", third="C")
    for name, value in (("z", "a"), ("w", "b")):
        text += f'[outputs.{name}]\nlabel = "Y"\nunit = "1"\nvalue = "{value}"\n'
    study = un.load_study(write_study(text))
    assert [each.title for each in study.outputs.values()] == ["y", "Y (z)", "Y (w)"]
    assert dict(study.indices["shop"].members) == {"p": "Shop (p)", "q": "Shop (q)"}


def test_labels_of_a_functions_inputs_are_told_apart(write_study):
    read = un.load_study(write_study(TEXT.format(one="A", other="B", third="C"))).inputs
    made = {name: replace(item, label="Load") for name, item in read.items()}
    study = un.Study.from_function(lambda a, b, c: {"y": a + b + c}, made, outputs=["y"])
    assert [item.title for item in study.inputs.values()] == ["Load (a)", "Load (b)", "Load (c)"]


def test_what_is_written_and_read_again_keeps_its_labels(write_study, tmp_path, command):
    path = write_study(TEXT.format(one="Load", other="Load", third="Speed"))
    assert command("export", path, "--to", tmp_path / "loads.json")[0] == 0
    again = un.load_study(tmp_path / "loads.json")
    assert [item.title for item in again.inputs.values()] == ["Load (a)", "Load (b)", "Speed"]


ANSWERS = """
format = 1
[study]
title = "Choices"
headline = "y"
[inputs.a]
unit = "1"
point = 2
distribution = "uniform(1, 3)"
[choices.making]
question = "Does making count?"
options.no = {{ label = "no" }}
options.yes = {{ label = "yes", equations = {{ m = "1" }} }}
[choices.use]
question = "{question}"
options.no = {{ label = "{no}" }}
options.yes = {{ label = "yes", equations = {{ u = "100*a" }} }}
[equations]
m = "0"
u = "0*a"
[outputs.y]
unit = "1"
value = "a + m + u"
published = 5
reference = 90
"""


@pytest.mark.parametrize(
    ("no", "question", "told"),
    [
        ("no", "Does use count?", "The result with “no” to “Does use count?” never exceeds 90"),
        ("not at all", "Does use count?", "The result with “not at all” never exceeds 90"),
        ("no", "Does making count?", "“no” to “Does making count? (use)” never exceeds 90"),
    ],
)
def test_an_answer_of_several_questions_is_told_with_its_own(no, question, told, write_study, command):
    """Without use the result is at most 4, with use 101 or more: making changes neither."""
    path = write_study(ANSWERS.format(no=no, question=question))
    status, out, _ = command("challenge", path, "--samples", "4096")
    assert status == 0
    assert told in " ".join(out.split())
