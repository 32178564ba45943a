"""The text of `pg_dump --schema-only`, in a form in which two databases with equal schemas have equal text.

pg_dump writes one section an object, under a comment that names it. Sections come in an order that depends on when the
objects were made, and columns in the order in which they were added, as storage parameters do; they are sorted here. Nothing else is forgiven.
"""

import difflib
import functools
import re

_HEADER = re.compile(r"^--\n-- (?:Data for )?Name: (.*?); Type: (.*?); Schema: (.*?); Owner: (.*)\n--\n", re.MULTILINE)
_SETTING = re.compile(r"^SET (default_table_access_method|default_tablespace) = (.*);\n?", re.MULTILINE)
_HEAD = re.compile(r"-- [A-Z][A-Z ]* (\S+)")  # of a normalised section
# Settings that a section takes from the lines before it.
_WHERE_SETTINGS_MATTER = ("TABLE", "MATERIALIZED VIEW", "INDEX", "CONSTRAINT")
_MATTERS = re.compile(r"""['"$()\[\],;-]""")
_DOLLAR_TAG = re.compile(r"\$(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?\$")
_PARAMETER = r"[a-z_.]+='?[^()',]*'?"
_PARAMETERS = re.compile(rf"\bWITH \(({_PARAMETER}(?:, {_PARAMETER})+)\)")
# Bodies hold semicolons, and the order of their lines matters.
_BODIES = ("FUNCTION", "PROCEDURE", "RULE", "VIEW", "MATERIALIZED VIEW")


def restorable(dump):
    """A dump without what only psql, or only newer servers, understand."""
    left_out = ("\\restrict", "\\unrestrict", "SET transaction_timeout")
    return "".join(line for line in dump.splitlines(True) if not line.startswith(left_out))


def normalised(dump):
    """A sorted list of sections; equal lists are equal schemas."""
    sections = []
    settings = {}
    headers = list(_HEADER.finditer(dump))
    for position, header in enumerate(headers):
        end = headers[position + 1].start() if position + 1 < len(headers) else len(dump)
        name, kind, schema, owner = header.groups()
        text = dump[header.end() : end]
        if position + 1 == len(headers):
            text = re.sub(r"^--\n-- PostgreSQL database dump complete\n--.*", "", text, flags=re.DOTALL | re.MULTILINE)
        body = _SETTING.sub("", text).strip()
        # What is set before the section's own statement holds for it, what is set after it for the next.
        before = dump[: header.start()] if position == 0 else ""
        for match in _SETTING.finditer(before):
            settings[match[1]] = match[2]
        lines = [f"-- {kind} {schema}.{name} (owner {owner})", _sorted_section(kind, body)]
        if kind in _WHERE_SETTINGS_MATTER:
            lines += [f"-- {key} = {value}" for key, value in sorted(settings.items()) if not _is_default(value)]
        sections.append("\n".join(lines))
        for match in _SETTING.finditer(text):
            settings[match[1]] = match[2]
    return sorted(sections)


def _is_default(value):
    return value in ("heap", "''")


def sections_of(normalised_dump, schemas):
    """The sections of objects in some of the schemas."""
    heads = tuple(f"{schema}." for schema in schemas)
    return [section for section in normalised_dump if _HEAD.match(section)[1].startswith(heads)]


def difference(expected, found, names=("expected", "found")):
    """A unified diff of two normalised dumps; empty when they are equal."""
    if expected == found:
        return ""
    both = [[line for section in sections for line in (*section.split("\n"), "")] for sections in (expected, found)]
    return "\n".join(difflib.unified_diff(*both, *names, lineterm="", n=2))


def split_outside_quotes(text, separator):
    """Cuts at a separator character that stands outside of quotes, comments and parentheses."""
    parts, start, depth, at = [], 0, 0, 0
    while (found := _MATTERS.search(text, at)) is not None:
        at = found.start()
        if skipped := _quoted_end(text, at):
            at = skipped
            continue
        character = text[at]
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == separator and depth == 0:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    return [*parts, text[start:]]


def _quoted_end(text, at):
    """The end of the string, identifier, dollar quote or comment that begins at `at`; 0 when none does."""
    character = text[at]
    if character == "'":
        escapes = at > 0 and text[at - 1] in "eE" and (at < 2 or not (text[at - 2].isalnum() or text[at - 2] == "_"))
        at += 1
        while at < len(text):
            if escapes and text[at] == "\\":
                at += 2
            elif text[at] == "'":
                if text[at + 1 : at + 2] != "'":
                    return at + 1
                at += 2
            else:
                at += 1
        return len(text)
    if character == '"':
        while (at := text.find('"', at + 1)) >= 0:
            if text[at + 1 : at + 2] != '"':
                return at + 1
            at += 1
        return len(text)
    if character == "-" and text.startswith("--", at):
        end = text.find("\n", at)
        return end if end >= 0 else len(text)
    if character == "$" and not (at > 0 and (text[at - 1].isalnum() or text[at - 1] == "_")):
        if tag := _DOLLAR_TAG.match(text, at):
            end = text.find(tag[0], tag.end())
            return end + len(tag[0]) if end >= 0 else len(text)
    return 0


@functools.lru_cache(maxsize=100_000)  # the dumps of a pair have most of their sections in common
def _sorted_section(kind, body):
    if kind in _WHERE_SETTINGS_MATTER:
        body = _PARAMETERS.sub(lambda found: f"WITH ({', '.join(sorted(found[1].split(', ')))})", body)
    if kind in _BODIES:
        return body
    statements = [part.strip() for part in split_outside_quotes(body, ";")]
    return "\n".join(sorted(_sorted_statement(part) + ";" for part in statements if part))


def _sorted_statement(statement):
    if re.match(r"CREATE (UNLOGGED |FOREIGN )?TABLE ", statement) or re.match(r"CREATE TYPE \S+ AS \(", statement):
        return _sort_first_list(statement)
    if statement.startswith("CREATE STATISTICS "):
        # Columns are kept in the order that the table has them in.
        head, tail = re.split(r" ON (?=[^\n]* FROM )", statement, maxsplit=1)
        listed, source = tail.rsplit(" FROM ", 1)
        return f"{head} ON {', '.join(sorted(part.strip() for part in split_outside_quotes(listed, ',')))} FROM {source}"
    if statement.startswith("ALTER PUBLICATION ") and "(" in statement:
        return _sort_first_list(statement)
    return statement


def _sort_first_list(statement):
    """Sorts what stands between the first parenthesis and the one that closes it."""
    at, opened, depth = 0, -1, 0
    while (found := _MATTERS.search(statement, at)) is not None:
        at = found.start()
        if skipped := _quoted_end(statement, at):
            at = skipped
            continue
        if statement[at] == "(":
            opened, depth = (at, 1) if opened < 0 else (opened, depth + 1)
        elif statement[at] == ")":
            depth -= 1
            if depth == 0:
                elements = split_outside_quotes(statement[opened + 1 : at], ",")
                inside = ",\n".join("    " + part.strip() for part in sorted(elements, key=str.strip))
                return f"{statement[: opened + 1]}\n{inside}\n{statement[at:]}"
        at += 1
    return statement
