-- /// card
-- description = "One row is the wait of victims for support, in a year, a month of offers, a service or a calendar year."
-- grain = ["wait_code", "period_code", "breakdown", "group_code"]
-- by_force = true
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     """Accepted referrals only: waiting times exclude people still waiting or who withdrew. In the last months only \
--     short waits have ended.""",
--     "Shown where its count is released and more victims than the limit waited.",
--     """Calendar years overlap the years of the evidence, so that their counts are never released: only waits of at \
--     least 30 victims (disclosure.unrounded_below).""",
-- ]
-- [columns]
-- wait_code = ["varchar", "acceptance, contact, sent_contact or offer_contact"]
-- wait_name = ["varchar", "Description", "", "Wait"]
-- period_code = ["varchar", "Year of the evidence, by its last day; or a whole calendar year: calendar 2025"]
-- breakdown = ["varchar", "all, month or service"]
-- group_code = ["varchar", "Month or service"]
-- group_name = "columns"
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
    union all
    select 'sent_contact', 'From sending the referral to the first contact', 'referrals_contacted'
    union all
    select 'offer_contact', 'From the offer to the first contact', 'referrals_contacted'
),

offers as (
    select
        k.wait_code,
        o.referral_ref,
        o.service_ref,
        o.offered_date,
        coalesce(o.person_ref, o.referral_ref) as person_ref,
        case k.wait_code
            when 'acceptance' then o.acceptance_days
            when 'contact' then o.contact_days
            when 'sent_contact' then o.sent_contact_days
            when 'offer_contact' then o.offer_contact_days
        end as wait_days
    from core.support_offers as o
    cross join kinds as k
    where o.is_accepted
),

-- whole calendar years: the first offer is in their first month or before, and they have ended
calendar_years as (
    select distinct year(o.offered_date) as year
    from core.support_offers as o
    cross join (select year(min(offered_date) - interval 1 month) as year_before from core.support_offers) as f
    cross join core.extract_moments as m
    where year(o.offered_date) > f.year_before and year(o.offered_date) < year(m.as_of_at at time zone 'Europe/London')
),

waits as (
    select
        o.wait_code,
        g.period_code,
        g.breakdown,
        g.group_code,
        o.person_ref,
        o.wait_days
    from offers as o
    inner join core.support_groups as g on g.unit = 'offers' and o.referral_ref = g.unit_ref
    union all
    select
        o.wait_code,
        'calendar ' || y.year,
        b.breakdown,
        case b.breakdown when 'all' then 'all' else coalesce(s.service_name, 'not recorded') end,
        o.person_ref,
        o.wait_days
    from offers as o
    inner join calendar_years as y on year(o.offered_date) = y.year
    inner join reference.support_breakdowns as b on b.unit = 'offers' and b.breakdown in ('all', 'service')
    left join core.services as s on o.service_ref = s.service_ref
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
    select
        cast(disclosure_suppress_to as bigint) as suppress_to,
        cast(disclosure_unrounded_below as bigint) as fewest
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
),

-- without a count, and of enough victims that no other figure gives one
calendar as (
    select
        k.wait_code,
        k.wait_name,
        m.period_code,
        m.breakdown,
        m.group_code,
        case m.group_code when 'all' then 'All' when 'not recorded' then 'Not recorded' else m.group_code end as group_name,
        '' as token,
        s.fewest || ' or more' as referral_text,
        true as is_shown,
        m.mean_days,
        m.median_days
    from measured as m
    inner join kinds as k on m.wait_code = k.wait_code
    cross join settings as s
    where m.period_code like 'calendar %' and m.person_count >= greatest(s.fewest, s.suppress_to + 1)
),

every_wait as (
    select *
    from shown
    union all
    select *
    from calendar
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
from every_wait
