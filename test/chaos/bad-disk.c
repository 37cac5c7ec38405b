/*
 * A disk that fails on demand. Preloaded into the daemon: while the file that CHAOS_DISK names holds a number, each write
 * to a database file whose path has CHAOS_DISK_OF in it (default: every one) fails with that errno (5: EIO, 28: ENOSPC).
 * Reads go on, as they do on a full disk.
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

static int fault_of(int fd) {
  const char *name = getenv("CHAOS_DISK");
  if (!name) return 0;
  int file = (int)syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0) return 0;
  char text[8] = {0};
  ssize_t got = read(file, text, sizeof text - 1);
  close(file);
  if (got <= 0) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  const char *of = getenv("CHAOS_DISK_OF");
  return strstr(path, of ? of : ".sqlite") ? atoi(text) : 0;
}

#define FAILS(fd) { int fault = fault_of(fd); if (fault) { errno = fault; return -1; } }
#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { FAILS(fd) REAL(pwrite64); return real(fd, bytes, count, at); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { FAILS(fd) REAL(pwrite); return real(fd, bytes, count, at); }
int fsync(int fd) { FAILS(fd) REAL(fsync); return real(fd); }
int fdatasync(int fd) { FAILS(fd) REAL(fdatasync); return real(fd); }
