"""What answers say about questions: difficulty, discrimination, flags, misconceptions, and marking again.

Words: *theta* is a person's ability in a topic, *difficulty* an item's, both on one scale (Elo); a *flag* says that an
item may be bad and what to do; *retired* items are asked no more; to *regrade* is to mark stored answers by a new key.
"""
