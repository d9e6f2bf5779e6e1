"""The kinds of question, one module each; `registry.py` lists them."""
