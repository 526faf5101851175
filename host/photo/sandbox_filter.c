#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "host/photo/sandbox.h"

#define LOAD(field)                                                            \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, what)
#define ALLOW(call)                                                            \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),                       \
	        ANSWER(SECCOMP_RET_ALLOW)
/* memory, but none that can be executed: low half of the third argument */
#define ALLOW_DATA(call)                                                       \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4), LOAD(args[2]),        \
	        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),         \
	        ANSWER(SECCOMP_RET_KILL_PROCESS), ANSWER(SECCOMP_RET_ALLOW)

static const struct sock_filter program[] = {
        LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, HUFU_AUDIT_ARCH, 1, 0),
        ANSWER(SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
        ALLOW(SYS_recvfrom),
        ALLOW(SYS_sendto),
#ifdef SYS_poll
        ALLOW(SYS_poll),
#endif
        ALLOW(SYS_ppoll),
        ALLOW(SYS_clock_gettime),
        ALLOW(SYS_brk),
        ALLOW(SYS_munmap),
        ALLOW(SYS_mremap),
        ALLOW(SYS_madvise),
        ALLOW(SYS_futex),
        ALLOW(SYS_rt_sigreturn),
        ALLOW(SYS_exit),
        ALLOW(SYS_exit_group),
        ALLOW_DATA(SYS_mmap),
        ALLOW_DATA(SYS_mprotect),
        ANSWER(SECCOMP_RET_ERRNO | EPERM),
};

int sandbox_filter(void)
{
	struct rlimit memory = {(rlim_t)SANDBOX_MEMORY_MB << 20,
	        (rlim_t)SANDBOX_MEMORY_MB << 20};
	struct sock_fprog filter = {
	        .len = sizeof program / sizeof *program,
	        .filter = (struct sock_filter *)(void *)(size_t)program,
	};
	if (setrlimit(RLIMIT_AS, &memory) != 0 ||
	        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) != 0)
		return HUFU_ERR_IO;
	return HUFU_OK;
}
