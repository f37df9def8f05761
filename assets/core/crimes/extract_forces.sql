-- /// card
-- description = "One row is a force in the force extract, with the name given there."
-- grain = ["force_code"]
-- audience = ["command", "integrity"]
-- caveats = ["An invented force says so in its name: its figures describe no real police force."]
-- [columns]
-- force_code = "columns"
-- force_name = ["varchar", "Name given in the extract, else the force's own, else its code"]
-- record_system = ["varchar", "niche, athena, connect or other"]
-- crime_count = ["bigint", "Crimes of the force in the extract", "crimes"]
-- first_month = ["date", "First month of recording"]
-- last_month = ["date", "Last month of recording"]
-- has_figures = ["boolean", "Figures of its own are made for it"]
-- why_none = ["varchar", "Why no figures are made for it; null for a force with figures", "", "Figures"]
-- has_enough_crimes = ["boolean", "It is a police force with crimes enough for figures, whichever force is chosen"]
-- ///

-- The list includes neighbouring forces that only receive transfers: they have no crimes here.
with crimes as (
    select force_code, count(*) as crime_count, min(recorded_month) as first_month, max(recorded_month) as last_month
    from core.crimes
    group by force_code
),

listed as (
    select t.force_code, max(t.name) as force_name, max(t.rms) as record_system
    from raw."force" as t
    inner join core.current_periods as p
        on p.source = 'force' and t.delivery_ref = p.delivery_ref and t.period = p.period
    group by t.force_code
),

named_forces as (
    select
        coalesce(l.force_code, c.force_code) as force_code,
        -- the extract's own name, because an invented force says so in its name
        coalesce(l.force_name, f.force_name, l.force_code, c.force_code, 'Force not named') as force_name,
        l.record_system,
        coalesce(c.crime_count, 0) as crime_count,
        c.first_month,
        c.last_month,
        -- an extract that names no force that is known is of the one that it has, whatever it is called; a force that
        -- nobody has named yet (`stra map`) is known as well where the known ones have few crimes: those of a neighbour
        f.force_code is not null
        or (
            c.force_code is not null
            and coalesce(max(c.crime_count) filter (where f.force_code is not null) over (), 0)
            < case when c.force_code = 'Force not named' then s.fewest else 1 end
        ) as is_known,
        s.fewest,
        s.share
    from listed as l
    full join crimes as c on l.force_code = c.force_code
    left join reference.forces as f
        on coalesce(l.force_code, c.force_code) = f.force_code and f.force_type in ('territorial', 'non_territorial')
    cross join (select forces_minimum_crimes as fewest, forces_minimum_share as share from core.settings) as s
),

all_forces as (
    select
        *,
        -- a neighbour's few crimes are not enough to say anything of it
        coalesce(
            is_known and (
                crime_count >= fewest or crime_count >= share * max(crime_count) filter (where is_known) over ()
            ),
            false
        ) as has_enough_crimes
    from named_forces
),

chosen as (
    select max(force_code) as force_code
    from raw.requested_force
),

reasoned as (
    select
        a.*,
        case
            when not a.is_known then 'no police force that is known'
            when a.crime_count = 0 then 'no crimes'
            when a.force_code <> c.force_code then 'another force is chosen in mapping.toml'
            -- a force that is chosen has figures, however few its crimes
            when c.force_code is null and not a.has_enough_crimes then 'too few crimes'
        end as why_none
    from all_forces as a
    cross join chosen as c
)

select
    force_code,
    force_name,
    record_system,
    crime_count,
    first_month,
    last_month,
    why_none is null as has_figures,
    why_none,
    has_enough_crimes
from reasoned
