/*
 * write, fsync, rename and mkdir of this program's own code (not of shared
 * libraries) counted, and the nth made to kill the process or to fail; by
 * --wrap of the linker.
 */
#ifndef TEST_WRAPPED_H
#define TEST_WRAPPED_H

enum wrapped_fault {
	WRAPPED_NONE,
	WRAPPED_KILL,
	WRAPPED_KILL_AFTER,
	WRAPPED_FULL
};

/* From now on the nth call (from 1) does this; only that one. */
void wrapped_arm(enum wrapped_fault fault, unsigned nth);
unsigned wrapped_count(void); /* calls since then */

#endif
