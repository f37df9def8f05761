-- /// card
-- description = "One row is a force and month that a monthly source could cover, and whether the force supplied it."
-- grain = ["source", "force_code", "month"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     "A month without a file is not supplied; it is never counted as zero.",
--     "The months run from the first to the last that any force supplied.",
-- ]
-- [columns]
-- "source, force_code" = "columns"
-- month = ["date", "Month, its first day"]
-- is_supplied = ["boolean", "A current file has rows for it"]
-- row_count = ["bigint", "Rows supplied; null where the month was not supplied", "rows", "Rows"]
-- is_expected = ["boolean", "There is no known reason for absence"]
-- absence_reason = ["varchar", "Known reason for absence, otherwise empty", "", "Known reason"]
-- ///

-- A month that was not supplied is never zero: row_count is null without a current file for the force and month.
with supplied as (
    select
        'police_uk_street' as source, force_code, month, count(*) as row_count
    from core.recorded_crimes
    where force_code is not null
    group by force_code, month
    union all
    select
        'police_uk_outcomes', force_code, month, count(*)
    from core.crime_outcomes
    where force_code is not null
    group by force_code, month
),

spans as (
    select source, min(month) as first_month, max(month) as last_month
    from supplied
    group by source
),

months as (
    select source, unnest(generate_series(first_month, last_month, interval 1 month)) as month
    from spans
),

grid as (
    select m.source, cast(m.month as date) as month, f.force_code, f.force_type
    from months as m
    cross join reference.forces as f
    where f.force_type in ('territorial', 'non_territorial')
    union all
    -- forces outside England and Wales are not expected, but supplied months are shown
    select s.source, s.month, f.force_code, f.force_type
    from supplied as s
    inner join reference.forces as f on s.force_code = f.force_code
    where f.force_type not in ('territorial', 'non_territorial')
)

select
    g.source,
    g.force_code,
    g.month,
    s.row_count is not null as is_supplied,
    s.row_count,
    a.reason is null as is_expected,
    coalesce(a.reason, '') as absence_reason
from grid as g
left join supplied as s on g.source = s.source and g.force_code = s.force_code and g.month = s.month
left join reference.known_absences as a
    on g.source = a.source and g.force_code = a.force_code
    and g.month >= a.from_month and (a.to_month is null or g.month <= a.to_month)
