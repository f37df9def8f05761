-- /// card
-- description = "One row is a person with the orders, bail and programmes that apply as of now."
-- grain = ["person_ref"]
-- audience = []
-- caveats = [
--     "A programme counts from adoption until exit. An order counts from the day it is granted until it expires.",
-- ]
-- [columns]
-- person_ref = "columns"
-- order_count = ["bigint", "Orders in force", "orders"]
-- bail_count = ["bigint", "Bail or remand that has not ended; release under investigation does not count", "spells"]
-- programme_count = ["bigint", "Current programmes", "programmes"]
-- programmes = ["varchar", "Names of the programmes"]
-- ///

-- Orders in force, current programmes and bail that has not ended, as of now.
with moment as (
    select as_of_at, london_date(as_of_at) as as_of_date
    from core.extract_moments
),

orders as (
    select coalesce(k.person_ref, o.respondent_key) as person_ref, count(*) as order_count
    from core.orders as o
    cross join moment as m
    left join core.people as k on o.respondent_key = k.person_key
    where
        o.respondent_key is not null and o.granted_at <= m.as_of_at
        and (o.expires_date is null or o.expires_date >= m.as_of_date)
    group by coalesce(k.person_ref, o.respondent_key)
),

bail as (
    select coalesce(k.person_ref, c.person_key) as person_ref, count(*) as bail_count
    from core.bails as b
    inner join core.custodies as c on b.custody_ref = c.custody_ref
    cross join moment as m
    left join core.people as k on c.person_key = k.person_key
    where
        b.bail_type <> 'rui' and c.person_key is not null
        and b.started_at <= m.as_of_at and (b.ended_at is null or b.ended_at > m.as_of_at)
    group by coalesce(k.person_ref, c.person_key)
),

standing as (
    select
        g.person_ref,
        g.programme,
        max(case g.stage
            when 'identified' then 1 when 'ranked' then 2 when 'adopted' then 3 when 'plan' then 4 when 'review' then 5
            when 'exit' then 6
        end) as furthest
    from core.managements as g
    cross join moment as m
    where g.from_date <= m.as_of_date
    group by g.person_ref, g.programme
),

programmes as (
    select
        person_ref,
        string_agg(programme, ', ' order by programme) filter (where furthest between 3 and 5) as programmes,
        count(*) filter (where furthest between 3 and 5) as programme_count
    from standing
    group by person_ref
),

everyone as (
    select person_ref from orders
    union
    select person_ref from bail
    union
    select person_ref from programmes
)

select
    e.person_ref,
    coalesce(o.order_count, 0) as order_count,
    coalesce(b.bail_count, 0) as bail_count,
    coalesce(p.programme_count, 0) as programme_count,
    p.programmes
from everyone as e
left join orders as o on e.person_ref = o.person_ref
left join bail as b on e.person_ref = b.person_ref
left join programmes as p on e.person_ref = p.person_ref
