"""The architecture holds: the layers, the homes of third-party libraries, pure code, the layout, the size of files.

docs/architecture.md explains the layers. An exception is listed here by name, with its reason, or it is not allowed.
"""

import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# Each layer and the layers it may include.
MAY_INCLUDE = {
    "core/base": set(),
    "core/model": {"core/base"},
    "core/graph": {"core/base", "core/model"},
    "core/sql": {"core/base", "core/model"},
    "core/diff": {"core/base", "core/model"},
    "core/lint": {"core/base", "core/model"},
    "core/script": {"core/base", "core/model", "core/graph", "core/sql", "core/diff", "core/lint"},
    "core/config": {"core/base", "core/model", "core/graph", "core/sql", "core/diff", "core/lint"},
    "core/db": {"core/base", "core/model", "core/graph", "core/sql", "core/diff", "core/lint"},
    "core/engine": {
        "core/base", "core/model", "core/graph", "core/sql", "core/diff", "core/lint", "core/script", "core/config",
        "core/db",
    },
}  # fmt: skip
ALL_OF_CORE = set(MAY_INCLUDE)
# The operator sees the domain, never the engine: migrations run in Jobs, from the user's image.
DOMAIN = {"core/base", "core/model", "core/graph"}
MAY_INCLUDE |= {
    "operator/http": {"core/base"},
    "operator/k8s": DOMAIN | {"operator/http"},
    "operator/api": DOMAIN | {"operator/k8s"},
    "operator/runtime": DOMAIN | {"operator/http", "operator/k8s"},
    "operator/migration": DOMAIN | {"operator/api", "operator/http", "operator/k8s", "operator/runtime"},
    "operator/webhook": DOMAIN
    | {"operator/api", "operator/http", "operator/k8s", "operator/runtime", "operator/migration"},
    "operator/telemetry": DOMAIN | {"operator/http", "operator/k8s", "operator/runtime"},
}  # fmt: skip
MAY_INCLUDE["operator/manager"] = {layer for layer in MAY_INCLUDE if layer.startswith("operator/")} | DOMAIN
ALL_OF_OPERATOR = {layer for layer in MAY_INCLUDE if layer.startswith("operator/")}
# Programs see everything below them, and never each other. `sluice wait --until-no-other-pods` asks Kubernetes for the
# pods of a namespace, which a chart needs without the operator, by a program of its own: the migrator knows its language.
PROGRAMS = {
    "cmd/sluice": ALL_OF_CORE | {"operator/k8s"},
    "cmd/sluice-pods": DOMAIN | {"operator/k8s", "operator/http"},
    "cmd/sluice-operator": DOMAIN | ALL_OF_OPERATOR,
}

# Single arrows besides those: (file, included file): reason.
SIDE_ARROWS = {}

# Third-party headers (a prefix of what stands between <>; the first that fits counts) and the one file of a program that
# may include them. Of OpenSSL there are two parts that have nothing in common: checksums and TLS.
HOMES = {
    "pg_query.h": "core/sql/parse_tree.cpp",
    "libpq-fe.h": "core/db/script_session.cpp",
    "pqxx/": "core/db/pg_session.cpp",
    "yaml-cpp/": "core/base/yaml_reader.cpp",
    "CLI/": ("cmd/sluice/app.cpp", "cmd/sluice-operator/options.cpp"),
    "spdlog/": ("cmd/sluice/json_log.cpp", "operator/telemetry/log.cpp"),
    "prometheus/": "operator/telemetry/metrics.cpp",
    "openssl/sha.h": "core/base/checksum.cpp",
    "openssl/": ("operator/http/https_client.cpp", "operator/http/https_server.cpp", "operator/http/certificate.cpp",
                 "operator/http/pem.cpp", "operator/http/kept_connections.cpp"),
    "date/": "operator/migration/window.cpp",
    "httplib.h": ("operator/http/https_client.cpp", "operator/http/https_server.cpp"),
}

# Pure layers compute: no input or output, no clock, no threads, no logging.
PURE_LAYERS = ("core/model", "core/graph", "core/sql", "core/diff", "core/lint")
PURE_FILES = (
    "core/script/script_parser", "operator/api/field", "operator/api/schema_migration_codec", "operator/api/yaml_text",
    "operator/http/url", "operator/k8s/api_error",
    "operator/k8s/backoff", "operator/k8s/json_access", "operator/k8s/label_selector", "operator/k8s/list_reader",
    "operator/k8s/other_pods_codec", "operator/k8s/time_text", "operator/k8s/watch_reader",
    "operator/migration/conditions", "operator/migration/decide", "operator/migration/decide_plan",
    "operator/migration/decide_rollout", "operator/migration/decide_run", "operator/migration/decider",
    "operator/migration/gate", "operator/migration/gate_patches", "operator/migration/gated_deployment",
    "operator/migration/job_builder", "operator/migration/job_result", "operator/migration/job_view",
    "operator/webhook/pause",
)  # fmt: skip
IMPURE_HEADERS = (
    "cstdio", "fstream", "iostream", "filesystem", "thread", "mutex", "condition_variable", "future", "random", "ctime",
    "unistd.h", "fcntl.h", "csignal", "signal.h", "poll.h", "sys/", "netdb.h", "spdlog/", "core/base/clock.h",
    "core/base/file_system.h",
)  # fmt: skip
CLOCK_CALL = re.compile(r"\b(?:system_clock|steady_clock|high_resolution_clock)::now\b|\bgetenv\s*\(")

TOP_LEVEL = {
    "CMakeLists.txt", "cmd", "operator", "core", "deploy", "helm", "docker", "tests", "docs", "examples", "README.md",
    "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "CMakePresets.json",
}  # fmt: skip

LONGEST_FILE = 520
LONG_FILES = {}  # file: reason

INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


def tracked_files():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return sorted(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def sources(*folders):
    starts = tuple(folder + "/" for folder in folders)
    return [name for name in tracked_files() if name.endswith((".h", ".cpp")) and name.startswith(starts)]


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def includes_of(name):
    """Pairs (included, quoted) of a file."""
    return [(match[1] or match[2], bool(match[1])) for match in INCLUDE.finditer(text_of(name))]


def layer_of(name):
    return "/".join(name.split("/")[:2])


class LayersTest(unittest.TestCase):
    def test_every_source_belongs_to_a_layer(self):
        unknown = {layer_of(name) for name in sources("core", "cmd", "operator")} - set(MAY_INCLUDE) - set(PROGRAMS)
        self.assertEqual(unknown, set())

    def test_no_arrow_runs_back(self):
        wrong = []
        for name in sources("core", "cmd", "operator"):
            layer = layer_of(name)
            allowed = MAY_INCLUDE.get(layer, PROGRAMS.get(layer, set())) | {layer}
            for included, quoted in includes_of(name):
                if quoted and layer_of(included) not in allowed and (name, included) not in SIDE_ARROWS:
                    wrong.append(f"{name} includes {included}")
        self.assertEqual(wrong, [])

    def test_side_arrows_that_are_listed_exist(self):
        unused = [arrow for arrow in SIDE_ARROWS if (arrow[1], True) not in includes_of(arrow[0])]
        self.assertEqual(unused, [])

    def test_own_headers_are_included_from_the_root(self):
        wrong = [
            f"{name} includes {included}"
            for name in sources("core", "cmd", "operator", "tests")
            for included, quoted in includes_of(name)
            if quoted and not (ROOT / included).exists()
        ]
        self.assertEqual(wrong, [])

    def test_a_type_has_its_name_for_itself(self):
        """Two types of one name in two headers are one type to the linker, which takes either one's functions."""
        homes = {}
        for name in sources("core", "cmd", "operator"):
            if not name.endswith(".h"):
                continue
            namespaces = []
            for line in text_of(name).splitlines():
                if opened := re.match(r"namespace (\S*) ?\{", line):
                    namespaces.append(opened[1])
                elif line.startswith("}  // namespace") and namespaces:
                    namespaces.pop()
                elif defined := re.match(r"(?:struct|class|enum class) (\w+)\b[^;]*\{", line):
                    homes.setdefault("::".join([*namespaces, defined[1]]), []).append(name)
        self.assertEqual({name: headers for name, headers in homes.items() if len(headers) > 1}, {})

    def test_no_cycle_among_headers(self):
        graph = {
            name: [included for included, quoted in includes_of(name) if quoted and included.endswith(".h")]
            for name in sources("core", "cmd", "operator")
            if name.endswith(".h")
        }
        done, loops = set(), []

        def visit(name, path):
            if name in path:
                loops.append(" → ".join([*path[path.index(name) :], name]))
            elif name not in done:
                for included in graph.get(name, []):
                    visit(included, [*path, name])
                done.add(name)

        for name in graph:
            visit(name, [])
        self.assertEqual(loops, [])


class LibrariesTest(unittest.TestCase):
    def test_a_library_is_included_in_its_home_only(self):
        wrong = [
            f"{name} includes <{included}>, whose home is {home}"
            for name in sources("core", "cmd", "operator")
            for included, _ in includes_of(name)
            for home in [next((HOMES[prefix] for prefix in HOMES if included.startswith(prefix)), name)]
            if name not in ((home,) if isinstance(home, str) else home)
        ]
        self.assertEqual(wrong, [])

    def test_pure_code_has_no_input_output_clock_or_logging(self):
        files = {stem: [stem + end for end in (".h", ".cpp") if (ROOT / (stem + end)).is_file()] for stem in PURE_FILES}
        self.assertEqual([stem for stem, found in files.items() if not found], [])
        pure = [*sources(*PURE_LAYERS), *(name for found in files.values() for name in found)]
        wrong = [
            f"{name} includes {included}"
            for name in pure
            for included, _ in includes_of(name)
            if included.startswith(IMPURE_HEADERS)
        ]
        wrong += [f"{name} asks for the time or the environment" for name in pure if CLOCK_CALL.search(text_of(name))]
        self.assertEqual(wrong, [])


class LayoutTest(unittest.TestCase):
    def test_nothing_else_at_the_top(self):
        found = {name.split("/")[0] for name in tracked_files()}
        self.assertEqual({name for name in found if not name.startswith(".")} - TOP_LEVEL, set())

    def test_files_are_named_in_snake_case(self):
        snake_case = re.compile(r"[a-z][a-z0-9_]*\.(h|cpp)")
        wrong = [name for name in sources("core", "cmd", "operator", "tests") if not snake_case.fullmatch(Path(name).name)]
        self.assertEqual(wrong, [])

    def test_a_file_has_one_subject(self):
        code = [name for name in tracked_files() if name.endswith((".h", ".cpp", ".c", ".py", ".sh"))]
        sizes = {name: len(text_of(name).splitlines()) for name in code if name not in LONG_FILES}
        self.assertEqual({name: size for name, size in sizes.items() if size > LONGEST_FILE}, {})

    def test_every_unit_test_mirrors_a_source(self):
        wrong = []
        for name in sources("tests/unit"):
            if not name.endswith("_test.cpp"):
                continue
            layer = name.removeprefix("tests/unit/").split("/")[0]
            folder = {"cli": "cmd/sluice", "cmd": "cmd/sluice"}.get(layer, f"core/{layer}")
            if layer == "operator":
                folder = "/".join(name.removeprefix("tests/unit/").split("/")[:2])
            if not (ROOT / folder).is_dir():
                wrong.append(name)
        self.assertEqual(wrong, [])

    def test_headers_are_guarded(self):
        headers = [name for name in sources("core", "cmd", "operator", "tests") if name.endswith(".h")]
        wrong = [name for name in headers if "#pragma once" not in text_of(name)]
        self.assertEqual(wrong, [])


class DocumentsTest(unittest.TestCase):
    def test_links_lead_somewhere(self):
        broken = []
        for name in tracked_files():
            if name.endswith(".md"):
                for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text_of(name)):
                    if not (ROOT / name).parent.joinpath(target).exists():
                        broken.append(f"{name}: {target}")
        self.assertEqual(broken, [])

    def test_files_that_documents_name_exist(self):
        named = re.compile(r"`((?:core|cmd|operator|tests|examples)/[a-z0-9_/.]*[a-z0-9_])`")
        missing = [
            f"{name}: {path}"
            for name in tracked_files()
            if name.endswith(".md")
            for path in named.findall(text_of(name))
            if not (ROOT / path).exists()
        ]
        self.assertEqual(missing, [])


class WordsTest(unittest.TestCase):
    """Nothing of the machine that something was written on, no unfinished work, no address that only some can reach."""

    # In two parts, so that this file doesn't hold them.
    FORBIDDEN = (
        "/wo" + "rk/", "TO" + "DO", "FIX" + "ME", "registry.npm" + "js.org",
        "pypi" + ".org/simple", "proxy.golang" + ".org", "files.python" + "hosted.org",
    )  # fmt: skip

    def test_no_forbidden_words(self):
        found = []
        for name in tracked_files():
            try:
                text = text_of(name)
            except UnicodeDecodeError:
                continue
            found += [f"{name}: {word}" for word in self.FORBIDDEN if word in text]
        self.assertEqual(found, [])


if __name__ == "__main__":
    unittest.main()
