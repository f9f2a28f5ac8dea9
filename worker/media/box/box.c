// Runs a program that touches a caller's bytes in a box: what it may read, write and use up is named
// here, and everything else is refused by the kernel, whatever the program has been talked into.
//
//   box [--parent PID] [--read PATH]... [--write PATH]... [--memory BYTES] [--cpu SECONDS] [--file BYTES]
//       -- PROGRAM [ARGS]...
//   box --level    prints what this kernel can do: landlock, seccomp or limits
//
// Landlock (Linux 5.13) needs no root and no namespaces, so it works inside containers. A seccomp filter
// adds what Landlock does not cover: no sockets, no new processes, no signals to others. Both, like the
// limits, pass to whatever the program starts and cannot be taken off again.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

// One call that is refused: with EPERM, or, for those that have an older sister, as if it were unknown.
#define REFUSE(number, error) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), \
  BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
// Refused unless it is about this very process.
#define ONLY_FOR(number, process) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 4), \
  LOAD(args[0]), \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(process), 1, 0), \
  BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM), \
  BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

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
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    LOAD(nr),
#ifdef __x86_64__
    // The x32 calls have numbers of their own, beyond this.
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    REFUSE(SYS_fork, EPERM), REFUSE(SYS_vfork, EPERM),
#endif
    // Threads are made with clone too; whoever asks for clone3 falls back to it.
    REFUSE(SYS_CLONE3, ENOSYS),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4),
    LOAD(args[0]),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    ONLY_FOR(SYS_kill, getpid()),
    ONLY_FOR(SYS_tgkill, getpid()),
    ONLY_FOR(SYS_prlimit64, 0),
    REFUSE(SYS_tkill, EPERM), REFUSE(SYS_rt_sigqueueinfo, EPERM), REFUSE(SYS_rt_tgsigqueueinfo, EPERM),
    REFUSE(424 /* pidfd_send_signal */, EPERM), REFUSE(434 /* pidfd_open */, EPERM),
    REFUSE(438 /* pidfd_getfd */, EPERM),
    REFUSE(SYS_socket, EPERM), REFUSE(SYS_socketpair, EPERM), REFUSE(SYS_connect, EPERM),
    REFUSE(SYS_bind, EPERM), REFUSE(SYS_listen, EPERM),
    REFUSE(SYS_ptrace, EPERM), REFUSE(SYS_process_vm_readv, EPERM), REFUSE(SYS_process_vm_writev, EPERM),
    REFUSE(SYS_unshare, EPERM), REFUSE(SYS_setns, EPERM), REFUSE(SYS_mount, EPERM), REFUSE(SYS_umount2, EPERM),
    REFUSE(SYS_pivot_root, EPERM), REFUSE(SYS_chroot, EPERM), REFUSE(SYS_mknodat, EPERM),
    REFUSE(SYS_bpf, EPERM), REFUSE(SYS_perf_event_open, EPERM), REFUSE(SYS_userfaultfd, EPERM),
    REFUSE(425 /* io_uring_setup */, ENOSYS), REFUSE(SYS_keyctl, EPERM), REFUSE(SYS_add_key, EPERM),
    REFUSE(SYS_request_key, EPERM), REFUSE(SYS_init_module, EPERM), REFUSE(SYS_finit_module, EPERM),
    REFUSE(SYS_kexec_load, EPERM), REFUSE(SYS_open_by_handle_at, EPERM), REFUSE(SYS_personality, EPERM),
    REFUSE(SYS_setuid, EPERM), REFUSE(SYS_setgid, EPERM), REFUSE(SYS_reboot, EPERM),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog filter = {.len = sizeof program / sizeof *program, .filter = program};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
#endif
}

static void limit(int resource, const char *most) {
  rlim_t value = strtoull(most, NULL, 10);
  // Of CPU time, SIGXCPU comes first: SIGKILL would not tell why.
  struct rlimit both = {value, resource == RLIMIT_CPU ? value + 5 : value};
  if (setrlimit(resource, &both)) die("setrlimit");
}

// The program ends with the worker, however that ends. exec keeps this wish; only programs with more rights
// than their parent, which no_new_privs excludes, would lose it.
static void die_with(const char *parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)) die("parent");
  // It may have died before the wish was heard.
  if (getppid() != atoi(parent)) exit(126);
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
    else { errno = EINVAL; die(name); }
  }
  if (at + 1 >= count) { errno = EINVAL; die("no program"); }

  // Whatever was left open above the three streams is not for the program.
  syscall(SYS_CLOSE_RANGE, 3, ruleset - 1, 0);
  syscall(SYS_CLOSE_RANGE, ruleset + 1, ~0U, 0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) die("no_new_privs");
  if (ruleset >= 0) {
    if (syscall(SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0)) die("landlock");
    close(ruleset);
  }
  filter_calls();
  execv(words[at + 1], words + at + 1);
  die(words[at + 1]);
}
