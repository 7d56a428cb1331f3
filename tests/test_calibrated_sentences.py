"""The first sentences say what the draws say: the direction, the size, what decides and the worst case."""

import re
from textwrap import dedent

import numpy as np
import pytest
from second_reading import FACTS, SAMPLES, WORDS, SecondReading, last_place, study_text

import uncertainty as un
from uncertainty import numbers
from uncertainty.calibrated_sentences import first_sentences
from uncertainty.sampling.estimate import Estimate
from uncertainty.sides import compared, direction_text, likelihood
from uncertainty.study.model import Output

PERCENT = re.compile(r"(?P<end>under|over)? ?(?P<number>[\d.]+) %")


def check_word(word, text, share, unknown):
    """A calibrated word has its number, and both are those of the draws."""
    low, high = WORDS[max((name for name in WORDS if word.endswith(name)), key=len)]
    assert low - unknown <= share <= high + unknown, (word, text, share)
    found = PERCENT.search(text)
    number = float(found["number"]) / 100
    if found["end"] == "under":
        assert share <= number + unknown
    elif found["end"] == "over":
        assert share >= number - unknown
    else:
        assert abs(number - share) <= 0.006 + unknown


def check_direction(sentence, second):
    """The worst case over all readings is named, and is the worst."""
    shares = second.shares()
    side = "higher" if second.above else "lower"
    if second.output.reference is not None:
        assert f"“A” comes out {side} than “B” (per piece)" in sentence
    worst, best = min(shares.values()), max(shares.values())
    facts = list(FACTS.finditer(sentence.replace(" (per piece)", "")))
    named = {title for title in shares if f"“{title}”" in sentence}
    assert all(re.search(r" %", fact["shares"]) for fact in facts)
    if sentence.startswith("Whether"):
        assert len(named) == 2
        assert abs(min(shares[title] for title in named) - worst) <= second.unknown(worst) + 0.01
    elif " at least " in sentence.partition(" that ")[0]:
        (title,) = named
        assert abs(shares[title] - worst) <= second.unknown(worst)
        check_word(facts[0]["word"], facts[0]["shares"], worst, second.unknown(worst))
    elif " at most " in sentence.partition(" that ")[0]:
        (title,) = named
        check_word(facts[0]["word"], facts[0]["shares"], best, second.unknown(best))
    elif facts:
        check_word(facts[0]["word"], facts[0]["shares"], worst, second.unknown(worst))


def check_size(sentence, second, readings):
    for name in readings.leading:
        values = np.sort(second.draws[name])
        median = float(np.median(values))
        title = second.study.readings[name].title
        of = sentence if len(readings.leading) == 1 else sentence.partition(f" under “{title}”")[0]
        if values[0] == values[-1]:
            assert "one number, " in of
            continue
        found = re.findall(r"about (-?[\d.,e]+) \((?:95 % interval )?(-?[\d.,e]+) to (-?[\d.,e]+)\)", of)[-1]
        true = [median, *np.quantile(values, [0.025, 0.975])]
        for place, (text, number) in enumerate(zip(found, true, strict=True)):
            # the ends of an interval are rounded outwards
            slack = 1.02 * last_place(text) / (1 if place else 2)
            assert abs(float(text.replace(",", "")) - number) <= slack


def check_figure(sentence, second):
    """How sure it is that the published figure is reached, in the best and the worst case."""
    figure = second.output.published.value
    shares = {title: second.share(second.draws[name], figure) for title, name in second.titles.items()}
    named = [share for title, share in shares.items() if f"“{title}”" in sentence]
    assert f"{'at least' if second.above else 'at most'} the published" in sentence
    worst, best = min(shares.values()), max(shares.values())
    if sentence.startswith("Whether"):
        assert min(named) <= worst + second.unknown(worst) + 0.01
    for fact in FACTS.finditer(sentence):
        share = worst if " at most " not in sentence.partition(" that ")[0] else best
        if not sentence.startswith("Whether") and "depends" not in sentence:
            check_word(fact["word"], fact["shares"], share, second.unknown(share))


def check_decider(sentences, second, readings):
    leading = [second.draws[name] for name in readings.leading]
    varying = [values for values in leading if values.min() < values.max()]
    told = " ".join(sentences)
    if len(varying) < 2:
        assert "the convention" not in told.lower()
        return
    logs = second.output.scale == "log10" and all(values.min() > 0 for values in varying)
    scaled = [np.log(values) if logs else values for values in varying]
    means, variances = [np.mean(values) for values in scaled], [np.var(values) for values in scaled]
    between = np.var(means) / (np.var(means) + np.mean(variances))
    ends = [np.quantile(values, [0.025, 0.975]) for values in varying]
    medians = [np.median(values) for values in varying]
    every = [*medians, *np.ravel(ends)]
    if min(every) > 0:
        apart, widths = max(medians) / min(medians), [high / low for low, high in ends]
    elif max(every) < 0:
        apart, widths = min(medians) / max(medians), [low / high for low, high in ends]
    else:
        apart, widths = max(medians) - min(medians), [high - low for low, high in ends]
    widest, narrowest = max(widths), min(widths)
    times = np.log(widest) / np.log(narrowest) if min(every) > 0 or max(every) < 0 else widest / narrowest
    # what is close to an end may fall on either side of it
    if abs(between - 0.5) > 0.02 and not 0.95 < apart / widest < 1.05:
        assert ("decides more than the data" in told) == (between > 0.5 and apart > widest)
        if abs(times - 2) > 0.1 and not 0.95 < apart / narrowest < 1.05:
            # neither leaves more open where the convention sets the width too
            widens = times > 2 or apart > narrowest
            assert ("The data leave more open" in told) == (apart < widest and not widens)
            assert ("sets how wide" in told) == (apart < widest and widens)
    assert ("factor" in told) == (min(every) > 0 or max(every) < 0)


def check(seed, load):
    study = load(study_text(seed))
    second, readings = SecondReading(study), un.compare_readings(study, samples=SAMPLES)
    both = readings.study.inputs["a"].kind == "variability"
    of_one = "In any one case, "
    told = first_sentences(readings)
    assert any(sentence.startswith(of_one) for sentence in told) <= both
    sentences = [re.sub(f"^{of_one}(.)", lambda found: found[1].upper(), sentence) for sentence in told]
    whole = list(sentences)
    if second.limit is not None:
        check_direction(sentences.pop(0), second)
        worst = min(second.support(name) for name in second.draws if np.ptp(second.draws[name]))
        found = readings.least_favourable or "as_published"
        if np.ptp(second.draws[found]):
            assert abs(second.support(found) - worst) <= second.unknown(worst)
    check_size(sentences.pop(0), second, readings)
    if second.output.published is not None and second.output.reference is not None:
        check_figure(sentences.pop(0), second)
    check_decider(sentences, second, readings)
    if second.differences:
        worst = min(second.saved().values())
        (said,) = (sentence for sentence in sentences if "at its worst" in sentence)
        (title,) = (title for title in second.saved() if f"under “{title}”" in said)
        assert abs(second.saved()[title] - worst) <= second.unknown(worst)
        fact = FACTS.search(said)
        check_word(fact["word"].removeprefix("it is "), fact["shares"], worst, second.unknown(worst))
    assert all(len(sentence) > 10 and sentence.endswith(".") for sentence in whole)


def test_a_few_random_studies_are_told_as_a_second_reading_finds_them(load):
    for seed in range(6):
        check(seed, load)


def test_between_percentages_lie_percentage_points():
    told = " ".join(first_sentences(un.compare_readings(un.load_study("debt-and-growth"), samples=1024)))
    assert re.search(
        r"results spread over [\d.]+ percentage points under one of the leading readings and over [\d.]+ "
        r"percentage points under another, while the middle value changes by [\d.]+ percentage points",
        told,
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_random_studies_are_told_as_a_second_reading_finds_them(load, seed):
    check(seed, load)


@pytest.mark.parametrize(
    ("share", "word"),
    [
        (1.0, "virtually certain"),
        (0.991, "virtually certain"),
        (0.99, "extremely likely"),
        (0.93, "very likely"),
        (0.67, "likely"),
        (0.5, "about as likely as not"),
        (0.51, "about as likely as not"),
        (0.33, "unlikely"),
        (0.07, "very unlikely"),
        (0.02, "extremely unlikely"),
        (0.0, "exceptionally unlikely"),
    ],
)
def test_calibrated_words_are_those_of_the_guidance(share, word):
    assert likelihood(share) == word


@pytest.mark.parametrize(
    ("share", "word"),
    [
        (Estimate(0.991, 0.0002), "virtually certain"),
        (Estimate(0.991, 0.001), "extremely likely"),
        (Estimate(1.0, None, "", (0.985, 1.0)), "extremely likely"),
        (Estimate(0.91, 0.02), "likely"),
        (Estimate(0.51, 0.01), "about as likely as not"),
        (Estimate(0.6, 0.4), "about as likely as not"),
        (Estimate(0.49, 0.01), "about as likely as not"),
        (Estimate(0.32, 0.01), "about as likely as not"),
        (Estimate(0.34, 0.01), "about as likely as not"),
        (Estimate(0.09, 0.01), "unlikely"),
        (Estimate(0.0, None, "", (0.0, 0.02)), "extremely unlikely"),
        (Estimate(0.008, 0.0005), "exceptionally unlikely"),
    ],
)
def test_a_calibrated_word_holds_within_the_error_of_its_share(share, word):
    assert likelihood(share) == word
    low, high = WORDS[word]
    # the word's range reaches at least to the end of the interval that is nearer to even odds
    end = min(numbers.bounds(share), key=lambda each: abs(each - 0.5))
    assert low <= min(max(end, min(share.value, 0.5)), max(share.value, 0.5)) <= high


@pytest.mark.parametrize(("mean", "samples"), [(2.35, 2**7), (1.66, 2**7), (0.42, 2**8), (-1.3, 2**9)])
def test_a_word_and_the_number_beside_it_never_contradict_each_other(mean, samples, load):
    """The number is the draws' own; "over" and "under" some share lie within the word's range."""
    study = load(f"""
        format = 1
        [study]
        title = "t"
        headline = "y"
        [inputs.a]
        unit = "1"
        point = 1
        distribution = "normal({mean}, 1)"
        [outputs.y]
        value = "a"
        unit = "1"
        reference = 0
        claim = "at least"
        """)
    for design in ("random", "sobol"):
        told = first_sentences(un.compare_readings(study, samples=samples, design=design))[0]
        fact = FACTS.search(told)
        low, high = WORDS[fact["word"].removeprefix("t is ")]
        number = float(PERCENT.search(fact["shares"])["number"]) / 100
        over, under = ("over" in fact["shares"], "under" in fact["shares"])
        assert number >= low if over else number <= high if under else low - 0.5 < number < high + 0.5, told


def test_two_things_that_a_label_compares_are_named():
    def named(label, reference):
        return compared(Output("y", None, None, label=label, reference=reference))

    assert named("Writer ÷ model, per page", 1.0) == ("Writer", "model", " (per page)")
    assert named("Cost − benefit", 0.0) == ("Cost", "benefit", "")
    assert named("Writer ÷ model", 2.0) is None
    assert named("Writer and model", 1.0) is None


def test_one_number_is_so_or_is_not_so(load):
    text = """
        format = 1
        [study]
        title = "t"
        headline = "y"
        [inputs]
        a = { unit = "1", point = 2 }
        [outputs.y]
        value = "a"
        unit = "1"
        reference = 1
        claim = "at least"
        """
    told = first_sentences(un.compare_readings(load(text), samples=64))
    assert told == ("Nothing varies, and “y” lies above 1.", "“y” is one number, 2.00.")
    varied = text.replace("point = 2", 'point = 2, distribution = "1 to 4"')
    told = first_sentences(
        un.compare_readings(load(f"{varied}[readings.low]\ninputs = {{ a = 0.5 }}"), samples=64)
    )
    assert told[0].startswith("Whether “y” lies above 1 depends on the reading: it is ")
    assert told[0].endswith("and it is not so under “Low”.")
    lower = (
        f"{varied}[readings.low]\ninputs = {{ a = 0.5 }}\n[readings.wide]\ninputs = {{ a = '0.1 to 0.2' }}"
    )
    told = first_sentences(un.compare_readings(load(lower), samples=64))
    # what varies is named, though the one number lies as far out
    assert "depends on the reading: for example, it is " in told[0]
    assert "“Wide”" in told[0]


@pytest.mark.parametrize(
    ("distribution", "value", "rest", "said"),
    [
        ("normal(-2, 1)", "maximum(a, 0)", "reference = 0", "“y” lies at or above 0"),
        ("normal(2, 1)", "minimum(a, 0)", 'reference = 0\nclaim = "at most"', "“y” lies at or below 0"),
        ("poisson(1)", "a", "published = 1", "“y” comes out at or above the published 1"),
        ("bernoulli(0.5)", "a", "reference = 0", "“y” lies at or above 0"),
        ("normal(1, 1)", "a", "reference = 0", "“y” lies above 0"),
    ],
)
def test_what_may_lie_at_the_value_itself_is_not_said_to_lie_beyond_it(
    distribution, value, rest, said, write_study
):
    text = dedent(f"""
        format = 1
        [study]
        title = "t"
        headline = "y"
        [inputs.a]
        unit = "1"
        point = 1
        distribution = "{distribution}"
        [outputs.y]
        unit = "1"
        value = "{value}"
        """)
    readings = un.compare_readings(un.load_study(write_study(text + rest)), samples=1024)
    assert said in first_sentences(readings)[0]


def test_things_that_may_be_equal_are_not_said_to_differ():
    output = Output("y", None, None, label="A ÷ B", reference=1.0)
    assert direction_text(output, 1.0, above=True, met=True) == "“A” comes out at least as high as “B”"
    assert direction_text(output, 1.0, above=False, met=True) == "“A” comes out at most as high as “B”"
