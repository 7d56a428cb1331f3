"""What the sections say comes from the numbers, and a part that does not apply says why."""

import math
import re
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

import uncertainty as un
from uncertainty import numbers
from uncertainty.errors import SettingError
from uncertainty.pages.blocks import Span, plain
from uncertainty.pages.content import gather, prepare
from uncertainty.pages.deciders import depends_sentence
from uncertainty.pages.figures import draw, drivers, figure
from uncertainty.pages.sections import SECTIONS, equations, inputs, intervals, make_section, make_sections
from uncertainty.pages.sections.claim import claim
from uncertainty.pages.sections.drivers import _in_words
from uncertainty.pages.sections.reuse import BESIDE
from uncertainty.sampling.estimate import Estimate
from uncertainty.sensitivity.sobol.results import Index, OutputIndices
from uncertainty.settings import Settings
from uncertainty.study.bibliography import texts
from uncertainty.study.model import Evidence
from uncertainty.study.sources import pieces, plain_text
from uncertainty.wording import median_beside

ONE_OF_EACH = """
format = 1
[study]
title = "One of each"
headline = "y"
[inputs.a]
unit = "kg"
point = 2
distribution = "1 to 3"
[inputs.b]
unit = "km"
point = 5
[equations]
twice = "2 * b"
[outputs.y]
unit = "kg"
value = "a"
published = 2
[outputs.z]
unit = "km"
value = "twice + b"
[readings.low]
inputs = { a = 1 }
[readings.high]
inputs = { a = 5 }
[readings.same]
inputs = { b = 4 }
"""

BARE = """
format = 1
[study]
title = "Bare"
headline = "twice"
[inputs.x]
unit = "kg"
point = 2
distribution = "1 to 3"
[outputs.twice]
value = "2 * x"
unit = "kg"
"""


def test_the_headline_leads_with_readings_of_equal_weight(content, small, text_of):
    text = text_of(claim(content.headline).blocks)
    for reading in content.headline.leading:
        assert f"reading “{small.readings[reading].title}”" in text
    assert "If two people share the car," in text
    assert (
        "If the publication's calculation holds and every choice is made as the publication made it," in text
    )
    assert text.count("95 % uncertainty interval: ") == len(content.headline.leading)
    assert text.count("of the draws are at or above the published 600 kg/year.") == 2
    assert text.count("of the draws are at or above 100 kg/year.") == 2


def test_a_percentile_of_the_published_figure_always_names_its_reading(content, text_of):
    sentences = re.findall(r"The published figure lies [^.]*\.", text_of(claim(content.headline).blocks))
    assert len(sentences) == 2
    assert all(re.search(r" percentile of the reading “[^”]+”\.", sentence) for sentence in sentences)


def test_the_first_sentence_says_that_the_convention_decides_when_it_does(sections_of, write_study, small):
    apart = un.load_study(
        write_study(
            replace={'occupancy_share = "0.5"': 'occupancy_share = "0.05"', "value = 330": "value = 33"}
        )
    )
    found = sections_of(apart)
    said = "above 100 kg a year? Counted fairest: no (about 33 kg a year); as the publication counts: yes."
    assert said in found["claim"]
    data = "what differs from case to case or is not well known"
    ways = r"The highest middle value is ([\d.]+) times the lowest; in the widest interval, [^.]*, "
    ends = r"the upper end is ([\d.]+) times the lower\. Above all"
    told = re.search(f"How one counts matters more than {data}. {ways}{ends}", found["claim"])
    assert told is not None
    assert float(told[1]) > float(told[2])
    choice = "it depends on “Who else is in the car?” (“one other person” or “nobody”)."
    assert choice in found["claim"]
    assert "The convention decides more than the data: the middle value changes by" in found["readings"]
    assert "How one counts matters more" not in sections_of(small)["claim"]


def test_the_direction_of_the_claim_decides_what_lies_beyond(gathered, write_study, text_of):
    other = un.load_study(write_study(replace={'claim = "at least"': 'claim = "at most"'}))
    text = text_of(claim(gathered(other).headline).blocks)
    assert "at or below the published 600 kg/year." in text
    assert "at most 600 kg a year" in text


def test_a_rounded_figure_is_explained_in_words(flagship_sections):
    text = flagship_sections["arithmetic"]
    assert "reproduced only when “Midjourney, per generated image” is taken as the printed 1.9" in text


@pytest.mark.slow
def test_every_published_ratio_stands_beside_its_intervals(flagship_content, flagship_sections):
    assert len(flagship_content.comparisons) == 8
    for readings in flagship_content.comparisons.values():
        assert len(readings.leading) >= 3
        assert flagship_sections["intervals"].count(readings.output.title) >= 3


@pytest.mark.slow
def test_findings_follow_the_numbers(sections_of, write_study, small):
    one = sections_of(small)
    other = sections_of(
        un.load_study(
            write_study(
                replace={
                    '"lognormal(10, 1.2)"': '"lognormal(10, 3)"',
                    '"normal(150, 15)"': '"normal(150, 1)"',
                }
            )
        )
    )
    assert all(one[name] != other[name] for name in ("claim", "intervals", "drivers"))
    first = re.search(r"“distance” explains (\d+) %", one["drivers"])
    second = re.search(r"“distance” explains (\d+) %", other["drivers"])
    assert int(first[1]) < int(second[1])


@pytest.mark.parametrize(
    ("shares", "named"),
    [
        ((0.7, 0.1, 0.1, 0.1), ["a", "b", "c", "d"]),
        ((0.7, 0.1, 0.1, 0.08), ["a", "b", "c"]),
        ((0.7, 0.2, 0.1), ["a", "b"]),
        ((0.92, 0.02, 0.02), ["a"]),
        ((1.0,), ["a"]),
    ],
)
def test_inputs_that_explain_as_much_as_the_second_are_named_beside_it(load, shares, named):
    inputs = "\n".join(
        f'{name} = {{ unit = "1", point = 0, distribution = "normal(0, 1)" }}' for name in "abcd"
    )
    study = load(
        'format = 1\nstudy = { title = "t", headline = "y" }\n'
        f'outputs.y = {{ unit = "1", value = "a + b + c + d" }}\n[readings.r]\n[inputs]\n{inputs}\n'
    )
    known = {
        name: Index(share, (share - 0.001, share + 0.001), share, (share - 0.001, share + 0.001))
        for name, share in zip("abcd", shares, strict=False)
    }
    said = drivers._finding(study, OutputIndices("y", "linear", known, {}), "r")
    assert re.findall("“([a-d])” explains", said) == named


@pytest.mark.slow
def test_an_index_whose_interval_reaches_zero_is_not_told_from_zero(sections_of, write_study):
    study = un.load_study(write_study(replace={'"normal(150, 15)"': '"normal(150, 0.01)"'}))
    assert "not distinguishable from 0" in sections_of(study)["indices"]


@pytest.mark.slow
def test_words_for_shares_are_explained_by_the_ends_that_they_go_by(sections_of, small):
    """A word's least share, as told, is that from which on it is said."""
    text = " ".join(sections_of(small)["indices"].split())
    ends = {"most of the spread": 50, "a large part": 20, "a part": 5, "little": 1}
    told = ", ".join(f"{word} from {end} %" for word, end in ends.items())
    assert f"the lower end of its interval before it is rounded: {told}, next to nothing below." in text
    for word, end in ends.items():
        found = [_in_words(Index(0.5, (low, 0.6), 0.5, (low, 0.6))) for low in (end / 100, end / 100 - 1e-9)]
        assert [each == word for each in found] == [True, False]


@pytest.mark.slow
def test_every_input_is_laid_open(sections_of, small, flagship, flagship_sections):
    for study, text in ((small, sections_of(small)["inputs"]), (flagship, flagship_sections["inputs"])):
        for item in study.inputs.values():
            assert item.title in text
            for evidence in item.evidence:
                assert " ".join(plain_text(evidence.source, study.sources).split()) in text


def test_the_equations_are_those_of_the_study(sections_of, small):
    text = sections_of(small)["equations"]
    assert "per_trip = distance * intensity * occupancy_share" in text
    assert "occupancy_share = 0.5" in text
    assert "kg/year" in text


def test_what_readings_set_instead_of_inputs_is_listed(write_study):
    """Nobody could repeat a reading of which only the result is told."""
    table = equations._inputs_of_readings(un.load_study(write_study(ONE_OF_EACH)))
    rows = [[" ".join(plain(cell).split()) for cell in row] for row in table.rows]
    assert rows == [["Low", "a", "1"], ["High", "a", "5"], ["Same", "b", "4"]]
    assert equations._inputs_of_readings(un.load_study(write_study(BARE))) is None


@pytest.mark.slow
def test_the_words_are_explained_once(sections_of, small):
    sections = sections_of(small)
    assert "\n".join(sections.values()).count("confidence interval") == 1
    assert "many call it a confidence interval" in sections["method"]


def test_the_command_repeats_the_settings(sections_of, small):
    settings = Settings(samples=2048, seed=9, level=0.95449974, overrides={"trips": "300 to 500"})
    text = sections_of(small, settings=settings)["reproduction"]
    assert (
        "uncertainty report study.toml --samples 2048 --seed 9 --design sobol --level 0.95449974 "
        "--interval central --set 'trips=300 to 500'" in text
    )
    assert small.sha256 in text


@pytest.mark.slow
def test_a_changed_study_says_so_at_the_top(sections_of, small):
    text = sections_of(small, settings=Settings(samples=2048, overrides={"distance": 3}))["claim"]
    assert "This is not the study as it is written: distance = 3." in text


@pytest.mark.parametrize("given", ["3", "900", "1 to 2"])
def test_published_points_are_those_of_the_publication_whatever_is_set(small, given):
    content = prepare(small, Settings(samples=256, overrides={"distance": given}))
    assert content.published_points["distance"] == small.inputs["distance"].point
    assert f"point {small.inputs['distance'].point:g}" in figure("input", content, "distance").alt


@pytest.mark.slow
def test_no_part_of_a_bare_study_is_silent(sections_of, write_study):
    text = sections_of(un.load_study(write_study(BARE)))
    assert "no published figure of" in text["claim"]
    assert "is about" in text["claim"]
    assert "there is nothing to reproduce" in text["arithmetic"]
    assert "no published figure of" in text["intervals"]
    assert "no reading but the publication's own" in text["readings"]
    assert "no evidence" in text["inputs"]
    assert "Two kinds of spread" not in text["method"]
    assert "There are no intermediate quantities" in text["equations"]
    assert set(text) == set(SECTIONS) - {
        "alternatives",
        "cases",
        "critics",
        "grounds",
        "observations",
        "sources",
        "together",
    }


@pytest.mark.slow
def test_one_of_a_kind_is_not_written_as_several(sections_of, write_study):
    text = sections_of(un.load_study(write_study(ONE_OF_EACH)))
    assert "1 input varies and 1 keeps its point." in text["inputs"]
    assert "1 input that keeps its point" in text["inputs"]
    assert "The other output" in text["equations"]
    assert "The other intermediate quantity" in text["equations"]
    assert "The other output, as published" in text["intervals"]
    assert "The other 2 readings in a sentence each" in text["readings"]
    assert "1 of them changes nothing that the headline depends on and is left out below" in text["readings"]
    assert "1 of 1 published figure follows from the published inputs." in text["arithmetic"]


def test_a_study_in_which_nothing_varies_still_has_a_report(make_report, write_study, sections_of):
    study = un.load_study(write_study(BARE.replace('distribution = "1 to 3"\n', "")))
    assert make_report(study).page.is_file()
    assert "This does not apply: no input varies" in sections_of(study)["drivers"]


@pytest.mark.slow
def test_a_study_that_is_a_function_has_a_report(make_report, sections_of):
    study = un.Study.from_function(
        lambda a, b: {"y": a - b}, inputs={"a": "normal(0, 1)", "b": "uniform(0, 1)"}
    )
    assert make_report(study).page.is_file()
    assert "there are no equations to show" in sections_of(study)["equations"]


def test_one_reading_cannot_be_asked_for(small):
    with pytest.raises(SettingError, match="every reading"):
        gather(small, settings=Settings(reading="carpool"))


@pytest.mark.slow
def test_progress_counts_to_its_end(small):
    seen = []
    gather(
        small, settings=Settings(samples=256), sensitivity_samples=64, progress=lambda *at: seen.append(at)
    )
    assert seen == [(step, 7) for step in range(1, 8)]


def test_comparisons_equal_those_of_the_readings_themselves(content, small):
    own = un.compare_readings(small, settings=content.settings)
    assert own.leading == content.headline.leading
    for name in own.runs:
        assert np.array_equal(own.distribution(name).values, content.headline.distribution(name).values)


@pytest.fixture(scope="module")
def flagship_options():
    return {"settings": Settings(samples=256), "sensitivity_samples": 128}


@pytest.fixture(scope="module")
def flagship_content(single_cases, gathered, flagship_options):
    return gathered(single_cases, **flagship_options)


@pytest.fixture(scope="module")
def flagship_sections(single_cases, sections_of, flagship_options):
    return sections_of(single_cases, **flagship_options)


def test_a_reading_that_does_not_reach_the_headline_is_named_as_such(sections_of, small, tmp_path):
    (tmp_path / "one.toml").write_text(ONE_OF_EACH, encoding="utf-8")
    said = sections_of(un.load_study(tmp_path / "one.toml"))["readings"]
    assert "1 of them changes nothing that the headline depends on and is left out below: “Same”." in said
    assert "nothing that the headline depends on" not in sections_of(small)["readings"]


@pytest.mark.slow
def test_the_flagships_readings_that_do_not_reach_its_headline_are_named(flagship_sections):
    assert "change nothing that the headline depends on" in flagship_sections["readings"]
    assert "“With the journal's training of BLOOM”" in flagship_sections["readings"]


@pytest.mark.slow
def test_the_flagships_links_are_addresses_that_stand_in_its_texts(flagship_content, flagship):
    found = {link for section in make_sections(flagship_content) for link in links_of(section)} - {*BESIDE}
    named = {source.address for source in flagship.sources.values()}
    stated = {piece.to for said in texts(flagship) for piece in pieces(said.text, flagship.sources)}
    assert found <= (named | stated | {flagship.url}) - {""}
    assert all(link.startswith("https://") for link in found)
    assert (
        "https://arxiv.org/abs/2303.06219" in found or "https://doi.org/10.1038/s41598-024-54271-x" in found
    )


def links_of(part):
    """Yield where the spans of a part of a report lead."""
    if isinstance(part, Span):
        yield from [part.to] if part.to else []
    elif isinstance(part, tuple):
        for each in part:
            yield from links_of(each)
    elif is_dataclass(part) and not isinstance(part, type):
        for field in fields(part):
            yield from links_of(getattr(part, field.name))


@pytest.mark.slow
def test_no_equation_says_that_a_quantity_is_itself(flagship_sections):
    pairs = re.findall(r"^([a-z0-9_]+) = (.+)$", flagship_sections["equations"], flags=re.MULTILINE)
    assert len(pairs) > 40
    assert [name for name, expression in pairs if name == expression] == ["hours_per_image"]  # an input


def test_options_chosen_by_hand_are_a_reading_more_and_change_no_other(small, text_of):
    plain, found = (
        prepare(small, Settings(samples=1024, choices=chosen), 256) for chosen in ({}, {"sharing": "shared"})
    )
    assert found.headline.leading == (*plain.headline.leading, "as_chosen")
    for name in plain.headline.runs:
        assert np.array_equal(
            plain.headline.distribution(name).values, found.headline.distribution(name).values
        )
    own = un.propagate(small, samples=1024, choices={"sharing": "shared"})
    assert np.array_equal(found.headline.distribution("as_chosen").values, own.outputs["yearly"].values)
    assert "--choose sharing=shared" in text_of(make_section("reproduction", found).blocks)


def test_a_chosen_option_that_does_not_exist_is_refused_before_anything_runs(small):
    with pytest.raises(un.StudyError, match="shred"):
        gather(small, settings=Settings(choices={"sharing": "shred"}))


@pytest.mark.slow
def test_a_report_says_the_same_of_draws_that_are_too_many_to_be_stored(
    sections_of, text_of, small, monkeypatch
):
    settings = Settings(samples=2**12, seed=3)
    stored = sections_of(small, settings=settings)
    monkeypatch.setattr("uncertainty.pages.content.memory_of_each", lambda *_: 2**14)
    monkeypatch.setattr("uncertainty.sampling.huge.remade.PART_BYTES", 0)
    content = gather(small, settings=settings, sensitivity_samples=512)
    assert {section.name: text_of(section.blocks) for section in make_sections(content)} == stored
    assert not content.headline.distribution("as_published").draws.stored
    for name in ("distributions", "intervals"):
        assert draw(name, content).finding


def test_a_report_refuses_more_draws_than_a_universe_can_have_before_any_is_made(small):
    with pytest.raises(SettingError, match="in memory, at most 33554432; use fewer samples"):
        gather(small, settings=Settings(samples=2**25 + 1))


CORRELATED = """
format = 1
study = { title = "t", headline = "a" }
inputs.x = { unit = "1", point = 1, distribution = "normal(1, 1)" }
inputs.y = { unit = "1", point = 1, distribution = "lognormal(1, 1.2)" }
inputs.z = { unit = "1", point = 1, distribution = "normal(0, 1)" }
outputs.a = { unit = "1", value = "x", published = 1 }
outputs.b = { unit = "1", value = "y", published = 1 }
outputs.c = { unit = "1", value = "x + y" }
[[correlations]]
inputs = ["x", "y"]
pearson = 0.8
source = "Table 3"
[[correlations]]
independent = ["x", "z"]
because = "other instruments"
[[correlations]]
independent = ["x", "z"]
because = "said twice"
"""


@pytest.mark.slow
def test_correlations_of_inputs_and_of_published_outputs_are_listed(sections_of, write_study):
    sections = sections_of(un.load_study(write_study(CORRELATED)))
    found = {name: " ".join(text.split()) for name, text in sections.items()}
    assert "x and y 0.8 values (Pearson) Table 3" in found["inputs"]
    assert found["inputs"].count("x and z none nothing binds them other instruments") == 1
    assert "said twice" not in found["inputs"]
    together = found["intervals"].split("How the published figures go together")[1]
    assert "a and b 0.8" in together
    assert "a and c" not in together


def test_an_average_is_named_one_only_where_something_differs_from_case_to_case(tmp_path):
    """Of an output that is the same in every case, the average is the value itself."""
    path = tmp_path / "s.toml"
    path.write_text(
        'format = 1\n[study]\ntitle = "T"\nheadline = "alike"\n'
        '[inputs.a]\nunit = "1"\npoint = 1\ndistribution = "1 to 2"\n'
        '[inputs.size]\nunit = "1"\npoint = 1\ndistribution = "1 to 2"\nkind = "variability"\n'
        '[outputs]\nalike = { value = "a", unit = "1", over = "average" }\n'
        'unlike = { value = "a * size", unit = "1", over = "average" }\n',
        encoding="utf-8",
    )
    found = un.propagate(un.load_study(path), samples=2**14)
    for table in intervals.output_tables(tuple(found.outputs.values()), found)[:2]:
        assert [row[0] for row in table.rows] == ["alike", "unlike, average over the cases"]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Estimate(-0.2255, 0.2915), "-0.2 ± 0.3"),
        (Estimate(0.012, 0.04), "0.0"),
        (Estimate(-0.6708, 0.0004), "-0.67"),
    ],
)
def test_a_correlation_that_draws_do_not_tell_is_written_with_its_error(found, told):
    assert intervals._correlation(found) == told


def test_members_without_labels_are_listed_by_their_names(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        'format = 1\n[study]\ntitle = "T"\nheadline = "y"\n[indices]\nyear = { members = [2026, 2027] }\n'
        '[inputs.a]\nunit = "kg"\nindex = ["year"]\npoint = { 2026 = 1, 2027 = 2 }\n'
        '[outputs.y]\nvalue = "sum(a)"\nunit = "kg"\n',
        encoding="utf-8",
    )
    (table,) = equations._indices(un.load_study(path))
    assert [row[2] for row in table.rows] == ["2026; 2027"]


@pytest.mark.slow
def test_what_differs_from_case_to_case_is_not_called_unknown():
    study = un.load_study("electric-car")
    found = un.challenge(study, samples=2**10, threads=1).outputs["distance"]
    indices = un.sobol(study, output="distance", reading="like_for_like", samples=2**10).outputs["distance"]
    kinds = Settings(reading="like_for_like").scenario(study).kinds
    said = depends_sentence(study, found, indices, kinds)
    assert said.startswith("Above all it depends on what differs from case to case, “Where it is charged”")
    mixed = depends_sentence(study, found, indices, dict.fromkeys(study.inputs, "uncertainty"))
    assert mixed.startswith(
        "Above all it depends on numbers that are not exactly known, “Where it is charged” and “Battery”"
    )
    # what is counted fairest has answered the question, which sets ways of counting apart
    assert said.endswith(" Of the choices, “What does the petrol car use?” moves the middle value most.")
    study = un.load_study("alone")
    found = un.challenge(study, samples=2**8, threads=1).outputs["civilisations"]
    indices = un.sobol(study, output="civilisations", samples=2**6).outputs["civilisations"]
    said = depends_sentence(study, found, indices)
    assert said.endswith(
        " The only choice, “How little is known of how life begins?”, moves the middle value too."
    )
    # the answer that is found fairest lies between these two
    study = un.load_study("livestock")
    found = un.challenge(study, samples=2**8, threads=1).outputs["share"]
    indices = un.sobol(study, output="share", samples=2**6).outputs["share"]
    ends = "(from “what each total was printed with” to “84 for both, in 2010: what warms in twenty years”)"
    assert f" carbon dioxide is a tonne of methane?” {ends}, moves" in depends_sentence(study, found, indices)


def test_cells_are_said_to_have_what_they_have(load):
    text = """
format = 1
study = { title = "t", headline = "y" }
indices.place.members = ["a", "b"]
inputs.x = { unit = "kg", index = ["place"], point = 5, distribution = "normal(5, 0.1)", note = "weighed" }
outputs.y = { unit = "kg", value = "sum(x)" }
"""
    items = list(load(text).inputs.values())
    assert inputs._said_of(items) == "Note"
    sourced = list(load(text.replace("note =", 'source = "a scale", note =')).inputs.values())
    assert inputs._said_of(sourced) == "Note and source"


def test_points_and_evidence_are_written_as_the_study_has_them():
    study = un.Study.from_function(lambda a: {"y": a}, {"a": "1 to 2"}, outputs=["y"])
    found = Evidence(value=5.7, low=3.8, high=8.9, source="Sanche 2020")
    assert "5.7 (3.8 to 8.9)" in plain(inputs._evidence(study, found, "1"))
    assert "5.7:" in plain(inputs._evidence(study, replace(found, low=None, high=None), "1"))
    assert (
        plain(inputs._grounds(study, "nobody measured it", "", "Every try"))
        == "nobody measured it. Every try"
    )
    assert median_beside(50_000_580.0, 50_000_623.0, 50_000_666.0) == "50,000,623"
    assert median_beside(2.0, 5.2915, 14.0) == "5.29"
    assert median_beside(-0.49, 1.1e-16, 0.49) == "0"
    assert plain(inputs._grounds(study, "asked?", "a note")) == "asked? a note"


@pytest.mark.parametrize(
    ("drawn", "written"),
    [
        ("66000 to 185000", "66,000 to 185,000"),
        ("0.0038 to 0.0105", "0.0038 to 0.0105"),
        ("60 to 250", "60 to 250"),
    ],
)
def test_nine_in_ten_values_are_written_as_the_study_has_them(drawn, written):
    """An end that a study gives is no estimate: two digits would print 185,000 as 180,000."""
    study = un.Study.from_function(lambda a: {"y": a}, {"a": drawn}, outputs=["y"])
    item = study.inputs["a"]
    assert f"Nine in ten values: {written}, median" in plain(
        inputs._point_and_drawn(item, item.distribution, 1.0)
    )
    assert inputs._median_and_range(item, item.distribution)[1] == written


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        (1.39123, 5.56789, "1.39 to 5.57"),
        (-1.0, 1e-17, "-1 to 0"),
        (0.0, 5.0, "0 to 5"),
        (-math.inf, 2.0, "-inf to 2"),
        (50_000_580.0, 50_000_666.0, "50,000,580 to 50,000,666"),
    ],
)
def test_ends_without_an_error_have_three_digits_or_those_that_tell_them_apart(low, high, written):
    assert numbers.exact_range(low, high) == written


def test_the_method_says_how_many_draws_and_cases_an_average_has(load, text_of):
    study = load(
        """
        format = 1
        [study]
        title = "A sum over cases"
        headline = "y"
        [inputs.a]
        unit = "kg"
        point = 3
        distribution = "normal(3, 0.5)"
        [inputs.v]
        unit = "kg"
        point = 1
        distribution = "normal(1, 0.2)"
        kind = "variability"
        [outputs.y]
        unit = "kg"
        value = "a * exp(v / 1[kg])"
        over = "average"
        """
    )
    content = prepare(study, settings=Settings(samples=2**16, seed=1), sensitivity_samples=2**6, threads=1)
    said = text_of(make_section("method", content).blocks)
    of_average, of_cases = content.run.settings, content.cases_under("as_published").sizes
    assert of_average.outer > of_cases.outer
    for outer, inner in ((of_average.outer, of_average.inner), of_cases):
        assert f"has {outer:,} draws of what nobody knows, each with the same {inner:,} cases" in said
    assert f"{2**16:,} draws of single cases" in said


@pytest.mark.parametrize(
    ("spread", "value", "said"),
    [
        (
            'distribution = "normal(2, 0.1)"',
            "share[a] * spread + share[b] * scale",
            "but for shares of a whole; a cause",
        ),
        (
            'distribution = "normal(mean=scale, sd=0.1)"',
            "share[a] * spread + share[b] * scale",
            "but for shares of a whole and what is drawn given another; a cause",
        ),
    ],
)
def test_shares_of_a_whole_are_not_said_to_be_drawn_given_another(load, text_of, spread, value, said):
    study = load(
        f"""
        format = 1
        [study]
        title = "Shares"
        headline = "y"
        [indices.part]
        members = ["a", "b", "c"]
        [inputs.share]
        unit = "1"
        index = ["part"]
        point = {{ a = 0.5, b = 0.3, c = 0.2 }}
        distribution = "dirichlet(a=5, b=3, c=2)"
        [inputs.spread]
        unit = "kg"
        point = 2
        {spread}
        [inputs.scale]
        unit = "kg"
        point = 2
        distribution = "1.9 to 2.1"
        [outputs.y]
        unit = "kg"
        value = "{value}"
        """
    )
    content = prepare(study, settings=Settings(samples=2**10, seed=1), sensitivity_samples=2**6, threads=1)
    assert said in text_of(make_section("method", content).blocks)


def test_a_calculation_that_is_not_repeated_is_not_said_to_be_wrong(load, text_of):
    text = ONE_OF_EACH.replace("published = 2\n", 'published = 7\nwords = { model = "a simpler model" }\n')
    content = prepare(load(text), settings=Settings(samples=64), sensitivity_samples=64, threads=1)
    assert "1 comes out otherwise, in a simpler model." in text_of(make_section("arithmetic", content).blocks)
    other = prepare(
        load(ONE_OF_EACH.replace("published = 2\n", "published = 7\n")),
        settings=Settings(samples=64),
        sensitivity_samples=64,
        threads=1,
    )
    assert "1 cannot be reproduced." in text_of(make_section("arithmetic", other).blocks)
