"""A server or a role that can't do what it should: each has its own clear message, or it simply works."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import types
import unittest
import urllib.parse
from pathlib import Path

from audit import run_outcomes
from postgres import PostgresServer
from project import Project, socket_url, wait_until
from sql_session import SqlSession

TABLE = "-- sluice:upgrade\nCREATE TABLE t (id int);\n"
AWAY_SECONDS = 20


@contextlib.contextmanager
def small_disk(megabytes):
    """A file system of that size, on which the server may write."""
    if os.geteuid() != 0:
        raise RuntimeError("making a small file system needs root: run this stage as root (sudo ./tests/run fault)")
    directory = tempfile.mkdtemp(prefix="sluice-disk-")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "none", directory], check=True)
    try:
        yield Path(directory)
    finally:
        subprocess.run(["umount", "--lazy", directory], check=True)
        os.rmdir(directory)


class FullDiskTest(unittest.TestCase):
    def test_a_full_disk_is_named_and_nothing_is_half_done(self):
        with small_disk(16) as disk, PostgresServer() as server, Project() as project:
            space = disk / "space"
            space.mkdir()
            shutil.chown(space, *_owner(server))
            server.psql("postgres", f"CREATE TABLESPACE small LOCATION '{space}'")
            database = server.create_database()
            server.psql(database, "CREATE TABLE filler () TABLESPACE small")
            project.add("a1", TABLE)
            project.add(
                "b2", "-- sluice:upgrade\nCREATE TABLE big (line text) TABLESPACE small;\n"
                "INSERT INTO big SELECT repeat(md5(n::text), 20) FROM generate_series(1, 100000) n;\n",
            )  # fmt: skip
            run = project.run(socket_url(server, database), "upgrade", "-o", "json")
            self.assertEqual(run.wait(), 3, run)
            error = run.report()["error"]
            self.assertEqual(error["server"]["sqlstate"], "53100")
            self.assertIn("disk is full", error["hint"])
            self.assertEqual(server.psql(database, "SELECT to_regclass('big') IS NULL"), ["t"])
            self.assertEqual(run_outcomes(server, database), ["failed"])
            # Room is made: here by the rollback itself, and a smaller table.
            (project.versions / "b2_test.sql").unlink()
            project.add("b2", "-- sluice:upgrade\nCREATE TABLE big (line text) TABLESPACE small;\n", revises="a1")
            again = project.run(socket_url(server, database), "upgrade")
            self.assertEqual(again.wait(), 0, again)


class FullLogDiskTest(unittest.TestCase):
    """The disk of the write-ahead log is full: the server stops, and may not come back by itself."""

    def test_a_full_log_disk_is_survived_once_there_is_room(self):
        with small_disk(64) as disk, PostgresServer(settings={"restart_after_crash": "off"}) as server, Project() as project:
            server.stop()
            log = Path(server.data_directory) / "pg_wal"
            shutil.move(log, disk / "pg_wal")
            log.symlink_to(disk / "pg_wal")
            for path in (disk / "pg_wal", *(disk / "pg_wal").rglob("*")):
                shutil.chown(path, *_owner(server))
            server.start()
            database = server.create_database()
            # Nothing of the log may be recycled, so that it must become full.
            server.psql(database, "SELECT pg_create_physical_replication_slot('keeps_all', true)")
            project.add("a1", TABLE)
            project.add(
                "b2", "-- sluice:upgrade\nCREATE TABLE big AS SELECT repeat(md5(n::text), 20) AS line "
                "FROM generate_series(1, 200000) n;\n",
            )  # fmt: skip
            run = project.run(
                socket_url(server, database), "upgrade", "--reconnect-budget", "500ms", "-o", "json"
            )  # fmt: skip
            self.assertEqual(run.wait(), 3, run)
            self.assertEqual([step["revision"] for step in run.report()["applied"]], ["a1"])
            self.assertIn(run.report()["error"]["code"], ("unreachable", "connection_lost"))

            subprocess.run(["mount", "-o", "remount,size=512m", disk], check=True)
            server.restart("immediate")
            again = project.run(socket_url(server, database), "upgrade")
            self.assertEqual(again.wait(), 0, again)
            self.assertEqual(server.psql(database, "SELECT count(*) FROM big"), ["200000"])
            self.assertEqual(run_outcomes(server, database), ["interrupted", "done"])


def _accepts(path):
    """Whether somebody listens at the Unix socket, whose file is there a moment before."""
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as client:
        return client.connect_ex(str(path)) == 0


def _owner(server):
    status = os.stat(server.data_directory)
    return pwd.getpwuid(status.st_uid).pw_name, status.st_gid


class StandbyTest(unittest.TestCase):
    def test_a_standby_is_refused_but_can_be_looked_at(self):
        with PostgresServer() as primary, Project() as project:
            database = primary.create_database()
            project.add("a1", TABLE)
            self.assertEqual(project.run(socket_url(primary, database), "upgrade").wait(), 0)
            project.add("b2", "-- sluice:upgrade\nCREATE TABLE u (id int);\n")
            with PostgresServer(standby_of=primary) as standby:
                for url in (socket_url(standby, database), socket_url(standby, database) + "&target_session_attrs=any"):
                    run = project.run(url, "upgrade")
                    self.assertIn(run.wait(), (1, 5), run)
                    self.assertIn("standby", run.stderr)
                current = project.run(socket_url(standby, database) + "&target_session_attrs=any", "current")
                self.assertEqual(current.wait(), 0, current)
                self.assertIn("a1", current.stdout)


class StartingServerTest(unittest.TestCase):
    """A server that recovers from an archive which has not said its last word."""

    def setUp(self):
        self.gate = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.gate.chmod(0o755)
        self.server = self.enterContext(
            PostgresServer(settings={"restore_command": f"until test -e {self.gate}/open; do sleep 0.02; done; false"})
        )
        self.database = self.server.create_database()
        self.server.stop()
        signal_file = Path(self.server.data_directory) / "recovery.signal"
        signal_file.touch()
        shutil.chown(signal_file, *_owner(self.server))
        self.start = threading.Thread(target=self.server.start)
        self.start.start()
        self.addCleanup(self.let_it_start)
        socket_file = Path(self.server.socket_directory) / f".s.PGSQL.{self.server.port}"
        wait_until(lambda: _accepts(socket_file), "the server takes connections")
        self.project = self.enterContext(Project())
        self.project.add("a1", TABLE)
        self.url = socket_url(self.server, self.database)

    def let_it_start(self):
        (self.gate / "open").touch()
        self.start.join()

    def test_it_is_told_that_the_server_is_starting(self):
        run = self.project.run(self.url, "upgrade")
        self.assertEqual(run.wait(), 5, run)
        self.assertIn("starting up", run.stderr)
        self.assertIn("--wait-for-database", run.stderr)

    def test_it_is_waited_for_where_that_is_asked_for(self):
        run = self.project.start(self.url, "upgrade", "--wait-for-database", "1m", "--log-format", "json")
        self.assertIn("starting up", run.wait_for_event("waiting_for_database")["text"])
        self.let_it_start()
        self.assertEqual(run.wait(), 0, run)


class AbsentServerTest(unittest.TestCase):
    def test_a_server_that_goes_away_for_a_while_is_waited_for(self):
        with PostgresServer() as server, Project() as project:
            database = server.create_database()
            server.psql(database, "CREATE TABLE journal (what text)")
            project.add("a1", "-- sluice:upgrade\nINSERT INTO journal VALUES ('a1');\n")
            project.add(
                "b2", "-- sluice:upgrade\nINSERT INTO journal VALUES ('b2');\nSELECT pg_advisory_xact_lock(1);\n"
                "-- sluice:upgrade\nINSERT INTO journal VALUES ('b2 again');\n",
            )  # fmt: skip
            with SqlSession(server, database) as holder:
                holder.run("SELECT pg_advisory_lock(1)")
                run = project.start(
                    socket_url(server, database), "upgrade", "--lock-timeout", "1m", "-o", "json", "--log-format",
                    "json",
                )  # fmt: skip
                holder.wait_for("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
                server.stop("immediate")
            run.wait_for_event("reconnecting")
            # Not to wait for something: to be away for that long is what this is about.
            time.sleep(AWAY_SECONDS)
            server.start()
            self.assertEqual(run.wait(), 0, run)
            self.assertEqual([step["revision"] for step in run.report()["applied"]], ["a1", "b2"])
            self.assertEqual(server.psql(database, "SELECT what FROM journal"), ["a1", "b2", "b2 again"])
            self.assertEqual(run_outcomes(server, database), ["done"])

    def test_a_server_that_stays_away_is_given_up_with_what_was_done(self):
        with PostgresServer() as server, Project() as project:
            database = server.create_database()
            project.add("a1", TABLE)
            project.add("b2", "-- sluice:upgrade\nSELECT pg_sleep(3600);\n")
            run = project.start(
                socket_url(server, database), "upgrade", "--reconnect-budget", "500ms", "-o", "json", "--log-format",
                "json",
            )  # fmt: skip
            with SqlSession(server, database) as session:
                session.wait_for("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep')")
            server.stop("immediate")
            self.assertEqual(run.wait(), 3, run)
            self.assertEqual([step["revision"] for step in run.report()["applied"]], ["a1"])


class RoleTest(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(PostgresServer())
        self.database = self.server.create_database()
        self.server.psql(
            self.database,
            "CREATE ROLE app LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
            f"REVOKE CREATE ON DATABASE {self.database} FROM PUBLIC",
        )
        self.project = self.enterContext(Project())
        self.project.add("a1", TABLE)
        self.url = socket_url(self.server, self.database, user="app")

    def test_a_role_that_may_not_create_gets_the_statements_for_an_administrator(self):
        run = self.project.run(self.url, "upgrade")
        self.assertEqual(run.wait(), 1, run)
        self.assertIn("GRANT USAGE, CREATE ON SCHEMA sluice TO app", run.stderr)
        schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'sluice'"
        self.assertEqual(self.server.psql(self.database, schemas), ["0"])

        grants = self.project.run(self.url, "init", "--print-grants")
        self.assertEqual(grants.wait(), 0, grants)
        self.server.psql(self.database, grants.stdout)
        again = self.project.run(self.url, "upgrade")
        self.assertEqual(again.wait(), 0, again)


class PooledSession(SqlSession):
    """A session with the pool at `url`, as pgbouncer() gives it."""

    def __init__(self, url, server, database):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
        pool = types.SimpleNamespace(socket_directory=query["host"][0], port=query["port"][0], user=server.user)
        super().__init__(pool, database)


class PoolerTest(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(PostgresServer())
        self.database = self.server.create_database()
        self.project = self.enterContext(Project())
        self.project.add("a1", TABLE)
        self.project.add("b2", "-- sluice:upgrade transaction=off\nCREATE INDEX CONCURRENTLY ON t (id);\n")

    @contextlib.contextmanager
    def pgbouncer(self, mode, *settings_lines):
        """The URL of the database behind Debian's pgbouncer."""
        owner = _owner(self.server)[0]
        directory = tempfile.mkdtemp(prefix="sluice-pooler-")
        shutil.chown(directory, owner)
        Path(directory).chmod(0o755)
        settings = Path(directory) / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\n* = host={self.server.socket_directory} port={self.server.port} user={self.server.user}\n"
            f"[pgbouncer]\nlisten_addr =\nunix_socket_dir = {directory}\nlisten_port = 6432\nauth_type = any\n"
            f"pool_mode = {mode}\nlogfile = {directory}/log\n" + "\n".join(settings_lines) + "\n"
        )
        identity = {"user": owner} if os.geteuid() == 0 else {}
        program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/sbin:/bin")
        process = subprocess.Popen([program, "-q", str(settings)], stderr=subprocess.DEVNULL, **identity)
        try:
            wait_until(lambda: _accepts(Path(directory) / ".s.PGSQL.6432"), "pgbouncer takes connections")
            yield f"postgresql://{self.server.user}@/{self.database}?host={directory}&port=6432"
        finally:
            process.terminate()
            process.wait()
            shutil.rmtree(directory)

    def test_a_pool_in_session_mode_works(self):
        with self.pgbouncer("session") as url:
            run = self.project.run(url, "upgrade")
            self.assertEqual(run.wait(), 0, run)

    def test_a_pool_in_transaction_mode_is_refused_before_anything_is_made(self):
        with self.pgbouncer("transaction") as url:
            self.assert_refused(url)

    def test_a_pool_in_transaction_mode_with_several_idle_server_processes_is_refused(self):
        """The one that waits longest comes next (server_round_robin), or the one that came back last."""
        for round_robin in (0, 1):
            for processes in (2, 3, 4, 5):
                with self.pgbouncer(
                    "transaction", f"server_round_robin = {round_robin}", f"default_pool_size = {processes}"
                ) as url, self.idle_processes(url, processes):
                    self.assert_refused(url)

    def test_doctor_tells_of_a_pool_in_transaction_mode(self):
        for processes in (1, 3):
            with self.pgbouncer("transaction", "server_round_robin = 1") as url, self.idle_processes(url, processes):
                run = self.project.run(url, "doctor")
                self.assertEqual(run.wait(), 1, run)
                self.assertIn("transaction mode", run.stdout)
        with self.pgbouncer("session") as url:
            run = self.project.run(url, "doctor")
            self.assertEqual(run.wait(), 0, run)
            self.assertNotIn("transaction mode", run.stdout)

    def test_who_only_looks_leaves_nothing_behind_in_a_pool(self):
        self.assertEqual(self.project.run(socket_url(self.server, self.database), "upgrade").wait(), 0)
        self.server.psql("postgres", f"ALTER DATABASE {self.database} SET idle_in_transaction_session_timeout = '3h'")
        with self.pgbouncer("transaction", "default_pool_size = 1") as url:
            for command, code in (("current", 0), ("status", 0), ("history", 0), ("downgrade", 1)):
                run = self.project.run(url, command)
                self.assertEqual(run.wait(), code, run)
            with PooledSession(url, self.server, self.database) as other:
                self.assertEqual(other.value("SHOW idle_in_transaction_session_timeout"), "3h")
                self.assertEqual(other.value("SHOW search_path"), '"$user", public')
                self.assertEqual(other.value("SHOW lock_timeout"), "0")
                self.assertEqual(other.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0")

    @contextlib.contextmanager
    def idle_processes(self, url, count):
        """Makes the pool open that many server processes, which are idle then."""
        with contextlib.ExitStack() as stack:
            sessions = [stack.enter_context(PooledSession(url, self.server, self.database)) for _ in range(count)]
            for session in sessions:
                session.run("BEGIN; SELECT 1")
            pids = {session.value("SELECT pg_backend_pid()") for session in sessions}
            self.assertEqual(len(pids), count)
            for session in sessions:
                session.run("COMMIT")
            yield

    def assert_refused(self, url):
        run = self.project.run(url, "upgrade")
        self.assertEqual(run.wait(), 1, run)
        self.assertIn("transaction mode", run.stderr)
        self.assertIn("session mode", run.stderr)
        made = "SELECT count(*) FROM pg_class WHERE relname IN ('t', 'alembic_version', 'run')"
        self.assertEqual(self.server.psql(self.database, made), ["0"])
