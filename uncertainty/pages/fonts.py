"""The fonts of documents and pictures, and those that the system has for characters that these lack."""

from __future__ import annotations

import unicodedata
from contextlib import contextmanager
from dataclasses import field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.characters import shown
from uncertainty.errors import SettingError, suggestion
from uncertainty.late import dataclass
from uncertainty.records import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

LAST_RESORT = "LastResort"
"""Name that begins that of a font whose signs are all boxes."""

NAMED = 20
"""Characters that a warning names."""

FILES = (".ttf", ".otf", ".ttc", ".otc")

PREFERRED = ("Noto Sans", "Source Han Sans", "PingFang", "Microsoft YaHei", "Nirmala UI", "Leelawadee UI")
"""Beginnings of the names of fonts that stand well beside the bundled ones."""

CHINESE = MappingProxyType({"zh-tw": "TC", "zh-hant": "TC", "zh-hk": "HK", "ja": "JP", "ko": "KR"})
"""How the fonts of a collection end that draw one script as different languages do."""

SHARED = MappingProxyType(
    dict.fromkeys(("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC", "FULLWIDTH"), "CJK")
)
"""Scripts that are written together, by how the names of their characters begin."""


@dataclass(frozen=True, slots=True)
class Font:
    """One font of the system.

    Parameters
    ----------
    files
        The file that its signs were found in, and those of its other weights.
    """

    family: str
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Fonts:
    """What is taken beside the bundled fonts.

    Parameters
    ----------
    taken
        The font that each character is taken from which the bundled ones lack.
    missing
        The characters that no font has a sign for.
    """

    taken: Mapping[str, Font] = field(default_factory=Frozen)
    missing: str = ""

    @property
    def families(self) -> tuple[str, ...]:
        """Names of the fonts that are taken, each once."""
        return tuple(dict.fromkeys(font.family for font in self.taken.values()))

    @contextmanager
    def folder(self) -> Iterator[str]:
        """Make a folder for a while that holds the bundled fonts and those that are taken, and no others."""
        files = [*bundled(), *(file for font in self.taken.values() for file in font.files)]
        with TemporaryDirectory(prefix="fonts-") as made:
            for number, file in enumerate(dict.fromkeys(files)):
                _put(file, Path(made, f"{number:03}{file.suffix}"))
            yield made


def bundled() -> list[Path]:
    """Return the fonts that come with matplotlib, the same on every machine."""
    import matplotlib as mpl

    found = sorted(Path(mpl.get_data_path(), "fonts", "ttf").glob("*.ttf"))
    return [each for each in found if not each.name.startswith(LAST_RESORT)]


def _put(file: Path, place: Path) -> None:
    """Link to a file, or copy it where links are not allowed."""
    from shutil import copyfile

    try:
        place.symlink_to(file)
    except OSError:
        copyfile(file, place)


def fonts_for(texts: Iterable[str], *, language: str = "en", named: str | None = None) -> Fonts:
    """Choose what some texts are set in beside the bundled fonts.

    Parameters
    ----------
    language
        Tag of the texts' language: which forms Chinese characters have depends on it.
    named
        A font to be tried before others: its name, or its file.

    Raises
    ------
    SettingError
        If no font has the name.
    """
    wanted = lacking(texts)
    own = None if named is None else named_font(named)
    taken: dict[str, Font] = {}
    if own is not None:
        taken = dict.fromkeys((each for each in wanted if ord(each) in _signs(own.files[0])), own)
    for script in _by_script(each for each in wanted if each not in taken):
        taken |= _from_system(script, language)
    return Fonts(
        Frozen({each: taken[each] for each in wanted if each in taken}),
        "".join(each for each in wanted if each not in taken),
    )


def lacking(texts: Iterable[str]) -> str:
    """Return the characters of some texts that no bundled font has a sign for, in their order."""
    wanted = [each for each in dict.fromkeys("".join(texts)) if each.isprintable() and not each.isspace()]
    for file in bundled():
        wanted = [each for each in wanted if ord(each) not in _signs(file)] if wanted else wanted
    return "".join(wanted)


def warning(missing: str, where: str) -> str:
    """Say which characters are drawn as boxes, and where."""
    named = " ".join(missing[:NAMED])
    more = f" and {len(missing) - NAMED:,} more" if len(missing) > NAMED else ""
    return (
        f"warning: no font here has a sign for {named}{more}; {where} shows boxes in their place. "
        "Install a font that has them, or name one with --font"
    )


def _by_script(characters: Iterable[str]) -> list[list[str]]:
    """Return characters apart that are written in different scripts."""
    found: dict[str, list[str]] = {}
    for each in characters:
        first = unicodedata.name(each, "UNNAMED").replace("-", " ").split(" ")[0]
        found.setdefault(SHARED.get(first, first), []).append(each)
    return list(found.values())


def _from_system(characters: Sequence[str], language: str) -> dict[str, Font]:
    """Return the font of each character: as few as will do, those first that stand well beside others."""
    left, taken = list(characters), dict[str, Font]()
    while left:
        counted = {file: sum(ord(each) in _signs(file) for each in left) for file in _system()}
        most = max(counted.values(), default=0)
        if not most:
            break
        best = min((file for file, number in counted.items() if number == most), key=_rank)
        font = _font(best, _chinese(characters, language))
        taken |= dict.fromkeys((each for each in left if ord(each) in _signs(best)), font)
        left = [each for each in left if each not in taken]
    return taken


def _rank(file: Path) -> tuple[int, bool, bool, str, str]:
    """Return what puts upright sans serifs first, of those the ones that stand well beside others."""
    family, style = _names(file)
    known = next((place for place, name in enumerate(PREFERRED) if family.startswith(name)), len(PREFERRED))
    serif = "serif" in family.lower().replace("sans serif", "")
    return known, style.lower() not in ("regular", "book"), serif, family, str(file)


def _chinese(characters: Iterable[str], language: str) -> str:
    """Return how the member of a collection ends that draws characters as a language does."""
    tag = language.lower()
    for known, ending in CHINESE.items():
        if tag == known or tag.startswith(f"{known}-"):
            return ending
    names = [unicodedata.name(each, "") for each in characters]
    for script, ending in (("HIRAGANA", "JP"), ("KATAKANA", "JP"), ("HANGUL", "KR")):
        if not tag.startswith("zh") and any(name.startswith(script) for name in names):
            return ending
    return "SC"


def _font(file: Path, ending: str) -> Font:
    """Return the font that a file is of, with its bold weight; of a collection, the member that is wanted."""
    family, style = _names(file)
    bold = [each for each in _system() if _names(each) == (family, "Bold")]
    members = _members(file)
    if len(members) > 1:
        kept = [name for name in members if "Mono" not in name] or members
        family = next((name for name in kept if name.endswith(f" {ending}")), kept[0])
    return Font(family, (file, *bold[: style != "Bold"]))


def _members(file: Path) -> list[str]:
    """Return the names of the fonts in a file."""
    if file.suffix.lower() not in (".ttc", ".otc"):
        return [_names(file)[0]]
    from fontTools.ttLib import TTCollection

    with TTCollection(str(file), lazy=True) as collection:
        return [font["name"].getBestFamilyName() or "" for font in collection]


def named_font(name: str, key: str = "font") -> Font:
    """Return the font of a name, or in a file.

    Parameters
    ----------
    key
        What an error calls the setting.

    Raises
    ------
    SettingError
        If the system has none of that name, with the nearest; or if the file holds no font.
    """
    path = Path(name)
    if path.suffix.lower() in FILES:
        if not path.is_file():
            raise SettingError(f"{key}: {shown(name)}: no such file")
        if not _names(path)[0]:
            raise SettingError(f"{key}: {shown(name)}: expected a font, found something else")
        return Font(_members(path)[0], (path.resolve(),))
    known: dict[str, Path] = {}
    for file in sorted(_system(), key=_rank):
        for family in _members(file):
            known.setdefault(family, file)
    found = {family.lower(): family for family in known}.get(name.strip().lower())
    if found is None:
        raise SettingError(
            f'{key}: no font of the name "{shown(name)}" is installed{suggestion(name, known)}; '
            f"a file ending in {', '.join(FILES)} will do as well"
        )
    return Font(found, _font(known[found], "").files)


@cache
def _system() -> tuple[Path, ...]:
    """Return the upright fonts that are installed here."""
    from matplotlib.font_manager import findSystemFonts

    found = sorted(path for path in map(Path, findSystemFonts()) if not path.name.startswith(LAST_RESORT))
    return tuple(path for path in found if _names(path)[0] and not _slanted(_names(path)[1]))


def _slanted(style: str) -> bool:
    return "italic" in style.lower() or "oblique" in style.lower()


@cache
def _names(file: Path) -> tuple[str, str]:
    """Return a font's family and style; nothing where the file cannot be read as a font."""
    from matplotlib.ft2font import FT2Font

    try:
        font = FT2Font(str(file))
    except (OSError, RuntimeError, ValueError):
        return "", ""
    return font.family_name, font.style_name


@cache
def _signs(file: Path) -> frozenset[int]:
    """Return the characters that a font has signs for."""
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(file)).get_charmap())
