"""A year of learners, lived through the real actions: what practice keeps, what it costs, and how true the model is.

Learners come in pairs: the same person twice, with the same lessons on the same days. One of them practises. Each has a
true memory that nobody but the simulation knows; people and items differ from what the model expects.
"""
