"""Records whose methods are not compiled are what `dataclasses` makes of the same class."""

import copy
import dataclasses
import inspect
import math
import pickle
import re
import subprocess
import sys
from dataclasses import field, fields, replace
from operator import attrgetter
from pathlib import Path
from typing import ClassVar

import pytest

from uncertainty import late


def made(dress):
    """Return one class of many kinds of fields, dressed."""

    @dress
    class Held:
        """What it is."""

        name: str
        low: float = 1.5
        high: float | None = None
        tags: list[str] = field(default_factory=list)
        note: str = field(default="", compare=False, repr=False)
        counted: int = field(default=0, hash=False)
        found: list[int] = field(init=False, default_factory=list)
        kept: int = field(init=False, default=7)
        unset: int = field(init=False)
        family: ClassVar[str] = "held"

        def __post_init__(self):
            object.__setattr__(self, "unset", len(self.name))

    return Held


SETTINGS = [
    {"frozen": frozen, "slots": slots, "eq": eq}
    for frozen in (True, False)
    for slots in (True, False)
    for eq in (True, False)
]


@pytest.mark.parametrize("settings", SETTINGS)
def test_a_record_is_what_dataclasses_makes(settings):
    ours, theirs = made(late.dataclass(**settings)), made(dataclasses.dataclass(**settings))
    assert str(inspect.signature(ours)) == str(inspect.signature(theirs))
    assert ours.__match_args__ == theirs.__match_args__
    assert ours.__doc__ == theirs.__doc__
    assert [(f.name, f.type) for f in fields(ours)] == [(f.name, f.type) for f in fields(theirs)]
    assert (ours.__hash__ is None) == (theirs.__hash__ is None)
    for kind in (ours, theirs):
        first, second = kind("a", 2.0), kind("a", 2.0)
        assert (first == second) == settings["eq"]
        assert first != kind("b", 2.0)
        assert first.tags == []
        assert first.tags is not second.tags
        assert first.kept == 7
        assert copy.deepcopy(first).name == replace(first, low=3.0).name == "a"
    assert repr(ours("a", high=1.0)) == repr(theirs("a", high=1.0))
    assert (ours("a") == theirs("a")) is False


def test_a_record_is_equal_and_hashed_by_the_same_fields():
    kinds = [made(dress(frozen=True, slots=True)) for dress in (late.dataclass, dataclasses.dataclass)]
    # the very same object is equal to itself in a record, even where it is no number, under every Python
    assert kinds[0]("a", math.nan) == kinds[0]("a", math.nan)
    for kind in kinds:
        assert kind("a", note="x") == kind("a", note="y")
        assert kind("a", counted=1) != kind("a", counted=2)
    simple = [
        dress(frozen=True)(type("Pair", (), {"__annotations__": {"a": int, "b": str}}))
        for dress in (late.dataclass, dataclasses.dataclass)
    ]
    assert hash(simple[0](1, "x")) == hash(simple[1](1, "x")) == hash((1, "x"))


@pytest.mark.parametrize("slots", [True, False])
def test_a_frozen_record_refuses_to_change(slots):
    record = made(late.dataclass(frozen=True, slots=slots))("a")
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'low'"):
        record.low = 2.0
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'low'"):
        del record.low
    with pytest.raises(dataclasses.FrozenInstanceError, match="'other'"):
        record.other = 1


def test_what_a_class_writes_itself_stays():
    @late.dataclass(frozen=True)
    class Own:
        """It says what it is."""

        a: int

        def __init__(self, a, more=0):
            object.__setattr__(self, "a", a + more)

        def __repr__(self):
            return "own"

        def __eq__(self, other):
            return True

        def __hash__(self):
            return 5

    assert (repr(Own(1)), Own(1) == 3, hash(Own(1)), Own(1, 4).a) == ("own", True, 5, 5)
    assert str(inspect.signature(Own)) == "(a, more=0)"


def test_records_inherit_fields_and_must_be_as_frozen():
    @late.dataclass(frozen=True)
    class Low:
        """One."""

        a: int = 1

    @late.dataclass(frozen=True)
    class High(Low):
        """One on top."""

        b: int = 2

    assert repr(High(b=5)).endswith("High(a=1, b=5)")
    assert Low() != High()
    with pytest.raises(dataclasses.FrozenInstanceError):
        High().b = 2
    with pytest.raises(TypeError, match="cannot inherit non-frozen"):
        late.dataclass(type("Loose", (Low,), {"__annotations__": {"c": int}}))
    # also of those that others make of ours
    assert dataclasses.dataclass(frozen=True)(type("Theirs", (Low,), {}))(3).a == 3


@late.dataclass(frozen=True, slots=True)
class Sent:
    """One that goes to another process."""

    a: int
    b: str = "x"


def test_a_record_can_be_pickled():
    assert pickle.loads(pickle.dumps(Sent(1))) == Sent(1)
    assert copy.copy(Sent(2, "y")) == Sent(2, "y")


def test_what_a_record_is_not_given_is_missing():
    kind = made(late.dataclass(frozen=True, slots=True))
    for given, named in ((), {}), (("a",) * 9, {}), (("a",), {"nome": 1}), (("a",), {"name": "b"}):
        with pytest.raises(TypeError, match=r"Held\.__init__\(\)"):
            kind(*given, **named)


def test_what_a_record_has_no_place_for_is_told():
    kind = made(late.dataclass)
    for given, named, said in (
        ((), {}, "misses its argument 'name'"),
        ((), {"low": 1.0}, "misses its argument 'name'"),
        (("a",) * 6 + ("b", 3), {}, "has no place for 'b', 3"),
        (("a",), {"nome": 1, "low": 2.0}, "has no place for 'nome'"),
        (("a",) * 6 + ("b",), {"name": "c"}, "has no place for 'b', 'name'"),
    ):
        with pytest.raises(TypeError) as caught:
            kind(*given, **named)
        assert str(caught.value) == f"{kind.__qualname__}.__init__() {said}"


def pair(dress):
    """Return a class of fields that can be hashed, and one of one field."""

    @dress
    class Two:
        name: str
        note: str = field(default="", compare=False)
        said: str = field(default="", compare=False, hash=True)
        count: int = field(default=0, hash=False)

    @dress
    class One:
        name: str

    return Two, One


def test_a_record_is_hashed_by_what_is_compared_or_said_to_be_hashed():
    for two, one in (pair(dress(frozen=True)) for dress in (late.dataclass, dataclasses.dataclass)):
        assert hash(two("a", "x", "y", 3)) == hash(two("a", "z", "y", 4)) == hash(("a", "y"))
        assert hash(one("a")) == hash(("a",))
        assert one(name="a") == one("a") != two("a")
        assert one("a") != "a"


def test_records_of_a_kind_may_hold_more_and_be_called_otherwise():
    for dress in (late.dataclass, dataclasses.dataclass):
        two, one = pair(dress(frozen=True))

        class More(two):
            pass

        class Longer(one):
            def __init__(self, first, second):
                super().__init__(first + second)

        held = More("a", count=2)
        held.other = 1
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'count'"):
            held.count = 3
        del held.other
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'count'"):
            del held.count
        assert (held.count, repr(held).partition(".More(")[2]) == (
            2, "name='a', note='', said='', count=2)",
        )  # fmt: skip
        assert str(inspect.signature(Longer)) == "(first, second)"
        with pytest.raises(AttributeError, match="__signature__"):
            attrgetter("__signature__")(Longer)
        assert str(inspect.signature(More)) == str(inspect.signature(two))
        assert Longer("a", "b").name == "ab"


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize(
    "own", [{"__eq__": lambda *_: True}, {"__hash__": None}, {"__hash__": lambda _: 5}, {}]
)
def test_whether_a_record_is_hashed_is_as_dataclasses_has_it(own, frozen):
    kinds = [
        dress(frozen=frozen)(type("Own", (), {"__annotations__": {"a": int}, **own}))
        for dress in (late.dataclass, dataclasses.dataclass)
    ]
    ours, theirs = (each.__hash__ and hash(each(1)) for each in kinds)
    assert ours == theirs
    assert kinds[0].__doc__


def test_a_record_that_holds_itself_is_shown_and_one_that_cannot_change_is_copied():
    for dress in (late.dataclass, dataclasses.dataclass):
        kind = made(dress())
        itself = kind("a")
        itself.tags.append(itself)
        assert "tags=[...], counted=0" in repr(itself)
        fixed = made(dress(frozen=True, slots=True))("a", tags=[1], counted=4)
        other = copy.copy(fixed)
        assert (other.tags is fixed.tags, other.counted, other.unset, other.kept) == (True, 4, 1, 7)


def test_a_pattern_is_compiled_when_it_is_used():
    faulty = late.regex("(")
    assert faulty.pattern == "("
    with pytest.raises(re.error):
        faulty.match("")
    letters = late.regex("[a-z]+", re.IGNORECASE)
    assert letters.fullmatch("aB")
    assert letters.sub("-", "a1B") == "-1-"
    assert letters.flags & re.IGNORECASE


def test_importing_the_command_line_compiles_no_patterns():
    script = (
        "import re; found = []; old = re.compile;"
        "re.compile = lambda *a, **k: (found.append(__import__('sys')._getframe(1).f_globals['__name__']),"
        " old(*a, **k))[1];"
        "import uncertainty.commands, uncertainty.distributions.spellings, uncertainty.pages.render.terminal;"
        "print(found.count('uncertainty.late'))"
    )
    root = Path(__file__).parent.parent
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root
    )
    # that of names, by which words are reserved
    assert int(found.stdout) <= 1
