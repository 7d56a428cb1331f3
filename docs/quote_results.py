"""Writes what reports say into the README and the first page of the documentation, for ``make reports``."""

import json
import re
import textwrap
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
WIDTH = 120


def judgement(name: str) -> dict:
    """Return the plain answers of a study's report."""
    study = tomllib.loads((ROOT / "distributions" / f"{name}.toml").read_text(encoding="utf-8"))
    results = json.loads((ROOT / "reports" / name / "results.json").read_text(encoding="utf-8"))["results"]
    return results["readings"][study["study"]["headline"]]["judgement"]


def answers(found: dict) -> str:
    """Return the answers on one line, the short ones in bold."""
    return " ".join(
        f"**{each['question']} {each['short'][:1].upper()}{each['short'][1:]}.** {each['because']}"
        for each in found["answers"]
    )


def quoted(readme: str) -> str:
    """Return a page that quotes the reports: the flagship's answers whole, those of others in a list."""
    found = judgement("ai-vs-human")
    whole = " ".join(filter(None, (answers(found), found["decides"], found["worst"])))
    lead = _wrapped(whole, "> ")
    readme = re.sub(r"^> \*\*.*?\n(?=\n)", lambda _: f"{lead}\n", readme, count=1, flags=re.M | re.S)
    item = re.compile(
        r"^(\* \*[^*]+\*\s+\(\[report\]\(reports/([a-z-]+)/report\.md\)\)\.).*?(?=^\* |^$)", re.M | re.S
    )
    return item.sub(
        lambda m: _wrapped(f"{' '.join(m[1].split())} {answers(judgement(m[2]))}", "* ", "  ") + "\n", readme
    )


def _wrapped(text: str, first: str, later: str = "") -> str:
    text = text.removeprefix(first)
    lines = textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later or first,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)


if __name__ == "__main__":
    for path in (ROOT / "README.md", ROOT / "docs" / "index.md"):
        path.write_text(quoted(path.read_text(encoding="utf-8")), encoding="utf-8")
