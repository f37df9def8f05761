-- /// card
-- description = "One row is an outcome as delivered: its code, or the value in which no code could be read."
-- grain = ["outcome_ref"]
-- audience = []
-- caveats = ["A fact that cannot be assessed is null: not a pass."]
-- [columns]
-- outcome_ref = ["varchar", "Outcome row; delivery and line of a row in quarantine"]
-- crime_ref = "columns"
-- "force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- outcome_value = ["varchar", "Outcome code, or the value in which no code could be read", "", "Outcome as delivered"]
-- is_quarantined = ["boolean", "The row is in quarantine"]
-- ///

-- Recording-standards 6.1, STR-06. `NFA` is no code: its row is in quarantine, and it is an outcome that was delivered.
with delivered as (
    select outcome_ref, crime_ref, outcome_code as outcome_value, false as is_quarantined
    from core.outcomes
    union all
    select delivery_ref || ':' || cast(line_number as varchar), crime_ref, outcome_value, true
    from core.quarantined_outcomes
    where outcome_value is not null
)

select
    d.outcome_ref,
    d.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    d.outcome_value,
    d.is_quarantined
from delivered as d
left join core.crimes as c on d.crime_ref = c.crime_ref
