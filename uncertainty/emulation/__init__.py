"""Emulators: sparse polynomial chaos in place of a function that takes long."""
