-- Recording-standards 6.0.2: a breach without a crime is listed against its order.
select *
from core.order_breach_facts
where crime_ref is null
