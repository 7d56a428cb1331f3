"""What commands are given, read without pydantic where it is a text or has a reader of its own.

Typer reads every value with pydantic, which takes longer to import than many a command to run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand

if TYPE_CHECKING:
    from collections.abc import Iterable


class PlainCommand(TyperCommand):
    """A command whose texts and numbers are read without pydantic."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what the command is given."""
        read_plainly(self.get_params(ctx))
        return super().parse_args(ctx, args)


def read_plainly(parameters: Iterable[Any]) -> None:
    """Let parameters of a command be read here."""
    for parameter in parameters:
        # another version of typer may read otherwise: then it reads on as it does
        if getattr(parameter, "_runtime_param", parameter) is None and hasattr(parameter, "type_descriptor"):
            vars(parameter)["_runtime_param"] = _Reader()


class _Reader:
    """What stands in the place of typer's own reader, and asks it where it does not know a value."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        kind, parser = param.type_descriptor.annotation, param.type_descriptor.parameter_info.parser
        if parser is not None and kind is not bool and not param.multiple:
            try:
                return parser(value)
            except ValueError:
                return _as_typer(value, param, ctx)
        if kind is str and parser is None and _is_text(value):
            return value
        if (
            kind == list[str]
            and parser is None
            and isinstance(value, list | tuple)
            and all(map(_is_text, value))
        ):
            return [*value]
        return _as_typer(value, param, ctx)


def _is_text(value: object) -> bool:
    """Tell whether a value is a text that can be written, which no part of other bytes is."""
    return type(value) is str and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _as_typer(value: Any, param: Any, ctx: Any) -> Any:
    """Return what typer itself reads a value as."""
    vars(param)["_runtime_param"] = None
    return param.get_runtime_param().coerce(value, param=param, ctx=ctx)
