"""What the explorer adds to a page: its program as data, its script, and its style."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uncertainty.explorer.quantiles import Data

SCRIPTS = (
    "quantiles",
    "special",
    "engine",
    "plan",
    "statistics",
    "wording",
    "entry",
    "state",
    "drawing",
    "controls",
    "page",
)
"""The script's files, in the order in which they are joined."""

_COMMENTS = re.compile(r"[ \t]*/\*.*?\*/|[ \t]*(?<!:)//[ ][^\n]*", re.DOTALL)
_BEFORE_A_LINE = re.compile(r"\n\s+")
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def program_json(program: Data) -> str:
    """Return a program as JSON that no text in it can lead out of a page's script element."""
    text = json.dumps(program, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return "".join(_ESCAPES.get(sign, sign) for sign in text)


def page_script() -> str:
    """Return the whole script, which sees nothing but the page and leaves nothing behind.

    Comments, a fifth of it and mostly types, and what indents its lines stay in the package.
    """
    whole = "\n".join(['(() => {\n"use strict";', script_source(), "})();"])
    return _BEFORE_A_LINE.sub("\n", _COMMENTS.sub("", whole))


def script_source() -> str:
    """Return the script's files as they were written, in one."""
    folder = files("uncertainty.explorer") / "script"
    return "\n".join(folder.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)


def page_style() -> str:
    """Return the explorer's style sheet."""
    return (files("uncertainty.explorer") / "script" / "explorer.css").read_text(encoding="utf-8")


def fingerprint(script: str) -> str:
    """Return the hash by which a page's security policy allows a script and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
