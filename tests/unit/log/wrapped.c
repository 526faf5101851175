#include "tests/unit/log/wrapped.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_uint count, target;
static _Atomic enum wrapped_fault armed;

void wrapped_arm(enum wrapped_fault fault, unsigned nth)
{
	armed = fault;
	target = nth;
	count = 0;
}

unsigned wrapped_count(void)
{
	return count;
}

/* True: the call is not to be made. */
static bool before(bool *ret_after)
{
	bool hit = ++count == target;

	*ret_after = hit && armed == WRAPPED_KILL_AFTER;
	if (hit && armed == WRAPPED_KILL)
		(void)kill(getpid(), SIGKILL);
	if (!hit || armed != WRAPPED_FULL)
		return false;
	errno = ENOSPC;
	return true;
}

static void after(bool die)
{
	if (die)
		(void)kill(getpid(), SIGKILL);
}

ssize_t __real_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len)
{
	bool die;
	ssize_t n;

	if (before(&die))
		return -1;
	/* the death of a long write leaves half of it */
	n = __real_write(fd, data, die && len > 1 ? len / 2 : len);
	after(die);
	return n;
}

#define WRAP(name, types, values)                                              \
	int __real_##name types;                                               \
	int __wrap_##name types;                                               \
	int __wrap_##name types                                                \
	{                                                                      \
		bool die;                                                      \
		int rc;                                                        \
                                                                               \
		if (before(&die))                                              \
			return -1;                                             \
		rc = __real_##name values;                                     \
		after(die);                                                    \
		return rc;                                                     \
	}

WRAP(fsync, (int fd), (fd))
WRAP(rename, (const char *from, const char *to), (from, to))
WRAP(mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(unlink, (const char *path), (path))
