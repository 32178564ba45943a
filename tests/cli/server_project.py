"""A project whose environment names a database of its own, on one server for all tests of a class."""

from postgres import PostgresServer
from sluice_project import ProjectTest


class ServerProjectTest(ProjectTest):
    @classmethod
    def setUpClass(cls):
        cls.server = PostgresServer()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        super().setUp()
        self.database = self.new_database()
        self.environment["DATABASE_URL"] = self.server.url(self.database)

    def new_database(self):
        """The name of an empty database, dropped at the end of the test."""
        database = self.server.create_database()
        self.addCleanup(self.server.drop_database, database)
        return database
