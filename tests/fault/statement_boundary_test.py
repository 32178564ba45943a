"""Whatever strikes at whatever boundary between two messages: a second run brings the database to the same end."""

from postgres import PostgresServer
from project import Project
from strikes import StrikeCase

TABLES = """\
-- sluice:upgrade
CREATE TABLE journal (what text NOT NULL);
CREATE TABLE tenant (id int PRIMARY KEY, name text);
INSERT INTO journal VALUES ('a1 up');
-- sluice:downgrade
DROP TABLE tenant;
DROP TABLE journal;
"""

MIXED = """\
-- sluice:check message="there are tenants without a name"
SELECT id FROM tenant WHERE name IS NULL;
-- sluice:upgrade
ALTER TABLE tenant ADD COLUMN webhook text;
INSERT INTO journal VALUES ('b2 up 1');
-- sluice:upgrade transaction=off
INSERT INTO journal VALUES ('b2 up 2.1');
CREATE INDEX CONCURRENTLY tenant_webhook_idx ON tenant (webhook);
CREATE INDEX CONCURRENTLY ON tenant (name);
BEGIN;
INSERT INTO journal VALUES ('b2 up 2.4');
COMMIT;
INSERT INTO journal VALUES ('b2 up 2.5');
-- sluice:upgrade
INSERT INTO journal VALUES ('b2 up 3');
-- sluice:verify
SELECT count(*) = 6 FROM journal;
-- sluice:downgrade
INSERT INTO journal VALUES ('b2 down 1');
-- sluice:downgrade transaction=off
INSERT INTO journal VALUES ('b2 down 2.1');
BEGIN;
INSERT INTO journal VALUES ('b2 down 2.2');
COMMIT;
DROP INDEX CONCURRENTLY tenant_name_idx;
DROP INDEX CONCURRENTLY tenant_webhook_idx;
INSERT INTO journal VALUES ('b2 down 2.5');
-- sluice:downgrade
ALTER TABLE tenant DROP COLUMN webhook;
INSERT INTO journal VALUES ('b2 down 3');
"""

LAST = """\
-- sluice:upgrade
CREATE TABLE invoice (id int PRIMARY KEY);
INSERT INTO journal VALUES ('c3 up');
-- sluice:downgrade
DROP TABLE invoice;
INSERT INTO journal VALUES ('c3 down');
"""


class StatementBoundaryTest(StrikeCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(PostgresServer())
        cls.project = cls.enterClassContext(Project())
        cls.project.add("a1", TABLES)
        cls.project.add("b2", MIXED)
        cls.project.add("c3", LAST)
        cls.server.create_database("empty")
        cls.server.create_database("at_head")
        cls.run_undisturbed("at_head", "upgrade")
        cls.server.psql("postgres", "CREATE DATABASE at_a1 TEMPLATE at_head")
        cls.run_undisturbed("at_a1", "downgrade", "a1")

    def test_killed_upgrades_converge(self):
        self.strike_everywhere(self.kill, "empty", "at_head", "upgrade")

    def test_killed_downgrades_converge(self):
        self.strike_everywhere(self.kill, "at_head", "at_a1", "downgrade", "a1")

    def test_upgrades_go_on_when_their_server_process_is_terminated(self):
        self.strike_everywhere(self.terminate, "empty", "at_head", "upgrade")

    def test_downgrades_go_on_when_their_server_process_is_terminated(self):
        self.strike_everywhere(self.terminate, "at_head", "at_a1", "downgrade", "a1")

    def test_upgrades_go_on_when_the_server_restarts(self):
        self.strike_everywhere(self.restart, "empty", "at_head", "upgrade")

    def test_downgrades_go_on_when_the_server_restarts(self):
        self.strike_everywhere(self.restart, "at_head", "at_a1", "downgrade", "a1")
