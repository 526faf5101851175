/*
 * What the checker gives up before it reads the first foreign byte: files,
 * network, new processes, more privileges, much memory and time. Only the
 * socket on descriptor 0 stays.
 */
#ifndef PHOTO_SANDBOX_H
#define PHOTO_SANDBOX_H

#include <hufu/error.h>

enum {
	SANDBOX_CPU_S = 10,
	SANDBOX_MEMORY_MB = 1024,
};

/* Every descriptor but 0 is closed. HUFU_ERR_IO when anything failed. */
HUFU_MUST_USE int sandbox_enter(void);

/* The system calls that are left: sandbox_filter.c by seccomp, and
 * sandbox_filter_none.c where a sanitizer needs others. */
HUFU_MUST_USE int sandbox_filter(void);

#endif
