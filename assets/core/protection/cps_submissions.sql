-- /// card
-- description = "One row is a submission to the Crown Prosecution Service."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = "columns"
-- submitted_at = ["timestamp with time zone", "When", "UTC"]
-- submission_type = ["varchar", "ea (early advice), charging or appeal"]
-- decided_at = ["timestamp with time zone", "When the decision was made", "UTC", "Decided"]
-- decision = "raw.cps_submission"
-- advice_type = ["varchar", "Kind of advice"]
-- ///

select
    t.crime_id as crime_ref,
    cast(t.ts as timestamptz) as submitted_at,
    t.type as submission_type,
    cast(t.decision_ts as timestamptz) as decided_at,
    t.decision,
    t.advice_kind as advice_type
from raw.cps_submission as t
inner join core.current_periods as p
    on p.source = 'cps_submission' and t.delivery_ref = p.delivery_ref and t.period = p.period
