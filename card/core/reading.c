#include "card/core/file.h"
#include "card/core/instruction.h"
#include "crypto/core/mem.h"

enum {
	P1_SHORT_ID = 0x80,
	SHORT_ID_MASK = 0x1F,
	TAG_OFFSET = 0x54,
	TAG_DATA = 0x53,
	TLV_HEAD_MAX = 4,
	CHALLENGE_MAX = 32,
	CHALLENGE_DEFAULT = 8,
};

/* Finds the file and holds the reader's rights against it. */
static uint16_t open_file(struct card *c, uint16_t id, struct file *ret)
{
	if (id == 0)
		return CARD_SW_NOT_FOUND;
	int rc = file_find(c, id, ret);
	if (rc)
		return instruction_failed(rc);
	if (ret->protected && !c->secured)
		return CARD_SW_SECURITY_STATUS;
	c->file = id;
	return CARD_SW_OK;
}

static size_t wanted_len(const struct command *in, const struct writer *out)
{
	size_t want = in->le_present ? in->le : out->cap;
	return want < out->cap ? want : out->cap;
}

/* Appends at most `want` bytes; 6B00 at or behind the end. */
static uint16_t put_part(struct card *c, const struct file *f, size_t at,
        size_t want, struct writer *out)
{
	if (at >= f->len)
		return CARD_SW_PAST_END;
	size_t len = f->len - at < want ? f->len - at : want;
	int rc = file_read(c, f, at, out->data + out->len, len);
	if (rc)
		return instruction_failed(rc);
	out->len += len;
	return CARD_SW_OK;
}

uint16_t instruction_read_binary(
        struct card *c, const struct command *in, struct writer *out)
{
	struct file f;
	uint16_t id = c->file;
	size_t at = command_p1p2(in);
	if (in->data.len > 0)
		return CARD_SW_WRONG_LENGTH;
	if (in->p1 & P1_SHORT_ID) {
		if (in->p1 & ~(P1_SHORT_ID | SHORT_ID_MASK))
			return CARD_SW_WRONG_P1P2;
		id = file_of_short_id(c, in->p1 & SHORT_ID_MASK);
		at = in->p2;
	}
	uint16_t sw = open_file(c, id, &f);
	if (sw != CARD_SW_OK)
		return sw;
	return put_part(c, &f, at, wanted_len(in, out), out);
}

/* Offset data object 54, at most four bytes. */
static int decode_offset(struct span data, size_t *ret)
{
	struct reader r;
	size_t at = 0;
	reader_init(&r, data);
	uint8_t tag = reader_get_u8(&r);
	uint8_t len = reader_get_u8(&r);
	if (r.error || tag != TAG_OFFSET || len == 0 || len > 4)
		return HUFU_ERR_MALFORMED;
	for (uint8_t i = 0; i < len; i++)
		at = at << 8 | reader_get_u8(&r);
	*ret = at;
	return reader_done(&r);
}

static void put_length(struct writer *out, size_t len)
{
	if (len > 0xFF)
		writer_put_u8(out, 0x82);
	else if (len > 0x7F)
		writer_put_u8(out, 0x81);
	if (len > 0xFF)
		writer_put_u16(out, (uint16_t)len);
	else
		writer_put_u8(out, (uint8_t)len);
}

uint16_t instruction_read_binary_odd(
        struct card *c, const struct command *in, struct writer *out)
{
	struct file f;
	size_t at;
	uint16_t id = command_p1p2(in);
	if (decode_offset(in->data, &at))
		return CARD_SW_WRONG_DATA;
	if (id == 0)
		id = c->file;
	else if (id <= SHORT_ID_MASK)
		id = file_of_short_id(c, (uint8_t)id);
	uint16_t sw = open_file(c, id, &f);
	if (sw != CARD_SW_OK)
		return sw;
	if (at >= f.len)
		return CARD_SW_PAST_END;
	size_t want = wanted_len(in, out);
	if (want <= TLV_HEAD_MAX)
		return CARD_SW_WRONG_LENGTH;
	want -= TLV_HEAD_MAX;
	writer_put_u8(out, TAG_DATA);
	put_length(out, f.len - at < want ? f.len - at : want);
	return put_part(c, &f, at, want, out);
}

uint16_t instruction_update_binary(
        struct card *c, const struct command *in, struct writer *out)
{
	struct memory_record next = c->memory.now;
	struct file f;
	uint16_t id = c->file;
	uint16_t at = command_p1p2(in);
	(void)out; /* no data in the answer */
	if (in->p1 & P1_SHORT_ID) {
		id = file_of_short_id(c, in->p1 & SHORT_ID_MASK);
		at = in->p2;
	}
	uint16_t sw = open_file(c, id, &f);
	if (sw == CARD_SW_OK && id != CARD_EF_STATUS)
		sw = CARD_SW_CONDITIONS;
	else if (sw == CARD_SW_OK && at != 0)
		sw = CARD_SW_PAST_END;
	else if (sw == CARD_SW_OK && in->data.len != CARD_STATUS_LEN)
		sw = CARD_SW_WRONG_LENGTH;
	if (sw == CARD_SW_OK) {
		memcpy(next.status, in->data.data, CARD_STATUS_LEN);
		sw = instruction_commit(c, &next);
	}
	bytes_wipe(&next, sizeof next);
	return sw;
}

uint16_t instruction_get_challenge(
        struct card *c, const struct command *in, struct writer *out)
{
	uint8_t bytes[CHALLENGE_MAX];
	size_t len = in->le_present ? in->le : CHALLENGE_DEFAULT;
	if (command_p1p2(in) != 0)
		return CARD_SW_WRONG_P1P2;
	if (in->data.len > 0)
		return CARD_SW_WRONG_LENGTH;
	if (len > sizeof bytes)
		len = sizeof bytes;
	int rc = port_random(c->port, bytes, len);
	if (rc)
		return instruction_failed(rc);
	writer_put(out, bytes, len);
	return CARD_SW_OK;
}

/* card_abi.h says what is signed. */
uint16_t instruction_internal_authenticate(
        struct card *c, const struct command *in, struct writer *out)
{
	const struct memory_record *now = &c->memory.now;
	uint8_t message[128], nonce[CARD_NONCE_LEN], sig[CARD_SIGNATURE_LEN];
	struct writer w;
	if (command_p1p2(in) != 0)
		return CARD_SW_WRONG_P1P2;
	if (in->data.len != CARD_CHALLENGE_LEN)
		return CARD_SW_WRONG_LENGTH;
	if (!c->application)
		return CARD_SW_CONDITIONS;
	int rc = port_random(c->port, nonce, sizeof nonce);
	writer_init(&w, message, sizeof message);
	writer_put_text(&w, CARD_IA_DOMAIN);
	writer_put_u8(&w, now->suite);
	writer_put(&w, now->object_hash, PORT_HASH_LEN);
	writer_put_span(&w, in->data);
	writer_put(&w, nonce, sizeof nonce);
	if (!rc)
		rc = w.error;
	if (!rc)
		rc = port_key_sign(
		        c->port, &now->chip_key, writer_span(&w), sig);
	if (rc)
		return instruction_failed(rc);
	writer_put(out, nonce, sizeof nonce);
	writer_put(out, sig, sizeof sig);
	return CARD_SW_OK;
}
