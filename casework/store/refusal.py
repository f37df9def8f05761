"""How this package says no: in words that a person can act on."""

from __future__ import annotations


class Refused(Exception):
    """What was asked is not done; the message says why and what would help. Nothing was written."""
