#include "card/terminal/perso.h"

#include <string.h>

#include "card/terminal/tlv.h"
#include "crypto/core/sha256.h"

enum {
	INSTALL_P1_PERSONALIZATION = 0x20,
	PUT_KEY_P2_THREE = 0x81, /* more than one key, the first is number 1 */
	STORE_LAST = 0x80,
	DGI_LONG = 0xFF,
	DGI_SHORT_MAX = 0xFE,
	DGI_MAX = 0xFFFF,
	FIRST_BLOCK_LEN = CARD_PLAIN_MAX - CARD_BLOCK0_HEAD_LEN,
	TAG_PUBLIC_KEY = 0x7F49,
	TAG_POINT = 0x86,
	TAG_KDD = 0xCF,
	BLOCKS_MAX = 0xFFFF,
	KEY_BLOCK_LEN = 1 + CARD_KEY_LEN, /* length, encrypted key */
	KEY_CHECK_LEN = 3,
	ANSWER_CAP = 256 + 2,
};

/* One command whose only good end is 9000. */
static int send_plain(struct terminal *t, const struct apdu *a)
{
	uint8_t space[ANSWER_CAP];
	struct writer answer;
	writer_init(&answer, space, sizeof space);
	int rc = terminal_send(t, a, &answer);
	return rc ? rc : terminal_check_sw(t);
}

static int get_data(struct terminal *t, uint16_t tag, struct writer *ret)
{
	const struct apdu a = {
	        .cla = CARD_CLA_ISO,
	        .ins = CARD_INS_GET_DATA,
	        .p1 = (uint8_t)(tag >> 8),
	        .p2 = (uint8_t)tag,
	        .le = APDU_LE_SHORT,
	};
	int rc = terminal_send(t, &a, ret);
	return rc ? rc : terminal_check_sw(t);
}

int perso_identify(struct terminal *t, uint8_t ret_serial[CARD_SERIAL_LEN])
{
	uint8_t space[ANSWER_CAP];
	struct writer answer;
	struct span serial;
	writer_init(&answer, space, sizeof space);
	int rc = get_data(t, CARD_TAG_KDD, &answer);
	if (rc == 0)
		rc = tlv_find(writer_span(&answer), TAG_KDD, &serial);
	if (rc == 0 && serial.len != CARD_SERIAL_LEN)
		rc = HUFU_ERR_MALFORMED;
	if (rc == 0)
		memcpy(ret_serial, serial.data, CARD_SERIAL_LEN);
	return rc;
}

static int parse_progress(struct span in, struct perso_progress *p)
{
	struct reader r;
	reader_init(&r, in);
	p->state = (enum card_state)reader_get_u8(&r);
	struct span job = reader_get_span(&r, CARD_JOB_ID_LEN);
	p->fencing = reader_get_u64(&r);
	uint8_t present = reader_get_u8(&r);
	p->next_block = reader_get_u16(&r);
	struct span hash = reader_get_span(&r, sizeof p->hash);
	if (r.error || present > 1)
		return HUFU_ERR_MALFORMED;
	p->key_present = present == 1;
	memcpy(p->job, job.data, job.len);
	memcpy(p->hash, hash.data, hash.len);
	return reader_done(&r);
}

int perso_get_progress(struct terminal *t, struct perso_progress *ret)
{
	uint8_t space[ANSWER_CAP];
	struct writer answer;
	struct span value;
	struct perso_progress p;
	writer_init(&answer, space, sizeof space);
	int rc = get_data(t, CARD_TAG_PROGRESS, &answer);
	if (rc == 0)
		rc = tlv_find(writer_span(&answer), CARD_TAG_PROGRESS, &value);
	if (rc == 0 && value.len != CARD_PROGRESS_LEN)
		rc = HUFU_ERR_MALFORMED;
	if (rc == 0)
		rc = parse_progress(value, &p);
	if (rc == 0)
		*ret = p;
	return rc;
}

int perso_open_channel(struct terminal *t, scp03_provider provider, void *arg)
{
	if (!t->selected)
		return HUFU_ERR_STATE;
	int rc = scp03_open(&t->channel, t->transport, 0, provider, arg);
	if (rc == TERMINAL_LINK_LOST)
		t->selected = false;
	return rc;
}

uint8_t perso_key_version(const struct terminal *t)
{
	return t->channel.request.key_version;
}

/*
 * The answer is the new version and the three check values; those sent
 * stand behind each key: type, length[1], key block, 03, check value.
 */
static int check_put_key_answer(struct span block, struct span answer)
{
	struct reader sent, got;
	reader_init(&sent, block);
	reader_init(&got, answer);
	if (reader_get_u8(&sent) != reader_get_u8(&got))
		return TERMINAL_MISMATCH;
	for (int i = 0; i < 3; i++) {
		(void)reader_get_u8(&sent); /* key type */
		(void)reader_get_span(&sent, reader_get_u8(&sent));
		struct span want = reader_get_span(&sent, reader_get_u8(&sent));
		struct span have = reader_get_span(&got, KEY_CHECK_LEN);
		if (sent.error || want.len != KEY_CHECK_LEN)
			return HUFU_ERR_ARGUMENT;
		if (got.error || !span_equal(want, have))
			return TERMINAL_MISMATCH;
	}
	return reader_done(&got) == 0 ? 0 : TERMINAL_MISMATCH;
}

int perso_put_keys(struct terminal *t, uint8_t old_version, struct span block)
{
	uint8_t space[ANSWER_CAP];
	struct writer answer;
	const struct apdu a = {
	        .cla = CARD_CLA_GP,
	        .ins = CARD_INS_PUT_KEY,
	        .p1 = old_version,
	        .p2 = PUT_KEY_P2_THREE,
	        .data = block,
	};
	writer_init(&answer, space, sizeof space);
	int rc = terminal_send(t, &a, &answer);
	if (rc == 0)
		rc = terminal_check_sw(t);
	if (rc == 0)
		rc = check_put_key_answer(block, writer_span(&answer));
	return rc;
}

int perso_open_job(struct terminal *t, const uint8_t job[CARD_JOB_ID_LEN],
        uint64_t fencing, enum card_suite suite)
{
	uint8_t data[CARD_OPEN_JOB_LEN];
	struct perso_progress p;
	struct writer w;
	writer_init(&w, data, sizeof data);
	writer_put(&w, job, CARD_JOB_ID_LEN);
	writer_put_u64(&w, fencing);
	writer_put_u8(&w, (uint8_t)suite);
	const struct apdu a = {
	        .cla = CARD_CLA_GP,
	        .ins = CARD_INS_OPEN_JOB,
	        .data = writer_span(&w),
	};
	int rc = send_plain(t, &a);
	if (rc != TERMINAL_REFUSED)
		return rc;
	uint16_t sw = t->sw;
	if (perso_get_progress(t, &p) != 0)
		return rc;
	t->sw = sw;
	if (p.state == CARD_SECURED || p.state == CARD_LOCKED)
		return TERMINAL_PERSONALISED;
	return p.fencing > fencing ? TERMINAL_STALE_JOB : rc;
}

int perso_generate_key(struct terminal *t, uint8_t ret_point[CARD_POINT_LEN])
{
	uint8_t space[ANSWER_CAP];
	struct writer answer;
	struct span key, point;
	const struct apdu a = {
	        .cla = CARD_CLA_GP,
	        .ins = CARD_INS_GENERATE_KEY_PAIR,
	        .le = APDU_LE_SHORT,
	};
	writer_init(&answer, space, sizeof space);
	int rc = terminal_send(t, &a, &answer);
	if (rc == 0)
		rc = terminal_check_sw(t);
	if (rc == 0)
		rc = tlv_find(writer_span(&answer), TAG_PUBLIC_KEY, &key);
	if (rc == 0)
		rc = tlv_find(key, TAG_POINT, &point);
	if (rc == 0 && (point.len != CARD_POINT_LEN || point.data[0] != 0x04))
		rc = HUFU_ERR_MALFORMED;
	if (rc == 0)
		memcpy(ret_point, point.data, CARD_POINT_LEN);
	return rc;
}

void perso_put_dgi(struct writer *w, uint16_t id, struct span value)
{
	if (value.len > DGI_MAX) {
		writer_fail(w, HUFU_ERR_LIMIT);
		return;
	}
	writer_put_u16(w, id);
	if (value.len > DGI_SHORT_MAX) {
		writer_put_u8(w, DGI_LONG);
		writer_put_u16(w, (uint16_t)value.len);
	} else {
		writer_put_u8(w, (uint8_t)value.len);
	}
	writer_put_span(w, value);
}

size_t perso_block_count(size_t stream_len)
{
	if (stream_len <= FIRST_BLOCK_LEN)
		return 1;
	stream_len -= FIRST_BLOCK_LEN;
	return 1 + (stream_len + CARD_PLAIN_MAX - 1) / CARD_PLAIN_MAX;
}

/* Bytes of the stream that stand before block n. */
static size_t block_start(size_t n, size_t stream_len)
{
	size_t at = n ? FIRST_BLOCK_LEN + (n - 1) * CARD_PLAIN_MAX : 0;
	return at < stream_len ? at : stream_len;
}

static int send_block(struct terminal *t, struct span stream, size_t n)
{
	uint8_t data[CARD_PLAIN_MAX];
	struct writer w;
	size_t from = block_start(n, stream.len);
	size_t to = block_start(n + 1, stream.len);
	bool last = n + 1 == perso_block_count(stream.len);
	writer_init(&w, data, sizeof data);
	if (n == 0) {
		uint8_t hash[SHA256_LEN];
		sha256_of(stream, hash);
		writer_put_u32(&w, (uint32_t)stream.len);
		writer_put(&w, hash, sizeof hash);
	}
	writer_put(&w, stream.data + from, to - from);
	const struct apdu a = {
	        .cla = CARD_CLA_GP,
	        .ins = CARD_INS_STORE_DATA,
	        .p1 = last ? STORE_LAST : 0,
	        .p2 = (uint8_t)n,
	        .data = writer_span(&w),
	};
	int rc = w.error ? w.error : send_plain(t, &a);
	bytes_wipe(data, sizeof data);
	return rc;
}

/* Does the card hold the start of this very stream? */
static bool has_prefix(const struct perso_progress *p, struct span stream)
{
	uint8_t hash[SHA256_LEN];
	if (p->next_block == 0)
		return true;
	stream.len = block_start(p->next_block, stream.len);
	sha256_of(stream, hash);
	return memcmp(hash, p->hash, sizeof hash) == 0;
}

int perso_store(struct terminal *t, struct span stream, unsigned *ret_sent)
{
	struct perso_progress p;
	unsigned sent = 0;
	size_t blocks = perso_block_count(stream.len);
	if (blocks > BLOCKS_MAX || stream.len > UINT32_MAX)
		return HUFU_ERR_LIMIT;
	int rc = perso_get_progress(t, &p);
	if (rc != 0)
		return rc;
	if (p.next_block > blocks || !has_prefix(&p, stream))
		return TERMINAL_MISMATCH;
	for (size_t n = p.next_block; rc == 0 && n < blocks; n++) {
		rc = send_block(t, stream, n);
		sent += rc == 0;
	}
	if (ret_sent)
		*ret_sent = sent;
	return rc;
}

int perso_activate(struct terminal *t, const uint8_t hash[32])
{
	const struct apdu a = {
	        .cla = CARD_CLA_GP,
	        .ins = CARD_INS_ACTIVATE,
	        .data = {hash, 32},
	};
	return send_plain(t, &a);
}
