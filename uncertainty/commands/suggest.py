"""`uncertainty suggest`: distributions that the evidence of a study alone would suggest."""

from __future__ import annotations

from typing import Annotated

import typer

from uncertainty.commands.console import say, write
from uncertainty.commands.options import DEFAULT_STUDY, Json, StudyName
from uncertainty.errors import Fault, SettingError, suggestion

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
    from uncertainty.pages.sections import fitting
    from uncertainty.results import dump
    from uncertainty.study.reader import load_study
    from uncertainty.wording import after_unit

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
    inputs = ((each, loaded.inputs[each.name]) for each in found)
    titled = ((each, after_unit(item.title, item.unit.text)) for each, item in inputs)
    say(*(block for each, title in titled for block in fitting.suggestion(each, title)))
