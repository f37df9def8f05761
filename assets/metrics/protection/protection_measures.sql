-- /// card
-- description = """One row is a measure of the protection of victims, over the latest twelve months that are whole; no \
--     person can be identified."""
-- grain = ["measure_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """A share covers duties that were due by the as-of moment and can be assessed. Undated duties are not known \
--     and are counted separately. A duty due later is neither met nor missed, even if it is already done.""",
--     "There is no share where more than half of the duties that were due or not known are not known.",
--     "An action that is not on the record counts as missed, although it may have been done.",
--     """Counted are duties that arose in the latest twelve months in which each had its time. Where the extract has no \
--     such year, all of its months are counted. A duty without a limit may still be done later. Other periods are in metrics.measure_values.""",
-- ]
-- [columns]
-- "measure_code, place, section, kind, is_lead" = "reference.protection_measures"
-- measure_name = ["varchar", "Description, with the time limit"]
-- advice_rows = "reference.protection_measures"
-- period_start = ["date", "First month of what is counted; null if nothing is", "", "From"]
-- period_end = ["date", "Last month of what is counted, as its first day; null if nothing is", "", "To"]
-- status = ["varchar", "measured, too little known, nothing to judge, nothing arose or not measured"]
-- reason = ["varchar", "Why it is not measured or has no share"]
-- due_count = ["bigint", "Due and assessed: met, late or missed", "duties"]
-- met_count = ["bigint", "Done, in time where there is a time limit", "duties"]
-- late_count = ["bigint", "Done late", "duties", "Late"]
-- missed_count = ["bigint", "Not done by the time limit", "duties"]
-- not_known_count = ["bigint", "Cannot be judged", "duties"]
-- not_yet_due_count = ["bigint", "Due after the as-of moment, done or not", "duties"]
-- met_share = ["double", "Met, as a share of due", "share"]
-- share_lower = ["double", "Lower end of the 95% interval", "share"]
-- share_upper = ["double", "Upper end of the 95% interval", "share"]
-- median_hours = ["double", "Median time to actions that were due and done, in time or late", "hours", "Median, hours"]
-- ///

-- Strategic-assessment 1. A share covers duties that were due and can be assessed, with Wilson's interval; duties not
-- known or not yet due are counted separately. A measure without its fields is not measured, which is neither met nor
-- breached.
with settings as (
    select intervals_z as z
    from core.settings
),

measures as (
    select
        m.measure_code,
        m.place,
        m.section,
        m.kind,
        m.is_lead,
        replace(
            m.words,
            '{limit}',
            coalesce(
                cast(cast(s.value as integer) as varchar) || ' '
                || case when s.value = 1 then substr(s.unit, 1, length(s.unit) - 1) else s.unit end,
                ''
            )
        ) as measure_name,
        m.advice_rows,
        m.timing,
        r.code is null as is_measured,
        case when r.code is not null then r.lacks || ' not supplied' end as reason
    from reference.protection_measures as m
    left join reference.settings as s on m.setting_key = s.key
    left join core.supply_gaps as r on m.measure_code = r.code
),

-- the latest year in which each case had its time, else all months
years as (
    select measure_code, period_type = 'to_date' as is_of_all, period_start, period_end
    from metrics.measure_values
    where breakdown = 'none' and (period_type = 'rolling_12' and is_drawn or period_type = 'to_date')
    qualify row_number() over (partition by measure_code order by period_type = 'to_date', period_end desc) = 1
),

counted as (
    select
        d.measure_code,
        count(*) filter (where d.state in ('met', 'late', 'missed')) as due_count,
        count(*) filter (where d.state = 'met') as met_count,
        count(*) filter (where d.state = 'late') as late_count,
        count(*) filter (where d.state = 'missed') as missed_count,
        count(*) filter (where d.state = 'not known') as not_known_count,
        count(*) filter (where d.state = 'not yet due') as not_yet_due_count,
        -- only duties that were due: those done early and due later are all quick
        median(hours_between(d.arises_at, d.done_at)) filter (where d.state in ('met', 'late')) as median_hours
    from core.protection_duties as d
    left join years as y on d.measure_code = y.measure_code
    -- what is not due yet arose later
    where coalesce(y.is_of_all, true) or d.month between y.period_start and y.period_end or d.state = 'not yet due'
    group by d.measure_code
),

counts as (
    select
        m.*,
        y.period_start,
        y.period_end,
        case when m.is_measured then coalesce(c.due_count, 0) end as due_count,
        case when m.is_measured then coalesce(c.met_count, 0) end as met_count,
        case when m.is_measured then coalesce(c.late_count, 0) end as late_count,
        case when m.is_measured then coalesce(c.missed_count, 0) end as missed_count,
        case when m.is_measured then coalesce(c.not_known_count, 0) end as not_known_count,
        case when m.is_measured then coalesce(c.not_yet_due_count, 0) end as not_yet_due_count,
        case when m.is_measured and m.timing = 'limit' then c.median_hours end as median_hours,
        c.met_count / cast(nullif(c.due_count, 0) as double) as share,
        s.z
    from measures as m
    cross join settings as s
    left join counted as c on m.measure_code = c.measure_code
    left join years as y on m.measure_code = y.measure_code
),

-- where most duties are not known, the dated ones may not be typical
joined as (
    select *, due_count > 0 and 2 * not_known_count > due_count + not_known_count as is_little_known
    from counts
)

select
    measure_code,
    place,
    section,
    kind,
    is_lead,
    measure_name,
    advice_rows,
    period_start,
    period_end,
    case
        when not is_measured then 'not measured'
        when due_count + not_known_count + not_yet_due_count = 0 then 'nothing arose'
        when due_count = 0 then 'nothing to judge'
        when is_little_known then 'too little known'
        else 'measured'
    end as status,
    case when is_measured and is_little_known then 'too many not known to give a share' else reason end as reason,
    due_count,
    met_count,
    late_count,
    missed_count,
    not_known_count,
    not_yet_due_count,
    case when due_count > 0 and not is_little_known then share end as met_share,
    case
        when is_little_known then null
        when met_count = 0 and due_count > 0 then 0.0
        when due_count > 0 then wilson_lower(share, due_count, z)
    end as share_lower,
    case
        when is_little_known then null
        when met_count = due_count and due_count > 0 then 1.0
        when due_count > 0 then wilson_upper(share, due_count, z)
    end as share_upper,
    median_hours
from joined
