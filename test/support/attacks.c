// What a decoder that is taken over may try by system calls: attacks WORKER_PID FILE
// Prints the name of each attempt that the kernel did not refuse. None of them does harm.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define TRY(name, call) \
  do { errno = 0; if ((long)(call) != -1) puts(name); } while (0)

// Apart from the one to files, which Landlock limits.
static int holds_capabilities(void) {
  struct __user_cap_header_struct self = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct both[2] = {{0}};
  syscall(SYS_capget, &self, both);
  return (both[0].permitted & ~(1u << CAP_DAC_OVERRIDE)) || both[1].permitted;
}

int main(int count, char **words) {
  if (count != 3) return 2;
  pid_t worker = atoi(words[1]);
  const char *file = words[2];
  char some[16] = {0};
  struct iovec here = {some, sizeof some}, there = {words, sizeof some};
  struct sched_param plain = {0};
  cpu_set_t cores;
  struct rlimit files = {64, 256}, more = {512, 512};
  struct timespec times[2] = {{1, 0}, {1, 0}};
  setvbuf(stdout, NULL, _IONBF, 0);

  pid_t child = fork();
  if (child == 0) _exit(0);
  TRY("fork", child);
  long args[11] = {0, 0, 0, 0, SIGCHLD};
  long third = syscall(435, args, sizeof args);
  if (third == 0) _exit(0);
  TRY("clone3", third);
  TRY("unshare", unshare(CLONE_NEWUSER));

  TRY("signal to the worker", kill(worker, 0));
  TRY("signal to all", kill(-1, 0));
  TRY("signal by pidfd", syscall(434, worker, 0));
  TRY("signal by a file's owner", fcntl(0, F_SETOWN, worker));
  TRY("signal by ioctl", ioctl(0, 0x8901, &worker));
  TRY("priority of the worker", setpriority(PRIO_PROCESS, worker, getpriority(PRIO_PROCESS, worker)));
  TRY("I/O priority of the worker", syscall(SYS_ioprio_set, 1, worker, 0));
  sched_getaffinity(worker, sizeof cores, &cores);
  TRY("cores of the worker", sched_setaffinity(worker, sizeof cores, &cores));
  TRY("scheduling of the worker", sched_setscheduler(worker, SCHED_OTHER, &plain));
  TRY("limits of the worker", syscall(SYS_prlimit64, worker, RLIMIT_CORE, NULL, &files));
  TRY("more than its limits", setrlimit(RLIMIT_NOFILE, &more));
  TRY("memory of the worker", process_vm_readv(worker, &here, 1, &there, 1, 0));
  TRY("ptrace", syscall(SYS_ptrace, 16, worker, 0, 0));
  TRY("comparison with the worker", syscall(SYS_kcmp, worker, getpid(), 1, 0, 0));

  TRY("memory in a file", syscall(SYS_memfd_create, "x", 0));
  int made = shmget(IPC_PRIVATE, 4096, 0600);
  TRY("shared memory", made);
  shmctl(made, IPC_RMID, NULL);
  TRY("semaphores", made = semget(IPC_PRIVATE, 1, 0600));
  semctl(made, 0, IPC_RMID);
  TRY("messages", made = msgget(IPC_PRIVATE, 0600));
  msgctl(made, IPC_RMID, NULL);
  TRY("named messages", syscall(SYS_mq_open, "x", O_CREAT | O_RDWR, 0600, NULL));

  TRY("a socket", socket(AF_UNIX, SOCK_STREAM, 0));
  TRY("a socket of the host", socket(AF_VSOCK, SOCK_STREAM, 0));
  TRY("a socket of the kernel", socket(AF_NETLINK, SOCK_RAW, 0));

  TRY("mode of a file", chmod(file, 0600));
  TRY("owner of a file", chown(file, getuid(), getgid()));
  TRY("time of a file", utimensat(AT_FDCWD, file, times, 0));
  TRY("attribute of a file", syscall(SYS_setxattr, file, "user.x", "x", 1, 0));
  TRY("length of a file", truncate(file, 4));
  TRY("a file emptied as it is read", open("attacks", O_RDONLY | O_TRUNC));
  TRY("a link", symlink("/etc/passwd", "link"));
  TRY("a pipe", mkfifo("pipe", 0600));
  TRY("another name", link(words[0], "name"));

  TRY("io_uring", syscall(425, 1, some));
  TRY("bpf", syscall(SYS_bpf, 0, some, sizeof some));
  TRY("performance events", syscall(SYS_perf_event_open, some, 0, -1, -1, 0));
  TRY("userfaultfd", syscall(SYS_userfaultfd, O_CLOEXEC));
  TRY("keys", syscall(SYS_keyctl, 0, -3, 1, 0, 0));
  TRY("rights of root", holds_capabilities() ? 0 : -1);
  return 0;
}
