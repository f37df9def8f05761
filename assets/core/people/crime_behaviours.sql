-- /// card
-- description = "One row is a crime with readable text, and the behavioural severity items found in it."
-- grain = ["crime_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "Words are not findings: the lexicon makes errors in both directions.",
--     "A crime without text has no row: its behaviour is not measured.",
-- ]
-- [columns]
-- crime_ref = "core.crime_text_signals"
-- has_threat = "columns"
-- has_violence_or_effect = ["boolean", "Violence, fear of it or serious effect"]
-- has_coercion = "columns"
-- has_stalking_behaviour = ["boolean", "A behaviour listed in s.2A(3)"]
-- is_fixated_or_obsessive = ["boolean", "Fixated or obsessive"]
-- is_online = ["boolean", "The text shows an online channel"]
-- is_order_breach = ["boolean", "A protective order was breached"]
-- has_graver_class = ["boolean", "The record has a graver class"]
-- behaviour_points = ["double", "Points of the items that are switched on, without persistence", "points"]
-- persistence_points = ["double", "Points that persistence would add; null when it is switched off", "points"]
-- ///

-- Strategic-assessment 4.4, L3: points of the items that are switched on and found. Persistence needs two reports, so
-- core.suspect_events adds it. Without a text nothing was measured.
with items as (
    select
        max(points) filter (item = 'threat' and is_on) as threat,
        max(points) filter (item = 'violence_or_effect' and is_on) as violence_or_effect,
        max(points) filter (item = 'coercion' and is_on) as coercion,
        max(points) filter (item = 'stalking_behaviour' and is_on) as stalking_behaviour,
        max(points) filter (item = 'fixated_or_obsessive' and is_on) as fixated_or_obsessive,
        max(points) filter (item = 'online' and is_on) as online,
        max(points) filter (item = 'order_breach' and is_on) as order_breach,
        max(points) filter (item = 'graver_class' and is_on) as graver_class,
        max(points) filter (item = 'persistence' and is_on) as persistence
    from reference.behaviour_items
),

breaches as (
    select distinct crime_ref
    from core.order_breaches
    where crime_ref is not null
),

graver as (
    select distinct c.crime_ref
    from (
        select crime_ref, class_code, ho_code from core.crimes
        union all
        select crime_ref, class_code, ho_code from core.included_classifications
    ) as c
    inner join reference.class_groups as g
        on g.class_group = 'graver' and g.code = case g.code_type when 'class' then c.class_code else c.ho_code end
)

select
    t.crime_ref,
    coalesce(t.has_threat, false) as has_threat,
    coalesce(t.has_violence_or_effect, false) as has_violence_or_effect,
    coalesce(t.has_coercion, false) as has_coercion,
    coalesce(t.has_stalking_behaviour, false) as has_stalking_behaviour,
    coalesce(t.is_fixated or t.is_obsessive, false) as is_fixated_or_obsessive,
    coalesce(t.is_online, false) as is_online,
    b.crime_ref is not null as is_order_breach,
    g.crime_ref is not null as has_graver_class,
    case when t.has_threat then coalesce(i.threat, 0) else 0 end
    + case when t.has_violence_or_effect then coalesce(i.violence_or_effect, 0) else 0 end
    + case when t.has_coercion then coalesce(i.coercion, 0) else 0 end
    + case when t.has_stalking_behaviour then coalesce(i.stalking_behaviour, 0) else 0 end
    + case when t.is_fixated or t.is_obsessive then coalesce(i.fixated_or_obsessive, 0) else 0 end
    + case when t.is_online then coalesce(i.online, 0) else 0 end
    + case when b.crime_ref is not null then coalesce(i.order_breach, 0) else 0 end
    + case when g.crime_ref is not null then coalesce(i.graver_class, 0) else 0 end as behaviour_points,
    i.persistence as persistence_points
from core.crime_text_signals as t
cross join items as i
left join breaches as b on t.crime_ref = b.crime_ref
left join graver as g on t.crime_ref = g.crime_ref
