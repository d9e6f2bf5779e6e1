"""Authors: what those who write see of their lessons, and the one thing to do next for each.

Figures are counted from what is stored already, leave out a lesson's own authors, and are told of five people or more.
"""
