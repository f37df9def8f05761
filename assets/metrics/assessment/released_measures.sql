-- /// card
-- description = """One row is a measure in a quarter, for the force or a part, by district or domestic abuse, as released to \
--     commissioners."""
-- grain = ["measure_code", "period_start", "breakdown", "breakdown_value"]
-- by_force = true
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     """The definitions are those of metrics.measure_values. The numbers are after disclosure control: suppressed (*) or \
--     rounded, and also suppressed where they are of very few victims or of one suspect.""",
--     """Shares are of rounded counts, with 95% intervals, and blank where the denominator is below thirty. Parts \
--     need not add up to the force.""",
--     """A change is called one if its 95% interval, which allows for rounding, excludes zero. Of twenty measures that \
--     did not change, about one is called a change by chance. A count has the spread of the force's months.""",
--     "Duties without a time limit are not compared with a year before: cases of the later quarter can still be met.",
--     "Nothing is compared with a quarter before a change of recording that moved counts.",
-- ]
-- [columns]
-- measure_code = "metrics.released_figures"
-- period_type = ["varchar", "quarter"]
-- period_start = ["date", "First day of the quarter"]
-- breakdown = ["varchar", "none, district or domestic_abuse"]
-- breakdown_value = ["varchar", "Part of the breakdown; all for the force", "", "Part"]
-- numerator_text = ["varchar", "Counted, as released: number or token", "", "Counted"]
-- denominator_text = ["varchar", "Of these, as released: number or token; null for a count", "", "Of these"]
-- numerator = ["bigint", "Counted, rounded; null where it is not shown"]
-- denominator = ["bigint", "Of these, rounded; null where it is not shown, and for a count"]
-- value = ["double", "The count, or the share of the rounded counts; null where it is not shown", "", "Value"]
-- lower = ["double", "Lower 95% limit of a share (Wilson); null for a count", "0 to 1", "From (95%)"]
-- upper = ["double", "Upper 95% limit of a share (Wilson); null for a count", "0 to 1", "To (95%)"]
-- value_before = ["double", "The value of the same quarter a year before", "", "Year before"]
-- change_lower = ["double", "Lower 95% limit of the change since then; null where recording changed in between"]
-- change_upper = ["double", "Upper 95% limit of the change since then; null where recording changed in between"]
-- change = ["varchar", """higher, lower, no clear change, not comparable where recording changed in between, or not \
--     settled without a time limit; null where either value is not shown""", "", "Change"]
-- ///

-- Only from what is released, so that no figure here reveals more than metrics.released_figures does; and from how much
-- the whole force's months vary, so that a change is called one here where the force's own pages call it one.
with figures as (
    select
        f.measure_code,
        cast(split_part(f.period_code, ' ', 2) as date) as period_start,
        case when f.breakdown = 'all' then 'none' else f.breakdown end as breakdown,
        f.group_name,
        f.group_code,
        f.place,
        f.text as numerator_text,
        w.text as denominator_text,
        f.value as numerator,
        w.value as denominator,
        case when f.parent_ref is null then cast(f.value as double) else f.share end as value,
        f.share_lower as lower,
        f.share_upper as upper,
        f.parent_ref is null as is_count,
        coalesce(k.is_open_ended, false) as is_open_ended
    from metrics.released_figures as f
    inner join reference.public_measures as p on f.measure_code = p.measure_code
    left join reference.counted_measures as k on f.measure_code = k.measure_code
    left join metrics.released_figures as w on f.parent_ref = w.cell_ref
    where f.period_code like 'quarter %'
),

noise as (
    select intervals_z as z, (disclosure_round_to * disclosure_round_to - 1) / 12.0 as rounding
    from core.settings
),

-- a change of recording and the classes that it moves
named as (
    select r.valid_from, unnest(string_split(coalesce(r.affects_codes, 'all'), ',')) as code
    from reference.recording_regimes as r
    where r.moves_counts and coalesce(r.source_name, '') in ('', 'crime')
),

moved as (
    select valid_from, trim(code) as code
    from named
),

bearing as (
    select measure_code, unnest(string_split(recording_classes, ',')) as code
    from reference.counted_measures
    where recording_classes <> 'none'
),

-- recording changed after the start of the quarter a year before, and by the end of this one
broken as (
    select distinct n.measure_code, n.period_start
    from (select distinct measure_code, period_start from figures) as n
    inner join bearing as b on n.measure_code = b.measure_code
    inner join moved as m
        on m.code in ('all', b.code)
        and m.valid_from > n.period_start - interval 1 year and m.valid_from < n.period_start + interval 3 month
),

-- what spreads a count beyond chance: one number of all months of the whole force, rounded up, so that no month follows
spreads as (
    select measure_code, ceil(1000 * extra_variance) / 1000 as extra_variance, pair_count
    from metrics.measure_verdicts
    where breakdown = 'none' and extra_variance is not null
),

paired as (
    select
        n.*,
        b.value as value_before,
        b.lower as lower_before,
        b.upper as upper_before,
        b.denominator as denominator_before,
        k.period_start is not null as is_broken,
        s.z * s.z * s.rounding as rounding,
        -- of two counts: their sum, what spreads them beyond chance, and rounding are the variance
        coalesce(student_quantile(s.z, p.pair_count * 2 / 3.0), s.z) * sqrt(
            n.value + b.value + 2 * s.rounding
            + coalesce(p.extra_variance, 0) * (n.value * n.value + b.value * b.value) / 3
        ) as count_distance
    from figures as n
    cross join noise as s
    left join figures as b
        on not n.is_open_ended and n.measure_code = b.measure_code and n.breakdown = b.breakdown and n.group_code = b.group_code
        and b.period_start = cast(n.period_start - interval 1 year as date)
    left join broken as k on n.measure_code = k.measure_code and n.period_start = k.period_start
    left join spreads as p on n.measure_code = p.measure_code
),

-- of two shares: Newcombe (1998), from their own limits. Rounding adds to each: near 100% it is larger than chance
rounded as (
    select
        *,
        rounding * (
            (1 + value * value) / power(denominator, 2)
            + (1 + value_before * value_before) / power(denominator_before, 2)
        ) as share_rounding
    from paired
),

compared as (
    select
        *,
        value - value_before - case
            when is_count then count_distance
            else sqrt(power(value - lower, 2) + power(upper_before - value_before, 2) + share_rounding)
        end as change_lower,
        value - value_before + case
            when is_count then count_distance
            else sqrt(power(upper - value, 2) + power(value_before - lower_before, 2) + share_rounding)
        end as change_upper
    from rounded
)

select
    measure_code,
    'quarter' as period_type,
    period_start,
    breakdown,
    case when breakdown = 'none' then 'all' else group_name end as breakdown_value,
    numerator_text,
    denominator_text,
    numerator,
    denominator,
    value,
    lower,
    upper,
    value_before,
    case when not is_broken then change_lower end as change_lower,
    case when not is_broken then change_upper end as change_upper,
    case
        when is_open_ended then 'not settled'
        when is_broken and change_lower is not null then 'not comparable'
        when change_lower > 0 then 'higher'
        when change_upper < 0 then 'lower'
        when change_lower is not null then 'no clear change'
    end as change
from compared
