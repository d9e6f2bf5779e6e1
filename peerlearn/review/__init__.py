"""The curator's side: queue, claim, remarks, decisions, and reports of problems.

Words: a *review* is one submission waiting for or having a decision; a *claim* reserves it for two working days; a
*remark* is a comment at a line, a question or the whole; the *rubric* rates four things from 1 to 5; a *report* is a
reader's word that something is wrong.
"""
