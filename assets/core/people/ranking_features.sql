-- /// card
-- description = """One row is a suspect at a moment, with what a regression may use; for each moment also the same a \
--     year before, with what followed."""
-- grain = ["as_of_at", "is_training", "suspect_ref"]
-- by_force = true
-- audience = []
-- caveats = ["High-harm events are those with readable text: others are not known to be."]
-- [columns]
-- as_of_at = ["timestamp with time zone", "Moment of the list", "UTC"]
-- is_current = ["boolean", "The moment of the extract; otherwise an origin of the back-test"]
-- suspect_ref = "core.suspect_events"
-- is_training = ["boolean", "The year before the moment is what followed; otherwise features of the moment itself"]
-- events_of_year = ["double", "Logarithm of 1 + events of the year before"]
-- events_before = ["double", "Logarithm of 1 + events of the year before that"]
-- high_harm_events = ["double", "Logarithm of 1 + high-harm events of the two years"]
-- gravest_weight = ["double", "Logarithm of 1 + severity weight of the gravest crime; 0 without weights"]
-- victims = ["double", "Logarithm of 1 + distinct victims of the two years"]
-- vulnerable = ["double", "1 if one of them is vulnerable, otherwise 0"]
-- recency = ["double", """0.5 to the power of days since the last event, in steps of 30, over the half-life \
--     of the score""", "0 to 1"]
-- later_count = ["bigint", "High-harm events of the year that followed; null where it is not known yet", "events"]
-- ///

-- Everything is as on record at the moment: the year that followed the features was complete by then, so that a fit
-- knows nothing later than its origin (strategic-assessment 3.2).
with moments as (
    select m.as_of_at, m.is_current, m.as_of_at as features_at, false as is_training
    from core.as_of_moments as m
    union all
    select m.as_of_at, m.is_current, m.as_of_at - interval 1 day * cast(s.backtest_horizon_days as integer), true
    from core.as_of_moments as m
    cross join core.settings as s
),

-- events of one crime with several victims are one event of the suspect
events as (
    select
        m.as_of_at, m.is_current, m.is_training, e.suspect_ref, e.event_ref,
        days_between(min(e.event_at), m.features_at) as days_before,
        max(e.severity_weight) as severity_weight,
        coalesce(max(e.behaviour_points) >= max(s.backtest_high_harm_points), false) as is_high_harm,
        max(s.rfgv_half_life_days) as half_life_days
    from moments as m
    cross join core.settings as s
    inner join core.suspect_events as e
        on m.as_of_at = e.as_of_at and epoch(e.event_at) > epoch(m.features_at) - 730 * 86400
    group by m.as_of_at, m.is_current, m.is_training, m.features_at, e.suspect_ref, e.event_ref
),

pairs as (
    select
        m.as_of_at, m.is_training, e.suspect_ref, e.victim_ref,
        bool_or(e.is_victim_vulnerable) as is_vulnerable
    from moments as m
    inner join core.suspect_events as e
        on m.as_of_at = e.as_of_at and epoch(e.event_at) > epoch(m.features_at) - 730 * 86400
        and epoch(e.event_at) <= epoch(m.features_at)
    where e.victim_ref is not null
    group by m.as_of_at, m.is_training, e.suspect_ref, e.victim_ref
),

victims as (
    select
        as_of_at, is_training, suspect_ref,
        count(*) as victim_count,
        coalesce(bool_or(is_vulnerable), false) as is_vulnerable
    from pairs
    group by as_of_at, is_training, suspect_ref
),

people as (
    select
        as_of_at, is_current, is_training, suspect_ref,
        count(*) filter (where days_before >= 0 and days_before < 365) as year_count,
        count(*) filter (where days_before >= 365) as before_count,
        count(*) filter (where days_before >= 0 and is_high_harm) as high_harm_count,
        max(severity_weight) filter (where days_before >= 0) as gravest_weight,
        min(days_before) filter (where days_before >= 0) as days_since,
        max(half_life_days) as half_life_days,
        count(*) filter (where days_before < 0 and is_high_harm) as later_count
    from events
    group by as_of_at, is_current, is_training, suspect_ref
)

select
    p.as_of_at,
    p.is_current,
    p.suspect_ref,
    p.is_training,
    ln(1 + p.year_count) as events_of_year,
    ln(1 + p.before_count) as events_before,
    ln(1 + p.high_harm_count) as high_harm_events,
    ln(1 + coalesce(p.gravest_weight, 0)) as gravest_weight,
    ln(1 + coalesce(v.victim_count, 0)) as victims,
    cast(cast(coalesce(v.is_vulnerable, false) as integer) as double) as vulnerable,
    -- in steps of 30 days, so that people who are alike can be counted together
    pow(0.5, floor(p.days_since / 30) * 30 / p.half_life_days) as recency,
    case when p.is_training then p.later_count end as later_count
from people as p
left join victims as v
    on p.as_of_at = v.as_of_at and p.is_training = v.is_training and p.suspect_ref = v.suspect_ref
where p.days_since is not null
