"""The records of a desk as frozen values, their life-cycle tables, and the errors of core.

Never here: anything a rule file says, any decision, anything that another package of core owns.
"""
