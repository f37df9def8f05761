-- /// card
-- description = "One row is an estimate of a signed-off audit, by measure and stratum, as it may be shared."
-- grain = ["cycle_ref", "metric", "stratum"]
-- audience = ["command", "integrity"]
-- caveats = [
--     """Only signed-off audits. Recording accuracy comes from whole reports (strata E and H) alone: recorded crimes \
--     cannot show a crime that was not recorded.""",
--     "Strata chosen by a signal (C and E) do not represent other records of their class.",
--     "A figure from fewer than five units is withheld.",
--     """Estimates that earlier versions made of several strata or reports together have counts alone: their limits \
--     were too narrow.""",
-- ]
-- [columns]
-- cycle_ref = "raw.casework_audit_estimates"
-- "title, period_from, period_to" = "raw.casework_audit_cycles"
-- signed_off_at = ["timestamp with time zone", "When the registrar signed off the audit", "UTC"]
-- "metric, stratum, strata, population" = "raw.casework_audit_estimates"
-- passed = ["double", "Units, or crimes of reports, that passed; null where withheld", "units"]
-- rated = ["double", "Units, or crimes of reports, that could be assessed; null where withheld", "units"]
-- not_evaluable = "raw.casework_audit_estimates"
-- share = ["double", "Estimate; null where withheld or nothing could be assessed", "share", "Estimate"]
-- lower = ["double", "Lower 95% limit", "share"]
-- upper = ["double", "Upper 95% limit", "share"]
-- "method, caveat" = "raw.casework_audit_estimates"
-- is_withheld = ["boolean", "Withheld because it is from too few units, or would reveal a figure that is"]
-- missing_part_count = ["integer", """How many of n, interval, strata and period are missing; null where nothing \
--     could be assessed""", "parts"]
-- is_small_cell_shown = ["boolean", "A figure from too few units is shown"]
-- ///

-- Only the last signed-off round can be shared (AUD-05, AUD-06). Figures below the smallest cell are withheld. The next
-- smallest stratum is withheld too where the overall figure would reveal a single one.
with newest as (
    select *
    from raw.casework_audit_estimates
    qualify rank() over (partition by cycle_ref order by round desc) = 1
),

settings as (
    select audit_smallest_cell as smallest_cell from core.settings
),

kept as (
    select
        n.*,
        c.title,
        c.period_from,
        c.period_to,
        c.signed_off_at,
        n.rated < s.smallest_cell as is_small,
        n.stratum <> 'overall' as is_part,
        n.method like 'stratified%'
        or n.method like 'bootstrap%'
        or n.method like 'exact by stratum%' as is_too_narrow
    from newest as n
    inner join raw.casework_audit_cycles as c on n.cycle_ref = c.cycle_ref
    cross join settings as s
    where c.signed_off_at is not null
),

placed as (
    select
        *,
        bool_or(not is_part) over (partition by cycle_ref, metric) as has_overall,
        count(*) filter (is_small) over (partition by cycle_ref, metric) as small_count,
        row_number() over (partition by cycle_ref, metric order by is_small, is_part desc, rated, stratum) as place
    from kept
),

shown as (
    select
        *,
        is_small or (has_overall and small_count = 1 and is_part and not is_small and place = 1) as is_withheld
    from placed
)

select
    cycle_ref,
    title,
    period_from,
    period_to,
    signed_off_at,
    metric,
    stratum,
    strata,
    population,
    case when not is_withheld then passed end as passed,
    case when not is_withheld then rated end as rated,
    not_evaluable,
    case when not is_withheld and not is_too_narrow then share end as share,
    case when not is_withheld and not is_too_narrow then lower end as lower,
    case when not is_withheld and not is_too_narrow then upper end as upper,
    method,
    caveat,
    is_withheld,
    -- n, interval, strata and period; a figure where nothing could be assessed is not an estimate
    case
        when share is not null and not is_too_narrow
            then case when coalesce(rated, 0) <= 0 then 1 else 0 end
                + case when lower is null or upper is null then 1 else 0 end
                + case when coalesce(trim(strata), '') = '' then 1 else 0 end
                + case when period_from is null or period_to is null then 1 else 0 end
    end as missing_part_count,
    is_small and not is_withheld and coalesce(share, passed, rated) is not null as is_small_cell_shown
from shown
