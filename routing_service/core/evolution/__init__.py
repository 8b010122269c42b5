"""How events change records, and how World's indexes follow: the same live and in recovery.

Never here: a decision. Only core/apply.py writes World; a Draft shows what it will be.
"""
