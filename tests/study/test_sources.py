"""A study names its sources, its texts cite them, and nothing but an https address becomes a link."""

import datetime as dt
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sourced_study import ADDRESSES, HOSTILE, SOURCED
from study_contents import faults

import uncertainty as un
from uncertainty.study.bibliography import texts
from uncertainty.study.sources import Source, keys, origins, person, pieces, plain_text, witnesses


def links(text, sources=None):
    return [piece.to for piece in pieces(text, sources or {}) if piece.to]


def test_a_study_holds_its_sources_and_what_is_said_of_itself(sourced):
    assert list(sourced.sources) == ["smith2020", "smith_other", "organisation", "through", "unsaid"]
    first = sourced.sources["smith2020"]
    assert first.title == "The weight of a page"
    assert first.authors == ("Smith, A.", "Roe, B.", "Poe, C.")
    assert (first.year, first.seen, first.accessed) == (2020, "full text", dt.date(2026, 11, 27))
    assert sourced.authors == ("Doe, J.", "Office of Paper")
    assert sourced.date == dt.date(2026, 11, 28)
    assert (sourced.licence, sourced.url) == ("CC-BY-4.0", "https://example.org/study")
    assert (sourced.version, sourced.language) == ("2", "pt-BR")
    assert sourced.question == "Does a page weigh more than a letter?"
    assert sourced.compare == ("page", "letter")


def test_a_study_without_sources_says_nothing_of_itself(small):
    assert dict(small.sources) == {}
    assert (small.language, small.authors, small.date, small.compare) == ("en", (), None, ())


def test_sources_are_called_by_authors_and_year_and_no_two_alike(sourced):
    assert [source.name for source in sourced.sources.values()] == [
        "Smith et al. 2020a",
        "Smith et al. 2020b",
        "Office of Paper",
        "“Ink that nobody keeps” 1921",
        "“A book”",
    ]


def test_a_source_leads_to_its_doi_its_arxiv_number_or_its_address(sourced):
    assert [source.address for source in sourced.sources.values()] == [
        "https://doi.org/10.1000/182",
        "https://arxiv.org/abs/2303.06219v2",
        "https://example.org/statistics?page=1",
        "",
        "",
    ]


def test_every_link_of_a_study_is_that_of_a_source_or_stands_in_its_texts(sourced):
    found = {link for said in texts(sourced) for link in links(said.text, sourced.sources)}
    found |= {source.address for source in sourced.sources.values()} - {""}
    assert found | {sourced.url} == ADDRESSES


def test_a_text_calls_what_it_cites_by_name(sourced):
    assert [tuple(piece) for piece in pieces("see @smith2020, p. 3; (@unsaid)", sourced.sources)] == [
        ("see ", "", ""),
        ("Smith et al. 2020a", "https://doi.org/10.1000/182", "smith2020"),
        (", p. 3; (", "", ""),
        ("“A book”", "", "unsaid"),
        (")", "", ""),
    ]
    assert plain_text("@smith2020's table", sourced.sources) == "Smith et al. 2020a's table"


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("arXiv:2303.06219, abstract", "https://arxiv.org/abs/2303.06219"),
        ("(arXiv 2303.06219v3)", "https://arxiv.org/abs/2303.06219v3"),
        ("arxiv:hep-th/9901001.", "https://arxiv.org/abs/hep-th/9901001"),
        ("doi:10.1038/s41598-024-54271-x: 53 times", "https://doi.org/10.1038/s41598-024-54271-x"),
        ("DOI 10.1000/ABC.def.", "https://doi.org/10.1000/ABC.def"),
        ("10.1002/(SICI)1097(19980815)17:15/16<1661::AID>3.0.CO;2-2", "https://doi.org/10.1002/(SICI)1097"),
        ("http://dx.doi.org/10.1000/182", "https://doi.org/10.1000/182"),
        ("HTTPS://Example.org/a", "https://Example.org/a"),
        ("see https://example.org.", "https://example.org"),
        ("see https://example.org: it", "https://example.org"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("'https://example.org/a?b=c&d=%20#e'", "https://example.org/a?b=c&d=%20#e"),
        ("https://medium.com/@someone/post", "https://medium.com/@someone/post"),
        ("https://example.org:8443/x", "https://example.org:8443/x"),
        ("https://example.org/Köln", "https://example.org/K%C3%B6ln"),
        ("https://example.org/O'Neil", "https://example.org/O%27Neil"),
        ('https://example.org/a"onclick=x', "https://example.org/a"),
        ("https://example.org/a\u202eb", "https://example.org/ab"),
    ],
)
def test_an_address_in_a_text_becomes_a_link_without_the_sentence_around_it(text, to):
    (found,) = links(text)
    assert found.startswith(to)
    assert found == to or "SICI" in to


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_else_becomes_a_link(text):
    assert links(text) == []
    assert links(f"see {text} there") == []


ALLOWED = set(string.ascii_letters + string.digits + "-._~:/?#@!$&()*+,;=%")


@pytest.mark.slow
@given(
    st.lists(
        st.sampled_from(["https://", "x.org", "/", "@", "doi:", "10.1000/", "arXiv:", "2303.06219", *HOSTILE])
        | st.text(max_size=4),
        max_size=8,
    ).map("".join)
)
def test_a_link_is_an_https_address_of_harmless_signs_whatever_the_text(text):
    found = pieces(text)
    for piece in found:
        if piece.to:
            assert piece.to.startswith("https://")
            assert set(piece.to) <= ALLOWED
            assert "@" not in piece.to.removeprefix("https://").partition("/")[0]
    assert len(text) > 0 or found == ()


@pytest.mark.parametrize(
    "text", ["https://" + "a." * 300_000, "https://x.org/" + ")" * 300_000, "@a" * 300_000]
)
def test_a_long_text_is_parted_in_no_time_and_leads_nowhere(text):
    assert [link for link in links(text) if link != "https://x.org/"] == []


def test_a_handle_or_an_address_of_mail_is_no_key():
    assert keys("a@b.org, https://medium.com/@c, d.@") == ()
    assert keys("@one, (@two); see:@three-four and @one") == ("one", "two", "three-four")


def test_a_free_text_of_a_study_without_sources_may_speak_of_an_at(write_study):
    path = write_study(replace={'label = "Yearly emissions"': 'source = "told by @someone"\nnote = "@all"'})
    assert un.load_study(path).outputs["yearly"].source == "told by @someone"


PLACES = (
    ('note = "As @smith_other says', "study.note"),
    ('source = "@smith2020, Table 2', "study.source"),
    ('source = "@smith2020, Figure 1', "inputs.sheet.source"),
    ('note = "Weighed by @organisation', "inputs.sheet.note"),
    ('source = "@smith_other", year', "inputs.sheet.evidence[0].source"),
    ('note = "After @smith2020', "equations.whole.note"),
    ('source = "@smith2020, p. 3', "outputs.page.source"),
    ('source = "@organisation"\nnote', "correlations[0].source"),
    ('note = "@smith2020 does not', "choices.drying.note"),
    ('source = "@through, and', "choices.drying.options.wet.source"),
    ('source = "@through"\nnote', "readings.wet_page.source"),
)


@pytest.mark.parametrize(("text", "key"), PLACES)
def test_a_key_that_no_source_has_is_a_fault_wherever_it_stands(write_study, text, key):
    before, at, after = text.partition("@")
    path = write_study(SOURCED, replace={text: f"{before}{at}un_said, {after}"})
    assert faults(path) == [f'{key}: unknown source "un_said"; did you mean "unsaid"?']


def test_a_key_in_a_study_without_sources_is_a_fault(write_study):
    path = write_study(replace={'label = "Yearly emissions"': 'source = "@smith2020, Figure 1"'})
    assert faults(path) == [
        'outputs.yearly.source: unknown source "smith2020"; the file has no [sources]',
    ]


BY_MEMBER = """
format = 1
[study]
title = "Sources by member"
headline = "x[a]"
[indices.place]
members = ["a", "b"]
[inputs.x]
unit = "1"
index = ["place"]
point = 1
source = { a = "one, of 2021", b = "SOURCE" }
note = { b = "@all" }
[outputs.x]
unit = "1"
"""


def test_sources_by_member_are_read_as_others_are(write_study):
    path = write_study(BY_MEMBER.replace("SOURCE", "another, by @someone"))
    assert un.load_study(path).inputs["x[b]"].source == "another, by @someone"
    path = write_study(BY_MEMBER.replace("SOURCE", "@smith2020"))
    assert faults(path) == ['inputs.x.source.b: unknown source "smith2020"; the file has no [sources]']
    listed = '\n[sources.smith2021]\ntitle = "A title"\n'
    path = write_study(BY_MEMBER.replace("SOURCE", "@smith2020") + listed)
    assert 'inputs.x.source.b: unknown source "smith2020"; did you mean "smith2021"?' in faults(path)


BESIDE = """
format = 1
[study]
title = "Sources beside the study"
headline = "y"
[indices.place]
members = ["a", "b", "c"]
[inputs.x]
unit = "1"
index = ["place"]
table = "x.csv"
[curves.loss]
points = [[0, 0], [5, 1]]
source = "@smith2020"
note = "as @smith2021 has it"
[choices.how]
[choices.how.options.one]
[choices.how.options.two]
equations = { rate = "2" }
[choices.what]
[choices.what.options.this]
[choices.what.options.that]
equations = { other = "2" }
[[excluded]]
when = { how = "two", what = "that" }
because = "@smith2022 says so"
[equations]
rate = "1"
other = "1"
[outputs.y]
value = "interpolate(sum(x), loss) * rate * other"
unit = "1"
"""


def test_keys_in_tables_curves_and_exclusions_are_held_to_the_sources(write_study):
    path = write_study(BESIDE + '\n[sources.smith2021]\ntitle = "A title"\n')
    rows = ("a,1,@smith2021,", 'b,1,"@smith2020, p. 3",see @nobody', "c,1,@smith2020,see @smith2021")
    path.with_name("x.csv").write_text("\n".join(["place,point,source,note", *rows, ""]), encoding="utf-8")
    hint = 'unknown source "{}"; did you mean "smith2021"?'
    assert faults(path) == [
        f"curves.loss.source: {hint.format('smith2020')}",
        f"excluded[0].because: {hint.format('smith2022')}",
        f'inputs.x.table: "x.csv", line 3: source: {hint.format("smith2020")}',
        'inputs.x.table: "x.csv", line 3: note: unknown source "nobody"; known: smith2021',
        f'inputs.x.table: "x.csv", line 4: source: {hint.format("smith2020")}',
    ]


def test_a_key_in_a_table_beside_a_study_without_sources_is_a_fault(write_study):
    said = ('source = "@smith2020"', 'because = "@smith2022 says so"')
    path = write_study(BESIDE.replace(said[0], "").replace(said[1], 'because = "no"'))
    rows = "place,point,source,note\na,1,@smith,told by @all\nb,1,@smith,\nc,1,by @someone,\n"
    path.with_name("x.csv").write_text(rows, encoding="utf-8")
    said = 'source: unknown source "smith"; the file has no [sources]'
    assert faults(path) == [f'inputs.x.table: "x.csv", lines 2 and 3: {said}']


FIRST = 'doi = "10.1000/182"'
AUTHORS = '["Smith, A.", "Roe, B.", "Poe, C."]'
DAY = "accessed = 2026-11-27"
BOTH = '["page", "letter"]'
HTTPS = "expected an address that begins with https://, found "
TAG = "expected the tag of a language, such as en or pt-BR, found "


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (FIRST, 'doi = "doi:10.1000/182"', "sources.smith2020.doi: expected a DOI such as 10.1038/"),
        (FIRST, 'doi = "https://doi.org/10.1000/182"', "sources.smith2020.doi: expected a DOI such as 10."),
        (FIRST, 'url = "http://example.org/a"', f"sources.smith2020.url: {HTTPS}"),
        (FIRST, 'url = "javascript:alert(1)"', f"sources.smith2020.url: {HTTPS}"),
        (FIRST, 'url = "data:text/html,x"', f"sources.smith2020.url: {HTTPS}"),
        (FIRST, 'url = "https://a.org/\\"x"', f"sources.smith2020.url: {HTTPS}"),
        (FIRST, 'url = "https://a.org/\\nx"', f"sources.smith2020.url: {HTTPS}"),
        (FIRST, 'url = "https://a.org/\\u202ex"', f"sources.smith2020.url: {HTTPS}"),
        (FIRST, 'url = "https://a.org@b.org/"', f"sources.smith2020.url: {HTTPS}"),
        (FIRST, 'arxiv = "arXiv:2303.06219"', "sources.smith2020.arxiv: expected an arXiv number such as "),
        (FIRST, 'arxiv = "2303"', "sources.smith2020.arxiv: expected an arXiv number such as "),
        (
            'seen = "full text"',
            'seen = "text"',
            "sources.smith2020.seen: expected one of: full text, ",
        ),
        ('seen = "full text"', "read = true", "sources.smith2020.read: unknown key"),
        (
            DAY,
            "accessed = 2026",
            "sources.smith2020.accessed: expected a date such as 2026-11-28, found",
        ),
        (
            DAY,
            'accessed = "27 Nov"',
            "sources.smith2020.accessed: expected a date such as 2026-11-28, found",
        ),
        (DAY, "accessed = 2026-11-27T10:00:00", "sources.smith2020.accessed: expected a date such as 2026-"),
        (
            'through = "smith2020"',
            'through = "smith2021"',
            "sources.through.through: unknown source",
        ),
        ('through = "smith2020"', 'through = "through"', "sources.through.through: is known through itself"),
        (
            AUTHORS,
            '["Smith, A.; Roe, B."]',
            "sources.smith2020.authors[0]: expected one name an entry",
        ),
        (AUTHORS, '[" "]', "sources.smith2020.authors[0]: expected a name, found nothing"),
        ('title = "A book"', "year = 2026", "sources.unsaid: expected a title, authors, a doi, an arxiv"),
        ("[sources.unsaid]", "[sources.Unsaid]", "sources.Unsaid: expected a name of lower-case letters"),
        ('"pt-BR"', '"Portuguese"', f"study.language: {TAG}"),
        ('"pt-BR"', '"en\\"><script>"', f"study.language: {TAG}"),
        (
            "date = 2026-11-28",
            'date = "today"',
            "study.date: expected a date such as 2026-11-28, found",
        ),
        ('"https://example.org/study"', '"http://example.org"', f"study.url: {HTTPS}"),
        (BOTH, '["page", "leter"]', 'study.compare[1]: unknown output "leter"; did you mean "letter"?'),
        (BOTH, '["page", "page"]', 'study.compare[1]: "page" stands here twice'),
        (BOTH, '["page"]', "study.compare: expected at least 2 outputs, found 1"),
    ],
)
def test_what_is_wrong_with_a_source_or_the_study_itself_is_one_line(write_study, old, new, fault):
    (found,) = faults(write_study(SOURCED, replace={old: new}))
    assert found.startswith(fault)
    assert "\n" not in found


def test_alternatives_are_of_one_unit(write_study):
    replace = {
        '[outputs.letter]\nunit = "g"\nvalue = "2 * sheet"': '[outputs.letter]\nunit = "1"\nvalue = "2"'
    }
    (found,) = faults(write_study(SOURCED, replace=replace))
    assert found == (
        'study.compare[1]: expected alternatives of one unit: "letter" is in "1", but "page" is in "g"'
    )


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("doi", "https://doi.org/10.1000/182"),
        ("doi", "doi:10.1000/182"),
        ("doi", "10.1000/182, page 3"),
        ("arxiv", "arXiv:2303.06219"),
        ("url", "http://example.org/a"),
        ("url", "<https://example.org/a>"),
    ],
)
def test_the_advice_for_an_address_is_accepted(write_study, key, written):
    (found,) = faults(write_study(SOURCED, replace={FIRST: f'{key} = "{written}"'}))
    advice = found.rpartition('did you mean "')[2].removesuffix('"?')
    assert getattr(
        un.load_study(write_study(SOURCED, replace={FIRST: f'{key} = "{advice}"'})).sources["smith2020"], key
    )


@pytest.mark.parametrize(
    ("doi", "address"),
    [
        ("10.1000/a%b#c", "10.1000/a%25b%23c"),
        ("10.1000/[a]=ä", "10.1000/%5Ba%5D%3D%C3%A4"),
        (
            "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
            "10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2",
        ),
    ],
)
def test_a_doi_may_have_signs_that_addresses_write_by_number(write_study, doi, address):
    source = un.load_study(write_study(SOURCED, replace={FIRST: f'doi = "{doi}"'})).sources["smith2020"]
    assert (source.doi, source.address) == (doi, f"https://doi.org/{address}")
    (found,) = faults(write_study(SOURCED, replace={FIRST: f'doi = "https://doi.org/{address}"'}))
    assert found.endswith(f'did you mean "{doi}"?')


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("see 10.1000/abc#5.", ("10.1000/abc#5", "10.1000/abc%235")),
        ("doi:10.1000/50%x-1, p. 3", ("doi:10.1000/50%x-1", "10.1000/50%25x-1")),
        ("10.1000/a%3C1%3E.", ("10.1000/a%3C1%3E", "10.1000/a%3C1%3E")),
        ("10.1000/a% and more", ("10.1000/a", "10.1000/a")),
    ],
)
def test_a_doi_in_a_text_is_not_cut_to_that_of_another_document(text, cited):
    (found,) = [(piece.text, piece.to) for piece in pieces(text, {}) if piece.to]
    assert found == (cited[0], f"https://doi.org/{cited[1]}")


@pytest.mark.parametrize("doi", ["10.1000/a b", '10.1000/a\\"b', "10.1000/a{b", "10.1000/a\\\\b"])
def test_no_doi_is_cut_to_that_of_another_document(write_study, doi):
    (found,) = faults(write_study(SOURCED, replace={FIRST: f'doi = "{doi}"'}))
    assert "expected a DOI" in found
    assert "did you mean" not in found


@pytest.mark.parametrize(
    ("author", "parts"),
    [
        ("King, Martin Luther, Jr.", ("King", "Martin Luther", "Jr.")),
        ("King, Jr., Martin Luther", ("King", "Martin Luther", "Jr.")),
        ("King Jr., Martin Luther", ("King", "Martin Luther", "Jr.")),
        ("Gates, William H., III", ("Gates", "William H.", "III")),
        ("de la Cruz, María", ("de la Cruz", "María", "")),
        ("Sr, A.", ("Sr", "A.", "")),
        ("Doe, A., MD", ("Doe", "A., MD", "")),
        ("Sammy Davis, Jr.", None),
        ("Office of Paper", None),
        ("Office,", None),
        ("Smith, A. and Sons", None),
    ],
)
def test_a_name_is_told_in_its_parts(author, parts):
    assert person(author) == parts


def test_the_day_may_be_a_text(write_study, sourced):
    path = write_study(SOURCED, replace={"accessed = 2026-11-27": 'accessed = "2026-11-27"'})
    assert un.load_study(path).sources == sourced.sources


def test_what_is_known_through_another_rests_on_that_other(sourced):
    known = witnesses(sourced.sources)
    one = ["@through; @smith2020, p. 3", "doi:10.1000/182"]
    assert origins(one, known) == {"https://doi.org/10.1000/182"}
    others = ["@smith_other, @unsaid; An Office; an office", "@unsaid"]
    assert origins(others, known) == {"https://arxiv.org/abs/2303.06219v2", "unsaid", "an office"}


def test_what_says_that_it_is_a_judgement_is_no_second_source(sourced):
    known, doi = witnesses(sourced.sources), "https://doi.org/10.1000/182"
    for said in (
        "the spread is judged",
        "the range is OURS",
        "no evidence was looked up",
        "recalled",
        "of all",
    ):
        assert origins([f"@smith2020 has the three; {said}"], known) == {doi}
    assert origins([], known, ["@smith2020", "the same, spread over hours of use"]) == {doi}
    # what names somebody is one, and so is any piece of evidence that does not say otherwise
    for said in ("Meta, as it says", "an office, 2019"):
        assert len(origins([f"@smith2020; {said}"], known)) == 2
    assert len(origins(["@smith2020"], known, ["a model's card"])) == 2
    # words alone are one judgement, however many
    assert len(origins(["taken as for requests; no evidence was looked up"], known)) == 1
    assert len(origins(["table 3; table 4"], {})) == 2


def test_a_chain_of_sources_speaks_with_one_voice_in_whatever_order_it_stands():
    links = {"a": "b", "b": "c", "d": "b", "e": "a", "c": ""}
    chain = {key: Source(key, key, through=other) for key, other in links.items()}
    assert {key: source.key for key, source in witnesses(chain).items()} == dict.fromkeys(links, "c")
    many = {f"s{i}": Source(f"s{i}", "", through=f"s{i + 1}") for i in range(20_000)}
    assert {source.key for source in witnesses(many).values()} == {"s19999"}


def test_check_lists_inputs_whose_evidence_is_one_source_none_or_second_hand(sourced, write_study):
    assert dict(un.reproduce(sourced).evidence) == {
        "none": ("dust",),
        "one_source": ("ink",),
        "second_hand": (),
    }
    ink = 'basis = "assumption"\nsource = "@smith_other"'
    path = write_study(SOURCED, replace={ink: ink.replace("smith_other", "through")})
    assert un.reproduce(un.load_study(path)).evidence["second_hand"] == ("ink",)
