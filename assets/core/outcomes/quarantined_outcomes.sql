-- /// card
-- description = """One row is a row of the extract's outcome table in quarantine, other than a second row of an \
--     outcome."""
-- grain = ["delivery_ref", "line_number", "group_number"]
-- audience = []
-- caveats = ["Its crime is known where the reference in the row is that of a recorded crime."]
-- [columns]
-- "delivery_ref, line_number, group_number, column_name" = "raw.quarantined_rows"
-- crime_ref = ["varchar", "Crime that the row belongs to; null where it is not known"]
-- outcome_value = ["varchar", "The value in which no outcome code could be read; null where another column is at fault"]
-- ///

-- Outcomes that nothing can be read from: STR-06 lists their values, and their crimes are neither open nor closed. A
-- second row of an outcome that was read is no further outcome.
with quarantined as (
    select q.*
    from raw.quarantined_rows as q
    inner join core.current_periods as p on p.source = 'outcome' and q.delivery_ref = p.delivery_ref
    where q.column_name <> 'outcome_id' or q.value = ''
),

digests as (
    select delivery_ref, line_number, group_number, unnest(string_split(row_refs, ' ')) as reference_digest
    from quarantined
),

found as (
    select d.delivery_ref, d.line_number, d.group_number, c.crime_ref
    from digests as d
    inner join core.crimes as c on d.reference_digest = md5('crime_id=' || c.crime_ref)
)

select
    q.delivery_ref,
    q.line_number,
    q.group_number,
    q.column_name,
    f.crime_ref,
    case when q.column_name = 'code' then q.value end as outcome_value
from quarantined as q
left join found as f
    on q.delivery_ref = f.delivery_ref and q.line_number = f.line_number
    and q.group_number is not distinct from f.group_number
