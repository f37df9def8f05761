-- /// card
-- description = "One row is a part of a theme's score with its input, without suppression."
-- grain = ["theme_code", "part_code"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = ["A part that is not measured is not zero: its score is not known."]
-- [columns]
-- theme_code = "reference.themes"
-- "dimension, part_code, scale" = "reference.theme_parts"
-- basis = ["varchar", "measured, entered or not measured"]
-- value = ["double", "Share, count, or rank among the themes; null for verdicts, judgements and parts not measured"]
-- "numerator, denominator" = "metrics.theme_counts"
-- given_score = ["bigint", "Score of a verdict or judgement"]
-- floor_score = ["bigint", "Minimum automatic score; null where there is none"]
-- words = ["varchar", "What to know about it"]
-- ///

-- Strategic-assessment 2.5: a share or count, a rank among the force's own themes, the verdict of a control chart, or a
-- judgement. A part without its data is not measured, never zero.
with themes as (
    select theme_code
    from reference.themes
    where theme_code in (select theme_code from metrics.theme_counts)
),

counted as (
    select
        f.part_code, c.theme_code, c.numerator, c.denominator,
        c.numerator / cast(coalesce(c.denominator, 1) as double) as value
    from metrics.theme_counts as c
    inner join reference.theme_facts as f on c.fact_code = f.fact_code
    where f.part_code <> '' and coalesce(c.denominator, 1) > 0
),

places as (
    select
        c.theme_code,
        c.part_code,
        count(*) filter (p.value <= c.value) / cast(count(*) as double) as place
    from counted as c
    inner join metrics.theme_pools as p on c.part_code = p.part_code
    group by c.theme_code, c.part_code
),

trends as (
    select
        v.theme_code,
        case
            when v.verdict = 'lower' and f.is_below_limit then 0
            when v.verdict = 'lower' then 1
            when v.verdict = 'higher' and f.is_above_limit then 4
            when v.verdict = 'higher' then 3
            when v.verdict = 'no_change' then 2
            -- a change across a recording change is not called a rise
            when v.verdict = 'not_enough_points' and v.break_title is not null then 2
        end as score,
        case
            when v.verdict = 'not_enough_points' and v.break_title is not null
                then 'too few months since the recording changed: taken as no signal'
            when v.verdict = 'not_enough_points' then 'too few months for a control chart'
            when v.verdict = 'not_charted' then 'too rare, or too even, for a control chart'
            when v.verdict = 'no_change' then 'no signal on the chart'
            when f.is_above_limit then 'a signal, higher, and the forecast is above the upper limit'
            when f.is_below_limit then 'a signal, lower, and the forecast is below the lower limit'
            else 'a signal, ' || v.verdict
        end as words
    from metrics.theme_verdicts as v
    left join metrics.theme_forecasts as f on v.theme_code = f.theme_code
)

select
    t.theme_code,
    p.dimension,
    p.part_code,
    p.scale,
    case
        when p.scale = 'entered' and j.score is not null then 'entered'
        when p.scale = 'verdict' and d.score is not null then 'measured'
        when p.scale in ('share', 'count', 'percentile') and c.value is not null then 'measured'
        else 'not measured'
    end as basis,
    case
        when p.scale = 'percentile' then case when c.numerator = 0 then 0.0 else a.place end
        else c.value
    end as value,
    c.numerator,
    c.denominator,
    cast(case p.scale when 'verdict' then d.score when 'entered' then j.score end as bigint) as given_score,
    f.score as floor_score,
    case
        when p.scale = 'verdict' then coalesce(d.words, 'no series of months')
        when p.scale = 'entered' then j.reason
        when f.score is not null then 'at least ' || f.score || ': ' || f.reason
    end as words
from themes as t
cross join reference.theme_parts as p
left join counted as c on t.theme_code = c.theme_code and p.part_code = c.part_code
left join places as a on t.theme_code = a.theme_code and p.part_code = a.part_code
left join trends as d on t.theme_code = d.theme_code and p.scale = 'verdict'
left join reference.theme_judgements as j on t.theme_code = j.theme_code and p.part_code = j.part_code
left join reference.theme_floors as f on t.theme_code = f.theme_code and p.part_code = f.part_code
