"""Who you are: people, teams, roles, sign-in, profile and privacy.

Words: a *person* works here; a *grant* gives a person a role, for one topic or team or for all; a *session* is one
signed-in browser; an *invitation* or *reset link* works once. Events: see `events.py`.
"""
