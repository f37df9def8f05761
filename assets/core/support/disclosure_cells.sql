-- /// card
-- description = "One row is an exact count that commissioners may see after disclosure control."
-- grain = ["cell_ref"]
-- by_force = true
-- audience = []
-- caveats = ["Exact, so never published: metrics.released_figures has what is released."]
-- [columns]
-- cell_ref = "columns"
-- measure_code = ["varchar", "Measure, as in reference.support_measures or core.measure_disclosure_cells"]
-- period_code = ["varchar", "Year, by its last day; or quarter, by its first: quarter 2026-01-01"]
-- breakdown = ["varchar", "all, a characteristic, area, month, service, district or domestic_abuse"]
-- "group_code, group_name" = "columns"
-- place = ["integer", "Order"]
-- person_count = ["bigint", "Exact count of victims, offers, crimes, duties or orders; null where not measured", "", "Counted"]
-- total_ref = ["varchar", "Cell that is the total of its breakdown"]
-- parent_ref = ["varchar", "Cell that it is a part of"]
-- is_of_few_people = ["boolean", "All have the same suspect, or a measure's are of as few victims as the rule suppresses"]
-- before_ref = ["varchar", "Cell of the same quarter a year before; null without a time limit, and of what is no measure"]
-- not_compared = ["varchar", "Why a measure is not compared with it: not settled or not comparable; else null"]
-- ///

-- Counts before disclosure control (metrics.released_figures): nothing of this table is published. The groups of a
-- breakdown partition its total, so that the attack (metrics.disclosure_attack) knows every sum.
-- A victim, or an offer, counts for every measure that it reaches
with steps as (
    select
        v.period_code,
        m.unit,
        v.person_ref as unit_ref,
        v.person_ref,
        m.measure_code
    from core.support_victims as v
    inner join reference.support_measures as m
        on m.unit = 'victims'
        and case m.measure_code
            when 'known' then true
            when 'known_stalking' then v.is_stalking
            when 'offered' then v.is_offered
            when 'consented' then v.is_consented
            when 'accepted' then v.is_accepted
            when 'engaged' then v.is_engaged
            when 'completed' then v.is_completed
        end
    union all
    select
        p.period_code,
        m.unit,
        o.referral_ref,
        o.person_ref,
        m.measure_code
    from core.support_offers as o
    inner join core.support_periods as p
        on o.offered_date >= p.period_start and o.offered_date < p.period_end and p.is_held
    inner join reference.support_measures as m
        on m.unit = 'offers'
        and case m.measure_code
            when 'referrals' then true
            when 'referrals_accepted' then o.is_accepted
            when 'referrals_contacted' then o.is_accepted and o.contact_days is not null
        end
),

counted as (
    select s.period_code, s.measure_code, g.breakdown, g.group_code, count(*) as person_count
    from steps as s
    inner join core.support_groups as g
        on s.period_code = g.period_code and s.unit = g.unit and s.unit_ref = g.unit_ref
    group by s.period_code, s.measure_code, g.breakdown, g.group_code
),

-- if one suspect accounts for a whole group, its count would reveal facts about that person
suspects as (
    select distinct
        p.period_code,
        coalesce(k.person_ref, v.person_key) as person_ref,
        coalesce(q.person_ref, s.person_key) as suspect_ref
    from core.crimes as c
    inner join core.support_periods as p
        on c.recorded_date >= p.period_start and c.recorded_date < p.period_end and p.is_held
    inner join core.parties as v on c.crime_ref = v.crime_ref and v.party_role = 'victim'
    inner join core.parties as s on c.crime_ref = s.crime_ref and s.party_role in ('suspect', 'offender')
    left join core.people as k on v.person_key = k.person_key
    left join core.people as q on s.person_key = q.person_key
    where
        c.is_stalking_or_harassment
        and c.removal_code is null
        and v.person_key is not null
        and s.person_key is not null
        and s.is_named
),

counted_by_suspect as (
    select s.period_code, s.measure_code, g.breakdown, g.group_code, q.suspect_ref, count(*) as person_count
    from steps as s
    inner join core.support_groups as g
        on s.period_code = g.period_code and s.unit = g.unit and s.unit_ref = g.unit_ref
    inner join suspects as q on s.period_code = q.period_code and s.person_ref = q.person_ref
    group by s.period_code, s.measure_code, g.breakdown, g.group_code, q.suspect_ref
),

most_by_suspect as (
    select period_code, measure_code, breakdown, group_code, max(person_count) as person_count
    from counted_by_suspect
    group by period_code, measure_code, breakdown, group_code
),

cells as (
    select
        m.measure_code,
        m.parent_code,
        g.period_code,
        g.breakdown,
        g.group_code,
        g.group_name,
        g.place,
        -- a month is the same month in the evidence of either year
        case
            when g.breakdown = 'month' then m.measure_code || '|month|' || g.group_code
            else m.measure_code || '|' || g.period_code || '|' || g.breakdown || '|' || g.group_code
        end as cell_ref,
        e.is_measured
    from core.support_grid as g
    inner join reference.support_breakdowns as b on g.unit = b.unit and g.breakdown = b.breakdown
    inner join reference.support_measures as m
        on g.unit = m.unit
        and (m.breakdowns is null or m.breakdowns like '%' || g.breakdown || '%')
        and (
            b.measures_of = 'both'
            or (b.measures_of = 'services' and m.needs_source = 'referrals')
        )
    inner join core.support_measured as e on g.period_code = e.period_code and m.measure_code = e.measure_code
)

select
    c.cell_ref,
    c.measure_code,
    c.period_code,
    c.breakdown,
    c.group_code,
    c.group_name,
    c.place,
    case when c.is_measured then coalesce(n.person_count, 0) end as person_count,
    case when c.breakdown <> 'all' then c.measure_code || '|' || c.period_code || '|all|all' end as total_ref,
    h.cell_ref as parent_ref,
    coalesce(q.person_count = n.person_count, false) as is_of_few_people,
    cast(null as varchar) as before_ref,
    cast(null as varchar) as not_compared
from cells as c
left join counted as n
    on c.period_code = n.period_code
    and c.measure_code = n.measure_code
    and c.breakdown = n.breakdown
    and c.group_code = n.group_code
left join most_by_suspect as q
    on c.period_code = q.period_code
    and c.measure_code = q.measure_code
    and c.breakdown = q.breakdown
    and c.group_code = q.group_code
left join cells as h
    on c.parent_code = h.measure_code
    and c.period_code = h.period_code
    and c.breakdown = h.breakdown
    and c.group_code = h.group_code
union all
select
    cell_ref, measure_code, period_code, breakdown, group_code, group_name, place, person_count, total_ref, parent_ref,
    is_of_few_people, before_ref, not_compared
from core.measure_disclosure_cells
