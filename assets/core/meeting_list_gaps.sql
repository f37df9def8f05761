-- Why a list of the management meeting cannot be made: the tables or fields that it needs and the extract lacks. An
-- empty list would read as nothing to look at.
with needed as (
    select list_code, period, unnest(string_split(needs, ' ')) as need
    from reference.meeting_lists
),

lacking as (
    select
        n.list_code,
        n.period,
        case
            when p.source is null then 'table ' || split_part(n.need, '.', 1)
            else 'field ' || n.need
        end as lack
    from needed as n
    left join (select distinct source from core.current_periods) as p on split_part(n.need, '.', 1) = p.source
    left join core.absent_fields as a
        on split_part(n.need, '.', 1) = a.source and split_part(n.need, '.', 2) = a.field_name
    where p.source is null or a.field_name is not null
)

select list_code, period, string_agg(distinct lack, ', ' order by lack) as lacks
from lacking
group by list_code, period
