-- /// card
-- description = """One row is a whole month of the extract: crimes of stalking and harassment recorded, and \
--     investigators to whom one was allocated."""
-- grain = ["force_code", "month"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Investigators are those on the list to whom at least one such crime was allocated in the month; their other \
--     work is not counted.""",
--     "A month that the extract covers only in part has no row: it is missing, not zero.",
--     """Consultations are counted as crimes, by the month of the consultation. Until an allocation records one they \
--     are not measured. A crime consulted in two months counts in both, and once in twelve months.""",
--     """New demand and its investigators count crimes with stalking or harassment as principal class. Crimes with it \
--     only as included classification are in metrics.open_caseload alone.""",
-- ]
-- [columns]
-- "force_code, month" = "metrics.demand_months"
-- new_crime_count = ["bigint", """Crimes of stalking and harassment recorded in the \
--     month, removed ones left out""", "crimes", "Crimes recorded"]
-- investigator_count = ["bigint", """Investigators on the list to whom one was allocated in the month; null for few \
--     (a setting)""", "investigators", "Investigators"]
-- unknown_holder_count = ["bigint", """Crimes allocated in the month to an investigator who is not on the \
--     list""", "crimes", "Investigator not on the list"]
-- new_crimes_per_investigator = ["double", """Crimes recorded per investigator; null for fewer than \
--     five""", "crimes", "Crimes per investigator"]
-- consulted_count = ["bigint", """Crimes on which the single point of contact was consulted in the month; null before \
--     the first such month, and where none is recorded""", "crimes", "Contact consulted"]
-- consulted_year_count = ["bigint", """Crimes, each once, with a consultation in the twelve months to this one; null \
--     where a month is missing or before the first consultation""", "crimes"]
-- ///

-- Strategic-assessment 1, M7, M8, L12.
with settings as (
    select caseload_minimum_investigators as fewest
    from core.settings
),

allocated as (
    select
        c.force_code,
        a.crime_ref,
        i.investigator_ref,
        i.investigator_ref is null as is_unknown,
        month_of(london_date(a.allocated_at)) as month,
        month_of(london_date(a.single_point_of_contact_consulted_at))
            as consulted_month
    from core.allocations as a
    cross join core.extract_moments as m
    inner join core.crimes as c on a.crime_ref = c.crime_ref
    left join core.investigators as i on a.investigator_ref = i.investigator_ref
    where c.is_stalking_or_harassment and a.allocated_at <= m.as_of_at
),

holders as (
    select
        force_code,
        month,
        count(distinct investigator_ref) as investigator_count,
        count(distinct case when is_unknown then crime_ref end) as unknown_holder_count
    from allocated
    group by force_code, month
),

consulted as (
    select force_code, consulted_month, count(distinct crime_ref) as consulted_count
    from allocated
    where consulted_month is not null
    group by force_code, consulted_month
),

-- before the first consultation the field was not used: those months are not zero
begun as (
    select force_code, min(consulted_month) as month
    from allocated
    group by force_code
),

covered as (
    select force_code, month
    from metrics.demand_months
    where source = 'extract' and offence_code = 'S&H'
),

-- twelve months up to each month, where all are in the extract and after the first consultation
years as (
    select c.force_code, c.month
    from covered as c
    inner join begun as b on c.force_code = b.force_code and b.month <= c.month - interval 11 month
    inner join covered as e
        on c.force_code = e.force_code and e.month > c.month - interval 12 month and e.month <= c.month
    group by c.force_code, c.month
    having count(*) = 12
),

consulted_years as (
    select y.force_code, y.month, count(distinct a.crime_ref) as consulted_count
    from years as y
    inner join allocated as a
        on y.force_code = a.force_code
        and a.consulted_month > y.month - interval 12 month and a.consulted_month <= y.month
    group by y.force_code, y.month
),

supplied as (
    select
        (select count(*) from core.force_deliveries where source = 'allocation') > 0
        and (select count(*) from core.force_deliveries where source = 'investigator') > 0 as has_holders,
        (
            select count(*)
            from core.absent_fields
            where source = 'allocation' and field_name = 'spoc_consult_ts'
        ) = 0 as has_consultations
)

select
    d.force_code,
    d.month,
    d.crime_count as new_crime_count,
    -- a small count of people is suppressed
    case when h.investigator_count is null or h.investigator_count = 0 then 0
        when h.investigator_count >= s.fewest then h.investigator_count end as investigator_count,
    coalesce(h.unknown_holder_count, 0) as unknown_holder_count,
    case when h.investigator_count >= s.fewest then d.crime_count / nullif(h.investigator_count, 0) end
        as new_crimes_per_investigator,
    -- an unused field says nothing: null does not mean 'not consulted'
    case when p.has_consultations and b.month <= d.month then coalesce(c.consulted_count, 0) end as consulted_count,
    case when p.has_consultations and y.month is not null then coalesce(t.consulted_count, 0) end
        as consulted_year_count
from metrics.demand_months as d
cross join settings as s
cross join supplied as p
left join holders as h on d.force_code = h.force_code and d.month = h.month
left join consulted as c on d.force_code = c.force_code and d.month = c.consulted_month
left join begun as b on d.force_code = b.force_code
left join years as y on d.force_code = y.force_code and d.month = y.month
left join consulted_years as t on d.force_code = t.force_code and d.month = t.month
where d.source = 'extract' and d.offence_code = 'S&H' and p.has_holders
