/*
 * Reading published vectors and hexadecimal text in tests. Every failure
 * fails the running cmocka test.
 */
#ifndef VECTOR_FILE_H
#define VECTOR_FILE_H

#include <jansson.h>

#include "crypto/core/bytes.h"

/* A file below tests/vectors; json_decref() it. */
json_t *vector_load(const char *name);

/* Calls `each` for every .json file of that folder; answers how many. */
unsigned vector_each(const char *folder,
        void (*each)(const char *name, const json_t *vector));

/* Both fill `space`, which must be large enough. */
struct span vector_hex(const char *hex, uint8_t *space, size_t cap);
struct span vector_base64(const char *text, uint8_t *space, size_t cap);

#endif
