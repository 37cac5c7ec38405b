/*
 * A disk that fails on demand. Preloaded into the daemon: while the file that CHAOS_DISK names holds a number, each write
 * to a database file whose path has CHAOS_DISK_OF in it (default: every one) fails with that errno (5: EIO, 28: ENOSPC).
 * Reads go on, as they do on a full disk. While it holds an s and a number, each sync of a database file takes so many
 * milliseconds more; of those of a write-ahead log the file that CHAOS_SYNCS names gets a b as it begins and an e as it ends.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* What CHAOS_DISK says of this file, and its path. */
static int said_of(int fd, char text[8], char path[4096]) {
  const char *name = getenv("CHAOS_DISK");
  if (!name) return 0;
  int file = (int)syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0) return 0;
  memset(text, 0, 8);
  ssize_t got = read(file, text, 7);
  close(file);
  if (got <= 0) return 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, 4095);
  if (length <= 0) return 0;
  path[length] = 0;
  const char *of = getenv("CHAOS_DISK_OF");
  return strstr(path, of ? of : ".sqlite") != NULL;
}

static int fault_of(int fd) {
  char text[8], path[4096];
  return said_of(fd, text, path) ? atoi(text) : 0;
}

static void note(const char *what) {
  const char *name = getenv("CHAOS_SYNCS");
  int file = name ? open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
  if (file < 0) return;
  if (write(file, what, 1) < 0) errno = 0;
  close(file);
}

static int slowly(int fd, int (*real)(int)) {
  char text[8], path[4096];
  if (!said_of(fd, text, path) || text[0] != 's') return real(fd);
  int log = strstr(path, "-wal") != NULL;
  if (log) note("b");
  usleep((useconds_t)atoi(text + 1) * 1000);
  int done = real(fd);
  if (log) note("e");
  return done;
}

#define FAILS(fd) { int fault = fault_of(fd); if (fault) { errno = fault; return -1; } }
#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { FAILS(fd) REAL(pwrite64); return real(fd, bytes, count, at); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { FAILS(fd) REAL(pwrite); return real(fd, bytes, count, at); }
int fsync(int fd) { FAILS(fd) REAL(fsync); return slowly(fd, real); }
int fdatasync(int fd) { FAILS(fd) REAL(fdatasync); return slowly(fd, real); }
