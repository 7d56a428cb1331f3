"""Rows of a questionnaire that are statistics of the experts' answers are no experts."""

from functools import partial

import numpy as np
import pytest
from variants import variants

import uncertainty as un
from uncertainty.fitting.columns import read_answers, read_seeds

ANSWERS = {
    "A": ((1.2, 2.3, 4.1), (31, 52, 97)),
    "B": ((2.1, 3.4, 5.6), (22, 45, 61)),
    "C": ((0.7, 1.9, 7.3), (40, 66, 83)),
    "D": ((1.6, 2.8, 4.9), (17, 38, 74)),
}
STATISTICS = {
    "median": np.median,
    "mean": np.mean,
    "smallest": np.min,
    "largest": np.max,
    "deviation": partial(np.std, ddof=1),
    "first quarter": partial(np.quantile, q=0.25),
}


def answered(tmp_path, answers):
    rows = [
        f"{name},q{place},{','.join(f'{float(each):.6g}' for each in row)}\n"
        for name, own in answers.items()
        for place, row in enumerate(own)
    ]
    (tmp_path / "a.csv").write_text("expert,question,p5,p50,p95\n" + "".join(rows), encoding="utf-8")
    return read_answers(tmp_path / "a.csv")


@pytest.mark.parametrize(
    "names",
    variants(
        [(("Group",),), (("Max",),), (("Chorus", "z"),), (("Min", "Max"),)], lambda names: "Max" not in names
    ),
)
@pytest.mark.parametrize("is_first", [False, True])
@pytest.mark.parametrize("statistic", STATISTICS)
def test_rows_that_are_statistics_of_the_experts_are_refused(tmp_path, statistic, is_first, names):
    functions = [STATISTICS[statistic], STATISTICS["mean" if statistic != "mean" else "median"]]
    rows = {
        name: tuple(function([own[place] for own in ANSWERS.values()], axis=0) for place in (0, 1))
        for name, function in zip(names, functions, strict=False)
    }
    told = " and ".join(f'"{name}"' for name in names)
    with pytest.raises(
        un.StudyError, match=f"the rows of {told} may sum up those of the experts; leave them"
    ):
        answered(tmp_path, {**rows, **ANSWERS} if is_first else {**ANSWERS, **rows})
    # what is advised is read
    found = answered(tmp_path, {**ANSWERS, f"datum {names[0]}": rows[names[0]]})
    assert len(found) == len(ANSWERS) + 1
    # one answer that is another is somebody's own
    rows[names[-1]] = (np.multiply(rows[names[-1]][0], (1, 1, 1.3)), rows[names[-1]][1])
    assert len(answered(tmp_path, {**ANSWERS, names[-1]: rows[names[-1]]})) == len(ANSWERS) + 1


@pytest.mark.parametrize("name", ["Consensus", "p95", "Panel average"])
def test_rows_that_are_called_as_no_expert_are_refused(tmp_path, name):
    own = ((1.4, 2.5, 4.4), (28, 50, 80))
    with pytest.raises(un.StudyError, match=f'the rows of "{name}" may sum up'):
        answered(tmp_path, {**ANSWERS, name: own})
    assert len(answered(tmp_path, {**ANSWERS, f"datum {name}": own})) == len(ANSWERS) + 1
    several = {f"P{place}": row for place, row in zip((1, 2, 95), ANSWERS.values(), strict=False)}
    assert [*answered(tmp_path, several)] == [*several]


def test_an_expert_who_agrees_with_the_lowest_is_one(tmp_path):
    lowest = tuple(tuple(each / 10 for each in row) for row in ANSWERS["A"])
    answers = {"L": lowest, **ANSWERS, "M": lowest}
    assert list(answered(tmp_path, answers)) == [*answers]


def test_answers_in_round_numbers_are_hardly_ever_statistics(tmp_path):
    rng = np.random.default_rng(24)
    for count, questions in ((3, 1), (3, 3), (4, 1), (6, 2)):
        for _ in range(25):
            answers = {
                name: [np.sort(rng.choice(np.arange(0, 101, 5), 3, replace=False)) for _ in range(questions)]
                for name in "ABCDEF"[:count]
            }
            assert list(answered(tmp_path, answers)) == [*answers]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("question,value\nq,2\nSource: WHO, 2023\n", 'line 3: value: "Source: WHO" may be a note below'),
        ("question,value\na,2\nb,5\nc,4\nRevised,3\n", 'line 5: value: "Revised" may be a note below'),
        ("question,value,flag\nq,2,<\nr,3,\n", 'line 2: value: 2 stands beside "<" under "flag"'),
    ],
)
def test_notes_and_limits_are_no_known_values(text, said, tmp_path):
    (tmp_path / "s.csv").write_text(text, encoding="utf-8")
    with pytest.raises(un.StudyError) as caught:
        read_seeds(tmp_path / "s.csv")
    assert said in str(caught.value)


def test_an_answer_beside_a_sign_of_limits_is_none(tmp_path):
    (tmp_path / "a.csv").write_text("expert,question,p5,p50,p95,flag\nA,q,1,2,3,\nB,q,2,3,5,<\n")
    with pytest.raises(un.StudyError, match='line 3: p5: 2 stands beside "<" under "flag"'):
        read_answers(tmp_path / "a.csv")
