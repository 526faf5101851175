#include "merchant/cli/list_folder.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto/core/cbor.h"
#include "crypto/core/compact_list.h"
#include "crypto/core/cose.h"
#include "crypto/core/decimal.h"
#include "merchant/cli/input.h"

void list_folder_name(
        uint32_t number, const char *file, char ret[LIST_FOLDER_NAME_MAX])
{
	(void)snprintf(ret, LIST_FOLDER_NAME_MAX, "status/%" PRIu32 "/%s",
	        number, file);
}

void list_folder_delta_name(
        uint32_t number, uint64_t base, char ret[LIST_FOLDER_NAME_MAX])
{
	(void)snprintf(ret, LIST_FOLDER_NAME_MAX,
	        "status/%" PRIu32 "/delta/%" PRIu64 ".cbor", number, base);
}

static int read_file(
        const char *folder, const char *name, size_t max, struct input *ret)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/%s", folder, name);
	if (n < 0 || (size_t)n >= sizeof path)
		return HUFU_ERR_LIMIT;
	return input_read(path, max, ret);
}

int list_folder_load_trust(const char *folder, bool with_state, struct hufu *h)
{
	INPUT state = {0};
	INPUT root = {0};
	INPUT trust = {0};
	int r = HUFU_OK;
	if (with_state)
		r = read_file(
		        folder, LIST_FOLDER_STATE, INPUT_TEXT_MAX, &state);
	if (!r)
		r = read_file(folder, LIST_FOLDER_ROOT, INPUT_TEXT_MAX, &root);
	if (!r)
		r = read_file(
		        folder, LIST_FOLDER_TRUST, INPUT_LIST_MAX, &trust);
	if (!r && with_state)
		r = hufu_load_state(h, state.data, state.len);
	if (!r)
		r = hufu_set_root(h, root.data, root.len);
	return r ? r : hufu_load_trust(h, trust.data, trust.len);
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

int list_folder_numbers(const char *folder, uint32_t *ret, size_t *ret_count)
{
	char path[PATH_MAX];
	uint64_t number;
	size_t count = 0;
	int r = HUFU_OK;
	(void)snprintf(path, sizeof path, "%s/status", folder);
	DIR *dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? HUFU_OK : HUFU_ERR_IO; /* none */
	for (struct dirent *e; !r && (e = readdir(dir));) {
		if (decimal_decode(
		            span_of_text(e->d_name), UINT32_MAX, &number))
			continue;
		if (count == LIST_FOLDER_MAX)
			r = HUFU_ERR_LIMIT;
		else
			ret[count++] = (uint32_t)number;
	}
	(void)closedir(dir);
	if (r)
		return r;
	qsort(ret, count, sizeof *ret, by_number);
	*ret_count = count;
	return HUFU_OK;
}

int list_folder_sequence(
        struct span file, uint64_t *ret_sequence, uint64_t *ret_base)
{
	struct compact_list t;
	struct cose_sign1 c;
	struct reader r;
	reader_init(&r, file);
	if (cbor_get_array(&r) != 2)
		return HUFU_ERR_MALFORMED;
	struct span message = cbor_get_bytes(&r);
	int rc = r.error ? r.error : cose_decode_sign1(message, &c);
	if (!rc)
		rc = compact_list_decode(c.payload, &t);
	if (rc)
		return rc;
	*ret_sequence = t.sequence;
	*ret_base = t.base;
	return HUFU_OK;
}

/* *ret_sequence: of the compact file. */
static int load_one(const char *folder, const char *name, struct hufu *h,
        uint64_t *ret_sequence)
{
	INPUT in = {0};
	uint64_t base;
	int r = read_file(folder, name, INPUT_LIST_MAX, &in);
	if (!r)
		r = list_folder_sequence(input_span(&in), ret_sequence, &base);
	return r ? r : hufu_load_status(h, in.data, in.len);
}

static int load_deltas(const char *folder, uint32_t number, struct hufu *h,
        uint64_t sequence, int so_far)
{
	char name[LIST_FOLDER_NAME_MAX];
	int r = so_far;
	for (int i = 0; i < LIST_FOLDER_DELTAS_MAX && r >= 0; i++) {
		list_folder_delta_name(number, sequence, name);
		int next = load_one(folder, name, h, &sequence);
		if (next == HUFU_ERR_NOT_FOUND)
			break;
		r = next;
	}
	if (r < 0)
		return r;
	list_folder_name(number, "today.cbor", name);
	int next = load_one(folder, name, h, &sequence);
	if (next == HUFU_ERR_NOT_FOUND)
		return r;
	/* older than a snapshot that was fetched after it: nothing new */
	return next == HUFU_ERR_STALE && r == HUFU_OK ? HUFU_OK : next;
}

int list_folder_load(const char *folder, uint32_t number, struct hufu *h)
{
	INPUT whole = {0};
	char name[LIST_FOLDER_NAME_MAX];
	uint64_t sequence = 0;
	list_folder_name(number, "snapshot.cbor", name);
	int r = load_one(folder, name, h, &sequence);
	if (r >= 0)
		return load_deltas(folder, number, h, sequence, r);
	if (r != HUFU_ERR_NOT_FOUND)
		return r;
	list_folder_name(number, "list.cwt", name);
	r = read_file(folder, name, INPUT_LIST_MAX, &whole);
	return r ? r : hufu_load_status(h, whole.data, whole.len);
}
