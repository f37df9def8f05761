-- The repeat list against what already manages people (strategic-assessment 3.3): serial and unmanaged first.
select
    s.person_ref,
    s.window_days,
    s.event_count,
    s.victim_count,
    s.is_repeat,
    s.is_serial,
    s.rfgv_score,
    s.linkage_mark,
    coalesce(m.order_count, 0) as order_count,
    coalesce(m.bail_count, 0) as bail_count,
    coalesce(m.programme_count, 0) as programme_count,
    m.programmes,
    coalesce(m.order_count, 0) + coalesce(m.bail_count, 0) + coalesce(m.programme_count, 0) > 0 as is_managed
from metrics.repeat_suspects as s
left join core.person_management as m on s.person_ref = m.person_ref
where s.is_repeat or s.is_serial
