"""Random revisions, random places for a database to be at, random identifiers. Everything comes from one random.Random."""

COMMANDS = ("upgrade", "downgrade", "stamp", "range_upgrade", "range_downgrade", "history", "look")


def closure_below(revisions, names):
    """The ids and all that they stand on, over both kinds of edges."""
    edges = {r["id"]: r["revises"] + [resolve(revisions, name) for name in r["depends_on"]] for r in revisions}
    seen, todo = set(), list(names)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(edges[name])
    return seen


def resolve(revisions, name):
    """The id that a dependency written as an id or a label means."""
    for revision in revisions:
        if name == revision["id"] or name in revision["labels"]:
            return revision["id"]
    raise KeyError(name)


def maximal(revisions, names):
    """Those of the ids that no other of them stands on."""
    covered = set()
    for revision in revisions:
        if revision["id"] in names:
            covered |= closure_below(revisions, [revision["id"]]) - {revision["id"]}
    return sorted(set(names) - covered)


def make_revisions(rng, most):
    """Revisions in the order of loading; the graph over both kinds of edges has no cycle."""
    count = rng.randint(1, most)
    base_rate, merge_rate, depends_rate, label_rate = rng.choice(
        [
            (0.05, 0.10, 0.10, 0.15),
            (0.20, 0.10, 0.30, 0.25),
            (0.10, 0.30, 0.10, 0.10),
            (0.0, 0.0, 0.0, 0.1),
            (0.3, 0.2, 0.4, 0.3),
        ]
    )
    revisions, labels = [], []
    for number in range(count):
        known = [r["id"] for r in revisions]
        revision = {"id": _new_id(rng, known), "revises": [], "depends_on": [], "labels": [], "phase": "expand"}
        if known and rng.random() >= base_rate:
            revision["revises"] = _choose_parents(rng, revisions, merge_rate)
        if known and rng.random() < depends_rate:
            for _ in range(rng.choice((1, 1, 1, 2))):
                name = rng.choice(labels) if labels and rng.random() < 0.2 else rng.choice(known)
                if name not in revision["depends_on"]:
                    revision["depends_on"].append(name)
        if rng.random() < label_rate:
            label = f"branch{number}" if rng.random() < 0.7 else f"area{number}"
            revision["labels"].append(label)
            labels.append(label)
        if rng.random() < 0.2:
            revision["phase"] = "contract"
        revisions.append(revision)
    rng.shuffle(revisions)
    return revisions


def _new_id(rng, known):
    """Twelve hex digits; now and then the beginning of a known id, so that prefixes are ambiguous."""
    while True:
        new = "".join(rng.choice("0123456789abcdef") for _ in range(12))
        if known and rng.random() < 0.15:
            new = rng.choice(known)[:5] + new[5:]
        if not new.isdigit() and new not in known:
            return new


def _choose_parents(rng, revisions, merge_rate):
    known = [r["id"] for r in revisions]
    followed = {parent for r in revisions for parent in r["revises"]}
    heads = [name for name in known if name not in followed]
    if len(heads) > 1 and rng.random() < merge_rate:
        return rng.sample(heads, min(len(heads), rng.choice((2, 2, 2, 3))))
    if len(known) > 1 and rng.random() < 0.03:
        return rng.sample(known, 2)  # may merge a revision with its own ancestor
    return [rng.choice(heads if rng.random() < 0.75 else known)]


def make_rows(rng, revisions):
    """Version rows that some history of upgrades and downgrades leaves."""
    names = [r["id"] for r in revisions]
    mode = rng.random()
    if mode < 0.12:
        return []
    if mode < 0.25:
        return maximal(revisions, set(names))
    return maximal(revisions, closure_below(revisions, rng.sample(names, min(len(names), rng.choice((1, 1, 2, 3))))))


def make_identifier(rng, revisions):
    """Any form of docs/revisions.md."""
    ids = [r["id"] for r in revisions]
    labels = [label for r in revisions for label in r["labels"]]
    name = rng.choice(ids)
    if rng.random() < 0.15:
        name = name[: rng.randint(4, 8)]
    branch = rng.choice(labels) if labels and rng.random() < 0.85 else rng.choice(ids)
    if rng.random() < 0.05:
        branch = branch[:5]
    up, down = f"+{rng.randint(1, 4)}", f"-{rng.randint(1, 4)}"
    step = rng.choice((up, down))
    forms = {
        "id": [name] * 6,
        "symbol": ["head", "heads", "base"],
        "label": [branch],
        "branch": [
            f"{branch}@head",
            f"{branch}@heads",
            f"{branch}@base",
            f"{branch}@{name}",
            f"{branch}@{rng.choice(ids)}",
        ],
        "steps": [up, up, down, down, f"{branch}@{up}", f"{branch}@{up}", f"{branch}@{down}", f"{branch}@{down}"],
        "steps from": [
            f"{name}{step}",
            f"{name}{step}",
            f"head{down}",
            f"heads{down}",
            f"base{up}",
            f"{branch}@{name}{step}",
            f"{branch}@head{down}",
            f"{branch}@base{up}",
            f"{branch}{step}",
        ],
        "odd": [
            "+0",
            "-0",
            f"{name}+0",
            "nosuchrevision",
            f"nosuchbranch@{name}",
            "head+1",
            f"{branch}@head+1",
            "base-1",
            f"{branch}@base{down}",
            name[:3],
        ],
    }
    kind = rng.choices(list(forms), weights=(8, 5, 1, 6, 7, 6, 1))[0]
    return rng.choice(forms[kind])


def make_question(rng, revisions, command):
    """A question of the plan server's protocol."""
    question = {"command": command, "rows": make_rows(rng, revisions), "targets": [make_identifier(rng, revisions)]}
    ids = [r["id"] for r in revisions]
    if command in ("upgrade", "stamp") and rng.random() < 0.15:
        targets = [rng.choice(ids) for _ in range(rng.choice((2, 2, 3)))]
        question["targets"] = maximal(revisions, set(targets)) if rng.random() < 0.6 else targets
    if command == "stamp" and rng.random() < 0.1:
        question["purge"] = True
    if command in ("range_upgrade", "range_downgrade", "history"):
        first = rng.choice(["base", rng.choice(ids), rng.choice(ids), rng.choice(ids)[:6]])
        last = rng.choice(["heads", "head", rng.choice(ids), rng.choice(ids), rng.choice(ids)[:6]])
        if command == "range_downgrade":
            last = rng.choice(["base", "-1", "-2", rng.choice(ids), rng.choice(ids)])
        if command == "range_upgrade" and rng.random() < 0.2:
            last = f"+{rng.randint(1, 3)}"
        if command == "history":
            first, last = rng.choice([(first, last), (first, ""), ("", last), ("", "")])
        question["targets"] = [f"{first}:{last}"]
    while command == "look" and any(sign in question["targets"][0] for sign in "+-"):
        question["targets"] = [make_identifier(rng, revisions)]
    if len(question["rows"]) and rng.random() < 0.04:
        below = sorted(closure_below(revisions, question["rows"]) - set(question["rows"]))
        if below:
            question["rows"] = sorted(question["rows"] + [rng.choice(below)])
    return question


def break_revisions(rng, revisions):
    """The same revisions with something wrong, or not: a random edge more, an id, label or parent spoilt."""
    broken = [
        dict(r, revises=list(r["revises"]), depends_on=list(r["depends_on"]), labels=list(r["labels"]))
        for r in revisions
    ]
    one, other = rng.choice(broken), rng.choice(broken)
    kind = rng.choice(("edge", "edge", "dependency", "dependency", "missing", "duplicate id", "duplicate label"))
    if kind == "edge":
        one["revises"].append(other["id"])
    elif kind == "dependency":
        one["depends_on"].append(other["id"])
    elif kind == "missing":
        one[rng.choice(("revises", "depends_on"))].append("0123missing")
    elif kind == "duplicate id":
        broken.append(dict(one, labels=[]))
    else:
        one["labels"].append("twice")
        other["labels"].append("twice")
    return broken
