-- /// card
-- description = "One row is a risk management plan."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- assessment_ref = ["varchar", "Assessment for which the plan was made"]
-- owner_ref = ["varchar", "Owner of the plan"]
-- review_due_date = ["date", "When the review is due"]
-- closed_at = ["timestamp with time zone", "When the plan was closed", "UTC"]
-- is_victim_consulted = ["boolean", "The victim was consulted on it"]
-- ///

select
    t.ra_id as assessment_ref,
    t.owner_id as owner_ref,
    cast(t.review_due as date) as review_due_date,
    cast(t.closed_ts as timestamptz) as closed_at,
    cast(t.victim_consulted as boolean) as is_victim_consulted
from raw.risk_plan as t
inner join core.current_periods as p
    on p.source = 'risk_plan' and t.delivery_ref = p.delivery_ref and t.period = p.period
