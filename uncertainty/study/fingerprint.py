"""What a model that is a Python function depends on, as a hash that is the same in every process.

Seen are a function's compiled code, its defaults, the variables that it closes over, and the global variables
and attributes of modules that it names; where these are functions, the same of them, and so on. Values are
numbers, texts, NumPy arrays, tuples, lists, dicts and sets of such, and this package's own distributions.

What belongs to an installed library or to Python counts by its name alone. Other objects, whose behaviour no
hash can tell, are counted by their type and named as unseen. Nothing is known of what a function reads
elsewhere, such as files, or looks up by a name that it makes. Another version of Python compiles other code,
so that the hash is another one too.
"""

from __future__ import annotations

import dataclasses
import dis
import functools
import hashlib
import sys
from fractions import Fraction
from itertools import product
from pathlib import PurePath
from types import BuiltinFunctionType, CodeType, FunctionType, MappingProxyType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from uncertainty.records import Frozen
from uncertainty.study.calling import RowByRow

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = (type(None), bool, float, complex, str, bytes, Fraction)
"""Types whose `repr` says all."""

MAPPINGS = (dict, MappingProxyType, Frozen)
"""Types of mappings that hold what they say, in order."""

SHARED = (FunctionType, ModuleType, list, *MAPPINGS)
"""Types whose values may hold themselves, and are added once."""

UFUNCS = ("numpy", "scipy.special")
"""Modules whose functions on arrays do not say where they belong."""


class Fingerprint(NamedTuple):
    """A hash, and what it does not see.

    Parameters
    ----------
    sha256
        In hexadecimal.
    unseen
        The names of what a hash cannot tell from another of its type.
    """

    sha256: str
    unseen: tuple[str, ...]


def fingerprint(function: object, *values: object) -> Fingerprint:
    """Hash a function, and values beside it.

    Parameters
    ----------
    function
        What belongs to its own package counts with its code, also where that is an installed one.
    """
    unseen: dict[str, None] = {}
    inner = function
    while isinstance(inner, functools.partial | RowByRow):
        inner = inner.func
    found = _Hash(_package(getattr(inner, "__module__", None)), unseen)
    for value in (function, *values):
        found.add(value, getattr(value, "__name__", "function"))
    return Fingerprint(found.hexdigest(), tuple(unseen))


class _Hash:
    """A hash of Python values, each written with its type and length, so that no two read alike."""

    def __init__(self, own: str, unseen: dict[str, None]) -> None:
        self._own = own
        self._unseen = unseen
        self._hash = hashlib.sha256()
        self._met: dict[int, tuple[int, object]] = {}

    def hexdigest(self) -> str:
        return self._hash.hexdigest()

    def add(self, value: Any, name: str) -> None:
        """Add a value, which is called `name` where it is unseen."""
        kind = type(value)
        if kind in PLAIN or isinstance(value, PurePath | np.dtype):
            self._put(kind.__name__, repr(value).encode())
        elif isinstance(value, int) and kind is int:
            self._put("int", f"{value:x}".encode())  # decimal digits are limited in number
        elif (kind is np.ndarray or isinstance(value, np.generic)) and not value.dtype.hasobject:
            self._put(f"array {value.dtype.descr} {value.shape}", value.tobytes())
        elif (place := self._library_name(value, name)) is not None:
            self._put("library", place.encode())
        elif id(value) in self._met:
            self._put("again", str(self._met[id(value)][0]).encode())
        else:
            if isinstance(value, SHARED):
                # kept, so that nothing else gets its place in memory meanwhile
                self._met[id(value)] = len(self._met), value
            self._add_parts(value, name)

    def _add_parts(self, value: Any, name: str) -> None:
        """Add a value that consists of others."""
        kind = type(value)
        if isinstance(value, CodeType):
            self._add_code(value, name)
        elif isinstance(value, FunctionType):
            self._add_function(value, name)
        elif isinstance(value, ModuleType):
            self._put("module", value.__name__.encode())
        elif kind is functools.partial:
            self._add_all("partial", (value.func, value.args, value.keywords), name)
        elif isinstance(value, MethodType):
            self._add_all("method", (value.__func__, value.__self__), name)
        elif isinstance(value, BuiltinFunctionType) and not isinstance(value.__self__, ModuleType | None):
            self._add_all("method", (value.__name__, value.__self__), name)
        elif kind in (tuple, list):
            self._add_all(kind.__name__, value, name)
        elif kind in MAPPINGS:
            self._add_all("dict", [part for item in value.items() for part in item], name)
        elif kind in (set, frozenset):
            self._put("set", "".join(sorted(self._apart(each, name) for each in value)).encode())
        elif dataclasses.is_dataclass(value) and _package(kind.__module__) == _package(__name__):
            fields = [field.name for field in dataclasses.fields(value) if field.compare]
            self._add_all(kind.__qualname__, [getattr(value, field) for field in fields], name)
        else:
            self._add_unseen(name, kind)

    def _add_unseen(self, name: str, kind: type) -> None:
        self._put("unseen", f"{kind.__module__}.{kind.__qualname__}".encode())
        self._unseen[f'"{name}" (a {kind.__qualname__})'] = None

    def _add_all(self, kind: str, values: Any, name: str) -> None:
        self._put(kind, str(len(values)).encode())
        for value in values:
            self.add(value, name)

    def _add_code(self, code: CodeType, name: str) -> None:
        arguments = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
        names = (code.co_name, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
        self._add_all(
            "code", (*arguments, *names, code.co_code, code.co_exceptiontable, code.co_consts), name
        )

    def _add_function(self, function: FunctionType, name: str) -> None:
        code = function.__code__
        defaults = (function.__defaults__, function.__kwdefaults__)
        self._add_all("function", (code, *defaults), name)
        attributes = sorted({each for part in _codes(code) for each in part.co_names})
        for free, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
            try:
                self._add_variable(cell.cell_contents, free, attributes)
            except ValueError:  # not set yet
                self._put("unset", free.encode())
        names = function.__globals__
        for used in sorted({each for part in _codes(code) for each in _global_names(part)}):
            if used in names:
                self._put("global", used.encode())
                self._add_variable(names[used], used, attributes)
        package = names.get("__package__") or ""
        for used in sorted({each for part in _codes(code) for each in _imported_names(part, package)}):
            self._put("import", used.encode())
            if used in sys.modules:
                self._add_variable(sys.modules[used], used, attributes)
            elif not self._is_library(used):
                self._add_unseen(used, ModuleType)

    def _add_variable(self, value: object, name: str, attributes: list[str]) -> None:
        """Add what a function names; of a module that is no library's, what the function may take from it."""
        new = id(value) not in self._met
        self.add(value, name)
        if isinstance(value, ModuleType) and new and not self._is_library(value.__name__):
            for each in attributes:
                if each in vars(value):
                    self._add_variable(vars(value)[each], f"{name}.{each}", attributes)

    def _apart(self, value: object, name: str) -> str:
        """Hash a value alone, for a set, which has no order."""
        found = _Hash(self._own, self._unseen)
        found.add(value, name)
        return found.hexdigest()

    def _put(self, kind: str, content: bytes) -> None:
        self._hash.update(f"{kind}\0{len(content)}\0".encode())
        self._hash.update(content)

    def _library_name(self, value: object, called: str) -> str | None:
        """Return where a library has a value, if it is one's, under its own name or as it is called here."""
        if isinstance(value, ModuleType):
            return value.__name__ if self._is_library(value.__name__) else None
        own = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
        modules = UFUNCS if isinstance(value, np.ufunc) else (getattr(value, "__module__", None),)
        for module, name in product(modules, (own, called.rpartition(".")[2])):
            if isinstance(module, str) and isinstance(name, str) and self._is_library(module):
                found: object = sys.modules.get(module)
                for part in name.split("."):
                    found = getattr(found, part, None)
                if found is value:
                    return f"{module}.{name}"
        return None

    def _is_library(self, module: str) -> bool:
        package = _package(module)
        if package == self._own or package == "__main__":
            return False
        if package in sys.stdlib_module_names or package == _package(__name__):
            return True
        file = getattr(sys.modules.get(package), "__file__", None) or ""
        return bool({"site-packages", "dist-packages"} & set(PurePath(file).parts))


def _package(module: str | None) -> str:
    return (module or "").partition(".")[0]


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a function's code and that of the functions inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _global_names(code: CodeType) -> Iterator[str]:
    return (step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"))


def _imported_names(code: CodeType, package: str) -> Iterator[str]:
    """Yield the full names of the modules that a function's code imports."""
    steps = list(dis.get_instructions(code))
    for place, step in enumerate(steps):
        if step.opname == "IMPORT_NAME":
            # what comes before are the number of dots, and what is taken from the module
            dots = steps[place - 2].argval
            parts = package.split(".")[: len(package.split(".")) + 1 - dots] if dots else []
            yield ".".join(part for part in (*parts, step.argval) if part)
