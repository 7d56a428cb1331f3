"""A sentence to quote stands alone: subject, condition, interval, other readings, and what it is of."""

import json
import re
from dataclasses import replace

import pytest

import uncertainty as un
from uncertainty._version import __version__ as VERSION  # noqa: N812 - it is one
from uncertainty.calibrated_sentences import first_sentences
from uncertainty.errors import StudyError

STUDY = """format = 1
[study]
title = "Kettles"
headline = "ratio"
authors = ["Doe, J."]
date = 2026-11-28
version = "3"
{url}
[sources]
roe = {{ title = "Kettles", authors = ["Roe, R."], year = 2020, doi = "10.1000/x" }}
doe = {{ title = "A leaflet", authors = ["Doe, J."], year = 2019, doi = "10.1000/y" }}
[inputs.gas]
unit = "kWh"
point = 2
distribution = "1 to 4"
[inputs.electric]
unit = "kWh"
point = 1
[outputs.ratio]
label = "Gas ÷ electric, energy"
value = "gas / electric"
unit = "1"
published = 2
source = "@roe"
reference = 1
scale = "log10"
{words}
[readings.fair]
label = "Both with their losses"
condition = "losses count for both"
inputs = {{ electric = "2 to 4" }}
source = "x"
preferred = true
"""


def study(tmp_path, words="", url=""):
    path = tmp_path / "kettles.toml"
    path.write_text(STUDY.format(words=words, url=url), encoding="utf-8")
    return un.load_study(path)


def quoted(found):
    return un.compare_readings(found, samples=16384, seed=1).quotations


def test_a_quotation_says_of_what_under_which_condition_with_its_interval_and_where_from(tmp_path):
    found = study(tmp_path, url='url = "https://example.org/kettles"')
    readings = un.compare_readings(found, samples=16384, seed=1)
    first, second = readings.quotations
    assert (first.reading, second.reading) == ("fair", "as_published")
    answers = [each.told for each in readings.judgement.answers]
    amount = " (about two thirds as much)"
    verdict = " ".join(answers).replace(amount, "")
    assert amount in " ".join(answers)
    assert first.sentence == (
        f"{verdict} Counted as the study finds fairest (“Both with their losses”: losses count for both), "
        "“Gas” is about 0.71 times as much as “electric” (energy) (95 % interval 0.28 to 1.8 times). "
        "As the publication counts, with the ranges of the study, it is about 2.0 times (0.88 to 4.6). "
        "Published by Roe 2020: 2 times (https://doi.org/10.1000/x). From the study “Kettles” (Doe, J.; "
        f"2026-11-28; version 3; https://example.org/kettles), calculated with the software "
        f"Uncertainty {VERSION}."
    )
    assert "(accessed YYYY-MM-DD)" in first.citation
    assert (
        "Counted as the study finds fairest, it is about 0.71 times (0.28 to 1.8). Published"
        in second.sentence
    )
    assert "As the publication counts, with the ranges of the study, “Gas” is about 2.0" in second.sentence
    assert second.sentence.startswith(" ".join(answers))
    assert first.citation.endswith(f"sha256:{found.sha256}. Examines Roe 2020, https://doi.org/10.1000/x.")


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("@roe, p. 3", "Published by Roe 2020: 2 times (https://doi.org/10.1000/x)."),
        (
            "derived: 4 ÷ 2 in @roe",
            "Derived from a leaflet of Doe 2019: 2 times (https://doi.org/10.1000/y).",
        ),
        ("the label", "Published by a leaflet of Doe 2019: 2 times (https://doi.org/10.1000/y)."),
    ],
)
def test_a_quotation_says_who_published_the_figure_and_where(tmp_path, own, told):
    kettles = study(tmp_path)
    output = replace(kettles.outputs["ratio"], source=own)
    found = replace(kettles, outputs={"ratio": output}, source="a leaflet of @doe; @roe")
    assert told in un.compare_readings(found, samples=1024).quotations[0].sentence
    assert (
        " Published: 2 times. "
        in un.compare_readings(
            replace(found, source="", outputs={"ratio": replace(output, source="")}), samples=1024
        )
        .quotations[0]
        .sentence
    )


def test_a_study_says_in_its_own_words_what_is_quoted(tmp_path):
    own = 'words = { statement = "a gas kettle takes {amount} energy as an electric one." }'
    first, _ = quoted(study(tmp_path, own))
    assert "losses count for both), a gas kettle takes about 0.71 times as much energy as an electric" in (
        first.sentence
    )
    assert f"version 3; sha256 {study(tmp_path, own).sha256[:12]}), calculated" in first.sentence
    bare = replace(study(tmp_path, own), authors=(), date=None, version="", sha256="")
    assert quoted(bare)[0].sentence.endswith(
        f"From the study “Kettles”, calculated with the software Uncertainty {VERSION}."
    )


def test_one_value_has_no_interval_and_a_share_is_one(tmp_path):
    fixed = study(tmp_path)
    settings = {"samples": 1024, "overrides": {"gas": "2", "electric": "1"}}
    found = un.compare_readings(fixed, **settings).quotations[0].sentence
    assert "is 2.00 times as much as “electric” (energy) (one value: nothing varies). Published" in found
    assert "interval" not in found
    text = (tmp_path / "kettles.toml").read_text(encoding="utf-8")
    asked = text.replace('"gas / electric"', '"gas > 2[kWh]"').replace('scale = "log10"', "")
    (tmp_path / "kettles.toml").write_text(asked, encoding="utf-8")
    assert "is yes in 50" in quoted(un.load_study(tmp_path / "kettles.toml"))[-1].sentence


def test_a_statement_says_where_the_amount_stands(tmp_path):
    with pytest.raises(StudyError, match=r"words\.statement: expected \{amount\} where it says how much"):
        study(tmp_path, 'words = { statement = "it takes much" }')


def test_documents_hold_what_may_be_quoted(tmp_path):
    found = study(tmp_path)
    readings = un.compare_readings(found, samples=1024, seed=1)
    kept = json.loads(json.dumps(un.document(readings)))["results"]["readings"]["quotations"]
    assert [each["reading"] for each in kept] == ["fair", "as_published"]
    assert kept[0]["sentence"] == readings.quotations[0].sentence
    assert kept[0]["citation"].startswith(
        "Doe, J. (2026-11-28). Kettles (version 3) [study], calculated with"
    )


CASES = """format = 1
[study]
title = "Cars"
headline = "distance"
[sources]
roe = { title = "Cars", authors = ["Roe, R."], year = 2020, SEEN }
[inputs.made]
unit = "kg"
point = 100
distribution = "100 to 1000"
kind = "variability"
[inputs.saved]
unit = "kg/km"
point = 1
distribution = "0.01 to 1"
[outputs.distance]
label = "Distance"
value = "where(made / saved > 20000[km], 10000000[km], made / saved)"
unit = "km"
over = "case"
scale = "log10"
words = { beyond = "more than a car is ever driven", statement = "it is cleaner after {amount}" }
PUBLISHED
"""


def cases(tmp_path, published="published = 5000", seen='seen = "excerpt"'):
    path = tmp_path / "cars.toml"
    path.write_text(CASES.replace("PUBLISHED", published).replace("SEEN", seen), encoding="utf-8")
    return un.compare_readings(un.load_study(path), samples=16384).quotations


def test_single_cases_are_quoted_by_half_of_them_and_an_end_by_the_study_s_words(tmp_path):
    (only,) = cases(tmp_path)
    assert "n half of the cases drawn it is cleaner after at most about" in only.sentence
    assert "to more than a car is ever driven, and in" in only.sentence
    assert "at or above the published figure. Published: 5,000 km." in only.sentence
    assert "which read excerpts alone of its 1 source, calc" in only.sentence
    assert "10,000,000" not in only.sentence


def test_a_set_end_is_told_in_the_study_s_words_in_the_verdict_s_sentence_too(tmp_path):
    path = tmp_path / "cars.toml"
    path.write_text(CASES.replace("PUBLISHED", "published = 5000").replace("SEEN", 'seen = "excerpt"'))
    said = " ".join(first_sentences(un.compare_readings(un.load_study(path), samples=16384)))
    assert re.search(
        r"“Distance” is about [\d,]+ km \(95 % interval 1\d\d to more than a car is ever driven\)", said
    )


def test_what_nobody_published_is_quoted_by_its_amount(tmp_path):
    (only,) = cases(tmp_path, "", 'url = "https://example.org"')
    assert "ublished" not in only.sentence
    assert "read" not in only.sentence
    assert only.sentence.startswith(
        "How much is “Distance”? Nobody knows: anything from 150 to more than a car is ever driven. In half"
    )


@pytest.mark.parametrize(("electric", "told"), [("1", False), ("0.1", True)])
def test_a_quotation_says_between_which_values_the_middles_of_all_ways_lie(tmp_path, electric, told):
    path = tmp_path / "kettles.toml"
    more = '[readings.{0}]\nlabel = "{0}"\nsource = "x"\ninputs = {{ electric = "{1}" }}\n'
    text = STUDY.format(words="", url="") + more.format("less", 8) + more.format("more", electric)
    path.write_text(text, encoding="utf-8")
    first, *_ = quoted(un.load_study(path))
    assert (
        "; the middle values of all 4 ways of counting run from 0.25 to 20 times." in first.sentence
    ) == told
