"""A study file is read once, and everything that is wrong with it is said together."""

import hashlib

import pytest
from study_contents import faults

import uncertainty as un
from uncertainty.distributions import Lognormal, Truncated
from uncertainty.study.figures import written_digits
from uncertainty.study.written import WrittenFloat


def test_a_sound_file_becomes_an_immutable_study(small):
    assert small.title == "Commuting"
    assert list(small.inputs) == ["distance", "intensity", "fuel", "content", "trips"]
    assert small.inputs["trips"].kind == "variability"
    assert small.outputs["yearly"].published.digits == 1
    assert list(small.readings) == ["as_published", "carpool"]
    assert small.preferred_reading == "carpool"
    with pytest.raises(TypeError):
        small.inputs["x"] = None
    with pytest.raises(AttributeError):
        small.title = "other"


def test_a_number_too_near_to_0_is_refused_wherever_it_stands(write_study):
    from uncertainty.distributions import parse_distribution
    from uncertainty.expressions import parse_expression
    from uncertainty.tables.sheets import as_number

    path = write_study(
        replace={"point = 10\n": "point = 2e-400\n", '"discrete(380, 400, 440)"': '"normal(-0.01e-399, 1)"'}
    )
    told = "is too near to 0; write 0, or take a unit in which it is larger"
    assert faults(path) == [
        f"inputs.distance.point: 2e-400 {told}", f"inputs.trips.distribution: -0.01e-399 {told}",
    ]  # fmt: skip
    for read in (as_number, parse_expression, parse_distribution):
        for text in ("1e-400", "0.0005e-330"):
            with pytest.raises(ValueError, match=f"{text} {told}"):
                read(text)
        read("0e-400")
        read("0.00")


def test_what_a_command_found_is_no_study(command, small, tmp_path):
    for name in ("run", "check"):
        found = command(name, small.file, "--json", *(("--samples", 64) if name == "run" else ()))
        (tmp_path / "found.json").write_text(found.out)
        with pytest.raises(un.StudyError, match=f"holds what uncertainty {name} found, and is no study"):
            un.load_study(tmp_path / "found.json")


def test_distributions_are_truncated_to_the_inputs_limits(small):
    distribution = small.inputs["distance"].distribution
    assert isinstance(distribution, Truncated)
    assert distribution.support == (1, 100)


def test_the_hash_covers_the_file_and_the_data_that_it_names(write_study, tmp_path):
    (tmp_path / "data.csv").write_text("trips\n380\n400\n")
    path = write_study(replace={'"discrete(380, 400, 440)"': '\'empirical("data.csv", "trips")\''})
    first = un.load_study(path).sha256
    (tmp_path / "data.csv").write_text("trips\n380\n401\n")
    assert un.load_study(path).sha256 != first


def test_the_hash_of_a_file_alone_is_its_sha256(write_study):
    path = write_study()
    assert un.load_study(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        (2900, 2),
        (2905, 4),
        (0.8, 1),
        (WrittenFloat("2.20"), 3),
        (WrittenFloat("0.0050"), 2),
        (WrittenFloat("1e3"), 1),
        (WrittenFloat("2900.0"), 5),
        (0, 1),
        (WrittenFloat("0.000"), 4),
        (WrittenFloat("-0.0"), 2),
        (WrittenFloat("0.00e3"), 3),
        (-370, 2),
        (WrittenFloat("1_000.5"), 5),
        (WrittenFloat("1.50E-3"), 3),
    ],
)
def test_digits_are_counted_as_written(written, digits):
    assert written_digits(written) == digits


WRONG = {
    "unknown key": (
        {'kind = "variability"': 'knd = "variability"'},
        'inputs.trips.knd: unknown key; did you mean "kind"?',
    ),
    "missing key": ({'unit = "g/km"\n': ""}, "inputs.intensity.unit: this key is required"),
    "wrong type": (
        {"point = 400": "point = true"},
        "inputs.trips.point: expected a number or text, found true or false",
    ),
    "not finite": ({"point = 400": "point = nan"}, "inputs.trips.point: expected a finite number"),
    "wrong word": (
        {'"variability"': '"variabilty"'},
        "inputs.trips.kind: expected one of: uncertainty, variability; did",
    ),
    "wrong name": (
        {"[inputs.trips]": "[inputs.Trips]"},
        "inputs.Trips: expected a name of lower-case letters",
    ),
    "unknown unit": ({'"g/km"': '"g/kmm"'}, "inputs.intensity.unit: "),
    "misspelt input": (
        {"distance * intensity": "distanse * intensity"},
        'unknown quantity "distanse"; did you mean "distance"?',
    ),
    "point of an equation": (
        {'"fuel * content"': '"fuel * per_trip"'},
        'inputs.intensity.point: unknown input "per_trip"',
    ),
    "cycle": (
        {'occupancy_share = "1"': 'occupancy_share = "per_trip / per_trip"'},
        "depends on itself in a cycle: ",
    ),
    "cycle of points": (
        {"point = 0.065": 'point = "intensity / content"'},
        "inputs.intensity: depends on itself",
    ),
    "cycle in an option": ({'"0.5"': '"per_trip / per_trip"'}, "depends on itself in a cycle"),
    "unit mismatch": (
        {'value = "per_trip * trips"': 'value = "per_trip"'},
        "outputs.yearly: has dimension mass / trip, but",
    ),
    "sum of unlike": ({"per_trip * trips": "per_trip + trips"}, "outputs.yearly: cannot add"),
    "unlike beside a name with cycle in it": (
        {'"fuel * content"': '"cycle_time"', "per_trip * trips": "per_trip + trips"},
        "outputs.yearly: cannot add",
    ),
    "unlike option": (
        {'"0.5"': '"distance"'},
        "choices.sharing.options.shared.equations.occupancy_share: has dimension",
    ),
    "unlike point": ({'"fuel * content"': '"fuel"'}, "inputs.intensity.point: has dimension"),
    "bad distribution": ({"normal(150, 15)": "normal(150, -15)"}, "inputs.intensity.distribution: "),
    "no headline": (
        {'headline = "yearly"': 'headline = "yaerly"'},
        'study.headline: unknown output "yaerly"; did you mean',
    ),
    "no quantity": (
        {"[outputs.per_trip]": "[outputs.per_day]"},
        "outputs.per_day: expected a value, for no quantity",
    ),
    "limits crossed": (
        {"high = 100": "high = 0.5"},
        "inputs.distance.low: expected less than high (0.5), found 1",
    ),
    "point off limits": (
        {"low = 1": "low = 20"},
        "inputs.distance.point: 10 lies outside the input's limits, 20 to 100",
    ),
    "override off limits": (
        {"inputs = { trips = 440 }": "inputs = { distance = 500 }"},
        "500 lies outside the input's limits",
    ),
    "first option": (
        {'label = "nobody"': "inputs = { trips = 3 }"},
        "choices.sharing.options.alone: the first option is",
    ),
    "one name twice": (
        {"inputs = { intensity =": "equations = { occupancy_share = '1' }\ninputs = { intensity ="},
        'overridden by the choice "sharing" too',
    ),
    "unknown option": (
        {'choices = { sharing = "shared" }': 'choices = { sharing = "shard" }'},
        'unknown option "shard"; did you',
    ),
    "excluded reading": (
        {'choices = { sharing = "shared" }': 'choices = { sharing = "shared", car = "electric" }'},
        "nobody shares the electric car",
    ),
    "excluded original": (
        {'when = { sharing = "shared", car = ["electric"] }': 'when = { sharing = "alone" }'},
        "excludes the publication's own",
    ),
    "unknown expectation": (
        {"expect = { yearly": "expect = { daily"},
        'readings.carpool.expect: unknown output "daily"',
    ),
    "reserved name": (
        {"[inputs.fuel]": "[inputs.exp]", "fuel * content": "content"},
        "inputs.exp: is a word of the expression language",
    ),
    "one name for two": (
        {"[equations]": "[equations]\ntrips = '1'"},
        "equations.trips: an input has this name already",
    ),
    "reference on a log scale": (
        {"reference = 100": "reference = 0"},
        "outputs.yearly.reference: expected a positive number on a log10 scale",
    ),
    "negative on a log scale": (
        {"published = 600": "published = -600"},
        "expected a positive figure on a log10 scale",
    ),
    "digits of nothing": (
        {"published = 1.5": "digits = 2"},
        "outputs.per_trip.digits: needs a published figure",
    ),
    "bad counting unit": ({'["trip"]': '["gram"]'}, "study.counting_units: "),
    "format": ({"format = 1": "format = 2"}, "format: expected"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_fault_names_its_key_and_what_was_expected(write_study, case):
    replacements, expected = WRONG[case]
    found = faults(write_study(replace=replacements))
    assert any(expected in fault for fault in found), found


def test_all_faults_are_reported_together(write_study):
    path = write_study(
        replace={
            '"g/km"': '"g/kmm"',
            "lognormal(10, 1.2)": "triangular(1, 9, 3)",
            "per_trip * trips": "per_trip * tripz",
        }
    )
    keys = [fault.split(":")[0] for fault in faults(path)]
    assert {"inputs.intensity.unit", "inputs.distance.distribution", "outputs.yearly.value"} <= set(keys)


@pytest.mark.parametrize(
    ("correlations", "expected"),
    [
        ('inputs = ["distance", "tripz"]\nspearman = 0.5', 'unknown input "tripz"; did you mean "trips"?'),
        ('inputs = ["distance", "fuel"]\nspearman = 0.5', '"fuel" has no distribution to correlate'),
        ('inputs = ["distance", "distance"]\nspearman = 0.5', "expected two different inputs"),
        ('inputs = ["distance", "trips"]\nspearman = 1', "expected more than -1 and less than 1"),
        ('inputs = ["distance"]\nspearman = 0.1', "at least 2"),
    ],
)
def test_impossible_correlations_are_refused(write_study, small_text, correlations, expected):
    found = faults(write_study(f"{small_text}\n[[correlations]]\n{correlations}\n"))
    assert any(expected in fault for fault in found), found


def test_correlations_that_cannot_hold_together_are_refused(write_study, small_text):
    pairs = [("distance", "intensity", 0.9), ("intensity", "trips", 0.9), ("distance", "trips", -0.9)]
    rows = "".join(f'\n[[correlations]]\ninputs = ["{a}", "{b}"]\nspearman = {s}\n' for a, b, s in pairs)
    text = small_text.replace("discrete(380, 400, 440)", "normal(400, 10)") + rows
    assert any("not positive definite" in fault for fault in faults(write_study(text)))


@pytest.mark.parametrize("key", ["r", "tau", "rho"])
def test_a_correlation_that_does_not_say_of_what_is_asked_for_it(write_study, small_text, key):
    rows = f'\n[[correlations]]\ninputs = ["distance", "intensity"]\n{key} = 0.5\n'
    (said,) = (fault for fault in faults(write_study(small_text + rows)) if f".{key}:" in fault)
    assert "did you mean" not in said
    assert "write spearman for the correlation of ranks" in said


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a ++ b )", 'outputs.y.value: unexpected ")"'),
        ("a + " * 4000 + "a", "outputs.y.value: an expression has at most"),
        ("b", 'outputs.y.value: unknown quantity "b"'),
    ],
)
def test_a_fault_in_the_only_output_is_told_as_one(tmp_path, value, expected):
    path = tmp_path / "study.toml"
    output = f'[outputs.y]\nunit = "kg"\nvalue = "{value}"\n'
    head = 'format = 1\n[study]\ntitle = "x"\nheadline = "y"\n[inputs.a]\nunit = "kg"\npoint = 1\n'
    path.write_text(head + output, encoding="utf-8")
    assert faults(path)[0].startswith(expected)


def test_files_that_are_no_studies_are_refused(tmp_path):
    path = tmp_path / "study.toml"
    for content, expected in [
        (b"\xff", "is not UTF-8 text"),
        (b"a = = 3", "is not TOML"),
        (b"a = " + b"[" * 5000, ""),
    ]:
        path.write_bytes(content)
        with pytest.raises(un.StudyError) as caught:
            un.load_study(path)
        assert expected in str(caught.value)
        assert len(caught.value.faults) == 1


def test_a_missing_study_suggests_the_bundled_one():
    with pytest.raises(un.StudyError, match='no such study file; did you mean "ai-vs-human"'):
        un.load_study("ai-vs-humans")


def test_a_lognormal_without_limits_stays_itself(write_study):
    study = un.load_study(write_study(replace={"low = 1\nhigh = 100\n": ""}))
    assert isinstance(study.inputs["distance"].distribution, Lognormal)


@pytest.mark.parametrize("point", ["1e-300", "1e300"])
def test_a_point_beyond_what_can_be_calculated_is_a_fault_at_its_key(write_study, point):
    with pytest.raises(un.StudyError, match=r"inputs\.fuel\.point: a constant must be 0 or between 1e-150"):
        un.load_study(write_study(replace={"point = 0.065": f"point = {point}"}))
