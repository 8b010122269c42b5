"""The state of one desk: World with its tables, calendars, deadlines and figures, and its lookups.

Never here: a decision, an event applied.
"""
