-- /// card
-- description = "One row is a plan to manage risk."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty and not measured."]
-- [columns]
-- assessment_ref = ["varchar", "Assessment it answers"]
-- owner_ref = ["varchar", "Who owns it"]
-- review_due_date = ["date", "When it is to be reviewed"]
-- closed_at = ["timestamp with time zone", "When it was closed", "UTC"]
-- ///

select
    t.ra_id as assessment_ref,
    t.owner_id as owner_ref,
    cast(t.review_due as date) as review_due_date,
    cast(t.closed_ts as timestamptz) as closed_at
from raw.risk_plan as t
inner join core.current_periods as p
    on p.source = 'risk_plan' and t.delivery_ref = p.delivery_ref and t.period = p.period
