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
