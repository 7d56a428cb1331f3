"""Two studies are compared by what they mean."""

import pytest
from sourced_study import SOURCED

import uncertainty as un
from uncertainty.study.differences import differences


@pytest.fixture
def compare(write_study, small_text, tmp_path):
    """Return a function that compares the small study with one in which texts were replaced."""

    def found(**replace):
        one = un.load_study(write_study(small_text))
        text = small_text
        for old, new in replace["changes"].items():
            assert old in text
            text = text.replace(old, new)
        other = tmp_path / "other.toml"
        other.write_text(text, encoding="utf-8")
        return differences(one, un.load_study(other))

    return found


def told(found):
    return [(each.key, each.one, each.other) for each in found]


def test_a_study_differs_in_nothing_from_itself(small, flagship):
    assert differences(small, small) == ()
    assert differences(flagship, un.load_study("ai-vs-human")) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {'"distance * intensity * occupancy_share"': '"distance*intensity * (occupancy_share)"'},
        {'"lognormal(10, 1.2)"': '"lognormal(median=10, sigma=0.1823215567939546)"'},
        {"point = 10\n": "point = 10.0\n"},
        {"published = 600": "published = 600.0\ndigits = 1"},
        {'car = ["electric"]': 'car = "electric"'},
    ],
)
def test_how_something_is_written_makes_no_difference(compare, changes):
    assert compare(changes=changes) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"point = 0.065": "point = 0.07"}, ("inputs.fuel.point", "0.065", "0.07")),
        ({"high = 100": "high = 90"}, ("inputs.distance.high", "100", "90")),
        (
            {"published = 600": "published = 610"},
            ("outputs.yearly.published", "600 (1 digit)", "610 (2 digits)"),
        ),
        ({'claim = "at least"': 'claim = "at most"'}, ("outputs.yearly.claim", "at least", "at most")),
        (
            {'"per_trip * trips"': '"per_trip * trips * 2"'},
            ("outputs.yearly.expression", "per_trip * trips", "per_trip * trips * 2"),
        ),
        (
            {'occupancy_share = "1"': 'occupancy_share = "0.9"'},
            ("equations.occupancy_share.expression", "1", "0.9"),
        ),
        (
            {'occupancy_share = "0.5"': 'occupancy_share = "0.4"'},
            ("choices.sharing.options.shared.equations.occupancy_share", "0.5", "0.4"),
        ),
        (
            {'intensity = "uniform(30, 70)"': "intensity = 40"},
            ("choices.car.options.electric.inputs.intensity", "uniform(30, 70)", "40"),
        ),
        ({"trips = 440": "trips = 430"}, ("readings.carpool.inputs.trips", "440", "430")),
        ({"preferred = true": "preferred = false"}, ("readings.carpool.preferred", "yes", "no")),
        (
            {"value = 330": "value = 340"},
            ("readings.carpool.expect.yearly", "330 (2 digits)", "340 (2 digits)"),
        ),
        ({'headline = "yearly"': 'headline = "per_trip"'}, ("study.headline", "yearly", "per_trip")),
    ],
)
def test_what_changes_numbers_is_told_with_both_sides(compare, changes, expected):
    found = compare(changes=changes)
    assert expected in told(found)
    assert next(each for each in found if each.key == expected[0]).changes_numbers


def test_a_distribution_is_told_with_what_it_amounts_to(compare):
    (found,) = compare(changes={'"normal(150, 15)"': '"normal(150, 30)"'})
    assert found.key == "inputs.intensity.distribution"
    assert found.note == "median 150, 90 % from 125 to 175 and median 150, 90 % from 101 to 199"


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("truncate(uniform(100, 300), low=200)", "median 250, 90 % from 205 to 295"),
        ("truncate(normal(150, 15), high=150)", "median 140, 90 % from 121 to 149"),
        ("truncate(poisson(120), low=131)", "median 135, 90 % from 131 to 147"),
    ],
)
def test_of_a_truncated_distribution_it_is_what_the_limits_leave(written, right, compare):
    """Right values are those of scipy's distributions, at probabilities between those of the limits."""
    (found,) = compare(changes={'"normal(150, 15)"': f'"{written}"'})
    assert found.note == f"median 150, 90 % from 125 to 175 and {right}"


def test_the_same_quantity_in_another_unit_changes_no_number(compare):
    (found,) = compare(
        changes={
            'unit = "L/km"\npoint = 0.065': 'unit = "mL/km"\npoint = 65',
            "fuel * content": "fuel * content",
        }
    )
    assert (found.key, found.changes_numbers, found.note) == ("inputs.fuel.unit", False, "the same quantity")
    (found, *rest) = compare(changes={'unit = "L/km"\npoint = 0.065': 'unit = "mL/km"\npoint = 66'})
    assert "inputs.fuel.point" in {each.key for each in (found, *rest) if each.changes_numbers}


def test_parts_that_one_study_alone_has_are_told(compare):
    found = compare(changes={"[inputs.trips]": '[inputs.spare]\nunit = "kg"\npoint = 3\n\n[inputs.trips]'})
    assert [(each.key, each.one, each.other) for each in found] == [
        ("inputs.spare", None, "unit: kg; point: 3")
    ]
    found = compare(
        changes={
            "[[excluded]]\n": "",
            'when = { sharing = "shared", car = ["electric"] }\n': "",
            'because = "nobody shares the electric car"\n': "",
        }
    )
    assert [each.section for each in found] == ["excluded"]


def test_words_are_told_apart(compare):
    found = compare(
        changes={'label = "Yearly emissions"': 'label = "Emissions"', "point = 0.065": "point = 0.07"}
    )
    assert [(each.key, each.changes_numbers) for each in found] == [
        ("inputs.fuel.point", True),
        ("outputs.yearly.label", False),
    ]


def test_correlations_are_compared_whatever_the_order_of_their_inputs(compare):
    one = '[[correlations]]\ninputs = ["distance", "intensity"]\nspearman = 0.5\n\n[equations]'
    found = compare(changes={"[equations]": one})
    assert [(each.key, each.one) for each in found] == [("correlations.distance+intensity", None)]


LASER = """
format = 1
[study]
title = "A laser"
headline = "f"
[inputs.f]
unit = "{unit}"
point = {point}
distribution = "{distribution}"
[outputs.f]
unit = "Hz"
"""


@pytest.mark.parametrize(
    ("unit", "point", "distribution", "changed"),
    [
        ("Hz", 473612353604000, "normal(473612353604000, 4000)", {"inputs.f.distribution"}),
        ("Hz", 473612353604001, "normal(473612353604000, 3000)", {"inputs.f.point"}),
        ("kHz", 473612353604, "normal(473612353604, 3)", set()),
        ("GHz", 473612.353604, "normal(473612.353604, 3e-6)", set()),
    ],
)
def test_what_differs_beside_a_large_value_is_told(tmp_path, unit, point, distribution, changed):
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    own = {"unit": "Hz", "point": 473612353604000, "distribution": "normal(473612353604000, 3000)"}
    one.write_text(LASER.format(**own), encoding="utf-8")
    other.write_text(LASER.format(unit=unit, point=point, distribution=distribution), encoding="utf-8")
    found = differences(un.load_study(one), un.load_study(other))
    assert {each.key for each in found if each.changes_numbers} == changed


def test_sources_and_what_a_study_says_of_itself_change_no_number(write_study, tmp_path):
    one = un.load_study(write_study(SOURCED))
    other = tmp_path / "other.toml"
    text = SOURCED.replace('seen = "abstract"', 'seen = "full text"').replace('"pt-BR"', '"fr"')
    other.write_text(text + 'year = 1999\n[sources.more]\ntitle = "More"\n', encoding="utf-8")
    found = differences(one, un.load_study(other))
    assert told(found) == [
        ("study.language", "pt-BR", "fr"),
        ("sources.smith_other.seen", "abstract", "full text"),
        ("sources.unsaid.year", None, "1999"),
        ("sources.more", None, "title: More"),
    ]
    assert not any(each.changes_numbers for each in found)


def test_two_terms_or_factors_may_change_places(write_study, tmp_path):
    study = """
    format = 1
    study = { title = "t", headline = "y" }
    inputs = { a = { unit = "1", point = 2 }, b = { unit = "1", point = 3 } }
    choices = { w = { options = { one = {}, two = { equations = { c = "b * (a + 1)" } } } } }
    [equations]
    c = "a * b + a / b"
    [outputs.y]
    unit = "1"
    value = "c * (a + b)"
    """
    one = un.load_study(write_study(study))
    for old, new, count in [
        ("a * b + a / b", "a / b + b * a", 0),
        ("c * (a + b)", "(b + a) * c", 0),
        ("b * (a + 1)", "(1 + a) * b", 0),
        ("a * b + a / b", "a * b + b / a", 1),
        ("a * b + a / b", "a * b - a / b", 1),
    ]:
        assert old in study
        other = un.load_study(write_study(study.replace(old, new)))
        assert len([each for each in differences(one, other) if each.changes_numbers]) == count, new


UNITS = """
format = 1
[study]
title = "A way"
headline = "y"
[inputs.d]
unit = "{unit}"
point = {ten}
distribution = "{eight} to {fifteen}"
[inputs.s]
unit = "1"
point = 0.5
distribution = "0.4 to 0.6"
[outputs.y]
value = "d * s"
unit = "{unit}"
published = {{ value = {five}, probability = 0.5 }}
reference = {one}
[choices.c.options.a]
[choices.c.options.b]
inputs = {{ d = "{eight} to {fifteen}" }}
[readings.r]
inputs = {{ d = {twenty}, s = 0.5 }}
expect = {{ y = {{ value = {ten}, digits = 2 }} }}
[observations.o]
quantity = "d"
value = {ten}
sd = {one}
[[correlations]]
inputs = [{inputs}]
spearman = 0.5
"""
KILOMETRES = {"one": 1, "five": 5, "eight": 8, "ten": 10, "fifteen": 15, "twenty": 20}


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({}, set()),
        ({"published = { value = 5000": "published = { value = 5100"}, {"outputs.y.published"}),
        ({"probability = 0.5": "probability = 0.6"}, {"outputs.y.published"}),
        ({"reference = 1000": "reference = 1100"}, {"outputs.y.reference"}),
        ({"d = 20000": "d = 21000"}, {"readings.r.inputs.d"}),
        ({"value = 10000, digits": "value = 11000, digits"}, {"readings.r.expect.y"}),
        ({"sd = 1000": "sd = 900"}, {"observations.o.sd", "observations.o.unit"}),
        (
            {'inputs = { d = "8000 to 15000" }': 'inputs = { d = "8000 to 16000" }'},
            {"choices.c.options.b.inputs.d"},
        ),
        # the same numbers as in kilometres
        ({"d = 20000": "d = 20"}, {"readings.r.inputs.d"}),
        ({"value = 10000, digits": "value = 10, digits"}, {"readings.r.expect.y"}),
        ({'{ d = "8000 to 15000" }': '{ d = "8 to 15" }'}, {"choices.c.options.b.inputs.d"}),
    ],
)
def test_everything_in_another_unit_is_said_differently_alone(tmp_path, changes, changed):
    (tmp_path / "one.toml").write_text(UNITS.format(unit="km", inputs='"d", "s"', **KILOMETRES))
    metres = {name: 1000 * value for name, value in KILOMETRES.items()}
    text = UNITS.format(unit="m", inputs='"s", "d"', **metres)
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "other.toml").write_text(text)
    found = differences(un.load_study(tmp_path / "one.toml"), un.load_study(tmp_path / "other.toml"))
    told = {each.key for each in found if each.changes_numbers}
    assert changed <= told <= changed | {"outputs.y.unit"}
    assert bool(changes) or {each.key for each in found} == {
        "inputs.d.unit",
        "outputs.y.unit",
        "observations.o.unit",
    }


ASKED = """
format = 1
[study]
title = "T"
headline = "m"
[inputs.m]
unit = "{unit}"
point = {five}
low = {low}
distribution = "experts"
[[inputs.m.experts]]
name = "A"
p5 = {three}
p95 = {eight}
[[inputs.m.experts]]
name = "B"
distribution = "lognormal({five}, 1.2)"
weight = 2
[outputs.m]
unit = "kg"
"""


def test_experts_and_limits_may_be_in_another_unit(tmp_path):
    def compared(**changes):
        numbers = {"three": 3, "five": 5, "eight": 8}
        texts = [
            ASKED.format(unit="kg", low=0.1, **numbers),
            ASKED.format(unit="g", **{"low": 100, **{k: 1000 * v for k, v in numbers.items()}, **changes}),
        ]
        for name, text in zip("ab", texts, strict=True):
            (tmp_path / f"{name}.toml").write_text(text)
        found = differences(*(un.load_study(tmp_path / f"{name}.toml") for name in "ab"))
        return {each.key: (each.one, each.other) for each in found if each.changes_numbers}

    assert compared() == {}
    assert compared(low=0.1) == {"inputs.m.low": ("0.1 kg", "0.1 g")}
    assert compared(low=90) == {"inputs.m.low": ("0.1", "90")}
    assert "inputs.m.experts" in compared(eight=9000)


def test_what_members_are_called_changes_no_number(tmp_path):
    text = (
        'format = 1\n[study]\ntitle = "T"\nheadline = "y"\n[indices.f]\nmembers = {}\n[inputs.u]\n'
        'unit = "1"\nindex = ["f"]\npoint = {{ a = 1, b = 2 }}\n[outputs.y]\nvalue = "sum(u, f)"\n'
        'unit = "1"\n'
    )
    (tmp_path / "one.toml").write_text(text.format('["a", "b"]'))
    (tmp_path / "other.toml").write_text(text.format('{ a = "A", b = "b" }'))
    found = differences(un.load_study(tmp_path / "one.toml"), un.load_study(tmp_path / "other.toml"))
    assert found
    assert not any(each.changes_numbers for each in found)


def test_an_input_with_parameters_is_described_at_one_value_of_these(tmp_path):
    text = (
        'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n[inputs.n]\nunit = "1"\npoint = 1\n'
        'distribution = "poisson(3)"\n[inputs.y]\nunit = "1"\npoint = 20\ndistribution = "normal(n, {})"\n'
        '[outputs.y]\nunit = "1"\n'
    )
    paths = [tmp_path / "one.toml", tmp_path / "other.toml"]
    for path, sd in zip(paths, (0.5, 0.7), strict=True):
        path.write_text(text.format(sd))
    (found,) = un.differences(*map(un.load_study, paths))
    assert found.note.count("at one value of its parameters") == 2


def test_an_option_that_the_limit_of_its_input_cuts_is_told_with_it(write_study, tmp_path):
    text = """
    format = 1
    [study]
    title = "t"
    headline = "y"
    [inputs.x]
    unit = "kg"
    point = 2
    distribution = "1 to 3"
    [choices.c]
    question = "Which?"
    [choices.c.options.a]
    [choices.c.options.b]
    inputs = { x = "5 to 9" }
    [outputs.y]
    value = "x"
    unit = "kg"
    """
    one = un.load_study(write_study(text))
    (tmp_path / "other.toml").write_text(text.replace('"1 to 3"', '"1 to 3"\n    low = 0.5'), "utf-8")
    found = told(differences(one, un.load_study(tmp_path / "other.toml")))
    assert ("choices.c.options.b.inputs.x", "5 to 9", "truncate(5 to 9, low=0.5)") in found
    assert all(before != after for _, before, after in found)


CURVED = """format = 1
[study]
title = "A curve"
headline = "out"
[curves.c]
x_unit = "1"
unit = "1"
points = [[0, 1], [2, POINT]]
[inputs.x]
unit = "1"
point = 1
DISTRIBUTION
[equations]
y = "interpolate(x, c)"
[outputs.out]
unit = "1"
value = "interpolate(x, c) * y"
"""


def curved(folder, point="5", distribution='distribution = "0.9 to 1.1"', data=""):
    folder.mkdir(exist_ok=True)
    (folder / "e.csv").write_text(data, encoding="utf-8")
    path = folder / "study.toml"
    path.write_text(CURVED.replace("POINT", point).replace("DISTRIBUTION", distribution), encoding="utf-8")
    return un.load_study(path)


def test_another_point_of_a_curve_is_told_once(tmp_path):
    found = differences(curved(tmp_path), curved(tmp_path / "b", "6"))
    assert [each.key for each in found] == ["curves.c.points"]
    assert found[0].changes_numbers


@pytest.mark.parametrize(
    ("call", "rows", "changes"),
    [
        ('empirical("f.csv", "v")', "1.5 0.5 1 0.75", False),
        ('empirical("f.csv", "v")', "0.5 0.75 1 1.5", False),
        ('empirical("f.csv", "v")', "1.5 0.5 1 0.8", True),
        ('clip(empirical("f.csv", "v"), low=0)', "0.5 0.75 1 1.5", None),
        ("empirical(1.5, 0.5, 1, 0.75)", "1", False),
        ('mixture(empirical("f.csv", "v"), uniform(0, 1))', "0.5 0.75 1 1.5", None),
    ],
)
def test_the_same_data_of_another_file_assume_the_same(call, rows, changes, tmp_path):
    data = "name,v\n" + "".join(f"s{n},{each}\n" for n, each in enumerate(["1.5", "0.5", "1", "0.75"]))
    first = call if changes is None else 'empirical("e.csv", "v")'
    one = curved(
        tmp_path / "a", distribution=f"distribution = '{first.replace('f.csv', 'e.csv')}'", data=data
    )
    other = "name,v\n" + "".join(f"s{n},{each}\n" for n, each in enumerate(rows.split()))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "f.csv").write_text(other, encoding="utf-8")
    two = curved(tmp_path / "b", distribution=f"distribution = '{call}'", data=data)
    found = differences(one, two)
    assert [each.key for each in found] == ["inputs.x.distribution"]
    assert [each.changes_numbers for each in found] == [bool(changes)]
