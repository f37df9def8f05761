-- /// card
-- description = """One row is a figure from another table that answers statements of the advice; without a value \
--     there is none."""
-- grain = ["measure_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Each figure is that of the page it links to; that page has its caveats.",
--     "An extract of several forces has no expected count here: the forecast has one for each force.",
-- ]
-- [columns]
-- measure_code = "reference.advice_figures"
-- numerator = ["bigint", "Number counted; null for an estimate that is not a ratio of counts"]
-- denominator = "columns"
-- value = ["double", "Share, count or estimate; null where there is none"]
-- lower = ["double", "Lower 95% limit"]
-- upper = ["double", "Upper 95% limit"]
-- ///

-- Each figure comes from the table that shows it in full, so that the two pages cannot differ; what is also released
-- from its counts before disclosure control, so that no release withholds the advice. Shares of counts have
-- Wilson's interval; estimates keep their own.
with settings as (
    select intervals_z as z
    from core.settings
),

shares as (
    select 'repeat_victims' as measure_code, repeat_victim_count as numerator, victim_count as denominator
    from metrics.repeat_summary
    where window_days = 365 and is_whole_window
    union all
    select 'repeat_suspects', repeat_suspect_count, suspect_count
    from metrics.repeat_summary
    where window_days = 730 and is_whole_window
    union all
    select 'serial_suspects_managed', serial_managed_count, serial_count
    from metrics.management_overlap
    where window_days = 730 and (is_orders_measured or is_bail_measured or is_programmes_measured)
    union all
    select 'repeat_suspects_ordered', repeat_with_order_count, repeat_count
    from metrics.management_overlap
    where window_days = 730 and is_orders_measured
    union all
    select 'repeat_suspects_bailed', repeat_with_bail_count, repeat_count
    from metrics.management_overlap
    where window_days = 730 and is_bail_measured
    union all
    select 'repeat_suspects_in_programme', repeat_with_programme_count, repeat_count
    from metrics.management_overlap
    where window_days = 730 and is_programmes_measured
    union all
    select
        'programme_adopted',
        sum(person_count) filter (where stage = 'adopted'),
        sum(person_count) filter (where stage = 'identified')
    from metrics.management_funnel
    union all
    select 'stalking_orders_granted', granted_count, considered_count
    from metrics.order_funnel
    where order_kind = 'stalking protection order' and is_measured
    union all
    select 'alternate_charges', alternate_count, charge_count
    from metrics.alternate_charges
    where offence_class = 'S&H'
    union all
    select measure_code, numerator, denominator
    from metrics.measure_values
    where period_type = 'to_date' and breakdown = 'none'
),

-- a census of the staff, so without an interval
staffed as (
    select 'trained_' || course as measure_code, holder_count as counted, staff_count as total
    from metrics.course_coverage
    union all
    select
        case course
            when 'champion' then 'units_with_champion'
            when 'trainer' then 'units_with_trainer'
            else 'units_with_contact'
        end,
        covered_unit_count,
        unit_count
    from metrics.course_coverage
    where course in ('champion', 'single_point_of_contact', 'trainer')
    union all
    select
        'services_with_room',
        count(*) filter (where d.person_count < s.capacity_count),
        count(*) filter (where d.person_count is not null and s.capacity_count is not null)
    from core.service_years as s
    inner join core.disclosure_cells as d
        on d.measure_code = 'referrals_accepted' and d.breakdown = 'service' and d.period_code = s.period_code
        and d.group_code = s.service_name
    union all
    -- a breach that its latest build found first had no time to be corrected; one that is gone may not have been
    select
        'breaches_corrected',
        count(*) filter (where h.ended_as = 'fixed'),
        count(*)
    from quality.breach_history as h
    inner join core.crimes as c on h.record_ref = c.crime_ref
    where
        h.record_type = 'crime'
        and coalesce(h.ended_as, 'fixed') = 'fixed'
        and h.first_run_ref < (select max(first_run_ref) from quality.breach_history)
),

registered as (
    select register || '_in_hand' as measure_code, in_hand_count as counted, open_count as total
    from metrics.register_summary
    where register in ('recommendations', 'guidance', 'policies', 'inspection')
    union all
    select 'recommendations_with_figure', open_count - no_metric_count, open_count
    from metrics.register_summary
    where register = 'recommendations'
    union all
    select 'recommendations_with_cost', costed_count, open_count
    from metrics.register_summary
    where register = 'recommendations'
    union all
    select 'guidance_passed_on', passed_on_count, open_count
    from metrics.register_summary
    where register = 'guidance'
    union all
    select 'inspection_closed', closed_count, entry_count
    from metrics.register_summary
    where register = 'inspection'
    union all
    select 'practice_compared', compared_count, open_count
    from metrics.register_summary
    where register = 'practice'
    union all
    select 'lessons_controlled', controlled_count, entry_count
    from metrics.register_summary
    where register = 'lessons'
    union all
    -- a policy for each of the nine lines of the advice
    select
        'policy_' || json_extract_string(fields, '$.advice_row'),
        count(*) filter (where owner is not null and due_date >= as_of_date),
        count(*)
    from core.register_entries
    where register = 'policies' and not is_starter and not is_closed and as_of_date is not null
    group by json_extract_string(fields, '$.advice_row')
),

interval_ends as (
    select
        s.measure_code,
        cast(s.numerator as bigint) as numerator,
        cast(s.denominator as bigint) as denominator,
        s.numerator / cast(nullif(s.denominator, 0) as double) as share,
        t.z
    from shares as s
    cross join settings as t
),

estimates as (
    select
        measure_code,
        numerator,
        denominator,
        share as value,
        case
            when numerator = 0 then 0.0
            else wilson_lower(share, denominator, z)
        end as lower,
        case
            when numerator = denominator then 1.0
            else wilson_upper(share, denominator, z)
        end as upper
    from interval_ends
    where denominator > 0
    union all
    select 'charged_in_a_year', outcome_count, crime_count, share, lower, upper
    from metrics.matured_outcomes
    where offence_class = 'S&H' and outcome_group = 'Charged/Summonsed' and day = 365
    union all
    select 'open_after_90_days', cast(null as bigint), at_risk_count, open_share, lower, upper
    from metrics.time_to_outcome
    where offence_class = 'S&H' and day = 90
    union all
    select 'suspects_charged_in_a_year', cast(null as bigint), at_risk_count, incidence, lower, upper
    from metrics.suspect_charges
    where unit_type = 'suspect' and day = 365
    union all
    select
        case early_advice when 'asked for' then 'charged_with_advice' else 'charged_without_advice' end,
        cast(null as bigint), at_risk_count, incidence, lower, upper
    from metrics.early_advice
    where offence_class = 'S&H' and outcome_group = 'Charged/Summonsed' and day = 365
    union all
    select
        case measure_code
            when 'standards|all' then 'standards_kept'
            when 'recorded_within_limit' then 'recorded_within_limit'
            else 'former_partners_as_stalking'
        end,
        kept_count, judged_count, kept_share, kept_lower, kept_upper
    from metrics.recording_trust
    where measure_code in ('standards|all', 'recorded_within_limit', 'former_partner_stalking|principal')
    union all
    select measure_code, passed, rated, share, lower, upper
    from (
        select
            case metric
                when 'classification_accuracy' then 'audited_classification' else 'audited_recording'
            end as measure_code,
            cast(round(passed) as bigint) as passed, cast(round(rated) as bigint) as rated, share, lower, upper
        from core.audit_estimates
        where metric in ('classification_accuracy', 'recording_accuracy') and stratum = 'overall' and not is_withheld
        qualify row_number() over (partition by metric order by signed_off_at desc, cycle_ref) = 1
    ) as audited
    union all
    select 'expected_next_month', cast(null as bigint), cast(null as bigint), f.expected_count, f.lower_95, f.upper_95
    from metrics.demand_forecast as f
    inner join metrics.forecast_states as s on f.series_ref = s.series_ref
    where s.source = 'extract' and s.offence_code = 'S&H' and f.months_ahead = 1
    -- forecasts of two forces do not add up: their limits would be wrong
    qualify count(*) over () = 1
    union all
    select
        'orders_binding', cast(sum(live_count) as bigint), cast(null as bigint), cast(sum(live_count) as double),
        cast(null as double), cast(null as double)
    from metrics.order_funnel
    where is_measured and order_kind <> 'conditional bail'
    union all
    -- the force itself: a neighbouring force in the extract has few
    select
        'open_caseload', cast(round(crimes_per_investigator * investigator_count) as bigint), investigator_count,
        crimes_per_investigator, cast(null as double), cast(null as double)
    from metrics.open_caseload
    where breakdown = 'force' and is_as_of
    qualify row_number() over (order by open_count desc, force_code) = 1
    union all
    -- register entries are counted, not sampled: no interval
    select
        r.measure_code, r.counted, r.total, r.counted / cast(r.total as double), cast(null as double),
        cast(null as double)
    from registered as r
    where r.total > 0 and r.counted is not null
    union all
    select measure_code, counted, total, counted / cast(total as double), cast(null as double), cast(null as double)
    from staffed
    where total > 0 and counted is not null
    union all
    select
        'on_daily_list', cast(sum(record_count) as bigint), cast(null as bigint), cast(sum(record_count) as double),
        cast(null as double), cast(null as double)
    from metrics.meeting_list_states
    where period = 'daily' and is_measured
    having count(*) > 0
    union all
    select
        'wait_for_contact', cast(null as bigint), cast(null as bigint), round(median(o.offer_contact_days), 0),
        cast(null as double), cast(null as double)
    from core.support_offers as o
    inner join core.support_periods as p
        on o.offered_date >= p.period_start and o.offered_date < p.period_end and p.period_type = 'current' and p.is_held
    inner join core.support_measured as m
        on p.period_code = m.period_code and m.measure_code = 'referrals_contacted' and m.is_measured
    cross join core.settings as s
    where o.is_accepted and o.offer_contact_days is not null
    having count(distinct coalesce(o.person_ref, o.referral_ref)) > max(s.disclosure_suppress_to)
    union all
    select
        'measured_for_public', count(distinct d.measure_code), cast(null as bigint),
        cast(count(distinct d.measure_code) as double), cast(null as double), cast(null as double)
    from core.disclosure_cells as d
    inner join reference.public_measures as p on d.measure_code = p.measure_code
    where d.period_code like 'quarter %' and d.person_count is not null
    having count(*) > 0
    union all
    -- of the same force, as on the page
    select
        'contact_consulted', consulted_year_count, cast(null as bigint), cast(consulted_year_count as double),
        cast(null as double), cast(null as double)
    from (
        select d.consulted_year_count
        from metrics.investigator_demand as d
        inner join (
            select force_code, max(month) as month, sum(new_crime_count) as crime_count
            from metrics.investigator_demand
            group by force_code
        ) as n on d.force_code = n.force_code and d.month = n.month
        qualify row_number() over (order by n.crime_count desc, d.force_code desc) = 1
    ) as consulted
    where consulted_year_count is not null
)

select f.measure_code, e.numerator, e.denominator, e.value, e.lower, e.upper
from reference.advice_figures as f
left join estimates as e on f.measure_code = e.measure_code
