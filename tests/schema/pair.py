"""Pairs of schemas, and the files that hold them.

A file has a comment at its top, and then pairs:

    -- pair: column-type-wider        the name, unique in the whole table
    -- since: 16                      the first server version that knows the syntax (default: every version)
    -- until: 17                      the last one
    -- same: yes                      the two sides are the same schema, written in two ways
    -- unseen: yes                    pg_dump doesn't show the difference
    -- oneway: yes                    PostgreSQL knows no way back
    -- unmanaged: user mapping a      Sluice doesn't manage it: the diff is empty, and names it on standard error
    -- flags: --rename t.a=b          words for `sluice diff` on the way forward …
    -- back: --rename t.b=a           … and on the way back
    -- changes: t.a                   tables or columns whose values are meant to change in `rows`
    -- both:                          DDL that opens both sides
    -- old:                           the rest of the old side
    -- new:                           the rest of the new side
    -- rows:                          run on the old side before the diff: these rows have to survive
    -- check: SQL                     has to be true on the new side when the rows went through the diff

Only the name, and `old` or `new`, are needed; an absent side is `both` alone. The servers have the roles app and reader.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

_KEY = re.compile(r"-- (pair|since|until|same|unseen|oneway|unmanaged|flags|back|changes|check|both|old|new|rows):(?: (.*))?$")
_TEXTS = ("both", "old", "new", "rows")


@dataclass
class Pair:
    name: str
    old: str = ""  # whole sides, with what both have
    new: str = ""
    rows: str = ""
    since: int = 0
    until: int = 99
    same: bool = False
    unseen: bool = False
    oneway: bool = False
    unmanaged: list = field(default_factory=list)
    flags: list = field(default_factory=list)
    back: list = field(default_factory=list)
    changes: set = field(default_factory=set)
    checks: list = field(default_factory=list)
    groups: list = field(default_factory=list)  # schemas each: of a pair that is made of several, each of which differs
    source: str = ""  # file:line, or the seed

    def on(self, major):
        return self.since <= major <= self.until


class PairError(Exception):
    pass


def read_directory(directory):
    """The pairs of all files of a directory; names are unique."""
    pairs = [pair for path in sorted(Path(directory).glob("*.sql")) for pair in read_file(path)]
    names = set()
    for pair in pairs:
        if pair.name in names:
            raise PairError(f"{pair.source}: a second pair {pair.name}")
        names.add(pair.name)
    return pairs


def read_file(path):
    path = Path(path)
    return parse(path.read_text(encoding="utf-8"), path.name)


def parse(text, file_name):
    pairs, fields, key, started = [], None, None, 0
    for number, line in enumerate(text.splitlines(), 1):
        found = _KEY.match(line)
        if found and found[1] == "pair":
            if fields:
                pairs.append(_pair(fields, f"{file_name}:{started}"))
            fields, key, started = {"pair": [found[2] or ""]}, None, number
        elif found and fields is not None:
            key = found[1] if found[1] in _TEXTS else None
            fields.setdefault(found[1], []).extend([found[2]] if found[2] else [])
        elif key:
            fields[key].append(line)
        elif fields is not None and line.strip():
            raise PairError(f"{file_name}:{number}: neither a key nor under one: {line}")
    if fields:
        pairs.append(_pair(fields, f"{file_name}:{started}"))
    return pairs


def _pair(fields, source):
    name = fields["pair"][0].strip()
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise PairError(f"{source}: not a name: {name!r}")
    if "old" not in fields and "new" not in fields:
        raise PairError(f"{source}: {name} has neither an old nor a new side")
    text = {key: "\n".join(fields.get(key, [])).strip() for key in _TEXTS}
    if text["rows"] == "" and ("changes" in fields or "check" in fields):
        raise PairError(f"{source}: {name} has no rows that could change or be checked")
    return Pair(
        name=name,
        old=f"{text['both']}\n{text['old']}\n".lstrip(),
        new=f"{text['both']}\n{text['new']}\n".lstrip(),
        rows=text["rows"],
        since=int(fields.get("since", ["0"])[0]),
        until=int(fields.get("until", ["99"])[0]),
        same=fields.get("same") == ["yes"],
        unseen=fields.get("unseen") == ["yes"],
        oneway=fields.get("oneway") == ["yes"],
        unmanaged=fields.get("unmanaged", []),
        flags=" ".join(fields.get("flags", [])).split(),
        back=" ".join(fields.get("back", [])).split(),
        changes=set(" ".join(fields.get("changes", [])).split()),
        checks=fields.get("check", []),
        source=source,
    )
