/*
 * Cleanup attributes: `_cleanup_(free_text) char *s = NULL;`. Host code
 * only; the freestanding core has one out: that wipes.
 */
#ifndef HOST_CLEANUP_H
#define HOST_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(f) __attribute__((cleanup(f)))

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd); /* nothing was promised about it */
}

static inline void cleanup_fclose(FILE **f)
{
	if (*f)
		(void)fclose(*f); /* read only, or already failed */
}

#define _free_   _cleanup_(cleanup_free)
#define _close_  _cleanup_(cleanup_close)
#define _fclose_ _cleanup_(cleanup_fclose)

#endif
