"""Questions, their text form and their marking.

A *question* has a stem, a key and an explanation. A *kind* (single choice, ordering, …) knows how to read, check,
show, mark and explain its questions; all kinds speak the same verbs and stand in `kinds/registry.py`.
*Presented* is what a learner may see before answering: never a key, an explanation or an accepted form.
A *grade* is a mark from 0 to 1; *right* means full marks. This feature knows no lesson.
"""
