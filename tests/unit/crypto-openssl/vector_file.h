/*
 * Published test vectors: JSON files below tests/vectors, hex texts.
 */
#ifndef TEST_VECTOR_FILE_H
#define TEST_VECTOR_FILE_H

#include <jansson.h>

#include "crypto/core/bytes.h"

/* Fails the test if there is no such file; json_decref() the answer. */
json_t *vector_file_load(const char *name);

/* Member `key` of `o`, as text; fails the test if absent. */
const char *vector_text(const json_t *o, const char *key);

/* Appends the bytes of a hex text; fails the test if it is none. */
void vector_put_hex(struct writer *w, const char *hex);

/* Hex member `key` of `o` in `space`. */
struct span vector_bytes(
        const json_t *o, const char *key, uint8_t *space, size_t cap);

#endif
