"""The functions of ``scipy.special``, without what surrounds them there until somebody asks for it.

The package wraps its functions for other kinds of arrays, and for that it imports all of numpy's parts, which
takes longer than most studies. The functions themselves are one compiled module of it.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import Any

_PACKAGE = "scipy.special"
_COMPILED = f"{_PACKAGE}._ufuncs"
_WAITING = "waiting"
_LOCK = RLock()


class _Waiting(ModuleType):
    """A package that runs when something of it is asked for that its compiled modules do not bring.

    Unlike a module of `importlib.util.LazyLoader`, it lets its submodules be imported before that.
    """

    def __getattr__(self, name: str) -> Any:
        """Run the package, unless that was done or begun, and return what it then holds."""
        spec = self.__spec__
        with _LOCK:
            if spec is not None and spec.loader is not None and spec.loader_state == _WAITING:
                spec.loader_state = None
                spec.loader.exec_module(self)
        if name in self.__dict__:
            return self.__dict__[name]
        raise AttributeError(f'module "{_PACKAGE}" has no attribute "{name}"')


def __getattr__(name: str) -> Any:
    """Return one of the functions, and keep it for the next time."""
    if name.startswith("_"):
        # what the import system asks of modules is not the package's to answer
        raise AttributeError(f'module "{__name__}" has no attribute "{name}"')
    compiled = _compiled()
    found = getattr(compiled if hasattr(compiled, name) else import_module(_PACKAGE), name)
    globals()[name] = found
    return found


@cache
def _compiled() -> ModuleType:
    """Return the module that holds the functions, or the package where it has none of that name."""
    with _LOCK:
        spec = None if _PACKAGE in sys.modules else find_spec(_PACKAGE)
        if spec is not None:
            package = _Waiting(_PACKAGE)
            module = module_from_spec(spec)
            package.__dict__.update(module.__dict__)
            spec.loader_state = _WAITING
            sys.modules[_PACKAGE] = package
    try:
        return import_module(_COMPILED)
    except ImportError:
        return import_module(_PACKAGE)
