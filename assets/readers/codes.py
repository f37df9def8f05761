"""Home Office offence codes in delivered files: two numbers with a stroke, unless Excel changed them."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

# Excel's day 0 for every date after February 1900.
_EPOCH = date(1899, 12, 30)
# A class has up to three digits. As dates those would be in 1900 to 1902, where Excel reads no typed code.
_LARGEST_CLASS = 999
# Excel reads years of two digits as 1930 to 2029.
_FIRST_YEAR = 1930
# A file is assumed to be keyed in these years when its year is not known.
_FILES_FROM, _FILES_TO = 2000, 2099


def ho_code_from_excel(text: str, *, keyed_year: int | None = None, day_first: bool = False) -> str | None:
    """The Home Office code in `text`, such as `8/65`, without leading zeros; None where it is unusable.

    A class without sub-class stays as it is. Where Excel made a date of the code, the text is a serial number (`23955`)
    or an ISO date. The code is what gives that date when typed: month and day of the year in which the file was keyed,
    or month and year where no such day exists (recording-standards 2.3). `keyed_year` is that year if it is known.
    `day_first` is true where the file was keyed on a computer set to British dates: 3/1 becomes 3 January. The two
    copies in circulation differ in that. None where the text is no code, or more than one code gives the date.
    """
    text = text.strip()
    if code := re.fullmatch(r"(\d{1,3})/(\d{1,3})", text):
        return f"{int(code[1])}/{int(code[2])}"
    if re.fullmatch(r"\d{1,3}", text):
        return str(int(text)) if int(text) else None
    day = _date(text)
    if day is None:
        return None
    year = keyed_year or (day.year if _FILES_FROM <= day.year <= _FILES_TO else _FILES_FROM)
    possible = {(day.day, day.month) if day_first else (day.month, day.day), (day.month, day.year % 100)}
    typed = [code for code in possible if _date_made_of(*code, year, day_first) == day]
    return f"{typed[0][0]}/{typed[0][1]}" if len(typed) == 1 else None


def _date(text: str) -> date | None:
    """The date in place of a code; None where the text is no date that Excel can have made of one."""
    if iso := re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[T ]00:00:00)?", text):
        try:
            day = date.fromisoformat(iso[1])
        except ValueError:
            return None
    elif (serial := re.fullmatch(r"(\d{1,5})(?:\.0+)?", text)) and int(serial[1]) > _LARGEST_CLASS:
        day = _EPOCH + timedelta(int(serial[1]))
    else:
        return None
    return day if day.year >= _FIRST_YEAR else None


def _date_made_of(first: int, second: int, keyed_year: int, day_first: bool) -> date | None:
    """The date that Excel makes of `first/second` typed in `keyed_year`; None where it makes none.

    It is the day and month if there is such a day, else the first of a month in a year of two digits.
    """
    day, month = (first, second) if day_first else (second, first)
    if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(keyed_year, month)[1]:
        return date(keyed_year, month, day)
    if 1 <= first <= 12:
        return date(second + (1900 if second >= _FIRST_YEAR % 100 else 2000), first, 1)
    return None
