/*
 * Calls to libc, zlib and OpenSSL that fail to order (linker --wrap).
 */
#ifndef TEST_FAULTS_H
#define TEST_FAULTS_H

#include <stdbool.h>

/* From now on the nth wrapped call fails; 0: none does. */
void faults_set(unsigned nth);

/* Ends that, and answers whether a call did fail since faults_set(). */
bool faults_end(void);

/* Which one, for the message of a failed test. */
const char *faults_last(void);

#endif
