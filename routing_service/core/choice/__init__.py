"""Who gets what, and why nobody does: strategies and matching over World.

Reads only. Never here: events, offers, changes of any index.
"""
