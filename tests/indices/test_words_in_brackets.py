"""What words in brackets mean, which indices a formula has, and what its cells compute, against numpy."""

from decimal import Decimal

import numpy as np
import pytest

from uncertainty.errors import InvalidValue
from uncertainty.expressions import Call, Name, Number, parse_expression
from uncertainty.expressions.tree import walk
from uncertainty.indices.index import (
    MOST_CELLS,
    Addresses,
    Chosen,
    Index,
    file_stem,
    parted,
    plain,
    select,
    written,
)
from uncertainty.indices.lowering import Curve, Lowering, _literal
from uncertainty.indices.shapes import Formula, Shapes, indices_of

INDICES = {
    "place": Index("place", {"n": "North", "s": "South"}),
    "fuel": Index("fuel", ["oil", "gas", "wood"]),
    "year": Index("year", [2020, 2021.5, 2030]),
}
CATEGORIES = {"which": "fuel", "where": "place", "elsewhere": "river"}


def refused(ask, *given):
    with pytest.raises(InvalidValue) as error:
        ask(*given)
    return str(error.value)


def test_members_are_a_list_of_names_or_of_numbers_or_have_labels():
    fuel, year, place = INDICES["fuel"], INDICES["year"], INDICES["place"]
    assert fuel.members == {"oil": "", "gas": "", "wood": ""}
    assert (fuel.numbers, fuel.ordered, fuel.names) == ((), False, ("oil", "gas", "wood"))
    assert year.members == {"2020": "", "2021.5": "", "2030": ""}
    assert (year.numbers, year.ordered) == ((2020.0, 2021.5, 2030.0), True)
    assert fuel.places == {"oil": 0, "gas": 1, "wood": 2}
    assert [each.member("2020.0") for each in (fuel, year)] == ["2020.0", "2020"]
    assert [place.label_at(at) for at in (0, 0.6)] == ["North", "South"]
    assert fuel.label_at(2.0) == "wood"
    for given in (Index("x", [1, True]), Index("x", [1, "2"])):
        assert given.numbers == ()
    assert Index("x", [True, 1]).members == {"True": "", "1": ""}
    assert Index("x", {"a": ""}).numbers == ()
    assert refused(Index, "x", ["a", "b", "a"]) == "index x: a member stands twice"
    assert refused(Index, "x", [1, 1.0]) == "index x: a member stands twice"
    said = "index: expected its name first, then its members, found "
    assert refused(Index, ["a", "b"]).startswith(said)
    for given in ("abc", 3):
        said = refused(Index, "x", given)
        assert said.startswith("index x: expected a list of members or a dict of their labels, found ")
        assert str(given) in said


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1.50", "1.5"),
        ("2,5", "2,5"),
        (" 7.0 ", "7"),
        (100, "100"),
        ("1e3", "1000"),
        ("-0.0", "0"),
        (Decimal("2.500"), "2.5"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("1e300", "1" + "0" * 300),
        ("1e301", "1e301"),
        ("1e-300", "0." + "0" * 299 + "1"),
        ("1e-301", "1e-301"),
        ("oil", "oil"),
    ],
)
def test_a_number_is_written_in_decimal_without_zeros_that_say_nothing(number, text):
    assert plain(number) == text


def test_cells_are_written_and_read():
    assert written("use", ["n", "oil"]) == "use[n,oil]"
    assert written("use", []) == "use"
    assert parted(" use [n, fuel = oil]\n") == ("use", ["n", "fuel=oil"])
    assert parted("use") == ("use", [])
    assert parted("use[n] more") == ("use[n] more", [])
    assert file_stem("use[n,oil]") == "use.n.oil"


def chosen(*words, shape=("place", "fuel", "year")):
    return select("use", words, shape, INDICES, CATEGORIES)


def test_words_select_members_and_categories_of_a_quantity():
    assert chosen("gas", "n", "2030.0") == Chosen({"fuel": 1, "place": 0, "year": 2}, {})
    assert chosen("year=2021.50", "which") == Chosen({"year": 1}, {"fuel": "which"})
    assert chosen("fuel=which", "place=where") == Chosen({}, {"fuel": "which", "place": "where"})


SHARED = INDICES | {"other": Index("other", ["oil", "tar"])}


@pytest.mark.parametrize(
    ("words", "shape", "said"),
    [
        (["n"], (), '"use" has no index to select a member of'),
        (["n", "s"], ("place", "fuel"), '"s" selects a member of place a second time in use[…]'),
        (["n", "where"], ("place", "fuel"), '"where" selects a member of place a second time in use[…]'),
        (["where", "n"], ("place", "fuel"), '"n" selects a member of place a second time in use[…]'),
        (["plce=n"], ("place", "fuel"), '"use" has no index "plce"; did you mean "place"?'),
        (
            ["oil"],
            ("fuel", "other"),
            '"oil" is a member of fuel and of other; write fuel=oil or other=oil',
        ),
        (
            ["where"],
            ("fuel", "year"),
            '"where" is a member of place, which is no index of "use" (fuel, year)',
        ),
        (
            ["fuel=where"],
            ("fuel", "place"),
            '"where" is a member of place, which is no index of "use" (fuel, place)',
        ),
        (["sun"], ("fuel",), '"use" has no member "sun" of the index fuel; known: oil, gas, wood'),
        (
            ["sun"],
            ("place", "fuel"),
            '"use" has no member "sun" of place or fuel; known: n, s, oil, gas, wood',
        ),
        (["woods"], ("fuel",), '"use" has no member "woods" of the index fuel; did you mean "wood"?'),
        (["whch"], ("fuel",), '"use" has no member "whch" of the index fuel; did you mean "which"?'),
        # by its label, where no name is as near
        (["north"], ("place",), '"use" has no member "north" of the index place; did you mean "n"?'),
        (["Sout"], ("place", "fuel"), '"use" has no member "Sout" of place or fuel; did you mean "s"?'),
    ],
)
def test_a_word_that_selects_nothing_is_refused_with_what_was_meant(words, shape, said):
    assert refused(select, "use", words, shape, SHARED, CATEGORIES) == said


CELLS = {(place, fuel): f"use[{place},{fuel}]" for place in "ns" for fuel in ("oil", "gas", "wood")}
ADDRESSES = Addresses(
    "input", {"rate", "use[n,oil]", *CELLS.values()}, {"use": (("place", "fuel"), CELLS)}, INDICES
)


def test_an_address_means_cells():
    assert ADDRESSES.names == ["use", "rate"]
    assert ADDRESSES.cells("rate") == ("rate",)
    assert ADDRESSES.cells("use[n,oil]") == ("use[n,oil]",)
    assert ADDRESSES.cells("use[gas]") == ("use[n,gas]", "use[s,gas]")
    assert ADDRESSES.cells("use[fuel=gas, s]") == ("use[s,gas]",)
    assert ADDRESSES.cells("use") == tuple(CELLS.values())
    assert ADDRESSES.cell("use[oil, s]") == "use[s,oil]"
    assert (
        refused(ADDRESSES.cell, "use[s]") == '"use[s]" has 3 members; name one of them, such as "use[s,oil]"'
    )
    assert refused(ADDRESSES.cells, "rate[n]") == '"rate" has no index to select a member of'
    assert refused(ADDRESSES.cells, "rat[n]") == 'unknown input "rat[n]"; did you mean "rate"?'
    assert refused(ADDRESSES.cells, "zzz") == 'unknown input "zzz"; known: use, rate'


def test_whole_names_come_before_their_members_and_else_the_order_stays():
    found = ADDRESSES.spread(["rate", "use[n,oil]", "use[s]", "use"])
    assert [address for address, _ in found] == [*["use"] * 6, *["use[s]"] * 3, "rate", "use[n,oil]"]
    assert [cell for _, cell in found[6:]] == [*ADDRESSES.cells("use[s]"), "rate", "use[n,oil]"]


KNOWN = {
    "use": ("place", "fuel"),
    "flow": ("year",),
    "grid": ("fuel", "year"),
    "rate": (),
    "which": ("year",),
    "where": (),
}


def shapes_of(known=KNOWN, indices=INDICES):
    return Shapes(indices, {"which": "fuel", "where": "place"}, {"damage"}, known)


@pytest.mark.parametrize(
    ("formula", "at", "shape"),
    [
        ("2 * rate", (), ()),
        ("use * flow", (), ("place", "fuel", "year")),
        ("year * rate", (), ("year",)),
        ("missing + rate", (), ()),
        ("sum(use)", (), ()),
        ("sum(use, fuel)", (), ("place",)),
        ("sum(use * flow)", ("year", "fuel"), ("fuel", "year")),
        ("mean(use, fuel, place) + flow", (), ("year",)),
        ("use[gas]", (), ("place",)),
        ("use[which]", (), ("place", "year")),
        ("use[where, which]", (), ("year",)),
        ("use[nowhere]", (), ("place", "fuel")),
        ("previous(rate, year, 3)", (), ("year",)),
        ("previous(use, fuel, 3)", (), ("place", "fuel")),
        ("previous(rate, yeer, flow)", (), ("year",)),
        ("cumulative(grid, year)", (), ("fuel", "year")),
        ("interpolate(use, damage)", (), ("place", "fuel")),
        ("interpolate(rate, grid)", (), ("fuel",)),
        ("interpolate(sum(use), flow)", ("place",), ("place",)),
        ("maximum(flow, rate, use[n])", (), ("fuel", "year")),
    ],
)
def test_a_formula_has_the_indices_of_what_it_uses(formula, at, shape):
    shapes = shapes_of()
    assert shapes.ordered(shapes.of(parse_expression(formula), frozenset(at))) == shape


def test_quantities_have_the_indices_of_all_their_formulas_however_they_use_each_other():
    shapes = shapes_of()
    formulas = {
        "first": [Formula("a", parse_expression("second * 2"))],
        "second": [Formula("b", parse_expression("third + flow"))],
        "third": [Formula("c", parse_expression("previous(third, year, first) + use[n]"))],
        "apart": [Formula("d", parse_expression("sum(use)"), {"place": "n"}), Formula("e", Number(1.0))],
    }
    shapes.infer(formulas)
    assert [shapes.of_quantity(name) for name in formulas] == [("fuel", "year")] * 3 + [("place",)]
    assert shapes.of_quantity("unknown") == ()


@pytest.mark.parametrize(
    ("formula", "at", "said"),
    [
        ("sum(use)", (), "sum(use, place, fuel)"),
        ("sum(use)", ("place",), "sum(use, fuel)"),
        ("sum(use, fuel) + mean(flow)", (), "sum(use, fuel) + mean(flow, year)"),
        ("cumulative(sum(use * flow), year)", ("year",), "cumulative(sum(use * flow, place, fuel), year)"),
        ("previous(sum(use), year, 1)", (), "previous(sum(use, place, fuel), year, 1)"),
        ("previous(rate, year, mean(flow))", (), "previous(rate, year, mean(flow, year))"),
        ("interpolate(sum(use), flow)", (), "interpolate(sum(use, place, fuel), flow)"),
        ("interpolate(rate, damage) + use[n, gas]", (), "interpolate(rate, damage) + use[n,gas]"),
    ],
)
def test_reductions_are_written_with_the_indices_that_they_go_over(formula, at, said):
    assert str(shapes_of().explicit(parse_expression(formula), frozenset(at))) == said


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("sum(rate)", '"rate" has no index to go over in "sum(rate)"'),
        ("sum(use, year)", '"use" has no index year in "sum(use, year)"; it has place, fuel'),
        ("sum(rate, year)", '"rate" has no index year in "sum(rate, year)"; it has none'),
        ("sum(use, fuel, fuel)", 'an index stands twice in "sum(use, fuel, fuel)"'),
        ("sum(use, fule)", 'unknown index "fule" in "sum(use, fule)"; did you mean "fuel"?'),
        ("sum(flow, 2)", 'expected an index, found 2 in "sum(flow, 2)"; known: place, fuel, year'),
        ("cumulative(use, year)", '"use" has no index year in "cumulative(use, year)"; it has place, fuel'),
        (
            "previous(use, fuel, 1)",
            (
                'the members of fuel have no order for "previous(use, fuel, 1)"; an ordered index has from '
                "and to, or members that are numbers"
            ),
        ),
        (
            "interpolate(rate, flwo)",
            'unknown curve "flwo" in "interpolate(rate, flwo)"; did you mean "flow"?',
        ),
        (
            "interpolate(rate, use)",
            'expected a curve or a quantity with one ordered index, found "use"',
        ),
        (
            "rate + which",
            '"which" is a category: it stands in brackets alone, after a quantity with the index fuel',
        ),
        ("rate * damage", '"damage" is a curve: write interpolate(x, damage)'),
        ("rate + fuel", 'the members of "fuel" are no numbers, so that it is no quantity'),
        ("flow[2021]", '"flow" has no member "2021" of the index year; did you mean "2021.5"?'),
        ("rate[n]", '"rate" has no index to select a member of'),
    ],
)
def test_a_part_without_a_meaning_is_refused(formula, said):
    assert refused(shapes_of().explicit, parse_expression(formula)) == said


def test_as_many_cells_as_there_may_be_are_no_more():
    most = {"a": Index("a", range(100)), "b": Index("b", range(100)), "c": Index("c", ["x", "y"])}
    shapes = shapes_of({"all": ("a", "b"), "more": ("a", "b", "c")}, most)
    assert MOST_CELLS == 100 * 100
    assert str(shapes.explicit(parse_expression("sum(all)"))) == "sum(all, a, b)"
    said = refused(shapes.explicit, parse_expression("sum(more, a)"))
    assert said == 'expected at most 10,000 cells, found 20,000: "more" has one for each a, b, c'


def test_names_of_indices_and_members_in_a_formula_are_told():
    formula = parse_expression("sum(use[n], fuel) + previous(rate, year, 1) * cumulative(x, day)")
    assert indices_of(formula) == {"fuel", "n", "year", "day"}


RNG = np.random.default_rng(3)
VALUES = {
    "use": RNG.uniform(1, 2, (2, 3)),
    "flow": RNG.uniform(1, 2, 3),
    "grid": RNG.uniform(1, 2, (3, 3)),
    "rate": np.array(2.5),
    "which": np.array([2, 0, 1]),
    "where": np.array(1),
}
YEARS = np.array(INDICES["year"].numbers)
DAMAGE = Curve("damage", ((0.0, 1.0), (2.0, -3.0), (3.0, 5.0)))
TIMES = np.arange(3)


def cells():
    """Return all values by the names of their cells."""
    found = {}
    for name, shape in KNOWN.items():
        for place in np.ndindex(VALUES[name].shape):
            members = (INDICES[index].names[at] for index, at in zip(shape, place, strict=True))
            found[written(name, members)] = float(VALUES[name][place])
    return found


def computed(expression, parts, known):
    """Return the value of a formula of cells, each of its parts by numpy's function of its name."""
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Name):
        name = expression.name
        return known[name] if name in known else computed(parts[name], parts, known)
    values = [computed(each, parts, known) for each in expression.arguments]
    return float(getattr(np, expression.operation)(*values))


def lowered(indices=INDICES, known=KNOWN):
    shapes = Shapes(indices, {"which": "fuel", "where": "place"}, {"damage"}, known)
    return Lowering(shapes, {"damage": DAMAGE})


def test_the_indices_of_a_long_sum_are_asked_of_each_term_once(monkeypatch):
    asked, whole = [], Shapes.of
    monkeypatch.setattr(Shapes, "of", lambda *given: asked.append(given) or whole(*given))
    lowering, terms = lowered(), 100
    found = lowering.at(parse_expression("+".join(["flow"] * terms)), (0, 0, 1))
    assert computed(found, lowering.parts, cells()) == pytest.approx(terms * FLOW[1])
    assert len(asked) <= 2 * terms


USE, FLOW, GRID = (VALUES[name] for name in ("use", "flow", "grid"))
FORMULAS = {
    "use * flow": USE[:, :, None] * FLOW,
    "sum(use * flow, place)": (USE[:, :, None] * FLOW).sum(axis=0),
    "sum(use * flow, year, place)": (USE[:, :, None] * FLOW).sum(axis=(0, 2)),
    "mean(grid, fuel)": GRID.mean(axis=0),
    "product(flow, year)": FLOW.prod(),
    "largest(grid, fuel) - smallest(grid, fuel)": np.ptp(GRID, axis=0),
    "cumulative(grid, year)": GRID.cumsum(axis=1),
    "cumulative(cumulative(flow, year) * flow, year)": (FLOW.cumsum() * FLOW).cumsum(),
    "previous(flow, year, rate)": np.array([2.5, *FLOW[:-1]]),
    "use[which]": USE[:, VALUES["which"]],
    "use[where, which]": USE[1, VALUES["which"]],
    "use[place=where, gas] * rate": USE[1, 1] * 2.5,
    "use[s]": USE[1],
    "flow[2030] - rate * year": FLOW[2] - 2.5 * YEARS,
    "year[2021.5] + year": YEARS[1] + YEARS,
    "interpolate(use * 2 - 2, damage)": np.interp(USE * 2 - 2, [0, 2, 3], [1, -3, 5]),
    "interpolate(flow * 2020 - 1000, flow)": np.interp(FLOW * 2020 - 1000, YEARS, FLOW),
    "interpolate(year - 0.5, grid)": np.array([np.interp(YEARS - 0.5, YEARS, row) for row in GRID]),
}


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("formula", FORMULAS)
def test_cells_of_a_formula_compute_what_a_program_of_arrays_does(formula, backwards):
    """In whichever order they are asked for."""
    lowering, expression = lowered(), parse_expression(formula)
    shapes = shapes_of()
    expression = shapes.explicit(expression)
    shape = shapes.ordered(shapes.of(expression))
    axes = [list(INDICES).index(name) for name in shape]
    expected = np.broadcast_to(FORMULAS[formula], [len(INDICES[name].members) for name in shape])
    places = list(np.ndindex(expected.shape))
    known = cells()
    for place in reversed(places) if backwards else places:
        at = list(lowering.nowhere)
        for axis, member in zip(axes, place, strict=True):
            at[axis] = member
        made = lowering.at(expression, tuple(at))
        assert computed(made, lowering.parts, known) == pytest.approx(expected[place], rel=1e-13)
        assert lowering.at(expression, tuple(at)) is made


def test_cells_of_a_quantity_are_told_in_the_order_of_its_members():
    found = list(lowered().cells("grid"))
    names = ["grid[oil,2020]", "grid[oil,2021.5]", "grid[oil,2030]", "grid[gas,2020]"]
    assert [name for name, _ in found[:4]] == names
    assert [at for _, at in found[2:4]] == [(-1, 0, 2), (-1, 1, 0)]
    assert list(lowered().cells("rate")) == [("rate", (-1, -1, -1))]


def test_a_sum_along_many_members_is_made_step_by_step():
    """A thousand of them, from the last one, without a recursion along them."""
    many = {"day": Index("day", range(3000))}
    lowering = lowered(many, {"rain": ("day",)})
    total = lowering.at(parse_expression("cumulative(rain, day)"), (2999,))
    assert len(lowering.parts) == 3000
    assert total == Name("cumulative(rain, day)[2999]")
    assert list(lowering.parts)[:2] == ["cumulative(rain, day)[0]", "cumulative(rain, day)[1]"]
    known = {f"rain[{day}]": 1.0 for day in range(3)}
    assert computed(Name("cumulative(rain, day)[2]"), lowering.parts, known) == 3


def test_rounding_errors_of_a_sum_grow_with_the_logarithm_of_its_members():
    many = {"day": Index("day", range(1000))}
    lowering = lowered(many, {"rain": ("day",)})
    made = lowering.at(parse_expression("sum(rain, day)"), (-1,))

    def depth(expression):
        if isinstance(expression, Name):
            return depth(lowering.parts[expression.name]) if expression.name in lowering.parts else 0
        return 1 + max(map(depth, expression.arguments))

    assert depth(made) == 10


@pytest.mark.parametrize("formula", ["sum(flow, year)", "mean(use, fuel)", "cumulative(flow, year)"])
def test_each_step_of_a_part_says_what_it_is_a_step_of(formula):
    lowering = lowered()
    lowering.at(parse_expression(formula), (0, 0, 2))
    made = [each for part in lowering.parts.values() for each, _ in walk(part) if isinstance(each, Call)]
    assert made
    assert {each.written for each in made} <= {*lowering.parts}


@pytest.mark.parametrize("formula", ["interpolate(rate, damage)", "use[where, which]"])
def test_each_step_of_a_choice_says_what_it_is_a_step_of(formula):
    lowering = lowered()
    name = str(lowering.at(parse_expression(formula), (0, 0, 2)))
    made = [each for each, _ in walk(lowering.parts[name]) if isinstance(each, Call)]
    assert {each.written for each in made if each.operation != "negative"} == {name}


def test_points_of_curves_and_members_below_zero_are_written_with_a_sign():
    assert [_literal(value, "1") for value in (2.0, 0.0)] == [Number(2.0), Number(0.0)]
    assert _literal(-2.0, "g") == Call("negative", (Number(2.0, "g"),))
    indices = {"t": Index("t", [3, -1, 0])}
    lowering = lowered(indices, {"loss": ("t",), "x": ()})
    made = lowering.at(parse_expression("interpolate(x, loss)"), (-1,))
    loss = dict(zip(("loss[3]", "loss[-1]", "loss[0]"), (7.0, 2.0, -5.0), strict=True))
    for x in (-2.0, -1.0, -0.25, 0.0, 1.5, 3.0, 9.0):
        found = computed(made, lowering.parts, loss | {"x": x})
        assert found == pytest.approx(np.interp(x, [-1, 0, 3], [2, -5, 7]))
    one = lowered({"t": Index("t", [5])}, {"loss": ("t",), "x": ()})
    made = one.at(parse_expression("interpolate(x, loss)"), (-1,))
    assert computed(made, one.parts, {"loss[5]": 4.0}) == 4
