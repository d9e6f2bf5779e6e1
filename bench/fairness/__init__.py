"""A company in which most are honest and some play tricks, lived through the real actions: whom do the points reward?

Everybody has a true memory that only the simulation knows, and every lesson explains well or badly. At the end what
people hold, and what others hold because of them, stands beside what the engine paid (ENGINE E5 to E17, SAFETY 3).
"""
