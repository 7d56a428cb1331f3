"""The sections that challenge a figure say what was found, or why a part does not apply."""

import math
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.text import Text
from scipy.stats import norm

import uncertainty as un
from uncertainty import numbers
from uncertainty.challenges.corners import input_levels
from uncertainty.challenges.dependence import Together
from uncertainty.distributions.positive import Lognormal
from uncertainty.pages.blocks import Paragraph, Table
from uncertainty.pages.figures.pictures import svg_text
from uncertainty.pages.figures.specification_curve import Question, Specification, draw_specifications
from uncertainty.pages.figures.style import MUTED
from uncertainty.pages.robustness_words import by_correlation, dependence_sentences
from uncertainty.pages.sections.challenges import (
    _draws_otherwise,
    _is_yes_or_no,
    breakeven,
    readings_beyond,
    together_section,
)
from uncertainty.pages.sections.readings import critics_section
from uncertainty.pages.sections.verdicts import differences, verdicts
from uncertainty.pages.wording import (
    construction_sentences,
    decider_sentence,
    universes_sentence,
)
from uncertainty.sampling.estimate import Estimate
from uncertainty.study.sources import keys
from uncertainty.wording import some_of

PLAIN = """
format = 1
[study]
title = "Plain"
headline = "twice"
[inputs.x]
unit = "kg"
point = 2
[outputs.twice]
value = "2 * x"
unit = "kg"
"""


def test_nothing_is_said_of_shares_that_are_not_shown(load):
    inputs = '[inputs.a]\nunit = "1"\npoint = 10\ndistribution = "normal(10, 2)"\n'
    inputs += '[inputs.b]\nunit = "1"\npoint = 3\ndistribution = "lognormal(3, 1.4)"\n'
    study = load(
        f'format = 1\n[study]\ntitle = "T"\nheadline = "d"\n{inputs}'
        '[outputs.d]\nvalue = "a - b"\nunit = "1"\npublished = 7\n'
    )
    found = un.challenge(study, samples=1024)
    each = found.outputs["d"]
    reading = each.verdict.readings["as_published"]
    # what may be negative is not told by factors, however few draws miss them
    assert reading.shares["within_factor_10"].rests_on_too_few
    assert not reading.by_factors
    said = " ".join(str(block.text) for block in verdicts(found, each).blocks if isinstance(block, Paragraph))
    assert "within a factor" not in said


@pytest.mark.slow
def test_every_leading_reading_has_its_sentence(sections_of, small):
    text = sections_of(small)["verdicts"]
    assert "As published. If the publication's calculation holds" in text
    assert "Two in the car. If two people share the car, the direction holds in" in text
    assert "The arithmetic reproduces 600 kg/year" in text


@pytest.mark.slow
def test_the_choice_that_decides_leads_its_section(sections_of, small):
    text = sections_of(small)["choices"]
    assert re.match("“(car|Who else is in the car\\?)” moves the result most: ", text)
    assert "3 valid combinations of 2 choices" in text
    assert "it is not a probability" in text
    assert "Yearly emissions under combinations of modelling choices: medians from" in text
    assert "– one other person" in sections_of(small)["effects"]


@pytest.mark.slow
def test_what_would_have_to_be_true_names_inputs_and_the_nearest_combination(sections_of, small):
    text = sections_of(small)["breakeven"]
    assert (
        "Value of one input alone at which the result crosses 60 kg/year, a tenth of the published 600"
        in text
    )
    assert "For 100 kg/year, the reference: the nearest found is" in text


def test_robustness_shows_other_shapes_and_says_what_is_left_alone(sections_of, small):
    text = sections_of(small)["robustness"]
    assert "all normal, same 90 % ranges" in text
    assert "all with 0.5 times the spread" in text
    assert "distance: +50 %" in text
    assert "Left unchanged, because discrete or empirical: trips." in text


RARE = """
format = 1
[study]
title = "A rare jump beside a steady number"
headline = "sum"
[inputs.steady]
label = "Steady"
unit = "1"
point = 1
distribution = "uniform(0, 2)"
[inputs.luck]
label = "Luck"
unit = "1"
point = 0.5
distribution = "uniform(0, 1)"
[outputs.sum]
value = "steady + where(luck > 0.95, {jump}, 0)"
unit = "1"
published = 1
"""


@pytest.mark.slow
@pytest.mark.parametrize(("jump", "told"), [(10, True), (0.5, False)])
def test_a_top_driver_by_ranks_is_told_from_that_by_shares_of_the_spread(sections_of, load, jump, told):
    """Of two variances, 1/3 and 0.0475 of the square of the jump, shares of the spread are the parts."""
    text = sections_of(load(RARE.format(jump=jump)))["robustness"]
    assert "Steady" in re.search("([^.]*)top driver, by rank correlation,([^.]*)", text)[0]
    said = re.search(
        r"By shares of the spread, with interactions, Luck comes first \((\d+)[^,]*, beside (\d+)", text
    )
    assert bool(said) == told
    if said:
        share = 4.75 / (4.75 + 1 / 3)
        assert [float(each) for each in said.groups()] == pytest.approx(
            [100 * share, 100 - 100 * share], abs=2
        )


def test_critiques_are_listed_with_source_and_expected_figure(sections_of, write_study):
    sourced = un.load_study(
        write_study(
            replace={'label = "Two in the car"': 'label = "Two in the car"\nsource = "A critic 2024"'}
        )
    )
    text = sections_of(sourced)["critiques"]
    assert "A critic 2024" in text
    assert "328.9 (expected 330)" in text


def test_without_readings_choices_or_figures_every_section_says_why(sections_of, write_study):
    found = sections_of(un.load_study(write_study(PLAIN)))
    assert "This does not apply: the study lists no modelling choices." in found["choices"]
    assert "This does not apply: the study has no published figure" in found["breakeven"]
    assert "This does not apply: no input varies." in found["robustness"]
    assert "no unpublished output on a linear scale" in found["differences"]
    assert found["critiques"] == "No reading of the study has a source of its own."
    assert "no published figure of" in found["verdicts"]


def test_a_pure_number_with_nothing_beside_it_is_called_no_ratio(gathered, write_study):
    alone = PLAIN.replace('unit = "kg"', 'unit = "1"') + 'scale = "log10"\n'
    content = gathered(un.load_study(write_study(alone)))
    assert differences(content.challenge).title == "Outputs with a reference"
    beside = alone + '[outputs.less]\nvalue = "x - 1"\nunit = "1"\nreference = 0\n'
    content = gathered(un.load_study(write_study(beside)))
    assert differences(content.challenge).title == "More than a ratio"


def test_the_flagships_readings_name_its_critics(flagship):
    cited = set(keys(" ".join(reading.source for reading in flagship.readings.values())))
    critics = {"baobab2026", "bender2023", "cheung2025", "cook2024", "cook2025", "druckman2012", "hn2023"}
    assert critics | {"luccioni2025", "noy2023", "programming2025", "pusceddu2025", "ren2024"} <= cited


FEW = """
format = 1
[study]
title = "Few"
headline = "y"
[inputs.x]
unit = "1"
point = 2
distribution = "1 to 3"
[inputs.near]
unit = "1"
point = 5
[inputs.far]
unit = "1"
point = 1
[inputs.first]
label = "First year"
unit = "1"
point = 2020
[outputs.y]
value = "x * near - far / 1000 + 0.001 * (2025 - first)"
unit = "1"
published = 10.004
reference = 6
[choices.more]
options.no = {}
options.yes = { inputs.x = 2.1 }
"""


MANY = """
format = 1
study = { title = "Many alike", headline = "y" }
indices.place.members = ["a", "b", "c", "d", "e"]
inputs.use = { unit = "kg", index = ["place"], point = 5, distribution = "normal(5, 0.1)" }
inputs.few = { unit = "kg", point = 5, distribution = "normal(5, 0.1)" }
inputs.rest = { unit = "kg", point = 5, distribution = "1 to 40" }
outputs.y = { unit = "kg", value = "sum(use) + few + rest", reference = 90 }
"""


@pytest.mark.slow
def test_many_inputs_that_their_distributions_exclude_stand_in_one_line(sections_of, write_study):
    """Each of six would have to be 60 kg, 550 standard deviations away; the lognormal one may be."""
    text = " ".join(sections_of(un.load_study(write_study(MANY)))["breakeven"].split())
    assert "crosses 90 kg, the reference" in text
    assert "rest (kg) 5 crossed; back at 60.0 (98th percentile)" in text
    far = "these would have to be more than ten times their points, or less than a tenth"
    excluded = "at values that their distributions all but exclude"
    cross = "to cross 90 kg, the reference alone: use and few."
    assert f"Of the inputs that vary, {far}, {excluded}, {cross}" in text
    few = MANY.replace('["a", "b", "c", "d", "e"]', '["a"]').replace("reference = 90", "reference = 75")
    assert "all but exclude" not in sections_of(un.load_study(write_study(few)))["breakeven"]


TOGETHER = """
format = 1
study = { title = "Together", headline = "y" }
inputs.size = { label = "Size", unit = "kg", point = 5, distribution = "normal(5, 1)" }
inputs.use = { label = "Use", unit = "kg", point = 5, distribution = "normal(5, 1)" }
inputs.rest = { label = "Rest", unit = "kg", point = 5, distribution = "normal(5, 1)" }
inputs.idle = { label = "Idle", unit = "kg", point = 5, distribution = "normal(5, 1)" }
outputs.y = { unit = "kg", value = "size + use + rest", reference = 20 }
outputs.z = { unit = "kg", value = "idle" }
[[correlations]]
inputs = ["size", "use"]
pearson = 0.6
[[correlations]]
inputs = ["size", "idle"]
pearson = 0.3
[[correlations]]
inputs = ["use", "rest"]
pearson = 0
"""


@pytest.mark.slow
def test_what_goes_along_with_an_input_that_moves_is_named(sections_of, write_study):
    """At 20 `size` has moved by 5 / 1.6, and `use` by 0.6 of that: alone it would be by 5."""
    text = " ".join(sections_of(un.load_study(write_study(TOGETHER)))["breakeven"].split())
    assert re.search(
        r"Size \(kg\) 5 crossed; back at 10\.0 \(above 99th percentile\) crossed; back at 8\.1 ", text
    )
    goes = "what is correlated with the input goes along with it, as in the draws"
    assert f"Where the others are distributed, {goes}: “Size” with “Use”. Value" in text
    apart = TOGETHER.replace("pearson = 0.6", "pearson = 0")
    assert "goes along" not in sections_of(un.load_study(write_study(apart)))["breakeven"]


def test_a_few_of_many_names_stand_in_a_sentence():
    assert some_of(list("abcdefgh")) == "a, b, c, d, e, f, g and h"
    assert some_of(list("abcdefghijkl")) == "a, b, c, d, e, f and 6 more"


@pytest.mark.slow
def test_fixed_inputs_that_would_have_to_be_others_altogether_stand_in_one_line(sections_of, write_study):
    text = sections_of(un.load_study(write_study(FEW)))["breakeven"]
    assert re.search(r"near\s5\s3\.0", text)
    assert re.search(
        r"more than ten times their points, or less than a tenth, to cross 6, the reference alone: far",
        text,
        re.DOTALL,
    )
    assert "crosses alone" not in text
    assert "2,020" not in text


@pytest.mark.slow
def test_a_median_that_one_combination_has_is_one_number(sections_of, write_study):
    text = sections_of(un.load_study(write_study(FEW)))["effects"]
    assert re.search(r"– no\s+(\S+)\s+\1\s+– yes\s+(\S+)\s+\2$", text)


@pytest.mark.parametrize("count", [1, 7, 60])
def test_a_curve_of_any_length_is_one_drawing_with_every_answer(count):
    specifications = tuple(
        Specification(1.0 + n, 2.0 + n, 4.0 + n, (n % 2, n % 3), role=0 if n == 0 else None)
        for n in range(count)
    )
    questions = (Question("First?", ("yes", "no")), Question("Second?", ("a", "b", "c")))
    figure = draw_specifications(
        specifications,
        questions,
        label="Result",
        marked=((3.0, "published: 3"),),
        roles=("As published",),
        logarithmic=True,
    )
    svg = svg_text(figure, "curve", "Curve")
    for text in ("First?", "Second?", ">yes<", ">c<", "published: 3", "● As published"):
        assert text in svg


@pytest.mark.parametrize(
    ("ends", "published"),
    [
        ([(1.4, 85), (1.6, 18), (2.6, 1e3), (3.6, 1e3)], 70),  # the first and the last bars are beyond it
        ([(1, 100), (1, 3), (1, 3), (50, 100)], 40),  # room in the middle alone
        ([(1, 3), (1, 30), (10, 100)], 2),  # room at the right
        ([(1, 3), (2, 4), (2, 100)], 80),  # room at the left
    ],
)
def test_what_a_line_marks_stands_on_no_bar(ends, published):
    specifications = tuple(Specification(low, low * 1.1, high, (0,)) for low, high in ends)
    figure = draw_specifications(
        specifications,
        (Question("One?", ("yes",)),),
        label="Result",
        marked=((published, f"published: {published}"),),
        roles=(),
        logarithmic=True,
    )
    [name] = [text for text in figure.findobj(Text) if text.get_text().startswith("published")]
    curve = figure.axes[0]
    bars = [
        line.get_window_extent()
        for line in curve.get_lines()
        if line.get_color() == MUTED and line.get_linestyle() == "-" and len(set(line.get_xdata())) == 1
    ]
    assert len([bar for bar in bars if bar.height > 1]) == len(ends)
    assert not any(name.get_window_extent().overlaps(bar) for bar in bars)


def test_what_a_line_marks_keeps_away_from_the_number_of_its_height():
    figure = draw_specifications(
        (Specification(-10, 15, 60, (0,)),),
        (Question("One?", ("yes",)),),
        label="Result",
        marked=((0, "reference: 0"),),
        roles=(),
        logarithmic=False,
    )
    figure.canvas.draw()
    ends = {text.get_text(): text.get_window_extent() for text in figure.findobj(Text)}
    apart = ends["reference: 0"].x0 - ends["0"].x1
    assert apart / figure.dpi * 72 > 2


COUNTED = """
format = 1
[study]
title = "Counted"
headline = "y"
[inputs.a]
unit = "1"
point = 3
distribution = "uniform(2, 4)"
[inputs.b]
label = "B, which has a comma"
unit = "1"
point = 0
distribution = "uniform(0, 0.1)"
[outputs.y]
value = "a + b + c"
unit = "1"
published = 30
reference = 3
[outputs.z]
label = "What he speaks of"
value = "a * 2"
unit = "1"
published = 6
[equations]
c = "0"
[choices.counted]
question = "What is counted?"
options.all = { source = "one" }
options.part = { source = "another", equations = { c = "1" } }
[readings.first]
source = "Doe 2020"
printed = "33 times, or 30"
inputs = { a = "uniform(12, 14)" }
preferred = true
[readings.other]
source = "Moe 2022"
printed = "22"
inputs = { a = 11 }
expect = { z = 22 }
[readings.again]
source = "Roe 2021"
inputs = { a = "uniform(12, 14)" }
"""


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    path = tmp_path_factory.mktemp("counted") / "counted.toml"
    path.write_text(COUNTED, encoding="utf-8")
    return un.challenge(un.load_study(path), samples=2**10)


def test_one_choice_is_not_the_one_that_moves_the_result_most(counted):
    found = counted.outputs["y"]
    said = decider_sentence(found.multiverse, found.choices)
    assert said.startswith("“What is counted?” is the only choice: changing it moves the median between 3.0")


def test_choices_that_explain_as_much_are_said_to_move_the_result_alike(counted):
    """Of two choices with 50 % each the first was said to move it most, as noise ordered them."""
    found = counted.outputs["y"]
    (effect,) = found.choices
    equal = (replace(effect, share=0.501), replace(effect, share=0.499))
    said = decider_sentence(found.multiverse, equal)
    assert said == (
        "“What is counted?” and “What is counted?” move the result most: 50 % of the variance of the medians "
        "belongs to each."
    )
    other = decider_sentence(found.multiverse, (replace(effect, share=0.52), replace(effect, share=0.48)))
    assert other.startswith("“What is counted?” moves the result most: 52 %")


def test_where_choices_change_only_together_none_is_said_to_move_the_result_most(counted):
    found = counted.outputs["y"]
    (effect,) = found.choices
    said = decider_sentence(
        found.multiverse, (effect, replace(effect, share=0.1), replace(effect, share=0.0))
    )
    assert said.startswith(
        "“What is counted?” moves the result most: over 99.9 % of the variance of the medians"
    )
    said = decider_sentence(found.multiverse, (replace(effect, share=0.2), replace(effect, share=0.0)))
    assert said.endswith("80 % of the variance of the medians belongs to choices that change only together.")


def test_what_an_end_of_an_input_is_stands_where_combinations_are_counted_by_them(counted):
    """A sum of 2 to 4 and 1 lies above 3 at its ends; of a lognormal a trillionth lies beyond them."""
    found = counted.outputs["y"]
    (said,) = (
        each for each in construction_sentences(found.multiverse, found.choices) if "In 1 of 2" in each
    )
    assert said.endswith("An end is a limit of the input, or has a trillionth of its values beyond it.")
    low, _, high = np.log(input_levels(Lognormal(1, math.e)))  # a standard normal
    beyond = norm.cdf(low), norm.sf(high)
    assert beyond == pytest.approx((1e-12, 1e-12), rel=0.1)


SIDES = """
format = 1
[study]
title = "Sides"
headline = "y"
[inputs.x]
unit = "1"
point = 2
distribution = "uniform(1, 3)"
[equations]
part = "1"
[outputs.y]
value = "10 * part / x"
unit = "1"
published = 5
reference = 1
claim = "{claim}"
[choices.part]
question = "Which part?"
[choices.part.options.all]
{options}
"""


@pytest.mark.parametrize(
    ("claim", "parts", "number", "side"),
    [
        # 10/3 to 10 times the part, beside 1
        ("at least", (0.5, 0.2), 2, ""),
        pytest.param(
            "at least",
            (0.5, 0.05),
            3,
            "; 2 of these lie on the claim's side of it",
            marks=pytest.mark.slow,
        ),
        ("at most", (0.2, 0.05), 2, "; 1 of these lies on the claim's side of it"),
        # none lies on the claim's side, of which it is told
        ("at most", (0.5, 0.2), 0, ""),
    ],
)
def test_combinations_that_cross_nothing_are_counted_on_both_sides(load, claim, parts, number, side):
    options = "\n".join(
        f'[choices.part.options.o{place}]\nequations = {{ part = "{part}" }}'
        for place, part in enumerate(parts)
    )
    found = un.challenge(load(SIDES.format(claim=claim, options=options)), samples=2**10).outputs["y"]
    told = " ".join(construction_sentences(found.multiverse, found.choices))
    assert (f"In {number} of 3 combinations no draw" in told) is bool(number)
    assert (f"crosses 1, the reference{side}. " in told) is bool(number)


def test_a_threshold_that_is_the_reference_too_is_counted_once(counted):
    said = universes_sentence(counted.outputs["y"].multiverse)
    assert said.count("at least 3") == 1


def test_readings_beyond_all_combinations_are_named_whether_led_with_or_not(counted):
    found = counted.outputs["y"]
    (said,) = readings_beyond(found.multiverse, found)
    assert re.match("Beyond these medians: “First” [(]13[.]0+[)], “Other” [(]11[.]05", said.text)


def test_a_reading_that_is_written_as_the_end_of_all_combinations_is_not_beyond_it(counted):
    """Beyond medians that reach to "1,100" no reader finds another "1,100"."""
    found = counted.outputs["y"]
    (said,) = readings_beyond(found.multiverse, found)
    (own,) = re.findall("“Other” [(]([^)]+)[)]", said.text)
    highest = SimpleNamespace(median=float(own) - 0.01)
    multiverse = SimpleNamespace(study=counted.study, universes=[*found.multiverse.universes, highest])
    rows = {**found.verdict.readings}
    for written, is_told in ((own, True), (numbers.number(highest.median, 2), False)):
        rows["other"] = SimpleNamespace(median=rows["other"].median, written=(written, ""))
        near = SimpleNamespace(verdict=SimpleNamespace(readings=rows))
        (said,) = readings_beyond(multiverse, near)
        assert ("“Other”" in said.text) == is_told


def test_a_reading_with_other_points_alone_draws_as_the_study_does(counted):
    study = counted.study
    reading = study.readings["first"]
    at_another_point = {"a": replace(reading.inputs["a"], distribution=study.inputs["a"].distribution)}
    assert _draws_otherwise(study, reading)
    assert not _draws_otherwise(study, replace(reading, inputs=at_another_point))


def test_readings_that_make_the_same_output_are_one_way_of_counting(counted):
    assert counted.outputs["y"].verdict.conclusion.direction.readings == 3


def test_inputs_are_quoted_in_lists_and_an_end_that_stays_is_told_once(counted):
    found = counted.outputs["y"]
    (said, *_) = dependence_sentences(counted.study, found.output, found.robustness)
    assert "“B, which has a comma”" in said
    median, high = Estimate(4.0, 0.001), Estimate(9.0, 0.001)
    lows = {-0.5: Estimate(1.0, 0.001), 0.5: Estimate(2.0, 0.001)}
    ends = [Together(("a", "b"), each, median, low, high) for each, low in lows.items()]
    assert (
        by_correlation(ends) == "the interval begins at 1.0 at -0.5 and 2.0 at +0.5, and ends at 9.0 at each"
    )


def test_correlations_that_change_nothing_are_listed_in_order(counted):
    found = counted.outputs["y"]
    own = found.robustness.own
    same = tuple(Together(("a", "b"), each, own.median, own.low, own.high) for each in (0.5, -0.8, 0.8, -0.5))
    (said,) = dependence_sentences(
        counted.study, found.output, replace(found.robustness, dependence=same, together=())
    )
    assert said.endswith("by a rank correlation of -0.8, -0.5, +0.5 or +0.8.")


@pytest.mark.parametrize(
    ("own", "others", "told"),
    [
        ((-0.9925, 1.0233), (-1.0390, 1.0078), "-1.0 to 1.0 as far as its digits tell, by a rank"),
        ((0.994, 25.0), (1.03, 25.2), "1.0 to 25 as far as its digits tell, by a rank"),
        ((9.94, 99.3), (10.2, 100.4), "10 to 100 as far as its digits tell, by a rank"),
        ((0.5, 25.0), (1.03, 25.2), "interval is 1.0 to 25 at each."),
    ],
)
def test_correlations_that_change_no_digit_are_not_told_one_by_one(counted, own, others, told):
    """The pair that matters most had "-1.0 to 1.0" at each of four correlations."""
    found = counted.outputs["y"]
    low, high = (Estimate(end, 1e-4 * abs(end)) for end in own)
    ends = tuple(Estimate(end, 1e-4 * abs(end)) for end in others)
    tried = tuple(Together(("a", "b"), each, ends[0], *ends) for each in (-0.8, 0.8, 0.5, -0.5))
    changed = replace(found.robustness.own, low=low, high=high)
    robustness = replace(found.robustness, own=changed, dependence=tried, together=())
    (said,) = dependence_sentences(counted.study, found.output, robustness)
    assert told in said


def test_what_critics_print_stands_beside_what_the_study_finds(gathered, tmp_path):
    path = tmp_path / "counted.toml"
    path.write_text(COUNTED, encoding="utf-8")
    content = gathered(un.load_study(path))
    table = critics_section(content).blocks[0]
    (title, printed, ours, source), other = table.rows
    assert (title, printed, source) == ("First", "33 times, or 30", "Doe 2020")
    assert ours.startswith("13.")
    # what he prints is no headline
    assert other == ("Other", "22", "22.0 for “What he speaks of”", "Moe 2022")
    # what goes together does so under one reading, which is named
    first = together_section(content).blocks[0]
    assert first.text.startswith("Under “The publication's conventions, today's evidence”, inputs are drawn")


@pytest.mark.slow
def test_no_break_even_is_told_of_a_yes_or_no(write_study):
    one = 'index = ["place"], point = 5, distribution = "normal(5, 0.1)"'
    text = MANY.replace(one, 'index = ["place"], point = { a = 1, b = 0, c = 0, d = 1, e = 1 }')
    study = un.load_study(write_study(text))
    assert [_is_yes_or_no(study, item) for item in study.inputs.values()] == [True] * 5 + [False] * 2
    found = un.challenge(study, samples=2**10)
    blocks = breakeven(found, found.outputs["y"]).blocks
    assert not any("use" in str(row[0]) for each in blocks if isinstance(each, Table) for row in each.rows)
    (left,) = [each.text for each in blocks if isinstance(each, Paragraph) and "Left out" in each.text]
    assert left.startswith("Left out, since no value between yes and no means anything: ")
    # nor that none was found, of those members of it that move nothing
    moot = text.replace("sum(use)", "0 * sum(use)")
    found = un.challenge(un.load_study(write_study(moot)), samples=2**10)
    told = [each.text for each in breakeven(found, found.outputs["y"]).blocks if isinstance(each, Paragraph)]
    assert not any("use" in each for each in told)
