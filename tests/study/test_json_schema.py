"""The JSON Schema of study files accepts what the reader accepts, and refuses what a typist gets wrong."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from uncertainty.distributions import parse_distribution
from uncertainty.distributions.conditional import Parametric
from uncertainty.distributions.dirichlet import weights_of
from uncertainty.distributions.families import EXAMPLES, FAMILIES, IN_A_STUDY, WITHOUT_A_FAMILY
from uncertainty.distributions.language import read_text
from uncertainty.distributions.one_of import read_one_of
from uncertainty.study import bundled
from uncertainty.study.keys import schema_text, study_schema
from uncertainty.study.toml import DIRECTIVE, FILE_NAME

ROOT = Path(__file__).parent.parent.parent
STUDIES = sorted([*(ROOT / "distributions").glob("*.toml"), *(ROOT / "tests/studies").glob("jcgm-9*.toml")])
STARTER = ROOT / "uncertainty" / "commands" / "starter.toml"


@pytest.fixture(scope="module")
def validator():
    schema = study_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def test_the_file_that_ships_is_what_the_code_says():
    assert (bundled.folder() / FILE_NAME).read_text(encoding="utf-8") == schema_text()


def test_editors_complete_a_text_of_every_family_and_the_reader_reads_it():
    tables = study_schema()["definitions"]
    for offered in (
        tables["InputTable"]["properties"]["distribution"]["anyOf"][0]["examples"],
        tables["OverrideTable"]["anyOf"][0]["examples"],
    ):
        assert offered == [*WITHOUT_A_FAMILY, *EXAMPLES.values(), *IN_A_STUDY]
    assert all(any(text.startswith(f"{family}(") for text in offered) for family in FAMILIES)
    for text in (*WITHOUT_A_FAMILY, *EXAMPLES.values()):
        assert parse_distribution(text)
    one_of, dirichlet = IN_A_STUDY[2:]
    assert all(isinstance(read_text(text), Parametric) for text in IN_A_STUDY[:2])
    assert read_one_of(one_of, ["a", "b"]).weights == (2, 1)
    assert weights_of(dirichlet, {"part": ["a", "b", "c"]})[1] == {"a": 3, "b": 2, "c": 1}


@pytest.mark.parametrize("path", [*STUDIES, STARTER], ids=lambda path: path.stem)
def test_every_study_is_valid(validator, path):
    # editors know dates as texts
    tables = json.loads(json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=str))
    validator.validate(tables)


@pytest.mark.parametrize(
    "path", [*(ROOT / "distributions").glob("*.toml"), STARTER], ids=lambda path: path.stem
)
def test_the_first_line_of_a_study_points_editors_to_it(path):
    assert path.read_text(encoding="utf-8").splitlines()[0] == DIRECTIVE


WRONG = {
    "a misspelt key": {"inputs": {"a": {"unit": "1", "point": 1, "distributon": "1 to 2"}}},
    "a key that is missing": {"inputs": {"a": {"point": 1}}},
    "a name in capitals": {"inputs": {"A": {"unit": "1", "point": 1}}},
    "text for a number": {"inputs": {"a": {"unit": "1", "point": 1, "low": "0"}}},
    "an unknown basis": {"inputs": {"a": {"unit": "1", "point": 1, "basis": "guess"}}},
    "evidence of nothing": {"inputs": {"a": {"unit": "1", "point": 1, "evidence": [{"source": "x"}]}}},
    "one input correlated": {"correlations": [{"inputs": ["a"], "spearman": 0.5}]},
    "another format": {"format": 2},
    "no output": {"outputs": {}},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_slip_is_found(validator, change):
    sound = {
        "format": 1,
        "study": {"title": "t", "headline": "y"},
        "inputs": {"a": {"unit": "1", "point": "2 * 3", "evidence": [{"value": 1, "year": 2020}]}},
        "equations": {"b": "a", "c": 2, "d": {"value": "b * c", "unit": "1"}},
        "outputs": {"y": {"unit": "1", "value": "d", "published": 6}},
    }
    validator.validate(sound)
    assert not validator.is_valid(sound | change)


def test_every_key_that_needs_it_is_explained_and_none_may_be_null():
    schema = study_schema()
    text = json.dumps(schema)
    assert '"null"' not in text
    silent = {
        f"{table}.{key}"
        for table, found in schema["definitions"].items()
        for key, value in found.get("properties", {}).items()
        if "description" not in value and "$ref" not in value
    }
    assert {key.split(".")[1] for key in silent} <= {"note", "source"}
