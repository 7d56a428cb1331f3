"""Units of a study: what their texts mean, and whether two quantities are of one kind."""

from uncertainty.units.dimension import Dimension, about_turns
from uncertainty.units.system import Unit, UnitSystem
from uncertainty.units.words import is_amount

__all__ = ["Dimension", "Unit", "UnitSystem", "about_turns", "is_amount"]
