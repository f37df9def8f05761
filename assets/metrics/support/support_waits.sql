-- /// card
-- description = "One row is how long victims waited for support, of a year, a month of offers or a service."
-- grain = ["wait_code", "period_code", "breakdown", "group_code"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     """Of accepted referrals alone: who still waits, or went away, is in no wait. Of the last months only the \
--     short waits are over.""",
--     "Told where the count that it rests on is released and more victims than the limit waited.",
-- ]
-- [columns]
-- wait_code = ["varchar", "acceptance or contact"]
-- wait_name = ["varchar", "In words", "", "Wait"]
-- period_code = "metrics.released_figures"
-- breakdown = ["varchar", "all, month or service"]
-- group_code = ["varchar", "Month or service"]
-- group_name = "metrics.released_figures"
-- month = ["date", "Month of the offer; empty for others"]
-- token = ["varchar", "Empty where the count is released, else *"]
-- referral_text = ["varchar", "Referrals it rests on, as released", "", "Referrals"]
-- mean_days = ["double", "Mean wait; empty where it is not released", "days", "Mean (days)"]
-- median_days = ["double", "Median wait; empty where it is not released", "days", "Median (days)"]
-- ///

-- Waits between the offer and the acceptance, and the acceptance and the first contact. A wait is told where the count
-- that it rests on is released, and for no smaller group.
with kinds as (
    select 'acceptance' as wait_code, 'From the offer to the acceptance' as wait_name, 'referrals_accepted' as measure_code
    union all
    select 'contact', 'From the acceptance to the first contact', 'referrals_contacted'
),

waits as (
    select
        k.wait_code,
        g.period_code,
        g.breakdown,
        g.group_code,
        coalesce(o.person_ref, o.referral_ref) as person_ref,
        case k.wait_code when 'acceptance' then o.acceptance_days else o.contact_days end as wait_days
    from core.support_offers as o
    inner join core.support_groups as g on g.unit = 'offers' and o.referral_ref = g.unit_ref
    cross join kinds as k
    where o.is_accepted
),

measured as (
    select
        wait_code,
        period_code,
        breakdown,
        group_code,
        avg(wait_days) as mean_days,
        median(wait_days) as median_days,
        count(distinct person_ref) as person_count
    from waits
    where wait_days is not null
    group by wait_code, period_code, breakdown, group_code
),

settings as (
    select cast(max(value) as bigint) as suppress_to
    from reference.settings
    where key = 'disclosure.suppress_to'
),

told as (
    -- a row for every released count, with a wait or without: a missing row would tell that there is none
    select
        k.wait_code,
        k.wait_name,
        f.period_code,
        f.breakdown,
        f.group_code,
        f.group_name,
        f.token,
        f.text as referral_text,
        coalesce(f.token = '' and f.value > 0 and m.person_count > s.suppress_to, false) as is_told,
        m.mean_days,
        m.median_days
    from kinds as k
    cross join settings as s
    inner join metrics.released_figures as f on k.measure_code = f.measure_code
    left join measured as m
        on k.wait_code = m.wait_code
        and f.period_code = m.period_code
        and f.breakdown = m.breakdown
        and f.group_code = m.group_code
    where f.token <> 'not measured'
)

select
    wait_code,
    wait_name,
    period_code,
    breakdown,
    group_code,
    group_name,
    case when breakdown = 'month' then cast(group_code as date) end as month,
    token,
    referral_text,
    case when is_told then round(mean_days, 1) end as mean_days,
    case when is_told then round(median_days, 0) end as median_days
from told
