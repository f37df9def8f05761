-- /// card
-- description = "One row is a suspect's rank by one way of ranking, at a moment."
-- grain = ["as_of_at", "method", "suspect_ref"]
-- by_force = true
-- audience = []
-- caveats = [
--     "Sentencing-based harm under-represents stalking.",
--     "Advisory only: a list for officers to review.",
--     "Points are few and often equal: the order among equals says nothing about a person.",
-- ]
-- [columns]
-- as_of_at = ["timestamp with time zone", "As-of moment", "UTC"]
-- is_current = ["boolean", "The as-of moment of the extract"]
-- method = ["varchar", """Way of ranking: score (recency, frequency, gravity, victims; two years), event count (one \
--     year), sentencing harm (the V100 preset), points table (the force's own, if loaded; two years), or regression \
--     (fitted on the year before)""", "", "Ranked by"]
-- suspect_ref = "columns"
-- value = ["double", "Value that is ranked"]
-- rank = ["bigint", "Rank, from 1", "", "Rank"]
-- ranked_count = ["bigint", "People ranked", "people", "Ranked"]
-- is_listed = ["boolean", "On the list"]
-- ///

-- Each way of ranking at each moment: the score, the event count, and, if the force loaded them, sentencing harm and
-- its points table, and the events that a regression fitted on earlier years expects. A digest of the first crime breaks ties: it says nothing about a person, and is the same in every
-- home of the same crimes, whose references of people differ.
with settings as (
    select backtest_list_length as list_length
    from core.settings
),

scored as (
    select as_of_at, is_current, suspect_ref, 'score' as method, rfgv_score as value
    from core.suspect_windows
    where window_days = 730 and rfgv_score is not null
    union all
    select as_of_at, is_current, suspect_ref, 'event count', cast(event_count as double)
    from core.suspect_windows
    where window_days = 365
    union all
    select as_of_at, is_current, suspect_ref, 'sentencing harm', harm_days
    from core.v100_suspects
    where harm_days is not null
    union all
    select as_of_at, is_current, suspect_ref, 'points table', banded_score
    from core.suspect_windows
    where window_days = 730 and banded_score is not null
    union all
    -- the last digits of a sum depend on the machine: equal people stay equal
    select
        f.as_of_at, f.is_current, f.suspect_ref, 'regression',
        round(exp(
            w.intercept + w.events_of_year * f.events_of_year + w.events_before * f.events_before
            + w.high_harm_events * f.high_harm_events + w.gravest_weight * f.gravest_weight
            + w.victims * f.victims + w.vulnerable * f.vulnerable + w.recency * f.recency
        ), 9)
    from core.ranking_features as f
    inner join core.ranking_weights as w on f.as_of_at = w.as_of_at and w.intercept is not null
    where not f.is_training
),

firsts as (
    select as_of_at, suspect_ref, md5(min(event_ref)) as digest
    from core.suspect_events
    group by as_of_at, suspect_ref
),

ranked as (
    select
        s.*,
        row_number() over (
            partition by s.as_of_at, s.method order by s.value desc, f.digest, s.suspect_ref
        ) as rank,
        count(*) over (partition by s.as_of_at, s.method) as ranked_count
    from scored as s
    left join firsts as f on s.as_of_at = f.as_of_at and s.suspect_ref = f.suspect_ref
)

select
    r.as_of_at,
    r.is_current,
    r.method,
    r.suspect_ref,
    r.value,
    r.rank,
    r.ranked_count,
    r.rank <= s.list_length as is_listed
from ranked as r
cross join settings as s
