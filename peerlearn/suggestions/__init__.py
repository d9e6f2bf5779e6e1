"""Suggestions: a reader turns “this is wrong” into other words; an author or a curator takes them over with one click.

A suggestion is about one card or one question of a published revision. Until somebody decides it changes nothing.
"""
