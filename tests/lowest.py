"""Print the lowest version of every library that `pyproject.toml` names, as constraints for pip.

What this package needs directly is held at its lower bound, what those need in turn is the newest that fits.
"""

import re
import tomllib
from pathlib import Path

BOUND = re.compile(r"([A-Za-z0-9_.-]+)>=([0-9.]+)")


def constraints(project: dict) -> list[str]:
    """Return ``name==version`` for every dependency and everything that an extra brings."""
    extras = project["optional-dependencies"].values()
    needed = [*project["dependencies"], *(each for extra in extras for each in extra)]
    bounds = (BOUND.fullmatch(each) for each in needed if not each.startswith(project["name"]))
    return sorted(f"{bound[1]}=={bound[2]}" for bound in bounds)


if __name__ == "__main__":
    pyproject = Path(__file__).parent.parent / "pyproject.toml"
    print(*constraints(tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]), sep="\n")
