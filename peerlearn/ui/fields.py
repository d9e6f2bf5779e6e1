"""Fields of forms that more than one feature asks with."""

from __future__ import annotations

from wtforms import IntegerField


class WholeNumberField(IntegerField):
    """A whole number; what is none is nothing, and is told with the bounds when all numbers are checked."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
