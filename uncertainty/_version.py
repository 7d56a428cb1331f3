"""The version, alone so that the build can read it without importing anything."""

__version__ = "1.0.0"
