"""Numbers, dates and states in the service's words. Pure: values in, text out."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from assets.methods.intervals import wilson_interval

Format = Callable[[Any], str]  # puts a value in words
LONDON = ZoneInfo("Europe/London")
NO_VALUE = "no figure"  # never a blank and never a zero
LEAST_SHARE = 1e-9  # what is nearer to none or to all is an error of division
_SPACED_PERCENT = re.compile(r"(?<=\d)[ \u00a0\u202f]%")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
# how a day may be typed
_DAY_FORMS = ("%d/%m/%Y", "%d %b %Y", "%d %B %Y", "%Y-%m-%d")

# state of a rule -> (sign, words); warnings are for the registrar to decide
RULE_STATES = {
    "PASS": ("✓", "met"),
    "BREACH": ("✕", "breached"),
    "NOT_EVALUABLE": ("–", "not measured"),
    "ERROR": ("!", "could not be checked: figures withheld"),
}
REFER = ("▲", "refer to the registrar")
FOR_INFORMATION = ("○", "for information")

OUTLIERS = {
    "high_998": "above the 99.8% limit",
    "high_95": "above the 95% limit",
    "low_95": "below the 95% limit",
    "low_998": "below the 99.8% limit",
    "": "within the limits",
}
SIGNALS = {
    "beyond_limit": "outside the limits",
    "shift": "run on one side of the centre line",
    "trend": "run of rises or falls",
    "two_of_three": "two of three points near a limit",
    "long_gap": "long time without a rare case",
}

# the signal of a chart's latest month, by the rule that it breaks: higher, lower
SIGNAL_SENTENCES = {
    "beyond_limit": ("is above the upper limit", "is below the lower limit"),
    "shift": (
        "is the latest of a run of months above the average",
        "is the latest of a run of months below the average",
    ),
    "trend": ("is the latest of a run of months, each higher", "is the latest of a run of months, each lower"),
    "two_of_three": (
        "and one of the two months before it are close to the upper limit",
        "and one of the two months before it are close to the lower limit",
    ),
    "long_gap": (
        "is in a longer time without a miss than chance gives",
        "is in a longer time without a case than chance gives",
    ),
}


def number(value: float | int | None) -> str:
    """Whole number with thousands separators."""
    return NO_VALUE if value is None else f"{round(value):,}"


def about(value: float) -> str:
    """29,700: an estimate rounded to three figures."""
    digits = max(0, len(str(int(abs(value)))) - 3)
    return number(round(value / 10**digits) * 10**digits)


def compact(value: int) -> str:
    """A round size in few letters: 500k, 2m."""
    return f"{value // 1_000_000}m" if value >= 1_000_000 else f"{value // 1000}k" if value >= 1000 else f"{value}"


def decimal(value: float | None, places: int = 2) -> str:
    """Rate or other measure with fixed decimals."""
    return NO_VALUE if value is None else f"{value:,.{places}f}"


def share(value: float | None, places: int = 1) -> str:
    """A share of 0 to 1 as per cent: 99.1%.

    It has more decimals where it would read as none or as all, and is neither: 99.96%, 0.02%.

    >>> [share(of) for of in (1.0, 2181 / 2182, 0.9904, 0.0)]
    ['100.0%', '99.95%', '99.0%', '0.0%']
    """
    if value is None:
        return NO_VALUE
    if min(abs(value), abs(1 - value)) > LEAST_SHARE:
        while round(100 * value, places) in (0, 100):
            places += 1
    return f"{100 * value:.{places}f}%"


def interval(lower: float | None, upper: float | None) -> str:
    """The interval of a share: 95% interval 13.8% to 17.0%.

    Says "no interval" if a limit is null.
    """
    if lower is None or upper is None:
        return "no interval"
    return f"95% interval {limits(lower, upper)}"


def limits(lower: float, upper: float) -> str:
    """The limits of a share: 13.8% to 17.0%."""
    return f"{share(lower)} to {share(upper)}"


def share_of(count: int, total: int) -> str:
    """A share with Wilson's interval: 15.3%, 95% interval 13.8% to 17.0%.

    Says "no share" if the total is zero.
    """
    if not total:
        return "no share"
    return f"{share(count / total)}, {interval(*wilson_interval(count, total))}"


def unbroken(text: str) -> str:
    """The text with its per cent signs directly behind the numbers: 83%.

    Texts that people typed, and those of earlier publications, may have a space there.
    """
    return _SPACED_PERCENT.sub("%", text)


def measured(value: float | None, unit: str) -> str:
    """A value in its unit: shares as per cent, rates with two decimals, medians in half days, counts whole."""
    if is_share(unit):
        return share(value)
    if is_median(unit):
        return shortest(value)
    return decimal(value) if is_rate(unit) else number(value)


def is_share(unit: str) -> bool:
    """Whether values of this unit (or measure) are shares of 0 to 1."""
    return "share" in unit or "proportion" in unit


def is_rate(unit: str) -> bool:
    """Whether values of this unit (or measure) are rates or times, with decimals."""
    return "per 1" in unit or "per_1" in unit or "rate" in unit or unit == "days"


def is_median(unit: str) -> bool:
    """Whether values of this unit are medians of whole days."""
    return unit == "median days"


def shortest(value: float | None) -> str:
    """12; 12.5: with a decimal only where there is one."""
    return NO_VALUE if value is None else f"{value:,.1f}".removesuffix(".0")


def month(value: dt.date | None) -> str:
    """Oct 2025."""
    return NO_VALUE if value is None else f"{value:%b %Y}"


def day(value: dt.date | None) -> str:
    """31 Jan 2024."""
    return NO_VALUE if value is None else f"{value.day} {value:%b %Y}"


def quarter(value: dt.date | str) -> str:
    """The police's financial quarter: 2026-Q1 and 31 Mar 2026 are Q4 2025/26.

    A text other than a stored quarter is returned unchanged.
    """
    if isinstance(value, str):
        stored = _QUARTER.fullmatch(value)
        if stored is None:
            return value
        year, of_year = int(stored[1]), int(stored[2])
    else:
        year, of_year = value.year, (value.month + 2) // 3
    start = year - (of_year == 1)
    return f"Q{(of_year + 2) % 4 + 1} {start}/{(start + 1) % 100:02}"


def parse_day(text: str) -> dt.date:
    """The day that a person typed: 31/03/2026, 31 Mar 2026 or 2026-03-31.

    Raises ValueError with the expected form and the text seen.
    """
    words = " ".join(text.split())
    for form in _DAY_FORMS:
        with contextlib.suppress(ValueError):
            return dt.datetime.strptime(words, form).replace(tzinfo=LONDON).date()
    raise ValueError(f"expected a day such as 31/03/2026 or 31 Mar 2026, saw {text!r}")


def change_date(value: dt.date, precision: str) -> str:
    """A recording change's date, no more exact than it is known."""
    return {"month": month(value), "year": f"{value.year}"}.get(precision, day(value))


def in_london(at: dt.datetime) -> dt.datetime:
    """A moment in London time. A time without a zone is in UTC."""
    return (at if at.tzinfo else at.replace(tzinfo=dt.UTC)).astimezone(LONDON)


def local_day(at: dt.datetime) -> dt.date:
    """The London day of a moment."""
    return in_london(at).date()


def local_time(at: dt.datetime, *, has_seconds: bool = False) -> str:
    """The London time of a moment, with its zone: 01:10 GMT; 14:05:30 BST."""
    return in_london(at).strftime("%H:%M:%S %Z" if has_seconds else "%H:%M %Z")


def moment(text: str | None, *, has_seconds: bool = False) -> str:
    """An ISO time in London, with its zone: 24 Nov 2026, 01:10 GMT."""
    if not text:
        return "not known"
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{day(local_day(at))}, {local_time(at, has_seconds=has_seconds)}"


def too_old(end: dt.date | None, now: dt.date, oldest: int) -> str:
    """Data end on 31 Mar 2026, 246 days ago. "" where that is no more than `oldest` days, or not known."""
    days = 0 if end is None else (now - end).days
    return f"Data end on {day(end)}, {days} days ago. " if days > oldest else ""


def last_month(start: dt.date, months: int) -> dt.date:
    """First day of the last month of a period that starts in `start`; `months` long."""
    index = start.year * 12 + start.month - 1 + months - 1
    return dt.date(index // 12, index % 12 + 1, 1)


def period(start: dt.date | None, months: int | None) -> str:
    """Oct 2025; year ending Jun 2025; 3 months ending Jun 2017."""
    if start is None or not months:
        return NO_VALUE
    if months == 1:
        return month(start)
    ending = month(last_month(start, months))
    return f"year ending {ending}" if months == 12 else f"{months} months ending {ending}"


def rule_state(status: str, severity: str) -> tuple[str, str]:
    """Sign and words of a rule's state.

    A warning is for the registrar to decide; information is not called a breach.
    """
    if status == "BREACH" and severity == "warn":
        return REFER
    if status == "BREACH" and severity == "info":
        return FOR_INFORMATION
    return RULE_STATES.get(status, ("?", f"unknown state {status}"))


def capital(text: str) -> str:
    """The text with its first letter in capitals, the rest unchanged."""
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """The text for the middle of a sentence: Whole force -> whole force.

    Names of units keep their capital.
    """
    return text[:1].lower() + text[1:] if text.startswith(("Whole", "Class", "Kept", "No ")) else text


def short_position(outlier: str | None) -> str:
    """above 99.8%, for narrow tables."""
    return OUTLIERS.get(outlier or "", str(outlier)).replace("the ", "").replace(" limits", "").replace(" limit", "")


# Probability yardstick of the Professional Head of Intelligence Assessment. Its bands leave gaps; a probability in a
# gap has the words of the nearer band.
YARDSTICK = (
    (0.075, "a remote chance"), (0.225, "highly unlikely"), (0.375, "unlikely"), (0.525, "a realistic possibility"),
    (0.775, "likely"), (0.925, "highly likely"), (1.0, "almost certain"),
)  # fmt: skip


def of_100(probability: float) -> str:
    """2 in 100; fewer than 1 in 100."""
    return "fewer than 1 in 100" if 100 * probability < 1 else f"{number(100 * probability)} in 100"


def in_sentence(name: str) -> str:
    """Stalking by others -> stalking by others."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def yardstick(probability: float) -> str:
    """Highly likely (83%): the yardstick's words with the number. Raises ValueError."""
    if not 0 <= probability <= 1:
        raise ValueError(f"expected a probability from 0 to 1, saw {probability}")
    words = next(words for limit, words in YARDSTICK if probability <= limit)
    if probability < 0.01:
        return f"{words} (less than 1%)"
    return f"{words} (more than 99%)" if probability > 0.99 else f"{words} ({share(probability, 0)})"


def signal(code: str, verdict: str) -> str:
    """The signal of a chart's latest month: is the latest of a run of months above the average."""
    words = SIGNAL_SENTENCES.get(code)
    if words is None:
        return f"gives a signal ({readable(code)})" if code else f"gives a signal ({verdict})"
    return words[verdict == "lower"]


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 force; 12 forces."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(items: Iterable[str], most: int = 6) -> str:
    """Kent, Essex and Surrey; after `most` names the rest is counted."""
    names = list(items)
    if len(names) > most:
        names = [*names[:most], f"{len(names) - most} more"]
    return names[0] if len(names) == 1 else " and ".join([", ".join(names[:-1]), names[-1]]) if names else "none"


def readable(code: str) -> str:
    """mps_ward_offences -> mps ward offences."""
    return code.replace("_", " ")
