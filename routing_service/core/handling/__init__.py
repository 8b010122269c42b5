"""Agents and what they have in hand: presence, shifts, offers, transfers, wrap-ups, rests.

Never here: how agents are ranked, what becomes of an item that nobody has in hand.
"""
