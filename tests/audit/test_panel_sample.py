"""The sample of a scrutiny panel: in proportion, by chance that can be drawn again, under names that tell nothing."""

import hashlib
from collections import Counter

import pytest

from assets.methods import panel_sample as sampling

SIZES = {"8L, a": 600, "8L, b": 300, "8Q, a": 90, "8Q, c": 9, "8U, a": 1}
FRAME = [(stratum, f"INV-{stratum}-{n}") for stratum, size in SIZES.items() for n in range(size)]
KEY = bytes(range(32))


class TestAllocation:
    def test_what_is_above_the_fewest_is_in_proportion(self) -> None:
        # 1 to 2 of each first (9 cases); the other 91 in proportion to 598, 298, 88, 7, 0 of 991 that are left
        assert sampling.allocate(SIZES, 100, 2) == {"8L, a": 57, "8L, b": 29, "8Q, a": 10, "8Q, c": 3, "8U, a": 1}

    def test_largest_remainders_by_hand(self) -> None:
        # 10 of 7 + 2 + 1: quotas 5.6, 1.6, 0.8 of 8; the one case left over goes to the largest remainder
        assert sampling.allocate({"a": 7, "b": 2, "c": 1}, 8, 0) == {"a": 6, "b": 1, "c": 1}

    @pytest.mark.parametrize("total", [1, 3, 9, 10, 50, 99, 500, 1000, 5000])
    @pytest.mark.parametrize("fewest", [0, 1, 2, 50])
    def test_the_sum_is_what_was_asked_and_no_stratum_gives_more_than_it_has(self, total: int, fewest: int) -> None:
        found = sampling.allocate(SIZES, total, fewest)
        assert sum(found.values()) == min(total, sum(SIZES.values()))
        assert all(0 <= found[stratum] <= size for stratum, size in SIZES.items())

    def test_a_small_sample_gives_as_many_of_each_as_it_reaches_for(self) -> None:
        assert sampling.allocate(SIZES, 6, 2) == {"8L, a": 2, "8L, b": 1, "8Q, a": 1, "8Q, c": 1, "8U, a": 1}
        assert sampling.allocate(SIZES, 4, 2) == {"8L, a": 3, "8L, b": 1, "8Q, a": 0, "8Q, c": 0, "8U, a": 0}

    @pytest.mark.parametrize(("sizes", "total", "fewest"), [(SIZES, 0, 1), (SIZES, 5, -1), ({"a": 0}, 5, 1)])
    def test_nonsense_is_refused(self, sizes: dict[str, int], total: int, fewest: int) -> None:
        with pytest.raises(ValueError, match="no sample"):
            sampling.allocate(sizes, total, fewest)


class TestStrata:
    def test_what_would_give_less_than_half_a_case_is_merged_by_class_and_then_over_all(self) -> None:
        groups = {("8L", "a"): 80, ("8L", "b"): 3, ("8L", "c"): 2, ("8Q", "a"): 10, ("8Q", "b"): 4, ("8U", "a"): 1}
        cases = [case for case, count in groups.items() for _ in range(count)]
        # of 100 cases 10 are drawn: below 5 is less than half a case
        assert Counter(sampling.strata(cases, 10)) == {
            "8L, a": 80, "8L, other outcomes": 5, "8Q, a": 10, "other classes, other outcomes": 5
        }  # fmt: skip
        assert Counter(sampling.strata(cases, 100)) == {f"{c}, {o}": n for (c, o), n in groups.items()}


class TestDraw:
    def test_each_stratum_gives_what_was_allocated_and_no_case_twice(self) -> None:
        drawn = sampling.draw(FRAME, 100, 2, seed=7)
        assert Counter(stratum for stratum, _ in drawn) == sampling.allocate(SIZES, 100, 2)
        assert len(set(drawn)) == 100 and set(drawn) <= set(FRAME)

    def test_the_same_seed_and_frame_in_any_order_give_the_same_sample(self) -> None:
        assert sampling.draw(FRAME, 40, 2, seed=7) == sampling.draw(FRAME[::-1], 40, 2, seed=7)

    def test_another_seed_or_another_frame_gives_another(self) -> None:
        first = sampling.draw(FRAME, 40, 2, seed=7)
        assert sampling.draw(FRAME, 40, 2, seed=8) != first
        assert sampling.draw([*FRAME, ("8U, a", "INV-more")], 40, 2, seed=7) != first

    def test_by_pencil_and_sha_256(self) -> None:
        frame = [("s", f"c{n}") for n in range(6)]
        marked = hashlib.sha256("".join(f"s|crime:c{n}\n" for n in range(6)).encode()).hexdigest()
        order = sorted(range(6), key=lambda n: hashlib.sha256(f"3|{marked}|crime:c{n}".encode()).hexdigest())
        assert sampling.draw(frame, 2, 0, seed=3) == [("s", f"c{n}") for n in order[:2]]

    def test_each_case_is_as_likely_as_any_other(self) -> None:
        frame = [("s", f"c{n}") for n in range(20)]
        counts = Counter(ref for seed in range(2000) for _, ref in sampling.draw(frame, 5, 0, seed))
        # 500 expected each, standard deviation 19.4: five of them on either side
        assert len(counts) == 20 and all(403 < count < 597 for count in counts.values())


class TestPseudonyms:
    REFS = tuple(ref for _, ref in FRAME)

    def test_each_case_has_a_name_of_its_own_that_is_the_same_again(self) -> None:
        names = sampling.pseudonyms(self.REFS, KEY)
        assert len(set(names.values())) == len(self.REFS)
        assert names == sampling.pseudonyms(self.REFS[::-1], KEY)

    def test_they_cannot_be_made_without_the_key(self) -> None:
        names = set(sampling.pseudonyms(self.REFS, KEY).values())
        assert not names & set(sampling.pseudonyms(self.REFS, bytes(32)).values())
        for ref in self.REFS[:50]:
            assert not any(ref in name or name in ref for name in names)

    def test_names_that_meet_are_told_apart(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sampling, "LETTERS", "23")
        assert len(set(sampling.pseudonyms(self.REFS[:200], KEY).values())) == 200  # of 256 there are

    def test_a_short_key_is_refused(self) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            sampling.pseudonyms(["c1"], b"short")


class TestCoarse:
    ORDER = ("relationship", "quarter", "outcome")

    def rows(self, *groups: tuple[str, str, str, int]) -> list[dict[str, str]]:
        return [dict(zip(self.ORDER, group[:3]), crime_ref="c") for group in groups for _ in range(group[3])]

    def test_facts_go_in_order_until_enough_share_what_is_left(self) -> None:
        rows = self.rows(("family", "Q1", "charge", 5), ("stranger", "Q1", "charge", 4),
                         ("stranger", "Q2", "charge", 1), ("family", "Q9", "caution", 2))  # fmt: skip
        found = sampling.coarsened(rows, self.ORDER, 5)
        gone = sampling.WITHHELD
        assert found[0] == {"relationship": "family", "quarter": "Q1", "outcome": "charge"}
        assert found[5] == {"relationship": gone, "quarter": "Q1", "outcome": "charge"}
        assert found[9] == {"relationship": gone, "quarter": gone, "outcome": "charge"}
        assert found[10] == {"relationship": gone, "quarter": gone, "outcome": gone}

    def test_what_is_no_fact_is_never_passed_on(self) -> None:
        assert "crime_ref" not in sampling.coarsened(self.rows(("a", "b", "c", 9)), self.ORDER, 5)[0]
