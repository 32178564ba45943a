// The first process of every pod: holds its namespaces, and takes in the processes that lost their parent.
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void Leave(int number) {
  (void)number;
  _exit(0);
}

static void TakeIn(int number) {
  (void)number;
  while (waitpid(-1, NULL, WNOHANG) > 0) {
  }
}

int main(void) {
  signal(SIGCHLD, TakeIn);
  signal(SIGINT, Leave);
  signal(SIGTERM, Leave);
  for (;;) pause();
}
