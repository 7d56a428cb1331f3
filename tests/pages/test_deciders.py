"""What an answer depends on above all: choices where these decide, and nothing that noise picks."""

import pytest
from variants import variants

import uncertainty as un
from uncertainty.pages.deciders import depends_sentence, what_decides

STUDY = """
format = 1
study = { title = "t", headline = "y" }
outputs.y = { unit = "1", value = "(a + b + c) * p * q * r", published = 30 }
equations = { p = "1", q = "1", r = "1" }
"""


def deciding(load, sds, times=(), reading=True):
    """Return a study of three inputs and as many choices as there are factors, and its challenge."""
    text = STUDY
    for name, sd in zip("abc", sds, strict=True):
        text += f'inputs.{name} = {{ unit = "1", point = 10, distribution = "normal(10, {sd})" }}\n'
    for name, factor in zip("pqr", times, strict=False):
        text += f'[choices.{name}]\nquestion = "{name}?"\noptions.one = {{ label = "one" }}\n'
        text += f'options.more = {{ label = "more", equations = {{ {name} = "{factor}" }} }}\n'
    if reading:
        text += "[readings.all.choices]\n" + "".join(f'{name} = "more"\n' for name in "pqr"[: len(times)])
    study = load(text)
    return study, un.challenge(study, samples=2**8).outputs["y"]


@pytest.mark.parametrize(
    ("times", "said"),
    [
        pytest.param(
            (1.2, 1.02),
            "Of the choices, “p?” (“one” or “more”) moves the middle value most.",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            (1.2, 1.2, 1.2),
            "Of the choices, “p?”, “q?” and “r?” move the middle value most.",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            (1.2, 1.2, 1.02),
            "Of the choices, “p?” and “q?” move the middle value most.",
            marks=pytest.mark.slow,
        ),
        ((4, 1.02), "Above all it depends on “p?” (“one” or “more”)."),
        pytest.param((4, 2, 1.02), "Above all it depends on “p?” and “q?”.", marks=pytest.mark.slow),
        pytest.param((4, 4, 4), "Above all it depends on “p?”, “q?” and “r?”.", marks=pytest.mark.slow),
    ],
)
def test_choices_are_what_it_depends_on_above_all_only_where_the_convention_decides(load, times, said):
    """Beside “how well the numbers are known matters more” choices were named nevertheless."""
    study, found = deciding(load, (3, 3, 3), times)
    # rounding puts those that are equal in order
    told, due = (sorted(each.replace(",", "").split()) for each in (depends_sentence(study, found), said))
    assert told == due
    decided = what_decides(study, found)
    assert bool(decided.named) is said.startswith("Above all")
    if decided.named:
        assert decided.first == times.count(max(times))


@pytest.mark.slow
def test_one_choice_beside_no_reading_moves_the_middle_value(load):
    """Nothing says of it that it matters more than the numbers."""
    study, found = deciding(load, (3, 3, 3), (1.2,), reading=False)
    assert (
        depends_sentence(study, found) == "The only choice, “p?” (“one” or “more”), moves the middle value."
    )
    indices = un.sobol(study, samples=2**10).outputs["y"]
    assert depends_sentence(study, found, indices).endswith("moves the middle value too.")


@pytest.mark.parametrize(
    ("sds", "named", "first"),
    variants(
        [((1, 1, 1), "abc", 3), ((3, 2, 2), "abc", 1), ((3, 2, 1.4), "ab", 1)],
        lambda _, named, __: named == "ab",
    ),
)
def test_inputs_that_are_told_no_apart_are_named_together(load, sds, named, first):
    """Of three equal inputs two were named, other ones with another seed."""
    study, found = deciding(load, sds)
    for seed in (1, 2):
        decided = what_decides(study, found, un.sobol(study, samples=2**11, seed=seed).outputs["y"])
        assert sorted(decided.named) == [f"“{name}”" for name in named]
        assert (decided.counted, decided.first) == (True, first)
    assert depends_sentence(study, found) == ""


@pytest.mark.slow
def test_of_many_equal_inputs_none_is_what_it_depends_on_above_all(load):
    """Each explains 8.3 %, and one of them was named, as noise had it."""
    names = [f"x{number}" for number in range(12)]
    text = 'format = 1\nstudy = { title = "t", headline = "y" }\n'
    text += f'outputs.y = {{ unit = "1", value = "{" + ".join(names)}" }}\n'
    for name in names:
        text += f'inputs.{name} = {{ unit = "1", point = 1, distribution = "normal(1, 0.1)" }}\n'
    study = load(text)
    found = un.challenge(study, samples=2**8).outputs["y"]
    indices = un.sobol(study, samples=2**10).outputs["y"]
    decided = what_decides(study, found, indices)
    assert (len(decided.named), decided.first) == (12, 12)
    kinds = dict.fromkeys(names[6:], "variability")
    said = depends_sentence(study, found, indices, kinds)
    # each was told with its own kind, twelve times over
    assert (said.count("differs from case to case"), said.count("not exactly known"), said.count("“")) == (
        1,
        1,
        12,
    )
