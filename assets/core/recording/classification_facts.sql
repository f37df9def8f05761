-- /// card
-- description = "One row is a crime with its class compared with relationship, time, report and charge."
-- grain = ["crime_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "Rules use these facts; a null fact could not be assessed and is never a pass.",
--     "A signal refers a crime to the registrar and decides nothing: a person decides how to record.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code, ho_code, relationships" = "core.crimes"
-- is_former_partner_rule_kept = ["boolean", """CLS-01: no course of conduct by a former partner, or a rationale for \
--     harassment only; null where relationship or conduct is not known"""]
-- conduct_until_date = ["date", "Last day of the conduct, London; the first day where the last is not known"]
-- is_conduct_under_stalking_law = ["boolean", """CLS-10: the conduct continued to the day on which stalking became an \
--     offence; null where its end is not known and matters"""]
-- is_recorded_under_stalking_class = ["boolean", "CLS-11: recorded on or after the day class 8Q began"]
-- has_conduct_beside_other_class = ["boolean", """Principal and included classes contain a course of conduct and \
--     another offence"""]
-- report_group_ref = "core.crimes"
-- report_crime_count = ["bigint", "Crimes of the report", "crimes"]
-- is_other_crime_recorded = ["boolean", """CLS-14: the report has more than one crime; null where the report is not \
--     known"""]
-- alternate_ho_codes = ["varchar", "Alternate offences charged"]
-- is_stalking_charged_otherwise = ["boolean", "Stalking with an outcome 1A"]
-- is_stalking_charged = ["boolean", """CLS-23: the alternate offence is also stalking; null where its class is not \
--     listed"""]
-- ///

-- Class compared with relationship, time, report and charge: recording-standards 1.4 to 1.6 and 6.3.
with starts as (
    select
        min(valid_from) filter (regime_ref = 'R12') as stalking_offence_from,
        min(valid_from) filter (regime_ref = 'R14') as stalking_class_from
    from reference.recording_regimes
),

report_groups as (
    select force_code, report_group_ref, count(*) as crime_count
    from core.crimes
    where report_group_ref is not null
    group by force_code, report_group_ref
),

-- R18: stalking, harassment or controlling behaviour is recorded in addition to the other offence of a report
conduct as (
    select
        k.crime_ref,
        bool_or(g.code is not null) as has_conduct_class,
        bool_or(g.code is null) as has_other_class
    from core.crime_classes as k
    left join reference.class_groups as g on g.class_group = 'course of conduct' and k.class_code = g.code
    where k.class_code is not null
    group by k.crime_ref
),

charges as (
    select
        o.crime_ref,
        count(*) as alternate_charge_count,
        bool_and(h.class_code = '8Q') as is_stalking_charged,
        string_agg(distinct o.alternate_ho_code, ', ' order by o.alternate_ho_code) as alternate_ho_codes
    from core.outcomes as o
    left join reference.ho_codes as h on o.alternate_ho_code = h.ho_code
    where o.outcome_code = '1A'
    group by o.crime_ref
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    c.ho_code,
    c.relationships,
    case
        when c.has_harassment_only_rationale or not c.is_former_partner or not c.is_course_of_conduct then true
        when c.is_former_partner and c.is_course_of_conduct then false
    end as is_former_partner_rule_kept,
    london_date(coalesce(c.offence_to_at, c.offence_from_at)) as conduct_until_date,
    case
        -- conduct whose end is not known may have continued
        when c.offence_to_at is not null
            then london_date(c.offence_to_at) >= s.stalking_offence_from
        when london_date(c.offence_from_at) >= s.stalking_offence_from then true
    end as is_conduct_under_stalking_law,
    c.recorded_date >= s.stalking_class_from as is_recorded_under_stalking_class,
    coalesce(k.has_conduct_class and k.has_other_class, false) as has_conduct_beside_other_class,
    c.report_group_ref,
    g.crime_count as report_crime_count,
    case when c.report_group_ref is not null then g.crime_count > 1 end as is_other_crime_recorded,
    a.alternate_ho_codes,
    c.class_code = '8Q' and a.crime_ref is not null as is_stalking_charged_otherwise,
    a.is_stalking_charged
from core.crimes as c
cross join starts as s
left join report_groups as g on c.force_code = g.force_code and c.report_group_ref = g.report_group_ref
left join conduct as k on c.crime_ref = k.crime_ref
left join charges as a on c.crime_ref = a.crime_ref
