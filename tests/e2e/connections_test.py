"""To the database by TLS with a private authority, with a client's certificate, with a password of every awkward
character, on PostgreSQL 15 and 18; and nothing secret is shown anywhere."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from chart_release import OLD_QUERY, TENANTS, ChartTest, reason_in
from cluster import credentials, node
from release import TABLES, NodeServer, ReleaseTest

FETCH = Path(__file__).resolve().parents[1] / "support/fetch_postgres.sh"
HOST = "db.shop.internal"
AWKWARD = "p@ss:w/o?r#d%20 &=\"'`$\\{}[]<>|;~^*!,é漢🔑"
ACCESS = f"""\
hostssl all by_certificate {node.PODS} cert
hostssl all all {node.PODS} scram-sha-256
"""


class TlsServer:
    """The server of a test class takes connections by TLS only."""

    version = "15"

    @classmethod
    def make_server(cls):
        found = subprocess.run([FETCH, cls.version], capture_output=True, text=True, check=True).stdout.strip()
        server = NodeServer(found, access="")
        data = Path(server.data_directory)
        cls.files = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        credentials.make_authority(cls.files)
        credentials.sign(cls.files, "server", f"/CN={HOST}", "serverAuth", f"DNS:{HOST},IP:{node.ADDRESS}")
        credentials.sign(cls.files, "client", "/CN=by_certificate", "clientAuth")
        owner = data.stat()
        for name in ("server.crt", "server.key", "ca.crt"):
            shutil.copy(cls.files / name, data / name)
            os.chown(data / name, owner.st_uid, owner.st_gid)
            (data / name).chmod(0o600)
        with open(data / "pg_hba.conf", "a", encoding="utf-8") as rules:
            rules.write(ACCESS)
        password = AWKWARD.replace("'", "''")
        server.psql("postgres", f"CREATE ROLE awkward LOGIN PASSWORD E'{password.replace(chr(92), chr(92) * 2)}'")
        server.psql("postgres", "CREATE ROLE by_certificate LOGIN")
        server.psql("postgres", "ALTER SYSTEM SET ssl = on")
        server.psql("postgres", "ALTER SYSTEM SET ssl_ca_file = 'ca.crt'")
        server.psql("postgres", "SELECT pg_reload_conf()")
        return server

    def allow(self, *roles):
        for role in roles:
            self.server.psql(self.name, f"GRANT CREATE ON DATABASE {self.name} TO {role}; GRANT ALL ON SCHEMA public TO {role}")

    def add_authority(self):
        self.secret("authority", **{"ca.crt": (self.files / "ca.crt").read_text()})

    def add_stranger(self):
        """An authority that did not sign the server."""
        other = self.files / "other"
        other.mkdir(exist_ok=True)
        credentials.make_authority(other, subject="/CN=another")
        self.secret("stranger", **{"ca.crt": (other / "ca.crt").read_text()})

    def add_client(self):
        names = {"ca.crt": "ca.crt", "tls.crt": "client.crt", "tls.key": "client.key"}
        self.secret("client", **{name: (self.files / file).read_text() for name, file in names.items()})

    def migrated_by(self):
        return self.server.psql(self.name, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")


class ConnectionsTest(TlsServer, ReleaseTest):
    def setUp(self):
        super().setUp()
        self.allow("awkward", "by_certificate")
        self.add_authority()

    def run_job(self, name, variables, secret="authority", condition="Complete"):
        files = {"name": "tls", "secret": {"secretName": secret, "defaultMode": 0o440}}
        container = self.migration(
            self.migrator(TABLES), env=variables, volumeMounts=[{"name": "tls", "mountPath": "/tls", "readOnly": True}]
        )  # fmt: skip
        # libpq takes a key of root's that only the group may read; the group is the pod's.
        security = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}, "fsGroup": 65532}
        alias = {"ip": node.ADDRESS, "hostnames": [HOST]}
        self.apply(
            self.job(name, container, retries=0, volumes=[files], securityContext=security, hostAliases=[alias])
        )  # fmt: skip
        self.wait_for_job(name, condition)

    def settings(self, **more):
        values = {"DB_HOST": HOST, "DB_PORT": str(self.server.port), "POSTGRES_DB": self.name, **more}
        values = {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/tls/ca.crt", **values}
        return [{"name": name, "value": value} for name, value in values.items()]

    def test_a_password_with_every_awkward_character(self):
        self.secret("login", password=AWKWARD)
        password = {"name": "POSTGRES_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "login", "key": "password"}}}
        self.run_job("migrate", [*self.settings(POSTGRES_USER="awkward"), password])
        self.assertEqual(self.migrated_by(), ["awkward"])
        self.assert_nowhere(AWKWARD)

    def test_a_wrong_password_is_not_shown_either(self):
        self.secret("login", password=AWKWARD + "x")
        password = {"name": "POSTGRES_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "login", "key": "password"}}}
        self.run_job("migrate", [*self.settings(POSTGRES_USER="awkward"), password], condition="Failed")
        self.assertIn("POSTGRES_PASSWORD", self.log_of("job/migrate"))
        self.assert_nowhere(AWKWARD)

    def test_a_certificate_of_the_client(self):
        self.add_client()
        files = {"PGSSLCERT": "/tls/tls.crt", "PGSSLKEY": "/tls/tls.key"}
        self.run_job("migrate", self.settings(POSTGRES_USER="by_certificate", **files), secret="client")
        self.assertEqual(self.migrated_by(), ["by_certificate"])

    def test_an_authority_that_did_not_sign_the_server(self):
        self.add_stranger()
        self.run_job("migrate", self.settings(POSTGRES_USER="by_certificate"), secret="stranger", condition="Failed")
        self.assertIn("certificate verify failed", self.log_of("job/migrate"))

    def assert_nowhere(self, secret):
        """What people and programs get to see holds neither the secret nor its parts."""
        seen = {
            "logs": self.log_of("job/migrate"),
            "events": self.kubectl("get", "events", "-o", "json"),
            "objects": self.kubectl("get", "jobs,pods", "-o", "json"),
            "processes": subprocess.run(["ps", "axww", "-o", "args"], capture_output=True, text=True, check=True).stdout,
        }  # fmt: skip
        for where, text in seen.items():
            for part in (secret, secret[:12], "漢🔑"):
                self.assertNotIn(part, text, where)


class ConnectionsToNewestTest(ConnectionsTest):
    version = "18"


class ChartConnectionsTest(TlsServer, ChartTest):
    """The same by the chart's values: the Job of the hook and the containers that wait."""

    version = "18"

    def test_a_private_authority_and_a_certificate_of_the_client(self):
        self.allow("by_certificate")
        self.add_client()
        self.add_stranger()
        self.publish("1", TENANTS)
        secret = {"name": "shop-db", "preset": "parts", "keys": {"user": "", "password": ""}}
        database = {"secret": secret, "user": "by_certificate", "tls": {"mode": "verify-full"}}
        database["tls"] |= {"clientCert": {"secret": "client"}, "rootCert": {"secret": "stranger"}}
        said = self.refused(tag="1", database=database)
        self.assertIn("certificate verify failed", "\n".join(reason_in(said)))
        database["tls"]["rootCert"]["secret"] = "client"
        self.release("1", OLD_QUERY, database=database)
        self.assertEqual(self.answer(), "1 0")
        self.assertEqual(self.migrated_by(), ["by_certificate"])
