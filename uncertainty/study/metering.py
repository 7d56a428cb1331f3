"""How many model rows a call has run, and may run."""

from __future__ import annotations

from threading import Lock

from uncertainty.errors import SettingError


class Meter:
    """Counts the rows that a model is asked for, and refuses those beyond a budget.

    Every analysis plans within the budget, so that nothing is refused: this is what holds if a plan errs.

    Parameters
    ----------
    budget
        The most rows.
    """

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.used = 0
        self.is_open = True
        self._lock = Lock()

    def take(self, rows: int) -> None:
        """Count rows that are to be run; SettingError where they are too many."""
        if not self.is_open:
            return
        with self._lock:
            if self.used + rows > self.budget:
                raise SettingError(
                    f"budget: expected at least {self.used + rows:,} model rows for this analysis, "
                    f"found {self.budget:,}"
                )
            self.used += rows

    def close(self) -> None:
        """Count no more: the call is over, and what it has returned is anybody's."""
        self.is_open = False

    @property
    def left(self) -> int:
        """The rows that may still be run."""
        return self.budget - self.used

    def __reduce__(self) -> tuple[type[Meter], tuple[int]]:
        """Let another process count by itself."""
        return Meter, (self.budget,)
