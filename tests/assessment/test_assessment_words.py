"""The assessment in words: of an order that is known, of one that is not, of what an override would move."""

import datetime as dt
import json
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
import published_home
import pytest
from invented_themes import WORKED, parts, scheme

from assets.methods.assessment.scheme import Scheme
from dashboards.data.at_work import NO_CHART, NO_FIGURE, verdict_of
from dashboards.data.published import open_copy
from dashboards.data.scope import WHOLE
from dashboards.data.signals import MEASURES, VERDICTS
from dashboards.pages.assessment import preview
from dashboards.pages.assessment.assessment_charts import matrix
from dashboards.pages.assessment.theme_decision_sections import drivers
from dashboards.text.assessment import assessment_text
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(5, 30)

SCHEME = Scheme.from_rows(pl.DataFrame(scheme()))
NAMES = {"T1": "Stalking by a partner", "T2": "Stalking by others", "C1": "Violence"}


def score(code: str, rank: int | None, **more: Any) -> dict[str, Any]:
    return {
        "theme_code": code, "theme_name": NAMES[code], "band": "scored", "place": rank or 9, "harm": 50.0,
        "likelihood": 60.0, "risk": 30.0, "confidence": "High", "rank": rank, "rank_low": rank, "rank_high": rank,
        "scheme_count": 17, "first_scheme_count": 15, "top_scheme_count": 9, "kept_scheme_count": 7,
        "measured_count": 4, "judged_count": 2, "part_count": 9, "automatic_rank": rank,
        "is_overridden": False, "override_count": 0, "as_of_date": dt.date(2026, 3, 31), "known_theme_share": 1.0,
        "is_ranking_shown": True, **more,
    }  # fmt: skip


SCORES = pl.DataFrame([score("T1", 1), score("T2", 2), score("C1", 3)])


class TestOrder:
    def test_it_has_the_schemes_that_keep_it(self) -> None:
        assert assessment_text.answer(SCORES) == (
            "Stalking by a partner has the highest risk score, as in 15 of 17 other schemes. The same three themes "
            "come first in 7 of 17 other schemes."
        )

    def test_no_ranking_where_hardly_any_theme_has_enough_crimes(self) -> None:
        """Thirty crimes: one score is above the others whatever the scheme."""
        unknown = {"known_theme_share": 0.0, "is_ranking_shown": False}
        rows = pl.DataFrame([score("T1", 1, **unknown), score("T2", 2, **unknown)])
        why = "Too little is known to rank the themes: 0% of them have enough crimes"
        assert assessment_text.answer(rows).startswith(f"{why}. No score below is a reason to act")
        assert assessment_text.places_finding(rows) == why
        assert "highest" not in assessment_text.matrix_finding(rows)
        five = {label: (said, small) for label, said, small in assessment_text.five(
            rows, ("", ""), pl.DataFrame(), "not compared", pl.DataFrame()
        )}  # fmt: skip
        assert five["Highest risks"] == ("no ranking", f"{why}.")

    def test_the_first_words_of_a_theme_say_what_is_measured_judged_and_filled_in(self) -> None:
        assert assessment_text.theme_answer(score("T1", 1), None, None) == (
            "Of 9 parts of this risk 4 are measured, 2 judged, 3 filled in without data. Rank 1 by risk, 1 to 1 over "
            "all schemes. Among the first three in 9 of 17 other schemes. Confidence High."
        )

    def test_both_places_of_an_override(self) -> None:
        row = score("T1", 1, is_overridden=True, override_count=2, automatic_rank=3)
        assert assessment_text.override_words(row) == "2 overrides; rank 3 without"


VERDICT = {
    "segment_first_month": None, "latest_month": None, "segment_point_count": 30, "expected_false_signals": 0.4,
    "chance_of_signal": 0.03, "signal": "beyond_limit", "is_new": True,
}  # fmt: skip
LESS = {part: max(0, score - 1) for part, score in WORKED.items()}


class TestGaps:
    GAP: ClassVar = {
        "gap": "Psychological harm: not measured. Crimes graded high", "part_code": "psychological", "place": 1,
        "theme": "Stalking by others",
    }  # fmt: skip

    def test_what_decides_the_first_three_is_named(self) -> None:
        def found(*decisive: bool) -> str:
            rows = [self.GAP | {"is_decisive": is_so, "place": n} for n, is_so in enumerate(decisive)]
            return assessment_text.gaps_finding(pl.DataFrame(rows), is_ranked=True)

        words = "Which themes are the first three depends on psychological harm of stalking by others"
        assert (found(True, False), found(True, True)) == (words, f"{words}, and 1 other gap")
        assert found(False) == "No single gap decides which themes are the first three"
        assert assessment_text.gap_words({**self.GAP, "part_code": ""}, "Violence") == "confidence in violence"


class TestMatrix:
    def test_themes_in_one_place_share_a_label(self) -> None:
        rows = pl.DataFrame([score("T1", 1), score("T2", 2), score("C1", 3, harm=20.0)])
        texts = [text for trace in matrix(rows).data for text in (trace.text or ())]
        assert texts == ["T1, T2", "", "C1"]


class TestSignals:
    def verdicts(self, **found: str) -> pl.DataFrame:
        rows = [{"theme_code": code, "verdict": verdict, **VERDICT} for code, verdict in found.items()]
        return pl.DataFrame(rows, schema_overrides={"segment_first_month": pl.Date, "latest_month": pl.Date})

    def test_what_is_within_chance_has_no_sentence(self) -> None:
        assert assessment_text.chart_signals(SCORES, self.verdicts(T1="no_change", T2="not_charted")) == []

    def test_a_real_one_has_its_probability_and_its_confidence(self) -> None:
        [(code, words)] = assessment_text.chart_signals(SCORES, self.verdicts(T1="higher", T2="no_change"))
        assert code == "T1"
        assert "is above the upper limit" in words and words.endswith("Confidence High.")
        assert "chance alone would give a signal on 3 in 100 such charts" in words

    def test_a_run_is_not_told_as_a_month(self) -> None:
        rows = self.verdicts(T1="lower").with_columns(signal=pl.lit("shift"))
        [(_, words)] = assessment_text.chart_signals(SCORES, rows)
        assert "is the latest of a run of months below the average" in words

    def test_what_chance_gives_on_all_charts_stands_beside(self) -> None:
        rows = self.verdicts(T1="higher", T2="no_change", C1="not_charted")
        assert assessment_text.by_chance(rows) == "On 2 control charts, chance alone would give about 0.1 signals now."

    def test_the_five_questions_name_it(self) -> None:
        gaps, entries = pl.DataFrame({"gap_code": ["g"]}), pl.DataFrame()
        found = {q: (value, small) for q, value, small in assessment_text.five(
            SCORES, ("1 new change", "A finding."), gaps, "nowhere", entries)}  # fmt: skip
        assert found["What has changed?"] == ("1 new change", "A finding.")
        assert found["What can we not see?"][0] == "1 gap"
        assert found["Which decisions are needed?"] == ("0 decisions", "0 of 0 open entries overdue today")


class TestDecisions:
    def test_a_recommendation_that_asks_for_one_or_waits_for_one(self) -> None:
        def row(ref: str, register: str = "recommendations", status: str = "open", asks: str = "", **more: bool) -> Any:
            return {"entry_ref": ref, "register": register, "title": f"title {ref}", "status": status,
                    "fields": json.dumps({"decision_asked": asks}), "is_closed": False, "is_starter": False, **more}

        rows = pl.DataFrame([
            row("a", asks="Fund two posts"), row("b", status="needs_decision"), row("c"),
            row("d", register="inspection", status="needs_decision"), row("e", asks="Done", is_closed=True),
            row("f", asks="Never confirmed", is_starter=True),
        ])  # fmt: skip
        assert assessment_text.asked(rows)["decision"].to_list() == ["Fund two posts", "title b"]


class TestWhichPartChanged:
    def part(self, name: str, change: int | None) -> dict[str, Any]:
        return {"breakdown": "victim_sex", "breakdown_value": name, "change_count": change}

    def test_the_largest_difference_comes_first_and_none_is_judged(self) -> None:
        rows = [self.part("male", -12), self.part("female", 30), self.part("unknown", None)]
        assert drivers("Other harassment", rows) == (
            "Largest differences from the year before, of 2 parts: female (+30) and male (\N{MINUS SIGN}12)"
        )

    def test_no_earlier_year(self) -> None:
        assert drivers("Other harassment", [self.part("male", None)]).endswith(
            "is not known: no earlier year is comparable"
        )


class TestPosition:
    def test_a_grade_with_those_that_are_possible(self) -> None:
        def words(grade: str | None, best: str, worst: str) -> str:
            names = ("organisation_grade", "organisation_grade_best", "organisation_grade_worst")
            return assessment_text.grade(dict(zip(names, (grade, best, worst))))

        assert words("B", "A", "C") == "B, A to C possible"
        assert words("A", "A", "A") == "A (best placed)"
        assert words(None, "A", "D") == "not known: no part is measured"


class TestWhetherAnActionWorks:
    @pytest.mark.parametrize(
        ("verdict", "direction", "words"),
        [("higher", "higher_is_better", "Better"), ("lower", "higher_is_better", "Worse"),
         ("lower", "lower_is_better", "Better"), ("no_change", "neither", "No clear change"),
         ("higher", "neither", "Higher; neither way is better"),
         ("not_enough_points", "neither", "Not known: too few months")],
    )  # fmt: skip
    def test_the_chart_of_its_figure_says_it(self, tmp_path: Path, verdict: str, direction: str, words: str) -> None:
        is_change = verdict in ("higher", "lower")
        verdicts = {"measure_code": ["m"], "breakdown": ["none"], "period_type": ["month"], "is_change": [is_change],
                    "q_value": [None if verdict == "not_enough_points" else 0.01], "change_direction": [verdict],
                    "verdict": ["higher" if verdict == "no_change" else verdict]}  # fmt: skip
        ways = {"measure_code": ["m"], "direction": [direction]}
        published_home.publish(tmp_path, "command", {VERDICTS: pl.DataFrame(verdicts), MEASURES: pl.DataFrame(ways)})
        copy = open_copy(tmp_path, "command", WHOLE)
        assert verdict_of(copy, "m") == words
        assert verdict_of(copy, "other") == NO_CHART
        assert verdict_of(copy, None) == NO_FIGURE


class TestValues:
    def test_a_share_with_its_interval_and_a_count(self) -> None:
        assert assessment_text.value(
            {"value": 0.5, "unit": "share", "lower": 0.4, "upper": 0.6, "is_small": False}, RULE
        ) == ("50.0% (40.0% to 60.0%)")
        crimes = {"value": 1200.0, "unit": "crimes", "lower": None, "is_small": False}
        assert assessment_text.value(crimes, RULE) == "1,200"

    def test_few_and_not_measured_are_told_apart(self) -> None:
        assert assessment_text.value({"value": None, "is_small": True}, RULE) == (
            "not shown: it, or what it leaves out, is fewer than 5"
        )
        assert assessment_text.value({"value": None, "is_small": False}, RULE) == "not measured"

    @pytest.mark.parametrize(
        ("score", "automatic", "ref", "words"),
        [(2, 2, None, "2"), (None, None, None, "not measured"), (4, 2, "O1", "4 by override; automatic score 2"),
         (3, None, "O1", "3 by override; automatic score not measured")],
    )  # fmt: skip
    def test_a_score_with_its_override(
        self, score: int | None, automatic: int | None, ref: str | None, words: str
    ) -> None:
        row = {"score": score, "automatic_score": automatic, "override_ref": ref}
        assert assessment_text.part_score(row) == words


class TestWhatAnOverrideWouldMove:
    def rows(self) -> pl.DataFrame:
        return pl.DataFrame([*parts("T1", dict(WORKED)), *parts("T2", LESS)])

    def test_the_arithmetic_is_that_of_the_build(self) -> None:
        found = preview.risks(preview.automatic(self.rows()), SCHEME)
        assert found["T1"] == pytest.approx(29.1667, abs=1e-3)

    def test_risk_and_place_before_and_after(self) -> None:
        scores = preview.automatic(self.rows())
        raised = [{"theme_code": "T2", "part_code": part, "override_score": 4} for part in WORKED]
        before, after = (preview.risks(s, SCHEME) for s in (scores, preview.overridden(scores, raised)))
        moved = preview.moves(before, after, ["T1", "T2"])
        assert [(r["theme_code"], r["place_before"], r["place_after"]) for r in moved] == [("T2", 2, 1), ("T1", 1, 2)]
        words = preview.in_words(moved, NAMES)
        assert "Stalking by others: risk" in words and "rank 2 to 1." in words

    def test_that_nothing_moves_is_said(self) -> None:
        found = preview.risks(preview.automatic(self.rows()), SCHEME)
        assert preview.in_words(preview.moves(found, found, ["T1", "T2"]), NAMES) == "No risk and no rank would change."

    def test_equal_risks_share_a_place(self) -> None:
        assert preview.places({"A": 3.0, "B": 3.0, "C": 1.0}, "ABC") == {"A": 1, "B": 1, "C": 3}
