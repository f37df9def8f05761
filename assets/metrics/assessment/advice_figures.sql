-- /// card
-- description = """One row is a figure or a text that answers statements of the advice, with its period; without a \
--     value there is none."""
-- grain = ["measure_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Each figure is that of the page it links to; that page has its caveats.",
--     """A measure has the latest twelve months that the extract covers, in which each case had its time \
--     (metrics.measure_values). What no time limit ends has the latest twelve months that its charts show, so far.""",
--     "An extract of several forces has no expected count here: the forecast has one for each force.",
-- ]
-- [columns]
-- measure_code = ["varchar", "Measure, figure or text"]
-- status = ["varchar", "measured, too little known, nothing arose or not measured"]
-- reason = ["varchar", "Why there is no figure"]
-- period_start = ["date", "First day; null where it is a state on one day"]
-- period_end = ["date", "Last day, or the day of the state; null where it has none"]
-- is_so_far = ["boolean", "What it counts can still happen to cases of the period"]
-- numerator = ["bigint", "Number counted; null for an estimate that is not a ratio of counts"]
-- denominator = "columns"
-- value = ["double", "Share, count or estimate; null where there is none"]
-- lower = ["double", "Lower 95% limit"]
-- upper = ["double", "Upper 95% limit"]
-- ///

-- Each figure comes from the table that shows it in full, so that the two pages cannot differ; what is also released
-- from its counts before disclosure control, so that no release withholds the advice. Shares of counts have
-- Wilson's interval; estimates keep their own. No figure covers all years of the extract: the latest twelve months
-- answer what the advice asks now.
with settings as (
    select intervals_z as z, shares_minimum_denominator as fewest
    from core.settings
),

days as (
    select
        as_of_date,
        cast(as_of_date - interval 12 month + interval 1 day as date) as year_start,
        cast(as_of_date - interval 364 day as date) as days_start
    from (
        select london_date(as_of_at - interval 1 second) as as_of_date
        from core.extract_moments
    ) as moment
),

wanted as (
    select measure_code, measure_code as of_measure, 'all' as part, status = 'not measured' as is_lacking, reason
    from metrics.protection_measures
    where advice_rows <> ''
    union all
    -- a measure with no row at all has no data
    select f.measure_code, f.of_measure, coalesce(f.of_class, 'all'), k.measure_code is null, f.absent_reason
    from reference.advice_figures as f
    left join (
        select distinct measure_code
        from metrics.measure_values
        where breakdown = 'none'
    ) as k on f.of_measure = k.measure_code
    where f.of_measure is not null
),

-- the years that the extract covers whole: a month that it covers has a count of recorded crimes, also of none
years as (
    select period_start, period_end
    from metrics.measure_values
    where measure_code = 'recorded' and breakdown = 'none' and period_type = 'rolling_12' and is_whole
),

-- the latest of them in which each case of the measure had its time; a share has no row where nothing was due
mature as (
    select
        k.measure_code,
        k.kind = 'count_at_end' as is_state,
        coalesce(k.is_open_ended, false) as is_so_far,
        max(y.period_start) as period_start,
        max(y.period_end) as period_end
    from reference.measures as k
    cross join days as d
    left join years as y
        on coalesce(y.period_end + interval 1 month + interval 1 day * (k.follow_days - 1) <= d.as_of_date, true)
    group by k.measure_code, k.kind, k.is_open_ended
),

measures as (
    select
        w.measure_code,
        case
            when w.is_lacking then 'not measured'
            when m.period_start is null then 'too little known'
            -- a part of few cases has no row, whether something arose or not
            when v.measure_code is null and w.part = 'all' then 'nothing arose'
            when v.value is null or v.denominator < s.fewest then 'too little known'
            else 'measured'
        end as status,
        case
            when w.is_lacking then w.reason
            when m.period_start is null then 'the extract has no twelve whole months in which each case had its time'
            when v.measure_code is null and w.part = 'all' then 'nothing arose'
            when v.measure_code is null or v.denominator < s.fewest then 'too few cases for a share'
            when v.value is null then 'too many not known to give a share'
        end as reason,
        case when not m.is_state then m.period_start end as period_start,
        cast(m.period_end + interval 1 month - interval 1 day as date) as period_end,
        m.is_so_far,
        v.numerator,
        v.denominator,
        v.value,
        v.lower,
        v.upper
    from wanted as w
    left join mature as m on w.of_measure = m.measure_code
    cross join settings as s
    left join metrics.measure_values as v
        on w.of_measure = v.measure_code and v.period_type = 'rolling_12' and m.period_start = v.period_start
        and v.breakdown = case when w.part = 'all' then 'none' else 'class' end and w.part = v.breakdown_value
),

overlap as (
    select o.*, d.days_start, d.as_of_date
    from metrics.management_overlap as o
    inner join metrics.repeat_summary as r on o.window_days = r.window_days
    cross join days as d
    where o.window_days = 365 and r.is_whole_window
),

programmes as (
    select
        programme,
        person_ref,
        min(from_date) as first_date,
        bool_or(stage in ('adopted', 'plan', 'review', 'exit')) as is_adopted
    from core.managements
    group by programme, person_ref
),

advocates as (
    select distinct s.area_code
    from core.services as s
    inner join days as d on s.from_date <= d.as_of_date and coalesce(s.to_date >= d.as_of_date, true)
    where s.kind = 'isac'
),

shares as (
    select
        'serial_suspects_managed' as measure_code,
        serial_managed_count as numerator,
        serial_count as denominator,
        days_start as period_start,
        as_of_date as period_end
    from overlap
    where is_orders_measured or is_bail_measured or is_programmes_measured
    union all
    select 'repeat_suspects_ordered', repeat_with_order_count, repeat_count, days_start, as_of_date
    from overlap
    where is_orders_measured
    union all
    select 'repeat_suspects_bailed', repeat_with_bail_count, repeat_count, days_start, as_of_date
    from overlap
    where is_bail_measured
    union all
    select 'repeat_suspects_in_programme', repeat_with_programme_count, repeat_count, days_start, as_of_date
    from overlap
    where is_programmes_measured
    union all
    -- a person in two programmes counts in each
    select 'programme_adopted', count(*) filter (where p.is_adopted), count(*), d.year_start, d.as_of_date
    from programmes as p
    inner join days as d on p.first_date >= d.year_start and p.first_date <= d.as_of_date
    group by d.year_start, d.as_of_date
    union all
    select
        'areas_with_advocate', count(a.area_code), count(*), d.year_start, d.as_of_date
    from core.crimes as c
    inner join core.support_areas as p on c.lsoa_code = p.lsoa_code
    inner join days as d
        on london_date(c.recorded_at) >= d.year_start and london_date(c.recorded_at) <= d.as_of_date
    left join advocates as a on p.area_code = a.area_code
    where
        c.class_code = '8Q' and not c.is_cancelled and not c.is_transferred
        and (select count(*) from core.services) > 0
    group by d.year_start, d.as_of_date
),

-- all are counted, so without an interval
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
),

-- a breach that its latest build found first had no time to be corrected; one that is gone may not have been
corrected as (
    select
        'breaches_corrected' as measure_code,
        count(*) filter (where h.ended_as = 'fixed') as counted,
        count(*) as total,
        d.year_start,
        d.as_of_date
    from quality.breach_history as h
    inner join core.crimes as c on h.record_ref = c.crime_ref
    inner join days as d
        on london_date(c.recorded_at) >= d.year_start and london_date(c.recorded_at) <= d.as_of_date
    where
        h.record_type = 'crime'
        and coalesce(h.ended_as, 'fixed') = 'fixed'
        and h.first_run_ref < (select max(first_run_ref) from quality.breach_history)
    group by d.year_start, d.as_of_date
),

registered as (
    select register || '_in_hand' as measure_code, in_hand_count as counted, open_count as total, as_of_date
    from metrics.register_summary
    where register in ('recommendations', 'guidance', 'policies', 'inspection')
    union all
    select 'recommendations_with_figure', open_count - no_metric_count, open_count, as_of_date
    from metrics.register_summary
    where register = 'recommendations'
    union all
    select 'recommendations_with_cost', costed_count, open_count, as_of_date
    from metrics.register_summary
    where register = 'recommendations'
    union all
    select 'guidance_passed_on', passed_on_count, open_count, as_of_date
    from metrics.register_summary
    where register = 'guidance'
    union all
    select 'inspection_closed', closed_count, entry_count, as_of_date
    from metrics.register_summary
    where register = 'inspection'
    union all
    select 'practice_compared', compared_count, open_count, as_of_date
    from metrics.register_summary
    where register = 'practice'
    union all
    select 'lessons_controlled', controlled_count, entry_count, as_of_date
    from metrics.register_summary
    where register = 'lessons'
    union all
    -- a policy for each of the nine lines of the advice
    select
        'policy_' || json_extract_string(fields, '$.advice_row'),
        count(*) filter (where owner is not null and due_date >= as_of_date),
        count(*),
        max(as_of_date)
    from core.register_entries
    where
        register = 'policies' and not is_starter and not is_placeholder and not is_closed and as_of_date is not null
    group by json_extract_string(fields, '$.advice_row')
    union all
    -- the two texts that the advice asks to be read with it
    select
        'companion_guidance',
        count(*) filter (where json_extract_string(fields, '$.disseminated_on') is not null),
        2,
        max(as_of_date)
    from core.register_entries
    where
        entry_ref in ('guidance-advice-responders', 'guidance-advice-investigators')
        and register = 'guidance' and not is_starter and not is_placeholder and not is_closed
        and json_extract_string(fields, '$.version') is not null
    having count(*) > 0
),

interval_ends as (
    select
        s.measure_code,
        cast(s.numerator as bigint) as numerator,
        cast(s.denominator as bigint) as denominator,
        s.numerator / cast(nullif(s.denominator, 0) as double) as share,
        s.period_start,
        s.period_end,
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
        end as upper,
        period_start,
        period_end
    from interval_ends
    where denominator > 0
    union all
    select
        case measure_code when 'standards|all' then 'standards_kept' else 'former_partners_as_stalking' end,
        kept_count, judged_count, kept_share, kept_lower, kept_upper,
        first_month, cast(last_month + interval 1 month - interval 1 day as date)
    from metrics.recording_trust
    where measure_code in ('standards|all', 'former_partner_stalking|principal')
    union all
    select measure_code, passed, rated, share, lower, upper, period_from,
        cast(period_to + interval 1 month - interval 1 day as date)
    from (
        select
            case
                when metric = 'recording_accuracy' then 'audited_recording'
                when stratum = 'overall' then 'audited_classification'
                else 'audited_signal'
            end as measure_code,
            cast(round(passed) as bigint) as passed, cast(round(rated) as bigint) as rated, share, lower, upper,
            period_from, period_to
        from core.audit_estimates
        where
            -- stratum C: other classes with a sign of stalking
            (
                metric in ('classification_accuracy', 'recording_accuracy') and stratum = 'overall'
                or metric = 'classification_accuracy' and stratum = 'C'
            )
            and not is_withheld
        qualify row_number() over (partition by metric, stratum order by signed_off_at desc, cycle_ref) = 1
    ) as audited
    union all
    select
        'expected_next_month', cast(null as bigint), cast(null as bigint), f.expected_count, f.lower_95, f.upper_95,
        f.month, cast(f.month + interval 1 month - interval 1 day as date)
    from metrics.demand_forecast as f
    inner join metrics.forecast_states as s on f.series_ref = s.series_ref
    where s.source = 'extract' and s.offence_code = 'S&H' and f.months_ahead = 1
    -- forecasts of two forces do not add up: their limits would be wrong
    qualify count(*) over () = 1
    union all
    -- the force itself: a neighbouring force in the extract has few
    select
        'open_caseload', cast(round(crimes_per_investigator * investigator_count) as bigint), investigator_count,
        crimes_per_investigator, cast(null as double), cast(null as double), cast(null as date),
        london_date(measured_at - interval 1 second)
    from metrics.open_caseload
    where breakdown = 'force' and is_as_of
    qualify row_number() over (order by open_count desc, force_code) = 1
    union all
    -- register entries and staff are counted, not sampled: no interval
    select
        measure_code, counted, total, counted / cast(total as double), cast(null as double), cast(null as double),
        cast(null as date), as_of_date
    from registered
    where total > 0 and counted is not null
    union all
    select
        s.measure_code, s.counted, s.total, s.counted / cast(s.total as double), cast(null as double),
        cast(null as double), cast(null as date), d.as_of_date
    from staffed as s
    left join days as d on true
    where s.total > 0 and s.counted is not null
    union all
    select
        measure_code, counted, total, counted / cast(total as double), cast(null as double), cast(null as double),
        year_start, as_of_date
    from corrected
    union all
    select
        'on_daily_list', cast(sum(record_count) as bigint), cast(null as bigint), cast(sum(record_count) as double),
        cast(null as double), cast(null as double), cast(null as date),
        london_date(max(as_of_at) - interval 1 second)
    from metrics.meeting_list_states
    where period = 'daily' and is_measured
    having count(*) > 0
    union all
    select
        'wait_for_contact', cast(null as bigint), cast(null as bigint), round(median(o.offer_contact_days), 0),
        cast(null as double), cast(null as double), min(p.period_start), cast(max(p.period_end) - interval 1 day as date)
    from core.support_offers as o
    inner join core.support_periods as p
        on o.offered_date >= p.period_start and o.offered_date < p.period_end and p.period_type = 'current' and p.is_held
    inner join core.support_measured as m
        on p.period_code = m.period_code and m.measure_code = 'referrals_contacted' and m.is_measured
    cross join core.settings as s
    where o.is_accepted and o.offer_contact_days is not null
    having count(distinct coalesce(o.person_ref, o.referral_ref)) > max(s.disclosure_suppress_to)
    union all
    -- of the same force, as on the page
    select
        'contact_consulted', consulted_year_count, cast(null as bigint), cast(consulted_year_count as double),
        cast(null as double), cast(null as double), cast(month - interval 11 month as date),
        cast(month + interval 1 month - interval 1 day as date)
    from (
        select d.consulted_year_count, d.month
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

select
    measure_code, status, reason, period_start, period_end, is_so_far, numerator, denominator, value, lower, upper
from measures
union all
select
    f.measure_code,
    case
        when e.value is null then 'not measured'
        when f.value_type = 'share' and e.denominator < s.fewest then 'too little known'
        else 'measured'
    end,
    case
        when e.value is null and f.value_type = 'texts' and d.as_of_date is null
            then 'without an extract there is no as-of day'
        when e.value is null then f.absent_reason
        when f.value_type = 'share' and e.denominator < s.fewest then 'too few cases for a share'
    end,
    e.period_start,
    e.period_end,
    f.measure_code = 'programme_adopted',
    e.numerator,
    e.denominator,
    e.value,
    e.lower,
    e.upper
from reference.advice_figures as f
cross join settings as s
left join days as d on true
left join estimates as e on f.measure_code = e.measure_code
where f.of_measure is null
