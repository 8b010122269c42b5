"""Who is there: who serves which queue, who is free, for what he has room. Bitmaps of agents.

Indexes and pure answers. Never here: changes of an agent, the choice among agents, World.
"""
