"""A throw-away PostgreSQL for tests, benchmarks and the quickstart.

    with PostgresServer() as server:
        database = server.create_database()
        subprocess.run(["psql", server.url(database)])

A server lives in a temporary directory (in memory where the machine has /dev/shm), listens on a Unix socket and on a
port of 127.0.0.1 that nobody else uses, and trades safety for speed (fsync=off). The Unix socket trusts everybody; TCP
asks for the password, so that a test can also give a wrong one. PostgreSQL refuses to run as root: for root the server
runs as the user `postgres`, or `nobody`.

The server belongs to a keeper: a process of its own that removes the server and its directory when its standard input
ends, however the process at the other end came to die. The C++ tests talk to the same keeper
(tests/support/postgres_server.h). Its protocol is one line a message: a command (`start`, `stop fast`,
`stop immediate`, `kill`, `restart fast`, …) is answered by one line of JSON, {"ok": true, …} or {"error": "…"}.

As a program:

    postgres.py run [--bin DIR] -- COMMAND …    runs COMMAND beside a fresh server, which PGHOST, PGPORT, PGUSER,
                                                PGPASSWORD and PGDATABASE describe
    postgres.py keep [--bin DIR] …              the keeper
"""

import argparse
import fcntl
import itertools
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kept_process import KeptProcess

SUPERUSER = "postgres"
PASSWORD = "postgres"
DIRECTORY_PREFIX = "sluice-postgres-"

# What a test server needs, and nothing that outlives its directory: dynamic shared memory is kept inside it too.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "dynamic_shared_memory_type": "mmap",
    "listen_addresses": "127.0.0.1",
    "log_line_prefix": "%m [%p] %u@%d %a: ",
    "logging_collector": "off",
}


def bin_directory():
    """The programs of the PostgreSQL to use: $SLUICE_TEST_POSTGRES_BIN, else Debian's newest, else the one in PATH."""
    if chosen := os.environ.get("SLUICE_TEST_POSTGRES_BIN"):
        return chosen
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if installed:
        return str(installed[-1].parent)
    if found := shutil.which("postgres"):
        return str(Path(found).resolve().parent)
    raise RuntimeError("no PostgreSQL server found; install the package postgresql or set SLUICE_TEST_POSTGRES_BIN")


# The keeper ---------------------------------------------------------------------------------------------------------


def _default_base_directory():
    memory = "/dev/shm"
    return memory if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30 else tempfile.gettempdir()


def _server_user():
    """The passwd entry of the user that the server runs as, None for the present one."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("the server can't run as root, and there is neither a user postgres nor a user nobody")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _remove_abandoned(base):
    """Removes directories whose keeper was killed: its lock is free."""
    for directory in Path(base).glob(DIRECTORY_PREFIX + "*"):
        try:
            with open(directory / "keeper.lock") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(directory, ignore_errors=True)
        except OSError:
            continue


class Keeper:
    """Owns one server and its directory."""

    def __init__(self, bin_dir, base, settings, standby_of):
        self.bin = Path(bin_dir)
        self.user = _server_user()
        base = base or _default_base_directory()
        _remove_abandoned(base)
        self.directory = Path(tempfile.mkdtemp(prefix=DIRECTORY_PREFIX, dir=base))
        self.lock = open(self.directory / "keeper.lock", "w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.data = self.directory / "data"
        self.log = self.directory / "log"
        self.process = None
        self.port = free_port()
        self.settings = {**SETTINGS, "unix_socket_directories": str(self.directory), **settings}
        self.directory.chmod(0o755)
        if self.user:
            os.chown(self.directory, self.user.pw_uid, self.user.pw_gid)
        try:
            self._create_cluster(standby_of)
        except BaseException:
            shutil.rmtree(self.directory, ignore_errors=True)
            raise

    def describe(self):
        return {
            "ok": True,
            "socket_directory": str(self.directory),
            "port": self.port,
            "data_directory": str(self.data),
            "log": str(self.log),
            "bin": str(self.bin),
            "pid": self.process.pid if self.process else 0,
        }

    def start(self):
        if self.process:
            return
        arguments = [str(self.bin / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        for name, value in self.settings.items():
            arguments += ["-c", f"{name}={value}"]
        with open(self.log, "ab") as log:
            # Not the keeper's process group: a Ctrl-C at the terminal ends the test, and the test's end the server.
            self.process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory,
                start_new_session=True, **self._identity(),
            )  # fmt: skip
        self._wait_until_ready()

    def stop(self, mode):
        """`fast` (SIGINT) or `immediate` (SIGQUIT: as after a crash, without a checkpoint)."""
        if not self.process:
            return
        self.process.send_signal({"fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode])
        self.process.wait()
        self.process = None

    def kill(self):
        """kill -9 of the postmaster and of every process it has."""
        if not self.process:
            return
        family = [self.process.pid, *_children(self.process.pid)]
        shared_memory = self._shared_memory_id()
        for pid in family:
            _signal(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        while any(_is_running(pid) for pid in family):
            time.sleep(0.005)
        if shared_memory:
            subprocess.run(["ipcrm", "-m", shared_memory], stderr=subprocess.DEVNULL, check=False)

    def remove(self):
        self.stop("immediate")
        shutil.rmtree(self.directory, ignore_errors=True)
        self.lock.close()

    def _identity(self):
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}

    def _run(self, *arguments):
        done = subprocess.run(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.directory,
            check=False,
            **self._identity(),
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed: {done.stdout.strip()}")

    def _create_cluster(self, standby_of):
        if standby_of:
            host, port = standby_of.rsplit(":", 1)
            self._run(
                str(self.bin / "pg_basebackup"), "-D", str(self.data), "-h", host, "-p", port, "-U", SUPERUSER, "-R",
                "--no-sync", "--checkpoint=fast",
            )  # fmt: skip
            return
        password_file = self.directory / "password"
        password_file.write_text(PASSWORD + "\n")
        password_file.chmod(0o644)
        self._run(
            str(self.bin / "initdb"), "-D", str(self.data), "-U", SUPERUSER, "--encoding=UTF8", "--locale=C.UTF-8",
            "--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256", "--pwfile", str(password_file),
        )  # fmt: skip
        password_file.unlink()

    def _postmaster_file(self):
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _wait_until_ready(self):
        # The last line of postmaster.pid is the state (miscinit.h, LOCK_FILE_LINE_PM_STATUS); pg_ctl looks there too.
        while True:
            lines = self._postmaster_file()
            if len(lines) >= 8 and lines[0] == str(self.process.pid) and lines[7].strip() in ("ready", "standby"):
                return
            if self.process.poll() is not None:
                self.process = None
                tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
                raise RuntimeError(f"the server did not start:\n{tail}")
            time.sleep(0.01)

    def _shared_memory_id(self):
        lines = self._postmaster_file()
        words = lines[6].split() if len(lines) > 6 else []
        return words[1] if len(words) == 2 else ""


def _state_and_parent(pid):
    """Of /proc/PID/stat; ("", 0) when there is no such process."""
    try:
        # pid (name) state ppid …, and a name may hold spaces and parentheses.
        state, parent = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[:2]
        return state, int(parent)
    except OSError:
        return "", 0


def _children(parent):
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and _state_and_parent(entry)[1] == parent]


def _is_running(pid):
    return _state_and_parent(pid)[0] not in ("", "Z", "X")


def _signal(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _keep(options):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    keeper = None
    try:
        keeper = Keeper(options.bin or bin_directory(), options.base, dict(options.setting), options.standby_of)
        keeper.start()
        print(json.dumps(keeper.describe()), flush=True)
        for line in sys.stdin:
            print(json.dumps(_answer(keeper, line.split())), flush=True)
    except RuntimeError as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return 1
    except BrokenPipeError:
        return 0
    finally:
        if keeper:
            keeper.remove()
    return 0


def _answer(keeper, command):
    try:
        match command:
            case ["start"]:
                keeper.start()
            case ["stop", mode]:
                keeper.stop(mode)
            case ["kill"]:
                keeper.kill()
            case ["restart", mode]:
                keeper.stop(mode)
                keeper.start()
            case _:
                return {"error": f"unknown command {command}"}
    except RuntimeError as error:
        return {"error": str(error)}
    return keeper.describe()


# The other end of the pipe ------------------------------------------------------------------------------------------


class PostgresServer(KeptProcess):
    """A running server; `with` removes it. Not for use by several threads at once."""

    user = SUPERUSER
    password = PASSWORD

    def __init__(self, bin_dir=None, base=None, settings=None, standby_of=None):
        """`base`: the directory to make the server's directory in. `standby_of`: another PostgresServer."""
        arguments = [sys.executable, os.path.abspath(__file__), "keep"]
        if bin_dir:
            arguments += ["--bin", str(bin_dir)]
        if base:
            arguments += ["--base", str(base)]
        for name, value in (settings or {}).items():
            arguments += ["--setting", f"{name}={value}"]
        if standby_of:
            arguments += ["--standby-of", f"{standby_of.socket_directory}:{standby_of.port}"]
        self._databases = itertools.count(1)
        super().__init__(arguments)
        self._read_answer()

    def start(self):
        self._ask("start")

    def stop(self, mode="fast"):
        """`fast`, or `immediate`: open connections are cut, the next start recovers."""
        self._ask(f"stop {mode}")

    def restart(self, mode="fast"):
        self._ask(f"restart {mode}")

    def kill(self):
        """kill -9 of the whole server."""
        self._ask("kill")

    def create_database(self, name=None):
        """A new, empty database; returns its name."""
        name = name or f"test_{next(self._databases)}"
        self.psql("postgres", f'CREATE DATABASE "{name}"')
        return name

    def drop_database(self, name):
        self.psql("postgres", f'DROP DATABASE "{name}" WITH (FORCE)')

    def psql(self, database, sql):
        """Runs SQL over the Unix socket; returns the rows as lines, columns separated by |. Raises on an error."""
        done = subprocess.run(
            [self.psql_program, "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"],
            input=sql, capture_output=True, text=True, env={**os.environ, **self.environment(database)}, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"psql: {done.stderr.strip()}\n{sql}")
        return done.stdout.splitlines()

    @property
    def psql_program(self):
        """The psql that belongs to the server, or Debian's real one (/usr/bin/psql is a wrapper written in Perl)."""
        return client_program(self.bin, "psql")

    @property
    def pg_dump_program(self):
        return client_program(self.bin, "pg_dump")

    def environment(self, database="postgres", tcp=False):
        """libpq's environment variables for `database`."""
        return {
            "PGHOST": "127.0.0.1" if tcp else self.socket_directory,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGDATABASE": database,
        }

    def url(self, database="postgres", tcp=True, user=None, password=None):
        """A postgresql:// URL; over the Unix socket when not `tcp`."""
        who = f"{user or self.user}:{password or self.password}"
        if tcp:
            return f"postgresql://{who}@127.0.0.1:{self.port}/{database}"
        return f"postgresql://{who}@/{database}?host={self.socket_directory}&port={self.port}"

    def _ask(self, command):
        self._keeper.stdin.write(command + "\n")
        self._keeper.stdin.flush()
        self._read_answer()

    def _read_answer(self):
        line = self._keeper.stdout.readline()
        answer = json.loads(line) if line else {"error": "the keeper of the server has ended"}
        if "error" in answer:
            raise RuntimeError(answer["error"])
        self.socket_directory = answer["socket_directory"]
        self.port = answer["port"]
        self.data_directory = answer["data_directory"]
        self.log = answer["log"]
        self.bin = answer["bin"]
        self.pid = answer["pid"]


def client_program(bin_dir, name):
    """A client program beside the server, else Debian's newest (the npm packages carry the server only)."""
    beside = Path(bin_dir) / name
    if beside.exists():
        return str(beside)
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    if not installed:
        raise RuntimeError(f"{name} is not installed; install the package postgresql-client")
    return str(installed[-1])


# The program --------------------------------------------------------------------------------------------------------


def _setting(text):
    name, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(f"{text}: expected NAME=VALUE")
    return name, value


def _run(options):
    with PostgresServer(options.bin, options.base, dict(options.setting)) as server:
        database = server.create_database("throwaway")
        environment = {**os.environ, **server.environment(database, tcp=True)}
        return subprocess.run(options.command, env=environment, check=False).returncode


def main():
    parser = argparse.ArgumentParser(description="A throw-away PostgreSQL.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, help_text in (("run", "run a command beside a server"), ("keep", "keep a server for another process")):
        sub = verbs.add_parser(verb, help=help_text)
        sub.add_argument("--bin", help="directory of initdb and postgres")
        sub.add_argument("--base", help="directory to make the server's directory in")
        sub.add_argument("--setting", action="append", default=[], type=_setting, metavar="NAME=VALUE")
        if verb == "keep":
            sub.add_argument("--standby-of", metavar="HOST:PORT")
        else:
            sub.add_argument("command", nargs="+")
    options = parser.parse_args()
    return _run(options) if options.verb == "run" else _keep(options)


if __name__ == "__main__":
    sys.exit(main())
