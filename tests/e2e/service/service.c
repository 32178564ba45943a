/* A service that lives on a database: every request runs the statement in SERVICE_QUERY and answers with its first value,
 * or with 500 and a line in the log. /alive answers without the database. The version is SERVICE_VERSION.
 *
 * SIGTERM ends it two seconds later, when nobody is sent to it any more; or never, when SERVICE_IGNORES_SIGTERM is set. */
#include <arpa/inet.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 8080, LINE = 4096, SECONDS_TO_THE_END = 2 };

static void Leave(int number) {
  if (number == SIGALRM) _exit(0);
  alarm(SECONDS_TO_THE_END);
}

static const char *Setting(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

/* The first value of the query into `answer`; 1 when it worked. The connection is made when there is none. */
static int Ask(PGconn **connection, char *answer) {
  if (*connection && PQstatus(*connection) != CONNECTION_OK) {
    PQfinish(*connection);
    *connection = NULL;
  }
  if (!*connection) *connection = PQconnectdb(Setting("DATABASE_URL"));
  PGresult *result = PQexec(*connection, Setting("SERVICE_QUERY"));
  int works = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0;
  snprintf(answer, LINE, "%s", works ? PQgetvalue(result, 0, 0) : PQerrorMessage(*connection));
  PQclear(result);
  return works;
}

static void Serve(int client, PGconn **connection) {
  char request[LINE] = "";
  char value[LINE] = "";
  char answer[2 * LINE];
  if (read(client, request, sizeof request - 1) <= 0) return;
  int works = strncmp(request, "GET /alive", 10) == 0 || Ask(connection, value);
  if (!works) fprintf(stderr, "failed: %s\n", value);
  snprintf(answer, sizeof answer, "HTTP/1.0 %s\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n%s %s\n",
           works ? "200 OK" : "500 Internal Server Error", Setting("SERVICE_VERSION"), value);
  for (size_t sent = 0; sent < strlen(answer);) {
    ssize_t count = write(client, answer + sent, strlen(answer) - sent);
    if (count <= 0) return;
    sent += (size_t)count;
  }
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGALRM, Leave);
  signal(SIGTERM, *Setting("SERVICE_IGNORES_SIGTERM") ? SIG_IGN : Leave);
  int server = socket(AF_INET, SOCK_STREAM, 0);
  int on = 1;
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr = {htonl(INADDR_ANY)}};
  if (bind(server, (struct sockaddr *)&address, sizeof address) || listen(server, 64)) {
    perror("service");
    return 1;
  }
  PGconn *connection = NULL;
  for (;;) {
    int client = accept(server, NULL, NULL);
    if (client < 0) continue;
    Serve(client, &connection);
    close(client);
  }
}
