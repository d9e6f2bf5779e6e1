"""Verification: published lessons are read again, by their owners and by curators, before they grow wrong.

Words: a *check* is due on the day that a lesson names; whoever reads it again and finds it right *verifies* it. What
casts doubt on a lesson makes its check due at once; what nobody checks and hardly anybody reads is archived.
"""
