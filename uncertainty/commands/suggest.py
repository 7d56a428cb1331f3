"""`uncertainty suggest`: distributions that the evidence of a study alone would suggest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from uncertainty.commands.console import say, write
from uncertainty.commands.options import DEFAULT_STUDY, Json, StudyName
from uncertainty.errors import Fault, SettingError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uncertainty.fitting.evidence import Suggestion
    from uncertainty.report.blocks import Block
    from uncertainty.study.model import Study

EXAMPLES = """Examples:

\b
  uncertainty suggest ai-vs-human --input words_per_hour
  uncertainty suggest my-study.toml
"""


def suggest(
    study: StudyName = DEFAULT_STUDY,
    wanted: Annotated[
        list[str] | None, typer.Option("--input", metavar="INPUT", help="This input only; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Suggest distributions for the inputs that have evidence.

    The reasoning stands beside each. All sources weigh alike, and nothing is known of what they measured:
    this is where an argument begins. Where the study has a distribution already, it is compared with what its
    own evidence suggests.
    """
    from uncertainty.answers import SuggestAnswer, document
    from uncertainty.fitting.evidence import suggest as suggested
    from uncertainty.results import dump
    from uncertainty.study.reader import load_study

    loaded = load_study(study)
    with_evidence = [name for name, item in loaded.inputs.items() if item.evidence]
    for name in wanted or ():
        if name not in with_evidence:
            known = (
                "has no evidence"
                if name in loaded.inputs
                else f"is no input{suggestion(name, with_evidence)}"
            )
            raise SettingError(f"--input: {name} {known}")
    if not with_evidence:
        raise SettingError(Fault("no input has evidence", file=loaded.name))
    found = [suggested(loaded.inputs[name]) for name in with_evidence if not wanted or name in wanted]
    if as_json:
        write(dump(document("suggest", loaded, SuggestAnswer({each.name: each for each in found}))))
        return
    say(*(block for each in found for block in _shown(loaded, each)))


def _shown(study: Study, found: Suggestion) -> Iterator[Block]:
    from uncertainty.report.blocks import Listing, Paragraph, Subheading
    from uncertainty.wording import after_unit

    item = study.inputs[found.name]
    yield Subheading(after_unit(item.title, item.unit.text))
    yield Paragraph(" ".join(found.reasons))
    if found.text:
        yield Listing(f'[inputs.{found.name}]\ndistribution = "{found.text}"\nbasis = "{found.basis}"')
