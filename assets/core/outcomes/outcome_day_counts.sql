-- /// card
-- description = """One row is a stratum, class, day since recording and outcome, with the crimes that reached that \
--     outcome on that day. Crimes without a code were last seen open on it."""
-- grain = []
-- by_force = true
-- audience = []
-- caveats = [
--     "Crimes that count as recorded: cancelled and transferred ones are left out from the day of removal.",
--     "By the principal class: an included classification has no outcome of its own.",
--     "Day 366 has all crimes without an outcome within a year.",
-- ]
-- [columns]
-- breakdown = ["varchar", "cohort, regime, matured year, recent, relationship, domestic_flag, unit or early_advice"]
-- stratum = ["varchar", "Quarter of recording or all; otherwise the part of the breakdown"]
-- offence_class = "columns"
-- day = ["integer", "Days since recording", "days", "Days"]
-- outcome_code = ["varchar", "Outcome; null for crimes that were open when last seen"]
-- outcome_group = ["varchar", "Its published group"]
-- crime_count = "columns"
-- followed_90_count = ["bigint", "Of these, crimes recorded 90 days or more before the as-of day", "crimes"]
-- followed_180_count = ["bigint", "The same for 180 days", "crimes"]
-- followed_365_count = ["bigint", "The same for 365 days", "crimes"]
-- ///

-- Input of the cumulative incidence (strategic-assessment 5.1). Every crime of a stratum is in exactly one cell, open
-- ones in those without a code, so that no outcome can pass as censoring.
with settings as (
    select outcomes_recent_days as recent_days
    from core.settings
),

crimes as (
    select
        t.offence_class,
        t.recorded_quarter,
        t.regime_code,
        t.relationship_group,
        t.is_flagged_domestic,
        t.unit_name,
        t.has_early_advice,
        t.followed_days,
        t.followed_days <= s.recent_days as is_recent,
        -- figures end after a year: a later outcome counts as none within the year
        least(t.end_day, 366) as day,
        case when t.end_day <= 365 then t.outcome_code end as outcome_code,
        case when t.end_day <= 365 then t.outcome_group end as outcome_group
    from core.outcome_times as t
    cross join settings as s
    where t.removal_type = '' and t.is_principal and not t.is_outcome_unread
),

-- a first count of the whole extract, so that cohorts and regimes need not read every crime again
cells as (
    select
        recorded_quarter,
        regime_code,
        offence_class,
        day,
        outcome_code,
        outcome_group,
        count(*) as crime_count,
        count(*) filter (where followed_days >= 90) as followed_90_count,
        count(*) filter (where followed_days >= 180) as followed_180_count,
        count(*) filter (where followed_days >= 365) as followed_365_count
    from crimes
    group by recorded_quarter, regime_code, offence_class, day, outcome_code, outcome_group
),

strata as (
    select 'matured year' as breakdown, 'matured year' as stratum, *
    from crimes
    where followed_days >= 365 and followed_days < 730
    union all
    select 'recent', 'recent', * from crimes where is_recent
    union all
    select 'relationship', relationship_group, * from crimes where is_recent
    union all
    select 'domestic_flag', case when is_flagged_domestic then 'flagged' else 'not flagged' end, *
    from crimes
    where is_recent and is_flagged_domestic is not null
    union all
    select 'unit', coalesce(unit_name, 'not recorded'), * from crimes where is_recent
    union all
    select 'early_advice', case when has_early_advice then 'asked for' else 'not asked for' end, *
    from crimes
    where is_recent and has_early_advice is not null
),

own as (
    select
        breakdown,
        stratum,
        offence_class,
        day,
        outcome_code,
        outcome_group,
        count(*) as crime_count,
        count(*) filter (where followed_days >= 90) as followed_90_count,
        count(*) filter (where followed_days >= 180) as followed_180_count,
        count(*) filter (where followed_days >= 365) as followed_365_count
    from strata
    group by breakdown, stratum, offence_class, day, outcome_code, outcome_group
    union all
    select
        'cohort', recorded_quarter, offence_class, day, outcome_code, outcome_group, sum(crime_count),
        sum(followed_90_count), sum(followed_180_count), sum(followed_365_count)
    from cells
    group by recorded_quarter, offence_class, day, outcome_code, outcome_group
    union all
    select
        'regime', coalesce(regime_code, 'not known'), offence_class, day, outcome_code, outcome_group,
        sum(crime_count), sum(followed_90_count), sum(followed_180_count), sum(followed_365_count)
    from cells
    group by coalesce(regime_code, 'not known'), offence_class, day, outcome_code, outcome_group
),

-- totals of cohorts and classes are summed from existing counts
cohorts as (
    select * from own
    union all
    select
        breakdown, 'all', offence_class, day, outcome_code, outcome_group, sum(crime_count), sum(followed_90_count),
        sum(followed_180_count), sum(followed_365_count)
    from own
    where breakdown = 'cohort'
    group by breakdown, offence_class, day, outcome_code, outcome_group
),

classes as (
    select * from cohorts
    union all
    select
        breakdown, stratum, 'S&H', day, outcome_code, outcome_group, sum(crime_count), sum(followed_90_count),
        sum(followed_180_count), sum(followed_365_count)
    from cohorts
    group by breakdown, stratum, day, outcome_code, outcome_group
)

select
    breakdown,
    stratum,
    offence_class,
    day,
    outcome_code,
    outcome_group,
    cast(crime_count as bigint) as crime_count,
    cast(followed_90_count as bigint) as followed_90_count,
    cast(followed_180_count as bigint) as followed_180_count,
    cast(followed_365_count as bigint) as followed_365_count
from classes
