-- /// card
-- description = "One row is a duty of protection owed to a victim, and its result."
-- grain = ["measure_code", "record_ref", "arises_at"]
-- audience = []
-- caveats = [
--     """Results are as of the as-of moment: an action after it is not yet done. A duty that is due later is neither \
--     met nor missed, even if it is already done.""",
--     """Among duties without a time limit, only risk_tool, victim_statement, referral_offered, order_grounds and \
--     victim_contact are as of that moment. The others are as delivered, regardless of when they were done: plans, \
--     the daily meeting, orders considered, answers to breaches, enhanced rights, engagement, notices, allocation, \
--     links, search powers, early advice and items of files.""",
--     "Crimes cancelled or transferred by then have no duties.",
--     "A measure of kind follow-up shows what happened afterwards; late and missed are not failings there.",
-- ]
-- [columns]
-- measure_code = "columns"
-- record_type = ["varchar", """Subject of the duty: crime, outcome, custody, order, breach, referral, pair, step, review \
--     or plan"""]
-- "record_ref, crime_ref" = "columns"
-- "unit_name, class_code" = "core.crimes"
-- month = ["date", "Month in which the duty arose, London"]
-- arises_at = "columns"
-- due_at = ["timestamp with time zone", "Last moment in time; null for a duty without a time limit", "UTC"]
-- done_at = ["timestamp with time zone", "When it was done, up to the as-of moment", "UTC"]
-- state = ["varchar", "met, late, missed, not yet due or not known"]
-- ///

-- Strategic-assessment 1, as of the as-of moment: an action after it is not yet done. A duty due later is not assessed,
-- even if already done. Otherwise the last months would contain only successes.
with duties as (
    select * from core.risk_duties
    union all
    select * from core.order_duties
    union all
    select * from core.victim_duties
    union all
    select * from core.case_duties
    union all
    select * from core.handling_duties
),

measures as (
    select m.measure_code, m.timing, s.value as limit_value, s.unit as limit_unit
    from reference.protection_measures as m
    left join reference.settings as s on m.setting_key = s.key
),

-- crimes removed by the as-of moment have no duties; orders and their breaches do not depend on a crime
removed as (
    select r.crime_ref
    from core.removals as r
    cross join core.extract_moments as e
    where coalesce(r.removed_at <= e.as_of_at, true)
    group by r.crime_ref
),

dated as (
    select
        d.measure_code,
        d.record_type,
        d.record_ref,
        d.crime_ref,
        d.arises_at,
        d.done_at,
        d.is_kept,
        d.is_undated,
        m.timing,
        e.as_of_at,
        case
            -- the Act leaves days out of these hours
            when d.measure_code = 'order_hearing' then h.due_at
            when m.limit_unit = 'hours' then d.arises_at + interval 1 hour * cast(m.limit_value as integer)
            when m.limit_unit = 'days' then d.arises_at + interval 1 hour * cast(24 * m.limit_value as integer)
            -- last moment of the London day that many working days later
            else (cast(n.day as timestamp) + interval 1 day) at time zone 'Europe/London' - interval 1 microsecond
        end as due_at
    from duties as d
    inner join measures as m on d.measure_code = m.measure_code
    cross join core.extract_moments as e
    left join core.order_hearing_facts as h on d.measure_code = 'order_hearing' and d.record_ref = h.order_ref
    left join core.working_days as b
        on m.limit_unit = 'working days' and london_date(d.arises_at) = b.day
    left join core.working_days as n
        on n.is_working_day and b.working_day_number + cast(m.limit_value as integer) = n.working_day_number
    left join removed as r on d.crime_ref = r.crime_ref and d.record_type not in ('order', 'breach')
    where coalesce(d.arises_at <= e.as_of_at, true) and r.crime_ref is null
)

select
    d.measure_code,
    d.record_type,
    d.record_ref,
    d.crime_ref,
    c.unit_name,
    c.class_code,
    month_of(london_date(d.arises_at)) as month,
    d.arises_at,
    case when d.timing = 'limit' then d.due_at end as due_at,
    case when d.done_at <= d.as_of_at then d.done_at end as done_at,
    case
        when d.timing <> 'limit' and d.is_kept and coalesce(d.done_at > d.as_of_at, false) then 'missed'
        -- a measure that only time can breach (no contact gap over 28 days): before that time is over it cannot be
        -- breached, so it is not yet met
        when d.timing <> 'limit' and d.is_kept and d.as_of_at < d.due_at then 'not yet due'
        when d.timing <> 'limit' then case d.is_kept when true then 'met' when false then 'missed' else 'not known' end
        when d.due_at is null then 'not known'
        when d.as_of_at < d.due_at then 'not yet due'
        when d.done_at <= d.as_of_at and d.done_at <= d.due_at then 'met'
        when d.done_at <= d.as_of_at then 'late'
        when d.is_undated then 'not known'
        else 'missed'
    end as state
from dated as d
left join core.crimes as c on d.crime_ref = c.crime_ref
-- one that was reported by the as-of moment and recorded after it is not known yet
where coalesce(c.recorded_at <= d.as_of_at, true)
