"""Studies with indices come back whole from every form that a study can be kept in."""

import pytest

import uncertainty as un
from uncertainty.study import conversion
from uncertainty.study.reader import data_of

STUDY = """
format = 1

[study]
title = "Round and back"
headline = "ratio[us,bloom]"

[indices.country]
label = "Country"
members = { us = "United States", india = "India" }

[indices.text]
members = ["gpt", "bloom"]

[indices.year]
from = 2020
to = 2021
step = 0.5
unit = "year"

[curves.damage]
x_unit = "kelvin"
points = [[0, 0], [2, 0.01], [4, 0.08]]
source = "A curve"

[inputs.human]
label = "A page"
unit = "g"
index = ["country"]
point = { us = 1000, india = 200.0 }
distribution = { us = "900 to 1200", india = "150 to 260" }
basis = { us = "measured" }
low = { india = 100 }
source = "One for all"
across = { country = 0.5 }
evidence = [{ value = 950, member = "us", source = "A" }]

[inputs.ai]
unit = "g"
index = ["text", "year"]
table = "cells.csv"
columns = { point = "grams" }
missing = 1
distribution = "1 to 3"
across = "same"

[inputs.which]
member_of = "text"
point = "gpt"
distribution = "one_of(gpt=2, bloom=1)"

[equations]
late = "interpolate(1[kelvin], damage) * 200"
used = { index = ["text"], value = { gpt = "ai", bloom = "ai[2020.5] * late" } }

[outputs.ratio]
value = "human / mean(used, year)"
unit = "1"
published = { us = { gpt = 500, bloom = { value = 1.0e3, sd = 300 } }, india = { gpt = 100.0 } }

[outputs.chosen]
value = "sum(human) / ai[which, 2020]"
unit = "1"

[choices.who]
[choices.who.options.person]
[choices.who.options.helped]
equations = { "used[bloom]" = "ai * 2" }
inputs = { human = 500, "human[india]" = "100 to 200" }

[readings.better]
inputs = { "human[us]" = { point = 800, distribution = "700 to 900" }, which = "bloom" }
expect = { "ratio[gpt,us]" = 400.0, chosen = { value = 800, digits = 1 } }
"""


@pytest.mark.parametrize("form", ["study.xlsx", "study.json", "again.toml", "folder"])
def test_a_study_of_tables_comes_back_whole(write_study, tmp_path, form):
    (tmp_path / "cells.csv").write_text("text,year,grams\ngpt,2020,2\nbloom,2020.5,3\n", encoding="utf-8")
    path = write_study(STUDY)
    study = un.load_study(path)
    target = tmp_path / "out" / form
    target.parent.mkdir()
    (target.parent / "cells.csv").write_bytes((tmp_path / "cells.csv").read_bytes())
    conversion.write_study(path, target, data_of(study))
    again = un.load_study(target)
    assert list(un.differences(study, again)) == []
    assert again.indices == study.indices
    assert again.quantities == study.quantities
    assert again.correlations == study.correlations
    assert again.outputs == study.outputs
    assert again.readings == study.readings
    assert {n: str(e.expression) for n, e in again.equations.items()} == {
        n: str(e.expression) for n, e in study.equations.items()
    }
