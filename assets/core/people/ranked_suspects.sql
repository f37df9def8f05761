-- The list that each way of ranking would have made at each moment: the score, the count of events alone, and, where the
-- force loaded what they rest on, sentencing harm and its own points table. Ties are broken by a digest of the reference,
-- which says nothing of a person and is the same every time.
with settings as (
    select max(value) filter (key = 'backtest.list_length') as list_length
    from reference.settings
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
),

ranked as (
    select
        *,
        row_number() over (partition by as_of_at, method order by value desc, md5(suspect_ref)) as rank,
        count(*) over (partition by as_of_at, method) as ranked_count
    from scored
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
