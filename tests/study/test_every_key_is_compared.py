"""Whatever key of the schema two studies give differently, `diff` tells it, and what changes no number."""

import tomllib

import pytest
from variants import one_in

import uncertainty as un
from uncertainty.pages.content import gather
from uncertainty.pages.render import markdown
from uncertainty.pages.sections import make_sections
from uncertainty.settings import Settings
from uncertainty.study import schema
from uncertainty.study.keys import keys_of, wording

STUDY = """
format = 1
[study]
title = "A title"
headline = "y"
source = "@one"
note = "a note"
authors = ["Doe, J."]
date = 2026-11-28
licence = "CC0-1.0"
url = "https://example.org/a"
version = "1"
language = "en"
question = "Is it?"
compare = ["y", "z"]
better = "lowest"
nonfinite = "refuse"
counting_units = ["page"]
[indices.country]
label = "Country"
members = { us = "United States", india = "India" }
[indices.year]
from = 2020
to = 2030
step = 5
unit = "year"
[indices.kind]
table = "kinds.csv"
[curves.damage]
label = "Damage"
x_unit = "1"
unit = "1"
points = [[0, 0], [2, 0.01]]
source = "@one"
note = "bent"
[curves.loss]
table = "loss.csv"
columns = ["x", "loss"]
[inputs.a]
unit = "kg"
point = 2
label = "The a"
distribution = "normal(2, 0.5)"
low = 0
high = 9
kind = "variability"
group = "one"
basis = "measured"
source = "@one"
note = "noted"
[[inputs.a.evidence]]
value = 2.1
low = 1
high = 3
source = "@one"
year = 2020
note = "seen"
[inputs.b]
unit = "kg"
point = 3
distribution = "experts"
[[inputs.b.experts]]
name = "Ada"
p1 = 1
p5 = 1.5
p10 = 2
p25 = 2.5
p50 = 3
p75 = 3.5
p90 = 4
p95 = 4.5
p99 = 5
weight = 2
source = "@one"
note = "asked"
[[inputs.b.experts]]
distribution = "uniform(1, 4)"
[inputs.c]
unit = "1"
point = 3
distribution = "uniform(1, 5)"
[inputs.d]
unit = "1"
point = 3
distribution = "uniform(1, 5)"
[inputs.e]
unit = "1"
point = 3
distribution = "uniform(1, 5)"
[inputs.cells]
unit = "1"
index = ["country"]
point = { us = 1, india = 2 }
distribution = "uniform(0, 4)"
across = 0.5
[[inputs.cells.evidence]]
value = 2
member = "us"
[[inputs.cells.experts]]
p5 = 1
p95 = 3
member = "india"
[inputs.tabled]
unit = "1"
index = ["kind"]
table = "cells.csv"
columns = { point = "p" }
missing = 7
[inputs.which]
member_of = "country"
point = "us"
distribution = "one_of(us=2, india=1)"
[equations]
plain = { value = "a + b", unit = "kg", label = "Plain", note = "sum" }
each = { index = ["country"], value = { us = "c", india = "d" } }
[outputs.y]
unit = "kg"
label = "The y"
value = "plain * sum(each) * interpolate(c, damage) * interpolate(d, loss) * sum(tabled) * sum(cells)"
published = 2.3
digits = 2
claim = "at least"
reference = 1
scale = "log10"
over = "case"
words = { above = "Is it more?", figure = "Is it two?" }
source = "@one"
note = "printed"
[outputs.z]
unit = "kg"
value = "average(a) * cells[which]"
[outputs.w]
unit = "kg"
value = "a"
[[correlations]]
inputs = ["a", "b"]
spearman = 0.3
basis = "assumption"
source = "@one"
note = "paired"
[[correlations]]
inputs = ["c", "d"]
matrix = [[1, 0.2], [0.2, 1]]
kind = "spearman"
[[correlations]]
independent = ["a", "e"]
because = "nothing binds them"
[choices.how]
question = "How?"
note = "chosen"
[choices.how.options.one]
label = "One"
[choices.how.options.two]
label = "Two"
source = "@one"
note = "other"
equations = { plain = "a" }
inputs = { b = { point = 2, distribution = "uniform(1, 3)", kind = "variability" } }
[choices.what.options.x]
[choices.what.options.z]
inputs = { e = 2 }
[[excluded]]
when = { how = "two", what = "z" }
because = "it makes no sense"
[readings.other]
label = "Other"
condition = "all else is so"
source = "@one"
printed = "1.5 kg"
note = "read"
choices = { how = "two" }
inputs = { c = 2 }
expect = { y = 1.5 }
observations = ["meter"]
preferred = true
[observations.meter]
label = "Meter"
quantity = "a"
value = 2.05
unit = "kg"
sd = 0.4
source = "@one"
note = "metered"
[observations.scale]
quantity = "a"
value = 2.06
gsd = 1.2
over = "average"
[observations.ruler]
quantity = "a"
value = 2.07
distribution = "uniform(-1, 1)"
[sources.one]
title = "First"
authors = ["Roe, B."]
year = 2021
doi = "10.1000/1"
seen = "through another"
through = "two"
accessed = 2026-11-20
[sources.two]
title = "Second"
arxiv = "2303.06219"
url = "https://example.org/b"
"""

FILES = {
    "kinds.csv": "kind,label\nx,X\ny,Y\n",
    "loss.csv": "x,loss,other\n0,0,0\n9,1,2\n",
    "cells.csv": "kind,p,q\nx,5,6\n",
    "more.csv": "kind,label\nx,X\nz,Z\n",
    "lost.csv": "x,loss,other\n0,0,0\n9,2,2\n",
    "others.csv": "kind,p,q\nx,6,6\n",
}

ALTERED = {
    "StudyTable": {
        "title": ('"A title"', '"Another"'),
        "headline": ('headline = "y"', 'headline = "z"'),
        "source": ('headline = "y"\nsource = "@one"', 'headline = "y"\nsource = "@two"'),
        "note": ('"a note"', '"changed"'),
        "authors": ('"Doe, J."', '"Doe, K."'),
        "date": ("2026-11-28", "2026-11-27"),
        "licence": ("CC0-1.0", "CC-BY-4.0"),
        "url": ("example.org/a", "example.org/c"),
        "version": ('version = "1"', 'version = "2"'),
        "language": ('"en"', '"pt"'),
        "question": ("Is it?", "Is it so?"),
        "compare": ('compare = ["y", "z"]', 'compare = ["z", "y"]'),
        "better": ('"lowest"', '"highest"'),
        "nonfinite": ('"refuse"', '"drop"'),
        "counting_units": ('["page"]', '["word"]'),
    },
    "IndexTable": {
        "label": ('"Country"', '"Land"'),
        "members": ('"United States"', '"USA"'),
        "table": ("kinds.csv", "more.csv"),
        "from": ("from = 2020", "from = 2025"),
        "to": ("to = 2030", "to = 2035"),
        "step": ("step = 5", "step = 10"),
        "unit": ('unit = "year"', 'unit = "month"'),
    },
    "CurveTable": {
        "label": ('"Damage"', '"Harm"'),
        "x_unit": ('x_unit = "1"', 'x_unit = "percent"'),
        "unit": ('x_unit = "1"\nunit = "1"', 'x_unit = "1"\nunit = "percent"'),
        "points": ("[2, 0.01]", "[2, 0.02]"),
        "table": ("loss.csv", "lost.csv"),
        "columns": ('["x", "loss"]', '["x", "other"]'),
        "source": ('[2, 0.01]]\nsource = "@one"', '[2, 0.01]]\nsource = "@two"'),
        "note": ("bent", "straight"),
    },
    "InputTable": {
        "unit": ('[inputs.e]\nunit = "1"', '[inputs.e]\nunit = "percent"'),
        "point": ("point = 2\nlabel", "point = 2.5\nlabel"),
        "label": ('"The a"', '"An a"'),
        "index": ('index = ["kind"]\ntable = "cells.csv"', 'index = ["kind"]\ntable = "cells.csv"\nlow = 0'),
        "member_of": ('member_of = "country"\npoint = "us"', 'member_of = "country"\npoint = "india"'),
        "across": ("across = 0.5", "across = 0.6"),
        "table": ("cells.csv", "others.csv"),
        "columns": ('{ point = "p" }', '{ point = "q" }'),
        "missing": ("missing = 7", "missing = 8"),
        "distribution": ("normal(2, 0.5)", "normal(2, 0.6)"),
        "low": ("low = 0", "low = 0.1"),
        "high": ("high = 9", "high = 8"),
        "kind": ('kind = "variability"\ngroup', 'kind = "uncertainty"\ngroup'),
        "group": ('group = "one"', 'group = "two"'),
        "basis": ('"measured"', '"assumption"'),
        "source": ('"measured"\nsource = "@one"', '"measured"\nsource = "@two"'),
        "note": ("noted", "not noted"),
        "evidence": ("value = 2.1", "value = 2.2"),
        "experts": ("weight = 2", "weight = 3"),
    },
    "EvidenceTable": {
        "value": ("value = 2.1", "value = 2.2"),
        "low": ("low = 1\n", "low = 1.5\n"),
        "high": ("high = 3\n", "high = 4\n"),
        "source": ('high = 3\nsource = "@one"', 'high = 3\nsource = "@two"'),
        "year": ("year = 2020\nnote", "year = 2019\nnote"),
        "note": ('"seen"', '"looked at"'),
        "member": ('member = "us"', 'member = "india"'),
    },
    "EquationTable": {
        "value": ('"a + b"', '"a + 2 * b"'),
        "index": ('{ us = "c", india = "d" }', '{ us = "c", india = "e" }'),
        "unit": ('"a + b", unit = "kg"', '"a + b", unit = "g"'),
        "label": ('"Plain"', '"Sum"'),
        "note": ('"sum"', '"total"'),
    },
    "OutputTable": {
        "unit": ('[outputs.w]\nunit = "kg"', '[outputs.w]\nunit = "g"'),
        "label": ('"The y"', '"A y"'),
        "value": ("sum(tabled)", "mean(tabled)"),
        "published": ("published = 2.3", "published = 2.4"),
        "digits": ("digits = 2", "digits = 1"),
        "claim": ('"at least"', '"about"'),
        "reference": ("reference = 1", "reference = 2"),
        "scale": ('"log10"', '"linear"'),
        "over": ('over = "case"', 'over = "median"'),
        "words": ('"Is it two?"', '"Is it 2.3?"'),
        "source": ('"Is it two?" }\nsource = "@one"', '"Is it two?" }\nsource = "@two"'),
        "note": ('"printed"', '"typed"'),
    },
    "CorrelationTable": {
        "inputs": ('inputs = ["a", "b"]', 'inputs = ["e", "b"]'),
        "spearman": ("spearman = 0.3", "spearman = 0.4"),
        "pearson": ("spearman = 0.3", "pearson = 0.3"),
        "kendall": ("spearman = 0.3", "kendall = 0.3"),
        "matrix": ("[[1, 0.2], [0.2, 1]]", "[[1, 0.3], [0.3, 1]]"),
        "kind": ('kind = "spearman"', 'kind = "pearson"'),
        "independent": ('["a", "e"]', '["b", "e"]'),
        "because": ("nothing binds them", "they are apart"),
        "basis": ('basis = "assumption"', 'basis = "measured"'),
        "source": ('basis = "assumption"\nsource = "@one"', 'basis = "assumption"\nsource = "@two"'),
        "note": ("paired", "coupled"),
    },
    "ChoiceTable": {
        "question": ('"How?"', '"In which way?"'),
        "options": ("[choices.how.options.one]\n", "[choices.how.options.own]\n"),
        "note": ('"chosen"', '"taken"'),
    },
    "OptionTable": {
        "label": ('"Two"', '"Second"'),
        "source": ('label = "Two"\nsource = "@one"', 'label = "Two"\nsource = "@two"'),
        "note": ('"other"', '"the other"'),
        "equations": ('equations = { plain = "a" }', 'equations = { plain = "b" }'),
        "inputs": ("inputs = { e = 2 }", "inputs = { e = 3 }"),
    },
    "OverrideTable": {
        "point": ("{ point = 2, ", "{ point = 2.5, "),
        "distribution": ("uniform(1, 3)", "uniform(1, 2)"),
        "kind": ('"uniform(1, 3)", kind = "variability"', '"uniform(1, 3)", kind = "uncertainty"'),
    },
    "ExcludedTable": {
        "when": ('{ how = "two", what = "z" }', '{ how = "one", what = "z" }'),
        "because": ("it makes no sense", "it cannot be"),
    },
    "ReadingTable": {
        "label": ('"Other"', '"Another"'),
        "condition": ("all else is so", "all is so"),
        "source": ('"all else is so"\nsource = "@one"', '"all else is so"\nsource = "@two"'),
        "printed": ('printed = "1.5 kg"', 'printed = "1.6 kg"'),
        "note": ('note = "read"', 'note = "reads"'),
        "choices": ('choices = { how = "two" }', 'choices = { how = "one" }'),
        "inputs": ("inputs = { c = 2 }", "inputs = { c = 4 }"),
        "expect": ("expect = { y = 1.5 }", "expect = { y = 1.6 }"),
        "observations": ('observations = ["meter"]', 'observations = ["scale"]'),
        "preferred": ("preferred = true", "preferred = false"),
    },
    "ExpertTable": {
        "name": ('"Ada"', '"Ann"'),
        "p1": ("p1 = 1\n", "p1 = 1.1\n"),
        "p5": ("p5 = 1.5", "p5 = 1.6"),
        "p10": ("p10 = 2\n", "p10 = 2.1\n"),
        "p25": ("p25 = 2.5", "p25 = 2.6"),
        "p50": ("p50 = 3\n", "p50 = 3.1\n"),
        "p75": ("p75 = 3.5", "p75 = 3.6"),
        "p90": ("p90 = 4\n", "p90 = 4.1\n"),
        "p95": ("p95 = 4.5", "p95 = 4.6"),
        "p99": ("p99 = 5\n", "p99 = 6\n"),
        "distribution": ("uniform(1, 4)", "uniform(1, 3)"),
        "weight": ("weight = 2", "weight = 3"),
        "source": ('weight = 2\nsource = "@one"', 'weight = 2\nsource = "@two"'),
        "note": ('"asked"', '"said"'),
        "member": ('p95 = 3\nmember = "india"', 'p95 = 3\nmember = "us"'),
    },
    "ObservationTable": {
        "quantity": ('label = "Meter"\nquantity = "a"', 'label = "Meter"\nquantity = "plain"'),
        "value": ("value = 2.05", "value = 2.15"),
        "sd": ("sd = 0.4", "sd = 0.3"),
        "gsd": ("gsd = 1.2", "gsd = 1.3"),
        "distribution": ("uniform(-1, 1)", "uniform(-1, 2)"),
        "unit": ('value = 2.05\nunit = "kg"', 'value = 2.05\nunit = "g"'),
        "over": ('gsd = 1.2\nover = "average"', "gsd = 1.2"),
        "label": ('"Meter"', '"Metre"'),
        "source": ('sd = 0.4\nsource = "@one"', 'sd = 0.4\nsource = "@two"'),
        "note": ('"metered"', '"measured by a meter"'),
    },
    "SourceTable": {
        "title": ('"First"', '"The first"'),
        "authors": ('"Roe, B."', '"Roe, C."'),
        "year": ("year = 2021", "year = 2022"),
        "doi": ("10.1000/1", "10.1000/2"),
        "arxiv": ("2303.06219", "2303.06220"),
        "url": ("example.org/b", "example.org/d"),
        "seen": ('seen = "through another"\nthrough = "two"', 'seen = "abstract"'),
        "through": ('seen = "through another"\nthrough = "two"', 'seen = "abstract"'),
        "accessed": ("2026-11-20", "2026-11-21"),
    },
}
"""By table and key, what stands in the study, and what makes another study of it."""

EVERY = [(table, key, *texts) for table, keys in ALTERED.items() for key, texts in keys.items()]


def load(folder, text, name="study.toml"):
    for file, content in FILES.items():
        (folder / file).write_text(content, encoding="utf-8")
    (folder / name).write_text(text, encoding="utf-8")
    return un.load_study(folder / name)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return a study that gives every key of the schema."""
    return load(tmp_path_factory.mktemp("own"), STUDY)


def test_every_key_of_the_schema_is_tried():
    tables = [
        each for each in vars(schema).values() if isinstance(each, type) and issubclass(each, schema.Table)
    ]
    keys = {t.__name__: {key.name for key in keys_of(t).values()} for t in tables}
    assert {name: set(altered) for name, altered in ALTERED.items()} == {
        name: each for name, each in keys.items() if name not in ("Table", "StudyFile")
    }


@pytest.mark.parametrize(
    ("table", "key", "old", "new"), one_in(7, EVERY), ids=[f"{each[0]}.{each[1]}" for each in EVERY]
)
def test_a_key_that_differs_is_told(study, tmp_path, table, key, old, new):
    assert STUDY.count(old) == 1
    found = un.differences(study, load(tmp_path, STUDY.replace(old, new)))
    assert found
    own = keys_of(getattr(schema, table))
    wording = next(each for each in own.values() if each.name == key).wording
    if wording:
        assert not any(each.changes_numbers for each in found)


def texts_of(tables, wording):
    """Yield every text of a study that changes no number, but for references to sources."""
    for key, value in tables.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from texts_of(each, wording)
            elif key in wording and isinstance(each, str) and not each.startswith("@"):
                yield each


@pytest.mark.slow
def test_every_text_is_in_the_report_and_labels_in_the_notebook(study, monkeypatch):
    # it shows no text of the study, and asks pools of experts for their quantiles for minutes
    monkeypatch.setattr("uncertainty.challenges.analysis._break_even", lambda *_: "not asked here")
    content = gather(study, settings=Settings(samples=2**14, level=0.9), sensitivity_samples=64)
    page = markdown.render(f"{study.title} {study.question}", "", make_sections(content))
    # the language marks the page, the version and the licence's name go with the study's file
    told = {*texts_of(tomllib.loads(STUDY), wording())} - {"en", "1"}
    assert len(told) > 30
    assert sorted(text for text in told if text not in page) == []
    view = study._repr_html_()
    assert [label for label in ("The a", "The y", "How?", "Other") if label not in view] == []
