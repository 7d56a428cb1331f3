"""The sources of a study: what `[sources]` names, and what a text cites by `@key` or by an address in it.

Every link that this program makes of a study is made here, to an address that begins with ``https://``: that
of a source, or one that stands in a text as a DOI, as an arXiv number or as it is. No other scheme, no user
name before the host and no sign that could end the address in a document gets into one.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, Literal, NamedTuple

from uncertainty.characters import clean
from uncertainty.errors import InvalidValue
from uncertainty.late import dataclass, regex
from uncertainty.records import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

Seen = Literal["full text", "abstract", "excerpt", "through another"]

LONGEST_ADDRESS = 2_000
"""Characters of an address that browsers follow."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"(?ai:https://(?:{_LABEL}\.){{1,20}}[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?(?::\d{{1,5}})?)"
# behind the host letters of any script may stand, which are escaped; before it no user name may
_URL = rf"{_HOST}(?![.:-]*[\w@])(?:[/?#][\w.~%!$&'()*+,;=:@/?#-]*)?"
_DOI = r"(?ai:10\.\d{4,9}(?:\.\d+)*/(?:[-._;()/:<>a-z0-9]|[%#](?=[a-z0-9]))+)"
_ARXIV = r"(?ai:(?:\d{4}\.\d{4,5}|[a-z][a-z-]*(?:\.[a-z]{2})?/\d{7})(?:v\d+)?)"
_CITED = regex(
    rf"(?<![\w@/])@(?P<key>[^\W\d]\w*(?:-\w+)*)"
    rf"|(?<![\w@/=%&.-])(?P<url>{_URL})"
    rf"|(?<![\w./-])(?ai:doi:?\s?|(?:https?://)?(?:dx\.)?doi\.org/)?(?P<doi>{_DOI})"
    rf"|(?<!\w)(?ai:arxiv(?::|\s)\s?)(?P<arxiv>{_ARXIV})(?!\d)"
)
_ANY_DOI = r"(?ai:10\.\d{4,9}(?:\.\d+)*/)[\w.~%!$&'()*+,;=:@/?#<>[\]-]+"
"""Where it stands alone it may have any sign (ISO 26324) but those that end it in some document."""
_WHOLE = {"url": regex(_URL), "doi": regex(_ANY_DOI), "arxiv": regex(_ARXIV)}
_LANGUAGE = regex(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,8}")
_NOT_IN_DOI = regex(r"[^A-Za-z0-9/:;()._~-]")
_NOT_IN_URL = regex(r"[^A-Za-z0-9%!$&()*+,;=:@/?#._~-]")
_NAME = regex(r"[^\W\d_a-z]|(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_OWN = regex(
    r"\b(?:ours?|judged|own judgement|assum\w*|guess\w*|recalled|derived|the same|no evidence|nobody)\b",
    re.IGNORECASE,
)
"""Words, in English, of what is no source of its own."""
_SUFFIX = regex(r"(?:[JS]r\.?|I{2,3}|IV|2nd|3rd)", re.IGNORECASE)
_CLOSING = {")": "(", ">": "<"}
_TRAILING = ".,;:!?'"


class Piece(NamedTuple):
    """A part of a text.

    Parameters
    ----------
    text
        What is to be read.
    to
        The https address that it leads to; empty where it leads nowhere.
    key
        Of the source that it cites, whether or not there is one.
    """

    text: str
    to: str = ""
    key: str = ""


class Person(NamedTuple):
    """A person's name in its parts.

    Parameters
    ----------
    suffix
        Such as "Jr.".
    """

    family: str
    given: str
    suffix: str = ""


OTHERS = "et al."
"""What stands for the authors that a list leaves out."""
_OTHERS = regex(r"et\.? al\.?|and others", re.IGNORECASE)
_AND_OTHERS = regex(rf",?\s+(?:{_OTHERS.pattern})$", re.IGNORECASE)
_NEXT = regex(
    r"(?<=\w\.)(?:,?\s+(?:and|&)\s+|,\s+)(?=[^,&]+,\s*(?:\w\.[\s-]*)+(?:$|,|(?:and|&)\s))", re.IGNORECASE
)
"""Between names with initials, as in "Smith, A., Roe, B. & Poe, C."."""
_BARE = r"(?:[^\W\d_][\w'’.-]*\s+){1,3}[^\W\d_a-zß-ÿ]{1,3}"
_NEXT_BARE = regex(r",\s+(?:(?:and|&)\s+)?|\s+&\s+")
_BARES = regex(rf"{_BARE}(?:(?:{_NEXT_BARE.pattern}){_BARE})+")
"""Names as medicine writes them, "Smith A, Roe BC", of which the comma parts one from the next."""


def apart(authors: Iterable[str]) -> tuple[str, ...]:
    """Return names one by one, where some stand together in one text or with those that are left out.

    Examples
    --------
    >>> apart(["Smith, A. & Roe, B.", "Poe, C. et al."]), apart(["Bureau of Land, Air and Water"])
    (('Smith, A.', 'Roe, B.', 'Poe, C.', 'et al.'), ('Bureau of Land, Air and Water',))
    """
    found: list[str] = []
    for author in map(str.strip, map(clean, authors)):
        named = _AND_OTHERS.sub("", author)
        between = _NEXT_BARE if _BARES.fullmatch(named) else _NEXT
        found += [OTHERS] if _OTHERS.fullmatch(author) else between.split(named)
        found += [OTHERS] if named != author else []
    return tuple(found)


def person(author: str) -> Person | None:
    """Return a name that is written "Family, Given" in its parts; None for an organisation.

    A suffix may stand last, between the two, or behind the family name without a comma.
    """
    family, *others = (part.strip() for part in clean(author).split(","))
    if not family or not any(others) or " and " in author:
        return None
    if all(_SUFFIX.fullmatch(part) for part in others if part):
        # "Sammy Davis, Jr." has its family name in it
        return None
    suffix = next((part for part in others if len(others) > 1 and _SUFFIX.fullmatch(part)), "")
    given = ", ".join(part for part in others if part and part != suffix)
    first, _, last = family.rpartition(" ")
    if not suffix and first and _SUFFIX.fullmatch(last):
        family, suffix = first, last
    return Person(family, given, suffix)


@dataclass(frozen=True, slots=True)
class Source:
    """A source of a study.

    Parameters
    ----------
    name
        What texts call it, such as "Tomlinson et al. 2024".
    authors
        Family name first, with a comma behind it; a name without a comma is that of an organisation.
    seen
        What of it was read by whoever wrote the study.
    through
        Key of the source that tells of this one.
    """

    key: str
    name: str = field(compare=False)
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    doi: str = ""
    arxiv: str = ""
    url: str = ""
    seen: Seen | None = None
    through: str = ""
    accessed: date | None = None

    @property
    def address(self) -> str:
        """Where it is to be found; empty where nothing says so."""
        kinds = ((kind, getattr(self, kind)) for kind in ("doi", "arxiv", "url"))
        return next((address_of(kind, number) for kind, number in kinds if number), "")

    @property
    def second_hand(self) -> bool:
        """Whether it is known through another source alone."""
        return self.seen == "through another" or (self.seen is None and bool(self.through))


def pieces(text: str, sources: Mapping[str, Source] = Frozen()) -> tuple[Piece, ...]:
    """Part a text into what it cites and what stands between.

    Returns
    -------
    tuple of Piece
        A source that `text` cites is called by its name. What names no source stays as it is written.
    """
    text = clean(text)
    found: list[Piece] = []
    end = 0
    for match in _CITED.finditer(text):
        piece = _cited(match, sources)
        if piece is not None:
            start = match.start()
            found += [Piece(text[end:start])] if start > end else []
            found.append(piece)
            end = match.end() if piece.key else start + len(piece.text)
    return (*found, Piece(text[end:])) if end < len(text) else tuple(found)


def _cited(match: re.Match[str], sources: Mapping[str, Source]) -> Piece | None:
    """Return what a match cites, as far as it belongs to it; nothing where that is no address."""
    if match["key"]:
        source = sources.get(match["key"])
        return Piece(match[0], key=match["key"]) if source is None else _named(source)
    kind = next(kind for kind in ("url", "doi", "arxiv") if match[kind])
    cited = _without_end(match[kind])
    before = match[0][: match.start(kind) - match.start()]
    # a DOI that was copied from an address has signs by their numbers, as that has
    number = _as_signs(cited) if kind == "doi" else cited
    to = address_of(kind, number) if _WHOLE[kind].fullmatch(number) else ""
    return Piece(before + cited, to) if to else None


def _named(source: Source) -> Piece:
    return Piece(source.name, source.address, source.key)


def _without_end(text: str) -> str:
    """Leave out the signs at an address's end that belong to the sentence around it."""
    opened = {sign: text.count(sign) for sign in "()<>"}
    end = len(text)
    while end and (
        text[end - 1] in _TRAILING
        or (text[end - 1] in _CLOSING and opened[text[end - 1]] > opened[_CLOSING[text[end - 1]]])
    ):
        end -= 1
        if text[end] in opened:
            opened[text[end]] -= 1
    return text[:end]


def plain_text(text: str, sources: Mapping[str, Source]) -> str:
    """Return a text in which every source is called by its name."""
    return "".join(piece.text for piece in pieces(text, sources)) if "@" in text else text


def keys(text: str) -> tuple[str, ...]:
    """Return the keys that a text cites, each once."""
    return tuple(dict.fromkeys(piece.key for piece in pieces(text) if piece.key)) if "@" in text else ()


def witnesses(sources: Mapping[str, Source]) -> dict[str, Source]:
    """Return which source speaks in each, by key: in what is known through another alone it is that other."""
    found: dict[str, Source] = {}
    for source in sources.values():
        passed, last = [source.key], source
        while last.key not in found and last.second_hand and last.through in sources:
            last = sources[last.through]
            passed.append(last.key)
        found |= dict.fromkeys(passed, found.get(last.key, last))
    return found


def origins(
    texts: Iterable[str], sources: Mapping[str, Source], evidence: Iterable[str] = ()
) -> frozenset[str]:
    """Tell apart what source texts rest on: by key, by address, or by their words between semicolons.

    Words such as "the spread is judged" are no source. Where a study names its sources, words are one only
    with a name or a year; all that is said without any source is one judgement.

    Parameters
    ----------
    sources
        The `witnesses` of a study.
    evidence
        Source texts of evidence, whose words are a source unless they say that they are none.
    """
    found: set[str] = set()
    said: set[str] = set()
    parts = [(part, bool(sources)) for text in texts for part in text.split(";")]
    parts += [(part, False) for text in evidence for part in text.split(";")]
    for part, is_named in parts:
        # an address is that of a source, whether it stands behind a key or by itself
        cited = {piece.to or piece.key for piece in pieces(part, sources) if piece.key in sources or piece.to}
        found |= cited
        words = clean(part).strip()
        if words and not cited:
            is_own = _OWN.search(words) or (is_named and not _NAME.search(words))
            (said if is_own else found).add(words.casefold())
    return frozenset(found or sorted(said)[:1])


def second_hand(text: str, sources: Mapping[str, Source]) -> bool:
    """Tell whether all that a source text cites is known through another source alone."""
    parts = [keys(part) for part in text.split(";") if part.strip()]
    cited = [sources.get(key) for part in parts for key in part]
    return all(parts) and all(source is not None and source.second_hand for source in cited)


def is_derived(source: str) -> bool:
    """Tell whether a number was worked out from what others print, as the first word of its source says."""
    return source.lower().startswith("derived")


def read_doi(text: str) -> str:
    """Read a DOI.

    Raises
    ------
    InvalidValue
        If it is not one; names the DOI that is in it.
    """
    return _read(text, "doi", "a DOI such as 10.1038/s41598-024-54271-x")


def read_arxiv(text: str) -> str:
    """Read an arXiv number.

    Raises
    ------
    InvalidValue
        If it is not one; names the number that is in it.
    """
    return _read(text, "arxiv", "an arXiv number such as 2303.06219")


def read_url(text: str) -> str:
    """Read an https address.

    Raises
    ------
    InvalidValue
        If it is not one, or has another scheme.
    """
    return _read(text, "url", "an address that begins with https://")


def read_language(text: str) -> str:
    """Read the tag of a language (BCP 47).

    Raises
    ------
    InvalidValue
        If it is not one.
    """
    if _LANGUAGE.fullmatch(text):
        return text
    raise InvalidValue(f'expected the tag of a language, such as en or pt-BR, found "{clean(text)[:60]}"')


def _read(text: str, kind: str, expected: str) -> str:
    if len(text) <= LONGEST_ADDRESS and _WHOLE[kind].fullmatch(text):
        return text
    shown = clean(text)
    # an address of a DOI writes some of its signs by their numbers
    inside = _WHOLE[kind].search(_as_signs(shown) if kind == "doi" and "doi.org/" in shown.lower() else shown)
    # what goes on after it may belong to it
    is_whole = inside and (inside.end() == len(inside.string) or _without_end(inside[0]) != inside[0])
    candidates = [_without_end(inside[0])] if inside and (is_whole or kind != "doi") else []
    if kind == "url" and shown.lower().startswith("http://"):
        candidates = [f"https{shown[4:]}"]
    sound = [each for each in candidates if _WHOLE[kind].fullmatch(each) and len(each) <= LONGEST_ADDRESS]
    advice = f'; did you mean "{sound[0]}"?' if sound else ""
    raise InvalidValue(f'expected {expected}, found "{shown[:60]}"{advice}')


def address_of(kind: str, number: str) -> str:
    """Return the https address of a DOI, an arXiv number or a url; nothing for one that is too long."""
    if kind == "doi":
        address = f"https://doi.org/{_NOT_IN_DOI.sub(_by_number, number)}"
    elif kind == "arxiv":
        address = f"https://arxiv.org/abs/{number}"
    else:
        address = f"https{_NOT_IN_URL.sub(_by_number, number[5:])}"
    return address if len(address) <= LONGEST_ADDRESS else ""


def _as_signs(text: str) -> str:
    """Return the signs that an address writes by the numbers of their bytes."""
    return re.sub(
        r"(?:%[0-9A-Fa-f]{2})+",
        lambda found: bytes.fromhex(found[0].replace("%", "")).decode(errors="replace"),
        text,
    )


def _by_number(sign: re.Match[str]) -> str:
    """Write a sign by the numbers of its bytes, as addresses hold it (RFC 3987, 3.1)."""
    return "".join(f"%{byte:02X}" for byte in sign[0].encode())
