-- What is open, overdue, without an owner or without a live figure, a register at a time. Starters are no entries yet.
select
    register,
    count(*) filter (where not is_starter) as entry_count,
    count(*) filter (where not is_starter and not is_closed) as open_count,
    count(*) filter (where not is_starter and is_closed) as closed_count,
    count(*) filter (where not is_starter and not is_closed and status = 'needs_decision') as needs_decision_count,
    case
        when max(as_of_date) is not null then count(*) filter (where not is_starter and is_overdue)
    end as overdue_count,
    count(*) filter (where not is_starter and not is_closed and owner is null) as no_owner_count,
    count(*) filter (where not is_starter and not is_closed and metric_code is null) as no_metric_count,
    -- somebody answers for it, by a day that is not over
    case
        when max(as_of_date) is not null
            then count(*) filter (
                where not is_starter and not is_closed and owner is not null and due_date >= as_of_date
            )
    end as in_hand_count,
    -- a lesson is learnt where a control, a live figure and a row of the risk register stand beside it
    count(*) filter (
        where not is_starter and metric_code is not null and json_extract_string(fields, '$.control') is not null
        and json_extract_string(fields, '$.risk_ref') is not null
    ) as controlled_count,
    count(*) filter (
        where not is_starter and not is_closed and json_extract_string(fields, '$.cost') is not null
    ) as costed_count,
    count(*) filter (
        where not is_starter and not is_closed and json_extract_string(fields, '$.disseminated_on') is not null
    ) as passed_on_count,
    count(*) filter (
        where not is_starter and not is_closed and json_extract_string(fields, '$.grade') in ('compared', 'trial')
    ) as compared_count,
    count(*) filter (where is_starter) as starter_count,
    max(as_of_date) as as_of_date
from core.register_entries
group by register
