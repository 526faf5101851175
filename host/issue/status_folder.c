#include "host/issue/status_folder.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "crypto/core/cbor.h"
#include "crypto/core/cose.h"
#include "host/base/cleanup.h"
#include "host/base/file.h"

enum {
	FILE_MODE = 0644,
	FOLDER_MODE = 0755,
	NAME_MAX_LEN = 40, /* "delta/" and 20 digits and ".cbor" */
};

static const char *const names[SIGNER_FILES] = {
        [SIGNER_TOKEN_LIST] = "list.cwt",
        [SIGNER_TODAY] = "today.cbor",
        [SIGNER_SNAPSHOT] = "snapshot.cbor",
};

static int path_of(const struct status_folder *f, enum signer_file file,
        uint64_t base, char ret[PATH_MAX])
{
	char closed[NAME_MAX_LEN];

	if (names[file])
		return file_join(f->path, names[file], ret, PATH_MAX);
	(void)snprintf(closed, sizeof(closed), "delta/%" PRIu64 ".cbor", base);
	return file_join(f->path, closed, ret, PATH_MAX);
}

int status_folder_open(
        struct status_folder *f, const char *lists, uint32_t list)
{
	char delta[PATH_MAX];
	int len =
	        snprintf(f->path, sizeof(f->path), "%s/%" PRIu32, lists, list);

	if (len < 0 || (size_t)len >= sizeof(f->path))
		return HUFU_ERR_SPACE;
	int rc = file_join(f->path, "delta", delta, sizeof(delta));
	return rc ? rc : file_make_folder(delta, FOLDER_MODE);
}

/* Claims of a file of our own: its signature is not in question. */
struct glance {
	uint8_t hash[SHA256_LEN];
	uint8_t kid[COSE_KEY_ID_LEN];
	uint64_t sequence;
};

static int take_claims(struct span file, struct glance *ret)
{
	struct compact_list t;
	struct cose_sign1 c;
	struct reader r;

	reader_init(&r, file);
	if (cbor_get_array(&r) != 2)
		return HUFU_ERR_MALFORMED;
	struct span sign1 = cbor_get_bytes(&r);
	if (r.error)
		return r.error;
	int rc = cose_decode_sign1(sign1, &c);
	if (rc == 0)
		rc = compact_list_decode(c.payload, &t);
	if (rc == 0 && c.kid.len != sizeof(ret->kid))
		rc = HUFU_ERR_MALFORMED;
	if (rc < 0)
		return rc;
	memcpy(ret->kid, c.kid.data, sizeof(ret->kid));
	ret->sequence = t.sequence;
	sha256_of(file, ret->hash);
	return 0;
}

static int glance_at(const struct status_folder *f, enum signer_file file,
        struct glance *ret)
{
	_free_ uint8_t *bytes = NULL;
	char path[PATH_MAX];
	size_t len = 0;

	int rc = path_of(f, file, 0, path);
	if (rc == 0)
		rc = file_read(path, COMPACT_LIST_FILE_MAX, &bytes, &len);
	if (rc == 0)
		rc = take_claims(span_of(bytes, len), ret);
	return rc;
}

bool status_folder_fits(const struct status_folder *f,
        const struct status_head *head, const struct cose_key *key)
{
	struct glance snapshot, today;
	uint8_t kid[COSE_KEY_ID_LEN];

	if (glance_at(f, SIGNER_SNAPSHOT, &snapshot) < 0 ||
	        glance_at(f, SIGNER_TODAY, &today) < 0)
		return false;
	cose_key_id(key, kid);
	return snapshot.sequence == head->snapshot.sequence &&
	       memcmp(snapshot.hash, head->snapshot.hash, SHA256_LEN) == 0 &&
	       memcmp(snapshot.kid, kid, sizeof(kid)) == 0 &&
	       today.sequence <= head->sequence;
}

int status_folder_write(const struct status_folder *f, enum signer_file file,
        uint64_t base, struct span content)
{
	char path[PATH_MAX];

	int rc = path_of(f, file, base, path);
	return rc ? rc : file_write(path, content, FILE_MODE);
}
