"""An item comes to a queue: let in or not, its place, for whom it is kept, how long it will wait.

Never here: which agent gets it, offers.
"""
