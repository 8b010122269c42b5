"""Measurements, never tests: `make bench` prints them beside a baseline of the same run."""
