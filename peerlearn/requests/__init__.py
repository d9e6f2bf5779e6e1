"""Requests: lessons that colleagues need and nobody has written yet.

Words: a *request* names what somebody wants to be able to do; a *vote* says "me too"; whoever *takes* a request writes
the lesson; a request is *answered* when there is a lesson for it, its own or one that was there already.
"""
