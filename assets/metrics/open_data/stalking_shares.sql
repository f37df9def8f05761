-- /// card
-- description = "One row is stalking's share of stalking and harassment (8Q of 8L and 8Q) in a force and period."
-- grain = ["source", "force_code", "period_start", "period_months"]
-- audience = ["command", "integrity"]
-- caveats = [
--     """A low share can mean stalking recorded as harassment; a high share can be the former-partner rule of April \
--     2020.""",
--     "Shares of fewer crimes than the minimum are not shown.",
--     "The classes are separate for the four quarters of 2017/18 only, unless newer tables are delivered.",
-- ]
-- [columns]
-- "source, force_code" = "core.recorded_counts"
-- force_name = "reference.forces"
-- "period_start, period_months" = "core.recorded_counts"
-- stalking_count = ["bigint", "Recorded stalking (8Q)", "crimes"]
-- denominator_count = ["bigint", "Recorded stalking and harassment (8Q and 8L)", "crimes"]
-- stalking_share = ["double", "stalking_count divided by denominator_count", "0 to 1"]
-- "share_lower, share_upper" = "columns"
-- is_shown = ["boolean", "There are enough crimes for a share"]
-- reason = ["varchar", "Why it is not shown, otherwise empty"]
-- ///

-- Recording-standards 3.3: stalking share = 8Q / (8L + 8Q), Wilson interval (5.1).
with settings as (
    select
        shares_minimum_denominator as minimum_denominator,
        intervals_z as z
    from core.settings
),

counts as (
    select
        source, force_code, period_start, period_months,
        sum(crime_count) filter (offence_code = '8Q') as stalking_count,
        sum(crime_count) filter (offence_code = '8L') as harassment_count
    from core.recorded_counts
    where offence_code in ('8L', '8Q')
    group by source, force_code, period_start, period_months
),

shares as (
    select
        c.source, c.force_code, c.period_start, c.period_months,
        cast(c.stalking_count as bigint) as stalking_count,
        cast(c.stalking_count + c.harassment_count as bigint) as denominator_count,
        -- a negative correction can make a part negative: then there is no share
        case
            when c.stalking_count >= 0 and c.harassment_count >= 0 and c.stalking_count + c.harassment_count > 0
                then c.stalking_count / (c.stalking_count + c.harassment_count)
        end as stalking_share
    from counts as c
)

select
    h.source,
    h.force_code,
    f.force_name,
    h.period_start,
    h.period_months,
    h.stalking_count,
    h.denominator_count,
    h.stalking_share,
    wilson_lower(h.stalking_share, h.denominator_count, s.z) as share_lower,
    wilson_upper(h.stalking_share, h.denominator_count, s.z) as share_upper,
    h.stalking_share is not null and h.denominator_count >= s.minimum_denominator as is_shown,
    case
        when h.stalking_share is null then 'a count is missing or negative'
        when h.denominator_count < s.minimum_denominator
            then 'fewer than ' || cast(cast(s.minimum_denominator as integer) as varchar) || ' crimes'
        else ''
    end as reason
from shares as h
cross join settings as s
inner join reference.forces as f on h.force_code = f.force_code
