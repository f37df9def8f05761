-- /// card
-- description = """One row is a stratum, class, day since recording and outcome, with the crimes that reached that \
--     outcome on that day. Crimes without a code were last seen open on it. Or, with a pair_count, one row is the \
--     outcomes and days of two crimes of one suspect."""
-- grain = []
-- by_force = true
-- audience = []
-- caveats = [
--     "Crimes that count as recorded: cancelled and transferred ones are left out from the day of removal.",
--     "By the principal class: an included classification has no outcome of its own.",
--     "Day 366 has all crimes without an outcome within a year.",
--     """A crime belongs to one suspect, the first by reference. Without a named suspect it has no pair. Days of pairs \
--     are 90, 180, 365 and 366, by which they had their outcome.""",
-- ]
-- [columns]
-- breakdown = ["varchar", "cohort, regime, matured year, recent, relationship, domestic_flag, unit or early_advice"]
-- stratum = ["varchar", "Quarter of recording or all; otherwise the part of the breakdown"]
-- offence_class = "columns"
-- day = ["integer", "Days since recording", "days", "Days"]
-- outcome_code = ["varchar", "Outcome; null for crimes that were open when last seen"]
-- outcome_group = ["varchar", "Its published group"]
-- crime_count = "columns"
-- other_day = ["integer", "Day of the other crime of a pair; null for crimes", "days"]
-- other_outcome_code = ["varchar", "Outcome of the other crime"]
-- other_outcome_group = ["varchar", "Its published group"]
-- pair_count = ["bigint", "Pairs of crimes of one suspect, each once; 0 for crimes", "pairs"]
-- followed_90_count = ["bigint", "Of these, crimes recorded 90 days or more before the as-of day, or pairs of them"]
-- followed_180_count = ["bigint", "The same for 180 days"]
-- followed_365_count = ["bigint", "The same for 365 days"]
-- ///

-- Input of the cumulative incidence (strategic-assessment 5.1). Every crime of a stratum is in exactly one cell, open
-- ones in those without a code, so that no outcome can pass as censoring. Crimes of one suspect often end alike: the
-- pairs show the method how often, so that limits are not too narrow.
with settings as (
    select outcomes_recent_days as recent_days
    from core.settings
),

suspects as (
    select crime_ref, min(suspect_ref) as suspect_ref
    from core.reports_as_of
    where is_current
    group by crime_ref
),

crimes as (
    select
        t.crime_ref,
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
        case when t.end_day <= 90 then 90 when t.end_day <= 180 then 180 when t.end_day <= 365 then 365 else 366 end as by_day,
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

of_suspects as (
    select p.*, s.suspect_ref
    from (
        select * from strata
        union all
        select 'cohort', recorded_quarter, * from crimes
        union all
        select 'cohort', 'all', * from crimes
        union all
        select 'regime', coalesce(regime_code, 'not known'), * from crimes
    ) as p
    inner join suspects as s on p.crime_ref = s.crime_ref
),

pairs as (
    select
        l.breakdown,
        l.stratum,
        case when l.offence_class = r.offence_class then l.offence_class end as offence_class,
        l.by_day as day,
        l.outcome_code,
        l.outcome_group,
        r.by_day as other_day,
        r.outcome_code as other_outcome_code,
        r.outcome_group as other_outcome_group,
        count(*) as pair_count,
        count(*) filter (where least(l.followed_days, r.followed_days) >= 90) as followed_90_count,
        count(*) filter (where least(l.followed_days, r.followed_days) >= 180) as followed_180_count,
        count(*) filter (where least(l.followed_days, r.followed_days) >= 365) as followed_365_count
    from of_suspects as l
    inner join of_suspects as r
        on l.breakdown = r.breakdown and l.stratum = r.stratum and l.suspect_ref = r.suspect_ref
        and l.crime_ref < r.crime_ref
    group by all
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
    cast(null as integer) as other_day,
    cast(null as varchar) as other_outcome_code,
    cast(null as varchar) as other_outcome_group,
    cast(0 as bigint) as pair_count,
    cast(followed_90_count as bigint) as followed_90_count,
    cast(followed_180_count as bigint) as followed_180_count,
    cast(followed_365_count as bigint) as followed_365_count
from classes
union all
select
    breakdown, stratum, offence_class, day, outcome_code, outcome_group, 0, other_day, other_outcome_code,
    other_outcome_group, pair_count, followed_90_count, followed_180_count, followed_365_count
from pairs
where offence_class is not null
union all
select
    breakdown, stratum, 'S&H', day, outcome_code, outcome_group, 0, other_day, other_outcome_code,
    other_outcome_group, pair_count, followed_90_count, followed_180_count, followed_365_count
from pairs
