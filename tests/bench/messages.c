/* messages FILE CONNINFO: what PostgreSQL itself needs for a file of SQL when it is not sent statement by statement. A
 * message ends behind a line `COMMIT;`, and behind the line that fills a mebibyte; each line of the file ends a
 * statement. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t kFull = 1 << 20;

static int send_message(PGconn *connection, const char *message) {
  PGresult *result;
  int ok = PQsendQuery(connection, message) == 1 && PQsetSingleRowMode(connection) == 1;
  while ((result = PQgetResult(connection)) != NULL) {
    ok = ok && PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
  }
  if (!ok) fprintf(stderr, "%s", PQerrorMessage(connection));
  return ok;
}

int main(int argc, char **argv) {
  FILE *file = argc == 3 ? fopen(argv[1], "r") : NULL;
  PGconn *connection = PQconnectdb(argc == 3 ? argv[2] : "");
  char *message = malloc(2 * kFull);
  size_t length = 0;
  if (file == NULL || message == NULL || PQstatus(connection) != CONNECTION_OK) {
    fprintf(stderr, "messages FILE CONNINFO\n%s", PQerrorMessage(connection));
    return 1;
  }
  while (fgets(message + length, (int)kFull, file) != NULL) {
    const char *line = message + length;
    length += strlen(line);
    if (length < kFull && strcmp(line, "COMMIT;\n") != 0) continue;
    if (!send_message(connection, message)) return 1;
    length = 0;
  }
  if (length > 0 && !send_message(connection, message)) return 1;
  PQfinish(connection);
  return 0;
}
