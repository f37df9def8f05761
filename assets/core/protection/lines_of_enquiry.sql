-- /// card
-- description = "One row is a line of enquiry."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = "columns"
-- enquiry_type = ["varchar", "What is sought"]
-- raised_at = ["timestamp with time zone", "When it was raised", "UTC"]
-- is_required = ["boolean", "It is mandatory"]
-- done_at = ["timestamp with time zone", "When it was done", "UTC"]
-- result = "raw.line_of_enquiry"
-- ///

select
    t.crime_id as crime_ref,
    t.type as enquiry_type,
    cast(t.raised_ts as timestamptz) as raised_at,
    cast(t.required as boolean) as is_required,
    cast(t.done_ts as timestamptz) as done_at,
    t.result
from raw.line_of_enquiry as t
inner join core.current_periods as p
    on p.source = 'line_of_enquiry' and t.delivery_ref = p.delivery_ref and t.period = p.period
