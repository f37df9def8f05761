-- Each theme beside the last assessment issued of an earlier day. A place has changed only where the two intervals of
-- places have nothing in common; under another scheme no change is called.
with days as (
    select max(as_of_date) as as_of_date
    from metrics.theme_scores
),

last as (
    select distinct i.assessment_ref, i.issued_at
    from core.issued_assessments as i
    inner join days as d on i.as_of_date < d.as_of_date
    qualify row_number() over (order by i.issued_at desc, i.assessment_ref) = 1
)

select
    s.theme_code,
    i.assessment_ref as last_assessment_ref,
    i.title as last_title,
    i.as_of_date as last_as_of_date,
    i.scheme_version as last_scheme_version,
    i.risk as last_risk,
    i.rank as last_rank,
    i.rank_low as last_rank_low,
    i.rank_high as last_rank_high,
    case
        when i.theme_code is null then 'new'
        when i.scheme_hash <> s.scheme_hash then 'other scheme'
        when s.rank is null or i.rank is null then 'not ranked'
        when s.rank_high < i.rank_low then 'higher'
        when s.rank_low > i.rank_high then 'lower'
        else 'no change beyond chance'
    end as change
from metrics.theme_scores as s
cross join last as l
left join core.issued_assessments as i on l.assessment_ref = i.assessment_ref and s.theme_code = i.theme_code
