-- /// card
-- description = "One row is a crime that is not counted, because a more serious one in the same report is."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = ["varchar", "Crime that is counted"]
-- "ho_code, class_code" = "raw.included_classification"
-- added_at = ["timestamp with time zone", "When the classification was added", "UTC"]
-- added_by_ref = ["varchar", "Who added it"]
-- reason = "raw.included_classification"
-- ///

select
    t.crime_id as crime_ref,
    t.ho_code,
    t.class_code,
    cast(t.added_ts as timestamptz) as added_at,
    t.added_by as added_by_ref,
    t.reason
from raw.included_classification as t
inner join core.current_periods as p
    on p.source = 'included_classification' and t.delivery_ref = p.delivery_ref and t.period = p.period
