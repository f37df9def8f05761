-- /// card
-- description = "One row is a month at whose end measures count what is open and who was reported again."
-- grain = ["month"]
-- by_force = true
-- audience = []
-- caveats = ["Twelve whole months before it are in the extract: earlier ones lack what was open or reported before."]
-- [columns]
-- month = "metrics.demand_months"
-- ///

select m.month
from metrics.demand_months as m
inner join metrics.demand_months as b
    on m.source = b.source and m.offence_code = b.offence_code
    and b.month > m.month - interval 12 month and b.month <= m.month
where m.source = 'extract' and m.offence_code = 'S&H'
group by m.month
having count(distinct b.month) = 12
