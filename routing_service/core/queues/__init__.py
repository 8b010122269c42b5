"""What waits: which items are before which, what each asks for, and when it asks for less.

Indexes and pure answers. Never here: who gets an item, World, events.
"""
