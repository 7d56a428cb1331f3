"""A document that a run or a report wrote is read back, and any other file is refused in one line."""

import json

import pytest

import uncertainty as un
from uncertainty.results.reading import read_run

OUTPUT = {"unit": "kg", "point": 1.5, "published": None, "median": 2, "interval": [1, None]}
MORE = OUTPUT | {"label": "Y", "sd": 0.0, "median_error": 0.1, "interval_error": [0.2, 0.3]}
RUN = {"headline": "y", "outputs": {"y": MORE, "z": OUTPUT}, "inputs": {}, "equations": {"a": "b + c"}}
DOCUMENT = {
    "format": 1,
    "command": "run",
    "version": "1.2.3",
    "study": {"name": "s", "title": "S", "other": 1},
    "settings": {
        "samples": 100,
        "seed": 1,
        "level": 0.95,
        "interval": "central",
        "design": "lhs",
        "reading": "r",
        "choices": {"how": "so"},
        "overrides": {},
    },
    "results": RUN,
}


@pytest.fixture
def document(tmp_path):
    """Return a function that writes a document and reads it."""

    def read(document=DOCUMENT):
        path = tmp_path / "d.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return read_run(path)

    return read


def test_a_document_of_run_is_read(document):
    found = document()
    assert (found.source, found.version) == ("d.json", "1.2.3")
    assert (found.study.name, found.study.title, found.study.sha256) == ("s", "S", None)
    assert (found.settings.level, found.settings.choices) == (0.95, {"how": "so"})
    assert (found.run.headline, found.run.equations, found.run.readings) == ("y", {"a": "b + c"}, None)
    y, z = found.run.outputs["y"], found.run.outputs["z"]
    assert (y.middle, y.ends, y.varies) == ((2, 0.1), ((1, 0.2), (None, 0.3)), False)
    assert (z.middle, z.ends, z.varies) == ((2, None), ((1, None), (None, None)), True)
    assert (y.label, z.label) == ("Y", "")


def test_of_a_document_of_report_the_run_is_read_and_the_headline_under_each_reading(document):
    report = DOCUMENT | {"command": "report"}
    readings = {"y": {"outputs": {"r": OUTPUT}}, "z": {"outputs": {"q": OUTPUT}}}
    found = document(report | {"results": {"headline": "y", "run": RUN, "readings": readings}})
    assert list(found.run.readings.outputs) == ["r"]
    assert list(found.run.outputs) == ["y", "z"]
    assert document(report | {"results": {"run": RUN, "readings": None}}).run.readings is None


WANTED = 'expected format 1 of "uncertainty run --json" or of a report\'s results.json'


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ([], "the document: expected an object"),
        (DOCUMENT | {"study": 3}, "study: expected an object"),
        (DOCUMENT | {"results": RUN | {"equations": []}}, "equations: expected an object"),
        (DOCUMENT | {"format": 2}, "format"),
        (DOCUMENT | {"command": "fit"}, "command"),
        (DOCUMENT | {"results": {}}, "headline"),
        (DOCUMENT | {"command": "report"}, "headline"),
        (DOCUMENT | {"results": RUN | {"outputs": {"y": OUTPUT | {"sd": -1}}}}, "outputs.y.sd"),
        (DOCUMENT | {"settings": DOCUMENT["settings"] | {"level": 1}}, "settings.level"),
        (DOCUMENT | {"settings": DOCUMENT["settings"] | {"level": 0}}, "settings.level"),
    ],
)
def test_what_no_run_wrote_is_one_fault_with_its_place(document, tmp_path, given, at):
    with pytest.raises(un.UncertaintyError) as caught:
        document(given)
    said = str(caught.value)
    assert said.startswith(f"{tmp_path / 'd.json'}: {at}{';' if ':' in at else ': '}")
    assert said.endswith(f"; {WANTED}")
    # the words between are those of a library, in lower case, without the names of its classes
    assert said.removesuffix(WANTED).removeprefix(str(tmp_path / "d.json")).islower()
    assert "part" not in said.removesuffix(WANTED).removeprefix(str(tmp_path / "d.json"))


def test_what_is_no_json_is_one_fault(document, tmp_path):
    with pytest.raises(un.UncertaintyError) as caught:
        document("[")
    said = str(caught.value)
    assert said.startswith(f"{tmp_path / 'd.json'}: is not JSON: ")
    assert said.endswith("; expected a document that run or report wrote")
