"""Questions on their way from and to other systems: GIFT, Moodle XML, QTI, spreadsheets.

A *format* reads bytes and writes bytes; all formats stand in `registry.py`. A *fate* says what became of one question
on the way: kept, changed or left out, with a sentence for each *loss*. Nothing here knows a lesson, a page or a
database, and nothing that comes in, however broken or hostile, raises more than the report can say.
"""
