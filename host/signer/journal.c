#include "host/signer/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "crypto/core/sha256.h"
#include "host/base/cleanup.h"
#include "host/base/file.h"

/*
 * File: magic[8], then frames: length[4] ~length[4] records[length] chain
 * hash[32]. The length stands twice so that a flip in it is no torn tail.
 */
static const char magic[] = "HUFUSJ01";

enum { MAGIC_LEN = 8, HEAD_LEN = 8, RECORD_HEAD_LEN = 2, SECTOR = 512 };

struct journal {
	int fd;
	uint64_t size; /* bytes durable in the file */
	uint8_t chain[SHA256_LEN];
	size_t fill; /* bytes of records in frame */
	uint8_t frame[HEAD_LEN + JOURNAL_FRAME_MAX + SHA256_LEN];
};

static void chain_hash(const uint8_t chain[SHA256_LEN], const uint8_t *frame,
        size_t len, uint8_t ret[SHA256_LEN])
{
	struct sha256 h;

	sha256_init(&h);
	sha256_put(&h, chain, SHA256_LEN);
	sha256_put(&h, frame, len);
	sha256_done(&h, ret);
}

/* Completes j->frame: head before and hash behind the records. */
static size_t close_frame(struct journal *j, uint8_t ret_chain[SHA256_LEN])
{
	struct writer w;

	writer_init(&w, j->frame, HEAD_LEN);
	writer_put_u32(&w, (uint32_t)j->fill);
	writer_put_u32(&w, ~(uint32_t)j->fill);
	chain_hash(j->chain, j->frame, HEAD_LEN + j->fill, ret_chain);
	memcpy(&j->frame[HEAD_LEN + j->fill], ret_chain, SHA256_LEN);
	return HEAD_LEN + j->fill + SHA256_LEN;
}

static int write_all(int fd, const uint8_t *data, size_t len, uint64_t at)
{
	while (len > 0) {
		ssize_t n = pwrite(fd, data, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return file_error(n < 0 ? errno : EIO);
		data += n;
		len -= (size_t)n;
		at += (uint64_t)n;
	}
	return 0;
}

/* HUFU_ERR_TRUNCATED: the file ends before. */
static int read_all(int fd, uint8_t *data, size_t len, uint64_t at)
{
	while (len > 0) {
		ssize_t n = pread(fd, data, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return HUFU_ERR_IO;
		if (n == 0)
			return HUFU_ERR_TRUNCATED;
		data += n;
		len -= (size_t)n;
		at += (uint64_t)n;
	}
	return 0;
}

int journal_create(const char *path, struct span first)
{
	uint8_t content[MAGIC_LEN + HEAD_LEN + RECORD_HEAD_LEN +
	                JOURNAL_RECORD_MAX + SHA256_LEN];
	struct journal j = {.fd = -1};
	uint8_t chain[SHA256_LEN];
	struct writer w;
	uint64_t offset;
	size_t len;
	int rc = journal_put(&j, first, &offset);

	if (rc)
		return rc;
	len = close_frame(&j, chain);
	writer_init(&w, content, sizeof(content));
	writer_put(&w, magic, MAGIC_LEN);
	writer_put(&w, j.frame, len);
	if (w.error)
		return w.error;
	return file_create(path, writer_span(&w), 0600);
}

static int see_records(
        struct journal *j, size_t len, journal_seen seen, void *arg)
{
	struct reader r;
	int rc = 0;

	reader_init(&r, span_of(&j->frame[HEAD_LEN], len));
	while (!rc && !r.error && reader_left(&r) > 0) {
		uint64_t offset = j->size + HEAD_LEN + r.pos;
		struct span record = reader_get_span(&r, reader_get_u16(&r));

		rc = r.error ? HUFU_ERR_CORRUPT : seen(arg, offset, record);
	}
	return rc;
}

/*
 * A crash leaves sectors that were never written: zero where the file had
 * grown already. Anything else that does not verify is damage.
 */
static int torn_or_damaged(const struct journal *j, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t end = at + SECTOR - (size_t)((j->size + at) % SECTOR);
		bool zero = true;

		for (end = end < len ? end : len; at < end; at++)
			zero = zero && j->frame[at] == 0;
		if (zero)
			return HUFU_ERR_TRUNCATED;
	}
	return HUFU_ERR_CORRUPT;
}

/* Reads the frame at j->size: 0, HUFU_ERR_TRUNCATED when torn, or CORRUPT. */
static int read_frame(struct journal *j, uint64_t end, size_t *ret_len)
{
	uint64_t left = end - j->size;
	size_t have = left < sizeof(j->frame) ? (size_t)left : sizeof(j->frame);
	uint8_t chain[SHA256_LEN];
	struct reader r;
	uint32_t len, again;
	int rc = read_all(j->fd, j->frame, have, j->size);

	if (rc)
		return rc;
	if (have < HEAD_LEN)
		return HUFU_ERR_TRUNCATED;
	reader_init(&r, span_of(j->frame, have));
	len = reader_get_u32(&r);
	again = reader_get_u32(&r);
	if (len != ~again || len == 0 || len > JOURNAL_FRAME_MAX)
		return torn_or_damaged(j, have);
	if (left < HEAD_LEN + (uint64_t)len + SHA256_LEN)
		return HUFU_ERR_TRUNCATED;
	chain_hash(j->chain, j->frame, HEAD_LEN + len, chain);
	if (memcmp(chain, &j->frame[HEAD_LEN + len], SHA256_LEN) != 0)
		return left == HEAD_LEN + (uint64_t)len + SHA256_LEN
		               ? torn_or_damaged(j, (size_t)left)
		               : HUFU_ERR_CORRUPT;
	memcpy(j->chain, chain, SHA256_LEN);
	*ret_len = len;
	return 0;
}

/* What is left behind the last whole frame is at most one frame. */
static int cut_tail(struct journal *j, uint64_t end)
{
	if (end - j->size > sizeof(j->frame))
		return HUFU_ERR_CORRUPT;
	if (ftruncate(j->fd, (off_t)j->size) || fsync(j->fd))
		return file_error(errno);
	return 0;
}

static int replay(struct journal *j, journal_seen seen, void *arg)
{
	uint8_t head[MAGIC_LEN];
	struct stat st;
	uint64_t end;
	size_t len = 0;
	int rc;

	if (fstat(j->fd, &st))
		return HUFU_ERR_IO;
	end = (uint64_t)st.st_size;
	rc = read_all(j->fd, head, sizeof(head), 0);
	if (rc == HUFU_ERR_TRUNCATED || (!rc && memcmp(head, magic, MAGIC_LEN)))
		return HUFU_ERR_CORRUPT;
	j->size = MAGIC_LEN;
	while (!rc && j->size < end) {
		rc = read_frame(j, end, &len);
		if (!rc)
			rc = see_records(j, len, seen, arg);
		if (!rc)
			j->size += HEAD_LEN + len + SHA256_LEN;
	}
	if (rc == HUFU_ERR_TRUNCATED)
		rc = cut_tail(j, end);
	/* the first frame was made by a rename: it cannot be torn */
	return !rc && j->size == MAGIC_LEN ? HUFU_ERR_CORRUPT : rc;
}

int journal_open(
        const char *path, journal_seen seen, void *arg, struct journal **ret)
{
	struct journal *j = calloc(1, sizeof(*j));
	int rc = 0;

	if (!j)
		return HUFU_ERR_MEMORY;
	j->fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (j->fd < 0)
		rc = errno == ENOENT ? HUFU_ERR_NOT_FOUND : file_error(errno);
	else if (flock(j->fd, LOCK_EX | LOCK_NB))
		rc = errno == EWOULDBLOCK ? HUFU_ERR_BUSY : HUFU_ERR_IO;
	if (!rc)
		rc = replay(j, seen, arg);
	if (rc)
		journal_close(j);
	else
		*ret = j;
	return rc;
}

void journal_close(struct journal *j)
{
	if (!j)
		return;
	if (j->fd >= 0)
		(void)close(j->fd); /* what was promised is synced */
	free(j);
}

int journal_put(struct journal *j, struct span record, uint64_t *ret_offset)
{
	struct writer w;

	if (record.len > JOURNAL_RECORD_MAX)
		return HUFU_ERR_LIMIT;
	writer_init(
	        &w, &j->frame[HEAD_LEN + j->fill], JOURNAL_FRAME_MAX - j->fill);
	writer_put_u16(&w, (uint16_t)record.len);
	writer_put_span(&w, record);
	if (w.error)
		return w.error;
	*ret_offset = j->size + HEAD_LEN + j->fill;
	j->fill += w.len;
	return 0;
}

bool journal_dirty(const struct journal *j)
{
	return j->fill > 0;
}

int journal_sync(struct journal *j)
{
	uint8_t chain[SHA256_LEN];
	size_t len;
	int rc;

	if (j->fill == 0)
		return 0;
	len = close_frame(j, chain);
	rc = write_all(j->fd, j->frame, len, j->size);
	if (!rc && fsync(j->fd))
		rc = file_error(errno);
	if (rc)
		return rc;
	j->size += len;
	j->fill = 0;
	memcpy(j->chain, chain, sizeof(chain));
	return 0;
}

int journal_read(struct journal *j, uint64_t offset, struct writer *ret)
{
	uint8_t record[RECORD_HEAD_LEN + JOURNAL_RECORD_MAX];
	struct reader r;
	size_t len;
	int rc = 0;

	if (offset >= j->size) { /* not yet synced */
		reader_init(&r, span_of(&j->frame[HEAD_LEN], j->fill));
		(void)reader_get_span(&r, offset - j->size - HEAD_LEN);
		writer_put_span(ret, reader_get_span(&r, reader_get_u16(&r)));
		return r.error ? HUFU_ERR_CORRUPT : ret->error;
	}
	rc = read_all(j->fd, record, RECORD_HEAD_LEN, offset);
	if (rc)
		return HUFU_ERR_CORRUPT;
	len = (size_t)record[0] << 8 | record[1];
	if (len > JOURNAL_RECORD_MAX)
		return HUFU_ERR_CORRUPT;
	rc = read_all(
	        j->fd, &record[RECORD_HEAD_LEN], len, offset + RECORD_HEAD_LEN);
	if (rc)
		return HUFU_ERR_CORRUPT;
	writer_put(ret, &record[RECORD_HEAD_LEN], len);
	return ret->error;
}
