-- /// card
-- description = "One row is a force of the extract with figures of its own, and the months it covers, without any count."
-- grain = ["force_code"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     "An invented force says so in its name: its figures describe no real police force.",
--     """Neighbours that only receive transfers, and bodies such as Action Fraud, have no figures: their crimes are \
--     counted as no force's. A force has figures from 100 crimes on, or from a tenth of those of the force with most.""",
-- ]
-- [columns]
-- "force_code, force_name, first_month, last_month" = "core.extract_forces"
-- ///

select force_code, force_name, first_month, last_month
from core.extract_forces
where has_figures
