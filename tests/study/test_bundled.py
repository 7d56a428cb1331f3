"""Every bundled study keeps the rules of honesty that `distributions/README.md` asks for."""

import math
import re
from decimal import Decimal

import numpy as np
import pytest
from scipy.stats import norm

import uncertainty as un
from uncertainty.grounds import weigh_evidence
from uncertainty.study import bundled
from uncertainty.study.bibliography import texts
from uncertainty.study.reach import made_of

DIFFERENCES = {
    ("alone", "alone_in_universe"),
    ("epidemic", "deaths"),
    ("epidemic", "infected_share"),
    ("five-cars", "search_hours_tpu"),
}
"""Figures that the publication's own inputs do not give; the output's note says why."""


@pytest.fixture(scope="module", params=bundled.names())
def study(request):
    return un.load_study(request.param)


@pytest.fixture(scope="module")
def found(study):
    return un.reproduce(study)


def test_published_figures_reproduce_or_the_study_says_why_not(study, found):
    differing = {name for name, row in found.figures.items() if "differs" in {e.status for e in row.every}}
    assert {(study.name, name) for name in differing} == {d for d in DIFFERENCES if d[0] == study.name}
    assert all(study.outputs[name].note for name in differing)


@pytest.mark.slow
def test_a_study_runs_and_its_headline_varies(study):
    """With as few model rows as averages over cases need."""
    run = un.propagate(study, outputs=[study.headline], samples=2**14)
    low, high = run.outputs[study.headline].interval()
    assert low < high


def test_what_readings_expect_holds(found):
    assert found.readings
    for reading, rows in found.readings.items():
        assert {each.status for row in rows.values() for each in row.every} == {"reproduced"}, reading


def test_every_distribution_names_its_basis_and_its_source(found):
    assert not found.unsupported


def test_an_input_of_one_source_is_called_an_assumption_or_the_publication_is_that_source(study, found):
    """What repeats a publication's own inputs, or a standard's, has no second source to ask."""
    alone = {"alone", "debt-and-growth", "gauge-block", "inventory"}
    lone = set(found.evidence["one_source"]) - {
        name for name, item in study.inputs.items() if item.basis == "assumption"
    }
    assert study.name in alone or not lone
    assert not found.evidence["none"]


def test_a_range_whose_ends_are_ours_is_not_called_a_published_one(study):
    """`published range` says that the ends stand in publications, by `distributions/README.md`."""
    for name, item in study.inputs.items():
        if item.basis == "published range":
            assert not re.search(r"\b(is|are) ours\b", f"{item.note} {item.source}"), name


def test_every_end_of_a_published_range_is_a_published_number(study):
    """Rounded as it is written: 200 to 410 are 202 and 413, and 1.40 is neither 1.18 nor 1.55."""
    for name, item in study.inputs.items():
        if item.basis != "published range" or not item.evidence:
            continue
        text = str(item.distribution)
        ends = re.search(r"([\d.e+-]+) to ([\d.e+-]+)", text)
        called = re.search(r"\b(?:uniform|loguniform|triangular)\(([^)]*)\)", text)
        written = ends.groups() if ends else called[1].split(", ") if called else ()
        printed = {number for each in item.evidence for number in (each.value, each.low, each.high) if number}
        for end in written:
            places = len(Decimal(end).normalize().as_tuple().digits) - 1
            assert float(end) in {float(f"{number:.{places}e}") for number in printed}, (name, end)


def test_a_study_names_its_sources_and_says_what_was_read_of_each(study):
    assert study.sources
    assert all(source.seen for source in study.sources.values())


def test_every_input_names_its_source_and_a_fixed_one_says_that_it_is(study):
    drawn = {item.quantity for item in study.inputs.values() if item.distribution is not None}
    for name, item in study.inputs.items():
        assert item.source, name
        if item.quantity not in drawn:
            assert (item.note or "").startswith("Fixed"), name


def test_every_option_and_every_reading_names_its_source(study):
    for name, choice in study.choices.items():
        assert choice.question, name
        for option, found in choice.options.items():
            assert found.source, f"{name}.{option}"
    for name, reading in study.readings.items():
        assert reading.source, name
        assert reading.condition, name


def test_a_study_about_a_claim_leads_with_three_readings(study):
    """The gauge block is a measurement: it has what was done, and the approximation to it."""
    if study.name == "gauge-block":
        assert len(study.readings) == 2
    else:
        assert study.preferred_reading is not None
        assert len(study.readings) >= 3


RESULT = re.compile(r"\d \((?:\d+ % interval )?-?\d[\d.,e+-]* to -?\d|\bdraws (?:have|give)\b[^.;:]*\d")
"""A middle value with its interval, or what the draws give, which the program computes."""


def test_no_text_of_a_study_holds_a_result_that_the_program_computes(study):
    """It would stay there when an input changes: 48 (14 to 160) stood beside 50 (15 to 200)."""
    assert not [each.at for each in texts(study) if RESULT.search(each.text)]


def test_the_middle_of_the_evidence_is_told_as_it_is(study):
    told = re.compile(r"middle of the (?:evidence|two|three)(?:, | is | at )(\d+(?:,\d{3})*(?:\.\d+)?)")
    found = [(each.at.split(".")[1], number) for each in texts(study) for number in told.findall(each.text)]
    if found:
        middles = weigh_evidence(study).inputs
        for name, number in found:
            half = 0.5 * 10.0 ** -len(number.partition(".")[2])
            if "," in number:  # three digits
                half = 0.005 * middles[name].middle
            assert float(number.replace(",", "")) == pytest.approx(middles[name].middle, abs=1.01 * half), (
                name
            )


def test_what_is_printed_is_somebody_else_s(study):
    """A reading of our own, or a number that follows from others by arithmetic, is no critique."""
    own = re.compile(r"^(our|derived|computed)\b")
    critics = [each for each in study.readings.values() if each.printed]
    assert not [each.name for each in critics if own.match(each.source) or each.name == "as_published"]


def test_what_is_known_through_one_other_alone_is_said_to_come_from_that_one(study):
    """A source cannot be known through one alone where a text takes its number from another."""
    told = re.compile(r"@(\w+)(?: \([^)]*\))?,? (?:derived from|through|in) @(\w+)")
    pairs = [pair for each in texts(study) for pair in told.findall(each.text)]
    sources = study.sources
    assert not [(known, by) for known, by in pairs if sources[known].through not in ("", by)]


def test_an_account_that_readings_take_is_not_said_to_stand_at_points_alone():
    flagship = un.load_study("ai-vs-human")
    account = flagship.inputs["footprint_account"]
    assert (account.point, account.distribution) == (0, None)  # the first account, in draws too
    assert "points alone" not in flagship.inputs["annual_footprint[us,as_printed]"].note


@pytest.mark.parametrize(
    ("name", "key", "ends", "cv"),
    [
        ("ai-vs-human", "queries_per_accepted_page", (2, 7), 0.8),
        ("writing-a-page", "pages_generated", (2, 7), 0.8),
        ("ten-searches", "turns_per_question", (1.5, 4), 0.6),
        ("ten-searches", "queries_per_question", (1.5, 4), 0.6),
    ],
)
def test_a_note_says_how_far_one_at_least_raises_an_average(name, key, ends, cv):
    """The mean of a lognormal distribution above 1, from its partial expectation, over that of all of it."""
    spread = math.sqrt(math.log(1 + cv * cv))

    def raised(mean):
        log_median = math.log(mean) - spread**2 / 2
        return norm.cdf(log_median / spread + spread) / norm.cdf(log_median / spread) - 1

    middle, lower = raised(math.sqrt(ends[0] * ends[1])), raised(ends[0])
    note = un.load_study(name).inputs[key].note
    assert f"by {middle:.0%} at its middle and by {lower:.0%} at its lower end".replace("%", " %") in note


def test_a_share_of_livestock_is_converted_only_where_its_weights_are_known():
    livestock = un.load_study("livestock")
    found = un.compare_readings(livestock, samples=2**12)
    printed = livestock.readings["one_metric"].expect["share"].value
    assert found.distribution("one_metric").median == pytest.approx(printed, rel=0.01)
    # the publication's own sum is in no reading that weighs the gases anew
    for name in ("one_metric", "in_twenty_years"):
        plan = found.runs[name].scenario
        own = made_of(plan, livestock.outputs["share"])
        assert {"sum_of_2010", "world_of_2010"} <= set(own)
        assert "livestock" not in own


def test_deaths_that_are_called_preventable_are_not_made_fewer_a_second_time():
    error = un.load_study("medical-error")
    assert error.inputs["preventable[healthgrades]"].distribution is None
    assert error.inputs["preventable[healthgrades]"].point == 1
    lethal = error.inputs["lethal[healthgrades]"].distribution
    preventable = [0.0062, 0.0113, 0.0038]  # as the table prints them for the other three
    assert float(lethal.quantile(0.05)) == pytest.approx(min(preventable), rel=0.01)
    # an admission ends in one death at most
    limits = {(item.low, item.high) for name, item in error.inputs.items() if name.startswith("lethal[")}
    assert limits == {(0, 1)}


def test_no_figure_is_said_to_be_reproduced_by_inputs_derived_from_it():
    livestock, error = un.load_study("livestock"), un.load_study("medical-error")
    assert "@ipcc2007" in livestock.inputs["world_total"].source
    # deaths in hospital are the reading's own number by its own share
    assert error.inputs["hospital_deaths"].source.startswith("derived from @rodwin2020: 22,165")
    assert not error.readings["judged"].expect
    # what a server takes for a page is the printed energy without its building's overhead
    page = un.load_study("writing-a-page")
    for model, energy in (("llama", "0.0195"), ("gemma", "0.00024")):
        server = page.inputs[f"{model}_server_energy"]
        assert server.source == f"derived: {energy} kWh ÷ 1.17"
        assert server.point == pytest.approx(1000 * float(energy) / page.inputs["pue"].point, rel=1e-3)
    assert "the models' two energies are reproduced is no check" in page.note


def test_what_a_stream_takes_is_derived_from_what_its_sources_print():
    """Malmodin: 18 W a line of 3 or 4 users, 5 to 7 W a stream. Mytton et al.: 76.3 EB in 39.2 bn h."""
    streaming = un.load_study("streaming")
    ends = {
        item: {(each.low, each.high) for each in streaming.inputs[item].evidence}
        for item in ("network_power", "intensity")
    }
    shared = [(18 / 4 + 5) / 1000, (18 / 3 + 7) / 1000]
    assert any(each == pytest.approx(shared, rel=0.01) for each in ends["network_power"])
    assert streaming.inputs["network_power"].distribution.quantile(0.05) == pytest.approx(
        math.sqrt(shared[0] * shared[1]), rel=0.02
    )
    hourly = 76.3 / 39.2
    assert any(
        each == pytest.approx([0.091 / hourly, 0.210 / hourly], rel=0.01) for each in ends["intensity"]
    )


def test_devices_that_are_half_desktops_take_more_than_the_upper_end():
    """Laptops of 30 W and desktops of 100 W make 65 W half and half, 58 W where two fifths are desktops."""
    power = un.load_study("ten-searches").inputs["average_device_power"]
    assert pytest.approx(float(power.distribution.quantile(0.95)), rel=0.05) == 0.4 * 100 + 0.6 * 30
    assert "two fifths on desktops" in power.note


def test_a_share_of_a_car_is_what_the_printed_tonnes_make():
    printed = un.load_study("five-cars").readings["wind_matched"].printed
    assert printed.startswith("0.6 t for the search, 476 times less, so 0.010 of a car's 126,000 lb")
    pounds = 0.6 * 2204.62
    assert f"{pounds / 126_000:.3f}" == f"{626_155 / 476 / 126_000:.3f}" == "0.010"


@pytest.mark.parametrize("name", ["five-cars", "writing-a-page", "ai-vs-human"])
def test_a_share_that_falls_where_electricity_emits_more_is_not_said_to_have_nothing_to_do_with_it(name):
    study = un.load_study(name)
    falls = "share falls where electricity emits more"
    assert falls in study.inputs["embodied_share"].note
    grids = {one for one, each in study.inputs.items() if each.unit.text == "kg/kWh"}
    pairs = [
        each for each in study.independent if "embodied_share" in each.inputs and grids & set(each.inputs)
    ]
    assert pairs
    assert all(falls in each.because for each in pairs)


def test_preventable_deaths_of_a_condition_are_those_of_nine_in_ten_tries():
    error = un.load_study("medical-error")
    shares = [
        error.inputs[f"preventable[{one}]"].distribution for one in ("inspector", "classen", "landrigan")
    ]
    rng = np.random.default_rng(1)
    deaths = sum(
        count * share.quantile(rng.random(100_000)) for count, share in zip((12, 9, 14), shares, strict=True)
    )
    low, high = np.quantile(deaths, [0.05, 0.95])
    said = [each.condition for each in error.readings.values() if "35 deaths" in each.condition]
    assert len(said) == 1
    assert f"of which {low:.0f} to {high:.0f} count as preventable" in said[0]


SIX = ("alone", "debt-and-growth", "electric-car", "livestock", "medical-error", "streaming")
"""Claims that a newcomer reads to see how a study is written."""


def test_a_study_that_shows_how_one_is_written_is_read_in_minutes():
    for name in SIX:
        text = (bundled.folder() / f"{name}.toml").read_text(encoding="utf-8")
        assert len(text.splitlines()) < 150, name


def test_a_study_is_typed_by_its_name_or_by_its_file_s(tmp_path, small):
    assert bundled.typed_name(un.load_study("gauge-block")) == "gauge-block"
    assert bundled.typed_name(un.load_study(bundled.folder() / "gauge-block.toml")) == "gauge-block"
    assert bundled.typed_name(small) == "study.toml"
    copy = tmp_path / "gauge-block.toml"
    copy.write_bytes((bundled.folder() / "gauge-block.toml").read_bytes())
    assert bundled.typed_name(un.load_study(copy)) == "gauge-block.toml"
    assert bundled.typed_name(un.Study.from_function(abs_of, {"a": 1})) == "abs_of"


def abs_of(a):
    return {"y": abs(a)}
