-- /// card
-- description = """One row is a part of a theme's crimes of the last twelve months, such as a district or an age band of \
--     victims, beside the twelve months before."""
-- grain = ["theme_code", "breakdown", "breakdown_value"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Recorded crime; not prevalence. The victim is the principal one, the district that of the offence.",
--     """Parts with small counts (settings, suppression.smallest_shown) are joined, with the next one too where they \
--     would still be few: subtraction would reveal them.""",
--     """The year before is null where it is not wholly in the extract, or where a recording change that bears on the \
--     theme is within the two years.""",
--     "A difference from the year before may be chance: no part is judged here. A part that contributes is no cause.",
-- ]
-- [columns]
-- theme_code = "columns"
-- breakdown = ["varchar", "Breakdown of themes in reference.breakdowns"]
-- breakdown_value = ["varchar", "Part of it; small parts together where they are joined", "", "Part"]
-- place = ["bigint", "Position in the breakdown, most crimes first"]
-- numerator = ["bigint", "Crimes of the last twelve months", "crimes", "Crimes"]
-- denominator = ["bigint", "All crimes of the theme in those months", "crimes", "Of"]
-- value = ["double", "The part's share of them", "share", "Share"]
-- count_before = ["bigint", "Crimes of the twelve months before; null where not comparable", "crimes", "Year before"]
-- change_count = ["bigint", "How many more, or fewer where negative", "crimes", "Change"]
-- part_count = ["bigint", "Parts that are in this row: more than one where they are joined"]
-- ///

-- Strategic-assessment 2.3: whom and where a theme concerns, and which part made a change.
with settings as (
    select suppression_smallest_shown as smallest_shown
    from core.settings
),

moments as (
    select london_date(as_of_at - interval 1 second) as as_of_date
    from core.extract_moments
    where as_of_at is not null
),

-- the two years, each whole in the extract and large enough to be shown
wholes as (
    select
        n.theme_code,
        n.numerator as whole_count,
        b.numerator as whole_before
    from metrics.theme_counts as n
    cross join settings as s
    left join metrics.theme_verdicts as v on n.theme_code = v.theme_code
    left join metrics.theme_counts as b
        on n.theme_code = b.theme_code and b.fact_code = 'crimes_year_before' and b.numerator >= s.smallest_shown
        -- months of the last segment of the chart: with two years of them no recording change is between
        and v.segment_point_count >= 24
    where n.fact_code = 'crimes_year' and n.numerator >= s.smallest_shown
),

dated as (
    select
        t.theme_code,
        t.crime_ref,
        t.recorded_date > m.as_of_date - interval 12 month as is_last
    from core.theme_crimes as t
    cross join moments as m
    inner join wholes as w on t.theme_code = w.theme_code
    where t.recorded_date > m.as_of_date - interval 24 month
        and (w.whole_before is not null or t.recorded_date > m.as_of_date - interval 12 month)
),

described as (
    select crime_ref, breakdown, part
    from core.crime_breakdowns
    unpivot (part for breakdown in (columns(* exclude (crime_ref))))
),

parts as (
    select
        d.theme_code,
        d.is_last,
        c.breakdown,
        case when e.group_name = 'Not recorded' then b.not_known else coalesce(e.group_name, c.part) end as part
    from dated as d
    inner join described as c on d.crime_ref = c.crime_ref
    inner join reference.breakdowns as b on c.breakdown = b.breakdown and b.is_of_themes
    -- ethnicity by its groups: the codes of a force have few crimes each
    left join reference.equality_groups as e
        on c.breakdown = 'victim_ethnicity' and e.breakdown = 'ethnicity' and lower(trim(c.part)) = e.value
),

sizes as (
    select
        theme_code, breakdown, part,
        count(*) filter (is_last) as now_count,
        count(*) filter (not is_last) as before_count
    from parts
    group by theme_code, breakdown, part
),

ranked as (
    select
        *,
        -- the smaller of the two counts that is not zero
        least(coalesce(nullif(now_count, 0), before_count), coalesce(nullif(before_count, 0), now_count)) as size
    from sizes
),

running as (
    select
        *,
        coalesce(sum(now_count) over (
            partition by theme_code, breakdown order by size, part rows between unbounded preceding and 1 preceding
        ), 0) as smaller_now,
        coalesce(sum(before_count) over (
            partition by theme_code, breakdown order by size, part rows between unbounded preceding and 1 preceding
        ), 0) as smaller_before
    from ranked
),

-- one small part alone could be worked out from the rest, so that the next one is joined to it
joined as (
    select
        r.theme_code,
        r.breakdown,
        r.part,
        r.now_count,
        r.before_count,
        r.size < s.smallest_shown
        or (r.smaller_now between 1 and s.smallest_shown - 1)
        or (r.smaller_before between 1 and s.smallest_shown - 1) as is_joined
    from running as r
    cross join settings as s
),

counted as (
    select
        theme_code,
        breakdown,
        case when is_joined then 'small parts together' else part end as breakdown_value,
        cast(sum(now_count) as bigint) as crime_count,
        cast(sum(before_count) as bigint) as count_before,
        count(*) as part_count
    from joined
    group by theme_code, breakdown, case when is_joined then 'small parts together' else part end
),

-- all parts together may still be few in one of the years: then the breakdown has no row, or no change
few as (
    select
        c.theme_code,
        c.breakdown,
        bool_or(c.crime_count between 1 and s.smallest_shown - 1) as is_now_small,
        bool_or(c.count_before between 1 and s.smallest_shown - 1) as is_before_small
    from counted as c
    cross join settings as s
    group by c.theme_code, c.breakdown
)

select
    c.theme_code,
    c.breakdown,
    c.breakdown_value,
    row_number() over (partition by c.theme_code, c.breakdown order by c.crime_count desc, c.breakdown_value) as place,
    c.crime_count as numerator,
    w.whole_count as denominator,
    c.crime_count / cast(w.whole_count as double) as value,
    case when w.whole_before is not null and not f.is_before_small then c.count_before end as count_before,
    case when w.whole_before is not null and not f.is_before_small then c.crime_count - c.count_before end as change_count,
    c.part_count
from counted as c
inner join wholes as w on c.theme_code = w.theme_code
inner join few as f on c.theme_code = f.theme_code and c.breakdown = f.breakdown
where not f.is_now_small
    -- all parts together are the theme
    and not (c.part_count > 1 and c.crime_count = w.whole_count)
