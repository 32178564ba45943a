"""What `--phase expand` leaves out, said once more in a few lines of Python."""

from random_graphs import resolve


def check_expand(revisions, everything, expand):
    """What is wrong with the plan of the expand phase, given the plan of both; None when nothing is."""
    if "error" in everything or "error" in expand:
        return None if ("error" in everything) == ("error" in expand) else "only one of the phases is refused"
    by_id = {revision["id"]: revision for revision in revisions}
    behind = {}  # pending revision -> the contract revisions it stands on, itself included
    for step in everything["steps"]:
        revision = by_id[step["revision"]]
        below = revision["revises"] + [resolve(revisions, name) for name in revision["depends_on"]]
        behind[revision["id"]] = {contract for name in below for contract in behind.get(name, ())}
        if revision["phase"] == "contract":
            behind[revision["id"]].add(revision["id"])
    runs = [step["revision"] for step in expand["steps"]]
    if set(runs) != {name for name, contracts in behind.items() if not contracts}:
        return f"the expand phase runs {runs}, contract revisions are {behind}"
    waiting = dict(expand["waiting"])
    if set(waiting) != {name for name, contracts in behind.items() if contracts}:
        return f"the expand phase says that {waiting} wait, contract revisions are {behind}"
    for name, contract in waiting.items():
        if contract not in behind[name] or (by_id[name]["phase"] == "contract" and contract != name):
            return f"{name} does not wait for {contract}"
    return None
