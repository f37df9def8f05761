-- /// card
-- description = "One row is a reference in rows of the force extract that could not be used, as its digest."
-- grain = ["source", "reference_digest"]
-- audience = ["integrity"]
-- caveats = ["A digest can be looked up by whoever has the reference: md5 of NAME=VALUE."]
-- [columns]
-- source = "core.current_periods"
-- reference_digest = ["varchar", "MD5 of the name of the field, an equals sign and the reference"]
-- ///

-- What the rows that were set aside belong to. Such a row is no fact, and neither is its absence: a crime whose row could
-- not be read is not missing. Only of the deliveries that count.
select distinct
    p.source,
    unnest(string_split(q.row_refs, ' ')) as reference_digest
from raw.quarantined_rows as q
inner join core.current_periods as p on q.delivery_ref = p.delivery_ref
where q.row_refs <> ''
