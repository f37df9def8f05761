-- What the rows that were set aside belong to. Such a row is no fact, and neither is its absence: a crime whose row could
-- not be read is not missing. Only of the deliveries that count.
select distinct
    p.source,
    unnest(string_split(q.row_refs, ' ')) as reference_digest
from raw.quarantined_rows as q
inner join core.current_periods as p on q.delivery_ref = p.delivery_ref
where q.row_refs <> ''
