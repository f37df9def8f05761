-- /// card
-- description = "One row is a support service in one area, with the staff and money it has in a year."
-- grain = ["service_ref"]
-- audience = []
-- caveats = [
--     "Money and staff as the commissioner states them.",
--     """There is no published caseload for advocates of stalking victims: where none is stated, that of another \
--     role stands in and is named.""",
-- ]
-- [columns]
-- service_ref = ["varchar", "Service in its area"]
-- service_name = ["varchar", "Name of the service", "", "Service"]
-- provider = "raw.services"
-- kind = ["varchar", "Kind of service as delivered"]
-- kind_name = ["varchar", "Kind in words", "", "Kind"]
-- is_for_victims = ["boolean", "It supports victims; false for programmes with suspects"]
-- area_code = "raw.services"
-- capacity_fte = ["double", "Staff it is paid for", "full-time equivalents", "Workers (full-time)"]
-- stated_cases_per_fte = ["double", "Cases a full-time worker takes in a year, as stated", "cases"]
-- cases_per_fte = ["double", "The same, else the benchmark of the kind", "cases"]
-- caseload_basis = ["varchar", "Where the caseload is from", "", "Caseload is"]
-- cost_per_year = ["double", "Cost in a year", "pounds"]
-- from_date = ["date", "First day"]
-- to_date = ["date", "Last day; empty while it lasts"]
-- ///

select
    t.service_id as service_ref,
    t.name as service_name,
    t.provider,
    t.kind,
    coalesce(k.kind_name, t.kind) as kind_name,
    -- a kind that the list does not know is counted as support for victims, and named
    coalesce(k.is_for_victims, true) as is_for_victims,
    t.area_code,
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
left join reference.service_kinds as k on lower(t.kind) = k.kind
