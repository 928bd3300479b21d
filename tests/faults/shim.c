/* Stands between a program and its disk (LD_PRELOAD, Linux): counts the write calls below one folder, refuses them
   from the n-th on as a full disk does, and keeps a log of every write, truncation, sync, removal and renaming. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folder[1024];
static char roomy[64];
static long calls, fail_from;
static int log_fd = -1;

/* Watch `folder_`; from write call `fail_from_` on (0: never) refuse what is written, but for what overwrites its own
   room in the file named `roomy_`; log to `log` unless it is empty. */
void shim_arm(const char *folder_, long fail_from_, const char *roomy_, const char *log) {
    pthread_mutex_lock(&lock);
    snprintf(folder, sizeof folder, "%s/", folder_);
    snprintf(roomy, sizeof roomy, "%s", roomy_);
    calls = 0;
    fail_from = fail_from_;
    if (log_fd >= 0) syscall(SYS_close, log_fd);
    log_fd = *log ? (int)syscall(SYS_openat, AT_FDCWD, log, O_CREAT | O_WRONLY | O_TRUNC, 0600) : -1;
    pthread_mutex_unlock(&lock);
}

/* The write calls so far; nothing is watched any more. */
long shim_disarm(void) {
    pthread_mutex_lock(&lock);
    folder[0] = 0;
    if (log_fd >= 0) syscall(SYS_close, log_fd);
    log_fd = -1;
    long seen = calls;
    pthread_mutex_unlock(&lock);
    return seen;
}

/* The name below the folder that a descriptor is open on; NULL for any other. */
static const char *watched(int fd, char *path, size_t size) {
    char link[64];
    if (!folder[0]) return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length < 0) return NULL;
    path[length] = 0;
    size_t prefix = strlen(folder);
    return strncmp(path, folder, prefix) ? NULL : path + prefix;
}

static void note(char op, const char *name, int64_t offset, const void *data, uint32_t size) {
    if (log_fd < 0) return;
    uint32_t length = (uint32_t)strlen(name);
    char head[17];
    head[0] = op;
    memcpy(head + 1, &length, 4);
    memcpy(head + 5, &offset, 8);
    memcpy(head + 13, &size, 4);
    syscall(SYS_write, log_fd, head, sizeof head);
    syscall(SYS_write, log_fd, name, length);
    if (data) syscall(SYS_write, log_fd, data, size);
}

static int is_refused(int fd, const char *name, int64_t offset, size_t size) {
    calls++;
    if (!fail_from || calls < fail_from) return 0;
    struct stat now;
    if (!strcmp(name, roomy) && !fstat(fd, &now) && offset + (int64_t)size <= now.st_size) return 0;
    errno = ENOSPC;
    return 1;
}

static ssize_t written_at(int fd, const void *data, size_t size, int64_t offset) {
    char path[2048];
    pthread_mutex_lock(&lock);
    const char *name = watched(fd, path, sizeof path);
    ssize_t done = -1;
    if (!name || !is_refused(fd, name, offset, size)) {
        done = syscall(SYS_pwrite64, fd, data, size, offset);
        if (name && done > 0) note('W', name, offset, data, (uint32_t)done);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return written_at(fd, data, size, offset); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) { return written_at(fd, data, size, offset); }

ssize_t write(int fd, const void *data, size_t size) {
    char path[2048];
    pthread_mutex_lock(&lock);
    const char *name = watched(fd, path, sizeof path);
    int64_t offset = 0;
    ssize_t done = -1;
    if (name) {
        struct stat now;
        int appends = (int)syscall(SYS_fcntl, fd, F_GETFL) & O_APPEND;
        offset = appends && !fstat(fd, &now) ? now.st_size : syscall(SYS_lseek, fd, 0, SEEK_CUR);
    }
    if (!name || !is_refused(fd, name, offset, size)) {
        done = syscall(SYS_write, fd, data, size);
        if (name && done > 0) note('W', name, offset, data, (uint32_t)done);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

static int truncated(int fd, int64_t size) {
    char path[2048];
    pthread_mutex_lock(&lock);
    const char *name = watched(fd, path, sizeof path);
    int failed = (int)syscall(SYS_ftruncate, fd, size);
    if (name && !failed) note('T', name, size, NULL, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}

int ftruncate(int fd, off_t size) { return truncated(fd, size); }
int ftruncate64(int fd, off64_t size) { return truncated(fd, size); }

static int synced(int fd, long call) {
    char path[2048];
    pthread_mutex_lock(&lock);
    const char *name = watched(fd, path, sizeof path);
    int failed = (int)syscall(call, fd);
    if (name && !failed) note('S', name, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}

int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

int unlink(const char *path) {
    pthread_mutex_lock(&lock);
    int failed = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (!failed && folder[0] && !strncmp(path, folder, strlen(folder))) note('U', path + strlen(folder), 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}

int rename(const char *from, const char *to) {
    pthread_mutex_lock(&lock);
    int failed = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    size_t prefix = strlen(folder);
    if (!failed && prefix && !strncmp(from, folder, prefix) && !strncmp(to, folder, prefix))
        note('R', from + prefix, 0, to + prefix, (uint32_t)strlen(to + prefix));
    pthread_mutex_unlock(&lock);
    return failed;
}
