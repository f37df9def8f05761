"""The eight headings of ALGO-CARE for the ranked list.

Each has what the product can say, and what only the force can say. Source: Oswald, Grace, Urwin and Barnes 2018. Pure:
settings and published rows in, sentences out; no figure of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards.text import numbers
from dashboards.text.people import management_text, repeats_text
from dashboards.text.small_numbers import SmallNumbers

LENSES = {1: "sentences (days)", 2: "severity weights", 3: "behaviour read from free text"}
HALVES = {1: "sentencing", 2: "severity", 3: "behaviour"}  # the setting of the harm at which gravity is 0.5
PARTS = ("recency", "frequency", "gravity", "victims")
UNSET = "not set"
REGRESSION = (
    "High-harm events of a year are explained by what was on record when it began: events, high-harm events, gravest "
    "crime, victims and recency. It is a log-linear (Poisson) model with a ridge penalty. Each fit uses only records "
    "made before its list. It uses no characteristic of the suspect (sex, ethnicity, age)."
)


@dataclass(frozen=True)
class Heading:
    """One of the eight headings: the product's answers, and the force's questions."""

    name: str
    asks: str
    answers: tuple[str, ...]
    questions: tuple[str, ...]


def setting(settings: Mapping[str, float], key: str) -> str:
    """A setting's value as written; says so if it is not set."""
    return f"{settings[key]:g}" if key in settings else UNSET


def formula(settings: Mapping[str, float]) -> tuple[str, ...]:
    """How the score is made, in words, with the numbers of the settings."""
    weights = ", ".join(f"{part} {setting(settings, f'rfgv.{part}_weight')}" for part in PARTS)
    number = round(settings.get("rfgv.lens", 0))
    lens, half = LENSES.get(number, UNSET), f"rfgv.half_{HALVES.get(number, '')}"
    return (
        f"The score runs from 0 to 100: a weighted sum of four parts, each from 0 to 1. Weights: {weights}.",
        f"Recency halves in {setting(settings, 'rfgv.half_life_days')} days since the last report.",
        (
            "Frequency counts events, not crimes: reports of one suspect and one victim within "
            f"{setting(settings, 'events.collapse_days')} days of the one before are one event."
        ),
        f"Gravity is based on {lens}.",
        (
            f"Frequency is 0.5 at {setting(settings, 'rfgv.half_events')} events, and gravity at a harm of "
            f"{setting(settings, half)}. Twice the events or harm gives four times the odds, value / (1 - value). "
            "Neither reaches 1, and neither changes with other people."
        ),
        (
            f"Victims is based on their number, up to {setting(settings, 'rfgv.victims_cap')} (share "
            f"{setting(settings, 'rfgv.victims_share')}), and for the rest on the share who are vulnerable."
        ),
        "It uses no characteristic of the suspect (sex, ethnicity, age).",
    )


def accuracy(
    choice: pl.DataFrame | None, backtest: pl.DataFrame | None, rule: SmallNumbers
) -> tuple[str, ...]:
    """Which way of ranking is used and what its lists held; "not measured" without a back-test."""
    if choice is None or backtest is None:
        return ("Not measured: no back-test is published.",)
    way = management_text.used(choice)
    listed = [] if way is None else management_text.list_facts(backtest, way["method"], rule)
    facts = [f"{label}: {value} ({small})." for label, value, small in listed]
    words = (management_text.verdict(choice), f"{management_text.backtest_finding(choice, rule)}.")
    return (*filter(None, words), management_text.RESAMPLED, *facts)


def granularity(
    settings: Mapping[str, float], summary: Mapping[str, Any] | None, rule: SmallNumbers
) -> tuple[str, ...]:
    """What the list rests on, and what it cannot see."""
    if summary is None or summary["unknown_suspect_crime_count"] is None:
        return ("Not measured: the number of crimes without a named suspect is not published.",)
    crimes, unknown = summary["crime_count"], summary["unknown_suspect_crime_count"]
    state, small = repeats_text.linked(summary, rule)
    return (
        (
            f"In {repeats_text.to_window(summary['window_days'])}: "
            f"{rule.suppress_count(summary['suspect_count'])} suspects. No "
            f"suspect is named in {numbers.number(unknown)} of {numbers.number(crimes)} crimes: their suspects cannot "
            "be listed."
        ),
        f"Records of people linked: {state} ({small}).",
        (
            f"The list tested has {setting(settings, 'backtest.list_length')} people from the whole force; it says "
            "nothing about areas or groups."
        ),
    )


def headings(
    settings: Mapping[str, float],
    choice: pl.DataFrame | None,
    backtest: pl.DataFrame | None,
    summary: Mapping[str, Any] | None,
    version: str,
    equality: str,
    rule: SmallNumbers,
) -> tuple[Heading, ...]:
    """The self-assessment, in the order of the name."""
    return (
        Heading(
            "Advisory",
            "Are outputs used in an advisory way, and does a person keep real discretion?",
            (
                repeats_text.ADVISORY,
                "A way of ranking orders a list. It triggers no action or alert and changes no record.",
            ),
            (
                "Who decides about a person on the list, and what else do they consider?",
                "How is a decision to depart from the list recorded and reviewed?",
            ),
        ),
        Heading(
            "Lawful",
            "On what basis, for what purpose, and is it necessary and proportionate?",
            ("Everything runs on the force's own machine from its own records; nothing leaves it.",),
            (
                "What is the lawful basis under Part 3 of the Data Protection Act 2018, and where is the policy?",
                "When was the data protection impact assessment done, and what did the ethics panel say?",
                "Why is a list of people necessary, and what less intrusive way was considered?",
            ),
        ),
        Heading(
            "Granularity",
            "Is the level of detail right, and are data categories good enough?",
            granularity(settings, summary, rule),
            ("Can the force manage a list of this length, and who set it?",),
        ),
        Heading(
            "Ownership",
            "Who owns the algorithm and the data, and can it be inspected?",
            (
                (
                    f"Code and settings are open to the force and anyone it asks: version {version}. "
                    "This document has the settings used."
                ),
            ),
            ("Who owns the list in this force?", "Who may change a setting, and who signs the change off?"),
        ),
        Heading(
            "Challengeable",
            "Can it be audited, and can people challenge what it says about them?",
            (
                "A score is shown with its four parts, and its events link to their records.",
                "Two people review uncertain links on the page Review links; the build follows them.",
            ),
            (
                "How does a person learn about the list and challenge it?",
                "Who answers, how soon, and how is a wrong record corrected?",
            ),
        ),
        Heading(
            "Accuracy",
            "How accurate is it, and is that checked over time?",
            accuracy(choice, backtest, rule),
            (
                "What must it achieve to be used, and when would it be withdrawn?",
                "Who reviews each build's back-test?",
            ),
        ),
        Heading(
            "Responsible",
            "Is it fair, and in the public interest?",
            (equality,),
            (
                "What explains the differences between groups, and what will be done about them?",
                "Who outside the force has reviewed it?",
            ),
        ),
        Heading(
            "Explainable",
            "Can it be explained to those affected?",
            (*formula(settings), REGRESSION),
            ("Who explains it to a victim, a suspect, a court or the public, and in which words?",),
        ),
    )
