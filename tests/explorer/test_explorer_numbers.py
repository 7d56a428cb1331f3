"""The browser's numbers are Python's: the same uniforms, every output."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from explorer_tools import until
from explorer_twin import distribution, input_columns, output_columns

import uncertainty as un
from uncertainty.challenges.verdict import reading_sentence
from uncertainty.over_cases import speaking_of
from uncertainty.study.bundled import names
from uncertainty.study.scenario import scenario
from uncertainty.wording import interval_text, median_text, with_unit

STUDIES = Path(__file__).parents[1] / "studies"

FAMILIES = {
    "uniform": "uniform(-1, 2)",
    "loguniform": "loguniform(0.01, 30)",
    "arcsine": "arcsine(-3, 5)",
    "triangular": "triangular(1, 1, 4)",
    "normal": "normal(3, 0.2)",
    "lognormal": "lognormal(3, 4)",
    "ranged": "2 to 8",
    "truncated": "truncate(lognormal(3, 2), low=0.5, high=4)",
    "one_tail": "truncate(normal(0, 1), low=3)",
    "clipped": "truncate(clip(lognormal(3, 2), low=2), high=9)",
    "steps": "discrete(1, 2, 4, weights=(0.5, 0.3, 0.2))",
    "data": "empirical(1.2, 1.9, 3.4, 1.9)",
    "student": "student_t(5, 2, 3)",
    "gamma": "gamma(0.8, 2)",
    "mixed": "mixture(1, uniform(2, 9))",
    "two_parts": "truncate(mixture(lognormal(3, 2), uniform(1, 9)), low=1)",
}


def assert_equal(found, wanted, tolerance=1e-6):
    assert found.keys() >= wanted.keys()
    for name, values in wanted.items():
        error = np.abs(found[name] - values)
        assert (error <= tolerance * np.abs(values)).all(), (name, np.max(error / np.abs(values)))


def range_of(study, name):
    """Return a range for an input, somewhat away from the study's own."""
    five, ninety_five = study.inputs[name].distribution.quantile(np.array([0.1, 0.9])).tolist()
    return five, ninety_five


EVERY = [*names(), *(str(path) for path in sorted(STUDIES.glob("jcgm-9-*.toml")))]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name != "ten-searches")) for name in EVERY]
)
def test_every_output_is_python_s_under_three_readings_and_with_a_changed_input(
    name, open_page, page_file, columns
):
    study = un.load_study(name)
    page = open_page(page_file(study))
    page.wait_for_selector(".explorer .sentence")
    readings = [*study.readings]
    for reading in dict.fromkeys([readings[0], study.preferred_reading or readings[-1], *readings[-2:]]):
        assert_equal(columns(page, reading), output_columns(study, reading))
    varying = next(
        (
            name
            for name, item in study.inputs.items()
            if item.distribution is not None
            and not item.distribution.atoms
            and (range_of(study, name)[0] > 0 or range_of(study, name)[0] < 0 < range_of(study, name)[1])
        ),
        None,
    )
    if varying is None:
        return
    low, high = range_of(study, varying)
    last = study.preferred_reading or readings[0]
    assert_equal(
        columns(page, last, inputs={varying: {"low": low, "high": high}}),
        output_columns(study, last, override={varying: f"{low!r} to {high!r}"}),
    )
    middle = (low + high) / 2
    assert_equal(
        columns(page, last, inputs={varying: {"value": middle}}),
        output_columns(study, last, override={varying: middle}),
    )


@pytest.mark.slow
def test_every_option_that_may_be_taken_alone_gives_python_s_numbers(flagship, open_page, page_file, columns):
    page = open_page(page_file(flagship))
    page.wait_for_selector(".explorer .sentence")
    for choice in flagship.choices.values():
        for option in [*choice.options][1:]:
            chosen = {choice.name: option}
            assert_equal(columns(page, choices=chosen), output_columns(flagship, choose=chosen))


@pytest.fixture
def families(write_study):
    inputs = "".join(
        f'[inputs.{name}]\nunit = "1"\npoint = 2\ndistribution = "{text}"\n'
        for name, text in FAMILIES.items()
    )
    correlated = '[[correlations]]\ninputs = ["student", "gamma"]\nspearman = 0.8\n'
    correlated += '[[correlations]]\ninputs = ["gamma", "lognormal"]\nspearman = -0.5\n'
    return un.load_study(
        write_study(
            'format = 1\n[study]\ntitle = "Families"\nheadline = "all_of_them"\n'
            f'[outputs.all_of_them]\nunit = "1"\nvalue = "{" + ".join(FAMILIES)}"\n{inputs}{correlated}'
        )
    )


@pytest.mark.slow
def test_every_family_correlated_or_not_has_python_s_draws(families, open_page, page_file, columns):
    page = open_page(page_file(families))
    page.wait_for_selector(".explorer .sentence")
    found, exact = columns(page, of="inputs"), input_columns(scenario(families))
    for name, values in exact.items():
        # an input that crosses 0 is measured by its spread
        allowed = 1e-7 * np.maximum(np.abs(values), np.ptp(values) * (values.min() < 0 < values.max()))
        assert (np.abs(found[name] - values) <= allowed).all(), name


TIED = """
format = 1
[study]
title = "Ties"
headline = "y"
[inputs.count]
unit = "1"
point = 1
distribution = "discrete(0, 1, weights=(1, 2))"
[inputs.size]
unit = "1"
point = 2
distribution = "normal(2, 1)"
[[correlations]]
inputs = ["count", "size"]
spearman = 0.7
[choices.counted.options.so]
[choices.counted.options.finer]
inputs = { count = "discrete(0, 1, 2, 3, weights=(1, 1, 1, 1))" }
[choices.counted.options.smoothly]
inputs = { count = "uniform(0, 1)" }
[outputs.y]
unit = "1"
value = "count * size"
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["spearman", "pearson", "kendall"])
def test_tied_ranks_are_correlated_as_in_python(write_study, open_page, page_file, columns, kind):
    study = un.load_study(write_study(TIED.replace("spearman = 0.7", f"{kind} = 0.5")))
    page = open_page(page_file(study))
    page.wait_for_selector(".explorer .sentence")
    for option in study.choices["counted"].options:
        exact = input_columns(scenario(study, choose={"counted": option}))
        found = columns(page, of="inputs", choices={"counted": option})
        # where a draw lies within rounding of a step it may fall on either side of it
        assert (np.abs(found["count"] - exact["count"]) > 1e-7).mean() <= 1e-4
        assert np.allclose(found["size"], exact["size"], rtol=1e-7, atol=1e-7)


@pytest.mark.slow
def test_a_reader_s_own_range_has_the_correlation_of_values_too(write_study, open_page, page_file, columns):
    text = TIED.replace("discrete(0, 1, weights=(1, 2))", "1 to 9").replace("spearman = 0.7", "pearson = 0.6")
    study = un.load_study(write_study(text))
    page = open_page(page_file(study))
    page.wait_for_selector(".explorer .sentence")
    for own in (
        {},
        {"count": (2, 7)},
        {"count": (-2, 7)},
        {"size": (1, 30)},
        {"count": (2, 7), "size": (1, 30)},
    ):
        exact = input_columns(scenario(study, override={k: f"{a} to {b}" for k, (a, b) in own.items()}))
        given = {name: {"low": low, "high": high} for name, (low, high) in own.items()}
        found = columns(page, of="inputs", inputs=given)
        assert all(np.allclose(found[name], exact[name], rtol=1e-6, atol=1e-7) for name in exact)


OPERATIONS = """
format = 1
[study]
title = "Operations"
headline = "a"
[inputs.x]
unit = "m"
point = 2
distribution = "1 to 3"
[inputs.y]
unit = "km"
point = "2 * x / 1000 + 1[mm]"
[inputs.n]
unit = "1"
point = 0.5
distribution = "normal(0, 1)"
[inputs.k]
unit = "1"
point = 3
distribution = "poisson(3)"
[inputs.b]
unit = "1"
point = 0
distribution = "bernoulli(0.3)"
[inputs.t]
unit = "1"
point = 2
low = 1.5
distribution = "pareto(1, 4)"
[inputs.l]
unit = "1"
point = 2
distribution = "logistic(2, 0.5)"
[inputs.s]
unit = "1"
point = 15
distribution = "15 ± 20 % (95 %)"
[inputs.g]
unit = "1"
point = 3
distribution = "gamma(mean=3, cv=0.5)"
[equations]
r = "x / y"
choose = "where(n > 0.3, sqrt(abs(n)), where(y == y, exp(n), 1 / 0.5))"
[outputs.a]
unit = "1"
value = "maximum(r, n, 0.1) + minimum(r, n) - log(r) + log10(r * 2) + tanh(n) * sin(n) + cos(n) / tan(1 + r)"
[outputs.b]
unit = "1"
value = "(n <= 0) + (n >= 0) * 2 - (n < r) + (n != 0) + -choose + r**2 + r**-1 + r**0.5 + r**3.3 + r**n + pi"
[outputs.c]
unit = "cm"
value = "x + y * 2 + 3[mm]"
[outputs.d]
unit = "1"
value = "expm1(n) + log1p(r) * asin(tanh(n)) - acos(1 / (1 + r)) + atan(n) + round(5 * n) + round(-2.5)"
[outputs.e]
unit = "1"
value = "floor(n) * 2 + ceil(r * 7) + (n > 0 and r < 1 or not n < -1) * 3 + (not r) + (n or r)"
[outputs.f]
unit = "1"
value = "where(b and k > 0, k * t + l, s / g)"
"""


@pytest.mark.slow
def test_every_operation_and_unit_is_computed_as_in_python(write_study, open_page, page_file, columns):
    study = un.load_study(write_study(OPERATIONS))
    page = open_page(page_file(study))
    page.wait_for_selector(".explorer .sentence")
    for given in ({}, {"x": 2.5}, {"n": 0.25}, {"x": 2.5, "n": -1.0}):
        inputs = {name: {"value": value} for name, value in given.items()}
        found, wanted = columns(page, inputs=inputs), output_columns(study, override=given)
        for name, values in wanted.items():
            assert found[name] == pytest.approx(values, rel=1e-9, abs=1e-12), (name, given)


HIERARCHY = """
format = 1
[study]
title = "Parameters that are quantities"
headline = "total"
[inputs.mu]
unit = "g"
distribution = "normal(5000, 300)"
[inputs.share]
unit = "1"
distribution = "uniform(0.2, 0.6)"
{inputs}
[choices.wide]
question = "How wide?"
[choices.wide.options.so]
[choices.wide.options.wider]
inputs = {{ x0 = "normal(mu, 3 * share * 1[kg])" }}
[readings.other]
inputs = {{ x2 = "gamma(mean=mu, cv=2 * share)", mu = "normal(4000, 200)" }}
[[correlations]]
inputs = ["x0", "x2"]
spearman = 0.6
[outputs.total]
value = "{total}"
unit = "kg"
{outputs}
"""
GIVEN = (
    *("normal(mu, share * 1[kg])", "lognormal(median=mu, sigma=share)", "gamma(mean=mu, cv=share)"),
    *("beta(2 * share, 3, 0, 9)", "student_t(mu, 1, 9 * share)", "truncate(normal(mu, 2), low=4.5)"),
    *(
        "poisson(mu)",
        "triangular(1, mu, 9)",
        "weibull(4 * share, mu)",
        "truncate(gamma(9 * share, mu), high=20)",
        "discrete(1, 3, 9, weights=(share, 1 - share, 0.2))",
    ),
    *("pert(1, mu, 9)", "logistic(mu, share * 1[kg])", "pareto(mu, 5)"),
)


@pytest.mark.slow
def test_draws_given_other_quantities_are_python_s(write_study, open_page, page_file, columns):
    inputs = "".join(
        f'[inputs.x{i}]\nunit = "kg"\npoint = 5\ndistribution = "{text}"\n' for i, text in enumerate(GIVEN)
    )
    inputs += '[inputs.b]\nunit = "1"\npoint = 0\ndistribution = "bernoulli(share)"\n'
    inputs += '[inputs.n]\nunit = "1"\npoint = 3\ndistribution = "binomial(9, share)"\n'
    names = [f"x{i}" for i in range(len(GIVEN))]
    outputs = "".join(f'[outputs.{name}]\nunit = "kg"\n' for name in names)
    outputs += '[outputs.b]\nunit = "1"\n[outputs.n]\nunit = "1"\n'
    text = HIERARCHY.format(inputs=inputs, outputs=outputs, total=" + ".join(names))
    study = un.load_study(write_study(text))
    page = open_page(page_file(study))
    page.wait_for_selector(".explorer .sentence")
    for reading, choose in (("as_published", {}), ("other", {}), ("as_published", {"wide": "wider"})):
        found = columns(page, reading, choices=choose)
        for name, values in output_columns(study, reading, choose).items():
            apart = np.abs(found[name] - values) > 1e-6 * np.maximum(np.abs(values), 1e-6)
            # where a draw lies within rounding of a step it may fall on either side of it
            assert apart.mean() <= (1e-3 if name in ("b", "n", "x6", "x10", "total") else 0), (reading, name)


SHARES = """
format = 1
[study]
title = "Shares"
headline = "y"
[indices.part]
members = ["a", "b", "c"]
[inputs.share]
unit = "%"
index = ["part"]
point = { a = 50, b = 30, c = 20 }
distribution = "dirichlet(a=3, b=2, c=1)"
[inputs.factor]
unit = "1"
index = ["part"]
point = { a = 1, b = 2, c = 4 }
[inputs.trust]
unit = "1"
distribution = "beta(2, 3)"
[inputs.which]
member_of = "part"
point = "a"
distribution = "one_of(a=trust, c=1 - trust)"
[outputs.y]
value = "sum(share * factor, part)"
unit = "1"
[outputs.share]
unit = "1"
[outputs.taken]
value = "share[which]"
unit = "1"
[readings.fixed]
inputs = { "share[b]" = 40, which = "one_of(b=trust, c=1)" }
"""


@pytest.mark.slow
def test_shares_of_a_whole_are_python_s(write_study, open_page, page_file, columns):
    study = un.load_study(write_study(SHARES))
    page = open_page(page_file(study))
    page.wait_for_selector(".explorer .sentence")
    for reading in study.readings:
        found, wanted = columns(page, reading), output_columns(study, reading)
        # where a draw lies within rounding of a step it may fall on either side of it
        assert (np.abs(found["taken"] - wanted.pop("taken")) > 1e-6).mean() <= 1e-3
        assert_equal(found, wanted)
    with pytest.raises(Exception, match="a share of a whole changes with the others"):
        columns(page, inputs={"share[a]": {"value": 20}})
    drivers = {
        item.query_selector("button").inner_text(): int(item.query_selector(".percent").inner_text()[:-2])
        for item in page.query_selector_all(".explorer .bars li")
    }
    # given one share, the others have the rest in proportion to their weights; the last one has no draws
    weights, prices = np.array([3, 2, 1]) / 6, np.array([1, 2, 4])
    covariances = (np.diag(weights) - np.outer(weights, weights)) / 7
    slopes = prices - (weights @ prices - weights * prices) / (1 - weights)
    exact = 100 * slopes**2 * np.diag(covariances) / (prices @ covariances @ prices)
    titles = [study.inputs[f"share[{member}]"].title for member in "abc"]
    assert drivers == {
        title: pytest.approx(each, abs=4) for title, each in zip(titles, exact, strict=True) if each > 2
    }


@pytest.mark.slow
@pytest.mark.parametrize("reading", ["as_published", "like_for_like", "computer_alone"])
def test_medians_intervals_and_sentences_are_worded_as_in_python(reading, flagship, open_page, page_file):
    page = open_page(page_file(flagship), f"#explore:reading={reading}")
    page.wait_for_selector(".explorer .sentence")
    columns = output_columns(flagship, reading)
    condition = f"If {flagship.readings[reading].condition},"
    for name, output in flagship.outputs.items():
        found = distribution(flagship, name, columns[name])
        page.select_option("#explorer-output", name)
        until(
            page,
            "name => document.getElementById('explorer-app').explorer.state().output === name"
            " && document.querySelector('.explorer .picture svg').getAttribute('aria-label').includes("
            "document.getElementById('explorer-app').explorer.program.outputs[name].label)",
            name,
        )
        assert page.inner_text(".explorer .sentence") == reading_sentence(found, condition), name
        unit = output.unit.text
        assert page.inner_text(".explorer .figure") == f"median {with_unit(median_text(found), unit)}"
        if found.draws.lowest < found.draws.highest:
            assert page.inner_text(".explorer .interval").endswith(with_unit(interval_text(found), unit))


@pytest.mark.slow
def test_drivers_agree_with_sobol_indices(flagship, open_page, page_file):
    # correlated inputs would be one entry of Sobol' indices
    study = replace(speaking_of(flagship, "case"), correlations=())
    indices = un.sobol(study, output=study.headline, reading="like_for_like", samples=2**13, seed=1)
    page = open_page(page_file(study), "#explore:reading=like_for_like")
    page.wait_for_selector(".explorer .bars li")
    shown = {
        item.query_selector("button").inner_text(): int(item.query_selector(".percent").inner_text()[:-2])
        for item in page.query_selector_all(".explorer .bars li")
    }
    found = {
        flagship.inputs[name].title: 100 * index.S1
        for name, index in indices.outputs[flagship.headline].indices.items()
    }
    for label, percent in shown.items():
        # a rank estimate's standard error at 10,000 draws is about one percentage point
        assert percent == pytest.approx(found[label], abs=4), label
    assert {label for label, percent in found.items() if percent > 8} <= shown.keys()


@pytest.mark.slow
def test_a_change_is_shown_in_time(flagship, open_page, page_file, capsys):
    page = open_page(page_file(flagship))
    page.wait_for_selector(".explorer .sentence")
    slider = page.locator('[id="explorer-input-energy_per_image[midjourney]"] input[type=range]').first
    slider.focus()
    taken = []
    for _ in range(9):
        before = page.text_content(".explorer code")
        page.keyboard.press("ArrowRight")
        until(page, "before => document.querySelector('.explorer code').textContent !== before", before)
        taken.append(page.evaluate("document.getElementById('explorer-app').explorer.milliseconds"))
    with capsys.disabled():
        print(f"\nexplorer update, 10,000 draws, all outputs: median {np.median(taken):.0f} ms (budget 100)")
    assert np.isfinite(taken).all()


STATISTICS = """
format = 1
[study]
title = "t"
headline = "y"
[inputs.a]
unit = "kg"
point = 10
distribution = "normal(10, 2)"
[outputs.y]
value = "a"
unit = "kg"
reference = 9
published = {published}
"""


@pytest.mark.parametrize(
    "published",
    [
        "{ mean = 10.0 }",
        *(
            pytest.param(other, marks=pytest.mark.slow)
            for other in ("{ sd = 2.0 }", "{ p5 = 6.7 }", "{ probability = 0.69 }", "{ value = 10 }")
        ),
    ],
)
def test_published_statistics_are_worded_as_in_python(published, write_study, open_page, page_file):
    study = un.load_study(write_study(STATISTICS.format(published=published)))
    page = open_page(page_file(study))
    page.wait_for_selector(".explorer .sentence")
    found = distribution(study, "y", output_columns(study)["y"])
    clause = "If the publication's calculation holds,"
    assert page.inner_text(".explorer .sentence") == reading_sentence(found, clause)


TABLES = """
format = 1

[study]
title = "Stocks of two countries, by one of two accounts"
headline = "total[2030]"

[indices]
country = { members = { us = "United States", india = "India" } }
year = { from = 2020, to = 2030, step = 5, unit = "year" }
account = { members = ["low", "high"] }

[inputs.typical]
unit = "t/year"
point = 2
distribution = "1.5 to 2.5"

[inputs.inflow]
unit = "t/year"
index = ["country"]
point = { us = 2, india = 3 }
distribution = "lognormal(typical, 1.3)"

[inputs.luck]
unit = "1"
index = ["country", "year"]
point = 1
distribution = "normal(1, 0.1)"
across = { country = "same", year = 0.6 }

[inputs.begun]
unit = "t"
index = ["account", "country"]
point = 40
distribution = { low = "30 to 40", high = { us = "70 to 90" } }

[inputs.which]
member_of = "account"
point = "high"
distribution = "one_of(low=3, high=1)"

[equations]
stock = "previous(stock * 0.9 + inflow * luck * 5[year], year, begun[which])"

[outputs.stock]
unit = "t"

[outputs.total]
value = "sum(stock, country)"
unit = "t"
reference = 80

[choices.all_same]
question = "Is luck the same everywhere?"
options.differs = { label = "no" }
options.none = { label = "there is none", inputs = { luck = 1 } }
"""


@pytest.mark.slow
def test_tables_with_parameters_and_a_category_have_python_s_numbers(
    write_study, open_page, page_file, columns
):
    """With indices, an input whose parameter is another, members that go together, and one that is drawn."""
    study = un.load_study(write_study(TABLES))
    page = open_page(page_file(study))
    page.wait_for_selector(".explorer .sentence")
    assert_equal(columns(page), output_columns(study))
    assert_equal(
        columns(page, choices={"all_same": "none"}), output_columns(study, choose={"all_same": "none"})
    )


@pytest.mark.slow
def test_members_of_one_score_leave_other_correlations_as_they_are(
    write_study, open_page, page_file, columns
):
    """Also where the first of the members, by which the others are bound, is fixed."""
    text = (
        'format = 1\n[study]\ntitle = "One score"\nheadline = "total"\n'
        '[indices]\nplace = { members = ["a", "b", "c"] }\n'
        '[inputs.luck]\nunit = "1"\nindex = ["place"]\npoint = 3\ndistribution = "normal(3, 1)"\n'
        'across = "same"\n'
        '[inputs.one]\nunit = "1"\npoint = 3\ndistribution = "normal(3, 1)"\n'
        '[inputs.other]\nunit = "1"\npoint = 3\ndistribution = "normal(3, 1)"\n'
        '[[correlations]]\ninputs = ["one", "other"]\nspearman = 0.5\n'
        '[outputs.total]\nvalue = "sum(luck)"\nunit = "1"\n'
        '[outputs.pair]\nvalue = "one + other"\nunit = "1"\n'
        '[choices.first]\nquestion = "Is the first known?"\n'
        'options.no = { label = "no" }\noptions.yes = { label = "yes", inputs = { "luck[a]" = 3 } }\n'
    )
    study = un.load_study(write_study(text))
    page = open_page(page_file(study))
    page.wait_for_selector(".explorer .sentence")
    assert_equal(columns(page), output_columns(study))
    chosen = {"first": "yes"}
    assert_equal(columns(page, choices=chosen), output_columns(study, choose=chosen))


@pytest.mark.slow
def test_totals_of_many_cells_have_python_s_numbers(write_study, open_page, page_file, columns):
    cells = ", ".join(f'"c{number}"' for number in range(15))
    text = (
        'format = 1\n[study]\ntitle = "Many"\nheadline = "whole"\n'
        f"[indices]\ncountry = {{ members = [{cells}] }}\nyear = {{ from = 1, to = 15 }}\n"
        '[inputs.use]\nunit = "1"\nindex = ["country", "year"]\npoint = 2\ndistribution = "1 to 3"\n'
        '[outputs.emission]\nvalue = "use * 2"\nunit = "1"\n[outputs.whole]\nvalue = "sum(use)"\nunit = "1"\n'
    )
    study = un.load_study(write_study(text))
    page = open_page(page_file(study))
    page.wait_for_selector(".explorer .sentence")
    found, drawn = columns(page), output_columns(study)
    by_year = sum(drawn[f"emission[c{number},7]"] for number in range(15))
    by_country = sum(drawn[f"emission[c3,{year}]"] for year in range(1, 16))
    wanted = {"whole": drawn["whole"], "sum(emission)[7]": by_year, "sum(emission)[c3]": by_country}
    assert_equal(found, wanted)
    assert "emission[c3,7]" not in found
