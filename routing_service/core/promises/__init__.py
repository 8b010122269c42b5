"""The clocks of items: their arithmetic, their moves, and what new terms do to them.

Never here: what follows from a breach, who is offered an item.
"""
