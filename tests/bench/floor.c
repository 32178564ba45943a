/* What every tool has to do before it can find that there is nothing to do: connect, and ask for the version rows. */
#include <libpq-fe.h>
#include <stdio.h>

int main(int argc, char **argv) {
  PGconn *connection = PQconnectdb(argc > 1 ? argv[1] : "");
  if (PQstatus(connection) != CONNECTION_OK) {
    fprintf(stderr, "%s", PQerrorMessage(connection));
    return 1;
  }
  PGresult *result = PQexec(connection, "SELECT version_num FROM alembic_version");
  if (PQresultStatus(result) != PGRES_TUPLES_OK) {
    fprintf(stderr, "%s", PQerrorMessage(connection));
    return 1;
  }
  printf("%s\n", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
  PQclear(result);
  PQfinish(connection);
  return 0;
}
