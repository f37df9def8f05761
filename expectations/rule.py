"""A rule: one Great Expectations expectation on a table of facts, with its authority and its words.

SQL in `assets/core` computes the fact; the rule only states the standard. A fact that is null cannot be evaluated
and counts as not evaluable: it is never a pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Self

SEVERITIES = ("error", "warn", "info")
DIMENSIONS = ("accuracy", "integrity", "timeliness", "completeness", "conformity", "duplication")
GX_SEVERITY = {"error": "critical", "warn": "warning", "info": "info"}


@dataclass(frozen=True)
class Setting:
    """A parameter of a rule that a force may change: a key of `reference.settings`."""

    key: str


@dataclass(frozen=True)
class Rule:
    """One standard on one table of facts.

    `expectation` and `arguments` are the Great Expectations class and its arguments; a `Setting` among them is
    read from `reference.settings` when the rule is run. These classes work; all leave a null out but the third:

    - ExpectColumnValuesToBeInSet: `column`, `value_set` (most rules: a fact is true)
    - ExpectColumnValuesToNotBeInSet: `column`, `value_set`
    - ExpectColumnValuesToNotBeNull: `column`
    - ExpectColumnValuesToBeBetween: `column`, `min_value`, `max_value`, `strict_min`, `strict_max`
    - ExpectColumnPairValuesAToBeGreaterThanB: `column_A`, `column_B`, `or_equal`

    A pattern is checked by a fact in SQL: Great Expectations has no regular expressions on DuckDB.

    `applies` is the SQL condition for a row to be examined at all; `record_ref` and `detail` are SQL expressions
    that name a breaching record and say in words what is wrong with it. Where `record_ref` is null, `or_else` gives the
    kind and the name of the record instead. `needs` are the fields of the force extract
    (`crime.recorded_ts`) that the rule requires. `valid_from` and `valid_to` bound the day in `dated_by` of the
    records that the standard binds. `escalate` marks breaches for a supervisor at once (a "warn+").

    A rule is a measure over time. `part` names what it is about where its code has other rules: each has a sentence
    of its own, or another kind of record. `has_measure` is false where a record that
    breaches the rule belongs to no force: the share of a force could never be below 1.

    `timing` says when a month of the measure can be judged. "settled": at its end. A key of the settings: that time
    after its end, within which a case cannot be breached yet. "open": never, because cases can be met long after, or
    because it examines what is open today.
    """

    code: str
    title: str
    description: str
    authority: str
    dimension: str
    table: str
    arguments: Mapping[str, Any]
    record_type: str
    record_ref: str
    detail: str
    expectation: str = "ExpectColumnValuesToBeInSet"
    applies: str = "true"
    severity: str = "warn"
    version: int = 1
    needs: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    dated_by: str = "recorded_date"
    escalate: bool = False
    part: str = ""
    or_else: tuple[str, str] | None = None
    has_measure: bool = True
    timing: str = "settled"

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES or self.dimension not in DIMENSIONS:
            raise ValueError(f"{self.code}: severity {self.severity!r} or dimension {self.dimension!r} is not ours")
        if isinstance(self.valid_from, str) or isinstance(self.valid_to, str):
            raise ValueError(f"{self.code}: valid_from and valid_to are dates")
        object.__setattr__(self, "arguments", MappingProxyType(dict(self.arguments)))

    @property
    def key(self) -> tuple[str, str]:
        """Code and table together: the name of the result, because a standard may bind several tables."""
        return self.code, self.table

    @property
    def measure_code(self) -> str:
        """The measure that counts the records which meet the rule, and no other rule's."""
        return f"{self.code}-{self.part}" if self.part else self.code

    @property
    def examined(self) -> str:
        """SQL condition for a row to be examined: the rule applies to it, within its period of validity."""
        bounds = [self.applies]
        if self.valid_from is not None:
            bounds.append(f"{self.dated_by} >= date '{self.valid_from}'")
        if self.valid_to is not None:
            bounds.append(f"{self.dated_by} <= date '{self.valid_to}'")
        return " and ".join(f"({bound})" for bound in bounds) if len(bounds) > 1 else self.applies

    @property
    def columns(self) -> tuple[str, ...]:
        """The facts that the expectation is about."""
        return tuple(self.arguments[name] for name in ("column", "column_A", "column_B") if name in self.arguments)

    @property
    def forbids_null(self) -> bool:
        """Whether a null breaks the rule, where every other expectation leaves nulls out."""
        return self.expectation == "ExpectColumnValuesToNotBeNull"

    @property
    def parameters(self) -> tuple[str, ...]:
        """Keys of the settings in the rule's arguments."""
        return tuple(value.key for value in self.arguments.values() if isinstance(value, Setting))

    def resolved(self, settings: Mapping[str, float]) -> Self:
        """The rule with its settings filled in. Raises KeyError with the key that is not set."""
        if not self.parameters:
            return self
        filled = {k: settings[v.key] if isinstance(v, Setting) else v for k, v in self.arguments.items()}
        return replace(self, arguments=filled)

    @property
    def meta(self) -> dict[str, Any]:
        """Metadata of the rule in Great Expectations' results and Data Docs."""
        return {
            "rule_code": self.code,
            "rule_version": self.version,
            "table": self.table,
            "title": self.title,
            "authority": self.authority,
            "dimension": self.dimension,
            "severity": self.severity,
        }

    def breach_condition(self) -> str:
        """The expectation's negation as SQL: true for a breach, null where the fact is null.

        Great Expectations lists at most 200 failing rows, so all references come from this condition. The engine
        compares its count with Great Expectations' own and reports ERROR when they differ.
        Raises ValueError for an expectation without a condition here.
        """
        a = self.arguments
        column = f'"{a["column"]}"' if "column" in a else ""
        match self.expectation:
            case "ExpectColumnValuesToBeInSet":
                return f"{column} not in ({', '.join(literal(v) for v in a['value_set'])})"
            case "ExpectColumnValuesToNotBeInSet":
                return f"{column} in ({', '.join(literal(v) for v in a['value_set'])})"
            case "ExpectColumnValuesToNotBeNull":
                return f"{column} is null"
            case "ExpectColumnValuesToBeBetween":
                bounds = []
                if a.get("min_value") is not None:
                    bounds.append(f"{column} {'<=' if a.get('strict_min') else '<'} {literal(a['min_value'])}")
                if a.get("max_value") is not None:
                    bounds.append(f"{column} {'>=' if a.get('strict_max') else '>'} {literal(a['max_value'])}")
                return "(" + " or ".join(bounds) + ")"
            case "ExpectColumnPairValuesAToBeGreaterThanB":
                sign = "<" if a.get("or_equal") else "<="
                return f'"{a["column_A"]}" {sign} "{a["column_B"]}"'
        raise ValueError(f"{self.code}: {self.expectation} has no breach condition yet; add it to rule.py")


def literal(value: Any) -> str:
    """A SQL literal of a rule's own argument (rules are code, never input); a setting not filled in is looked up."""
    if isinstance(value, Setting):
        return f"(select value from reference.settings where key = {literal(value.key)})"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"
