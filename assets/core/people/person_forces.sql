-- /// card
-- description = "One row is a force with a crime that a person's record is in."
-- grain = ["person_key", "force_code"]
-- audience = []
-- caveats = ["A person in no crime of the extract has no row. The records of one linked person may be of several forces."]
-- [columns]
-- person_key = ["varchar", "Record, by its key"]
-- force_code = "core.crimes"
-- is_only_force = ["boolean", "The record is in the crimes of no other force"]
-- ///

-- The force of a row that names people and no crime, such as an order.
select
    p.record_key as person_key,
    c.force_code,
    count(*) over (partition by p.record_key) = 1 as is_only_force
from core.parties as p
inner join core.crimes as c on p.crime_ref = c.crime_ref
where c.force_code is not null
group by p.record_key, c.force_code
