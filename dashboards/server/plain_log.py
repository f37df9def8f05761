"""Keep what others wrote from steering the terminal or forging a line of the server's own log.

A sign-in's address, a header or a provider's answer can hold a new line, a command to a terminal, or a sign that turns
the direction of writing. In a log each is only its code.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any

from casework.store.words import escaped

INDENT = "\n  "  # before every further line of a record, so that none passes for a record of its own


def install() -> None:
    """Have every record of every logger escaped; called once, before anything is logged of a request."""
    make = logging.getLogRecordFactory()

    def made(*given: Any, **named: Any) -> logging.LogRecord:
        record = make(*given, **named)
        if isinstance(record.args, tuple):
            record.args = tuple(_plain(value) for value in record.args)
        elif isinstance(record.args, dict):
            record.args = {name: _plain(value) for name, value in record.args.items()}
        record.msg = _lines(str(record.msg))
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = _lines("".join(traceback.format_exception(*record.exc_info)).rstrip("\n"))
        return record

    logging.setLogRecordFactory(made)


def _lines(text: str) -> str:
    return INDENT.join(escaped(line) for line in text.split("\n"))


def _plain(value: Any) -> Any:
    """A number as it is; the text of anything else, escaped."""
    return value if value is None or isinstance(value, int | float) else escaped(str(value))
