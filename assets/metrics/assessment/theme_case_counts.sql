-- /// card
-- description = """One row is a counted fact about a theme's open crimes, their investigators, its suspects, or what \
--     standards and audits say of its records."""
-- grain = ["theme_code", "fact_code"]
-- by_force = true
-- audience = []
-- caveats = [
--     "A fact without a row is not measured.",
--     """A caseload counts open crimes of all themes that an investigator on the list holds. Work that is not in the \
--     extract is not counted.""",
--     "A standard that could not be evaluated finds no breach: the share of crimes with a breach is a minimum.",
-- ]
-- [columns]
-- theme_code = "columns"
-- fact_code = ["varchar", "Fact, as in reference.theme_facts"]
-- numerator = "columns"
-- denominator = ["bigint", "Denominator of the share; null for a number"]
-- ///

-- The organisational position of a theme (strategic-assessment 2.5), and its suspects. Few investigators could be
-- recognised by their caseload, so that it needs as many as metrics.open_caseload asks for.
with settings as (
    select
        scoring_open_days as open_days,
        scoring_caseload_most as caseload_most,
        caseload_minimum_investigators as fewest_investigators,
        audit_smallest_cell as smallest_cell
    from core.settings
),

moments as (
    select
        as_of_at,
        london_date(as_of_at - interval 1 second) as as_of_date
    from core.extract_moments
    where as_of_at is not null
),

of_year as (
    select t.theme_code, t.crime_ref
    from core.theme_crimes as t
    cross join moments as m
    where t.recorded_date > m.as_of_date - interval 12 month
),

-- an outcome after the as-of moment leaves the crime open; where outcomes are not followed, use its state
open_crimes as (
    select t.theme_code, t.crime_ref, c.recorded_date
    from core.theme_crimes as t
    inner join core.crimes as c on t.crime_ref = c.crime_ref
    left join core.outcome_times as o on t.crime_ref = o.crime_ref
    where case when o.crime_ref is not null then o.outcome_code is null else c.is_open end
),

open_counts as (
    select
        o.theme_code,
        count(*) as open_count,
        count(*) filter (o.recorded_date < m.as_of_date - interval 1 day * s.open_days) as old_count
    from open_crimes as o
    cross join moments as m
    cross join settings as s
    group by o.theme_code
),

-- the latest allocation replaces the earlier ones
latest as (
    select a.crime_ref, a.investigator_ref, a.ended_at
    from core.allocations as a
    cross join moments as m
    where a.allocated_at <= m.as_of_at
    qualify row_number() over (partition by a.crime_ref order by a.allocated_at desc, a.investigator_ref) = 1
),

supplied as (
    select count(*) > 0 as has_allocations
    from latest
),

held as (
    select o.theme_code, o.crime_ref, l.investigator_ref, i.investigator_ref as known_ref
    from open_crimes as o
    cross join moments as m
    left join latest as l on o.crime_ref = l.crime_ref and coalesce(l.ended_at > m.as_of_at, true)
    left join core.investigators as i on l.investigator_ref = i.investigator_ref
),

loads as (
    select known_ref, count(distinct crime_ref) as load
    from held
    where known_ref is not null
    group by known_ref
),

unallocated as (
    select h.theme_code, count(*) filter (h.investigator_ref is null) as unallocated_count, count(*) as open_count
    from held as h
    cross join supplied as s
    where s.has_allocations
    group by h.theme_code
),

caseloads as (
    select
        h.theme_code,
        count(*) filter (l.load > s.caseload_most) as high_count,
        count(*) as held_count
    from held as h
    inner join loads as l on h.known_ref = l.known_ref
    cross join settings as s
    group by h.theme_code
),

holders as (
    select theme_code, cast(sum(load) as bigint) as load, count(*) as holder_count
    from (
        select distinct h.theme_code, h.known_ref, l.load
        from held as h
        inner join loads as l on h.known_ref = l.known_ref
    ) as d
    group by theme_code
),

levels as (
    select
        y.theme_code,
        count(*) filter (a.needs_detective and a.is_allocated_by_risk is not null) as known_count,
        count(*) filter (a.needs_detective and not a.is_allocated_by_risk) as below_count
    from of_year as y
    inner join core.allocation_facts as a on y.crime_ref = a.crime_ref
    group by y.theme_code
),

-- one code may be evaluated on several tables: one that ran is enough
standards as (
    select distinct rule_code
    from quality.rule_results
    where record_type = 'crime' and severity = 'error' and status in ('PASS', 'BREACH')
),

broken as (
    select distinct b.record_ref as crime_ref
    from quality.rule_breaches as b
    inner join standards as s on b.rule_code = s.rule_code
    where b.record_type = 'crime'
),

standard_counts as (
    select y.theme_code, count(b.crime_ref) as broken_count, count(*) as crime_count
    from of_year as y
    cross join (select count(*) > 0 as is_any from standards) as s
    left join broken as b on y.crime_ref = b.crime_ref
    where s.is_any
    group by y.theme_code
),

cycles as (
    select cycle_ref
    from core.audit_estimates
    qualify row_number() over (order by signed_off_at desc, cycle_ref) = 1
),

-- strata chosen at random among the crimes of a class; those chosen by a signal represent no other crimes. The
-- cross-cutting theme is of several strata, each drawn with a chance of its own
audited as (
    select t.theme_code, count(*) filter (u.final_result = 'fail') as failed_count, count(*) as rated_count
    from core.audit_unit_facts as u
    inner join cycles as c on u.cycle_ref = c.cycle_ref
    inner join core.theme_crimes as t on u.unit_ref = t.crime_ref
    inner join reference.themes as r on t.theme_code = r.theme_code and r.band <> 'cross-cutting'
    where u.unit_type = 'crime' and u.stratum in ('A', 'B', 'D') and u.final_result in ('pass', 'fail')
    group by t.theme_code
),

-- a suspect is eliminated only when every row of the person is
suspects as (
    select distinct y.theme_code, p.person_ref
    from of_year as y
    inner join (
        select crime_ref, person_key
        from core.parties
        where party_role in ('suspect', 'offender') and person_key is not null
        group by crime_ref, person_key
        having count(*) > count(eliminated_at)
    ) as r on y.crime_ref = r.crime_ref
    inner join core.people as p on r.person_key = p.person_key
),

windows as (
    select suspect_ref, is_repeat, is_serial
    from core.suspect_windows
    where is_current and window_days = 365
),

suspect_counts as (
    select
        s.theme_code,
        count(*) as suspect_count,
        count(*) filter (w.is_repeat) as repeat_count,
        count(*) filter (w.is_serial) as serial_count
    from suspects as s
    left join windows as w on s.person_ref = w.suspect_ref
    group by s.theme_code
),

-- without staff_course nothing is known of anybody's training
training as (
    select y.theme_code, count(*) filter (h.is_kept) as trained_count, count(*) as known_count
    from of_year as y
    inner join core.handling_duties as h on y.crime_ref = h.crime_ref and h.measure_code = 'trained_officer'
    where not exists (select 1 from core.supply_gaps where code = 'trained_officer')
    group by y.theme_code
)

select theme_code, 'open' as fact_code, open_count as numerator, cast(null as bigint) as denominator from open_counts
union all
select theme_code, 'open_old', old_count, open_count from open_counts
union all
select theme_code, 'unallocated', unallocated_count, open_count from unallocated
union all
select h.theme_code, 'caseload_mean', h.load, h.holder_count
from holders as h cross join settings as s where h.holder_count >= s.fewest_investigators
union all
select c.theme_code, 'caseload_high', c.high_count, c.held_count
from caseloads as c
inner join holders as h on c.theme_code = h.theme_code
cross join settings as s
where h.holder_count >= s.fewest_investigators
union all
select theme_code, 'below_level', below_count, known_count from levels where known_count > 0
union all
select theme_code, 'standards_broken', broken_count, crime_count from standard_counts
union all
select theme_code, 'training', trained_count, known_count from training
union all
select a.theme_code, 'audit_failed', a.failed_count, a.rated_count
from audited as a cross join settings as s where a.rated_count >= s.smallest_cell
union all
select theme_code, 'suspects', suspect_count, null from suspect_counts
union all
-- repeat and serial suspects are those of stalking and harassment: other themes have no such figure
select s.theme_code, 'suspects_repeat', s.repeat_count, s.suspect_count
from suspect_counts as s inner join reference.themes as t on s.theme_code = t.theme_code and t.band = 'scored'
union all
select s.theme_code, 'suspects_serial', s.serial_count, s.suspect_count
from suspect_counts as s inner join reference.themes as t on s.theme_code = t.theme_code and t.band = 'scored'
