/*
 * Our CBOR reader against libcbor, on documents grown at random and then
 * damaged at random. Where our rules are stricter, the reason must be one of
 * those rules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/core/cbor.h"

enum { GROWN = 40000, DOCUMENT_MAX = 4096 };

static void grow_number(struct writer *w)
{
	static const uint64_t edges[] = {0, 1, 5, 23, 24, 255, 256, 65535,
	        65536, UINT32_MAX, UINT64_C(1) << 32, INT64_MAX, UINT64_MAX};
	uint64_t v = edges[(size_t)rand() % (sizeof edges / sizeof edges[0])];
	if (rand() % 3) {
		cbor_put_uint(w, v);
	} else { /* longer than it need be */
		writer_put_u8(w, 27);
		writer_put_u64(w, v);
	}
}

static void grow(struct writer *w, unsigned depth);

static void grow_string(struct writer *w, bool text)
{
	uint8_t bytes[12];
	size_t len = (size_t)rand() % sizeof bytes;
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(text ? 'a' + rand() % 26 : rand());
	if (text)
		cbor_put_text(w, span_of(bytes, len));
	else
		cbor_put_bytes(w, span_of(bytes, len));
}

static void grow_chunks(struct writer *w, bool text)
{
	writer_put_u8(w, text ? 0x7F : 0x5F);
	for (int i = rand() % 3; i > 0; i--)
		grow_string(w, text);
	writer_put_u8(w, 0xFF);
}

static void grow_container(struct writer *w, unsigned depth, bool map)
{
	unsigned count = (unsigned)rand() % 4;
	bool indefinite = rand() % 3 == 0;
	if (indefinite)
		writer_put_u8(w, map ? 0xBF : 0x9F);
	else if (map)
		cbor_put_map(w, count);
	else
		cbor_put_array(w, count);
	for (unsigned i = 0; i < count; i++) {
		if (map && rand() % 8)
			cbor_put_uint(w, (uint64_t)(rand() % 200));
		else if (map)
			grow_string(w, rand() % 2);
		grow(w, depth + 1);
	}
	if (indefinite)
		writer_put_u8(w, 0xFF);
}

static void grow(struct writer *w, unsigned depth)
{
	switch (rand() % (depth < 6 ? 11 : 6)) {
	case 0:
		grow_number(w);
		break;
	case 1:
		cbor_put_int(w, -1 - rand() % 70000);
		break;
	case 2:
		grow_string(w, false);
		break;
	case 3:
		grow_string(w, true);
		break;
	case 4:
		writer_put_u8(w, (uint8_t)(0xF4 + rand() % 4));
		break;
	case 5:
		grow_chunks(w, rand() % 2);
		break;
	case 6:
		cbor_put_tag(w, (uint64_t)(rand() % 300));
		grow(w, depth + 1);
		break;
	case 7:
	case 8:
		grow_container(w, depth, false);
		break;
	default:
		grow_container(w, depth, true);
	}
}

/* libcbor 0.8 refuses all simple values but 20 to 23, and tags 6 to 20. */
static bool may_be_unassigned(struct span in)
{
	bool found = false;
	for (size_t i = 0; i < in.len; i++)
		found |= (in.data[i] >= 0xE0 && in.data[i] <= 0xF3) ||
		         (in.data[i] >= 0xC6 && in.data[i] <= 0xD4) ||
		         in.data[i] == 0xF8;
	return found;
}

struct document {
	size_t at, len;
};

static uint8_t store[16 << 20];
static size_t store_len;
static struct document documents[3 * GROWN];
static size_t document_count;

/*
 * A head that promises gigabytes which do not follow: libcbor would set them
 * aside first, and then refuse it too.
 */
static bool promises_too_much(struct span in)
{
	bool found = false;
	for (size_t i = 0; i < in.len; i++) {
		unsigned major = in.data[i] >> 5, info = in.data[i] & 31;
		found |= major >= 2 && major <= 5 && info >= 26 && info <= 27;
	}
	return found && cbor_check(in, CBOR_ANY) != HUFU_OK;
}

static void keep(struct span in)
{
	if (promises_too_much(in))
		return;
	assert_true(store_len + in.len <= sizeof store);
	memcpy(store + store_len, in.data, in.len);
	documents[document_count++] = (struct document){store_len, in.len};
	store_len += in.len;
}

static void grow_documents(void)
{
	static uint8_t space[DOCUMENT_MAX];
	srand(8949);
	for (unsigned i = 0; i < GROWN; i++) {
		struct writer w;
		writer_init(&w, space, sizeof space);
		grow(&w, 0);
		if (w.error)
			continue;
		struct span in = writer_span(&w);
		keep(in);
		for (int flips = 1 + rand() % 3; flips > 0; flips--)
			space[(size_t)rand() % in.len] ^=
			        (uint8_t)(1 << rand() % 8);
		keep(in);
		keep(span_of(space, (size_t)rand() % in.len));
	}
}

static void write_documents(const char *path)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	for (size_t i = 0; i < document_count; i++) {
		const struct document *d = &documents[i];
		fputc((int)(d->len >> 8), f);
		fputc((int)(d->len & 0xFF), f);
		assert_int_equal(fwrite(store + d->at, 1, d->len, f), d->len);
	}
	assert_int_equal(fclose(f), 0);
}

/* Runs the other program between two files. */
static void ask_libcbor(const char *in, const char *out)
{
	int status;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (freopen(in, "rb", stdin) && freopen(out, "wb", stdout))
			execl(LIBCBOR_OPINION, LIBCBOR_OPINION, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* Stricter on purpose are only the limits, the keys and the text. */
static bool is_fair(int ours, char theirs, struct span in)
{
	switch (ours) {
	case HUFU_OK:
		return theirs == '+' ||
		       (theirs == '-' && may_be_unassigned(in));
	case HUFU_ERR_LIMIT:
	case HUFU_ERR_DUPLICATE:
	case HUFU_ERR_UNSUPPORTED:
		return true;
	case HUFU_ERR_MALFORMED:
		return theirs != '+';
	default:
		return theirs == '-';
	}
}

static void agrees_with_libcbor(void **state)
{
	(void)state;
	char in[] = "/tmp/hufu-cbor-in-XXXXXX";
	char out[] = "/tmp/hufu-cbor-out-XXXXXX";
	unsigned accepted = 0;
	close(mkstemp(in));
	close(mkstemp(out));
	grow_documents();
	write_documents(in);
	ask_libcbor(in, out);
	FILE *answers = fopen(out, "rb");
	assert_non_null(answers);
	for (size_t i = 0; i < document_count; i++) {
		struct span doc =
		        span_of(store + documents[i].at, documents[i].len);
		int ours = cbor_check(doc, CBOR_ANY), theirs = fgetc(answers);
		accepted += ours == HUFU_OK;
		if (is_fair(ours, (char)theirs, doc))
			continue;
		for (size_t b = 0; b < doc.len; b++)
			print_message("%02x", doc.data[b]);
		fail_msg(" ours %d, libcbor %c", ours, theirs);
	}
	fclose(answers);
	unlink(in);
	unlink(out);
	/* both answers must have been given often */
	assert_true(accepted > GROWN / 2 && accepted < document_count - GROWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(agrees_with_libcbor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
