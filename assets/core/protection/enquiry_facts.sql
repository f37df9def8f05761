-- /// card
-- description = """One row is a crime of stalking or harassment, or of breach of an order, not removed, with the \
--     evidence sought."""
-- grain = ["crime_ref"]
-- audience = []
-- caveats = [
--     "Facts for the rules: a fact that cannot be assessed is null. Cancelled and transferred crimes are left out.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- is_stalking = ["boolean", "The principal class is 8Q"]
-- is_stalking_or_harassment = ["boolean", "The principal class is 8L, 8M, 8Q, 8R or 8U"]
-- is_order_breach = ["boolean", "The offence is breach of an order, or the charge is"]
-- digital_enquiry_at = ["timestamp with time zone", "When the first digital line of enquiry was raised", "UTC"]
-- digital_required_at = ["timestamp with time zone", """When the first mandatory digital line of enquiry was \
--     raised""", "UTC"]
-- digital_open_count = ["bigint", "Mandatory digital lines of enquiry that are not done", "lines of enquiry"]
-- digital_done_at = ["timestamp with time zone", "When the last completed one was done", "UTC"]
-- days_without_digital_enquiry = ["double", """From recording to the first digital line of enquiry, otherwise to the \
--     as-of moment""", "days"]
-- is_search_considered = ["boolean", """A search record or a line of enquiry on search; null where the crime has \
--     neither case file nor lines of enquiry"""]
-- ///

-- Recording-standards 6.6, INV-05 and INV-06: digital evidence directed early, search powers considered.
with lines as (
    select
        crime_ref,
        raised_at,
        done_at,
        coalesce(is_required, false) as is_required,
        regexp_matches(
            lower(enquiry_type),
            'digital|phone|device|comms|communication|social|media|cctv|computer|online|internet|email|tracker|bwv'
        ) as is_digital,
        regexp_matches(lower(enquiry_type), 'search') as is_search
    from core.lines_of_enquiry
),

enquiries as (
    select
        crime_ref,
        min(raised_at) filter (where is_digital) as digital_enquiry_at,
        min(raised_at) filter (where is_digital and is_required) as digital_required_at,
        count(*) filter (where is_digital and is_required and done_at is null) as digital_open_count,
        max(done_at) filter (where is_digital and is_required) as digital_done_at,
        bool_or(is_search) as has_search
    from lines
    group by crime_ref
),

file_records as (
    select crime_ref, bool_or(item = 'search_record' and is_present) as has_search
    from core.case_file_items
    group by crime_ref
),

breached as (
    select distinct crime_ref
    from core.order_breaches
    where crime_ref is not null
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    coalesce(c.class_code = '8Q', false) as is_stalking,
    coalesce(c.is_stalking_or_harassment, false) as is_stalking_or_harassment,
    b.crime_ref is not null or h.breached_order is not null as is_order_breach,
    e.digital_enquiry_at,
    e.digital_required_at,
    coalesce(e.digital_open_count, 0) as digital_open_count,
    e.digital_done_at,
    days_between(c.recorded_at, coalesce(e.digital_enquiry_at, m.as_of_at))
        as days_without_digital_enquiry,
    case
        when e.has_search or f.has_search then true
        when e.crime_ref is not null or f.crime_ref is not null then false
    end as is_search_considered
from core.crimes as c
left join core.extract_moments as m on true
left join enquiries as e on c.crime_ref = e.crime_ref
left join file_records as f on c.crime_ref = f.crime_ref
left join breached as b on c.crime_ref = b.crime_ref
left join reference.ho_codes as h on c.ho_code = h.ho_code
where
    not c.is_cancelled and not c.is_transferred
    and (c.is_stalking_or_harassment or b.crime_ref is not null or h.breached_order is not null)
