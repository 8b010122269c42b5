"""The course of an item: opened, joined, parked, reported on, resolved, merged, linked.

Never here: how an offer is made or ends, how a clock counts.
"""
