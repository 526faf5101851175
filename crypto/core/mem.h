/*
 * The four memory functions that crypto/core takes from its surroundings;
 * nothing else of a C library is used. Every freestanding compiler asks for
 * them anyway (they may be emitted for a plain assignment).
 */
#ifndef CORE_MEM_H
#define CORE_MEM_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int value, size_t len);
int memcmp(const void *a, const void *b, size_t len);

#endif
