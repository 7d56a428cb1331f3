"""A claim whose every answer has a closed form: a ratio of lognormal quantities."""

import math
from textwrap import dedent

import pytest

import uncertainty as un

RATIO = """
format = 1

[study]
title = "A ratio"
headline = "ratio"

[inputs.old]
unit = "g"
point = 100
distribution = "lognormal(100, 2)"

[inputs.new]
unit = "g"
point = 5
distribution = "lognormal(5, 1.5)"

[inputs.tries]
unit = "1"
point = 1

[inputs.unused]
unit = "1"
point = 1
distribution = "uniform(0, 1)"

[equations]
repeats = "1"
work_left = "0[g]"
idle = "unused"

[outputs.ratio]
label = "Old ÷ new"
value = "old / (new * repeats * tries + work_left)"
unit = "1"
published = 20
scale = "log10"
reference = 1

[choices.repeating]
question = "How often is it repeated?"
[choices.repeating.options.once]
label = "once"
[choices.repeating.options.thrice]
label = "three times"
equations = { repeats = "3" }
[choices.repeating.options.often]
label = "thirty times"
equations = { repeats = "30" }

[choices.person]
question = "Does somebody still work?"
[choices.person.options.nobody]
label = "nobody"
[choices.person.options.half]
label = "half the time"
equations = { work_left = "old / 2" }

[choices.idling]
[choices.idling.options.no]
[choices.idling.options.yes]
equations = { idle = "2 * unused" }

[[excluded]]
when = { repeating = "often", person = "half" }
because = "nobody would"

[readings.repeated]
label = "Repeated"
condition = "it is repeated three times"
choices = { repeating = "thrice" }
preferred = true
expect = { ratio = { value = 6.7, digits = 2 } }

[readings.hopeless]
condition = "it is repeated thirty times"
choices = { repeating = "often" }
"""

LOG_SD = math.hypot(math.log(2), math.log(1.5))
"""Standard deviation of the logarithm of the ratio, whose median is 20."""


@pytest.fixture
def ratio_text() -> str:
    return RATIO


@pytest.fixture
def load(tmp_path):
    """Return a function that loads a study from its text."""

    def loaded(text: str = RATIO, name: str = "ratio") -> un.Study:
        path = tmp_path / f"{name}.toml"
        path.write_text(dedent(text), encoding="utf-8")
        return un.load_study(path)

    return loaded


@pytest.fixture
def ratio(load) -> un.Study:
    return load()
