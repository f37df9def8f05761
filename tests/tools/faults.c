/* Stands between a process and the system: makes the n-th call that changes a file below some folders fail, end the
   process, or only be written down. It sees Python, DuckDB, SQLite and polars alike. Compiled and steered by faults.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* ONCE: the n-th call fails. FROM_THEN: so do all later ones that need room. KILL: the process ends there.
   RECORD: every call is written down with its content. COUNT: with its name alone. */
enum { COUNT, ONCE, FROM_THEN, KILL, RECORD };
static char roots[4][PATH_MAX];
static int root_count, mode, error_number, log_handle = -1, armed;
static long at, seen;
static pthread_mutex_t turn = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

#define REAL(name) ({ static __typeof__(&name) f; if (!f) f = (__typeof__(&name))dlsym(RTLD_NEXT, #name); f; })

void faults_arm(const char *folders, long n, int error, int what, const char *log)
{
    root_count = 0;
    for (const char *from = folders; *from && root_count < 4; root_count++) {
        const char *end = strchrnul(from, '\n');
        snprintf(roots[root_count], PATH_MAX, "%.*s", (int)(end - from), from);
        from = *end ? end + 1 : end;
    }
    log_handle = *log ? REAL(open)(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    at = n, seen = 0, error_number = error, mode = what, armed = 1;
}

long faults_disarm(void)
{
    armed = 0;
    return seen;
}

static int is_ours(const char *path)
{
    for (int i = 0; i < root_count; i++) {
        size_t length = strlen(roots[i]);
        if (!strncmp(path, roots[i], length) && (path[length] == '/' || !path[length]))
            return 1;
    }
    return 0;
}

static void of_handle(int handle, char *path)
{
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", handle);
    ssize_t length = readlink(name, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
}

static void whole(int folder, const char *given, char *path)
{
    if (given[0] == '/') {
        snprintf(path, PATH_MAX, "%s", given);
        return;
    }
    char start[PATH_MAX] = "";
    if (folder != AT_FDCWD)
        of_handle(folder, start);
    else if (!getcwd(start, sizeof start))
        start[0] = 0;
    if ((size_t)snprintf(path, PATH_MAX, "%s/%s", start, given) >= PATH_MAX)
        path[0] = 0;
}

static void note(const char *what, const char *path, const char *other, long offset, long length, const void *data)
{
    char line[3 * PATH_MAX];
    if (log_handle < 0)
        return;
    long size = mode == RECORD && data ? length : 0;
    int n = snprintf(line, sizeof line, "%s\t%s\t%s\t%ld\t%ld\n", what, path, other, offset, mode == RECORD ? length : 0);
    if (REAL(write)(log_handle, line, n) != n)
        _exit(97);
    for (long done = 0; done < size;) {
        ssize_t part = REAL(write)(log_handle, (const char *)data + done, size - done);
        if (part <= 0)
            _exit(97);
        done += part;
    }
}

/* Whether the call may go on. A write that is the n-th is cut to a half first, as on a disk that is full. */
static int may(const char *what, const char *path, const char *other, int needs_room, long *size)
{
    if (!armed || !(is_ours(path) || (*other && is_ours(other))))
        return 1;
    int is_due, goes_on = 1;
    pthread_mutex_lock(&turn);
    seen++;
    is_due = at && seen == at;
    if (mode != RECORD)
        note(what, path, other, 0, 0, NULL);
    if (at && mode == KILL && is_due && !(size && *size > 1))
        kill(getpid(), SIGKILL);
    if (at && is_due && size && *size > 1 && mode != ONCE)
        *size /= 2;
    else if (at && (is_due ? mode == ONCE || mode == FROM_THEN : mode == FROM_THEN && seen > at && needs_room))
        goes_on = 0;
    if (at && mode == KILL && seen > at)
        kill(getpid(), SIGKILL);
    pthread_mutex_unlock(&turn);
    if (!goes_on)
        errno = error_number;
    return goes_on;
}

#define RECORDED(...) do { if (armed && mode == RECORD) { note(__VA_ARGS__); } } while (0)
#define BEGIN pthread_mutex_lock(&turn)
#define END pthread_mutex_unlock(&turn)

static int opened(int folder, const char *given, int flags, mode_t rights,
                  int (*real)(int, const char *, int, mode_t))
{
    char path[PATH_MAX];
    struct stat held;
    if (!armed || (flags & O_ACCMODE) == O_RDONLY)
        return real(folder, given, flags, rights);
    whole(folder, given, path);
    if (!may("open", path, "", flags & O_CREAT, NULL))
        return -1;
    BEGIN;
    int was = fstatat(folder, given, &held, 0) == 0;
    int handle = real(folder, given, flags, rights);
    if (handle >= 0 && is_ours(path) && (!was || flags & O_TRUNC))
        RECORDED(was ? "truncate" : "create", path, "", 0, 0, NULL);
    END;
    return handle;
}

static int real_openat(int folder, const char *path, int flags, mode_t rights)
{
    return REAL(openat)(folder, path, flags, rights);
}

#define RIGHTS mode_t rights = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); \
    rights = va_arg(more, mode_t); va_end(more); }
int open(const char *path, int flags, ...) { RIGHTS return opened(AT_FDCWD, path, flags, rights, real_openat); }
int open64(const char *path, int flags, ...) { RIGHTS return opened(AT_FDCWD, path, flags, rights, real_openat); }
int openat(int f, const char *path, int flags, ...) { RIGHTS return opened(f, path, flags, rights, real_openat); }
int openat64(int f, const char *path, int flags, ...) { RIGHTS return opened(f, path, flags, rights, real_openat); }
int creat(const char *path, mode_t rights)
{
    return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, rights, real_openat);
}

static long place_of(int handle, long offset)
{
    struct stat held;
    if (offset >= 0)
        return offset;
    if (fcntl(handle, F_GETFL) & O_APPEND)
        return fstat(handle, &held) ? 0 : held.st_size;
    return lseek(handle, 0, SEEK_CUR);
}

static ssize_t written(int handle, const void *data, size_t size, off_t offset)
{
    char path[PATH_MAX];
    long cut = size;
    if (!armed)
        return offset < 0 ? REAL(write)(handle, data, size) : REAL(pwrite)(handle, data, size, offset);
    of_handle(handle, path);
    if (!may("write", path, "", 1, &cut))
        return -1;
    BEGIN;
    long place = armed && mode == RECORD && is_ours(path) ? place_of(handle, offset) : 0;
    ssize_t done = offset < 0 ? REAL(write)(handle, data, cut) : REAL(pwrite)(handle, data, cut, offset);
    if (done > 0 && is_ours(path))
        RECORDED("write", path, "", place, done, data);
    END;
    return done;
}

ssize_t write(int handle, const void *data, size_t size) { return written(handle, data, size, -1); }
ssize_t pwrite(int handle, const void *data, size_t size, off_t offset) { return written(handle, data, size, offset); }
ssize_t pwrite64(int handle, const void *data, size_t size, off_t at_) { return written(handle, data, size, at_); }

ssize_t writev(int handle, const struct iovec *parts, int count)
{
    ssize_t done = 0;
    if (!armed)
        return REAL(writev)(handle, parts, count);
    for (int i = 0; i < count; i++) {
        ssize_t part = parts[i].iov_len ? written(handle, parts[i].iov_base, parts[i].iov_len, -1) : 0;
        if (part < 0)
            return done ? done : -1;
        done += part;
        if ((size_t)part < parts[i].iov_len)
            break;
    }
    return done;
}

/* copies between handles are made with write, so that they can be cut short */
ssize_t sendfile(int to, int from, off_t *offset, size_t size)
{
    char path[PATH_MAX], data[65536];
    of_handle(to, path);
    if (!armed || !is_ours(path))
        return REAL(sendfile)(to, from, offset, size);
    if (size > sizeof data)
        size = sizeof data;
    ssize_t got = offset ? pread(from, data, size, *offset) : read(from, data, size);
    if (got <= 0)
        return got;
    ssize_t done = written(to, data, got, -1);
    if (done > 0 && offset)
        *offset += done;
    else if (done < got)
        lseek(from, (done < 0 ? 0 : done) - got, SEEK_CUR);
    return done;
}
ssize_t sendfile64(int to, int from, off64_t *offset, size_t size) { return sendfile(to, from, (off_t *)offset, size); }

ssize_t copy_file_range(int from, off64_t *in, int to, off64_t *out, size_t size, unsigned flags)
{
    char path[PATH_MAX];
    of_handle(to, path);
    if (!armed || !is_ours(path))
        return REAL(copy_file_range)(from, in, to, out, size, flags);
    errno = ENOSYS; /* its users then copy otherwise */
    return -1;
}

static int synced(int handle, int (*real)(int))
{
    char path[PATH_MAX];
    if (!armed)
        return real(handle);
    of_handle(handle, path);
    if (!may("fsync", path, "", 1, NULL))
        return -1;
    BEGIN;
    int done = mode == RECORD || is_ours(path) ? 0 : real(handle); /* the machine that runs the tests stays up */
    if (is_ours(path))
        RECORDED("fsync", path, "", 0, 0, NULL);
    END;
    return done;
}
static int real_fsync(int handle) { return REAL(fsync)(handle); }
int fsync(int handle) { return synced(handle, real_fsync); }
int fdatasync(int handle) { return synced(handle, real_fsync); }

static int cut(int handle, off_t size)
{
    char path[PATH_MAX];
    if (!armed)
        return REAL(ftruncate)(handle, size);
    of_handle(handle, path);
    if (!may("ftruncate", path, "", 0, NULL))
        return -1;
    BEGIN;
    int done = REAL(ftruncate)(handle, size);
    if (!done && is_ours(path))
        RECORDED("ftruncate", path, "", size, 0, NULL);
    END;
    return done;
}
int ftruncate(int handle, off_t size) { return cut(handle, size); }
int ftruncate64(int handle, off64_t size) { return cut(handle, size); }

#define TWO_NAMES(what, from_folder, from, to_folder, to, call) \
    char first[PATH_MAX], second[PATH_MAX]; \
    if (!armed) return call; \
    whole(from_folder, from, first); whole(to_folder, to, second); \
    if (!may(what, first, second, 1, NULL)) return -1; \
    BEGIN; int done = call; \
    if (!done && (is_ours(first) || is_ours(second))) RECORDED(what, first, second, 0, 0, NULL); \
    END; return done;
int rename(const char *a, const char *b) { TWO_NAMES("rename", AT_FDCWD, a, AT_FDCWD, b, REAL(rename)(a, b)) }
int renameat(int f, const char *a, int g, const char *b) { TWO_NAMES("rename", f, a, g, b, REAL(renameat)(f, a, g, b)) }
int link(const char *a, const char *b) { TWO_NAMES("link", AT_FDCWD, a, AT_FDCWD, b, REAL(link)(a, b)) }
int linkat(int f, const char *a, int g, const char *b, int flags)
{
    TWO_NAMES("link", f, a, g, b, REAL(linkat)(f, a, g, b, flags))
}

#define ONE_NAME(what, folder, name, other, needs_room, call) \
    char path[PATH_MAX]; \
    if (!armed) return call; \
    whole(folder, name, path); \
    if (!may(what, path, "", needs_room, NULL)) return -1; \
    BEGIN; int done = call; \
    if (!done && is_ours(path)) RECORDED(what, path, other, 0, 0, NULL); \
    END; return done;
int symlink(const char *to, const char *name) { ONE_NAME("symlink", AT_FDCWD, name, to, 1, REAL(symlink)(to, name)) }
int symlinkat(const char *to, int f, const char *name) { ONE_NAME("symlink", f, name, to, 1, REAL(symlinkat)(to, f, name)) }
int unlink(const char *name) { ONE_NAME("unlink", AT_FDCWD, name, "", 0, REAL(unlink)(name)) }
int rmdir(const char *name) { ONE_NAME("rmdir", AT_FDCWD, name, "", 0, REAL(rmdir)(name)) }
int unlinkat(int f, const char *name, int flags)
{
    const char *what = flags & AT_REMOVEDIR ? "rmdir" : "unlink";
    ONE_NAME(what, f, name, "", 0, REAL(unlinkat)(f, name, flags))
}
int mkdir(const char *name, mode_t rights) { ONE_NAME("mkdir", AT_FDCWD, name, "", 1, REAL(mkdir)(name, rights)) }
int mkdirat(int f, const char *name, mode_t rights) { ONE_NAME("mkdir", f, name, "", 1, REAL(mkdirat)(f, name, rights)) }
