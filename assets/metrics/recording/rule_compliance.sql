-- /// card
-- description = """One row is a rule as a whole, or in a month, unit, class, or month of a unit or class: how many \
--     records meet the standard."""
-- grain = ["rule_code", "table_name", "breakdown", "recorded_month", "unit_name", "class_code"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     "The share is met over met and breached; records that could not be assessed are in neither.",
--     "A month without a record to examine has no row: it is not a zero.",
--     """A breach is a record that does not meet the standard as entered in the record system. The registrar decides \
--     whether the recording was wrong.""",
-- ]
-- [columns]
-- "rule_code, table_name, severity, dimension" = "columns"
-- breakdown = ["varchar", "all; month; unit; class; month and unit; month and class"]
-- recorded_month = ["date", "Month of recording; null where not broken down by month"]
-- unit_name = ["varchar", "Unit; null where not broken down by unit"]
-- class_code = ["varchar", "Counting-rules class; null where not broken down by class"]
-- examined_count = ["bigint", "Records the rule applies to", "records", "Examined"]
-- kept_count = ["bigint", "Records that meet the standard", "records", "Met"]
-- breach_count = ["bigint", "Records that breach it", "records", "Breaches"]
-- not_evaluable_count = ["bigint", "Records that could not be assessed", "records", "Not evaluable"]
-- kept_share = ["double", "Share met, of those that could be assessed; null where none could", "0 to 1", "Compliance"]
-- kept_lower = ["double", "Lower 95% limit (Wilson)", "0 to 1", "Lower limit"]
-- kept_upper = ["double", "Upper 95% limit (Wilson)", "0 to 1", "Upper limit"]
-- ///

-- The counts of every cell are in quality.rule_counts. A record that could not be assessed neither meets nor breaches
-- the standard (6.0). An empty cell has no row and is not a zero.
with settings as (
    select intervals_z as z
    from core.settings
),

counts as (
    select
        c.rule_code, c.table_name, r.severity, r.dimension, c.recorded_month,
        coalesce(c.unit_name, 'not known') as unit_name,
        coalesce(c.class_code, 'not known') as class_code,
        c.examined_count, c.breach_count, c.not_evaluable_count
    from quality.rule_counts as c
    inner join quality.rule_results as r on c.rule_code = r.rule_code and c.table_name = r.table_name
    -- a rule that failed to run has no results
    where r.status <> 'ERROR'
),

grouped as (
    select
        rule_code, table_name, severity, dimension,
        'all' as breakdown,
        cast(null as date) as recorded_month,
        cast(null as varchar) as unit_name,
        cast(null as varchar) as class_code,
        sum(examined_count) as examined, sum(breach_count) as breached, sum(not_evaluable_count) as not_evaluable
    from counts
    group by rule_code, table_name, severity, dimension
    union all
    select
        rule_code, table_name, severity, dimension,
        case
            when grouping(unit_name) + grouping(class_code) = 2 then 'month'
            when grouping(recorded_month) + grouping(class_code) = 2 then 'unit'
            when grouping(recorded_month) + grouping(unit_name) = 2 then 'class'
            when grouping(class_code) = 1 then 'month and unit'
            else 'month and class'
        end,
        recorded_month, unit_name, class_code,
        sum(examined_count), sum(breach_count), sum(not_evaluable_count)
    from counts
    where recorded_month is not null
    group by grouping sets (
        (rule_code, table_name, severity, dimension, recorded_month),
        (rule_code, table_name, severity, dimension, unit_name),
        (rule_code, table_name, severity, dimension, class_code),
        (rule_code, table_name, severity, dimension, recorded_month, unit_name),
        (rule_code, table_name, severity, dimension, recorded_month, class_code)
    )
),

judged as (
    select
        *,
        cast(examined - breached - not_evaluable as bigint) as kept,
        cast(examined - not_evaluable as bigint) as judged_count,
        case
            when examined > not_evaluable then (examined - breached - not_evaluable) / (examined - not_evaluable)
        end as share
    from grouped
)

select
    j.rule_code,
    j.table_name,
    j.severity,
    j.dimension,
    j.breakdown,
    j.recorded_month,
    j.unit_name,
    j.class_code,
    cast(j.examined as bigint) as examined_count,
    j.kept as kept_count,
    cast(j.breached as bigint) as breach_count,
    cast(j.not_evaluable as bigint) as not_evaluable_count,
    j.share as kept_share,
    -- Wilson interval, 5.1
    wilson_lower(j.share, j.judged_count, s.z) as kept_lower,
    wilson_upper(j.share, j.judged_count, s.z) as kept_upper
from judged as j
cross join settings as s
