-- /// card
-- description = """One row is a force or an offence class named in a delivered table, with its first line and whether \
--     this product knows it."""
-- grain = ["source", "delivery_ref", "label_type", "label"]
-- audience = ["integrity"]
-- caveats = [
--     """Rows of an unknown force stay in raw and are in no figure by force. An unknown class is in the subgroup \
--     total only.""",
-- ]
-- [columns]
-- "source, delivery_ref" = "columns"
-- label_type = ["varchar", "force (by name), force_code or offence_class"]
-- label = ["varchar", "Name or code as delivered"]
-- first_line_number = ["bigint", "First line or row that names it"]
-- row_count = ["bigint", "Delivered rows that name it", "rows", "Rows"]
-- is_known = ["boolean", "It is in the lists of forces, names or classes"]
-- ///

-- Rows with unknown names are left out of figures by force or class, so the names must be visible here.
with named as (
    select 'home_office_recorded_crime' as source, h.delivery_ref, h.line_number, 'force' as label_type, h.force_name as label
    from raw.home_office_recorded_crime as h
    union all
    select 'home_office_outcomes', h.delivery_ref, h.line_number, 'force', h.force_name
    from raw.home_office_outcomes as h
    union all
    select 'recorded_crime_rolling_years', r.delivery_ref, r.line_number, 'force', r.force_name
    from raw.recorded_crime_rolling_years as r
    union all
    select 'police_uk_outcomes', o.delivery_ref, o.line_number, 'force', o.reported_by
    from raw.police_uk_outcomes as o
    union all
    -- ONS tables identify forces by code; regions and countries are among the rows
    select 'ons_pfa_offences', o.delivery_ref, o.line_number, 'force_code', o.area_code
    from raw.ons_pfa_offences as o
    where o.area_code like 'E23%' or o.area_code like 'W15%'
    union all
    select 'ons_csp_offences', o.delivery_ref, o.line_number, 'force_code', o.force_code
    from raw.ons_csp_offences as o
    union all
    select 'home_office_recorded_crime', h.delivery_ref, h.line_number, 'offence_class', trim(h.offence_code)
    from raw.home_office_recorded_crime as h
    where lower(trim(h.offence_subgroup)) = 'stalking and harassment'
),

listed as (
    select source, delivery_ref, label_type, label, min(line_number) as first_line_number, count(*) as row_count
    from named
    group by source, delivery_ref, label_type, label
)

select
    l.source,
    l.delivery_ref,
    l.label_type,
    l.label,
    l.first_line_number,
    l.row_count,
    coalesce(n.force_code, f.force_code, c.offence_code) is not null as is_known
from listed as l
left join reference.force_names as n on l.label_type = 'force' and lower(trim(l.label)) = n.name_key
left join reference.forces as f on l.label_type = 'force_code' and l.label = f.force_code
left join reference.offence_classes as c on l.label_type = 'offence_class' and l.label = c.offence_code
