-- /// card
-- description = "One row is a list that a force lays beside its extract, and whether it is loaded: there is always a row."
-- grain = ["list_code"]
-- audience = ["command", "integrity"]
-- caveats = [
--     """The product includes none of these lists: a force delivers its own copy. No open licence of the Cambridge index \
--     was found.""",
-- ]
-- [columns]
-- list_code = ["varchar", "cambridge_harm_index, rfgv_points, similar_forces or district_boundaries"]
-- is_loaded = ["boolean", "It was delivered and loaded"]
-- state = ["varchar", "loaded, or the reason why not"]
-- file_name = ["varchar", "The current copy", "", "File"]
-- received_at = "columns"
-- entry_count = ["bigint", "Codes with days, bands of points, forces, or districts", "entries"]
-- ///

-- Without its list a page shows the reason instead.
with lists as (
    select *
    from (
        values
            ('cambridge_harm_index', 'unavailable: ', 'copy of the Cambridge index', 'no Cambridge index was delivered'),
            ('rfgv_points', 'not loaded: ', 'points table', 'no points table was delivered'),
            (
                'similar_forces', 'not measured: ', 'list of most similar forces',
                'no list of most similar forces is delivered'
            ),
            ('district_boundaries', '', 'file of district boundaries', 'no boundaries of districts are delivered')
    ) as t (list_code, beginning, list_name, words_of_none)
),

entries as (
    select 'cambridge_harm_index' as list_code, count(*) as entry_count, count(*) > 0 as is_whole
    from core.code_harm
    union all
    select 'rfgv_points', count(*), count(distinct component) = 4
    from core.rfgv_bands
    union all
    select 'similar_forces', count(*), count(*) > 0
    from core.similar_forces
    union all
    select 'district_boundaries', count(*), count(*) > 0
    from raw.district_boundaries as b
    inner join core.current_periods as p
        on p.source = 'district_boundaries' and b.delivery_ref = p.delivery_ref and b.period = p.period
),

loaded as (
    select p.source, max(d.file_name) as file_name, max(d.received_at) as received_at
    from core.current_periods as p
    inner join raw.deliveries as d on p.delivery_ref = d.delivery_ref
    group by p.source
),

-- the latest such delivery
refused as (
    select source, max(received_at) as received_at, arg_max(reason, received_at) as reason
    from raw.deliveries
    where status = 'refused'
    group by source
)

select
    n.list_code,
    e.is_whole as is_loaded,
    case
        when e.is_whole and coalesce(r.received_at > l.received_at, false)
            then 'loaded, but a later file was refused: ' || r.reason
        when e.is_whole then 'loaded'
        when r.reason is not null then n.beginning || 'the ' || n.list_name || ' was refused: ' || r.reason
        when l.file_name is not null then n.beginning || 'the ' || n.list_name || ' delivered last has no rows'
        else n.beginning || n.words_of_none
    end as state,
    l.file_name,
    l.received_at,
    e.entry_count
from lists as n
inner join entries as e on n.list_code = e.list_code
left join loaded as l on n.list_code = l.source
left join refused as r on n.list_code = r.source
