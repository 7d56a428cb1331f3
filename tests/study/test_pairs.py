"""Several inputs at once: one correlation for all of them, a matrix, or that nothing binds them."""

import itertools

import numpy as np
import pytest
from study_contents import contents

import uncertainty as un
from uncertainty.study.conversion import write_study as convert
from uncertainty.study.differences import differences

STUDY = """
format = 1
study = { title = "t", headline = "y" }
outputs.y = { unit = "1", value = "a + b + c + d" }
"""
DISTRIBUTIONS = {
    "a": "normal(0, 1)",
    "b": "lognormal(1, 1.5)",
    "c": "uniform(0, 1)",
    "d": "discrete(0, 1, 2)",
}
TABLE = "\n[[correlations]]\n"


@pytest.fixture
def of(write_study):
    """Return a function that writes a study with some tables of correlations."""
    inputs = "".join(
        f'inputs.{name} = {{ unit = "1", point = 1, distribution = "{text}" }}\n'
        for name, text in DISTRIBUTIONS.items()
    )
    return lambda *tables: write_study(STUDY + inputs + "".join(TABLE + each for each in tables))


def faults(path):
    with pytest.raises(un.StudyError) as caught:
        un.load_study(path)
    return [str(fault).split(".toml: ")[1] for fault in caught.value.faults]


@pytest.mark.parametrize("kind", ["spearman", "pearson", "kendall"])
def test_one_value_holds_for_each_two_of_several_inputs(of, kind):
    study = un.load_study(of(f'inputs = ["a", "b", "c"]\n{kind} = 0.4\nbasis = "measured"\nsource = "s"'))
    assert [pair.inputs for pair in study.correlations] == [*itertools.combinations("abc", 2)]
    assert {(p.kind, p.value, p.basis, p.source) for p in study.correlations} == {
        (kind, 0.4, "measured", "s")
    }


@pytest.mark.parametrize("kind", ["spearman", "pearson", "kendall"])
def test_a_matrix_has_a_value_for_each_two(of, kind):
    study = un.load_study(
        of(f'inputs = ["a", "b", "d"]\nkind = "{kind}"\nmatrix = [[1, 0.5, -0.2], [0.5, 1, 0], [-0.2, 0, 1]]')
    )
    assert {pair.inputs: pair.value for pair in study.correlations} == {("a", "b"): 0.5, ("a", "d"): -0.2}
    assert {pair.kind for pair in study.correlations} == {kind}
    assert [(pair.inputs, pair.because) for pair in study.independent] == [(("b", "d"), "0 in a matrix")]


def test_the_note_of_a_matrix_says_why_two_are_independent(of):
    study = un.load_study(of('inputs = ["a", "b"]\nmatrix = [[1, 0], [0, 1]]\nnote = "other factories"'))
    assert [pair.because for pair in study.independent] == ["other factories"]


def test_a_matrix_is_of_ranks_unless_it_says_of_what(of):
    study = un.load_study(of('inputs = ["a", "b"]\nmatrix = [[1, 0.5], [0.5, 1]]'))
    assert study.correlations[0].spearman == 0.5


def test_a_matrix_of_values_is_met_in_draws(of):
    path = of(
        'inputs = ["a", "b", "c"]\nkind = "pearson"\nmatrix = [[1, 0.6, -0.3], [0.6, 1, 0.2], [-0.3, 0.2, 1]]'
    )
    drawn = un.draw_sample(un.load_study(path), samples=2**14).inputs
    found = np.corrcoef([drawn[name] for name in "abc"])
    assert found[np.triu_indices(3, 1)] == pytest.approx([0.6, -0.3, 0.2], abs=5 / np.sqrt(2**14))


def test_what_nothing_binds_is_kept_with_the_reason(of):
    study = un.load_study(of('independent = ["a", "b", "c"]\nbecause = "other instruments"'))
    assert [pair.inputs for pair in study.independent] == [*itertools.combinations("abc", 2)]
    assert {pair.because for pair in study.independent} == {"other instruments"}
    assert study.correlations == ()


WRONG = {
    'independent = ["a", "b"]': [
        "correlations[0]: expected a reason beside independent: because, source or note",
    ],
    'independent = ["a", "b"]\nnote = "n"\nspearman = 0.1': [
        "correlations[0]: expected no spearman beside independent",
    ],
    'independent = ["a", "zz"]\nnote = "n"': [
        'correlations[0].independent: unknown input "zz"; known: a, b, c, d',
    ],
    "spearman = 0.1": [
        "correlations[0]: expected inputs, or independent for inputs that nothing binds together",
    ],
    'inputs = ["a", "b"]\nspearman = 0.1\npearson = 0.1': [
        "correlations[0]: expected one of spearman, pearson, kendall and matrix, found spearman and pearson",
    ],
    'inputs = ["a", "b"]\nspearman = 0.1\nkind = "pearson"': [
        "correlations[0]: expected kind beside a matrix alone, found spearman too",
    ],
    'inputs = ["a", "a", "b"]\npearson = 0.1': [
        "correlations[0].inputs: expected two different inputs",
        "correlations[0].inputs: these two inputs are correlated already",
    ],
    'inputs = ["a", "b", "zz"]\nkendall = 0.1': [
        'correlations[0].inputs: unknown input "zz"; known: a, b, c, d',
    ],
    'inputs = ["a", "b"]\nmatrix = [[1, 0.5]]': [
        "correlations[0].matrix: expected 2 rows of 2 numbers, one for each input, found rows of 2",
    ],
    'inputs = ["a", "b"]\nmatrix = [[1, 0.5], [0.4, 1]]': [
        "correlations[0].matrix: expected one number for a and b, found 0.5 and 0.4",
    ],
    'inputs = ["a", "b"]\nmatrix = [[1, 0.5], [0.5, 2]]': [
        "correlations[0].matrix: expected 1 on the diagonal, found 2 for b",
    ],
    'inputs = ["a", "b"]\nmatrix = [[1, 1.5], [1.5, 1]]': [
        (
            "correlations[0].matrix: a and b: expected more than -1 and less than 1, not 1.5; use one input "
            "for what is one cause"
        ),
    ],
    'inputs = ["a", "b"]\nkind = "kendall"\nmatrix = [[1, -1], [-1, 1]]': [
        (
            "correlations[0].matrix: a and b: expected more than -1 and less than 1, not -1; use one input "
            "for what is one cause"
        ),
    ],
    'inputs = ["a", "b"]\npearson = 1': [
        "correlations[0].pearson: expected more than -1 and less than 1; use one input for what is one cause",
    ],
    'inputs = ["a", "b", "c"]\nspearman = -0.6': [
        (
            "correlations: cannot hold together, their matrix is not positive definite; near them, these "
            "can: a with b -0.48, a with c -0.48, b with c -0.48"
        ),
    ],
    'inputs = ["a", "b"]\nindependent = ["a", "b"]\nspearman = 0.1': [
        "correlations[0]: expected inputs, or independent for inputs that nothing binds together",
    ],
    'independent = ["a", "b"]\nnote = "n"\nspearman = 0.1\npearson = 0.2': [
        "correlations[0]: expected no spearman and no pearson beside independent",
    ],
    'independent = ["a", "b"]\nnote = "n"\nkind = "pearson"': [
        "correlations[0]: expected no kind beside independent",
    ],
    'inputs = ["a", "b"]\npearson = 0.1\nbecause = "x"': [
        "correlations[0]: expected because beside independent alone; a correlation has source and note",
    ],
    'inputs = ["a", "b"]': [
        "correlations[0]: expected one of spearman, pearson, kendall and matrix, found none",
    ],
    'inputs = ["a", "b"]\nmatrix = []': [
        "correlations[0].matrix: expected 2 rows of 2 numbers, one for each input, found none",
    ],
    'inputs = ["a", "b"]\nmatrix = [[1, 1], [1], [2], [3], [4], [5]]': [
        (
            "correlations[0].matrix: expected 2 rows of 2 numbers, one for each input, found rows of 2, 1, "
            "1, 1, 1"
        ),
    ],
    'inputs = ["a", "b"]\npearson = 0.1\ntau = 0.5': [
        (
            "correlations[0].tau: does not say of what; write spearman for the correlation of ranks, "
            "pearson for that of values, or kendall for that of order"
        ),
    ],
    'inputs = ["a", "b"]\nmatrix = [[0.5, 1], [1, 1]]': [
        "correlations[0].matrix: expected 1 on the diagonal, found 0.5 for a",
    ],
}


@pytest.mark.parametrize("table", WRONG)
def test_what_is_wrong_is_said_once(of, table):
    assert faults(of(table)) == WRONG[table]


@pytest.mark.parametrize("reason", ["because", "source", "note"])
def test_any_reason_is_one_for_what_nothing_binds(of, reason):
    study = un.load_study(of(f'independent = ["a", "b"]\n{reason} = "r"'))
    assert [pair.because for pair in study.independent] == ["" if reason == "source" else "r"]


def test_what_nothing_binds_may_not_be_correlated_elsewhere(of):
    group, part = 'inputs = ["a", "b", "c"]\nspearman = 0.3', 'independent = ["c", "a"]\nnote = "n"'
    (said,) = faults(of(group, part))
    assert said == "correlations[1]: states that nothing binds c and a, which correlations[0] correlates"
    (said,) = faults(
        of('inputs = ["a", "b"]\nmatrix = [[1, 0], [0, 1]]', 'inputs = ["b", "a"]\npearson = 0.3')
    )
    assert "nothing binds a and b, which correlations[1] correlates" in said


def test_too_many_pairs_are_refused(of):
    names = ", ".join(["'a'"] * 1000)
    assert "correlations: expected at most 100,000 pairs of inputs, found 499,500" in faults(
        of(f"inputs = [{names}]\nspearman = 0.1")
    )


@pytest.mark.parametrize("form", ["study.xlsx", "study.json", "study", "study.toml"])
def test_groups_and_matrices_come_back_whole(of, tmp_path, form):
    path = of(
        'inputs = ["a", "b", "c"]\nmatrix = [[1, 0.50, 0], [0.50, 1, -0.2], [0, -0.2, 1]]\nkind = "kendall"',
        'independent = ["a", "d"]\nbecause = "one; two, three"\nbasis = "assumption"',
    )
    (tmp_path / "to").mkdir()
    convert(path, tmp_path / "to" / form)
    found, given = un.load_study(tmp_path / "to" / form), un.load_study(path)
    assert contents(found) == contents(given)
    assert (found.correlations, found.independent) == (given.correlations, given.independent)


def test_a_comparison_names_what_is_bound_no_longer(of):
    one = un.load_study(of('inputs = ["a", "b"]\npearson = 0.5'))
    other = un.load_study(of('independent = ["a", "b"]\nbecause = "measured apart"'))
    assert {each.key for each in differences(one, other)} == {"correlations.a+b", "independent.a+b"}
