"""Badges: what can be earned, what is still missing, and who has earned what.

Words: a *badge* has up to three *tiers* (bronze, silver, gold); a *measure* is a number about one person that criteria
use; an *award* is a tier that somebody holds, with the rule version it was given under.
"""
