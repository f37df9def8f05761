-- /// card
-- description = "One row is a step of a case that has a beginning and an end of its own."
-- grain = ["step_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- step_ref = ["varchar", "Step"]
-- crime_ref = "columns"
-- step_kind = ["varchar", "What it is, as in the code set case_step_kind"]
-- raised_at = ["timestamp with time zone", "When it was asked for, or arose", "UTC"]
-- done_at = ["timestamp with time zone", "When it was done, or the victim was informed", "UTC"]
-- ///

select
    t.step_id as step_ref,
    t.crime_id as crime_ref,
    t.kind as step_kind,
    cast(t.raised_ts as timestamptz) as raised_at,
    cast(t.done_ts as timestamptz) as done_at
from raw.case_step as t
inner join core.current_periods as p
    on p.source = 'case_step' and t.delivery_ref = p.delivery_ref and t.period = p.period
