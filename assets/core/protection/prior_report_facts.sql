-- /// card
-- description = """One row is a crime of stalking or harassment, not removed, whose victim and suspect have earlier \
--     reports."""
-- grain = ["crime_ref"]
-- audience = []
-- caveats = [
--     "Facts for the rules: a fact that cannot be assessed is null. Cancelled and transferred crimes are left out.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- prior_report_count = ["bigint", """Earlier reports of the pair: a crime and the incident it was recorded from count \
--     as one"""]
-- unlinked_report_count = ["bigint", "Of these, reports not linked to this crime"]
-- unlinked_reports = ["varchar", "References of the reports not linked"]
-- ///

-- Recording-standards 6.6, INV-03. A crime and the incident it was recorded from count as one report; a removed crime
-- does not count (6.0.5).
with reports as (
    select crime_ref, coalesce(incident_ref, crime_ref) as report_ref, report_group_ref
    from core.crimes
    where not is_cancelled and not is_transferred
),

-- a link counts in either direction
links as (
    select crime_ref, linked_ref
    from core.crime_links
    union
    select linked_ref, crime_ref
    from core.crime_links
    where linked_type = 'crime'
),

linked as (
    select distinct l.crime_ref, coalesce(r.report_ref, l.linked_ref) as report_ref
    from links as l
    left join reports as r on l.linked_ref = r.crime_ref
),

earlier as (
    select distinct
        p.crime_ref,
        case when e.record_type = 'crime' then t.report_ref else e.record_ref end as report_ref,
        t.report_ref as through_ref
    from core.pair_crimes as p
    inner join reports as own on p.crime_ref = own.crime_ref
    inner join core.pair_events as e on p.pair_ref = e.pair_ref and e.event_at < p.reported_at
    inner join reports as t on e.crime_ref = t.crime_ref
    where
        case when e.record_type = 'crime' then t.report_ref else e.record_ref end <> own.report_ref
        and not coalesce(t.report_group_ref = own.report_group_ref, false)
),

-- an incident counts as linked when it is linked itself, or when its crime is
judged as (
    select
        e.crime_ref,
        e.report_ref,
        bool_or(l.report_ref is not null or (v.report_ref is not null and v.report_ref <> o.report_ref)) as is_linked
    from earlier as e
    inner join reports as o on e.crime_ref = o.crime_ref
    left join linked as l on e.crime_ref = l.crime_ref and e.report_ref = l.report_ref
    left join linked as v on e.crime_ref = v.crime_ref and e.through_ref = v.report_ref
    group by e.crime_ref, e.report_ref
),

counted as (
    select
        crime_ref,
        count(*) as prior_report_count,
        count(*) filter (where not is_linked) as unlinked_report_count,
        string_agg(report_ref, ', ' order by report_ref) filter (where not is_linked) as unlinked_reports
    from judged
    group by crime_ref
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    n.prior_report_count,
    n.unlinked_report_count,
    n.unlinked_reports
from core.crimes as c
inner join counted as n on c.crime_ref = n.crime_ref
where c.is_stalking_or_harassment
