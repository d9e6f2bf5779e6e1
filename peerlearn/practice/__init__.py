"""Spaced practice: what a person remembers of each question, the day's set, and what they hold.

Words: a *memory* is what the model believes a person remembers of one item; a *review* is an answer to an item that was
due; the *daily set* is a handful of questions a day; a *stretch* item is new to the person; *held* is what is still
recallable now; a *holder* of a topic holds most of it, and has proven it after a week or more.
"""
