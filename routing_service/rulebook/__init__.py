"""Rule files in, verdicts out: read, check, compile and match a desk's rule pack.

Start at `loader.load_pack` and `model.Rulebook`. No I/O but reading the pack, no clock, no World.
"""
