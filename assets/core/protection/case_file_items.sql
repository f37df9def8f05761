-- /// card
-- description = "One row is an item of a case file."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = "columns"
-- item = "raw.case_file"
-- is_present = ["boolean", "The item is in the file"]
-- item_quality = ["varchar", "Quality of the item"]
-- completed_at = ["timestamp with time zone", "When it was complete", "UTC"]
-- ///

select
    t.crime_id as crime_ref,
    t.item,
    cast(t.present as boolean) as is_present,
    t.quality as item_quality,
    cast(t.ts as timestamptz) as completed_at
from raw.case_file as t
inner join core.current_periods as p
    on p.source = 'case_file' and t.delivery_ref = p.delivery_ref and t.period = p.period
