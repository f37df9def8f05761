-- /// card
-- description = "One row is a class of a crime, as principal crime or as included classification."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = "columns"
-- is_principal = ["boolean", "True for the crime that is counted, false for an included classification"]
-- ho_code = ["varchar", "Home Office code"]
-- class_code = "columns"
-- added_at = ["timestamp with time zone", "When it was recorded or added", "UTC"]
-- ///

-- Recording-standards 1.5: stalking is counted as principal crime or as included classification, both ways.
select
    t.crime_id as crime_ref,
    true as is_principal,
    t.ho_code,
    t.class_code,
    cast(t.recorded_ts as timestamptz) as added_at
from raw.crime as t
inner join core.current_periods as p on p.source = 'crime' and t.delivery_ref = p.delivery_ref
union all
select
    i.crime_ref,
    false as is_principal,
    i.ho_code,
    i.class_code,
    i.added_at
from core.included_classifications as i
