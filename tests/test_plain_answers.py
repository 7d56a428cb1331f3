"""The plain answers are those that a slow second reading of the draws gives, and say how sure they are."""

import re
from collections import Counter
from itertools import product
from textwrap import dedent

import numpy as np
import pytest
from scipy.stats import norm
from second_reading import SAMPLES, SecondReading, last_place, study_text

import uncertainty as un
from uncertainty.amounts import part, roughly
from uncertainty.calibrated_sentences import first_sentences
from uncertainty.conclusion import Extreme
from uncertainty.plain_answers import grade
from uncertainty.sampling.estimate import Estimate
from uncertainty.sides import likelihood, tries_text

YES_OR_NO = [
    "no",
    "very probably not",
    "probably not",
    "nobody can tell",
    "probably",
    "very probably",
    "yes",
]
MORE_OR_LESS = [
    "no, less",
    "no, very probably less",
    "probably less",
    "nobody can tell",
    "probably more",
    "no, very probably more",
    "no, more",
]
LIMITS = (0.01, 0.1, 1 / 3, 2 / 3, 0.9, 0.99)
SLACKS = (0.8, 1, 1.25)
"""How far errors of a median and of both ends of an interval, at their worst at once, may move a limit."""
DEPENDS = "that depends on how one counts"
OTHER = r"(?:by (one other way|\d+ other ways)|as the publication counts): (.+?)"
UNDECIDED = r"(?:; by (another|\d+ others): nobody can tell)?"
FAIREST = re.compile(rf"counted fairest: (.+?)(?: \((.+?)\))?; {OTHER}{UNDECIDED}")


NEARLY = re.compile("counted fairest: (about right|it may be, but it may also be far from it)")


def place(share):
    """Where a share stands among the words, from 0 to 6."""
    return sum(share > limit for limit in LIMITS)


def answers(words, least, greatest, liked=None):
    """The answer by the rules, for shares as they are."""
    places = [place(least), place(greatest)]
    if all(each > 3 for each in places):
        return words[min(places)]
    if all(each < 3 for each in places):
        return words[max(places)]
    if all(each == 3 for each in places):
        return words[3]
    return DEPENDS if liked is None else f"fairest: {words[place(liked)]}"


def possible(second, words, shares):
    """All answers that shares within their errors may have."""
    liked = [each.title for each in second.study.readings.values() if each.preferred]
    asked = [min(shares.values()), max(shares.values())]
    if liked and liked[0] in shares:
        asked.append(shares[liked[0]])
    varied = [{each, *(each + sign * second.unknown(each) for sign in (-1, 1))} for each in asked]
    return {answers(words, *each) for each in product(*varied)}


def bare(short, second):
    """A short answer without the middle value that stands in it, which is the preferred reading's."""
    found = FAIREST.fullmatch(short)
    if not found:
        return short
    (liked,) = (name for name, each in second.study.readings.items() if each.preferred)
    if found[2]:
        ((told, slack),) = numbers_of(found[2])
        assert abs(told - np.median(second.draws[liked])) <= slack
    return f"fairest: {found[1]}"


def check_other(short, second, words, shares, *, near=False):
    """What is said of another way is so of the publication's own, or of one of the others."""
    found = FAIREST.fullmatch(short)
    if not found:
        return
    assert found[4] != found[1]
    own = second.study.readings["as_published"].title
    others = set(shares) - {own} if found[3] else {own}
    possible = {
        words[place(shares[each] + sign * second.unknown(shares[each]))]
        for each in others
        for sign in (-1, 0, 1)
    }
    names = [second.titles[title] for title in others]
    if near:
        possible |= {nearness(second, name, slack) for name in names for slack in SLACKS}
    if not near:
        check_counts(found, second, words, {each: shares[each] for each in set(shares) - {own}})
    if found[4] not in possible:
        ((told, slack),) = numbers_of(found[4])
        assert near
        assert min(abs(told - np.median(second.draws[name])) for name in names) <= slack


def check_counts(found, second, words, shares):
    """As many ways are counted as the same is said of, where errors leave no other word."""
    said = [
        {words[place(share + sign * second.unknown(share))] for sign in (-1, 0, 1)}
        for share in shares.values()
    ]
    unsaid = "nobody can tell" not in (found[1], found[4])
    for text, word in [(found[3], found[4])] * bool(found[3]) + [(found[5], words[3])] * unsaid:
        number = int(re.sub(r"\D", "", text) or 1) if text else 0
        assert sum(each == {word} for each in said) <= number <= sum(word in each for each in said)


WITHOUT_RANGE = "without a range, within a third"


def nearness(second, name, slack):
    """What a figure is to a reading, with ends that are wider by a factor."""
    value, draws = second.output.published.value, second.draws[name]
    low, median, high = np.quantile(draws, [0.025, 0.5, 0.975])
    if np.ptp(draws) == 0:
        return "about right" if f"{median:.2g}" == f"{value:.2g}" else ""
    inside = low - (slack - 1) * (high - low) <= value <= high + (slack - 1) * (high - low)
    if not inside:
        return ""
    if min(low, value) > 0 or max(high, value) < 0:
        close = abs(np.log(median / value)) <= np.log(4 / 3) * slack
        narrow = max(abs(np.log(low / value)), abs(np.log(high / value))) <= np.log(3) * slack
    else:
        close, narrow = abs(median - value) <= (high - low) / 8 * slack, False
    words = "about right" if narrow else "it may be, but it may also be far from it"
    return words if close else ""


def check_groups(short, second):
    """Each way but the preferred one is counted once, in the group of which is said what is so of it."""
    (liked,) = (name for name, each in second.study.readings.items() if each.preferred)
    first, *rest = short.split("; ")
    told = Counter({NEARLY.match(first)[1]: counted(first.partition(", and also ")[2])})
    for group in rest:
        way, said = group.split(": ")
        kind = re.sub(r" of [^(]+| \(.+", "", said)
        told[WITHOUT_RANGE if kind.endswith("within a third") else kind] += counted(way)
    value, possible = second.output.published.value, []
    for slack in SLACKS:
        said = Counter({NEARLY.match(first)[1]: 0})
        for name, draws in second.draws.items():
            middle = np.median(draws)
            side = "more" if middle > value else "less"
            near = np.ptp(draws) == 0 and abs(middle - value) <= abs(value) / 3
            place = WITHOUT_RANGE if near else side
            said[nearness(second, name, slack) or place] += name != liked
        possible.append(said)
    assert told in possible


def counted(ways):
    """How many ways are told of."""
    numbers = [int(each) for each in re.findall(r"\d+", ways)]
    return sum(numbers) + len(re.findall("as the publication counts|one other way|another", ways))


def of_a_figure(second, words, shares):
    """All answers that may be given where one asks for a figure."""
    told = set()
    liked = [name for name, each in second.study.readings.items() if each.preferred and name in second.draws]
    for slack in SLACKS:
        found = {name: nearness(second, name, slack) for name in second.draws}
        if len(every := set(found.values())) == 1 and (first := every.pop()):
            told.add(first)
        elif liked and found[liked[0]]:
            told.add(f"fairest: {found[liked[0]]}")
        else:
            told |= possible(second, words, shares)
    return told


PARTS = {
    "as much": 1,
    "nine tenths": 0.9,
    "four fifths": 0.8,
    "three quarters": 0.75,
    "two thirds": 2 / 3,
    "three fifths": 0.6,
    "half": 0.5,
    "two fifths": 0.4,
    "a third": 1 / 3,
    "three tenths": 0.3,
    "a quarter": 1 / 4,
    "a fifth": 1 / 5,
    "a sixth": 1 / 6,
    "a seventh": 1 / 7,
    "an eighth": 1 / 8,
    "a ninth": 1 / 9,
    "a tenth": 1 / 10,
}


def numbers_of(text):
    """The numbers of a text, and how far each may be off; parts of a whole are rounded most."""
    text = re.sub(r" times as much|95 % of tries(, of cases that differ)?: ", "", text)
    parts = "|".join(PARTS)
    text = re.sub(rf"({parts}|an? [\d,]+(?:st|nd|rd|th)) as much", r"\1", text)
    found = []
    for one in re.findall(rf"{parts}|an? [\d,]+(?:st|nd|rd|th)|-?[\d.,]*\d(?:e-?\d+)?", text):
        if one in PARTS:
            found.append((PARTS[one], 0.125 * PARTS[one]))
        elif one.startswith("a"):
            times = int(re.sub(r"\D", "", one))
            found.append((1 / times, 0.06 / times))
        else:
            found.append((float(one.replace(",", "")), 1.02 * last_place(one) / 2))
    return found


def check_sizes(text, second, readings):
    """The middle and the interval stand beside the name of each leading reading."""
    for name in readings.leading:
        of = text.split("t is ")[-1]
        if len(readings.leading) > 1:
            title = second.study.readings[name].title
            of = text.split(
                "s the publication counts, with this study's ranges," if name == "as_published" else title
            )[-1]
            of = of.split(";")[0].split(". ")[0].split(" where ")[0]
        values = second.draws[name]
        low, median, high = np.quantile(values, [0.025, 0.5, 0.975])
        found = numbers_of(of)
        true = [median] if np.ptp(values) == 0 else [median, low, high]
        assert len(found) == len(true), (of, found)
        # an end may have moved outwards by a whole unit
        for (one, slack), number, side in zip(found, true, (0, -1, 1), strict=False):
            outwards = side * (one - number)
            assert (-slack <= outwards <= 2 * slack) if side else abs(one - number) <= slack, (of, true)


def check_tries(text, second, shares):
    """Numbers of tries are those of the readings that are named."""
    found = re.search(r"at (least|most) (\d+) of 100 tries, by each", text)
    if found:
        end = min(shares.values()) if found[1] == "least" else max(shares.values())
        beyond = end - int(found[2]) / 100 if found[1] == "least" else int(found[2]) / 100 - end
        assert -second.unknown(end) <= beyond <= 0.01 + second.unknown(end)
    for liked in (each.title for each in second.study.readings.values() if each.preferred):
        text = re.sub(r"ounted fairest(, [inh])", rf"y “{liked}”\1", text)
    for title, often in re.findall(r"y “([^”]+)”(?: \([^)]*\))?, in (\d+) of 100 tries", text):
        assert abs(int(often) / 100 - shares[title]) <= 0.006 + second.unknown(shares[title])
    for title, often in re.findall(
        r"y “([^”]+)”(?: \([^)]*\))?, (?:nearly )?(always|never|hardly ever)", text
    ):
        assert (shares[title] > 0.5) == (often == "always")


def check_near(answer, second, value):
    """What is about right says in how many tries it lies near the figure, counted fairest or least often."""
    found = re.search(r"t lies within a third of the published figure in (\d+) of 100 tries", answer.because)
    if found:
        near = {name: np.mean(abs(each - value) <= value / 3) for name, each in second.draws.items()}
        liked = [name for name, each in second.study.readings.items() if each.preferred and name in near]
        varied = [share for name, share in near.items() if np.ptp(second.draws[name]) > 0]
        share = near[liked[0]] if liked else min(varied)
        assert abs(int(found[1]) / 100 - share) <= 0.006 + second.unknown(share)
    assert bool(found) <= ("about right" in answer.short or "it may be" in answer.short)


def check(seed, load):
    study = load(study_text(seed))
    second, readings = SecondReading(study), un.compare_readings(study, samples=SAMPLES)
    told = readings.judgement
    output, rest = second.output, list(told.answers)
    assert told.verdict == " ".join(
        f"{each.question} {each.short[0].upper()}{each.short[1:]}." for each in rest
    )
    if output.reference is not None:
        answer, shares = rest.pop(0), second.shares()
        assert (
            answer.question == f"Is it {'more' if second.above else 'less'} for “A” than for “B” (per piece)?"
        )
        assert bare(answer.short, second) in possible(second, YES_OR_NO, shares)
        check_other(answer.short, second, YES_OR_NO, shares)
        check_tries(re.split("In any one case|Where cases differ", answer.because)[0], second, shares)
    (answer,) = rest
    both = all(each.short.startswith("counted fairest") for each in told.answers)
    amount = re.compile(r"counted fairest: [^;]*\)(?:, and also [^;]*)?; (?:by|as)")
    assert [bool(amount.match(each.short)) for each in told.answers] == [
        each.short.startswith("counted fairest") and (not place or not both)
        for place, each in enumerate(told.answers)
    ]
    if output.published is None:
        assert answer.question.startswith("How much is “A")
        check_sizes(answer.because, second, readings)
        return
    value = output.published.value
    shares = {title: second.share(second.draws[name], value) for title, name in second.titles.items()}
    if output.claim == "about":
        words = MORE_OR_LESS if second.above else MORE_OR_LESS[::-1]
        if found := NEARLY.match(answer.short):
            assert f"fairest: {found[1]}" in of_a_figure(second, words, shares)
            check_groups(answer.short, second)
        else:
            assert bare(answer.short, second) in of_a_figure(second, words, shares)
            check_other(answer.short, second, words, shares, near=True)
        check_near(answer, second, value)
    else:
        assert bare(answer.short, second) in possible(second, YES_OR_NO, shares)
        check_other(answer.short, second, YES_OR_NO, shares)
        assert f"{output.claim} {output.published.value:g}" in answer.question
    check_sizes(answer.because, second, readings)
    check_tries(answer.because, second, shares)
    assert bool(told.worst) == bool(second.differences)
    # how many readings there are is said only of all of them: it is no chance
    assert not any(re.search(r"\d+ of the \d+", sentence) for sentence in told.sentences)


def test_a_few_random_studies_are_answered_as_a_second_reading_finds_them(load):
    for seed in range(3):
        check(seed, load)


@pytest.mark.slow
def test_random_studies_are_answered_as_a_second_reading_finds_them(load):
    for seed in range(200):
        check(seed, load)


def test_shares_are_told_as_tries():
    assert tries_text(Estimate(0.871, 0.001)) == "in 87 of 100 tries"
    assert tries_text(Estimate(0.871, 0.001), "at least") == "in at least 87 of 100 tries"
    # a bound is rounded to its safe side
    assert tries_text(Estimate(0.876, 0.001), "at least") == "in at least 87 of 100 tries"
    assert tries_text(Estimate(0.121, 0.001), "at most") == "in at most 13 of 100 tries"
    assert tries_text(Estimate(0.29, 0.001), "at least") == "in at least 29 of 100 tries"
    assert tries_text(Estimate(0.0, None, "", (0.0, 0.0004))) == "hardly ever (under 0.1 % of tries)"
    assert tries_text(Estimate(0.996, 0.0001), "at least") == "nearly always (at least 99.6 % of tries)"
    assert tries_text(Estimate(0.5, None, "", (0.0, 1.0))) == "in anything from 0 to 100 % of tries"


ONE = """
    format = 1
    [study]
    title = "t"
    headline = "y"
    [inputs.a]
    unit = "1"
    point = 3
    distribution = "{distribution}"
    [outputs.y]
    value = "a"
    unit = "1"
    {output}
    """

OTHER = """
    [readings.other]
    inputs = {{ a = "{}" }}
    """


@pytest.mark.parametrize(
    ("distribution", "output", "other", "said"),
    [
        ("uniform(2, 4)", "reference = 1", "", "Is “y” above 1? Yes. How much is “y”? About 3.00."),
        ("uniform(2, 4)", "published = 3", "", "Is “y” 3? About right."),
        ("uniform(2, 4)", "published = 9", "", "Is “y” 9? No, less."),
        ("uniform(2, 4)", "published = 1", "uniform(3, 5)", "Is “y” 1? No, more."),
        ("lognormal(3, 4)", "published = 3", "", "Is “y” 3? It may be, but it may also be far from it."),
        (
            "uniform(2, 4)",
            "published = 3",
            "uniform(12, 14)",
            "Is “y” 3? That depends on how one counts.",
        ),
        (
            "uniform(2, 4)",
            "published = 3",
            'uniform(12, 14)"}}\n[readings.liked]\npreferred = true\ninputs = {{ a = "uniform(2, 3.9)',
            (
                "Is “y” 3? Counted fairest: about right (about 2.95), and also as the publication counts; "
                "by one other way: more (about 13.0)."
            ),
        ),
        (
            "uniform(0, 10)",
            'published = 9; claim = "at least"',
            "uniform(0, 9.5)",
            "Is “y” at least 9? Probably not.",
        ),
        (
            "uniform(0, 10)",
            'reference = 0.9; published = 0.5; claim = "at most"',
            "",
            "Is “y” below 0.9? Very probably not. Is it at most 0.5? Very probably not.",
        ),
        ("uniform(2, 4)", "", "", "How much is “y”? About 3.00."),
        ("lognormal(3, 60)", "", "", "How much is “y”? Nobody knows: anything from 0.0010 to 9,300."),
    ],
)
def test_short_answers_say_direction_and_whether_the_figure_stands(distribution, output, other, said, load):
    text = dedent(ONE).format(distribution=distribution, output=output.replace("; ", "\n"))
    study = load(text + (dedent(OTHER).format(other.format()) if other else ""))
    assert un.compare_readings(study, samples=4096).judgement.verdict == said


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["uniform(0, 2)", "uniform(0, 2.1)"], "by 2 other ways: nobody can tell"),
        (["0", "uniform(0, 2.1)"], "by one other way: no; by another: nobody can tell"),
        (["0", "uniform(0, 2)", "uniform(0, 2.1)"], "by one other way: no; by 2 others: nobody can tell"),
    ],
)
def test_ways_that_cannot_tell_stand_in_the_answer_that_others_give(load, rows, told):
    readings = "".join(f'[readings.r{n}]\ninputs = {{ a = "{row}" }}\n' for n, row in enumerate(rows))
    liked = '[readings.liked]\ninputs = { a = "uniform(2, 3)" }\npreferred = true\n'
    text = dedent(ONE).format(distribution="uniform(2, 4)", output="reference = 1") + readings + liked
    answer, _ = un.compare_readings(load(text), samples=4096).judgement.answers
    assert answer.short == f"counted fairest: yes (about 2.50); {told}"


def test_one_number_is_answered_as_one(load):
    text = dedent(ONE).format(distribution="x", output="published = 3\nreference = 1")
    study = load(text.replace('distribution = "x"\n', ""))
    found = un.compare_readings(study, samples=64).judgement
    assert found.verdict == "Is “y” above 1? Yes. Is it 3? About right."
    assert [each.because for each in found.answers] == ["Always.", "It is 3.00."]


def test_a_reading_far_from_a_figure_that_others_find_right_is_named(load):
    rows = ["uniform(2.1, 4)", "uniform(2.2, 3.9)", "uniform(2, 4.1)", "7"]
    readings = [f'[readings.r{place}]\ninputs = {{ a = "{row}" }}\n' for place, row in enumerate(rows)]
    readings[0] += "preferred = true\n"
    text = dedent(ONE).format(distribution="uniform(2, 4)", output="published = 3") + "".join(readings)
    (answer,) = un.compare_readings(load(text), samples=1024).judgement.answers
    so = ", and also as the publication counts and by 2 other ways"
    assert answer.short == f"counted fairest: about right (about 3.05){so}; by another: more (7.00)"
    near = (
        "Counted fairest, it lies within a third of the published figure nearly always (over 99 % of tries)."
    )
    assert answer.because.startswith(near)
    assert answer.because.endswith(" Farthest off: by “R3” it is 7.00.")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["7", "9"], "; by 2 other ways: more (7.00 and 9.00)"),
        (["1", "0.5", "1"], "; by 2 other ways: less (1.00 and 0.500)"),
        (["1", "9"], "; by one other way: more (9.00); by another: less (1.00)"),
        (["7", "9", "8", "1"], "; by 3 other ways: more (7.00 to 9.00); by another: less (1.00)"),
        # a third of 3 is 1, and ends that lie there belong to it
        (
            ["2", "3.6", "4", "4.01"],
            (
                "; by 3 other ways: numbers without a range, within a third of 3 (2.00 to 4.00)"
                "; by another: more (4.01)"
            ),
        ),
        (
            ["uniform(3.4, 3.8)", "9", "uniform(3.5, 3.9)"],
            "; by 3 other ways: more, 2 of them within a third (about 3.60 to 9.00)",
        ),
        (
            ["uniform(3.4, 3.8)", "1.9"],
            "; by one other way: more, but within a third (about 3.60); by another: less (1.90)",
        ),
        (
            ["uniform(3.4, 3.8)", "3.7"],
            (
                "; by one other way: a number without a range, within a third of 3 (3.70)"
                "; by another: more, but within a third (about 3.60)"
            ),
        ),
        (
            ["uniform(2, 3.9)", "lognormal(3, 4)", "lognormal(3, 5)", "7"],
            (
                " and by one other way; by 2 others: it may be, but it may also be far from it; "
                "by another: more (7.00)"
            ),
        ),
    ],
)
def test_ways_are_told_in_groups_of_which_the_same_is_said(load, rows, told):
    """Each way stands in one group, and groups with their least and greatest middle value."""
    readings = "".join(f'[readings.r{n}]\ninputs = {{ a = "{row}" }}\n' for n, row in enumerate(rows))
    liked = '[readings.liked]\ninputs = { a = "uniform(2.1, 4)" }\npreferred = true\n'
    text = dedent(ONE).format(distribution="uniform(2, 4)", output="published = 3") + liked + readings
    (answer,) = un.compare_readings(load(text), samples=1024).judgement.answers
    so = ", and also as the publication counts"
    assert answer.short == f"counted fairest: about right (about 3.05){so}{told}"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            ["2.4", "7"],
            (
                "by one other way: a number without a range, within a third of 3 kg (2.40 kg)"
                "; by another: more (7.00 kg)"
            ),
        ),
        (["8", "10"], "by 2 other ways: more (8.00 and 10.0 kg)"),
        (["uniform(1.5, 1.7)", "1.2", "0.5"], "by 3 other ways: less (about 1.60 to 0.500 kg)"),
    ],
)
def test_the_publications_own_way_stands_before_groups_of_others(load, rows, told):
    readings = "".join(f'[readings.r{n}]\ninputs = {{ a = "{row}" }}\n' for n, row in enumerate(rows))
    liked = '[readings.liked]\ninputs = { a = "uniform(2.1, 4)" }\npreferred = true\n'
    text = dedent(ONE).format(distribution="uniform(8, 10)", output="published = 3") + liked + readings
    study = load(text.replace('unit = "1"', 'unit = "kg"'))
    (answer,) = un.compare_readings(study, samples=1024).judgement.answers
    own = "as the publication counts: more (about 9.00 kg)"
    assert answer.short == f"counted fairest: about right (about 3.05 kg); {own}; {told}"


def test_tries_near_a_figure_and_farther_off_on_either_side_are_all_of_them(load):
    """Of 1 to 6 a fifth lies below 2, two fifths from 2 to 4; of 2.5 to 4.5 three quarters do."""
    text = dedent(ONE).format(distribution="uniform(2.5, 4.5)", output="published = 3")
    other = '[readings.other]\ninputs = { a = "uniform(1, 6)" }\n'
    near = (
        "it lies within a third of the published figure in 40 of 100 tries, farther below in 20 of 100 tries "
    )
    near += "and farther above in 40 of 100 tries"
    own = "; as the publication counts, in 75 of 100 tries, farther above in 25 of 100 tries"
    for more, said in (
        ("", f"By “Other”, where that is so least often, {near}. "),
        ("preferred = true\n", f"Counted fairest, {near}{own}. "),
    ):
        (answer,) = un.compare_readings(load(text + other + more), samples=1024).judgement.answers
        assert answer.because.startswith(said), answer.because


def test_ways_that_are_not_led_with_may_set_results_farther_apart(load):
    """Leading middles 3 and 4, ends 2.05 to 3.95; a further one at 12, four times the lowest middle."""
    text = dedent(ONE).format(distribution="uniform(2, 4)", output='published = 3\nscale = "log10"')
    text += '[readings.fair]\ninputs = { a = "uniform(3, 5)" }\npreferred = true\n'
    data, widest = (
        "how well the numbers are known matters more than how one counts",
        "as the publication counts",
    )
    for far, said in (
        (
            "12",
            f"Between these ways, {data}; between all ways that the study names, how one counts sets results",
        ),
        ("3.5", f"{data.capitalize()}. In the widest interval, {widest}, the upper end is "),
    ):
        study = load(f'{text}[readings.far]\ninputs = {{ a = "{far}" }}\n')
        found = un.compare_readings(study, samples=1024)
        assert found.judgement.decides.startswith(said)
        every = "times the lowest, and of all ways that the study names the highest is 4.0 times the lowest."
        assert found.judgement.decides.endswith(every) == (far == "12")
        over_all = "Over all readings it changes by a factor of 4.0: there the convention leaves more open."
        assert (over_all in " ".join(first_sentences(found))) == (far == "12")


def test_ways_that_are_not_led_with_set_results_farther_apart_than_all_intervals_only(load):
    """Middles 2.55, 3, 4 and nearly 8; ends at most 2.7 times apart, or 39 times by the farthest way."""
    text = dedent(ONE).format(distribution="uniform(2, 4)", output='published = 3\nscale = "log10"')
    text += '[readings.fair]\ninputs = { a = "uniform(3, 5)" }\npreferred = true\n'
    text += '[readings.less]\ninputs = { a = "uniform(1.8, 3.3)" }\n'
    for far, is_said in (("triangular(2.5, 10, 10)", True), ("uniform(0, 16)", False)):
        found = un.compare_readings(load(f'{text}[readings.far]\ninputs = {{ a = "{far}" }}\n'), samples=1024)
        assert "far" not in found.leading
        assert ("how one counts sets results farther apart" in found.judgement.decides) == is_said
        assert ("there the convention leaves more open" in " ".join(first_sentences(found))) == is_said


def test_the_widest_interval_of_ways_that_are_not_led_with_is_told_too(load):
    """Ends at 2.05 and 3.95 as published, and at 1.25 and 10.75 by a way that is not led with."""
    text = dedent(ONE).format(distribution="uniform(2, 4)", output='published = 3\nscale = "log10"')
    text += '[readings.fair]\ninputs = { a = "uniform(3, 5)" }\npreferred = true\n'
    text += '[readings.less]\ninputs = { a = "uniform(1.5, 2.5)" }\n'
    ends = (
        r"the upper end is 1\.9 times the lower(?:, and of all ways that the study names ([\d.]+) times)?\.$"
    )
    for wide, told in (("uniform(1, 11)", 10.75 / 1.25), ("uniform(3, 3.5)", None)):
        study = load(f'{text}[readings.wide]\ninputs = {{ a = "{wide}" }}\n')
        found = un.compare_readings(study, samples=1024)
        assert "wide" not in found.leading
        said = re.search(ends, found.judgement.decides)
        assert said is not None
        assert (said[1] and float(said[1])) == (told and pytest.approx(told, rel=0.05))


def test_what_was_published_stands_beside_what_its_own_way_of_counting_gives_instead(load):
    text = dedent(ONE).format(distribution="uniform(2, 4)", output="published = 9")
    text += '[readings.fair]\ninputs = { a = "uniform(8, 10)" }\npreferred = true\n'
    (answer,) = un.compare_readings(load(text), samples=1024).judgement.answers
    own = "as the publication counts, with this study's ranges, about 3.00 (2.04 to 3.95)"
    assert answer.because.endswith(f"{own} where 9 was published.")
    (answer,) = un.compare_readings(load(text.replace("= 9", "= 3")), samples=1024).judgement.answers
    assert f"{own}." in answer.because
    # whose ranges these are is known where the publication itself prints them all
    printed = text.replace('title = "t"', 'title = "t"\nsource = "Annex 7"').replace(
        "point = 3", 'point = 3\nbasis = "published range"\nsource = "Annex 7"'
    )
    (answer,) = un.compare_readings(load(printed), samples=1024).judgement.answers
    assert own.replace("this study's", "the publication's own") in answer.because
    (answer,) = un.compare_readings(
        load(printed), samples=1024, overrides={"a": "uniform(2, 5)"}
    ).judgement.answers
    assert "the publication's own ranges" not in answer.because


def test_a_number_with_more_noughts_than_one_counts_is_told_in_words(load):
    text = dedent(ONE).format(distribution="loguniform(1e-40, 1000)", output='scale = "log10"')
    (answer,) = un.compare_readings(load(text), samples=1024).judgement.answers
    assert answer.short.startswith("nobody knows: anything from less than a billionth to ")


ASKED = """
    format = 1
    [study]
    title = "t"
    headline = "y"
    [inputs.a]
    unit = "1"
    point = 3
    distribution = "uniform(0, 10)"
    [outputs.y]
    value = "a"
    unit = "1"
    published = 3
    claim = "{claim}"
    reference = 1
    words = {{ {words} }}
    [outputs.saved]
    label = "Saved"
    value = "a"
    unit = "1"
    reference = 3.95
    {worst}
    [readings.more]
    inputs = {{ a = "uniform(0, 12)" }}
    """


@pytest.mark.parametrize("claim", ["at least", "at most", "about"])
@pytest.mark.parametrize(
    ("side", "short", "often"), [("above", "probably", "least"), ("below", "probably not", "most")]
)
def test_a_question_in_the_studys_own_words_is_answered_in_its_direction(claim, side, short, often, load):
    words = f'{side} = "Is it so?", figure = "Is it three?"'
    study = load(ASKED.format(claim=claim, words=words, worst=f'words = {{ {side} = "And that?" }}'))
    found = un.compare_readings(study, samples=4096).judgement
    direction, figure = found.answers
    assert (direction.question, direction.short) == ("Is it so?", short)
    # 89.6 and 10.4 %: a bound is rounded to its safe side
    share = "89" if side == "above" else "11"
    assert direction.because == (
        f"In at {often} {share} of 100 tries, by each of the 2 ways of counting that the study names; "
        f"{often} often as the publication counts."
    )
    assert figure.question == "Is it three?"
    share = "67" if side == "above" else "33"
    word = "probably" if side == "above" else "probably not"
    said = f"And that? By “More”, {word}: it is so in {share} of 100 tries."
    assert found.worst == f"A further question, by the way of counting that is worst for the claim: {said}"


def test_factors_below_one_are_told_as_parts_of_a_whole():
    told = {0.98: "as much", 0.9: "nine tenths", 0.4: "two fifths", 0.079: "a 13th", 1 / 80: "an 80th"}
    assert {value: part(value) for value in told} == told
    assert part(0.0021) == "a 480th"
    assert part(1e-9) == "less than a millionth"


def test_a_round_end_far_beyond_everything_is_not_told(load):
    text = dedent(ONE).format(distribution="lognormal(3, 2)", output='published = 3\nscale = "log10"')
    study = load(text.replace('value = "a"', 'value = "where(a < 9, a, 1000000)"'))
    (answer,) = un.compare_readings(study, samples=4096).judgement.answers
    assert re.search(r"\(95 % of tries: [\d.]+ to over 10\)", answer.because)


def test_the_question_told_at_its_worst_is_the_first_that_some_reading_makes_unlikely(load):
    """It is told under the reading that is worst for it, though what asks for more holds in fewer cases."""
    text = dedent(ONE).format(distribution="uniform(2, 4)", output="published = 3")
    outputs = """
    [outputs.made]
    value = "a - 1"
    unit = "1"
    reference = 0
    claim = "at least"
    [outputs.saved]
    value = "a - {saved}"
    unit = "1"
    reference = 0
    claim = "at least"
    [outputs.saved_net]
    value = "a - b"
    unit = "1"
    reference = 0
    claim = "at least"
    [readings.worse]
    inputs = {{ a = "uniform(1.5, 5.1)" }}
    [readings.rebound]
    inputs = {{ b = 99 }}
    """
    text = text.replace("[inputs.a]", '[inputs.b]\nunit = "1"\npoint = 2\n[inputs.a]')
    for saved, told in ((5, ("saved", "as_published", 0)), (2, ("saved_net", "rebound", 0))):
        found = un.compare_readings(load(text + dedent(outputs).format(saved=saved)), samples=4096)
        worst = found.conclusion.worst_difference
        assert (worst.output, worst.reading, round(worst.share.value, 2)) == told
        assert "worst" not in found.judgement.worst.replace("way of counting that is worst for the claim", "")


def test_widths_that_are_both_beyond_what_is_told_are_told_apart(load):
    text = dedent(ONE).format(distribution="lognormal(3, 1e9)", output="published = 10\nscale = 'log10'")
    readings = un.compare_readings(
        load(f"{text}[readings.less]\ninputs = {{ a = 'lognormal(3, 1e4)' }}"), samples=1024
    )
    assert readings.judgement.decides == (
        "How one counts also sets how wide the interval is. In the narrowest interval, by “Less”, the upper "
        "end is over a million times the lower; in the widest interval, as the publication counts, the two "
        "lie much farther apart; the middle values hardly differ."
    )
    told = next(sentence for sentence in first_sentences(readings) if "how wide" in sentence)
    assert (
        "spread over a factor of over a million under one of the leading readings and much farther under"
        in told
    )


def test_a_figure_that_is_less_right_and_more_by_three_ways_has_all_three_sides(load):
    text = dedent(ONE).format(distribution="uniform(2, 4)", output="published = 10\nscale = 'log10'")
    readings = """
    [readings.like]
    preferred = true
    inputs = {{ a = "uniform(3, {liked})" }}
    [readings.right]
    inputs = {{ a = "uniform(9, 11.2)" }}
    [readings.more]
    inputs = {{ a = "uniform(30, 34)" }}
    """
    for liked, more in ((5, "right"), (5, "more")):
        both = dedent(readings).format(liked=liked)
        if more == "right":
            both = both.partition("[readings.more]")[0]
        (answer,) = un.compare_readings(load(text + both), samples=4096).judgement.answers
        assert answer.short.startswith("counted fairest: no, less (about 4.00); by one other way: ")
        assert ("by another: " in answer.short) == (more == "more")
    assert {"about right", "no, more"} == {part.partition(": ")[2] for part in answer.short.split("; ")[1:]}


def test_a_figure_that_is_right_as_the_publication_counts_is_told_of_that_way(load):
    """Of two ways that find it about right, the publication's own leans as the preferred one does."""
    output = "published = 10\nscale = 'log10'\nreference = 5"
    text = dedent(ONE).format(distribution="normal(9, 1)", output=output)
    readings = """
    [readings.like]
    preferred = true
    inputs = { a = "uniform(3, 4)" }
    [readings.right]
    inputs = { a = "normal(9.5, 1.2)" }
    """
    found = un.compare_readings(load(text + dedent(readings)), samples=4096)
    figure = found.conclusion.figure
    below = [each.share.value for each in (figure.own, figure.greatest)]
    assert below[0] < 1 / 3 < below[1]
    answer = found.judgement.answers[-1]
    assert answer.short == "counted fairest: no, less; as the publication counts: about right"


@pytest.mark.parametrize(("own", "told"), [(9.0, "by one other way: probably"), (10.9, "as the publication")])
def test_an_answer_that_is_only_less_sure_is_not_told_beside_the_preferred_one(own, told, load):
    """Above 10 lie 5 % of tries counted fairest, 16 or 82 % as published, and 84 % by another way."""
    output = "published = 10\nscale = 'linear'\nreference = 5\nclaim = 'at least'"
    text = dedent(ONE).format(distribution=f"normal({own}, 1)", output=output)
    readings = """
    [readings.like]
    preferred = true
    inputs = { a = "normal(8.355, 1)" }
    [readings.more]
    inputs = { a = "normal(11, 1)" }
    """
    found = un.compare_readings(load(text + dedent(readings)), samples=4096)
    assert found.conclusion.figure.own.share.value == pytest.approx(norm.sf(10 - own), abs=0.01)
    answer = found.judgement.answers[-1]
    assert answer.short.startswith("counted fairest: very probably not (about ")
    assert answer.short.partition("; ")[2].startswith(told)


def test_one_number_is_so_or_not_so_and_an_end_that_was_set_is_none(load):
    text = dedent(ONE).format(
        distribution="lognormal(3, 2)", output='published = 3\nscale = "log10"\nreference = 2'
    )
    readings = """
    [readings.one]
    inputs = { a = 1 }
    [readings.other]
    inputs = { a = "lognormal(2, 1.2)" }
    """
    study = load(text.replace('value = "a"', 'value = "where(a < 9, a, 1000000)"') + dedent(readings))
    told = un.compare_readings(study, samples=4096).judgement
    assert "by “One” (1.00), it is not so, by one number without a range" in told.answers[0].because
    assert told.decides.startswith(
        "How one counts also sets how wide the interval is. In the narrowest interval, by"
    )
    assert "; the widest interval, as the publication counts, has no end;" in told.decides
    both = dedent(readings).replace("1.2", "4")
    study = load(text.replace('value = "a"', 'value = "where(a < 9, a, 1000000)"') + both)
    told = un.compare_readings(study, samples=4096).judgement
    assert "he intervals as the publication counts and by “Other” have no end;" in told.decides


def test_ways_that_are_not_led_with_have_no_end_either(load):
    """Two of four intervals that end at the number of a calculation are not all of them."""
    text = (
        dedent(ONE)
        .format(distribution="lognormal(3, 2)", output='published = 3\nscale = "log10"\nreference = 2')
        .replace('value = "a"', 'value = "where(a < 9, a, 1000000)"')
    )
    readings = """
    [readings.{}]
    inputs = {{ a = "lognormal({}, {})" }}
    """
    ways = [("near", 2.0, 1.1), ("far", 4.0, 2.0), ("between", 3.2, 2.0), ("beside", 3.1, 2.0)]
    told = []
    for used in (ways[:3], ways):
        study = load(text + "".join(dedent(readings).format(*way) for way in used))
        found = un.compare_readings(study, samples=4096)
        assert {"between", "beside"}.isdisjoint(found.leading)
        told.append(found.judgement.decides)
    assert "have no end, nor has that of 1 other way;" in told[0]
    assert "have no end, nor have those of 2 other ways;" in told[1]


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ([2], "; by “More 0” (about 1.0), in 50 of 100 tries."),
        (
            [2, 1.25],
            "; by “More 0” (about 1.0), in 50 of 100 tries; by “More 1” (about 0.63), in 20 of 100 tries.",
        ),
        ([2, 1.6, 1.8], "; by 3 other ways, in 37 to 50 of 100 tries."),
        (
            [2, 1.25, 1.6, 1.8],
            "; by 3 other ways, in 37 to 50 of 100 tries; by “More 1” (about 0.63), in 20 of 100 tries.",
        ),
        ([2, 0.5], "; by “More 0” (about 1.0), in 50 of 100 tries."),
        ([0.5], "as the publication counts, nearly always (over 99.9 % of tries)."),
    ],
)
def test_ways_between_those_that_are_named_are_told(ends, said, load):
    """A uniform from 0 to an end lies above 1 in one part less a part of it."""
    text = dedent(ONE).format(distribution="uniform(1, 3)", output="published = 2\nreference = 1.001")
    readings = '[readings.fair]\npreferred = true\ninputs = { a = "uniform(0, 0.9)" }\n'
    readings += '[readings.low]\ninputs = { a = "uniform(0, 0.8)" }\n'
    for place, end in enumerate(ends):
        readings += f'[readings.more_{place}]\ninputs = {{ a = "uniform(0, {end})" }}\n'
    told = un.compare_readings(load(text + readings), samples=4096).judgement.answers[0].because
    assert told.endswith(said), told


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([2], "; by “Set 0” (2.00), it is so, by one number without a range."),
        ([2, 3], "; by 2 more ways it is so, each by one number without a range (2.00 and 3.00)."),
        ([2, 0.1], " without a range; by “Set 1” (0.100), it is not so, by one number without a range."),
        # written as the reference itself, 1.001: neither is more, or less, than it to who reads it
        (
            [2, 1.003],
            " without a range; by “Set 1” (1.00), it is on the border, by one number without a range.",
        ),
        ([0.9991], "; by “Set 0” (0.999), it is not so, by one number without a range."),
        ([1.0005], "; by “Set 0” (1.00), it is on the border, by one number without a range."),
        ([1.001], "; by “Set 0” (1.00), it is so, by one number without a range."),
        ([0.9999, 1.002], "; by 2 more ways it is on the border, each by one number without a range (1.00)."),
    ],
)
def test_ways_by_which_nothing_is_drawn_are_told_with_their_numbers(numbers, said, load):
    """They are as sure as the best or the worst that is named, but nobody learns that from it."""
    text = dedent(ONE).format(distribution="uniform(1, 3)", output="published = 2\nreference = 1.001")
    readings = '[readings.fair]\npreferred = true\ninputs = { a = "uniform(0, 0.9)" }\n'
    for place, number in enumerate(numbers):
        readings += f"[readings.set_{place}]\ninputs = {{ a = {number} }}\n"
    told = un.compare_readings(load(text + readings), samples=4096).judgement.answers[0].because
    assert told.endswith(said), told


@pytest.mark.parametrize("share", [0.32, 0.335, 0.34, 0.66, 0.665, 0.67])
def test_plain_answers_and_calibrated_words_turn_at_the_same_shares(share):
    words = {-1: "unlikely", 0: "about as likely as not", 1: "likely"}
    for found in (Estimate(share, 0.0), Estimate(share, 0.0).complement):
        assert words[grade(Extreme("", found, varies=True))] == likelihood(found)


def test_what_is_hardly_known_is_told_by_its_interval_and_decides_nothing():
    vague = Estimate(0.7, 0.1)
    assert tries_text(vague) == "in between 50 and 90 of 100 tries"
    assert grade(Extreme("", vague, varies=True)) == 0


def test_an_interval_from_a_part_to_a_multiple_is_in_numbers(load):
    text = (
        dedent(ASKED).format(claim="about", words="", worst="").replace("uniform(0, 10)", "uniform(0.2, 10)")
    )
    text = text.replace("[outputs.y]", '[outputs.y]\nlabel = "One ÷ Other"')
    *_, answer = un.compare_readings(load(text), samples=4096).judgement.answers
    assert "(95 % of tries: 0.45 to 9.8)" in answer.because


def test_the_narrowest_interval_of_all_ways_is_told_or_none_is_named(load):
    """A way that is not led with has the narrowest interval: by much, by less than is told, or not at all."""
    text = dedent(ONE).format(distribution="lognormal(3, 4)", output='published = 3\nscale = "log10"')
    ways = {
        "near": "preferred = true\ninputs = { a = 'lognormal(2, 1.3)' }",
        "low": "inputs = { a = 'lognormal(0.5, 1.9)' }",
    }
    beside = {1.2: ", and of all ways that the study names 2.0 times;", 1.2999: None, 1.4: ";"}
    for spread, all_ways in beside.items():
        used = {**ways, "beside": f"inputs = {{ a = 'lognormal(1.9, {spread})' }}"}
        study = load(text + "".join(f"[readings.{name}]\n{each}\n" for name, each in used.items()))
        found = un.compare_readings(study, samples=8192)
        assert "beside" not in found.leading
        told = found.judgement.decides.partition(" In the narrowest interval")[2]
        if all_ways is None:
            # the factors are the spreads to the power of 3.92: 2.796 of this way, and 2.797
            assert told.startswith(" the upper end is 2.8 times the lower;")
        else:
            assert told.startswith(f", counted fairest, the upper end is 2.8 times the lower{all_ways}")


YES = """
format = 1
[study]
title = "An event"
headline = "e"
[inputs.n]
point = 0.99
distribution = "uniform(0, 1)"
unit = "1"
[outputs.e]
value = "where(n < {share}, 1, 0)"
unit = "1"
published = 0
claim = "{claim}"
"""


@pytest.mark.parametrize(
    ("share", "claim", "said"),
    [
        ("0.25", "about", "It is exactly that in 75 of 100 tries. It is yes in 25"),
        ("0.25", "at most", "In 75 of 100 tries. It is yes in 25"),
        ("0.0002", "about", "It is exactly that nearly always (over 99.9 % of tries). It is yes in 0.0"),
    ],
)
def test_a_share_of_yes_is_not_told_as_that_of_a_figure_that_means_no(share, claim, said, load):
    found = un.compare_readings(load(YES.format(share=share, claim=claim)), samples=2**14)
    (answer,) = found.judgement.answers
    assert answer.because.startswith(said)
    if share == "0.0002":
        assert answer.short == "about right"


def test_draws_that_met_no_rare_event_are_not_told_as_one_value_that_does_not_vary(load):
    found = un.compare_readings(load(YES.format(share="1e-7", claim="at most")), samples=2**12)
    assert found.judgement.answers[0].because.endswith("It is 0 in every try.")
    said = f"{found.quotations[0].sentence} {found.passage()}"
    assert "0 (in every draw, though other values are possible)" in said
    assert "finds that it is 0 in every draw, though other values are possible" in said
    assert "nothing varies" not in said
    assert "one number without a range" not in said


def test_a_model_of_the_studys_own_is_named_beside_the_publications_way(load):
    liked = '[readings.liked]\ninputs = { a = "uniform(8, 10)" }\npreferred = true\n'
    own = 'published = 3\nwords = { model = "a simpler model" }'
    found = un.compare_readings(
        load(dedent(ONE).format(distribution="uniform(2, 4)", output=own) + liked), samples=1024
    )
    (answer,) = found.judgement.answers
    way = "as the publication counts but in a simpler model"
    assert f"; {way}: about right" in answer.short
    assert f"{way}, with this study's ranges, about 3.0" in found.passage()


@pytest.mark.parametrize(("samples", "words"), [(1, "in the only try"), (2, "about ")])
def test_one_try_is_not_told_as_every_one(load, samples, words):
    study = load(
        'format = 1\n[study]\ntitle = "One"\nheadline = "y"\n[inputs.a]\nunit = "1"\npoint = 2\n'
        'distribution = "normal(2, 1)"\n[outputs.y]\nunit = "1"\nvalue = "3 * a"\npublished = 6\n'
    )
    found = un.propagate(study, samples=samples, design="random", seed=3).headline
    assert words in roughly(found)
    assert "every" not in roughly(found)


TIED = """
format = 1
[study]
title = "A count"
headline = "y"
[inputs.a]
unit = "1"
point = 1
distribution = "DISTRIBUTION"
[outputs.y]
value = "a * 1.0"
unit = "1"
published = FIGURE
"""


@pytest.mark.parametrize(
    ("distribution", "figure", "short"),
    [
        # below in 50 %, at the figure in 49.5 %
        ("discrete(0, 1, 2, weights=(0.5, 0.495, 0.005))", 1, "nobody can tell"),
        ("discrete(0, 1, 2, weights=(0.005, 0.495, 0.5))", 1, "nobody can tell"),
        ("discrete(0, 1, 2, weights=(0.6, 0.37, 0.03))", 1, "nobody can tell"),
        ("discrete(0, 1, 9, weights=(0.75, 0.245, 0.005))", 1, "probably less"),
        ("discrete(0, 1, 9, weights=(0.005, 0.025, 0.97))", 1, "no, very probably more"),
        ("poisson(0.248)", 1, "probably less"),
        # a fifth of the draws are exactly 1
        ("clip(lognormal(2.5, 3), low=1)", 1, "probably more"),
        ("clip(normal(5, 3), low=0)", 0, "no, very probably more"),
    ],
)
def test_tries_at_the_figure_are_neither_more_nor_less(distribution, figure, short, tmp_path):
    path = tmp_path / "tied.toml"
    text = TIED.replace("DISTRIBUTION", distribution).replace("FIGURE", str(figure))
    for reference in ("", "reference = 0\n", "reference = 5\n"):
        path.write_text(text + reference, encoding="utf-8")
        answers = un.compare_readings(un.load_study(path), samples=16384).judgement.answers
        assert answers[-1].short == short
