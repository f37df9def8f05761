-- /// card
-- description = "One row is a support service in one area, with its staff and cost in a year."
-- grain = ["service_ref"]
-- audience = []
-- caveats = [
--     "Cost and staff as stated by the commissioner.",
--     """No caseload for advocates of stalking victims is published: where none is stated, that of another role is \
--     used and named.""",
-- ]
-- [columns]
-- service_ref = ["varchar", "Service in its area"]
-- service_name = ["varchar", "Name of the service", "", "Service"]
-- provider = "raw.services"
-- kind = ["varchar", "Kind of service as delivered"]
-- kind_name = ["varchar", "Name of the kind", "", "Kind"]
-- is_for_victims = ["boolean", "It supports victims; false for programmes for suspects"]
-- area_code = "raw.services"
-- force_code = ["varchar", "Force that the area is in; null where that is not known"]
-- capacity_fte = ["double", "Funded staff", "full-time equivalents", "Workers (full-time)"]
-- stated_cases_per_fte = ["double", "Cases per full-time worker in a year, as stated", "cases"]
-- cases_per_fte = ["double", "The same, otherwise the benchmark of the kind", "cases"]
-- caseload_basis = ["varchar", "Source of the caseload", "", "Caseload is"]
-- cost_per_year = ["double", "Cost in a year", "pounds"]
-- from_date = ["date", "First day"]
-- to_date = ["date", "Last day; null if it continues"]
-- ///

-- a service of no area, in an extract of one force
with only_force as (
    select max(force_code) as force_code
    from core.force_scope
    having count(*) = 1
)

select
    t.service_id as service_ref,
    t.name as service_name,
    t.provider,
    t.kind,
    coalesce(k.kind_name, t.kind) as kind_name,
    -- an unknown kind counts as support for victims, and is named
    coalesce(k.is_for_victims, true) as is_for_victims,
    t.area_code,
    coalesce(f.force_code, o.force_code) as force_code,
    try_cast(t.capacity_fte as double) as capacity_fte,
    try_cast(t.cases_per_fte_year as double) as stated_cases_per_fte,
    coalesce(try_cast(t.cases_per_fte_year as double), k.benchmark_cases_per_fte) as cases_per_fte,
    case
        when try_cast(t.cases_per_fte_year as double) is not null then 'stated by the commissioner'
        else k.benchmark_name
    end as caseload_basis,
    try_cast(t.cost_per_year as double) as cost_per_year,
    cast(t.from_date as date) as from_date,
    cast(t.to_date as date) as to_date
from raw.services as t
inner join core.current_periods as p
    on p.source = 'services' and t.delivery_ref = p.delivery_ref and t.period = p.period
left join core.area_forces as f on t.area_code = f.area_code
left join only_force as o on true
left join reference.service_kinds as k on lower(t.kind) = k.kind
