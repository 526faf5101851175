#include "card/core/memory.h"

#include "crypto/core/mem.h"

enum {
	HEADER_MAGIC = 0x48464831, /* "HFH1" */
	HEADER_LEN = 4 + CARD_SERIAL_LEN + CARD_KEY_LEN + PORT_HASH_LEN,
	RECORD_MAGIC = 0x48465231, /* "HFR1" */
	RECORD_MAX = 512,
	READ_STEP = 256,
};

static uint32_t slot_at(uint32_t sequence)
{
	return MEMORY_SLOT_AT + (sequence & 1) * MEMORY_SLOT_LEN;
}

/* Fields in the order of struct memory_record; big-endian. */
static void record_put(struct writer *w, const struct memory_record *r)
{
	writer_put_u32(w, RECORD_MAGIC);
	writer_put_u32(w, r->sequence);
	writer_put_u8(w, (uint8_t)r->state);
	writer_put_u8(w, r->key_version);
	writer_put(w, r->key, sizeof r->key);
	writer_put_u8(w, r->tries);
	writer_put_u32(w, r->channel_counter);
	writer_put(w, r->job, sizeof r->job);
	writer_put_u64(w, r->fencing);
	writer_put_u8(w, r->suite);
	writer_put_u8(w, r->chip_key_present);
	writer_put(w, r->chip_key.private_key, PORT_PRIVATE_LEN);
	writer_put(w, r->chip_key.point, CARD_POINT_LEN);
	writer_put_u32(w, r->total_len);
	writer_put(w, r->total_hash, PORT_HASH_LEN);
	writer_put_u16(w, r->blocks);
	writer_put_u8(w, r->complete);
	writer_put_u32(w, r->stream_len);
	writer_put(w, r->stream_hash, PORT_HASH_LEN);
	writer_put(w, r->object_hash, PORT_HASH_LEN);
	writer_put(w, r->status, CARD_STATUS_LEN);
}

static void get_bytes(struct reader *r, void *ret, size_t len)
{
	struct span s = reader_get_span(r, len);
	if (s.data)
		memcpy(ret, s.data, len);
}

/* The CMAC has been checked: these are bytes that record_put() wrote. */
static void record_get(struct reader *r, struct memory_record *ret)
{
	(void)reader_get_u32(r); /* magic, under the CMAC */
	ret->sequence = reader_get_u32(r);
	ret->state = (enum card_state)reader_get_u8(r);
	ret->key_version = reader_get_u8(r);
	get_bytes(r, ret->key, sizeof ret->key);
	ret->tries = reader_get_u8(r);
	ret->channel_counter = reader_get_u32(r);
	get_bytes(r, ret->job, sizeof ret->job);
	ret->fencing = reader_get_u64(r);
	ret->suite = reader_get_u8(r);
	ret->chip_key_present = reader_get_u8(r);
	ret->chip_key.suite = (enum card_suite)ret->suite;
	get_bytes(r, ret->chip_key.private_key, PORT_PRIVATE_LEN);
	get_bytes(r, ret->chip_key.point, CARD_POINT_LEN);
	ret->total_len = reader_get_u32(r);
	get_bytes(r, ret->total_hash, PORT_HASH_LEN);
	ret->blocks = reader_get_u16(r);
	ret->complete = reader_get_u8(r);
	ret->stream_len = reader_get_u32(r);
	get_bytes(r, ret->stream_hash, PORT_HASH_LEN);
	get_bytes(r, ret->object_hash, PORT_HASH_LEN);
	get_bytes(r, ret->status, CARD_STATUS_LEN);
}

static size_t record_len(void)
{
	static const struct memory_record none;
	uint8_t raw[RECORD_MAX];
	struct writer w;
	writer_init(&w, raw, sizeof raw);
	record_put(&w, &none);
	return w.len;
}

static int record_mac(struct memory *m, const uint8_t *raw, size_t len,
        uint8_t ret[PORT_BLOCK_LEN])
{
	struct span part = span_of(raw, len);
	return port_cmac(m->port, m->device_key, &part, 1, ret);
}

/* HUFU_ERR_CORRUPT when this slot holds no record. */
static int slot_read(struct memory *m, unsigned slot, struct memory_record *ret)
{
	uint8_t raw[RECORD_MAX], mac[PORT_BLOCK_LEN];
	size_t len = record_len();
	struct reader r;
	int rc =
	        port_nv_read(m->port, slot_at(slot), raw, len + PORT_BLOCK_LEN);
	if (rc)
		goto out;
	rc = record_mac(m, raw, len, mac);
	if (rc)
		goto out;
	if (!bytes_equal_secret(mac, raw + len, PORT_BLOCK_LEN)) {
		rc = HUFU_ERR_CORRUPT;
		goto out;
	}
	reader_init(&r, span_of(raw, len));
	record_get(&r, ret);
	if (reader_done(&r) || ret->stream_len > MEMORY_STREAM_MAX ||
	        ret->blocks > MEMORY_BLOCKS_MAX)
		rc = HUFU_ERR_CORRUPT;
out:
	bytes_wipe(raw, sizeof raw);
	return rc;
}

static int read_header(struct memory *m)
{
	uint8_t raw[HEADER_LEN], hash[PORT_HASH_LEN];
	const size_t body = HEADER_LEN - PORT_HASH_LEN;
	struct port_hash h;
	struct reader r;
	int rc = port_nv_read(m->port, MEMORY_HEADER_AT, raw, sizeof raw);
	if (rc)
		return rc;
	port_hash_init(&h, CARD_SUITE_INTL);
	port_hash_put(&h, raw, body);
	port_hash_end(&h, hash);
	reader_init(&r, span_of(raw, body));
	if (reader_get_u32(&r) != HEADER_MAGIC ||
	        memcmp(hash, raw + body, PORT_HASH_LEN) != 0)
		return HUFU_ERR_CORRUPT;
	get_bytes(&r, m->serial, CARD_SERIAL_LEN);
	get_bytes(&r, m->device_key, CARD_KEY_LEN);
	bytes_wipe(raw, sizeof raw);
	return reader_done(&r);
}

static int read_newest_record(struct memory *m)
{
	struct memory_record other;
	int first = slot_read(m, 0, &m->now);
	int second = slot_read(m, 1, &other);
	if (first && first != HUFU_ERR_CORRUPT)
		return first;
	if (second && second != HUFU_ERR_CORRUPT)
		return second;
	if (first && second)
		return HUFU_ERR_CORRUPT;
	if (first || (!second && other.sequence > m->now.sequence))
		m->now = other;
	bytes_wipe(&other, sizeof other);
	return HUFU_OK;
}

static int check_stream(struct memory *m)
{
	uint8_t step[READ_STEP], hash[PORT_HASH_LEN];
	struct port_hash copy;
	port_hash_init(&m->running, CARD_SUITE_INTL);
	for (uint32_t at = 0; at < m->now.stream_len; at += READ_STEP) {
		size_t len = m->now.stream_len - at;
		if (len > READ_STEP)
			len = READ_STEP;
		int rc = memory_read(m, at, step, len);
		if (rc)
			return rc;
		port_hash_put(&m->running, step, len);
	}
	copy = m->running;
	port_hash_end(&copy, hash);
	if (memcmp(hash, m->now.stream_hash, PORT_HASH_LEN) != 0)
		return HUFU_ERR_CORRUPT;
	return HUFU_OK;
}

int memory_open(struct memory *m, struct card_port *port)
{
	*m = (struct memory){.port = port};
	int rc = read_header(m);
	if (!rc)
		rc = read_newest_record(m);
	if (!rc)
		rc = check_stream(m);
	if (!rc && m->now.state == CARD_TERMINATED)
		rc = memory_wipe(m);
	m->valid = rc == HUFU_OK;
	return rc;
}

static int write_and_compare(
        struct memory *m, uint32_t at, const uint8_t *data, size_t len)
{
	uint8_t back[READ_STEP];
	int rc = port_nv_write(m->port, at, data, len);
	for (size_t done = 0; !rc && done < len; done += READ_STEP) {
		size_t n = len - done < READ_STEP ? len - done : READ_STEP;
		rc = port_nv_read(m->port, at + (uint32_t)done, back, n);
		if (!rc && memcmp(back, data + done, n) != 0)
			rc = HUFU_ERR_IO;
	}
	bytes_wipe(back, sizeof back);
	return rc;
}

int memory_commit(struct memory *m, const struct memory_record *next)
{
	uint8_t raw[RECORD_MAX];
	struct memory_record record = *next;
	struct writer w;
	record.sequence = m->now.sequence + 1;
	writer_init(&w, raw, sizeof raw - PORT_BLOCK_LEN);
	record_put(&w, &record);
	int rc = w.error;
	if (!rc)
		rc = record_mac(m, raw, w.len, raw + w.len);
	if (!rc)
		rc = write_and_compare(m, slot_at(record.sequence), raw,
		        w.len + PORT_BLOCK_LEN);
	if (!rc)
		m->now = record;
	if (!rc && record.stream_len == 0)
		port_hash_init(&m->running, CARD_SUITE_INTL);
	port_tick(m->port);
	bytes_wipe(raw, sizeof raw);
	bytes_wipe(&record, sizeof record);
	return rc;
}

void memory_empty_stream(struct memory_record *next)
{
	struct port_hash empty;
	next->total_len = 0;
	memset(next->total_hash, 0, PORT_HASH_LEN);
	next->blocks = 0;
	next->complete = false;
	next->stream_len = 0;
	port_hash_init(&empty, CARD_SUITE_INTL);
	port_hash_end(&empty, next->stream_hash);
}

int memory_append(
        struct memory *m, struct span block, struct memory_record *next)
{
	uint8_t end[2];
	struct writer w;
	uint32_t at = m->now.stream_len;
	if (block.len > MEMORY_STREAM_MAX - at ||
	        m->now.blocks >= MEMORY_BLOCKS_MAX)
		return HUFU_ERR_FULL;
	next->stream_len = at + (uint32_t)block.len;
	next->blocks = (uint16_t)(m->now.blocks + 1);
	writer_init(&w, end, sizeof end);
	writer_put_u16(&w, (uint16_t)next->stream_len);
	int rc = write_and_compare(
	        m, MEMORY_STREAM_AT + at, block.data, block.len);
	if (!rc)
		rc = write_and_compare(m, MEMORY_BLOCKS_AT + m->now.blocks * 2u,
		        end, sizeof end);
	if (rc)
		return rc;
	struct port_hash grown = m->running;
	port_hash_put(&grown, block.data, block.len);
	struct port_hash copy = grown;
	port_hash_end(&copy, next->stream_hash);
	rc = memory_commit(m, next);
	if (!rc)
		m->running = grown;
	return rc;
}

int memory_find_block(
        struct memory *m, uint16_t n, uint32_t *ret_at, uint32_t *ret_len)
{
	uint8_t ends[4] = {0};
	struct reader r;
	int rc = n ? port_nv_read(m->port, MEMORY_BLOCKS_AT + (n - 1u) * 2u,
	                     ends, sizeof ends)
	           : port_nv_read(m->port, MEMORY_BLOCKS_AT, ends + 2, 2);
	if (rc)
		return rc;
	reader_init(&r, span_of(ends, sizeof ends));
	uint32_t at = reader_get_u16(&r);
	uint32_t end = reader_get_u16(&r);
	if (end < at || end > m->now.stream_len)
		return HUFU_ERR_CORRUPT;
	*ret_at = at;
	*ret_len = end - at;
	return HUFU_OK;
}

int memory_read(struct memory *m, uint32_t at, uint8_t *ret, size_t len)
{
	return port_nv_read(m->port, MEMORY_STREAM_AT + at, ret, len);
}

int memory_wipe(struct memory *m)
{
	uint8_t other[RECORD_MAX];
	uint32_t at = slot_at(m->now.sequence + 1);
	int rc = port_nv_read(m->port, at, other, sizeof other);
	if (rc)
		return rc;
	bool erased = true;
	for (size_t i = 0; i < sizeof other; i++)
		erased = erased && other[i] == 0xFF;
	bytes_wipe(other, sizeof other);
	if (erased)
		return HUFU_OK;
	/* the old slot goes last: while it stands, the wipe is not done */
	rc = port_nv_erase(m->port, MEMORY_STREAM_AT, MEMORY_STREAM_MAX);
	if (!rc)
		rc = port_nv_erase(
		        m->port, MEMORY_BLOCKS_AT, MEMORY_BLOCKS_MAX * 2);
	if (!rc)
		rc = port_nv_erase(m->port, at, MEMORY_SLOT_LEN);
	return rc;
}

int memory_make_blank(struct card_port *port, const struct memory_blank *blank)
{
	uint8_t raw[HEADER_LEN];
	struct writer w;
	struct port_hash h;
	struct memory m = {.port = port};
	struct memory_record first = {.state = CARD_OP_READY,
	        .key_version = CARD_KVN_TRANSPORT,
	        .tries = MEMORY_KEY_TRIES};
	int rc = port_random(port, m.device_key, CARD_KEY_LEN);
	if (rc)
		return rc;
	memcpy(first.key, blank->key, sizeof first.key);
	memory_empty_stream(&first);
	writer_init(&w, raw, sizeof raw);
	writer_put_u32(&w, HEADER_MAGIC);
	writer_put(&w, blank->serial, CARD_SERIAL_LEN);
	writer_put(&w, m.device_key, CARD_KEY_LEN);
	port_hash_init(&h, CARD_SUITE_INTL);
	port_hash_put(&h, raw, w.len);
	port_hash_end(&h, raw + w.len);
	rc = port_nv_erase(port, 0, PORT_NV_SIZE);
	if (!rc)
		rc = memory_commit(&m, &first);
	if (!rc)
		rc = write_and_compare(&m, MEMORY_HEADER_AT, raw, sizeof raw);
	bytes_wipe(raw, sizeof raw);
	bytes_wipe(&m, sizeof m);
	bytes_wipe(&first, sizeof first);
	return rc;
}
