-- /// card
-- description = "One row is a crime with the checks of its completeness and consistency."
-- grain = ["crime_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "Rules use these facts; a null fact could not be assessed and is never a pass.",
--     "The hate flag is a row only where it is set. No row means no flag, so it cannot be missing.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- date_faults = ["varchar", "Dates in the wrong order, named; empty where none"]
-- are_dates_in_order = ["boolean", """STR-08: offence, report, recording and outcome are in order; null where a \
--     needed date is missing"""]
-- missing_parts = ["varchar", "Mandatory parts that are missing, named; empty where none"]
-- has_mandatory_parts = ["boolean", "STR-09: every mandatory part is present; null where one cannot be read"]
-- mo_length = ["bigint", "Length of the modus operandi text", "characters"]
-- mo_use_count = ["bigint", "Crimes of the force with the same modus operandi, ignoring case and spaces", "crimes"]
-- is_mo_informative = ["boolean", """STR-10: the text is not too short, too long or used too often; null where there \
--     is none"""]
-- "is_stalking_or_harassment, victim_count" = "core.crimes"
-- has_one_victim = ["boolean", """STR-12: there is exactly one victim row; null for a breach of an order with another \
--     number, which may have none"""]
-- "outcome_code, suspect_count" = "core.crimes"
-- is_offender_to_be_known = ["boolean", """Closed with an outcome that identifies an offender, or with an unknown \
--     outcome"""]
-- has_suspect_row = ["boolean", "STR-13: there is a suspect or offender row; null where the outcome is not known"]
-- ///

-- Completeness and consistency of the crime record: recording-standards 6.1.
with limits as (
    select
        structure_mo_length_min as mo_length_min,
        structure_mo_length_max as mo_length_max,
        structure_mo_uses_max as mo_uses_max
    from core.settings
),

narratives as (
    select
        t.crime_id as crime_ref,
        length(trim(t.mo_text)) as mo_length,
        count(*) over (
            partition by t.force_code, regexp_replace(lower(trim(t.mo_text)), '\s+', ' ', 'g')
        ) as mo_use_count
    from raw.crime as t
    inner join core.current_periods as p
        on p.source = 'crime' and t.delivery_ref = p.delivery_ref and t.period = p.period
    where t.mo_text is not null
),

concluded as (
    -- 3.1: code 0 is a row in the tables but not an outcome
    select crime_ref, count(*) as outcome_row_count, min(outcome_at) filter (outcome_code <> '0') as first_outcome_at
    from core.outcomes
    group by crime_ref
),

-- what could not be read is not missing: its columns, or `outcome` for a row of the crime's outcomes
unread as (
    select crime_ref, string_agg(column_name, ' ' order by column_name) as unread_columns
    from (
        select t.crime_id as crime_ref, u.column_name
        from raw.unread_values as u
        inner join raw.crime as t
            on u.source = 'crime' and u.delivery_ref = t.delivery_ref
            and u.line_number + u.group_number * 1000000000 = t.line_number
        inner join core.current_periods as p on p.source = 'crime' and u.delivery_ref = p.delivery_ref
        where u.column_name in ('offence_from_ts', 'reported_ts', 'lat', 'lon')
        union all
        select distinct crime_ref, 'outcome' as column_name
        from core.quarantined_outcomes
    ) as v
    group by crime_ref
),

timed as (
    select
        c.*,
        hours_between(c.offence_to_at, c.offence_from_at) as hours_backwards,
        hours_between(coalesce(c.reported_at, c.recorded_at), coalesce(c.offence_to_at, c.offence_from_at))
            as hours_past_report
    from core.crimes as c
),

facts as (
    select
        c.*,
        n.mo_length,
        n.mo_use_count,
        coalesce(o.outcome_row_count, 0) as outcome_row_count,
        concat_ws(
            ', ',
            case when c.hours_backwards > 0
                then 'the offence ends ' || round(c.hours_backwards, 1) || ' hours before it begins' end,
            case when c.hours_past_report > 0
                then 'the offence ends ' || round(c.hours_past_report, 1) || ' hours after the report' end,
            case when (epoch(coalesce(c.recorded_at, c.reported_at)) - epoch(o.first_outcome_at)) > 0
                then 'the outcome is '
                    || round(hours_between(o.first_outcome_at, coalesce(c.recorded_at, c.reported_at)), 1)
                    || ' hours before the recording' end
        ) as date_faults,
        concat_ws(
            ', ',
            case when c.ho_code is null then 'Home Office code' end,
            case when c.class_code is null or c.class_label is null then 'crime type' end,
            case when coalesce(o.outcome_row_count, 0) = 0 and coalesce(u.unread_columns not like '%outcome%', true)
                then 'outcome' end,
            case when c.status is null then 'status' end,
            case when c.offence_from_at is null and coalesce(u.unread_columns not like '%offence_from_ts%', true)
                then 'offence date and time' end,
            case when n.crime_ref is null then 'modus operandi' end,
            case when c.reported_at is null and coalesce(u.unread_columns not like '%reported_ts%', true)
                then 'reported date' end,
            case when c.recording_officer_ref is null then 'recording officer' end,
            case when c.supervising_officer_ref is null then 'supervising officer' end,
            case
                when c.postcode_sector is null and c.lsoa_code is null and (c.latitude is null or c.longitude is null)
                    and coalesce(u.unread_columns not like '%lat%' and u.unread_columns not like '%lon%', true)
                    then 'location'
            end
        ) as missing_parts,
        u.crime_ref is not null and (u.unread_columns <> 'outcome' or coalesce(o.outcome_row_count, 0) = 0) as is_any_unread
    from timed as c
    left join narratives as n on c.crime_ref = n.crime_ref
    left join concluded as o on c.crime_ref = o.crime_ref
    left join unread as u on c.crime_ref = u.crime_ref
)

select
    f.crime_ref,
    f.force_code,
    f.recorded_date,
    f.recorded_month,
    f.unit_name,
    f.class_code,
    f.date_faults,
    case
        when f.date_faults <> '' then false
        when f.offence_from_at is not null and f.reported_at is not null and f.recorded_at is not null then true
    end as are_dates_in_order,
    f.missing_parts,
    case when f.missing_parts <> '' then false when not f.is_any_unread then true end as has_mandatory_parts,
    f.mo_length,
    f.mo_use_count,
    f.mo_length between l.mo_length_min and l.mo_length_max and f.mo_use_count <= l.mo_uses_max as is_mo_informative,
    f.is_stalking_or_harassment,
    f.victim_count,
    case
        when f.victim_count = 1 then true
        -- 1.1.4: whether a breach of an order is victim-based depends on a marker that is not established
        when h.breached_order is null and f.victim_count is not null then false
    end as has_one_victim,
    f.outcome_code,
    f.suspect_count,
    -- OUT-02 lists the outcomes that identify an offender; a closed crime without an outcome cannot be assessed
    f.status = 'closed' and coalesce(f.outcome_code in (
        '1', '1A', '2', '2A', '3', '3A', '4', '5', '8', '9', '10', '11', '12', '13', '15', '16', '17', '21', '22'
    ), true) as is_offender_to_be_known,
    case when f.outcome_code is not null then f.suspect_count > 0 end as has_suspect_row
from facts as f
cross join limits as l
left join reference.ho_codes as h on f.ho_code = h.ho_code
