"""What formulas, published figures and correlations of quantities with indices may and may not say."""

import math

import pytest

import uncertainty as un
from uncertainty.compiled import evaluate_at_points
from uncertainty.study.scenario import scenario

HEAD = 'format = 1\nstudy = { title = "t", headline = "y" }\n'
INDICES = """
[indices]
country = { members = { us = "United States", india = "India" } }
year = { from = 2020, to = 2022, unit = "year" }
scenario = { members = ["low", "p5", "other"] }
"""
OUTPUTS = {
    "y": ("sum(x)", "kg", 21),
    "of_members": ("x[us, 2021] + 10 * x[country=india, year=2020]", "kg", 42),
    "any_order": ("x[2022, india]", "kg", 6),
    "microsecond": ("15[us] / 1[s]", "1", 15e-6),
    "mean_of_all": ("mean(x)", "kg", 3.5),
    "mean_of_one": ("mean(x[2022], country)", "kg", 4.5),
    "least": ("smallest(x)", "kg", 1),
    "most": ("largest(x[us], year)", "kg", 3),
    "multiplied": ("product(x / 1[kg])", "1", math.factorial(6)),
    "in_any_order": ("sum(x, year, country) - sum(x, country, year)", "kg", 0),
    "even": ("round(2.5) + 10 * round(3.5) + 100 * round(-0.5)", "1", 42),
    "precedence": ("1 or 0 and 0", "1", 1),
    "negated": ("not 0 and 2", "1", 1),
    "compared": ("not x[us, 2020] > 3[kg] or 0", "1", 1),
    "bits": ("8[bit] / 1[byte]", "1", 1),
}
BY_COUNTRY = "{ us = { 2020 = 1, 2021 = 2, 2022 = 3 }, india = { 2020 = 4, 2021 = 5, 2022 = 6 } }"
BY_YEAR = "{ 2020 = { us = 1, india = 4 }, 2021 = { us = 2, india = 5 }, 2022 = { us = 3, india = 6 } }"


@pytest.mark.parametrize("point", [BY_COUNTRY, BY_YEAR])
def test_tables_nest_in_either_order_and_formulas_mean_what_they_say(write_study, point):
    rows = "".join(
        f'[outputs.{n}]\nvalue = "{text}"\nunit = "{unit}"\n' for n, (text, unit, _) in OUTPUTS.items()
    )
    x = f'[inputs.x]\nunit = "kg"\nindex = ["year", "country"]\npoint = {point}\n'
    study = un.load_study(write_study(HEAD + INDICES + x + rows))
    assert list(study.inputs)[:2] == ["x[us,2020]", "x[us,2021]"]
    found = evaluate_at_points(scenario(study), tuple(OUTPUTS))
    assert found == pytest.approx({name: value for name, (_, _, value) in OUTPUTS.items()}, abs=1e-12)


BASE = """
[inputs.x]
unit = "kg"
index = ["country"]
point = { us = 1, india = 2 }
distribution = "normal(point, 0.1)"
across = "same"

[inputs.z]
unit = "1"
index = ["country"]
point = 1
distribution = "1 to 2"
across = "same"

[inputs.which]
member_of = "country"
point = "us"
distribution = "one_of(us=3, india)"

[inputs.free]
unit = "1"
point = 1
distribution = "1 to 2"

[inputs.case]
unit = "kg"
index = ["scenario"]
point = 1

[outputs.y]
value = "sum(x)"
unit = "kg"

[outputs.case]
unit = "kg"
"""


@pytest.fixture
def faults(write_study):
    """Return a function that tells what is wrong with a study that says something more."""

    def found(more):
        try:
            un.load_study(write_study(HEAD + INDICES + BASE + more))
        except un.StudyError as error:
            return [str(fault).split(".toml: ")[1] for fault in error.faults]
        return []

    return found


PAIR = '[[correlations]]\ninputs = ["{}", "{}"]\n{} = 0.3\n'
SCORE = "its score alone is correlated, by spearman or kendall"


def test_values_are_correlated_of_what_has_its_own_and_is_an_amount(faults):
    member = f'correlations[0].pearson: "which" is a member of an index, which is no amount; {SCORE}'
    assert faults(PAIR.format("free", "which", "pearson")) == [member]
    same = 'correlations[0].pearson: "{}" has one score with other members (across = "same"); ' + SCORE
    assert faults(PAIR.format("x[us]", "free", "pearson")) == [same.format("x")]
    assert faults(PAIR.format("x", "z", "pearson")) == [same.format("x"), same.format("z")]
    for kind in ("spearman", "kendall"):
        assert faults(PAIR.format("which", "free", kind)) == []
        assert faults(PAIR.format("x", "z", kind)) == []


def test_a_published_figure_by_member_is_told_from_a_statistic(faults):
    said = "is a member of the index scenario and a key of published figures; give the member another name"
    assert faults("published = { low = 1, high = 2 }\n") == [f'outputs.case.published.low: "low" {said}']
    assert faults("published = { p5 = 1, other = 2 }\n") == [f'outputs.case.published.p5: "p5" {said}']
    assert faults("published = { other = { p5 = 1 } }\n") == [f'outputs.case.published.other.p5: "p5" {said}']
    assert faults("published = { other = 1 }\n") == []
    reading = '[readings.r]\nlabel = "r"\nexpect = { case = { low = 3 } }\n'
    assert faults(reading) == [f'readings.r.expect.case.low: "low" {said}']


WRONG = {
    "product(x)": "what product multiplies must be a pure number, not mass",
    "floor(x[us])": "the argument of floor must be a pure number, not mass",
    "x[us] and 1": "a condition of and must be a pure number, not mass",
    "1[byte] + 1": "cannot add information and a pure number",
}


@pytest.mark.parametrize("formula", WRONG)
def test_pure_numbers_are_needed_where_units_would_depend_on_the_values(faults, formula):
    (said,) = faults(f'[outputs.more]\nvalue = "{formula}"\nunit = "1"\n')
    assert WRONG[formula] in said
