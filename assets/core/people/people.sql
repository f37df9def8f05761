-- /// card
-- description = "One row is a record of a person, with the linked person it belongs to."
-- grain = ["person_key"]
-- audience = []
-- caveats = [
--     "The kind of record (has_birth_date and the columns after it) is null where the record was not linked.",
--     """Where is_linked is false, the record was not linked: person_identity or its row for this record is missing. \
--     The record then counts as a person of its own, so one person may count as two.""",
--     "Linkage makes errors in both directions: metrics.linkage_quality shows how often.",
-- ]
-- [columns]
-- person_key = ["varchar", "Record, by its key"]
-- person_ref = "columns"
-- is_linked = ["boolean", "True where linkage processed the record"]
-- linkage_confidence = "raw.person_links"
-- record_count = ["bigint", "Records of the person", "records", "Records"]
-- linkage_mark = "columns"
-- "has_birth_date, is_first_january, has_postcode, has_number, name_part_count, name_frequency" = "raw.person_links"
-- ///

-- Without linkage every person key counts as a person, and the row says that this was not measured (settled points).
with keys as (
    select person_key from core.persons
    union
    select person_key from raw.person_links
)

select
    k.person_key,
    coalesce(l.person_ref, k.person_key) as person_ref,
    l.person_key is not null as is_linked,
    l.linkage_confidence,
    coalesce(l.record_count, 1) as record_count,
    case
        when l.person_key is null then 'not measured'
        when l.record_count = 1 then 'one record'
        when l.linkage_confidence >= 0.99 then 'sure'
        when l.linkage_confidence >= 0.9 then 'likely'
        else 'doubtful'
    end as linkage_mark,
    l.has_birth_date,
    l.is_first_january,
    l.has_postcode,
    l.has_number,
    l.name_part_count,
    l.name_frequency
from keys as k
left join raw.person_links as l on k.person_key = l.person_key
