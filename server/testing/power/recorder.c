/* Runs a program and notes, in their order, all changes that it makes below a folder, and all that it syncs there:
 *
 *     recorder JOURNAL FOLDER PROGRAM ARGUMENT…
 *
 * It is a tracer: the kernel stops the program at each system call that may change files (and at no other), so nothing
 * escapes it, by whatever library the call comes. One call is let through at a time, so their order is the one in which
 * they took effect. A note is
 *
 *     kind (1 byte) | number (8) | lengths of path, second path and data (4 each) | these three
 *
 * in the byte order of the machine. `src/power` reads it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/ptrace.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

long ptrace(int request, ...);
#ifndef PTRACE_TRACEME
#define PTRACE_TRACEME 0
#endif
#define CONT 7
#define SYSCALL 24
#define TRACE (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK \
    | PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL)

/* The system calls that may change files. Those that no part of Roost makes below its folder, and that are not
 * understood here, end the record: it would be wrong. */
static const int CALLS[] = {
#ifdef __NR_open
    __NR_open, __NR_creat, __NR_rename, __NR_link, __NR_unlink, __NR_rmdir, __NR_mkdir,
#endif
    __NR_openat, __NR_openat2, __NR_write, __NR_pwrite64, __NR_writev, __NR_pwritev, __NR_pwritev2, __NR_truncate,
    __NR_ftruncate, __NR_fallocate, __NR_renameat, __NR_renameat2, __NR_linkat, __NR_unlinkat, __NR_mkdirat, __NR_fsync,
    __NR_fdatasync, __NR_sync_file_range, __NR_copy_file_range, __NR_sendfile, __NR_splice, __NR_mmap,
};
#define COUNT (sizeof CALLS / sizeof *CALLS)

static FILE *journal;
static const char *folder;

struct call {
    pid_t task;
    uint64_t number, arg[6];
    int64_t result;
    char path[PATH_MAX], other[PATH_MAX];
    int is_new;
};

static void fail(const char *what) {
    fprintf(stderr, "recorder: %s: %s\n", what, strerror(errno));
    exit(125);
}

static int is_below(const char *path) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static void note(char kind, uint64_t number, const char *path, const char *other, const void *data, size_t length) {
    uint32_t lengths[3] = {strlen(path), strlen(other), length};
    fputc(kind, journal);
    fwrite(&number, sizeof number, 1, journal);
    fwrite(lengths, sizeof lengths, 1, journal);
    fwrite(path, 1, lengths[0], journal);
    fwrite(other, 1, lengths[1], journal);
    if (fwrite(data, 1, length, journal) != length) fail("the journal cannot be written");
}

static void copy(pid_t task, uint64_t from, void *to, size_t length) {
    struct iovec here = {to, length}, there = {(void *)from, length};
    if (length && process_vm_readv(task, &here, 1, &there, 1, 0) != (ssize_t)length) fail("memory cannot be read");
}

/* The path behind an open file; empty if it is not a file below the folder that has a name. */
static void of_descriptor(const struct call *call, int descriptor, char *path) {
    char link[64];
    snprintf(link, sizeof link, descriptor == AT_FDCWD ? "/proc/%d/cwd" : "/proc/%d/fd/%d", call->task, descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
    size_t end = strlen(path);
    if (!is_below(path) || (end > 10 && strcmp(path + end - 10, " (deleted)") == 0)) path[0] = 0;
}

/* The path of an argument, which may be relative to an open folder; empty if it is not below the folder. */
static void of_name(const struct call *call, int base, uint64_t address, char *path) {
    char name[PATH_MAX];
    size_t length = 0;
    for (; length < sizeof name; length++) {
        copy(call->task, address + length, name + length, 1);
        if (!name[length]) break;
    }
    if (length == sizeof name) fail("a path is too long");
    path[0] = 0;
    if (name[0] == '/') {
        if (is_below(name)) strcpy(path, name);
        return;
    }
    of_descriptor(call, base, path);
    if (path[0] && strlen(path) + length + 2 < PATH_MAX) strcat(strcat(path, "/"), name);
}

/* What was written: of one buffer or of several, as much as was taken. */
static void note_written(struct call *call, int is_vector, int64_t offset) {
    if (offset < 0) {
        char file[64];
        long long position;
        snprintf(file, sizeof file, "/proc/%d/fdinfo/%d", call->task, (int)call->arg[0]);
        FILE *info = fopen(file, "r");
        if (!info || fscanf(info, "pos: %lld", &position) != 1) fail("a position cannot be read");
        fclose(info);
        offset = position - call->result;
    }
    char *data = malloc(call->result + 1);
    size_t taken = 0, all = call->result;
    for (size_t part = 0; taken < all; part++) {
        struct iovec piece = {(void *)call->arg[1], all};
        if (is_vector) copy(call->task, call->arg[1] + part * sizeof piece, &piece, sizeof piece);
        size_t length = piece.iov_len < all - taken ? piece.iov_len : all - taken;
        copy(call->task, (uint64_t)piece.iov_base, data + taken, length);
        taken += length;
    }
    note('W', offset, call->path, "", data, all);
    free(data);
}

/* Before the call: which names it is about. Returns whether any is below the folder. */
static int look(struct call *call) {
    uint64_t *arg = call->arg;
    call->path[0] = call->other[0] = call->is_new = 0;
    switch (call->number) {
#ifdef __NR_open
    case __NR_open: case __NR_creat: case __NR_unlink: case __NR_rmdir: case __NR_mkdir:
        of_name(call, AT_FDCWD, arg[0], call->path);
        break;
    case __NR_rename: case __NR_link:
        of_name(call, AT_FDCWD, arg[0], call->path);
        of_name(call, AT_FDCWD, arg[1], call->other);
        break;
#endif
    case __NR_truncate:
        of_name(call, AT_FDCWD, arg[0], call->path);
        break;
    case __NR_openat: case __NR_openat2: case __NR_unlinkat: case __NR_mkdirat:
        of_name(call, arg[0], arg[1], call->path);
        break;
    case __NR_renameat: case __NR_renameat2: case __NR_linkat:
        of_name(call, arg[0], arg[1], call->path);
        of_name(call, arg[2], arg[3], call->other);
        break;
    case __NR_mmap:
        if ((arg[3] & MAP_SHARED) && (arg[2] & PROT_WRITE) && (int)arg[4] >= 0)
            of_descriptor(call, arg[4], call->path);
        break;
    case __NR_copy_file_range: case __NR_splice:
        of_descriptor(call, arg[2], call->path);
        break;
    default:
        of_descriptor(call, arg[0], call->path);
    }
    struct stat known;
    call->is_new = call->path[0] && lstat(call->path, &known) != 0;
    return call->path[0] || call->other[0];
}

static void note_open(const struct call *call, uint64_t flags) {
    if (flags & O_CREAT && call->is_new) note('C', 0, call->path, "", "", 0);
    else if (flags & O_TRUNC) note('T', 0, call->path, "", "", 0);
}

/* After a call that did something. */
static void tell(struct call *call) {
    uint64_t *arg = call->arg;
    switch (call->number) {
#ifdef __NR_open
    case __NR_open: note_open(call, arg[1]); break;
    case __NR_creat: note_open(call, O_CREAT | O_TRUNC); break;
    case __NR_rename: note('R', 0, call->path, call->other, "", 0); break;
    case __NR_link: note('L', 0, call->path, call->other, "", 0); break;
    case __NR_unlink: case __NR_rmdir: note('U', 0, call->path, "", "", 0); break;
    case __NR_mkdir: note('D', 0, call->path, "", "", 0); break;
#endif
    case __NR_openat: note_open(call, arg[2]); break;
    case __NR_write: note_written(call, 0, -1); break;
    case __NR_pwrite64: note_written(call, 0, arg[3]); break;
    case __NR_writev: note_written(call, 1, -1); break;
    case __NR_pwritev: case __NR_pwritev2: note_written(call, 1, arg[3]); break;
    case __NR_truncate: case __NR_ftruncate: note('T', arg[1], call->path, "", "", 0); break;
    case __NR_renameat: note('R', 0, call->path, call->other, "", 0); break;
    case __NR_renameat2: note(arg[4] & RENAME_EXCHANGE ? '?' : 'R', 0, call->path, call->other, "", 0); break;
    case __NR_linkat: note('L', 0, call->path, call->other, "", 0); break;
    case __NR_unlinkat: note('U', 0, call->path, "", "", 0); break;
    case __NR_mkdirat: note('D', 0, call->path, "", "", 0); break;
    case __NR_fsync: case __NR_fdatasync: note('S', 0, call->path, "", "", 0); break;
    /* It is not a promise: what it starts may not be on the disk yet. */
    case __NR_sync_file_range: break;
    case __NR_mmap: note('M', 0, call->path, "", "", 0); break;
    default: note('?', call->number, call->path, "", "", 0);
    }
}

/* A task stands before a call: lets it through, alone, and notes what it did. */
static void step(pid_t task) {
    struct ptrace_syscall_info info;
    struct call call = {.task = task};
    if (ptrace(PTRACE_GET_SYSCALL_INFO, task, sizeof info, &info) < 0) return;
    call.number = info.seccomp.nr;
    for (int at = 0; at < 6; at++) call.arg[at] = info.seccomp.args[at];
    if (!look(&call)) {
        ptrace(CONT, task, 0, 0);
        return;
    }
    int status;
    if (ptrace(SYSCALL, task, 0, 0) < 0 || waitpid(task, &status, __WALL) != task || !WIFSTOPPED(status)) return;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, task, sizeof info, &info) < 0) return;
    if (info.op != PTRACE_SYSCALL_INFO_EXIT) fail("a call did not end");
    call.result = info.exit.rval;
    if (!info.exit.is_error) tell(&call);
    ptrace(CONT, task, 0, 0);
}

/* The program stops at these calls from now on; without a tracer they fail. */
static void filter(void) {
    struct sock_filter rules[COUNT + 3];
    size_t at = 0;
    rules[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t call = 0; call < COUNT; call++)
        rules[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALLS[call], COUNT - call, 0);
    rules[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    rules[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    struct sock_fprog program = {at, rules};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        fail("no filter can be set");
}

int main(int count, char **arguments) {
    if (count < 4) return 2;
    folder = arguments[2];
    journal = fopen(arguments[1], "w");
    if (!journal) fail(arguments[1]);
    pid_t child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0)) fail("it may not be traced");
        raise(SIGSTOP);
        filter();
        execv(arguments[3], arguments + 3);
        fail(arguments[3]);
    }
    int status, code = 125;
    if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return code;
    if (ptrace(PTRACE_SETOPTIONS, child, 0, TRACE) < 0) fail("it cannot be traced");
    ptrace(CONT, child, 0, 0);
    for (pid_t task; (task = waitpid(-1, &status, __WALL)) > 0;) {
        if (!WIFSTOPPED(status)) {
            if (task == child) code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        } else if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8)) {
            step(task);
        } else {
            /* A new task begins with a stop, and events are told by a trap: neither is meant for the program. */
            int signal = WSTOPSIG(status), is_ours = signal == SIGSTOP || signal == SIGTRAP || status >> 16;
            ptrace(CONT, task, 0, is_ours ? 0 : signal);
        }
    }
    if (fclose(journal)) fail("the journal cannot be written");
    return code;
}
