"""Experts of an input: each one's own distribution, their pool, and every form of a study."""

import numpy as np
import pytest

import uncertainty as un
from uncertainty.distributions import parse_distribution
from uncertainty.distributions.elicited import through
from uncertainty.errors import StudyError
from uncertainty.explorer import export_program
from uncertainty.pages.content import prepare
from uncertainty.pages.sections import make_section
from uncertainty.pages.sections.inputs import _experts as experts_table
from uncertainty.settings import Settings
from uncertainty.study.conversion import write_study

STUDY = """format = 1
[study]
title = "Experts"
headline = "x"
[inputs.x]
unit = "kg"
point = 3
low = 0.1
distribution = "experts"
[[inputs.x.experts]]
name = "A"
p5 = 1
p50 = 3
p95 = 9
weight = 2
source = "An interview"
[[inputs.x.experts]]
name = "B"
p5 = 2
p95 = 4
[[inputs.x.experts]]
distribution = "uniform(1, 5)"
weight = 0.5
[outputs.x]
unit = "kg"
"""

POOL = (
    "truncate(mixture(metalog(p5=1, p50=3, p95=9, low=0.1), lognormal(p5=2, p95=4), uniform(1, 5), "
    "weights=(2, 1, 0.5)), low=0.1)"
)

AT = np.array([0.001, 0.05, 0.3, 0.5, 0.9, 0.999])


def loaded(folder, text=STUDY, name="experts.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return un.load_study(path)


def test_the_pool_is_the_mixture(tmp_path):
    found = loaded(tmp_path).inputs["x"]
    mixture = parse_distribution(POOL)
    assert found.distribution.quantile(AT) == pytest.approx(mixture.quantile(AT), rel=1e-12)
    own = [each.distribution for each in found.experts]
    shares = np.array([2, 1, 0.5]) / 3.5
    at = np.array([1.5, 3, 4.5])
    assert found.distribution.cdf(at) == pytest.approx(shares @ [d.cdf(at) for d in own], rel=1e-6)
    assert [each.name for each in found.experts] == ["A", "B", "expert 3"]


@pytest.mark.slow
def test_draws_of_the_pool_are_draws_of_the_mixture(tmp_path):
    pooled = un.propagate(loaded(tmp_path), samples=4096).outputs["x"]
    text = STUDY.replace('distribution = "experts"', f'distribution = "{POOL}"')
    mixture = un.propagate(loaded(tmp_path, text, "mixture.toml"), samples=4096).outputs["x"]
    assert pooled.values == pytest.approx(mixture.values, rel=1e-9)


def test_limits_truncate_the_pool_and_not_each_expert(tmp_path):
    """Of normal(0, 1) half lies above 0: beside all of uniform(1, 2) it counts a third."""
    text = """format = 1
[study]
title = "Limits"
headline = "x"
[inputs.x]
unit = "1"
point = 1
low = 0
distribution = "experts"
[[inputs.x.experts]]
distribution = "normal(0, 1)"
[[inputs.x.experts]]
distribution = "uniform(1, 2)"
[outputs.x]
unit = "1"
"""
    study = loaded(tmp_path, text)
    found = study.inputs["x"].distribution
    assert found.cdf(1.0) == pytest.approx(2 * 0.3413447460685429 / 3, rel=1e-9)
    mixture = parse_distribution("truncate(mixture(normal(0, 1), uniform(1, 2)), low=0)")
    assert found.quantile(AT) == pytest.approx(mixture.quantile(AT), rel=1e-9)
    table = experts_table(study, study.inputs["x"])
    assert table.caption.endswith("and their pool, which the study takes")
    with pytest.raises(StudyError, match=r"inputs.x.experts\[0\]"):
        loaded(tmp_path, text.replace("normal(0, 1)", "uniform(-2, -1)"))


def test_weights_are_equal_unless_they_are_given(tmp_path):
    text = STUDY.replace("weight = 2\n", "").replace("weight = 0.5\n", "")
    distribution = loaded(tmp_path, text).inputs["x"].distribution
    own = [each.distribution for each in loaded(tmp_path, text).inputs["x"].experts]
    assert float(distribution.cdf(3)) == pytest.approx(np.mean([float(d.cdf(3)) for d in own]), rel=1e-9)


@pytest.mark.parametrize("quantiles", [(1, 3, 9), (-4, 1, 2), (1, 1.1, 90), (-9, -8.9, 100), (-3, -2, -1)])
def test_an_experts_distribution_has_the_quantiles_given(quantiles):
    probabilities = (0.05, 0.5, 0.95)
    found = through(tuple(zip(probabilities, map(float, quantiles), strict=True)))
    assert found.quantile(probabilities) == pytest.approx(quantiles, rel=1e-6)
    assert found.support[0] >= 0 or quantiles[0] <= 0


@pytest.mark.parametrize("form", ["study.json", "study.xlsx", "study"])
def test_experts_come_back_from_every_form(form, tmp_path):
    study = loaded(tmp_path)
    write_study(tmp_path / "experts.toml", tmp_path / form)
    again = un.load_study(tmp_path / form)
    assert again.inputs["x"].distribution == study.inputs["x"].distribution
    assert again.inputs["x"].experts == study.inputs["x"].experts


@pytest.mark.slow
def test_the_word_stands_for_the_pool_wherever_a_distribution_does(tmp_path):
    text = STUDY.replace('distribution = "experts"', 'distribution = "2 to 3"')
    text += '[readings.asked]\ninputs = { x = "experts" }\n[choices.who.options.own]\n'
    text += '[choices.who.options.others]\ninputs = { x = "experts" }\n'
    study = loaded(tmp_path, text)
    expected = parse_distribution(POOL).quantile(AT)
    for options in ({"overrides": {"x": "experts"}}, {"reading": "asked"}, {"choices": {"who": "others"}}):
        plan = Settings(**options).scenario(study)
        assert plan.distributions["x"].quantile(AT) == pytest.approx(expected)
    program = export_program(study, Settings(overrides={"x": "experts"}))
    assert program["readings"]["asked"]["inputs"]["x"]["text"] == "what the experts say"
    assert "quantile" in program["settings"]["inputs"]["x"]


@pytest.mark.slow
def test_experts_may_speak_of_one_member(tmp_path):
    text = STUDY.replace(
        'unit = "kg"\npoint = 3', 'unit = "kg"\nindex = ["land"]\npoint = { a = 1, b = 3 }', 1
    )
    text = text.replace('distribution = "experts"', 'distribution = { b = "experts" }').replace(
        '"x"', '"x[b]"'
    )
    text = text.replace("weight = 2\n", 'member = "b"\n').replace("p5 = 2\n", 'p5 = 2\nmember = "a"\n')
    study = loaded(tmp_path, text + '[indices.land]\nmembers = ["a", "b"]\n')
    assert [each.name for each in study.inputs["x[b]"].experts] == ["A", "expert 2"]
    assert study.inputs["x[a]"].distribution is None
    content = prepare(study, Settings(samples=512), sensitivity_samples=64)
    assert "x[b]: what experts said" in repr(make_section("inputs", content))


@pytest.mark.slow
def test_the_report_shows_each_expert_beside_the_pool(tmp_path):
    content = prepare(loaded(tmp_path), Settings(samples=512), sensitivity_samples=64)
    section = make_section("inputs", content)
    said = repr(section)
    for words in ("An interview", "expert 3", "all together: the pool", "3 experts, with medians from"):
        assert words in said


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ("p50 = 3", "p50 = 0.5", "inputs.x.experts[0]", "must be less than"),
        ("weight = 2", "weight = -2", "inputs.x.experts[0].weight", "0 or more, found -2"),
        ("p5 = 2\n", "", "inputs.x.experts[1]", "two quantiles or more"),
        ("p5 = 1\n", "p5 = 0.01\n", "inputs.x.experts[0]", "not above the limit 0.1"),
        ('"uniform(1, 5)"', '"uniform(1, 5"', "inputs.x.experts[2]", ""),
        ("p5 = 2\n", 'p5 = 2\ndistribution = "1 to 2"\n', "inputs.x.experts[1]", "found both"),
        ("p50 = 3", "p60 = 3", "inputs.x.experts[0].p60", "unknown key"),
        ('name = "B"', 'name = "B"\nmember = "b"', "inputs.x.experts[1].member", "no members"),
    ],
)
def test_what_is_wrong_with_an_expert_is_one_line(old, new, key, said, tmp_path):
    with pytest.raises(StudyError) as refused:
        loaded(tmp_path, STUDY.replace(old, new, 1))
    (fault,) = refused.value.faults
    assert fault.key == key
    assert said in fault.message


def test_experts_at_fault_are_told_once_and_not_by_whoever_takes_them(tmp_path):
    one = STUDY[: STUDY.index("[[")] + '[[inputs.x.experts]]\np5 = 1\np95 = 4\n[outputs.x]\nunit = "kg"\n'
    one = one.replace("low = 0.1\n", "") + '[readings.r]\ninputs = { x = "experts" }\n'
    assert loaded(tmp_path, one)
    for old, new, said in [
        ("p5 = 1", "p5 = 1\nweight = 0", "inputs.x.experts: expected a weight above 0"),
        ("p5 = 1", "p5 = nan", "inputs.x.experts[0].p5: expected a finite number"),
        ("p5 = 1", "p5 = 0", "p5=0, p95=4: 0 may be a bound instead; write uniform(0, 4)"),
    ]:
        with pytest.raises(StudyError) as refused:
            loaded(tmp_path, one.replace(old, new))
        assert said in str(refused.value)
        assert len(refused.value.faults) == 1


def test_what_experts_named_counts_as_a_source(tmp_path):
    text = STUDY.replace('name = "B"', 'name = "B"\nsource = "A letter"').replace(
        'unit = "kg"', 'unit = "kg"\nbasis = "expert judgement"', 1
    )
    check = un.reproduce(loaded(tmp_path, text))
    assert check.unsupported == {}
    assert check.evidence["one_source"] == ()
    assert un.reproduce(loaded(tmp_path)).evidence["one_source"] == ("x",)


def test_without_experts_the_word_means_nothing(tmp_path):
    text = STUDY[: STUDY.index("[[inputs")] + STUDY[STUDY.index("[outputs") :]
    with pytest.raises(StudyError, match="the input has no experts"):
        loaded(tmp_path, text)
    zero = STUDY.replace("weight = 2", "weight = 0").replace("weight = 0.5", "weight = 0")
    with pytest.raises(StudyError, match="a weight above 0"):
        loaded(tmp_path, zero.replace('name = "B"', 'name = "B"\nweight = 0'))
