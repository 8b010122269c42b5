"""What may be asked of a desk, what happened, and the record that keeps both: the journal's words.

Never here: what a command leads to, what an event changes.
"""
