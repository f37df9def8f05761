-- /// card
-- description = "One row is the recorded breach of a restraining, non-molestation or stalking protection order."
-- grain = ["crime_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "Rules use these facts; a null fact could not be assessed and is never a pass.",
--     """A crime counts as a breach by its code (8/31, 8/74, 66/38, 66/39), or because a breach of such an order names \
--     it, regardless of class.""",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code, ho_code" = "core.crimes"
-- assessed_count = ["bigint", """Stalking or harassment of the same pair, linked or included, within the window \
--     before or after""", "crimes"]
-- is_assessed_as_stalking = ["boolean", """CLS-12: there is such a crime, or a rationale; null where the pair is not \
--     known"""]
-- ///

-- CLS-12: the breach of a restraining, non-molestation or stalking protection order must not be dealt with alone.
-- Recording-standards 6.3 and 6.0.11: stalking or harassment other than such a breach within 90 days before or after.
with limits as (
    select classification_breach_days as breach_days
    from core.settings
),

ordered as (
    select
        b.crime_ref,
        md5(o.victim_key || '|' || o.respondent_key) as pair_ref,
        b.no_crime_rationale
    from core.order_breaches as b
    inner join core.orders as o on b.order_ref = o.order_ref
    where b.crime_ref is not null
        and o.order_type in ('restraining_conviction', 'restraining_acquittal', 'nmo', 'spo_full', 'spo_interim')
),

breach_codes as (
    select ho_code
    from reference.ho_codes
    where breached_order in ('restraining order', 'non-molestation order', 'stalking protection order')
),

breaches as (
    select c.crime_ref
    from core.crimes as c
    inner join breach_codes as h on c.ho_code = h.ho_code
    union
    -- the order decides, however its breach was recorded
    select o.crime_ref
    from ordered as o
    inner join core.crimes as c on o.crime_ref = c.crime_ref
),

pairs as (
    select crime_ref, pair_ref from core.pair_crimes where pair_ref is not null
    union
    select crime_ref, pair_ref from ordered where pair_ref is not null
),

conduct as (
    select distinct k.crime_ref, c.reported_at
    from core.crime_classes as k
    inner join core.crimes as c on k.crime_ref = c.crime_ref
    inner join reference.class_groups as g on g.class_group = 'stalking or harassment' and k.class_code = g.code
    left join breach_codes as h on k.ho_code = h.ho_code
    where h.ho_code is null
        and not c.is_cancelled and not c.is_transferred
),

-- of the same pair, linked in either direction, or an included classification of the breach itself
beside as (
    select p.crime_ref, q.crime_ref as other_ref
    from pairs as p
    inner join pairs as q on p.pair_ref = q.pair_ref
    union
    select crime_ref, linked_ref from core.crime_links where linked_type = 'crime'
    union
    select linked_ref, crime_ref from core.crime_links where linked_type = 'crime'
    union
    select crime_ref, crime_ref from breaches
),

assessed as (
    select b.crime_ref, count(*) as assessed_count
    from breaches as b
    inner join core.crimes as c on b.crime_ref = c.crime_ref
    inner join beside as s on b.crime_ref = s.crime_ref
    inner join conduct as k on s.other_ref = k.crime_ref
    cross join limits as l
    where abs(days_between(c.reported_at, k.reported_at)) <= l.breach_days
    group by b.crime_ref
),

explained as (
    select crime_ref, bool_or(no_crime_rationale is not null) as has_rationale
    from ordered
    group by crime_ref
),

known as (
    select crime_ref, count(*) as pair_count
    from pairs
    group by crime_ref
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    c.ho_code,
    coalesce(a.assessed_count, 0) as assessed_count,
    case
        when a.assessed_count > 0 or e.has_rationale then true
        -- without the pair no other crime can be searched for
        when k.pair_count > 0 and c.reported_at is not null then false
    end as is_assessed_as_stalking
from breaches as b
inner join core.crimes as c on b.crime_ref = c.crime_ref
left join assessed as a on c.crime_ref = a.crime_ref
left join explained as e on c.crime_ref = e.crime_ref
left join known as k on c.crime_ref = k.crime_ref
