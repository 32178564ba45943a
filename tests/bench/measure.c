/* measure RESULT COMMAND …: runs a command once and writes to RESULT its wall time and its processor time (with that of
 * the processes it waited for) in nanoseconds, its largest resident size in KiB, and its exit code. In C, because a
 * child's largest resident size begins with that of the program that forked it. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long nanoseconds(struct timeval time) { return time.tv_sec * 1000000000LL + time.tv_usec * 1000LL; }

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  const long long start = now();
  const pid_t child = fork();
  if (child == 0) {
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    _exit(127);
  }
  int status = 0;
  struct rusage usage;
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return 2;
  const long long taken = now() - start;
  FILE *result = fopen(argv[1], "w");
  if (result == NULL) return 2;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  const long long worked = nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime);
  fprintf(result, "%lld %lld %ld %d\n", taken, worked, usage.ru_maxrss, code);
  return fclose(result) == 0 ? 0 : 2;
}
