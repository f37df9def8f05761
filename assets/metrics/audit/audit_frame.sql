-- /// card
-- description = """One row is a unit that an audit of stalking and harassment may draw: a crime, or an incident as a \
--     whole report."""
-- grain = ["unit_type", "unit_ref"]
-- audience = ["integrity"]
-- caveats = [
--     """A: recorded 8Q. B: 8L. C: 8R, 9A, 3B or criminal damage with a FOUR signal of three or a repeat pair. D: \
--     breach of an order. E: closed without a crime, with stalking words or an ex-partner repeat. F: cancelled 8Q or \
--     8L. G: 8Q changed to 8L. H: reports with recorded stalking or harassment.""",
--     "C and E are chosen by a signal: they are reported separately, never as if drawn from all records.",
--     "Only E and H are whole reports, so only they can show a crime that was not recorded.",
--     """F counts in the month of its removal, G in that of its reclassification, the others in that of recording or \
--     report. Months that are not over at the as-of date are left out.""",
--     "Without narratives, C and E contain only what earlier events of the same pair show.",
-- ]
-- [columns]
-- "stratum, unit_type, unit_ref" = "columns"
-- report_ref = ["varchar", "Report that led to the crime; several crimes may share one"]
-- month = ["date", "Month in which it counts, London"]
-- class_code = ["varchar", "Recorded class of a crime"]
-- ho_code = ["varchar", "Recorded Home Office code of a crime"]
-- unit_name = "columns"
-- force_code = ["varchar", "Force of the record"]
-- linked_refs = ["varchar", """Crimes and incidents of the same victim and suspect in the previous 24 months, \
--     separated by a slash"""]
-- phrases = ["varchar", "Words in its text that gave a signal; integrity audience only"]
-- recorded_outcome_code = ["varchar", "Current outcome of a crime; hidden from raters"]
-- ///

-- Recording-standards 5.3, strata A to G, and H (see "Choices that differ"). Every unit is in one stratum only:
-- cancelled before reclassified before breach before class.
with full_months as (
    -- a month counts only when it has ended by the as-of day
    select month_of(london_date(as_of_at) + interval 1 day)
        as first_open_month
    from core.extract_moments
),

stances as (
    select crime_ref, class_code, sequence_number, changed_at from core.classification_changes
    union all
    select c.crime_ref, c.class_code, 1000000, max(h.changed_at)
    from core.crimes as c
    inner join core.classification_changes as h on c.crime_ref = h.crime_ref
    group by c.crime_ref, c.class_code
),

steps as (
    select
        crime_ref,
        class_code,
        changed_at,
        lag(class_code) over (partition by crime_ref order by sequence_number, changed_at, class_code) as class_before
    from stances
),

downgrades as (
    select crime_ref, max(changed_at) as downgraded_at
    from steps
    where class_before = '8Q' and class_code = '8L'
    group by crime_ref
),

protective_breaches as (
    select distinct b.crime_ref
    from core.order_breaches as b
    inner join core.orders as o on b.order_ref = o.order_ref
    where o.order_type in ('spo_interim', 'spo_full') and b.crime_ref is not null
),

-- other records of the same victim and suspect in the previous 24 months (5.3, step 3)
earlier as (
    select distinct
        e.record_type,
        e.record_ref,
        o.record_type || ':' || o.record_ref as linked_ref
    from core.pair_events as e
    inner join core.pair_events as o
        on e.pair_ref = o.pair_ref and o.event_at <= e.event_at and o.event_at > e.event_at - interval 24 month
    left join core.crimes as c on e.record_type = 'crime' and e.record_ref = c.crime_ref
    where (o.record_type <> e.record_type or o.record_ref <> e.record_ref)
        and (o.record_type <> 'incident' or c.incident_ref is null or o.record_ref <> c.incident_ref)
        and (o.record_type <> 'crime' or e.record_type <> 'incident' or o.event_at < e.event_at)
),

links as (
    select record_type, record_ref, string_agg(linked_ref, '|' order by linked_ref) as linked_refs, count(*) as link_count
    from earlier
    group by record_type, record_ref
),

former_partner_incidents as (
    select e.record_ref, bool_or(c.is_former_partner) as is_former_partner
    from core.pair_events as e
    inner join core.crimes as c on e.crime_ref = c.crime_ref
    where e.record_type = 'incident'
    group by e.record_ref
),

crime_units as (
    select
        case
            when c.is_cancelled and c.class_code in ('8Q', '8L') then 'F'
            when c.is_cancelled or c.is_transferred then null
            when g.crime_ref is not null and c.class_code = '8L' then 'G'
            when h.breached_order <> 'other order' or b.crime_ref is not null then 'D'
            when c.class_code = '8Q' then 'A'
            when c.class_code = '8L' then 'B'
            -- a FOUR signal is three of the four dimensions (CLS-04)
            when regexp_matches(c.class_code, '^(8R|9A|3B|58[A-Z]?)$')
                and (coalesce(s.four_score, 0) >= 3 or l.link_count > 0) then 'C'
        end as stratum,
        'crime' as unit_type,
        c.crime_ref as unit_ref,
        coalesce(c.report_group_ref, c.incident_ref, c.crime_ref) as report_ref,
        coalesce(
            case when c.is_cancelled then c.removed_at when c.class_code = '8L' then g.downgraded_at end, c.recorded_at
        ) as counted_at,
        c.class_code,
        c.ho_code,
        c.unit_name,
        c.force_code,
        l.linked_refs,
        s.phrases,
        c.outcome_code as recorded_outcome_code
    from core.crimes as c
    left join downgrades as g on c.crime_ref = g.crime_ref
    left join protective_breaches as b on c.crime_ref = b.crime_ref
    left join reference.ho_codes as h on c.ho_code = h.ho_code
    left join links as l on l.record_type = 'crime' and c.crime_ref = l.record_ref
    left join core.text_signals as s on s.record_type = 'crime' and c.crime_ref = s.record_ref
),

crimes_of_incidents as (
    select
        incident_ref,
        bool_or(is_stalking_or_harassment or is_included_stalking_or_harassment) as has_stalking_or_harassment
    from core.crimes
    where incident_ref is not null
    group by incident_ref
),

incident_units as (
    select
        case
            when c.has_stalking_or_harassment then 'H'
            when c.incident_ref is not null or i.closed_at is null then null
            when s.has_stalking_behaviour or s.four_score >= 3 then 'E'
            when p.is_former_partner and l.link_count > 0 then 'E'
        end as stratum,
        'incident' as unit_type,
        i.incident_ref as unit_ref,
        i.incident_ref as report_ref,
        i.created_at as counted_at,
        null as class_code,
        null as ho_code,
        null as unit_name,
        i.force_code,
        l.linked_refs,
        s.phrases,
        null as recorded_outcome_code
    from core.incidents as i
    left join crimes_of_incidents as c on i.incident_ref = c.incident_ref
    left join former_partner_incidents as p on i.incident_ref = p.record_ref
    left join links as l on l.record_type = 'incident' and i.incident_ref = l.record_ref
    left join core.text_signals as s on s.record_type = 'incident' and i.incident_ref = s.record_ref
),

units as (
    select * from crime_units
    union all
    select * from incident_units
)

select
    u.stratum,
    u.unit_type,
    u.unit_ref,
    u.report_ref,
    month_of(london_date(u.counted_at)) as month,
    u.class_code,
    u.ho_code,
    u.unit_name,
    u.force_code,
    u.linked_refs,
    u.phrases,
    u.recorded_outcome_code
from units as u
cross join full_months as m
where u.stratum is not null
    and london_date(u.counted_at) < m.first_open_month
