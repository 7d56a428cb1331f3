"""What is wrong with a file is collected under the key that the file has."""

import pytest

import uncertainty as un
from uncertainty.errors import Fault
from uncertainty.indices.index import Addresses, Index
from uncertainty.study.faults import MOST_HINTS, Faults, key_path
from uncertainty.study.shape import Mended


def told(faults):
    with pytest.raises(un.StudyError) as caught:
        faults.raise_if_any()
    return [str(fault) for fault in caught.value.faults]


def test_a_name_from_elsewhere_than_a_file_is_compared_with_those_that_there_are():
    faults = Faults()
    faults.raise_if_any()
    assert faults.known("key", "mass", ["mass"], "input")
    assert not faults.known("key", "mas", ["mass"], "input")
    assert told(faults) == ['key: unknown input "mas"; did you mean "mass"?']


def test_so_many_unknown_names_are_compared_and_no_more():
    faults = Faults()
    for _ in range(MOST_HINTS + 1):
        faults.known("key", "mas", ["mass"], "input")
    assert [said.endswith("?") for said in told(faults)] == [True] * MOST_HINTS + [False]


def test_an_address_means_its_cells_or_is_a_fault():
    index = Index("c", ("us", "de"))
    among = Addresses("input", ["mass"], {"net": (("c",), {("us",): "net1", ("de",): "net2"})}, {"c": index})
    faults = Faults("study.toml")
    assert faults.cells("key", "mass", among) == ("mass",)
    assert faults.cells("key", "net[de]", among) == ("net2",)
    assert faults.cells("key", "net", among) == ("net1", "net2")
    assert faults.found == []
    assert faults.cells("key", "nat[us]", among) == faults.cells("key", "net[fr]", among) == ()
    unknown, member = told(faults)
    assert unknown == 'study.toml: key: unknown input "nat"; did you mean "net"?'
    assert "fr" in member


def test_a_key_that_is_no_bare_word_stands_in_quotes_as_it_was_written():
    assert key_path(("inputs", "größe", 2, "größe in m", 'a"b')) == 'inputs.größe[2]."größe in m"."a\\"b"'


def test_what_comes_of_a_value_that_was_left_out_is_no_fault_of_its_own():
    mended = Mended({"outputs.y"}, {"inputs.a.evidence[1]"}, {"outputs.net_z": 'outputs."Net Z"'})
    keys = ["inputs.a.evidence", "inputs.a", "inputs.a.evid", "inputs", "outputs.y.unit", "outputs.y[us]"]
    keys += ["outputs.yy", "outputs.net_z[us].unit", "outputs.net_zz"]
    assert [fault.key for fault in mended.independent(Fault("x", key) for key in keys)] == [
        "inputs.a.evid",
        "inputs",
        "outputs.yy",
        'outputs."Net Z"[us].unit',
        "outputs.net_zz",
    ]
