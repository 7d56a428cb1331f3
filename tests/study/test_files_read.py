"""What was read from the files beside a study is said where something of them was not."""

import numpy as np
import pytest

import uncertainty as un

HEAD = 'format = 1\n[study]\ntitle = "T"\nheadline = "y"\n'
CELLS = (
    HEAD + '[indices]\ngeo = {members = {a = "A", b = "B", w = "World"}}\n'
    '[inputs.x]\nunit = "t"\nindex = ["geo"]\n'
    'table = "d.csv"\n[outputs.y]\nvalue = "sum(x, geo)"\nunit = "t"\n'
)
CURVE = (
    HEAD + '[curves.c]\nx_unit = "year"\nunit = "t"\ntable = "d.csv"\ncolumns = ["x", "v"]\n'
    '[outputs.y]\nvalue = "interpolate(2[year], c)"\nunit = "t"\n'
)
DATA = (
    HEAD + "[inputs.x]\nunit = \"t\"\npoint = 1\ndistribution = \"empirical('d.csv', 'v')\"\n"
    '[outputs.y]\nvalue = "x"\nunit = "t"\n'
)


@pytest.fixture
def read(tmp_path):
    def found(study, table):
        (tmp_path / "d.csv").write_text(table, encoding="utf-8")
        (tmp_path / "s.toml").write_text(study, encoding="utf-8")
        return un.load_study(tmp_path / "s.toml").files_read

    return found


def test_nothing_is_said_of_files_of_which_all_was_read(read):
    assert read(CELLS, "geo,point,source,note\na,1,s,n\nb,2,s,n\nw,30,s,n\n") == ()
    # a unit is held to that of the input
    assert read(CELLS, "geo,point,unit\na,1,t\nb,2,t\nw,30,t\n") == ()
    assert read(CELLS, "a,b,w\n1,2,30\n") == ()
    assert read(CURVE, "x,v\n1,2\n2,3\n5,1\n") == ()


def test_cells_tell_their_columns_and_the_least_and_the_greatest(read):
    table = "geo,status,point,low\na,final,1,0\nB,draft,2.5,0\nWorld,final,30,\n"
    assert read(CELLS, table) == (
        (
            'd.csv: geo, point, low were read; of point lines 2 to 4, from "a" 1 to "World" 30; least "a" 1, '
            'greatest "World" 30; not read: status ("final" or "draft").'
        ),
    )


def test_columns_that_any_input_reads_are_read(read):
    other = CELLS.replace(
        "[outputs",
        '[inputs.z]\nunit = "t"\nindex = ["geo"]\ntable = "d.csv"\ncolumns = {point = "z"}\n[outputs',
    )
    assert read(other, "geo,point,z,more\na,1,4,p\nb,2,5,q\nw,3,6,p\n") == (
        'd.csv: geo, point, z were read in lines 2 to 4; not read: more ("p" or "q").',
    )
    assert read(other, "geo,point,z\na,1,4\nb,2,5\nw,3,6\n") == ()


def test_wide_tables_and_curves_and_members_tell_it_too(read):
    assert read(CELLS, "kind,a,b,w\nuse,1,2,30\n") == ("d.csv: a, b, w were read in line 2; not read: kind.",)
    wide = CELLS.replace("[inputs.x]", "[indices.year]\nmembers = [2019, 2020]\n[inputs.x]")
    wide = wide.replace('["geo"]', '["geo", "year"]').replace("sum(x, geo)", "sum(x)")
    said = "d.csv: geo, 2019, 2020 were read in lines 2 to 4; not read:"
    assert read(wide, "geo,2019,Status,2020\na,1,,3\nb,2,e,4\nw,3,,4\n") == (
        f'{said} Status ("e" or nothing).',
    )
    # one heading over two columns says what both do
    both = 'F ("e" or nothing; "A" or "B")'
    assert read(wide, "geo,2019,F,2020,F\na,1,,3,A\nb,2,e,4,B\nw,3,,4,A\n") == (f"{said} {both}, {both}.",)
    assert read(CURVE, "x,v,quality\n1,2,good\n2,3,bad\n5,1,good\n") == (
        (
            'd.csv: x, v were read; of v lines 2 to 4, from "good" 2 to "good" 1; least "good" 1 (line 4), '
            'greatest "bad" 3 (line 3); not read: quality ("good" or "bad").'
        ),
    )
    members = CELLS.replace('members = {a = "A", b = "B", w = "World"}', 'table = "d.csv"').replace(
        'unit = "t"\nindex = ["geo"]\ntable = "d.csv"', 'unit = "t"\nindex = ["geo"]\npoint = 2', 1
    )
    assert read(members, "geo,label,status\na,A,x\nb,B,y\n") == (
        "d.csv: geo, label were read in lines 2 to 3; not read: status.",
    )


def test_data_always_tell_their_ends(read):
    assert read(DATA, "name,v,unit\nNorth,12.5,t\nEast,9,t\nWorld,70,t\nLow,11,t\n") == (
        (
            'd.csv: of v were read lines 2 to 5, from "North" 12.5 to "Low" 11; least "East" 9, '
            'greatest "World" 70.'
        ),
    )
    assert read(DATA, "v,status\n12.5,x\n9,y\n\n70,x\n") == (
        (
            'd.csv: of v were read lines 2 to 5, from "x" 12.5 to "x" 70; least "y" 9 (line 3), '
            'greatest "x" 70 (line 5); not read: status ("x" or "y").'
        ),
    )


def test_columns_of_data_of_one_file_are_not_told_as_unread(read):
    two = DATA.replace(
        "[outputs",
        '[inputs.z]\nunit = "t"\npoint = 1\n'
        + DATA[DATA.index("distribution") :].partition("\n")[0].replace("'v'", "'w'")
        + "\n[outputs",
    ).replace('"x"\nunit', '"x + z"\nunit')
    first, second = read(two, "v,w,status\n1,5,x\n2,4,y\n7,9,x\n")
    assert "not read" not in first
    assert second.startswith("d.csv: of w were read lines 2 to 4")
    assert second.endswith('; not read: status ("x" or "y").')


def test_check_says_it(command, tmp_path):
    (tmp_path / "d.csv").write_text("geo,status,point\na,final,1\nb,draft,2.5\nw,final,30\n")
    (tmp_path / "s.toml").write_text(CELLS)
    said = " ".join(command("check", "s.toml").out.split())
    assert (
        'of point lines 2 to 4, from "a" 1 to "w" 30; least "a" 1, greatest "w" 30; '
        'not read: status ("final" or "draft").' in said
    )


def test_a_long_file_of_data_is_told(read):
    values = np.random.default_rng(3).normal(5, 1, 20_000)
    (said,) = read(DATA, "v\n" + "\n".join(map(str, values)) + "\n")
    low, high = values.min(), values.max()
    assert (
        f"least {low:.7g} (line {values.argmin() + 2}), greatest {high:.7g} (line {values.argmax() + 2})"
        in said
    )


@pytest.mark.parametrize(
    ("heading", "sign"),
    [("Note", "<"), ("note", "< LOD"), ("source", "<"), ("source", "≤"), ("note", "not detected")],
)
def test_signs_of_limits_in_a_column_of_notes_are_refused(read, heading, sign):
    with pytest.raises(un.StudyError, match=f'line 3: point: 2 stands beside "{sign}" under "{heading}"'):
        read(CELLS, f"geo,point,{heading}\na,1,\nb,2,{sign}\nw,30,\n")
    # a note may say anything else
    read(CELLS, f"geo,point,{heading}\na,1,{sign} here\nb,2,{sign}\nw,30,\n")
