-- /// card
-- description = "One row is an order, applied for or considered."
-- grain = ["order_ref"]
-- audience = []
-- caveats = ["Facts for the rules: a fact that cannot be assessed is null."]
-- [columns]
-- order_ref = "core.orders"
-- crime_ref = ["varchar", "Crime of the same pair, the last one reported before the order"]
-- force_code = ["varchar", """ONS code of the force of that crime. Without one, the force of the respondent's crimes, \
--     otherwise of the victim's; then the only force. Null where none is known"""]
-- recorded_date = ["date", "Day the order was considered, otherwise applied for, granted or served, London"]
-- recorded_month = ["date", "Month of that day"]
-- "unit_name, class_code" = "core.crimes"
-- order_type = "core.orders"
-- is_stalking_protection = ["boolean", "A stalking protection order, full or interim"]
-- "applied_at, granted_at, served_at, expires_date, court" = "core.orders"
-- has_all_grounds = ["boolean", "Grounds for acts, risk and necessity are all given"]
-- term_months = ["integer", "Whole months that begin with the day of grant and end with the last day", "months"]
-- has_lawful_term = ["boolean", """A full order lasts orders.minimum_term_months, an interim one has an end date; \
--     null for a full order without its dates"""]
-- is_notification_due = ["boolean", """A stalking protection order that was served, other than a full one in place of \
--     an interim one of the same pair"""]
-- days_to_notification = ["double", "From service to notification, otherwise to the as-of moment", "days"]
-- respondent_age_at_least = ["integer", "Age of the respondent, if the birthday is late in its month", "years"]
-- respondent_age_at_most = ["integer", "Age of the respondent, if the birthday is early in its month", "years"]
-- is_respondent_of_age = ["boolean", """The respondent has reached orders.minimum_age; null where the month of birth \
--     leaves it open"""]
-- are_dates_in_order = ["boolean", "Grant, service and expiry are in order; null where a deciding date is missing"]
-- ///

-- Recording-standards 6.6, ORD-02 to ORD-06: grounds, term, notification, age and dates of orders.
with started as (
    select
        o.*,
        coalesce(o.considered_at, o.applied_at, o.granted_at, o.served_at) as started_at,
        coalesce(o.applied_at, o.granted_at, o.considered_at, o.served_at) as aged_at,
        london_date(o.granted_at) as granted_date,
        london_date(o.served_at) as served_date
    from core.orders as o
),

-- the order belongs to the pair's last crime reported before it, otherwise to the first after it
crimes as (
    select
        s.order_ref,
        p.crime_ref,
        row_number() over (
            partition by s.order_ref
            order by
                p.reported_at > s.started_at,
                abs(epoch(p.reported_at) - epoch(s.started_at)),
                p.crime_ref
        ) as place
    from started as s
    inner join core.pair_crimes as p
        on s.respondent_key = p.suspect_key and (s.victim_key = p.victim_key or s.victim_key is null)
),

births as (
    select
        s.order_ref,
        (year(london_date(s.aged_at)) - cast(substr(p.birth_month, 1, 4) as integer)) * 12
        + month(london_date(s.aged_at)) - cast(substr(p.birth_month, 6, 2) as integer)
            as months
    from started as s
    inner join core.persons as p on s.respondent_key = p.person_key
),

-- a birth after the order shows that the date is wrong, so the age is not known
ages as (
    select order_ref, case when months >= 0 then months end as months
    from births
),

limits as (
    select
        orders_minimum_term_months as minimum_term_months,
        orders_minimum_age as minimum_age
    from core.settings
),

-- Stalking Protection Act 2019, s.3: the period begins with the day of grant, and the last day belongs to it. An order
-- of 15 March 2024 lasts two years when its last day is 14 March 2026.
terms as (
    select
        order_ref,
        (year(ended_date) - year(granted_date)) * 12 + month(ended_date) - month(granted_date)
        - case when day(ended_date) < day(granted_date) then 1 else 0 end as term_months
    from (select order_ref, granted_date, cast(expires_date + interval 1 day as date) as ended_date from started) as s
),

-- s.9(1): a full order that replaces an interim one asks for no second notification
replacing as (
    select distinct f.order_ref
    from started as f
    inner join started as i
        on f.respondent_key = i.respondent_key
        and (f.victim_key = i.victim_key or f.victim_key is null or i.victim_key is null)
        and i.order_type = 'spo_interim'
        and coalesce(i.granted_at, i.served_at) <= coalesce(f.granted_at, f.served_at)
    where f.order_type = 'spo_full'
)

select
    s.order_ref,
    c.crime_ref,
    case
        when c.crime_ref is not null then c.force_code
        else coalesce(r.force_code, v.force_code, e.force_code)
    end as force_code,
    london_date(s.started_at) as recorded_date,
    month_of(london_date(s.started_at)) as recorded_month,
    c.unit_name,
    c.class_code,
    s.order_type,
    s.order_type in ('spo_full', 'spo_interim') as is_stalking_protection,
    s.applied_at,
    s.granted_at,
    s.served_at,
    s.expires_date,
    s.court,
    coalesce(s.has_ground_acts and s.has_ground_risk and s.has_ground_necessary, false) as has_all_grounds,
    cast(t.term_months as integer) as term_months,
    case
        when s.order_type = 'spo_full' then t.term_months >= l.minimum_term_months
        when s.order_type = 'spo_interim' then s.expires_date is not null
    end as has_lawful_term,
    s.order_type in ('spo_full', 'spo_interim') and s.served_at is not null and q.order_ref is null as is_notification_due,
    days_between(s.served_at, coalesce(s.notified_at, m.as_of_at)) as days_to_notification,
    cast(floor((a.months - 1) / 12.0) as integer) as respondent_age_at_least,
    cast(floor(a.months / 12.0) as integer) as respondent_age_at_most,
    case
        when floor((a.months - 1) / 12.0) >= l.minimum_age then true
        when floor(a.months / 12.0) < l.minimum_age then false
    end as is_respondent_of_age,
    s.granted_at <= s.served_at and (s.served_date <= s.expires_date or s.expires_date is null) as are_dates_in_order
from started as s
cross join limits as l
left join core.extract_moments as m on true
left join terms as t on s.order_ref = t.order_ref
left join replacing as q on s.order_ref = q.order_ref
left join ages as a on s.order_ref = a.order_ref
left join crimes as p on s.order_ref = p.order_ref and p.place = 1
left join core.crimes as c on p.crime_ref = c.crime_ref
-- a chief officer applies for an order on a person who lives in the area, or comes to it: Stalking Protection Act 2019, s.1
left join core.person_forces as r on s.respondent_key = r.person_key and r.is_only_force
left join core.person_forces as v on s.victim_key = v.person_key and v.is_only_force
left join core.only_force as e on true
