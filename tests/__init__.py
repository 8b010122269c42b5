"""Tests; builders shared by several levels are imported as `tests.builders`."""
