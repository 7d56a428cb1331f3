"""Cooke's classical model: the scores of a published study, and what is refused."""

import ast
import json
import math
import re

import numpy as np
import pytest
from command_line import run_here

import uncertainty as un
from uncertainty.distributions import parse_distribution
from uncertainty.errors import SettingError

PROBABILITIES = (0.05, 0.25, 0.5, 0.75, 0.95)

# The study "Tobacco" of the TU Delft expert judgment data base (Cooke & Goossens 2008,
# doi:10.1016/j.ress.2007.03.005; data: doi:10.17632/tp5sp4gcd5.1): seven experts, ten seed questions.
ANSWERS = {
    "Ex1": "5 12 25 35 50/2 7 10 11 12/5 8 10 15 20/10 25 40 50 60/20 35 50 60 75/1 1.1 1.25 1.4 1.8/"
    "1 1.2 1.3 1.4 1.5/0.5 0.75 1 1.1 1.25/0.8 1 1.5 1.6 1.8/40 45 55 60 65",
    "Ex2": "1 5 10 15 25/5 10 15 20 25/1 3 5 7 10/50 60 85 90 100/10 20 30 50 60/1 1.1 1.11 1.14 1.2/"
    "1 1.1 1.2 1.3 1.5/0.33 0.4 0.5 0.67 1/1 1.5 2 2.5 3/25 30 50 60 75",
    "Ex3": "2 4 6 8 10/8 17 25 38 40/4 7 11 14 16/10 25 35 45 55/15 27 30 40 45/0.3 0.4 0.5 1.5 2/"
    "0.75 0.8 1 1.35 2/0.5 0.6 0.75 0.85 1/1.03 1.1 1.15 1.35 1.5/20 45 60 75 80",
    "Ex4": "1 11 15 100 200/3 15 25 30 37/3 5 7 10 15/30 50 75 82 90/20 30 35 42 48/0.8 1 1.3 1.4 1.5/"
    "0.7 1 1.1 1.3 1.4/0.5 0.6 0.7 1 1.1/0.98 1.1 1.2 1.3 1.5/45 50 60 70 85",
    "Ex5": "500 550 600 750 1000/0 25 50 75 100/6 7 8 9 11/0 25 50 75 100/27 29 33 34 35/"
    "0.75 0.813 0.875 0.938 1/1 1.1 1.25 1.3 1.5/0.6 0.667 0.733 0.8 0.867/1 1.25 1.5 1.75 2/40 45 50 55 60",
    "Ex6": "1 2.3 2.8 3.1 3.4/0 2 4 7 10/3 13 17 19 20/50 60 73 80 90/15 23 32 41 45/0.75 0.83 0.9 1.3 2/"
    "0.87 0.97 1 1.1 1.3/0.64 0.71 0.8 0.914 1.067/0.67 0.85 1 1.2 1.5/19 20 21 23 26",
    "Ex7": "1 4 7 10 15/0 10 20 30 100/4 5 7 9 10/1 85 90 95 100/20 22 32 36 40/0.5 0.75 1 1.25 1.5/"
    "1.1 1.2 1.3 1.4 1.5/0.5 0.7 0.8 0.9 1/1 1.2 1.4 1.6 1.8/15 20 25 30 50",
}
SEEDS = [13.11, 77.3, 7.0, 74.28, 34.0, 1.26, 1.2, 0.777, 1.83, 21.3]

PUBLISHED = {
    "Ex1": (0.036982, 0.929125, 0.034361),
    "Ex2": (0.171575, 1.002679, 0.172035),
    "Ex3": (0.001053, 0.996867, 0.001050),
    "Ex4": (0.023658, 0.818449, 0.019363),
    "Ex5": (0.439946, 0.896439, 0.394384),
    "Ex6": (0.077960, 1.468409, 0.114477),
    "Ex7": (0.687587, 1.062177, 0.730339),
}
"""Calibration, information and their product, which is the weight before it is a share."""


def tobacco():
    """Return the answers by expert and question, and the known values."""
    questions = [f"q{place}" for place in range(len(SEEDS))]
    answers = {
        name: {
            question: dict(zip(PROBABILITIES, map(float, said.split()), strict=True))
            for question, said in zip(questions, text.split("/"), strict=True)
        }
        for name, text in ANSWERS.items()
    }
    return answers, dict(zip(questions, SEEDS, strict=True))


@pytest.mark.parametrize("known", [math.nan, math.inf, "2.5", None, True])
def test_what_is_known_of_a_seed_is_a_finite_number(known):
    answers = {"A": {"s": {0.05: 1, 0.95: 4}}, "B": {"s": {0.05: 3, 0.95: 9}}}
    with pytest.raises(SettingError, match="seeds: s: expected a"):
        un.weigh_experts(answers, {"s": known})


@pytest.mark.parametrize(
    ("answers", "whose"),
    [
        ({"A": [{0.05: 1, 0.95: 4}]}, "A: expected a dict by question of dicts by probability, as in"),
        ({"A": None}, "A: expected a dict by question of dicts by probability, as in"),
        ({"s": {0.05: 1, 0.95: 4}}, "s, 0.05: expected a dict of values by probability, as in"),
        ({"A": {"s": [1, 4]}}, "A, s: expected a dict of values by probability, as in"),
        ({"A": {"s": [(0.05, 1), (0.95, 4)]}}, "A, s: expected a dict of values by probability, as in"),
    ],
)
def test_answers_in_lists_are_refused_with_the_form_that_is_read(answers, whose):
    with pytest.raises(SettingError, match=f"answers: {whose}") as caught:
        un.weigh_experts(answers, {"s": 2})
    written = str(caught.value).partition("as in ")[2].partition(", found")[0]
    assert un.weigh_experts(ast.literal_eval(written), {"q": 2}).weights == {"A": 1}


def test_the_scores_and_weights_are_those_of_the_published_study():
    found = un.weigh_experts(*tobacco())
    total = sum(score for _, _, score in PUBLISHED.values())
    for name, (calibration, information, score) in PUBLISHED.items():
        own = found.scores[name]
        assert own.calibration == pytest.approx(calibration, abs=6e-7)
        assert own.information == pytest.approx(information, abs=6e-7)
        assert own.score == pytest.approx(score, abs=6e-7)
        assert own.weight == pytest.approx(score / total, abs=1e-6)
    assert math.fsum(found.weights.values()) == pytest.approx(1)


def test_below_the_cut_off_nobody_counts():
    found = un.weigh_experts(*tobacco(), cut_off=0.4)
    assert [name for name, weight in found.weights.items() if weight] == ["Ex5", "Ex7"]
    assert found.scores["Ex1"].calibration > 0
    with pytest.raises(SettingError, match=r"no expert counts: the best calibration is 0.69, below 0.9"):
        un.weigh_experts(*tobacco(), cut_off=0.9)
    with pytest.raises(SettingError, match=r"cut_off: expected a number from 0 to 1, found 5; for 5 % write"):
        un.weigh_experts(*tobacco(), cut_off=5)


def test_a_perfect_expert_has_calibration_one_and_saying_the_same_in_logarithms_is_the_same():
    """Of 20 values 1, 9, 9 and 1 lie as 5 %, 45 %, 45 % and 5 % say; a logarithm changes no calibration."""
    answers = {"A": {f"q{i}": {0.05: 1.0, 0.5: 2.0, 0.95: 4.0} for i in range(20)}}
    seeds = {f"q{i}": value for i, value in enumerate([0.9, *[1.5] * 9, *[3.0] * 9, 5.0])}
    plain = un.weigh_experts(answers, seeds).scores["A"]
    assert plain.calibration == pytest.approx(1)
    logarithms = {"A": {q: {p: math.log(x) for p, x in each.items()} for q, each in answers["A"].items()}}
    other = un.weigh_experts(logarithms, {q: math.log(x) for q, x in seeds.items()}).scores["A"]
    scaled = un.weigh_experts(answers, seeds, logarithmic=list(seeds)).scores["A"]
    assert scaled.information == pytest.approx(other.information)
    assert scaled.information != pytest.approx(plain.information)


def test_open_questions_are_pooled_by_the_weights():
    answers, seeds = tobacco()
    answers["Ex5"]["open"] = {0.05: 1.0, 0.25: 2.0, 0.5: 3.0, 0.75: 4.0, 0.95: 6.0}
    answers["Ex7"]["open"] = {0.05: 2.0, 0.25: 3.0, 0.5: 4.0, 0.75: 5.0, 0.95: 7.0}
    found = un.weigh_experts(answers, seeds)
    drawn = found.pools["open"].distribution
    five, seven = (found.weights[name] for name in ("Ex5", "Ex7"))
    own = [
        parse_distribution(f"metalog(p5={a}, p25={b}, p50={c}, p75={d}, p95={e}, low=0)")
        for a, b, c, d, e in ((1, 2, 3, 4, 6), (2, 3, 4, 5, 7))
    ]
    expected = (five * own[0].cdf(3.5) + seven * own[1].cdf(3.5)) / (five + seven)
    assert float(drawn.cdf(3.5)) == pytest.approx(float(expected))


def test_files_give_weights_and_lines_for_a_study(tmp_path, capsys):
    answers, seeds = tmp_path / "answers.csv", tmp_path / "seeds.csv"
    answers.write_text(
        "expert,question,p5,p50,p95\nA,s,1,3,9\nA,t,1,2,3\nA,x,5,6,7\nB,s,2,4,5\nB,t,1,1.5,1.7\nB,x,4,9,20\n"
    )
    seeds.write_text("question,value,scale\ns,3.5,log\nt,2.2,uniform\n")
    shown = run_here(capsys, "fit", "--experts", answers, "--seeds", seeds)
    assert shown.code == 0
    assert '[[inputs.x.experts]]\nname = "B"\np5 = 4\np50 = 9\np95 = 20\nweight = ' in shown.out
    document = json.loads(run_here(capsys, "fit", "--experts", answers, "--seeds", seeds, "--json").out)
    read = document["settings"].pop("read")
    assert read == "Read from answers.csv: experts A, B; questions s, t, x. seeds.csv: values of s, t."
    assert read in " ".join(shown.out.split())
    assert document["settings"] == {"experts": "answers.csv", "seeds": "seeds.csv", "cut_off": 0}
    assert document["results"]["scores"]["A"]["answered"] == 2
    assert document["results"]["pools"]["x"].startswith("mixture(metalog(p5=5, p50=6, p95=7, low=0)")
    assert "(Cooke 1991)" in un.weigh_experts(*tobacco())._repr_html_()


@pytest.mark.parametrize(
    ("answers", "seeds", "said"),
    [
        ("expert,question,p5,p95\nA,s,3,1\n", "question,value\ns,2\n", "p5=3 must be less than p95=1"),
        ("expert,question,p5,p95\nA,s,1,3\n", "question,value\nt,2\n", 'A did not answer "t"'),
        ("expert,question\nA,s\n", "question,value\ns,2\n", "a column for each quantile"),
        ("expert,question,p5,p95\nA,s,1,3\nA,s,1,3\n", "question,value\ns,2\n", 'answers "s" twice'),
        ("who,question,p5,p95\nA,s,1,3\n", "question,value\ns,2\n", "expert"),
        ("expert,question,p5,p95\nA,s,1,3\n", "question,value,scale\ns,2,lag\n", 'did you mean "log"'),
        ("expert,question,p5,p95\nA,s,-1,3\n", "question,value,scale\ns,2,log\n", "not positive"),
    ],
)
def test_what_is_wrong_with_answers_is_one_line(answers, seeds, said, tmp_path, capsys):
    (tmp_path / "a.csv").write_text(answers)
    (tmp_path / "s.csv").write_text(seeds)
    found = run_here(capsys, "fit", "--experts", tmp_path / "a.csv", "--seeds", tmp_path / "s.csv")
    assert found.code == 2
    assert said in found.err
    assert re.match(rf"error: {re.escape(str(tmp_path))}/[as]\.csv\b", found.err)
    assert len(found.err.strip().splitlines()) == 1


def test_answers_and_seeds_go_together(capsys, tmp_path):
    found = run_here(capsys, "fit", "--seeds", tmp_path / "s.csv")
    assert (found.code, "go together" in found.err) == (2, True)


@pytest.mark.parametrize("name", ["Average", "Mean", "Mittelwert", "All experts"])
def test_averages_of_the_experts_are_no_expert(capsys, tmp_path, name):
    rows = "".join(f"{each},q,{n},{n + 1},{n + 2}\n" for n, each in enumerate(("A", "Max", name)))
    (tmp_path / "a.csv").write_text(f"expert,question,p5,p50,p95\n{rows}")
    (tmp_path / "s.csv").write_text("question,value\nq,2\n")
    given = ("fit", "--experts", tmp_path / "a.csv", "--seeds", tmp_path / "s.csv")
    said = f'the rows of "{name}" may sum up those of the experts; leave them out, or write "datum {name}" if'
    assert said in run_here(capsys, *given).err
    (tmp_path / "a.csv").write_text(f"expert,question,p5,p50,p95\n{rows.replace(name, f'datum {name}')}")
    assert run_here(capsys, *given).code == 0


@pytest.mark.parametrize(("name", "at"), [("Room", 2), ("Group", 2), ("Chorus", 0)])
def test_an_expert_whose_answers_are_all_means_of_the_others_is_none(capsys, tmp_path, name, at):
    answers = {
        "A": ((1, 2, 4), (3, 5, 9)),
        "B": ((2, 3, 5), (2, 4, 6.5)),
        name: ((1.5, 2.5, 4.5), (2.5, 4.5, 7.75)),
    }
    order = sorted(answers, key=lambda each: (each == name) == (at > 0))

    def told(mean):
        rows = [
            f"{each.replace(name, mean)},q{place},{','.join(map(str, row))}\n"
            for each in order
            for place, row in enumerate(answers[each])
        ]
        (tmp_path / "a.csv").write_text("expert,question,p5,p50,p95\n" + "".join(rows))
        (tmp_path / "s.csv").write_text("question,value\nq0,2\n")
        return run_here(capsys, "fit", "--experts", tmp_path / "a.csv", "--seeds", tmp_path / "s.csv")

    assert f'the rows of "{name}" may sum up those of the experts; leave them out, or write' in told(name).err
    assert told(f"datum {name}").code == 0
    # one answer of six that is another is somebody's own
    answers[name] = ((1.5, 2.5, 4.5), (2.5, 4.5, 7.5))
    assert told(name).code == 0


@pytest.mark.parametrize("percentages", [(2.5, 50, 97.5), (20, 50, 80), (5, 50, 95)])
def test_the_lines_of_experts_are_a_study_whatever_quantiles_were_asked_for(capsys, tmp_path, percentages):
    columns = ",".join(f"p{each:g}" for each in percentages)
    said = {"A": "0.5,1,2", "B": "-1,2,2.1"}
    rows = [f"{name},{asked}" for name, own in said.items() for asked in ("s,10,20,30", f"rate,{own}")]
    (tmp_path / "a.csv").write_text("\n".join((f"expert,question,{columns}", *rows)))
    (tmp_path / "s.csv").write_text("question,value\ns,27\n")
    found = run_here(capsys, "fit", "--experts", tmp_path / "a.csv", "--seeds", tmp_path / "s.csv").out
    head, lines = (
        'format = 1\n[study]\ntitle = "T"\nheadline = "rate"\n',
        found[found.index("[inputs.rate]") :],
    )
    lines = lines.replace("[inputs.rate]", '[inputs.rate]\nunit = "1"\npoint = 1', 1)
    (tmp_path / "s.toml").write_text(f'{head}{lines}\n[outputs.rate]\nunit = "1"\n')
    wanted = np.array(percentages) / 100
    for expert in un.load_study(tmp_path / "s.toml").inputs["rate"].experts:
        own = [float(each) for each in said[expert.name].split(",")]
        assert expert.distribution.quantile(wanted) == pytest.approx(own)
