// Runs a program that touches a caller's bytes in a box: what it may read, write and use up is named
// here, and everything else is refused by the kernel, whatever the program has been talked into.
//
//   box [--parent PID] [--read PATH]... [--write PATH]... [--memory BYTES] [--cpu SECONDS] [--file BYTES]
//       [--threads COUNT] -- PROGRAM [ARGS]...
//   box --level    prints what this kernel can do: landlock, seccomp or limits
//
// Landlock (Linux 5.13) needs no root and no namespaces, so it works inside containers. A seccomp filter
// adds what Landlock does not cover: no sockets, no new processes, no signals to others, no changes of the
// mode, owner or times of files, no memory beyond the limit. Both, like the limits, pass to whatever the
// program starts and cannot be taken off again.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Older headers lack these, and the numbers are the same on every architecture.
#define SYS_LANDLOCK_CREATE_RULESET 444
#define SYS_LANDLOCK_ADD_RULE 445
#define SYS_LANDLOCK_RESTRICT_SELF 446
#define SYS_CLOSE_RANGE 436
#define SYS_CLONE3 435

enum { EXECUTE = 1 << 0, WRITE_FILE = 1 << 1, READ_FILE = 1 << 2, READ_DIR = 1 << 3 };
enum { REMOVE_FILE = 1 << 5, MAKE_REG = 1 << 8, TRUNCATE = 1 << 14 };
enum { ALL_FILE_RIGHTS_V1 = (1 << 13) - 1, REFER_V2 = 1 << 13, IOCTL_DEV_V5 = 1 << 15 };
enum { BIND_TCP = 1, CONNECT_TCP = 2, ABSTRACT_SOCKETS = 1, SIGNALS = 2 };

struct ruleset { uint64_t files, net, scoped; };
struct path_rule { uint64_t rights; int32_t folder; } __attribute__((packed));

static void die(const char *what) {
  fprintf(stderr, "box: %s: %s\n", what, strerror(errno));
  exit(126);
}

static int landlock_version(void) {
  return (int)syscall(SYS_LANDLOCK_CREATE_RULESET, NULL, 0, 1);
}

static struct ruleset rules_of(int version) {
  struct ruleset all = {.files = ALL_FILE_RIGHTS_V1};
  if (version >= 2) all.files |= REFER_V2;
  if (version >= 3) all.files |= TRUNCATE;
  if (version >= 4) all.net = BIND_TCP | CONNECT_TCP;
  if (version >= 5) all.files |= IOCTL_DEV_V5;
  if (version >= 6) all.scoped = ABSTRACT_SOCKETS | SIGNALS;
  return all;
}

static void allow(int ruleset, uint64_t handled, const char *path, uint64_t rights) {
  struct path_rule rule = {.folder = open(path, O_PATH | O_CLOEXEC)};
  // What is not there cannot be read either.
  if (rule.folder < 0) return;
  struct stat facts;
  if (fstat(rule.folder, &facts)) die(path);
  if (!S_ISDIR(facts.st_mode)) rights &= EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE;
  rule.rights = rights & handled;
  if (syscall(SYS_LANDLOCK_ADD_RULE, ruleset, 1, &rule, 0)) die(path);
  close(rule.folder);
}

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF(kind, value, yes, no) BPF_JUMP(BPF_JMP | (kind) | BPF_K, (value), (yes), (no))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define FAIL(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
// One call that is refused, or, if it has an older sister, unknown.
#define REFUSE(number) IF(BPF_JEQ, (number), 0, 1), FAIL(EPERM)
#define UNKNOWN(number) IF(BPF_JEQ, (number), 0, 1), FAIL(ENOSYS)
// Refused unless it is about this very process.
#define ONLY_FOR(number, process) \
  IF(BPF_JEQ, (number), 0, 4), LOAD(args[0]), IF(BPF_JEQ, (uint32_t)(process), 1, 0), FAIL(EPERM), ALLOW
// Refused with one of these as its second argument.
#define NEVER_WITH(number, first, second, third) \
  IF(BPF_JEQ, (number), 0, 6), LOAD(args[1]), IF(BPF_JEQ, (first), 2, 0), IF(BPF_JEQ, (second), 1, 0), \
  IF(BPF_JEQ, (third), 0, 1), FAIL(EPERM), ALLOW
// Refused when it empties a file that it opens for reading, which old versions of Landlock let pass.
#define NEVER_TO_EMPTY(number, flags) \
  IF(BPF_JEQ, (number), 0, 5), LOAD(flags), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, O_ACCMODE | O_TRUNC), \
  IF(BPF_JEQ, O_RDONLY | O_TRUNC, 0, 1), FAIL(EPERM), ALLOW

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static int filter_calls(void) {
#ifndef ARCHITECTURE
  errno = ENOSYS;
  return -1;
#else
  struct sock_filter program[] = {
    LOAD(arch),
    IF(BPF_JEQ, ARCHITECTURE, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    LOAD(nr),
#ifdef __x86_64__
    // The x32 calls have numbers of their own, beyond this.
    IF(BPF_JGE, 0x40000000, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    // What newer architectures have only in its general form.
    REFUSE(SYS_fork), REFUSE(SYS_vfork), REFUSE(SYS_chmod), REFUSE(SYS_chown), REFUSE(SYS_lchown),
    REFUSE(SYS_utime), REFUSE(SYS_utimes), REFUSE(SYS_futimesat), REFUSE(SYS_link), REFUSE(SYS_symlink),
    REFUSE(SYS_mknod), NEVER_TO_EMPTY(SYS_open, args[1]),
#endif
    // Threads are made with clone too; whoever asks for clone3 falls back to it.
    UNKNOWN(SYS_CLONE3),
    IF(BPF_JEQ, SYS_clone, 0, 4), LOAD(args[0]), IF(BPF_JSET, CLONE_THREAD, 1, 0), FAIL(EPERM), ALLOW,
    ONLY_FOR(SYS_kill, getpid()), ONLY_FOR(SYS_tgkill, getpid()), ONLY_FOR(SYS_prlimit64, 0),
    REFUSE(SYS_tkill), REFUSE(SYS_rt_sigqueueinfo), REFUSE(SYS_rt_tgsigqueueinfo),
    REFUSE(424 /* pidfd_send_signal */), REFUSE(434 /* pidfd_open */), REFUSE(438 /* pidfd_getfd */),
    // The owner of a descriptor gets its signals.
    NEVER_WITH(SYS_fcntl, F_SETOWN, F_SETOWN_EX, F_SETSIG), NEVER_WITH(SYS_ioctl, FIOSETOWN, SIOCSPGRP, TIOCSTI),
    // The worker's share of the processor and of the disk.
    REFUSE(SYS_setpriority), REFUSE(SYS_ioprio_set), ONLY_FOR(SYS_sched_setaffinity, 0),
    ONLY_FOR(SYS_sched_setscheduler, 0), ONLY_FOR(SYS_sched_setparam, 0), ONLY_FOR(SYS_sched_setattr, 0),
    REFUSE(SYS_socket), REFUSE(SYS_socketpair), REFUSE(SYS_connect), REFUSE(SYS_bind), REFUSE(SYS_listen),
    REFUSE(SYS_ptrace), REFUSE(SYS_process_vm_readv), REFUSE(SYS_process_vm_writev), REFUSE(SYS_kcmp),
    REFUSE(SYS_migrate_pages), REFUSE(SYS_move_pages), REFUSE(440 /* process_madvise */),
    // Memory that no limit counts, and that may stay when the program has ended.
    REFUSE(SYS_memfd_create), REFUSE(447 /* memfd_secret */), REFUSE(SYS_shmget), REFUSE(SYS_semget),
    REFUSE(SYS_msgget), REFUSE(SYS_mq_open),
    // What Landlock does not cover of files, or not in its first version.
    REFUSE(SYS_fchmod), REFUSE(SYS_fchmodat), REFUSE(452 /* fchmodat2 */), REFUSE(SYS_fchown),
    REFUSE(SYS_fchownat), REFUSE(SYS_utimensat), REFUSE(SYS_setxattr), REFUSE(SYS_lsetxattr),
    REFUSE(SYS_fsetxattr), REFUSE(SYS_removexattr), REFUSE(SYS_lremovexattr), REFUSE(SYS_fremovexattr),
    REFUSE(463 /* setxattrat */), REFUSE(466 /* removexattrat */), REFUSE(469 /* file_setattr */),
    REFUSE(SYS_truncate), NEVER_TO_EMPTY(SYS_openat, args[2]), UNKNOWN(437 /* openat2 */),
    // The worker follows what lies in the folder.
    REFUSE(SYS_linkat), REFUSE(SYS_symlinkat), REFUSE(SYS_mknodat),
    REFUSE(SYS_unshare), REFUSE(SYS_setns), REFUSE(SYS_mount), REFUSE(SYS_umount2), REFUSE(SYS_pivot_root),
    REFUSE(SYS_chroot), REFUSE(428 /* open_tree */), REFUSE(429 /* move_mount */), REFUSE(430 /* fsopen */),
    REFUSE(442 /* mount_setattr */), REFUSE(SYS_bpf), REFUSE(SYS_perf_event_open), REFUSE(SYS_userfaultfd),
    UNKNOWN(425 /* io_uring_setup */), REFUSE(SYS_keyctl), REFUSE(SYS_add_key), REFUSE(SYS_request_key),
    REFUSE(SYS_init_module), REFUSE(SYS_finit_module), REFUSE(SYS_kexec_load), REFUSE(SYS_open_by_handle_at),
    REFUSE(SYS_personality), REFUSE(SYS_setuid), REFUSE(SYS_setgid), REFUSE(SYS_reboot),
    ALLOW,
  };
  struct sock_fprog filter = {.len = sizeof program / sizeof *program, .filter = program};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
#endif
}

static void limit(int resource, const char *most) {
  rlim_t value = strtoull(most, NULL, 10);
  // Of CPU time, SIGXCPU comes first: SIGKILL would not tell why.
  struct rlimit given, both = {value, resource == RLIMIT_CPU ? value + 5 : value};
  // A lower limit cannot be raised, and need not be.
  if (getrlimit(resource, &given)) die("getrlimit");
  if (both.rlim_max > given.rlim_max) both.rlim_max = given.rlim_max;
  if (both.rlim_cur > given.rlim_max) both.rlim_cur = given.rlim_max;
  if (setrlimit(resource, &both)) die("setrlimit");
}

// The program ends with the worker, however that ends. exec keeps this wish; only programs with more rights
// than their parent, which no_new_privs excludes, would lose it.
static void die_with(const char *parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)) die("parent");
  // It may have died before the wish was heard.
  if (getppid() != atoi(parent)) exit(126);
}

// A worker that runs as root: its decoders keep no right of root but that to files, which Landlock limits.
static void drop_capabilities(void) {
  struct __user_cap_header_struct self = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct had[2], kept[2] = {{0}};
  if (syscall(SYS_capget, &self, had)) die("capget");
  kept[0].permitted = kept[0].effective = had[0].permitted & (1 << CAP_DAC_OVERRIDE);
  if (syscall(SYS_capset, &self, kept)) die("capset");
}

static int print_level(void) {
  int landlock = landlock_version() > 0;
  int seccomp = !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) && !filter_calls();
  puts(landlock && seccomp ? "landlock" : seccomp ? "seccomp" : "limits");
  return 0;
}

int main(int count, char **words) {
  if (count == 2 && !strcmp(words[1], "--level")) return print_level();
  int version = landlock_version();
  int ruleset = -1;
  struct ruleset all = rules_of(version);
  if (version > 0) {
    size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    ruleset = (int)syscall(SYS_LANDLOCK_CREATE_RULESET, &all, size, 0);
    if (ruleset < 0) die("landlock");
  }

  limit(RLIMIT_CORE, "0");
  limit(RLIMIT_NOFILE, "256");
  int at = 1;
  for (; at + 1 < count && strcmp(words[at], "--"); at += 2) {
    const char *name = words[at], *value = words[at + 1];
    uint64_t read = READ_FILE | READ_DIR | EXECUTE;
    uint64_t write = READ_FILE | READ_DIR | WRITE_FILE | MAKE_REG | REMOVE_FILE | TRUNCATE;
    if (!strcmp(name, "--read")) { if (ruleset >= 0) allow(ruleset, all.files, value, read); }
    else if (!strcmp(name, "--write")) { if (ruleset >= 0) allow(ruleset, all.files, value, write); }
    else if (!strcmp(name, "--parent")) die_with(value);
    else if (!strcmp(name, "--memory")) limit(RLIMIT_AS, value);
    else if (!strcmp(name, "--cpu")) limit(RLIMIT_CPU, value);
    else if (!strcmp(name, "--file")) limit(RLIMIT_FSIZE, value);
    else if (!strcmp(name, "--threads")) limit(RLIMIT_NPROC, value);
    else { errno = EINVAL; die(name); }
  }
  if (at + 1 >= count) { errno = EINVAL; die("no program"); }

  // Whatever was left open above the three streams is not for the program.
  syscall(SYS_CLOSE_RANGE, 3, ruleset - 1, 0);
  syscall(SYS_CLOSE_RANGE, ruleset + 1, ~0U, 0);
  drop_capabilities();
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) die("no_new_privs");
  if (ruleset >= 0) {
    if (syscall(SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0)) die("landlock");
    close(ruleset);
  }
  filter_calls();
  execv(words[at + 1], words + at + 1);
  die(words[at + 1]);
}
