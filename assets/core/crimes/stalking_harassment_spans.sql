-- /// card
-- description = """One row is a time during which a crime was classed as stalking or harassment, by its principal or \
--     an included class."""
-- grain = ["crime_ref", "counts_from"]
-- audience = []
-- caveats = ["Without a history of classes, the class on the record counts from the recording."]
-- [columns]
-- crime_ref = "columns"
-- counts_from = ["timestamp with time zone", "Start", "UTC"]
-- counts_until = ["timestamp with time zone", "End; null if it has not ended", "UTC"]
-- ///

-- Figures as of an earlier day must not use later changes of class. Recording-standards 6.0.7, 1.3.
with history as (
    select
        crime_ref,
        class_code,
        changed_at,
        lead(changed_at) over (partition by crime_ref order by sequence_number, changed_at, class_code) as next_at,
        row_number() over (partition by crime_ref order by sequence_number, changed_at, class_code) as place,
        row_number() over (partition by crime_ref order by sequence_number desc, changed_at desc, class_code desc) as place_from_last
    from core.classification_changes
    where changed_at is not null
),

spans as (
    -- the class on the record, since its last change
    select
        c.crime_ref,
        c.class_code,
        case when h.place > 1 then h.changed_at else coalesce(c.recorded_at, c.reported_at) end as counts_from,
        cast(null as timestamptz) as counts_until
    from core.crimes as c
    left join history as h on c.crime_ref = h.crime_ref and h.place_from_last = 1
    union all
    -- the classes before
    select
        h.crime_ref,
        h.class_code,
        case when h.place = 1 then coalesce(c.recorded_at, h.changed_at) else h.changed_at end,
        h.next_at
    from history as h
    inner join core.crimes as c on h.crime_ref = c.crime_ref
    where h.place_from_last > 1
    union all
    select i.crime_ref, i.class_code, coalesce(i.added_at, c.recorded_at, c.reported_at), null
    from core.included_classifications as i
    inner join core.crimes as c on i.crime_ref = c.crime_ref
),

-- times that touch or overlap are merged, so that a crime counts once at any moment
touching as (
    select
        s.crime_ref,
        s.counts_from,
        coalesce(s.counts_until, timestamptz '9999-12-31 00:00:00+00') as until_at,
        max(coalesce(s.counts_until, timestamptz '9999-12-31 00:00:00+00')) over (
            partition by s.crime_ref order by s.counts_from rows between unbounded preceding and 1 preceding
        ) as before_until_at
    from spans as s
    inner join reference.class_groups as g on g.class_group = 'in scope' and s.class_code = g.code
),

islands as (
    select
        *,
        sum(case when counts_from <= before_until_at then 0 else 1 end) over (
            partition by crime_ref order by counts_from rows between unbounded preceding and current row
        ) as island
    from touching
)

select
    crime_ref,
    min(counts_from) as counts_from,
    nullif(max(until_at), timestamptz '9999-12-31 00:00:00+00') as counts_until
from islands
group by crime_ref, island
