-- /// card
-- description = """One row is a crime of stalking or harassment, not removed, that was charged or is stalking under \
--     section 4A."""
-- grain = ["crime_ref"]
-- audience = []
-- caveats = [
--     "Facts for the rules: a fact that cannot be assessed is null. Cancelled and transferred crimes are left out.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code, ho_code" = "core.crimes"
-- is_charged = ["boolean", "The current outcome is 1 or 1A"]
-- is_serious_stalking = ["boolean", "Section 4A: 8/65 or 8/66"]
-- charged_at = ["timestamp with time zone", "When the crime was first charged", "UTC"]
-- missing_item_count = ["bigint", "How many of MG3, MG5, its timeline and MG6C to MG6E are missing"]
-- missing_items = ["varchar", "Names of the missing items"]
-- days_to_special_measures = ["double", """From charge to the MG2, otherwise to the as-of moment; null where the MG2 \
--     has no date""", "days"]
-- has_order_request = ["boolean", "The file contains the request for an order with conditions"]
-- is_checklist_complete = ["boolean", """The protocol checklist is present and complete; null where its state is not \
--     given"""]
-- has_early_advice = ["boolean", "Early investigative advice was requested from the Crown Prosecution Service"]
-- ///

-- Recording-standards 6.6, FIL-01 to FIL-04 and ORD-08: items in the file of a charged crime.
with charges as (
    select crime_ref, min(outcome_at) as charged_at
    from core.outcomes
    where outcome_code in ('1', '1A')
    group by crime_ref
),

items as (
    select
        crime_ref,
        item,
        bool_or(is_present) as is_present,
        min(completed_at) filter (where is_present) as completed_at,
        max(lower(item_quality)) filter (where is_present) as item_quality
    from core.case_file_items
    group by crime_ref, item
),

files as (
    select
        crime_ref,
        bool_or(item = 'mg3' and is_present) as has_mg3,
        bool_or(item = 'mg5' and is_present) as has_mg5,
        bool_or(item = 'mg5_timeline' and is_present) as has_timeline,
        bool_or(item = 'mg6c' and is_present) as has_mg6c,
        bool_or(item = 'mg6d' and is_present) as has_mg6d,
        bool_or(item = 'mg6e' and is_present) as has_mg6e,
        bool_or(item = 'mg2' and is_present) as has_mg2,
        min(completed_at) filter (where item = 'mg2') as mg2_at,
        bool_or(item = 'order_conditions' and is_present) as has_order_request,
        bool_or(item = 'protocol_checklist' and is_present) as has_checklist,
        max(item_quality) filter (where item = 'protocol_checklist') as checklist_quality,
        bool_or(item = 'eia' and is_present) as has_early_advice
    from items
    group by crime_ref
),

advice as (
    select distinct crime_ref
    from core.cps_submissions
    where submission_type = 'ea'
),

limits as (
    select file_checklist_percent as checklist_percent
    from core.settings
),

judged as (
    select
        c.*,
        coalesce(c.outcome_code in ('1', '1A'), false) as is_charged,
        coalesce(c.ho_code in ('8/65', '8/66'), false) as is_serious_stalking,
        h.charged_at,
        concat_ws(
            ', ',
            case when not coalesce(f.has_mg3, false) then 'MG3' end,
            case when not coalesce(f.has_mg5, false) then 'MG5' end,
            case when not coalesce(f.has_timeline, false) then 'timeline in MG5' end,
            case when not coalesce(f.has_mg6c, false) then 'MG6C' end,
            case when not coalesce(f.has_mg6d, false) then 'MG6D' end,
            case when not coalesce(f.has_mg6e, false) then 'MG6E' end
        ) as missing_items,
        case
            when f.has_mg2 then days_between(h.charged_at, f.mg2_at)
            else days_between(h.charged_at, m.as_of_at)
        end as days_to_special_measures,
        coalesce(f.has_order_request, false) as has_order_request,
        case
            when not coalesce(f.has_checklist, false) then false
            when regexp_matches(f.checklist_quality, '[0-9]')
                then cast(regexp_extract(f.checklist_quality, '[0-9]+([.][0-9]+)?') as double) >= l.checklist_percent
            when regexp_matches(f.checklist_quality, 'incomplete|not complete|part') then false
            when regexp_matches(f.checklist_quality, 'complete|full') then true
        end as is_checklist_complete,
        coalesce(a.crime_ref is not null or f.has_early_advice, false) as has_early_advice
    from core.crimes as c
    cross join limits as l
    left join core.extract_moments as m on true
    left join charges as h on c.crime_ref = h.crime_ref
    left join files as f on c.crime_ref = f.crime_ref
    left join advice as a on c.crime_ref = a.crime_ref
    where c.is_stalking_or_harassment and not c.is_cancelled and not c.is_transferred
)

select
    crime_ref,
    force_code,
    recorded_date,
    recorded_month,
    unit_name,
    class_code,
    ho_code,
    is_charged,
    is_serious_stalking,
    charged_at,
    cast(
        case
            when missing_items = '' then 0
            else length(missing_items) - length(replace(missing_items, ',', '')) + 1
        end as bigint
    ) as missing_item_count,
    missing_items,
    days_to_special_measures,
    has_order_request,
    is_checklist_complete,
    has_early_advice
from judged
where is_charged or is_serious_stalking
