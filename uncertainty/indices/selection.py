"""Which members of a quantity's indices a selection such as ``hour[us]`` or ``hour[country=us]`` means."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import InvalidValue, meant, nearest, suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from uncertainty.indices.index import Index


class Chosen(NamedTuple):
    """By index, the place of a member, or the category that decides it."""

    places: dict[str, int]
    categories: dict[str, str]


def select(
    quantity: str,
    words: Sequence[str],
    shape: Sequence[str],
    indices: Mapping[str, Index],
    categories: Mapping[str, str],
) -> Chosen:
    """Return what the words in the brackets after a quantity select.

    Parameters
    ----------
    words
        Members, ``index=member``, or names of categories, in any order.
    shape
        The quantity's indices.
    categories
        The index that each category is a member of.

    Raises
    ------
    InvalidValue
        If a word selects nothing, more than one thing, or what another has selected.
    """
    if not shape:
        raise InvalidValue(f'"{quantity}" has no index to select a member of')
    chosen = Chosen({}, {})
    for word in words:
        index, member = _found(quantity, word, shape, indices, categories)
        if index in chosen.places or index in chosen.categories:
            raise InvalidValue(f'"{word}" selects a member of {index} a second time in {quantity}[…]')
        if member in indices[index].places:
            chosen.places[index] = indices[index].places[member]
        else:
            chosen.categories[index] = member
    return chosen


def _found(
    quantity: str,
    word: str,
    shape: Sequence[str],
    indices: Mapping[str, Index],
    categories: Mapping[str, str],
) -> tuple[str, str]:
    """Return the index and its member, or the category, that a word names."""
    index, equals, member = word.partition("=")
    if equals:
        if index not in shape:
            raise InvalidValue(f'"{quantity}" has no index "{index}"{suggestion(index, shape)}')
        among = [index]
    else:
        member, among = word, list(shape)
    having = [each for each in among if indices[each].member(member) in indices[each].places]
    if len(having) > 1:
        first, second = having[:2]
        raise InvalidValue(
            f'"{member}" is a member of {first} and of {second}; write {first}={member} or {second}={member}'
        )
    if having:
        return having[0], indices[having[0]].member(member)
    if member in categories:
        if categories[member] in among:
            return categories[member], member
        raise InvalidValue(
            f'"{member}" is a member of {categories[member]}, which is no index of "{quantity}"'
            f" ({', '.join(shape)})"
        )
    raise InvalidValue(_unknown(quantity, member, among, indices, categories))


def _unknown(
    quantity: str,
    member: str,
    among: Collection[str],
    indices: Mapping[str, Index],
    categories: Mapping[str, str],
) -> str:
    """Say that no index of a quantity has a member, with what was probably meant."""
    known = [each for index in among for each in indices[index].members]
    by_label = {label: each for index in among for each, label in indices[index].members.items()}
    hint = nearest(member, [*known, *categories])
    if not hint and (label := nearest(member, by_label)):
        hint = next(meant(each) for text, each in by_label.items() if label == meant(text))
    of = f"the index {next(iter(among))}" if len(among) == 1 else f"{' or '.join(among)}"
    return f'"{quantity}" has no member "{member}" of {of}{hint or suggestion(member, known)}'
