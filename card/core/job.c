#include "card/core/file.h"
#include "card/core/instruction.h"
#include "crypto/core/mem.h"

enum {
	P1_LAST_BLOCK = 0x80,
	P1_DGI_FORMAT = 0x08, /* GlobalPlatform's mark; it changes nothing */
	P1_PERSONALISE = 0x20,
	HASH_STEP = 128,
};

static bool same_job(const struct memory_record *now, struct span job)
{
	return now->suite != 0 &&
	       span_equal(job, span_of(now->job, CARD_JOB_ID_LEN));
}

/* What another job left behind is nothing to this one. */
static void begin_job(
        struct memory_record *next, struct span job, uint8_t suite)
{
	memcpy(next->job, job.data, CARD_JOB_ID_LEN);
	next->suite = suite;
	next->chip_key_present = false;
	bytes_wipe(&next->chip_key, sizeof next->chip_key);
	next->chip_key.suite = (enum card_suite)suite;
	memory_empty_stream(next);
}

uint16_t instruction_open_job(
        struct card *c, const struct command *in, struct writer *out)
{
	const struct memory_record *now = &c->memory.now;
	struct memory_record next = *now;
	struct reader r;
	uint16_t sw = CARD_SW_OK;
	(void)out; /* no data in the answer */
	reader_init(&r, in->data);
	struct span job = reader_get_span(&r, CARD_JOB_ID_LEN);
	uint64_t fencing = reader_get_u64(&r);
	uint8_t suite = reader_get_u8(&r);
	if (reader_done(&r))
		return CARD_SW_WRONG_LENGTH;
	if (command_p1p2(in) != 0)
		return CARD_SW_WRONG_P1P2;
	if (suite != CARD_SUITE_INTL && suite != CARD_SUITE_SM)
		return CARD_SW_WRONG_DATA;
	bool same = same_job(now, job);
	if (fencing < now->fencing || (same && suite != now->suite) ||
	        (!same && now->state == CARD_SECURED))
		return CARD_SW_CONDITIONS;
	if (!same || fencing > now->fencing) {
		next.fencing = fencing;
		if (!same)
			begin_job(&next, job, suite);
		sw = instruction_commit(c, &next);
	}
	c->job_open = sw == CARD_SW_OK;
	bytes_wipe(&next, sizeof next);
	return sw;
}

static void put_public_key(const struct card *c, struct writer *out)
{
	writer_put_u16(out, 0x7F49);
	writer_put_u8(out, 2 + CARD_POINT_LEN);
	writer_put_u8(out, 0x86);
	writer_put_u8(out, CARD_POINT_LEN);
	writer_put(out, c->memory.now.chip_key.point, CARD_POINT_LEN);
}

uint16_t instruction_generate_key_pair(
        struct card *c, const struct command *in, struct writer *out)
{
	struct memory_record next = c->memory.now;
	uint16_t sw = CARD_SW_OK;
	if (command_p1p2(in) != 0)
		return CARD_SW_WRONG_P1P2;
	if (in->data.len > 0)
		return CARD_SW_WRONG_LENGTH;
	if (!c->job_open)
		return CARD_SW_CONDITIONS;
	if (!next.chip_key_present) {
		port_tick(c->port);
		int rc = port_key_generate(
		        c->port, (enum card_suite)next.suite, &next.chip_key);
		next.chip_key_present = true;
		sw = rc ? instruction_failed(rc) : instruction_commit(c, &next);
	}
	if (sw == CARD_SW_OK)
		put_public_key(c, out);
	bytes_wipe(&next, sizeof next);
	return sw;
}

/*
 * GlobalPlatform tools send this before STORE DATA; here OPEN JOB does what
 * it would do, so its fields are only checked.
 */
uint16_t instruction_install(
        struct card *c, const struct command *in, struct writer *out)
{
	static const uint8_t aid[] = CARD_AID;
	struct reader r;
	(void)c; /* nothing is remembered */
	if (in->p1 != P1_PERSONALISE || in->p2 != 0)
		return CARD_SW_WRONG_P1P2;
	reader_init(&r, in->data);
	uint16_t absent = reader_get_u16(&r); /* load file, module */
	struct span name = reader_get_span(&r, reader_get_u8(&r));
	uint8_t privileges = reader_get_u8(&r);
	uint8_t parameters = reader_get_u8(&r);
	uint8_t token = reader_get_u8(&r);
	if (reader_done(&r) || absent || privileges || parameters || token)
		return CARD_SW_WRONG_DATA;
	if (!span_equal(name, span_of(aid, sizeof aid)))
		return CARD_SW_DATA_NOT_FOUND;
	writer_put_u8(out, 0);
	return CARD_SW_OK;
}

/* The newest stored block with this low byte; -1 for none. */
static int stored_block(const struct memory_record *now, uint8_t low)
{
	uint8_t back = (uint8_t)(now->blocks - low);
	int n = now->blocks - (back ? back : 256);
	return n < 0 ? -1 : n;
}

static bool equals_stored(struct card *c, uint32_t at, struct span data)
{
	uint8_t step[HASH_STEP];
	bool equal = true;
	for (size_t done = 0; equal && done < data.len; done += sizeof step) {
		size_t n = data.len - done;
		n = n < sizeof step ? n : sizeof step;
		equal = memory_read(&c->memory, at + (uint32_t)done, step, n) ==
		                HUFU_OK &&
		        memcmp(step, data.data + done, n) == 0;
	}
	bytes_wipe(step, sizeof step);
	return equal;
}

/* A repeated block: 9000 when it is what is stored, else 6985. */
static uint16_t repeat_block(struct card *c, const struct command *in, int n)
{
	const struct memory_record *now = &c->memory.now;
	bool last = now->complete && n == now->blocks - 1;
	struct span data = in->data;
	uint32_t at, len;
	if (((in->p1 & P1_LAST_BLOCK) != 0) != last)
		return CARD_SW_CONDITIONS;
	if (n == 0) {
		struct reader r;
		reader_init(&r, data);
		uint32_t total = reader_get_u32(&r);
		struct span hash = reader_get_span(&r, PORT_HASH_LEN);
		if (r.error || total != now->total_len ||
		        !span_equal(
		                hash, span_of(now->total_hash, PORT_HASH_LEN)))
			return CARD_SW_CONDITIONS;
		data = reader_get_span(&r, reader_left(&r));
	}
	int rc = memory_find_block(&c->memory, (uint16_t)n, &at, &len);
	if (rc)
		return instruction_failed(rc);
	if (len != data.len || !equals_stored(c, at, data))
		return CARD_SW_CONDITIONS;
	return CARD_SW_OK;
}

static uint16_t append_block(struct card *c, const struct command *in)
{
	struct memory_record next = c->memory.now;
	struct reader r;
	uint16_t sw = CARD_SW_WRONG_DATA;
	bool last = in->p1 & P1_LAST_BLOCK;
	reader_init(&r, in->data);
	if (next.blocks == 0) {
		next.total_len = reader_get_u32(&r);
		struct span hash = reader_get_span(&r, PORT_HASH_LEN);
		if (r.error)
			goto out;
		memcpy(next.total_hash, hash.data, PORT_HASH_LEN);
		if (next.total_len > MEMORY_STREAM_MAX) {
			sw = CARD_SW_NO_SPACE;
			goto out;
		}
	}
	struct span data = reader_get_span(&r, reader_left(&r));
	size_t left = next.total_len - c->memory.now.stream_len;
	/* the last block ends the stream, and no other does more */
	if (data.len > left || (last && data.len != left))
		goto out;
	next.complete = last;
	int rc = memory_append(&c->memory, data, &next);
	sw = rc ? instruction_failed(rc) : CARD_SW_OK;
out:
	bytes_wipe(&next, sizeof next);
	return sw;
}

uint16_t instruction_store_data(
        struct card *c, const struct command *in, struct writer *out)
{
	const struct memory_record *now = &c->memory.now;
	(void)out; /* no data in the answer */
	if (in->p1 & ~(P1_LAST_BLOCK | P1_DGI_FORMAT))
		return CARD_SW_WRONG_P1P2;
	if (!c->job_open)
		return CARD_SW_CONDITIONS;
	if (in->data.len == 0)
		return CARD_SW_WRONG_LENGTH;
	if (in->p2 == (uint8_t)now->blocks && !now->complete)
		return append_block(c, in);
	int n = stored_block(now, in->p2);
	return n < 0 ? CARD_SW_CONDITIONS : repeat_block(c, in, n);
}

/* H(EF.SO) in the card's suite: what INTERNAL AUTHENTICATE signs over. */
static int hash_object(
        struct card *c, const struct file *object, struct memory_record *next)
{
	uint8_t step[HASH_STEP];
	struct port_hash h;
	port_hash_init(&h, (enum card_suite)next->suite);
	for (size_t done = 0; done < object->len; done += sizeof step) {
		size_t n = object->len - done;
		n = n < sizeof step ? n : sizeof step;
		int rc = memory_read(
		        &c->memory, object->at + (uint32_t)done, step, n);
		if (rc)
			return rc;
		port_hash_put(&h, step, n);
	}
	port_hash_end(&h, next->object_hash);
	return HUFU_OK;
}

static int complete_record(struct card *c, struct memory_record *next)
{
	struct file_summary s;
	int rc = file_check_stream(c, &s);
	if (rc)
		return rc;
	if (!s.object_present || !s.can_present)
		return HUFU_ERR_MALFORMED;
	rc = hash_object(c, &s.object, next);
	if (!rc && s.status_present)
		rc = memory_read(
		        &c->memory, s.status.at, next->status, CARD_STATUS_LEN);
	next->state = CARD_SECURED;
	return rc;
}

uint16_t instruction_activate(
        struct card *c, const struct command *in, struct writer *out)
{
	const struct memory_record *now = &c->memory.now;
	struct memory_record next = *now;
	uint16_t sw;
	(void)out; /* no data in the answer */
	if (command_p1p2(in) != 0)
		return CARD_SW_WRONG_P1P2;
	if (in->data.len != PORT_HASH_LEN)
		return CARD_SW_WRONG_LENGTH;
	if (!c->job_open || !now->complete || !now->chip_key_present)
		return CARD_SW_CONDITIONS;
	if (!span_equal(in->data, span_of(now->stream_hash, PORT_HASH_LEN)) ||
	        memcmp(now->total_hash, now->stream_hash, PORT_HASH_LEN) != 0)
		return CARD_SW_WRONG_DATA;
	if (now->state == CARD_SECURED)
		return CARD_SW_OK;
	int rc = complete_record(c, &next);
	sw = rc ? instruction_failed(rc) : instruction_commit(c, &next);
	bytes_wipe(&next, sizeof next);
	return sw;
}
