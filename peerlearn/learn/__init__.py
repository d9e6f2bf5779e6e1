"""The learner's side: catalogue, reader, attempts, results, reactions.

Words: a *reading* is a person going through the cards of a revision; an *attempt* is one go at its quiz; a *pretest* is
one question asked before reading; *right* means full marks; a *rapid* answer came too fast to have been read.
"""
