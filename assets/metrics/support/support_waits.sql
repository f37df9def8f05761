-- /// card
-- description = "One row is the wait of victims for support, in a year, a month of offers or a service."
-- grain = ["wait_code", "period_code", "breakdown", "group_code"]
-- by_force = true
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     """Accepted referrals only: waiting times exclude people still waiting or who withdrew. In the last months only \
--     short waits have ended.""",
--     "Shown where its count is released and more victims than the limit waited.",
-- ]
-- [columns]
-- wait_code = ["varchar", "acceptance or contact"]
-- wait_name = ["varchar", "Description", "", "Wait"]
-- period_code = "metrics.released_figures"
-- breakdown = ["varchar", "all, month or service"]
-- group_code = ["varchar", "Month or service"]
-- group_name = "metrics.released_figures"
-- month = ["date", "Month of the offer; null for others"]
-- token = ["varchar", "Null where the count is released, otherwise *"]
-- referral_text = ["varchar", "Referrals used, as released", "", "Referrals"]
-- mean_days = ["double", "Mean wait; null where it is not released", "days", "Mean (days)"]
-- median_days = ["double", "Median wait; null where it is not released", "days", "Median (days)"]
-- ///

-- A wait is shown only where its count is released, and never for a smaller group.
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
    select cast(disclosure_suppress_to as bigint) as suppress_to
    from core.settings
),

shown as (
    -- every released count has a row, with or without a wait: a missing row would reveal that there is none
    select
        k.wait_code,
        k.wait_name,
        f.period_code,
        f.breakdown,
        f.group_code,
        f.group_name,
        f.token,
        f.text as referral_text,
        coalesce(f.token = '' and f.value > 0 and m.person_count > s.suppress_to, false) as is_shown,
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
    case when is_shown then round(mean_days, 1) end as mean_days,
    case when is_shown then round(median_days, 0) end as median_days
from shown
