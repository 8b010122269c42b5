"""What core knows of a rulebook: plain values, and the conditions that core evaluates itself.

Never here: the state of items or agents, files, parsing.
"""
