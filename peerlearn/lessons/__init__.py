"""Lessons as authors know them: the file, its revisions, topics, lint and the editor.

Words: a *lesson* is one thing to learn with one owner; a *revision* is one state of its file, immutable once published;
a *topic* is a field of knowledge that lessons teach and curators look after; a *card* is one screen of a lesson.
"""
