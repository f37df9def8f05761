-- The forecast shown: of the model that the back-test chose.
select
    r.series_ref,
    r.model,
    r.month,
    r.months_ahead,
    r.mean as expected_count,
    r.lower_80,
    r.upper_80,
    r.lower_95,
    r.upper_95
from metrics.forecast_runs as r
inner join metrics.forecast_backtest as b on r.series_ref = b.series_ref and r.model = b.model and b.is_chosen
where r.is_current
