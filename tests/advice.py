"""What a message tells people to write, so that tests can write it."""

import re

_WORDS = re.compile(r"(?:; |, |\b)(?:write(?: a text)? such as|write|did you mean|such as|as in) (.*)")


def offered(message: str) -> list[str]:
    """Return every text that a message offers: in quotes, or else between "write", "or" and the end."""
    advice = _WORDS.search(message)
    if advice is None:
        return []
    told = re.split(r"; |, found ", advice[1])[0]
    quoted = re.findall(r'"((?:[^"]|"[^",]*")*?)"(?=[ ,;?]|$)', told)
    plain = re.split(r", or its parameters as in | or ", told)
    return quoted or [each.strip().rstrip("?") for each in plain if each.strip()]
