"""The bundled inventory against the printed table, and against a program of its own."""

import numpy as np
import pytest

import uncertainty as un
from uncertainty.tables import Table

ROWS = (
    # source, gas, emissions of 1990 and 2002 (Gg of carbon dioxide equivalents), uncertainties of activity
    # and factor (per cent), and as printed: their part of that of national emissions, and of the trend
    ("energy", "co2", 22850.60, 30815.77, 5, 0, 2.06, 3.54),
    ("industry", "co2", 2403.65, 2954.03, 5, 0, 0.20, 0.34),
    ("energy", "ch4", 749.78, 987.54, 5, 50, 0.66, 0.13),
    ("industry", "ch4", 2.52, 97.09, 45, 120, 0.17, 0.21),
    ("enteric", "ch4", 21371.91, 23584.68, 1, 46, 14.48, 1.87),
    ("manure", "ch4", 573.09, 548.00, 1, 90, 0.66, 0.22),
    ("burning", "ch4", 2.81, 0.84, 20, 50, 0.00, 0.00),
    ("residues", "ch4", 18.77, 22.49, 50, 40, 0.02, 0.03),
    ("clearing", "ch4", 88.89, 86.14, 100, 100, 0.16, 0.20),
    ("landfill", "ch4", 2606.10, 2066.40, 35, 10, 0.97, 1.67),
    ("wastewater", "ch4", 156.66, 169.68, 60, 10, 0.14, 0.23),
)
CELLS = [f"{source},{gas}" for source, gas, *_ in ROWS]
FIRST, LAST, ACTIVITY, FACTOR, LEVEL, TREND = np.array([row[2:] for row in ROWS]).T
NATIONAL = (61_594.6, 74_923)
"""Emissions of all gases in both years, as the printed sensitivities imply them."""


@pytest.fixture(scope="module")
def study():
    return un.load_study("inventory")


def approach_1(first, last):
    """Return each row's part of the uncertainty of the last year and of the trend, in per cent.

    2006 IPCC Guidelines, volume 1, table 3.2: factors go together over the years, activities do not.
    """
    together = 100 * ((0.01 * LAST + last) / (0.01 * FIRST + first) - last / first)
    trend = np.hypot(together * FACTOR, LAST / first * ACTIVITY * np.sqrt(2))
    return LAST * np.hypot(ACTIVITY, FACTOR) / last, trend


def test_approach_1_gives_what_the_report_printed():
    level, trend = approach_1(*NATIONAL)
    np.testing.assert_allclose(trend, TREND, atol=0.0051)
    waste = [row[0] in ("landfill", "wastewater") for row in ROWS]
    level[waste] *= [35 / np.hypot(35, 10), 60 / np.hypot(60, 10)]  # printed without the factors' 10 %
    np.testing.assert_allclose(level, LEVEL, atol=0.0065)


def test_the_study_has_the_rows_of_the_table(study):
    years = [[study.inputs[f"activity[{cell},{year}]"].point for cell in CELLS] for year in (1990, 2002)]
    np.testing.assert_array_equal(years, [FIRST, LAST])
    for name, year, errors in (
        ("activity", ",2002", ACTIVITY),
        ("factor", "", FACTOR),
        ("factor_of_its_year", ",1990", FACTOR),
    ):
        found = [str(study.inputs[f"{name}[{cell}{year}]"].distribution) for cell in CELLS]
        written = (
            "truncate(point ± {:.0f} % (95 %), low=0)" if name == "activity" else "point ± {:.0f} % (95 %)"
        )
        assert found == [written.format(each) if each else "None" for each in errors]


def test_the_spreads_that_it_is_held_to_are_those_of_approach_1(study):
    first, last = FIRST.sum(), LAST.sum()
    level, trend = approach_1(first, last)
    held = {
        name: figure.also[0].value for name, figure in study.readings["own"].expect.items() if figure.also
    }
    assert held["total[1990]"] == round(np.hypot.reduce(FIRST * np.hypot(ACTIVITY, FACTOR)) / 196, -2)
    assert held["total[2002]"] == round(np.hypot.reduce(level) * last / 196, -2)
    assert f"standard deviation of {np.hypot.reduce(trend) / 1.96:.2f}," in study.outputs["trend"].note


def test_its_notes_name_the_spreads_of_the_first_order(study):
    """Both years at their own emissions, which Approach 1 simplifies."""
    growth = LAST.sum() / FIRST.sum()
    shares = LAST / FIRST.sum(), growth * FIRST / FIRST.sum()
    activity = np.hypot(*shares) * ACTIVITY
    same = np.hypot.reduce([*activity, *((shares[0] - shares[1]) * FACTOR)]) / 1.96
    own = np.hypot.reduce([*activity, *(np.hypot(*shares) * FACTOR)]) / 1.96
    assert f"first order makes {same:.2f}." in study.outputs["trend"].note
    assert f"first order makes {own:.1f}," in study.readings["own"].note


def drawn(columns, quantity):
    """Return a quantity's draws by row and year, or by row for both years; what is not drawn is 1."""
    one = np.ones(len(columns["outputs.trend"]))
    years = [""] if quantity == "factor" else [",1990", ",2002"]
    return np.array(
        [[columns.get(f"inputs.{quantity}[{cell}{year}]", one) for year in years] for cell in CELLS]
    )


@pytest.mark.parametrize(("reading", "factor"), [("as_published", "factor"), ("own", "factor_of_its_year")])
def test_draws_are_those_of_a_program_of_its_own(study, reading, factor):
    """Draw by draw; then as a whole, with draws of numpy's own."""
    run = un.propagate(study, reading=reading, samples=2**13)
    columns = Table.whole(run.draws).columns
    first, last = (drawn(columns, "activity") * drawn(columns, factor)).sum(0)
    np.testing.assert_allclose(columns["outputs.trend"], (last / first - 1) * 100, rtol=1e-9)
    np.testing.assert_allclose(columns["outputs.total[2002]"], last, rtol=1e-9)
    rng, rows = np.random.default_rng(4), 2**15
    scores = rng.standard_normal((3, len(ROWS), rows)) / 195.996
    other = rng.standard_normal((len(ROWS), rows)) / 195.996 if reading == "own" else scores[2]
    first, last = (
        (emission[:, None] * (1 + ACTIVITY[:, None] * a) * (1 + FACTOR[:, None] * f)).sum(0)
        for emission, a, f in ((FIRST, scores[0], scores[2]), (LAST, scores[1], other))
    )
    trend = (last / first - 1) * 100
    # standard errors: at most 0.9 % of a standard deviation, 3 % of one for an end; half of that for numpy
    assert run.outputs["trend"].sd == pytest.approx(trend.std(), rel=0.03)
    assert run.outputs["total[2002]"].sd == pytest.approx(last.std(), rel=0.03)
    ends = np.quantile(trend, [0.025, 0.975])
    np.testing.assert_allclose(run.outputs["trend"].interval(), ends, atol=0.08 * trend.std())
