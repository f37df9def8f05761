"""The refusal of an action, in words that a person can act on."""

from __future__ import annotations


class Refused(Exception):
    """The action is refused; the message says why and what would help. Nothing was written."""
