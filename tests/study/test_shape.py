"""Faults of one kind hide none of another."""

import pytest

import uncertainty as un

HEAD = 'format = 1\nstudy = { title = "t", headline = "y" }\n'
INPUT = 'inputs.a = { unit = "kg", point = 2 }\n'
OUTPUT = 'outputs.y = { value = "a", unit = "kg" }\n'

FILES = {
    "shape, unit and distribution": (
        HEAD + 'inputs.a = { unit = "kwh", point = 2, lable = "x", distribution = "150-250" }\n' + OUTPUT,
        [
            'inputs.a.lable: unknown key; did you mean "table"?',
            'inputs.a.unit: unknown unit "kwh"; did you mean "kWh"?',
            (
                'inputs.a.distribution: cannot read "150-250"; write "150 to 250" if these are 5 % and 95 '
                '% quantiles, or "uniform(150, 250)" if they are limits'
            ),
        ],
    ),
    "a missing unit and the distribution beside it": (
        HEAD + 'inputs.a = { point = 2, distribution = "10 ± 3" }\n' + OUTPUT,
        [
            "inputs.a.unit: this key is required",
            (
                'inputs.a.distribution: 10 ± 3: say which spread this is; write "10 ± 3 (sd)" for a '
                'standard deviation, "10 ± 3 (k=2)" for two of them, or "10 ± 3 (95 %)" for half of a 95 % '
                "interval"
            ),
        ],
    ),
    "no outputs": (
        HEAD + 'inputs.a = { unit = "kg", point = 1, distribution = "normal(1" }\n',
        [
            "outputs: this key is required",
            (
                'inputs.a.distribution: expected "," or ")" in normal(…), found the end; write a text such '
                "as normal(5, 1)"
            ),
        ],
    ),
    "shape, names and dimensions": (
        HEAD + INPUT + 'inputs.b = { unit = "m", point = 1, low = "x" }\n'
        'equations = { s = "a + b", t = "nowhere + a", u = { value = [1] } }\n' + OUTPUT,
        [
            "inputs.b.low: expected a number, found text",
            "equations.u.value: expected a number or text, found a list",
            'equations.t: unknown quantity "nowhere"; known: a, b, s, t, u',
            'equations.s: cannot add mass and length in "a + b"',
        ],
    ),
    "an exclusion of what was published, whose reason is no text": (
        HEAD + INPUT + OUTPUT + '[[excluded]]\nwhen = { c = "o" }\nbecause = 3\n'
        "[choices.c.options.o]\n[choices.c.options.p]\n",
        [
            "excluded[0].because: expected text, found a number",
            "excluded: excludes the publication's own options: ",
            "readings.as_published.choices: is an excluded combination: ",
        ],
    ),
    "blank title": (
        HEAD.replace('"t"', '" "') + INPUT + OUTPUT,
        [
            "study.title: expected a text, found an empty one",
        ],
    ),
    "keys that are spelt as pydantic marks names": (
        HEAD + INPUT + 'outputs.y = { value = "a", unit = "kg", "[key]" = 2 }\n'
        '"[key]" = 1\ninputs."[key]" = { unit = "kg", point = 3 }\n',
        [
            (
                'inputs."[key]": expected a name of lower-case letters, digits and underscores that begins '
                'with a letter, such as "key"'
            ),
            'outputs.y."[key]": unknown key',
            '"[key]": unknown key',
        ],
    ),
    "entries of a list": (
        HEAD + INPUT + OUTPUT + "correlations = [{ inputs = ['a'], spearman = 2 }, { inputs = ['a', 'zz'],"
        " spearman = 0.5 }, { x = 1 }, { inputs = ['a', 'b'] }]\n",
        [
            "correlations[0].inputs: expected at least 2 entries, found 1",
            'correlations[2].x: unknown key; with "x" in it: matrix',
            "correlations[2]: expected inputs, or independent for inputs that nothing binds together",
            "correlations[3]: expected one of spearman, pearson, kendall and matrix, found none",
            'correlations[1].inputs: "a" has no distribution to correlate',
            'correlations[1].inputs: unknown input "zz"; known: a',
            'correlations[3].inputs: "a" has no distribution to correlate',
            'correlations[3].inputs: unknown input "b"; known: a',
            (
                "correlations[0].spearman: expected more than -1 and less than 1; use one input for what "
                "is one cause"
            ),
        ],
    ),
    "no study": (
        INPUT.replace("kg", "mt") + OUTPUT,
        [
            "format: this key is required",
            "study: this key is required",
            (
                'inputs.a.unit: "mt" would read as the milli-tonne, 1 kg; write "t" for a metric ton, "Mt" '
                "for a million"
            ),
        ],
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_faults_of_every_kind_are_reported_together(case, write_study):
    text, expected = FILES[case]
    path = write_study(text)
    with pytest.raises(un.StudyError) as refusal:
        un.load_study(path)
    found = [str(fault).removeprefix(f"{path}: ") for fault in refusal.value.faults]
    # what hangs on a fault is no fault of its own
    assert found == expected


SHAPELESS = {
    "": [
        "format: this key is required",
        "study: this key is required",
        "outputs: this key is required",
    ],
    "x = 1": [
        "format: this key is required",
        "study: this key is required",
        "outputs: this key is required",
        'x: unknown key; with "x" in it: excluded',
    ],
    "inputs = 3": [
        "format: this key is required",
        "study: this key is required",
        "inputs: expected a table, found a number",
        "outputs: this key is required",
    ],
    "[study]\n[[inputs]]\n": [
        "format: this key is required",
        "study.title: this key is required",
        "study.headline: this key is required",
        "inputs: expected a table, found a list",
        "outputs: this key is required",
    ],
    "format = []\nstudy = 4\noutputs = 'x'": [
        "format: expected 1, the only format so far, found a list",
        "study: expected a table, found a number",
        "outputs: expected a table, found text",
    ],
}


@pytest.mark.parametrize("text", SHAPELESS)
def test_a_file_of_no_shape_is_refused(text, write_study):
    path = write_study(text)
    with pytest.raises(un.StudyError) as refusal:
        un.load_study(path)
    assert [str(fault).removeprefix(f"{path}: ") for fault in refusal.value.faults] == SHAPELESS[text]


WHOLE = """format = 1
study = { title = "t", headline = "y", authors = ["Doe, J."], compare = ["y", "z"] }
[inputs]
a = { unit = "kg", point = 2, distribution = "1 to 4", evidence = [{ value = 2 }, { low = 1, high = 3 }] }
b = { unit = "kg", point = 1, distribution = "normal(1, 0.1)" }
c = { unit = "kg", point = "a / 2" }
d = { unit = "kg", point = 1, distribution = "experts", experts = [
    { distribution = "0.5 to 2" },
    { distribution = "1 to 3" },
] }
[equations]
s = "a + b"
t = { value = "s * 2", unit = "kg" }
[outputs]
y = { unit = "kg", value = "t", published = 6 }
z = { unit = "kg", value = "s" }
[[correlations]]
inputs = ["a", "b"]
spearman = 0.5
[[correlations]]
independent = ["a", "c"]
because = "another"
[choices.how.options]
one = { label = "1" }
two = { equations = { s = "a" }, inputs = { b = "2 to 3" } }
[choices.who.options]
me = {}
you = {}
[[excluded]]
when = { how = "two", who = ["you"] }
because = "r"
[readings.r]
choices = { how = "two" }
inputs = { a = "2 to 3" }
expect = { y = 3 }
[observations.o]
quantity = "s"
value = 3
unit = "kg"
sd = 1
[sources]
k = { title = "T" }
"""

BREAKS = {
    "unit": ('a = { unit = "kg"', 'a = { unit = "kgg"', ["inputs.a.unit"]),
    "unit of the wrong kind": ('b = { unit = "kg"', "b = { unit = 3", ["inputs.b.unit"]),
    "no point": ('c = { unit = "kg", point = "a / 2" }', 'c = { unit = "kg" }', ["inputs.c.point"]),
    "distribution": ('"normal(1, 0.1)"', '"normal(1"', ["inputs.b.distribution"]),
    "distribution of the wrong kind": ('"1 to 4"', "[1]", ["inputs.a.distribution"]),
    "evidence": ("low = 1", 'low = "x"', ["inputs.a.evidence[1].low"]),
    "evidence of the wrong kind": ("[{ value = 2 }", "[7", ["inputs.a.evidence[0]"]),
    "value of evidence": ("[{ value = 2 }", "[{ value = 'x' }", ["inputs.a.evidence[0].value"]),
    "expert of the wrong kind": (
        '    { distribution = "0.5 to 2" },\n    { distribution = "1 to 3" },',
        '    7,\n    { distribution = "normal(1" },',
        ["inputs.d.experts[0]", "inputs.d.experts[1]"],
    ),
    "observation of the wrong kind": (
        '[observations.o]\nquantity = "s"\nvalue = 3\nunit = "kg"\nsd = 1',
        "[observations]\no = 7",
        ["observations.o"],
    ),
    "observation of nothing": ('quantity = "s"\n', "", ["observations.o.quantity"]),
    "equation of the wrong kind": ('t = { value = "s * 2"', "t = { value = [2]", ["equations.t.value"]),
    "no outputs": ("[outputs]\ny", "[output]\ny", ["output", "outputs"]),
    "name": ("z = {", '"Net Z" = {', ['outputs."Net Z"', "study.compare[1]"]),  # "z" is no output then
    "list of names": ('compare = ["y"', "compare = [1", ["study.compare[0]"]),
    "correlated with nothing": ('["a", "b"]', '["a", "zz"]', ["correlations[0].inputs"]),
    "no correlation": ("spearman = 0.5", "", ["correlations[0]"]),
    "correlation of the wrong kind": ("spearman = 0.5", "spearman = 'x'", ["correlations[0].spearman"]),
    "no reason": ('because = "another"', "", ["correlations[1]"]),
    "independent of nothing": ('["a", "c"]', '["a", "yy"]', ["correlations[1].independent"]),
    "options": ("[choices.who.options]\nme = {}\nyou = {}", "[choices.who]", ["choices.who.options"]),
    "option of the wrong kind": ("one = { label", "one = { labels", ["choices.how.options.one.labels"]),
    "option that is no table": ("me = {}", "me = 7", ["choices.who.options.me"]),
    "no title": ('title = "t", ', "", ["study.title"]),
    "author of the wrong kind": ('["Doe, J."]', '[7, "a; b"]', ["study.authors[0]", "study.authors[1]"]),
    "correlated inputs that are no list, with a matrix": (
        'inputs = ["a", "b"]\nspearman = 0.5',
        'inputs = "a"\nmatrix = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]',
        ["correlations[0].inputs"],
    ),
    "excluded nothing": ('{ how = "two", who = ["you"] }', "7", ["excluded[0].when"]),
    "excluded option": ('how = "two", who', 'how = "x", who', ["excluded[0].when.how"]),
    "excluded of the wrong kind": ('["you"]', "[2]", ["excluded[0].when.who"]),
    "no reason to exclude": ('because = "r"', "", ["excluded[0].because"]),
    "reading": ('choices = { how = "two" }', 'choices = { how = "x" }', ["readings.r.choices.how"]),
    "override": (
        '{ a = "2 to 3" }',
        "{ a = { p = 2 } }",
        ["readings.r.inputs.a.distribution", "readings.r.inputs.a.p"],
    ),
    "source": ('title = "T"', "title = 2", ["sources.k.title"]),
}


def _told(write_study, *names):
    text = WHOLE
    for old, new, _ in map(BREAKS.get, names):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    with pytest.raises(un.StudyError) as refusal:
        un.load_study(write_study(text))
    return sorted(fault.key for fault in refusal.value.faults)


def test_the_study_that_the_next_tests_break_is_sound(write_study):
    assert un.load_study(write_study(WHOLE)).choices


@pytest.mark.parametrize("name", BREAKS)
def test_a_fault_is_told_once_and_what_hangs_on_it_is_not(name, write_study):
    assert _told(write_study, name) == sorted(BREAKS[name][2])


@pytest.mark.parametrize("name", BREAKS)
def test_no_fault_hides_another(name, write_study):
    names = list(BREAKS)
    for step in (2, 7):
        after = (names * 2)[names.index(name) + step :]
        # two that change the same place cannot be made together
        other = next(each for each in after if BREAKS[each][0] in WHOLE.replace(*BREAKS[name][:2]))
        assert _told(write_study, name, other) == sorted(BREAKS[name][2] + BREAKS[other][2])


def test_what_a_part_with_a_bad_name_holds_is_read_all_the_same(write_study):
    bad = """"Net mass" = { unit = "kgg", point = 1 }\n"2nd" = { unit = "kg", point = "1 +" }\n"""
    with pytest.raises(un.StudyError) as refusal:
        un.load_study(write_study(WHOLE.replace("[equations]\n", bad + "[equations]\n")))
    assert [fault.key for fault in refusal.value.faults] == [
        'inputs."Net mass"',
        "inputs.2nd",
        'inputs."Net mass".unit',
        "inputs.2nd.point",
    ]


def test_a_bad_name_that_reads_as_another_part_s_is_told_as_it_stands(write_study):
    bad = """"C" = { unit = "kgg", point = 1 }\n"C " = { unit = "kg", point = "1 +" }\n"""
    with pytest.raises(un.StudyError) as refusal:
        un.load_study(write_study(WHOLE.replace("[equations]\n", bad + "[equations]\n")))
    assert [fault.key for fault in refusal.value.faults] == [
        "inputs.C",
        'inputs."C "',
        "inputs.C.unit",
        'inputs."C ".point',
    ]


def test_what_lacks_a_part_that_is_wrong_is_not_told_of_it_again(write_study):
    study = """
    format = 1
    study = { title = "t", headline = "y" }
    indices = { c = { members = ["us", "de"] } }
    curves = { d = { x_unit = "1", unit = "1", points = [[0, 0], [1, 2]] } }
    [inputs.a]
    unit = "1"
    index = ["c"]
    point = { us = 1, de = 2 }
    low = { us = 0 }
    note = { us = "n" }
    across = "same"
    [outputs.y]
    unit = "1"
    value = "interpolate(sum(a), d)"
    """
    assert un.load_study(write_study(study))
    for old, new, said in [
        ("[1, 2]]", "[1, nan]]", "curves.d.points[1][1]: expected a finite number"),
        ("de = 2", "de = nan", "inputs.a.point.de: expected a finite number"),
        ("us = 0", 'us = "x"', "inputs.a.low.us: expected a number, found text"),
        ('us = "n"', "us = 1", "inputs.a.note.us: expected text, found a number"),
        ('"de"]', "true]", "indices.c.members: expected names or numbers, found true or false"),
        ('["us", "de"]', '{ us = 1, de = "D" }', "indices.c.members: expected a label of us"),
        ('across = "same"', "across = { c = true }", "inputs.a.across: expected a number or text"),
    ]:
        with pytest.raises(un.StudyError) as refusal:
            un.load_study(write_study(study.replace(old, new)))
        assert said in str(refusal.value)
        assert len(refusal.value.faults) == 1, str(refusal.value)


def test_a_number_in_a_list_of_lists_is_told_alone(write_study):
    for old, new, told in [
        ("spearman = 0.5", 'matrix = [[1, "x"], [0.5, 1]]', ["correlations[0].matrix[0][1]"]),
        (
            "[inputs]",
            'curves.d = { x_unit = "1", unit = "1", points = [[0, 0], [1, "x"], [2, 3]] }\n[inputs]',
            ["curves.d.points[1][1]"],
        ),
    ]:
        with pytest.raises(un.StudyError) as refusal:
            un.load_study(write_study(WHOLE.replace(old, new)))
        assert [fault.key for fault in refusal.value.faults] == told


def test_what_pydantic_says_of_a_number_begins_as_other_faults_do(write_study):
    with pytest.raises(un.StudyError, match=r"y\.digits: expected less than or equal to 15$"):
        un.load_study(write_study(WHOLE.replace("published = 6", "published = 6, digits = 99")))


def test_a_file_without_outputs_is_told_of_that_alone(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        'format = 1\noutputs = {}\n[study]\ntitle = "t"\nheadline = "y"\n[inputs.a]\nunit = "1"\npoint = 1\n'
    )
    with pytest.raises(un.StudyError) as caught:
        un.load_study(path)
    assert [str(fault) for fault in caught.value.faults] == [
        f"{path}: outputs: expected at least 1 entry, found none"
    ]


def test_a_key_of_another_program_is_not_taken_for_one_of_few_of_its_letters(write_study):
    with pytest.raises(un.StudyError) as caught:
        un.load_study(write_study(WHOLE.replace("point = 1, dist", "point = 1, colour = 3, dist", 1)))
    (fault,) = caught.value.faults
    assert fault.message.startswith("unknown key")
    assert "did you mean" not in fault.message


def test_a_table_of_too_many_entries_is_told_with_their_number():
    from uncertainty.bounds import MOST_ENTRIES
    from uncertainty.study.faults import Faults
    from uncertainty.study.shape import shaped

    most = MOST_ENTRIES["sources"]
    faults = Faults()
    shaped({"sources": {f"s{i}": {"title": "x"} for i in range(most + 1)}}, faults)
    assert f"expected at most {most} entries, found {most + 1}" in [each.message for each in faults.found]
