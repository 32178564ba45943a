#!/usr/bin/env python3
"""A differ that is easy to trust: it drops everything and makes it anew, by pg_dump's own text.

It shows that the judge accepts a right answer (but for the rows, which don't survive), and that pairs load. The flaws
that --flaw plants show that the judge finds a wrong one.

    reference_differ.py [--flaw NAME] diff A B [--exit-code] …
"""

import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

from databases import fetched  # noqa: E402
from dump_text import normalised, restorable  # noqa: E402


def dump(url, *options):
    program = fetched("fetch_pg_dump.sh") + "/pg_dump"
    return subprocess.run([program, "--schema-only", *options, url], stdout=subprocess.PIPE, text=True, check=True).stdout


def recreate(source, target):
    """The statements that drop what `source` has, and those that make what `target` has."""
    clean = dump(source, "--clean", "--if-exists")
    drops = clean[: clean.find("\n-- Name: ")]
    drops = "\n".join(
        line.removesuffix(";") + " CASCADE;" if line.startswith("DROP ") and "DROP DATABASE" not in line else line
        for line in drops.splitlines()
        if not line.startswith(("--", "\\", "SET ", "SELECT ", "ALTER "))
    )
    undone = re.findall(r"^ALTER DEFAULT PRIVILEGES .* GRANT .*;$", clean, re.MULTILINE)
    undone = [re.sub(r" GRANT (.*) TO (.*?)( WITH GRANT OPTION)?;", r" REVOKE \1 FROM \2;", line) for line in undone]
    return "\n".join([drops, *undone, "CREATE SCHEMA IF NOT EXISTS public;", restorable(dump(target))])


def main(words):
    flaw = "none"
    if words[0] == "--flaw":
        flaw, words = words[1], words[2:]
    _, source, target, *flags = words
    differ = normalised(dump(source)) != normalised(dump(target))
    if "--exit-code" in flags:
        if flaw == "never-done" or differ:
            print("SELECT 'there is more to do';")
        return int(flaw == "never-done" or differ)
    if flaw == "silent" or not differ:
        return 0
    sql = recreate(source, target)
    if flaw == "forgets-comments":
        sql = re.sub(r"^COMMENT ON .*\n", "", sql, flags=re.MULTILINE)
    elif flaw == "invents":
        sql += "\nCREATE TABLE public.invented (id integer);"
    elif flaw == "fails":
        sql += "\nSELECT * FROM public.there_is_none;"
    print(sql)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
