-- /// card
-- description = """One row is an exact count of a measure in a quarter, of the force or a part, by district or domestic abuse, \
--     before disclosure control."""
-- grain = ["cell_ref"]
-- by_force = true
-- audience = []
-- caveats = [
--     "Exact, so never published: metrics.released_figures has what is released.",
--     "The last eight whole quarters that the extract covers; a measure that needs time is counted once it has passed.",
--     "District is the local authority of the offence. Areas that are not the commissioner's own are one: Elsewhere.",
--     """Victims are counted by the principal victim of each crime, and by the victim of each order. A crime or order \
--     without a known victim counts as of one; a duty without a crime as of none.""",
--     "A repeat victim is in the part of the latest event, as in metrics.measure_cells.",
-- ]
-- [columns]
-- cell_ref = "columns"
-- measure_code = ["varchar", "Measure, or the count that it is a share of, as in reference.public_measures"]
-- period_code = ["varchar", "Quarter, by its first day: quarter 2026-01-01"]
-- breakdown = ["varchar", "all, district or domestic_abuse"]
-- "group_code, group_name" = "columns"
-- place = ["integer", "Order"]
-- person_count = ["bigint", "Exact count of crimes, duties, orders or victims; null where not measured", "", "Counted"]
-- total_ref = ["varchar", "Cell that is the total of its breakdown"]
-- parent_ref = ["varchar", "Cell that it is a part of"]
-- is_of_few_people = ["boolean", "All have the same suspect, or they are of as few victims as the rule suppresses"]
-- before_ref = ["varchar", "Cell of the same quarter a year before; null without a time limit, and of what is no measure"]
-- not_compared = ["varchar", """not settled without a time limit; not comparable where recording changed since the \
--     quarter a year before; else null"""]
-- ///

-- Rows for core.disclosure_cells, so that measures pass the same control and attack as the counts of victims and offers.
with moments as (
    select
        as_of_at,
        london_date(as_of_at) as as_of_date,
        month_of(london_date(first_recorded_at)) as first_month,
        month_of(london_date(last_recorded_at)) as last_month
    from core.extract_moments
    where as_of_at is not null
),

ends as (
    select
        cast(date_trunc('quarter', m.as_of_date + interval 1 day) - interval 3 month * n.number as date) as period_end,
        m.as_of_at,
        m.first_month,
        m.last_month
    from moments as m
    cross join (values (0), (1), (2), (3), (4), (5), (6), (7)) as n (number)
),

quarters as (
    select
        'quarter ' || cast(cast(period_end - interval 3 month as date) as varchar) as period_code,
        cast(period_end - interval 3 month as date) as period_start,
        period_end,
        cast(period_end - interval 12 month as date) as year_start,
        as_of_at,
        first_month
    from ends
    where first_month <= period_end - interval 3 month and last_month >= period_end - interval 1 month
),

-- as metrics.measure_values has it: a quarter is whole once its last crime was followed long enough
listed as (
    select
        p.measure_code,
        coalesce(p.of_code, '') as of_code,
        k.kind,
        q.period_code,
        q.period_start,
        q.period_end,
        q.year_start,
        g.code is null as is_measured,
        -- measures of the same crimes are shares of one count, that of the measure settled first
        row_number() over (
            partition by coalesce(p.of_code, p.measure_code), q.period_code
            order by k.follow_days nulls first, p.measure_code
        ) = 1 as is_first
    from reference.public_measures as p
    inner join reference.counted_measures as k on p.measure_code = k.measure_code
    cross join quarters as q
    left join core.supply_gaps as g on p.measure_code = g.code
    where
        coalesce(
            q.period_end + interval 1 day * (k.follow_days - 1)
            <= london_date(q.as_of_at - interval 1 second),
            true
        )
        -- twelve whole months before a month's end
        and (k.kind not in ('count_at_end', 'share_at_end') or q.first_month <= q.year_start)
),

own_areas as (
    select distinct area_code
    from core.residents
    where source = 'population'
),

districts as (
    select
        c.crime_ref,
        coalesce(k.person_ref, c.victim_key, c.crime_ref) as victim_ref,
        case
            when w.area_code is null and a.area_code is not null and n.area_count > 0 then 'Elsewhere'
            else coalesce(b.district, 'not known')
        end as district,
        coalesce(b.domestic_abuse, 'not known') as domestic_abuse
    from core.crimes as c
    cross join (select count(*) as area_count from own_areas) as n
    left join core.crime_breakdowns as b on c.crime_ref = b.crime_ref
    left join core.people as k on c.victim_key = k.person_key
    left join core.support_areas as a on c.lsoa_code = a.lsoa_code
    left join own_areas as w on a.area_code = w.area_code
),

-- victims of the year that the quarter ends: of two events at one moment that whose reference is last comes last
victims as (
    select
        l.measure_code,
        l.of_code,
        l.period_code,
        l.is_first,
        r.victim_ref,
        arg_max(r.crime_ref, (r.reported_at, r.crime_ref)) as crime_ref,
        min(r.crime_ref) < max(r.crime_ref) as is_repeat
    from core.victim_reports as r
    inner join listed as l
        on l.measure_code = 'repeat_victim_12m'
        and month_of(london_date(r.reported_at)) >= l.year_start
        and month_of(london_date(r.reported_at)) < l.period_end
    where r.begins_event
    group by l.measure_code, l.of_code, l.period_code, l.is_first, r.victim_ref
),

events as (
    select
        l.measure_code,
        l.of_code,
        l.period_code,
        l.is_first,
        e.crime_ref as unit_ref,
        d.victim_ref,
        coalesce(d.district, 'not known') as district,
        coalesce(d.domestic_abuse, 'not known') as domestic_abuse,
        e.is_met
    from core.measure_events as e
    inner join listed as l
        on e.measure_code = l.measure_code and l.is_measured
        and e.month >= l.period_start and e.month < l.period_end
    left join districts as d on e.crime_ref = d.crime_ref
    where e.is_met is not null
    union all
    -- orders in force at the end of the quarter
    select
        l.measure_code,
        l.of_code,
        l.period_code,
        l.is_first,
        'order ' || s.order_ref,
        coalesce(k.person_ref, o.victim_key, s.order_ref),
        coalesce(d.district, 'not known'),
        coalesce(d.domestic_abuse, 'not known'),
        true
    from core.order_spans as s
    inner join core.orders as o on s.order_ref = o.order_ref
    left join core.people as k on o.victim_key = k.person_key
    inner join listed as l
        on l.measure_code = 'orders_in_force'
        and s.in_force_from_at < cast(l.period_end as timestamp) at time zone 'Europe/London'
        and coalesce(s.in_force_until_at >= cast(l.period_end as timestamp) at time zone 'Europe/London', true)
        and s.order_kind <> 'conditional bail'
    left join districts as d on s.crime_ref = d.crime_ref
    union all
    select
        v.measure_code,
        v.of_code,
        v.period_code,
        v.is_first,
        v.victim_ref,
        v.victim_ref,
        coalesce(d.district, 'not known'),
        coalesce(d.domestic_abuse, 'not known'),
        v.is_repeat
    from victims as v
    left join districts as d on v.crime_ref = d.crime_ref
),

members as (
    select measure_code as cell_code, period_code, unit_ref, victim_ref, district, domestic_abuse
    from events
    where is_met
    union all
    select of_code, period_code, unit_ref, victim_ref, district, domestic_abuse
    from events
    where is_first and of_code <> ''
),

placed as (
    select cell_code, period_code, unit_ref, victim_ref, 'all' as breakdown, 'all' as group_code
    from members
    union all
    select cell_code, period_code, unit_ref, victim_ref, 'district', district
    from members
    union all
    select cell_code, period_code, unit_ref, victim_ref, 'domestic_abuse', domestic_abuse
    from members
),

counted as (
    select
        cell_code,
        period_code,
        breakdown,
        group_code,
        count(*) as person_count,
        count(distinct victim_ref) as victim_count
    from placed
    group by cell_code, period_code, breakdown, group_code
),

suspects as (
    select distinct p.crime_ref as unit_ref, coalesce(k.person_ref, p.person_key) as suspect_ref
    from core.parties as p
    left join core.people as k on p.person_key = k.person_key
    where p.party_role in ('suspect', 'offender') and p.person_key is not null and p.is_named
    union
    select victim_ref, suspect_ref
    from core.suspect_events
    where is_current and victim_ref is not null and suspect_ref is not null
    union
    select 'order ' || o.order_ref, coalesce(k.person_ref, o.respondent_key)
    from core.orders as o
    left join core.people as k on o.respondent_key = k.person_key
    where o.respondent_key is not null
),

counted_by_suspect as (
    select p.cell_code, p.period_code, p.breakdown, p.group_code, s.suspect_ref, count(*) as person_count
    from placed as p
    inner join suspects as s on p.unit_ref = s.unit_ref
    group by p.cell_code, p.period_code, p.breakdown, p.group_code, s.suspect_ref
),

most_by_suspect as (
    select cell_code, period_code, breakdown, group_code, max(person_count) as person_count
    from counted_by_suspect
    group by cell_code, period_code, breakdown, group_code
),

-- every part has a row in every quarter: a missing row would reveal that it has none
groups as (
    select 'all' as breakdown, 'all' as group_code, 'All' as group_name, 0 as place
    union all
    select distinct
        'district',
        district,
        case when district = 'not known' then 'Not known' else district end,
        case district when 'not known' then 99 when 'Elsewhere' then 98 else 1 end
    from members
    union all
    -- without flags all would be in one part
    select distinct
        'domestic_abuse',
        domestic_abuse,
        case when domestic_abuse = 'not known' then 'Not known' else domestic_abuse end,
        case domestic_abuse when 'not known' then 99 when 'flagged' then 1 else 2 end
    from members
    where exists (select 1 from members where domestic_abuse <> 'not known')
),

-- a change of recording and the classes that it moves
named as (
    select valid_from, unnest(string_split(coalesce(affects_codes, 'all'), ',')) as code
    from reference.recording_regimes
    where moves_counts and coalesce(source_name, '') in ('', 'crime')
),

bearing as (
    select measure_code, unnest(string_split(recording_classes, ',')) as code
    from reference.counted_measures
    where recording_classes <> 'none'
),

-- recording changed after the start of the quarter a year before, and by the end of this one
broken as (
    select distinct l.measure_code, l.period_code
    from listed as l
    inner join bearing as b on l.measure_code = b.measure_code
    inner join named as n
        on trim(n.code) in ('all', b.code)
        and n.valid_from > l.period_start - interval 1 year and n.valid_from < l.period_end
),

compared as (
    select
        l.measure_code,
        l.period_code,
        b.period_code as before_code,
        case
            when k.is_open_ended then 'not settled'
            when n.measure_code is not null and b.period_code is not null then 'not comparable'
        end as not_compared
    from listed as l
    inner join reference.counted_measures as k on l.measure_code = k.measure_code
    left join listed as b
        on l.measure_code = b.measure_code and b.period_start = cast(l.period_start - interval 1 year as date)
    left join broken as n on l.measure_code = n.measure_code and l.period_code = n.period_code
),

codes as (
    select l.measure_code as cell_code, l.of_code as parent_code, l.period_code, l.is_measured, c.before_code,
        c.not_compared
    from listed as l
    inner join compared as c on l.measure_code = c.measure_code and l.period_code = c.period_code
    union all
    select of_code, '', period_code, is_measured, null, null
    from listed
    where is_first and of_code <> ''
)

select
    c.cell_code || '|' || c.period_code || '|' || g.breakdown || '|' || g.group_code as cell_ref,
    c.cell_code as measure_code,
    c.period_code,
    g.breakdown,
    g.group_code,
    g.group_name,
    cast(g.place as integer) as place,
    case when c.is_measured then coalesce(n.person_count, 0) end as person_count,
    case when g.breakdown <> 'all' then c.cell_code || '|' || c.period_code || '|all|all' end as total_ref,
    case when c.parent_code <> '' then c.parent_code || '|' || c.period_code || '|' || g.breakdown || '|' || g.group_code end
        as parent_ref,
    coalesce(q.person_count = n.person_count, false) or coalesce(n.victim_count <= s.disclosure_suppress_to, false)
        as is_of_few_people,
    case
        when coalesce(c.not_compared, '') <> 'not settled'
            then c.cell_code || '|' || c.before_code || '|' || g.breakdown || '|' || g.group_code
    end as before_ref,
    c.not_compared
from codes as c
cross join groups as g
cross join core.settings as s
left join counted as n
    on c.cell_code = n.cell_code
    and c.period_code = n.period_code
    and g.breakdown = n.breakdown
    and g.group_code = n.group_code
left join most_by_suspect as q
    on c.cell_code = q.cell_code
    and c.period_code = q.period_code
    and g.breakdown = q.breakdown
    and g.group_code = q.group_code
