-- /// card
-- description = """One row is a force, financial year, class and outcome group in the Home Office's table, on one of \
--     two bases. It has the outcomes of the group and their denominator."""
-- grain = ["force_code", "period_start", "offence_class", "basis", "outcome_group"]
-- audience = ["command", "integrity"]
-- caveats = [
--     """Basis closed is an in-period ratio, not the share of crimes charged. Its outcomes were assigned in the year, \
--     to crimes of any age. A force that closes old cases in bulk changes the ratio, even if nothing else changes.""",
--     """Basis recorded is what was known when the table was made. Its denominator includes open crimes, so recent \
--     years are too low.""",
--     """Forces differ in what they record, when they close, and what they transfer: a difference is a question, not \
--     a verdict.""",
--     """A class without rows in a quarter may have had no outcome or may be missing. The table does not say which, \
--     so the class has no figure for the year. A rare class (8M, or 8R and 8U in a small force) may therefore lack a \
--     figure although its true count was zero.""",
--     """The whole subgroup (S&H) has a figure where every quarter has rows for 8L and 8Q. Each quarter must also \
--     have every other class that more than half of the forces have. Any other class without rows counts as zero.""",
--     """A year with a missing quarter or part has no figure. Negative counts are corrections by the force and are \
--     kept.""",
--     "Cancelled crimes are in neither basis. British Transport Police is in the table but in no funnel.",
-- ]
-- [columns]
-- force_code = "columns"
-- force_name = "reference.forces"
-- period_start = ["date", "First day of the financial year"]
-- period_end = ["date", "Last day of the financial year"]
-- offence_class = "columns"
-- basis = ["varchar", "closed: outcomes assigned in the year; recorded: crimes recorded in the year"]
-- title = ["varchar", "Which ratio it is"]
-- outcome_group = ["varchar", "Published outcome group, exact words; Code in no published list"]
-- outcome_count = ["bigint", "Outcomes of the group", "outcomes", "Crimes"]
-- denominator_count = ["bigint", "Outcomes assigned in the year, or crimes recorded in it", "outcomes or crimes"]
-- outcome_ratio = ["double", "Outcomes of the group divided by the denominator", "ratio"]
-- missing_reason = ["varchar", "Why there is no figure; otherwise empty"]
-- ///

-- Shares of the outcomes of the year, or of the crimes recorded in it (recording-standards 3.2, 3.3). The first is an
-- in-period ratio (strategic-assessment 5.1, D): its crimes are of any age. The second is what was known when the table
-- was made, open crimes included (A).
with counts as (
    select
        *,
        -- financial years begin in April
        make_date(year(period_start) - case when month(period_start) < 4 then 1 else 0 end, 4, 1) as year_start
    from core.force_outcome_counts
),

-- a class without rows in a quarter may be zero or missing: it is not taken as zero
held as (
    select distinct force_code, year_start, period_start, offence_class
    from counts
    where offence_class <> 'other class'
),

forces as (
    select period_start, count(distinct force_code) as force_count
    from held
    group by period_start
),

-- the whole subgroup needs harassment and stalking, and every class that more than half of the forces have in the quarter
expected as (
    select h.period_start, h.offence_class
    from held as h
    inner join forces as f on h.period_start = f.period_start
    group by h.period_start, h.offence_class, f.force_count
    having h.offence_class in ('8L', '8Q') or count(*) * 2 > f.force_count
),

whole_quarters as (
    select h.force_code, h.year_start, h.period_start
    from held as h
    left join expected as e on h.period_start = e.period_start and h.offence_class = e.offence_class
    inner join (
        select period_start, count(*) as class_count
        from expected
        group by period_start
    ) as n on h.period_start = n.period_start
    group by h.force_code, h.year_start, h.period_start, n.class_count
    having count(e.offence_class) = n.class_count
        and count(*) filter (where h.offence_class in ('8L', '8Q')) = 2
),

quarters as (
    select force_code, year_start, offence_class, count(*) as quarter_count
    from held
    group by force_code, year_start, offence_class
    union all
    select force_code, year_start, 'S&H', count(*)
    from whole_quarters
    group by force_code, year_start
),

by_class as (
    select force_code, year_start, basis, offence_class, outcome_group, outcome_count
    from counts
    where offence_class <> 'other class'
    union all
    select force_code, year_start, basis, 'S&H', outcome_group, outcome_count
    from counts
),

yearly as (
    select
        force_code,
        year_start,
        basis,
        offence_class,
        outcome_group,
        case when count(*) = count(outcome_count) then sum(outcome_count) end as outcome_count
    from by_class
    group by force_code, year_start, basis, offence_class, outcome_group
),

totals as (
    select
        force_code,
        year_start,
        basis,
        offence_class,
        case when count(*) = count(outcome_count) then sum(outcome_count) end as denominator_count
    from yearly
    group by force_code, year_start, basis, offence_class
),

outcome_groups as (
    select distinct outcome_group
    from reference.outcome_groups
    union
    select distinct outcome_group
    from yearly
),

-- a group without a row has no outcomes in a complete year; in an incomplete year its count is not known
grid as (
    select
        t.*,
        g.outcome_group,
        coalesce(q.quarter_count, 0) as quarter_count
    from totals as t
    left join quarters as q
        on t.force_code = q.force_code and t.year_start = q.year_start and t.offence_class = q.offence_class
    cross join outcome_groups as g
    where t.basis = 'recorded' or g.outcome_group <> 'Not yet assigned an outcome'
),

absent as (
    select g.force_code, g.year_start, max(a.reason) as reason
    from (select distinct force_code, year_start from grid) as g
    inner join reference.known_absences as a
        on a.source = 'home_office_outcomes' and g.force_code = a.force_code
        and a.from_month < g.year_start + interval 12 month
        and (a.to_month is null or a.to_month >= g.year_start)
    group by g.force_code, g.year_start
),

judged as (
    select
        g.*,
        coalesce(y.outcome_count, case when y.force_code is null then 0 end) as group_count,
        case
            when a.reason is not null then a.reason
            when g.quarter_count < 4 and g.offence_class = 'S&H'
                then 'at least one quarter is missing for some classes'
            when g.quarter_count < 4 then 'at least one quarter is missing'
            when g.denominator_count is null then 'the force did not provide a part of the year''s outcomes'
            when g.denominator_count <= 0 then 'no outcome of this class in the year'
            else ''
        end as missing_reason
    from grid as g
    left join yearly as y
        on g.force_code = y.force_code and g.year_start = y.year_start and g.basis = y.basis
        and g.offence_class = y.offence_class and g.outcome_group = y.outcome_group
    left join absent as a on g.force_code = a.force_code and g.year_start = a.year_start
)

select
    j.force_code,
    f.force_name,
    j.year_start as period_start,
    cast(j.year_start + interval 12 month - interval 1 day as date) as period_end,
    j.offence_class,
    j.basis,
    case j.basis
        when 'closed' then 'In-period ratio: outcomes of the group assigned in the year per outcome assigned in it'
        else 'So far: outcomes of the group of crimes recorded in the year per crime recorded in it'
    end as title,
    j.outcome_group,
    cast(case when j.missing_reason = '' then j.group_count end as bigint) as outcome_count,
    cast(case when j.missing_reason = '' then j.denominator_count end as bigint) as denominator_count,
    case when j.missing_reason = '' then j.group_count / nullif(j.denominator_count, 0) end as outcome_ratio,
    j.missing_reason
from judged as j
inner join reference.forces as f on j.force_code = f.force_code
