/*
 * An SQLite VFS over the default one that fails the Nth write or sync, once
 * or from then on, with a code of the test's choice.
 */
#ifndef TESTS_FAILING_VFS_H
#define TESTS_FAILING_VFS_H

#include <stdbool.h>

enum failing_call { FAILING_WRITE = 1, FAILING_SYNC = 2 };

void failing_vfs_install(void); /* becomes the default, once */
/* nth counts from 1; 0: fail nothing. `lasting`: all later ones as well. */
void failing_vfs_set(enum failing_call call, int nth, int code, bool lasting);
int failing_vfs_count(enum failing_call call); /* calls since set */

#endif
