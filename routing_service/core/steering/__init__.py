"""What steers items from outside their course: rules that see facts and escalate, levels, switches.

Never here: the evaluation of a rule, input and output.
"""
