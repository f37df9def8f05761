-- /// card
-- description = "One row is the digest of a reference in quarantined rows of the force extract."
-- grain = ["source", "reference_digest"]
-- audience = ["integrity"]
-- caveats = ["Anyone who has the reference can look up its digest: md5 of NAME=VALUE."]
-- [columns]
-- source = "core.current_periods"
-- reference_digest = ["varchar", "MD5 of the field name, an equals sign and the reference"]
-- ///

-- What the quarantined rows refer to. A quarantined row proves neither presence nor absence: a crime whose row could
-- not be read is not missing. Only current deliveries count.
select distinct
    p.source,
    unnest(string_split(q.row_refs, ' ')) as reference_digest
from raw.quarantined_rows as q
inner join core.current_periods as p on q.delivery_ref = p.delivery_ref
where q.row_refs <> ''
