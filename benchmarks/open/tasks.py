"""The eight tasks, in the order of the page."""

from __future__ import annotations

from benchmarks.open import (
    find_breaches,
    link_people,
    nowcast_charges,
    order_effect,
    outcome_incidence,
    rank_suspects,
    repeat_suspects,
    series_change,
)
from benchmarks.open.task import Task

TASKS: tuple[Task, ...] = (
    link_people.TASK,
    repeat_suspects.TASK,
    find_breaches.TASK,
    outcome_incidence.TASK,
    series_change.TASK,
    nowcast_charges.TASK,
    rank_suspects.TASK,
    order_effect.TASK,
)
DEVELOPMENT = (1, 2)  # seeds with which a method may be made; the seeds for scoring are each task's own
