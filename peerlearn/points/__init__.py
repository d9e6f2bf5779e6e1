"""The points engine: rules, ledger, holds, levels, receipts.

Words: *XP* are points for learning, *Impact* (IP) for teaching and curating; the *ledger* holds every entry for ever
and is only added to; a *held* entry waits for a person's decision; a *reversal* takes an entry back and says why;
*sums* are the ledger added up per person and period, changed in the same transaction.
"""
