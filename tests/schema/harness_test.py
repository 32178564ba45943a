"""The judge itself: it accepts a right differ and finds each planted flaw; and what it reads and compares."""

import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from batch import batch_of, judge_in_batches, move_by_name  # noqa: E402
from converge import Disagreement, Judge, Tally, validate  # noqa: E402
from databases import Databases  # noqa: E402
from dump_text import difference, normalised  # noqa: E402
from pair import PairError, parse, read_directory  # noqa: E402
from random_pairs import random_pair  # noqa: E402

DIFFER = [sys.executable, HERE / "reference_differ.py"]
RANDOM_PAIRS = 40

HEADER = "--\n-- Name: {}; Type: {}; Schema: public; Owner: postgres\n--\n\n{}\n\n"


def dump(*sections):
    return "".join(HEADER.format(*section) for section in sections)


def table(body, tail=""):
    return dump(("t", "TABLE", f"CREATE TABLE public.t (\n{body}\n){tail};"))


class DumpTextTest(unittest.TestCase):
    def assert_same(self, left, right):
        self.assertEqual(difference(normalised(left), normalised(right)), "")

    def assert_different(self, left, right):
        self.assertNotEqual(difference(normalised(left), normalised(right)), "")

    def test_the_order_of_columns_and_sections_does_not_matter(self):
        self.assert_same(table("    a integer,\n    b text"), table("    b text,\n    a integer"))
        one, two = ("a", "VIEW", "CREATE VIEW public.a AS x;"), ("b", "VIEW", "CREATE VIEW public.b AS y;")
        self.assert_same(dump(one, two), dump(two, one))

    def test_a_comma_in_quotes_or_parentheses_separates_nothing(self):
        self.assert_same(
            table("    a text DEFAULT 'x, (',\n    b numeric(5,2)"), table("    b numeric(5,2),\n    a text DEFAULT 'x, ('")
        )
        self.assert_different(table("    a text DEFAULT 'x, y'"), table("    a text DEFAULT 'y, x'"))

    def test_the_order_of_enum_values_and_of_bodies_matters(self):
        enums = [dump(("e", "TYPE", f"CREATE TYPE public.e AS ENUM (\n    {values}\n);")) for values in ("'a',\n'b'", "'b',\n'a'")]
        self.assert_different(*enums)
        bodies = [
            dump(("f()", "FUNCTION", f"CREATE FUNCTION public.f() AS $$ {text} $$;")) for text in ("x; y;", "y; x;")
        ]
        self.assert_different(*bodies)

    def test_storage_parameters_in_any_order(self):
        left, right = "\nWITH (fillfactor='70', autovacuum_enabled=off)", "\nWITH (autovacuum_enabled=off, fillfactor='70')"
        self.assert_same(table("    a integer", left), table("    a integer", right))

    def test_an_access_method_that_stands_before_its_table(self):
        setting = "SET default_table_access_method = heap2;\n\n"
        self.assert_different(setting + table("    a integer"), table("    a integer"))

    def test_owners_matter(self):
        text = table("    a integer")
        self.assert_different(text, text.replace("Owner: postgres", "Owner: app"))


class PairFilesTest(unittest.TestCase):
    def test_a_pair_is_read(self):
        text = "About.\n\n-- pair: one\n-- since: 16\n-- flags: --rename t.a=b\n-- both:\nA;\n-- old:\nB;\n-- new:\nC;\n"
        (pair,) = parse(text, "x.sql")
        self.assertEqual((pair.name, pair.since, pair.flags), ("one", 16, ["--rename", "t.a=b"]))
        self.assertEqual((pair.old, pair.new, pair.source), ("A;\nB;\n", "A;\nC;\n", "x.sql:3"))

    def test_what_is_no_pair_is_refused(self):
        for text in ("-- pair: Two Words\n-- old:\nA;", "-- pair: one\nA;", "-- pair: one\n-- since: 15"):
            with self.subTest(text), self.assertRaises(PairError):
                parse(text, "x.sql")

    def test_the_table_is_as_large_as_promised(self):
        self.assertGreaterEqual(len(read_directory(HERE / "pairs")), 400)


class JudgeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.databases = cls.enterClassContext(Databases(15))
        cls.pairs = {pair.name: pair for pair in read_directory(HERE / "pairs")}

    def judge(self, name, *flaw):
        Judge(self.databases, [*DIFFER, *flaw]).judge(self.pairs[name])

    def assert_finds(self, flaw, name, words):
        with self.assertRaisesRegex(Disagreement, words):
            self.judge(name, "--flaw", flaw)

    def test_a_right_differ_passes(self):
        for name in ("schema-comment", "enum-value-in-the-middle", "dependent-everything-at-once", "view-on-view-both-change"):
            with self.subTest(name):
                pair = self.pairs[name]
                pair.rows = ""  # the reference makes everything anew
                self.judge(name)

    def test_a_differ_that_sees_nothing_is_found(self):
        self.assert_finds("silent", "column-add", "is empty")

    def test_a_differ_that_forgets_or_invents_is_found(self):
        self.assert_finds("forgets-comments", "comment-change", "makes another schema")
        self.assert_finds("invents", "index-add", "makes another schema")

    def test_a_script_that_fails_is_found(self):
        self.assert_finds("fails", "index-add", "does not run: .*there_is_none")

    def test_a_differ_that_never_comes_to_an_end_is_found(self):
        self.assert_finds("never-done", "index-add", "finds a difference")

    def test_lost_rows_are_found(self):
        self.assert_finds("none", "column-varchar-wider", "rows did not survive")

    def test_a_false_check_is_found(self):
        self.assert_finds("none", "rename-column-by-flag", "rows did not survive|not true")

    def test_random_pairs_load_and_differ(self):
        validate(self.databases, batch_of([random_pair(seed) for seed in range(RANDOM_PAIRS)], move_by_name))

    def test_a_batch_is_judged_at_once_and_its_failing_seeds_are_named(self):
        # The reference makes everything anew, so no rows.
        seeds = [seed for seed in range(2 * RANDOM_PAIRS) if not random_pair(seed).rows][:3]
        pairs = [random_pair(seed) for seed in seeds]
        self.assertEqual(judge_in_batches(self.databases, DIFFER, pairs, move_by_name), Tally(passed=3))
        blind = judge_in_batches(self.databases, [*DIFFER, "--flaw", "silent"], pairs, move_by_name)
        self.assertEqual(blind, Tally(failures=[f"random-{seed}" for seed in seeds]))

    def test_a_member_of_a_batch_that_does_not_differ_is_found(self):
        batch = batch_of([random_pair(seed) for seed in range(3)], move_by_name)
        batch.groups.append(("p5", "o5"))  # neither side has these
        with self.assertRaisesRegex(Disagreement, "'p5', 'o5'.* are the same"):
            Judge(self.databases, DIFFER).judge(batch)

    def test_equal_seeds_make_equal_pairs(self):
        first, second = (random_pair(7) for _ in range(2))
        self.assertEqual((first.old, first.new, first.rows), (second.old, second.new, second.rows))


if __name__ == "__main__":
    unittest.main()
