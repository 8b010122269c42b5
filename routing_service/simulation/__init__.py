"""A desk on virtual time: the same core, driven by drawn or listed arrivals, for what-if, proofs.

Imports core only. No wall clock, no input or output; all chance comes from the scenario's seed.
"""
