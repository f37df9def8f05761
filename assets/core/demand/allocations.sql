-- /// card
-- description = "One row is the allocation of a crime to an investigator."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- "crime_ref, investigator_ref" = "columns"
-- allocated_at = ["timestamp with time zone", "Start", "UTC"]
-- ended_at = ["timestamp with time zone", "End", "UTC"]
-- single_point_of_contact_consulted_at = ["timestamp with time zone", """When the stalking single point of \
--     contact was consulted""", "UTC"]
-- reason = "raw.allocation"
-- ///

select
    t.crime_id as crime_ref,
    t.investigator_id as investigator_ref,
    cast(t.from_ts as timestamptz) as allocated_at,
    cast(t.to_ts as timestamptz) as ended_at,
    cast(t.spoc_consult_ts as timestamptz) as single_point_of_contact_consulted_at,
    t.reason
from raw.allocation as t
inner join core.current_periods as p
    on p.source = 'allocation' and t.delivery_ref = p.delivery_ref and t.period = p.period
