-- /// card
-- description = """One row is a moment (a month end, or the as-of moment) and a part of the force. It has the crimes \
--     of stalking and harassment open then, and the caseload of investigators with any."""
-- grain = ["force_code", "measured_at", "is_as_of", "breakdown", "stratum"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """A crime is open if it had no outcome except 0 and was not removed at the moment. The class is that of the \
--     time, principal or included.""",
--     """Per investigator means per investigator on the list with at least one such crime: those with none, and other \
--     work, are left out.""",
--     "Units and levels come from the delivered list of investigators: earlier units are not known.",
--     """A moment needs all twelve whole months before it in the extract, because crimes of a missing month would be \
--     missing too. Crimes recorded before the extract begins are missing in any case.""",
--     """The extract has the same first day for all month ends. With four years of data, the first month end covers \
--     crimes of one year and the last those of four. Early month ends are too low, and this alone explains part of \
--     any rise.""",
--     "Without risk assessments, or without their grades and times, there is no breakdown by risk: not measured.",
--     """Units, levels and risk grades contain crimes of investigators on the list. Unallocated crimes, and those of \
--     anyone not on the list, are shown only for the whole force.""",
--     """Units and levels with fewer than five investigators, and grades with fewer than five crimes, are joined with \
--     the next smallest. Figures for fewer than five investigators show no caseload. The 90th percentile and the \
--     highest caseload are each one officer's: they are shown only for the whole force, and need ten investigators.""",
--     "A month end and the month before share most of their crimes: there are no control limits.",
-- ]
-- [columns]
-- force_code = "columns"
-- month = ["date", "Month that ends at the moment, or that includes the as-of moment"]
-- measured_at = ["timestamp with time zone", "Month end or as-of moment", "UTC"]
-- is_as_of = ["boolean", "The as-of moment; otherwise a month end"]
-- breakdown = ["varchar", "force, unit, level (of the investigator) or risk (of the crime)"]
-- stratum = ["varchar", "Part of the breakdown; small ones joined"]
-- open_count = ["bigint", """Open crimes; null for a unit or level of fewer than five \
--     investigators""", "crimes", "Open crimes"]
-- unallocated_count = ["bigint", """Of these, crimes without a current allocation; null except for the whole \
--     force""", "crimes", "Not allocated"]
-- unknown_holder_count = ["bigint", """Of these, crimes of an investigator not on the list; null except for the whole \
--     force""", "crimes", "Investigator not on the list"]
-- away_open_count = ["bigint", """Of these, crimes of an investigator absent at the moment; null where no absences \
--     were delivered, or for few investigators""", "crimes", "Investigator absent"]
-- unclear_count = ["bigint", "Further crimes that may or may not be open; null except for the whole force", "crimes"]
-- investigator_count = ["bigint", """Investigators on the list with at least one; null for few (a \
--     setting)""", "investigators", "Investigators who hold any"]
-- crimes_per_investigator = ["double", "Open crimes per investigator", "crimes", "Mean"]
-- median_count = ["double", "Median of their caseloads", "crimes", "Median"]
-- percentile_90_count = ["bigint", """90th percentile by nearest rank; only for the whole force, null below ten \
--     investigators""", "crimes", "90th percentile"]
-- highest_count = ["bigint", """Highest caseload; only for the whole force, null below ten \
--     investigators""", "crimes", "Highest"]
-- ///

-- Open crimes per investigator with any. No officer can be identified: figures from too few investigators are joined or
-- left out.
with settings as (
    select
        cast(caseload_history_months as integer) as history_months,
        caseload_minimum_investigators as fewest,
        caseload_minimum_for_90th as fewest_for_90th
    from core.settings
),

covered as (
    select force_code, month
    from metrics.demand_months
    where source = 'extract' and offence_code = 'S&H'
),

measured as (
    select distinct force_code, month, measured_at, is_as_of
    from core.caseload_holdings
),

-- open crimes recorded in a missing month are not in the caseload, so the moment is left out
moments as (
    select m.force_code, m.month, m.measured_at, m.is_as_of
    from measured as m
    cross join settings as s
    inner join covered as c
        on m.force_code = c.force_code
        and c.month > m.month - interval 1 month * (s.history_months + case when m.is_as_of then 1 else 0 end)
        and c.month <= m.month - interval 1 month * case when m.is_as_of then 1 else 0 end
    group by m.force_code, m.month, m.measured_at, m.is_as_of, s.history_months
    having count(*) >= s.history_months
),

held as (
    select
        m.force_code,
        m.month,
        m.measured_at,
        m.is_as_of,
        h.crime_ref,
        case when h.is_investigator_known then h.investigator_ref end as investigator_ref,
        h.investigator_ref is null as is_unallocated,
        h.investigator_ref is not null and not h.is_investigator_known as is_unknown,
        h.is_investigator_away,
        h.is_risk_measured,
        coalesce(h.unit_name, 'unit not known') as unit_stratum,
        coalesce('level ' || cast(h.pip_level as varchar), 'level not known') as level_stratum,
        coalesce(h.risk_grade, 'not assessed') as risk_stratum
    from core.caseload_holdings as h
    inner join moments as m
        on h.force_code = m.force_code and h.measured_at = m.measured_at and h.is_as_of = m.is_as_of
    where not h.is_end_unknown
),

-- crimes of nobody on the list are shown only for the whole force: with the parts, small numbers could be derived
strata as (
    select *, 'force' as breakdown, 'whole force' as stratum from held
    union all
    select *, 'unit', unit_stratum from held where investigator_ref is not null
    union all
    select *, 'level', level_stratum from held where investigator_ref is not null
    union all
    -- a grade that could not be given does not mean 'not assessed'
    select *, 'risk', risk_stratum from held where investigator_ref is not null and is_risk_measured
),

sizes as (
    select
        force_code, measured_at, is_as_of, breakdown, stratum,
        case when breakdown = 'risk' then count(*) else count(distinct investigator_ref) end as size
    from strata
    where breakdown <> 'force'
    group by force_code, measured_at, is_as_of, breakdown, stratum
),

ranked as (
    select
        *,
        coalesce(sum(size) over (
            partition by force_code, measured_at, is_as_of, breakdown order by size, stratum
            rows between unbounded preceding and 1 preceding
        ), 0) as smaller_size
    from sizes
),

-- small parts are joined, and with the next part too while they are few: otherwise subtraction would reveal them
few as (
    select r.force_code, r.measured_at, r.is_as_of, r.breakdown, r.stratum
    from ranked as r
    cross join settings as s
    where r.size < s.fewest or (r.smaller_size > 0 and r.smaller_size < s.fewest)
),

joined as (
    select
        t.*,
        case
            when f.stratum is null then t.stratum
            when t.breakdown = 'risk' then 'grades with few crimes, together'
            else t.breakdown || 's with few investigators, together'
        end as part
    from strata as t
    left join few as f
        on t.force_code = f.force_code and t.measured_at = f.measured_at and t.is_as_of = f.is_as_of
        and t.breakdown = f.breakdown and t.stratum = f.stratum
),

counts as (
    select
        force_code, month, measured_at, is_as_of, breakdown, part,
        count(*) as open_count,
        count(*) filter (is_unallocated) as unallocated_count,
        count(*) filter (is_unknown) as unknown_holder_count,
        count(investigator_ref) as held_count,
        count(distinct investigator_ref) as investigator_count,
        case when count(is_investigator_away) > 0 then count(*) filter (is_investigator_away) end as away_open_count
    from joined
    group by force_code, month, measured_at, is_as_of, breakdown, part
),

loads as (
    select
        force_code, measured_at, is_as_of, breakdown, part, investigator_ref,
        count(*) as load,
        row_number() over (
            partition by force_code, measured_at, is_as_of, breakdown, part order by count(*), investigator_ref
        ) as place,
        count(*) over (partition by force_code, measured_at, is_as_of, breakdown, part) as holder_count
    from joined
    where investigator_ref is not null
    group by force_code, measured_at, is_as_of, breakdown, part, investigator_ref
),

spreads as (
    select
        force_code, measured_at, is_as_of, breakdown, part,
        -- median: the middle value, or the mean of the middle two; 90th percentile: nearest rank
        avg(load) filter (place in (floor((holder_count + 1) / 2), ceil((holder_count + 1) / 2))) as median_count,
        max(load) filter (place = ceil(holder_count * 9 / 10)) as percentile_90_count,
        max(load) as highest_count
    from loads
    group by force_code, measured_at, is_as_of, breakdown, part
),

judged as (
    select c.*, c.investigator_count > 0 and c.investigator_count < s.fewest as is_few
    from counts as c
    cross join settings as s
),

unclear as (
    select force_code, measured_at, is_as_of, count(*) as unclear_count
    from core.caseload_holdings
    where is_end_unknown
    group by force_code, measured_at, is_as_of
)

select
    c.force_code,
    c.month,
    c.measured_at,
    c.is_as_of,
    c.breakdown,
    c.part as stratum,
    -- crimes of few investigators are caseloads of people who can be identified
    case when c.breakdown in ('force', 'risk') or not c.is_few then c.open_count end as open_count,
    case when c.breakdown = 'force' then c.unallocated_count end as unallocated_count,
    case when c.breakdown = 'force' then c.unknown_holder_count end as unknown_holder_count,
    case when not c.is_few then c.away_open_count end as away_open_count,
    case when c.breakdown = 'force' then coalesce(u.unclear_count, 0) end as unclear_count,
    case when not c.is_few then c.investigator_count end as investigator_count,
    case when not c.is_few then c.held_count / nullif(c.investigator_count, 0) end as crimes_per_investigator,
    case when not c.is_few then p.median_count end as median_count,
    -- both are one officer's caseload: only for the whole force, and only with enough investigators
    cast(case when c.breakdown = 'force' and c.investigator_count >= s.fewest_for_90th then p.percentile_90_count end
        as bigint) as percentile_90_count,
    cast(case when c.breakdown = 'force' and c.investigator_count >= s.fewest_for_90th then p.highest_count end as bigint)
        as highest_count
from judged as c
cross join settings as s
left join spreads as p
    on c.force_code = p.force_code and c.measured_at = p.measured_at and c.is_as_of = p.is_as_of
    and c.breakdown = p.breakdown and c.part = p.part
left join unclear as u
    on c.force_code = u.force_code and c.measured_at = u.measured_at and c.is_as_of = u.is_as_of
