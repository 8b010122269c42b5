"""Tests of the command line share the builders beside them."""
