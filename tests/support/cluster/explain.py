"""What a person would ask for next when a test has failed."""

import json

LOG_LINES = 60
AUDIT = """
SELECT 'run ' || id, command, outcome, error FROM sluice.run ORDER BY id;
SELECT 'event ' || id, revision, direction, section, statement, outcome, error FROM sluice.event ORDER BY id;
SELECT 'row', version_num FROM alembic_version;
"""


def explain(cluster, namespace, server=None, database=None):
    """A text: events, pods, logs, Jobs and custom resources of a namespace, the parts that don't run, the database's
    audit. It never raises: what can't be asked stands there with the reason."""
    pieces = []

    def add(title, ask):
        try:
            text = ask()
        except Exception as error:  # the failure that is explained matters more
            text = f"(not to be had: {error})"
        if text and text.strip():
            pieces.append(f"--- {title}\n{text.rstrip()}")

    def kubectl(*words):
        return cluster.kubectl("-n", namespace, *words)

    add("parts that don't run", lambda: _dead_parts(cluster))
    add("events", lambda: kubectl("get", "events", "--sort-by=.metadata.creationTimestamp"))
    add("objects", lambda: kubectl("get", "jobs,deployments,replicasets,pods", "-o", "wide", "--show-labels"))
    add("containers", lambda: _containers(cluster, namespace))
    for title, words in _logs(cluster, namespace):
        add(title, lambda words=words: kubectl(*words))
    for kind in _custom_kinds(cluster):
        add(kind, lambda kind=kind: kubectl("get", kind, "-o", "yaml"))
    if server and database:
        add(f"audit of {database}", lambda: "\n".join(server.psql(database, AUDIT)))
    return "\n".join(pieces)


def _dead_parts(cluster):
    texts = []
    for part in cluster.parts:
        if not cluster.pids(part):
            log = (cluster.directory / "log" / f"{part}.log").read_text(errors="replace").splitlines()
            texts.append("\n".join([part, *log[-20:]]))
    return "\n".join(texts)


def _pods(cluster, namespace):
    return cluster.get(f"/api/v1/namespaces/{namespace}/pods")["items"]


def _containers(cluster, namespace):
    lines = []
    for pod in _pods(cluster, namespace):
        status = pod["status"]
        for kind in ("initContainerStatuses", "containerStatuses"):
            for container in status.get(kind, []):
                states = {"now": container.get("state"), "before": container.get("lastState")}
                lines.append(f"{pod['metadata']['name']} {container['name']} {json.dumps(states)}")
    return "\n".join(lines)


def _logs(cluster, namespace):
    """Pairs (title, words of kubectl) for each container that has run."""
    try:
        pods = _pods(cluster, namespace)
    except Exception:  # said by the other questions already
        return []
    found = []
    for pod in pods:
        name = pod["metadata"]["name"]
        for kind in ("initContainerStatuses", "containerStatuses"):
            for container in pod["status"].get(kind, []):
                words = ["logs", name, "-c", container["name"], "--tail", str(LOG_LINES)]
                found.append((f"log of {name} {container['name']}", words))
                if container.get("restartCount"):
                    found.append((f"log of {name} {container['name']}, the run before", [*words, "--previous"]))
    return found


def _custom_kinds(cluster):
    try:
        path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        return [
            each["metadata"]["name"] for each in cluster.get(path)["items"] if each["spec"]["scope"] == "Namespaced"
        ]  # fmt: skip
    except Exception:
        return []
