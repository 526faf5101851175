#include "host/person/import_text.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/core/utf8.h"

struct import_text {
	enum import_encoding encoding;
	iconv_t converter;
};

static bool is_ascii(struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.data[i] & 0x80)
			return false;
	return true;
}

enum import_encoding import_detect(struct span file, size_t *ret_skip)
{
	size_t good = 0, bad = 0, at = 0;

	*ret_skip = 0;
	if (file.len >= 3 && memcmp(file.data, "\xEF\xBB\xBF", 3) == 0) {
		*ret_skip = 3;
		return IMPORT_UTF8;
	}
	if (file.len >= 2 && (memcmp(file.data, "\xFF\xFE", 2) == 0 ||
	                             memcmp(file.data, "\xFE\xFF", 2) == 0))
		return IMPORT_UTF16;
	while (at < file.len) {
		const uint8_t *end =
		        memchr(file.data + at, '\n', file.len - at);
		size_t len =
		        end ? (size_t)(end - file.data) - at : file.len - at;
		struct span line = span_of(file.data + at, len);

		if (!is_ascii(line)) {
			bool valid = utf8_is_valid(line);
			good += valid;
			bad += !valid;
		}
		at += len + 1;
	}
	return good >= bad ? IMPORT_UTF8 : IMPORT_GB18030;
}

const char *import_encoding_name(enum import_encoding encoding)
{
	return encoding == IMPORT_UTF8      ? "UTF-8"
	       : encoding == IMPORT_GB18030 ? "GB18030"
	                                    : "UTF-16";
}

int import_text_new(enum import_encoding encoding, struct import_text **ret)
{
	struct import_text *t = calloc(1, sizeof *t);

	if (!t)
		return HUFU_ERR_MEMORY;
	t->encoding = encoding;
	t->converter = iconv_open("UTF-8", "GB18030");
	if (t->converter == (iconv_t)-1) {
		free(t);
		return HUFU_ERR_UNSUPPORTED;
	}
	*ret = t;
	return 0;
}

void import_text_free(struct import_text *t)
{
	if (!t)
		return;
	(void)iconv_close(t->converter); /* it is open */
	free(t);
}

static int convert(struct import_text *t, struct span in, struct writer *ret)
{
	char *from = (char *)(uintptr_t)in.data; /* iconv only reads it */
	char *to = (char *)ret->data + ret->len;
	size_t from_left = in.len, to_left = ret->cap - ret->len;
	size_t room = to_left;

	(void)iconv(t->converter, NULL, NULL, NULL, NULL); /* start afresh */
	if (iconv(t->converter, &from, &from_left, &to, &to_left) == (size_t)-1)
		return errno == E2BIG ? HUFU_ERR_SPACE : HUFU_ERR_MALFORMED;
	ret->len += room - to_left;
	return 0;
}

int import_text_convert(
        struct import_text *t, struct span in, struct writer *ret)
{
	if (in.len == 0)
		return 0;
	if (t->encoding == IMPORT_GB18030 && !is_ascii(in))
		return convert(t, in, ret);
	if (t->encoding == IMPORT_UTF8 && !utf8_is_valid(in))
		return HUFU_ERR_MALFORMED;
	writer_put_span(ret, in);
	return ret->error;
}
