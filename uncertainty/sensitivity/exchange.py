"""What a cross-matrix exchanges together: inputs, correlated sets, groups, kinds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

from uncertainty.errors import SettingError, suggestion
from uncertainty.records import Frozen
from uncertainty.study.addresses import entry_of
from uncertainty.study.correlation import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from uncertainty.study.scenario import Scenario

By = Literal["set", "input", "name"]

Sets = dict[str, tuple[str, ...]]
"""By key, the inputs that are exchanged together, in the scenario's order."""


@dataclass(frozen=True)
class Exchanges:
    """Everything that is exchanged in one analysis.

    Parameters
    ----------
    inputs
        Single inputs, and each connected set of correlated ones keyed ``a+b``, or by the input's name where
        all are members of one; every varying input is in one.
    groups
        The study's groups, and the members of each indexed input.
    kinds
        All inputs of kind uncertainty and all of kind variability, where both vary.
    """

    inputs: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, tuple[str, ...]]

    @cached_property
    def members(self) -> tuple[tuple[str, ...], ...]:
        """The different sets of inputs, those of `inputs` first."""
        every = [*self.inputs.values(), *self.groups.values(), *self.kinds.values()]
        return tuple(dict.fromkeys(every))

    @cached_property
    def places(self) -> Mapping[tuple[str, ...], int]:
        """The place of each set of inputs among `members`."""
        return {names: place for place, names in enumerate(self.members)}

    @property
    def correlated(self) -> tuple[str, ...]:
        """Keys of the sets of correlated inputs."""
        return tuple(key for key, members in self.inputs.items() if len(members) > 1)


def plan_exchanges(plan: Scenario, reaching: frozenset[str], by: str = "set") -> Exchanges:
    """Decide what is exchanged together.

    Parameters
    ----------
    reaching
        Inputs that reach an output that is asked for; what reaches none is left out.
    by
        ``"set"`` takes correlated inputs as one, ``"input"`` insists on single inputs, and ``"name"`` takes
        all members of an indexed input as one, too.

    Raises
    ------
    SettingError
        If single inputs are asked for where inputs are correlated.
    """
    if by not in get_args(By):
        raise SettingError(f'by: unknown kind "{by}"{suggestion(by, get_args(By))}')
    varying, study = plan.varying, plan.study
    partners = correlated_with(plan, by_name=by == "name")
    if by == "input" and reaching & partners.keys():
        raise SettingError(_refusal({partners[name] for name in reaching & partners.keys()}))
    sets = dict.fromkeys(partners.get(name, (name,)) for name in varying)
    inputs = {entry_of(study, names, varying): names for names in sets if reaching & set(names)}

    def closed(names: Iterable[str]) -> tuple[str, ...]:
        """Add every input that is correlated with a named one: correlated inputs cannot be told apart."""
        taken = {member for name in names for member in partners.get(name, (name,))}
        return tuple(name for name in varying if name in taken)

    of_group: dict[str, list[str]] = {}
    for name, item in study.inputs.items():
        for label in (item.group, item.quantity if item.quantity not in inputs else ""):
            of_group.setdefault(label, []).append(name)
    groups = {label: closed(set(names) & set(varying)) for label, names in of_group.items() if label}
    kinds = {}
    for kind in ("uncertainty", "variability"):
        kinds[kind] = closed(n for n in varying if plan.kinds[n] == kind)
    apart = not set(kinds["uncertainty"]) & set(kinds["variability"])
    return Exchanges(
        Frozen(inputs),
        Frozen({key: names for key, names in groups.items() if reaching & set(names)}),
        Frozen(kinds if apart and all(reaching & set(n) for n in kinds.values()) else {}),
    )


def correlated_with(plan: Scenario, *, by_name: bool = False) -> dict[str, tuple[str, ...]]:
    """Return for each input that goes along with others the set of them, sorted by name.

    Parameters
    ----------
    by_name
        Whether members of one indexed input count as correlated.
    """
    varying = set(plan.varying)
    pairs = [pair.inputs for pair in plan.study.correlations if set(pair.inputs) <= varying]
    pairs += [(members[0], other) for members in plan.bound for other in members[1:]]
    if by_name:
        owners: dict[str, list[str]] = {}
        for name in plan.varying:
            owners.setdefault(plan.study.inputs[name].quantity, []).append(name)
        owners.pop("", None)
        pairs += [(names[0], other) for names in owners.values() for other in names[1:]]
    return {name: members for members in joined(pairs) for name in members}


def _refusal(sets: set[tuple[str, ...]]) -> str:
    listed = "; ".join(" and ".join(members) for members in sorted(sets))
    return (
        f"by input: {listed} are correlated, and Sobol' indices share variance out among independent inputs "
        'alone; take each correlated set as one (by "set"), or share it out by Shapley effects '
        '(method "shapley")'
    )
