/* The encoding of an imported file, and its records as UTF-8. */
#ifndef HOST_IMPORT_TEXT_H
#define HOST_IMPORT_TEXT_H

#include "crypto/core/bytes.h"

enum import_encoding {
	IMPORT_UTF8 = 1,
	IMPORT_GB18030 = 2,
	IMPORT_UTF16 = 3, /* seen, but not taken */
};

struct import_text;

/*
 * UTF-8 by its mark, or when most lines beyond ASCII are valid in it (one
 * broken line does not make a file Chinese of another kind); else GB 18030.
 */
enum import_encoding import_detect(struct span file, size_t *ret_skip);
const char *import_encoding_name(enum import_encoding encoding);

HUFU_MUST_USE int import_text_new(
        enum import_encoding encoding, struct import_text **ret);
void import_text_free(struct import_text *t);

/* Appends `in` as UTF-8. HUFU_ERR_MALFORMED: not of this encoding. */
HUFU_MUST_USE int import_text_convert(
        struct import_text *t, struct span in, struct writer *ret);

#endif
