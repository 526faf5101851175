#include "merchant/terminal/slot.h"

#include "crypto/core/mem.h"
#include "merchant/terminal/crc32.h"

enum {
	MAGIC = 0x48465331,
	HEAD_LEN = 4 + 8 + SLOT_PARTS * 8 + SLOT_EXTRA_LEN + SHA256_LEN,
	CRC_LEN = 4,
};

_Static_assert(HEAD_LEN + CRC_LEN <= FLASH_PAGE, "a head is one page");

static void encode_head(struct writer *w, const struct slot_head *h)
{
	writer_put_u32(w, MAGIC);
	writer_put_u64(w, h->generation);
	for (unsigned i = 0; i < SLOT_PARTS; i++) {
		writer_put_u32(w, h->parts[i].at);
		writer_put_u32(w, h->parts[i].len);
	}
	writer_put(w, h->extra, sizeof h->extra);
	writer_put(w, h->hash, sizeof h->hash);
	writer_put_u32(w, crc32_of(writer_span(w)));
}

static void hash_parts(
        uint32_t at, const struct slot_head *h, uint8_t ret[SHA256_LEN])
{
	struct sha256 hash;
	sha256_init(&hash);
	for (unsigned i = 0; i < SLOT_PARTS; i++)
		sha256_put(&hash,
		        flash_read(at + h->parts[i].at, h->parts[i].len).data,
		        h->parts[i].len);
	sha256_done(&hash, ret);
}

static bool is_within(const struct slot_part *part, uint32_t slot_len)
{
	return part->at >= SLOT_DATA_AT && part->at <= slot_len &&
	       part->len <= slot_len - part->at;
}

/* False: nothing that was ever finished. */
static bool read_head(uint32_t at, uint32_t slot_len, struct slot_head *ret)
{
	struct slot_head h = {0};
	struct reader r;
	bool good = true;
	reader_init(&r, flash_read(at, HEAD_LEN + CRC_LEN));
	good = reader_get_u32(&r) == MAGIC;
	h.generation = reader_get_u64(&r);
	for (unsigned i = 0; i < SLOT_PARTS; i++) {
		h.parts[i].at = reader_get_u32(&r);
		h.parts[i].len = reader_get_u32(&r);
		good = good && is_within(&h.parts[i], slot_len);
	}
	memcpy(h.extra, reader_get_span(&r, sizeof h.extra).data,
	        sizeof h.extra);
	memcpy(h.hash, reader_get_span(&r, sizeof h.hash).data, sizeof h.hash);
	good = good && reader_get_u32(&r) == crc32_of(flash_read(at, HEAD_LEN));
	if (good)
		*ret = h;
	return good;
}

static bool is_whole(uint32_t at, const struct slot_head *h)
{
	uint8_t hash[SHA256_LEN];
	hash_parts(at, h, hash);
	return memcmp(hash, h->hash, sizeof hash) == 0;
}

/* The newer one first; hashing takes long, so mostly only of that one. */
void slot_open(struct slot_pair *p, uint32_t at, uint32_t len)
{
	struct slot_head heads[2] = {0}; /* generations count from 1 */
	*p = (struct slot_pair){.at = at, .len = len, .current = SLOT_NONE};
	for (uint32_t i = 0; i < 2; i++)
		(void)read_head(at + i * len, len, &heads[i]); /* stays 0 */
	uint32_t first = heads[1].generation > heads[0].generation;
	for (uint32_t n = 0; n < 2 && p->current == SLOT_NONE; n++) {
		uint32_t i = first ^ n;
		if (heads[i].generation > 0 &&
		        is_whole(at + i * len, &heads[i])) {
			p->current = (int)i;
			p->head = heads[i];
		}
	}
}

struct span slot_read(const struct slot_pair *p, unsigned part)
{
	const struct slot_part *s = &p->head.parts[part];
	return flash_read(
	        p->at + (uint32_t)p->current * p->len + s->at, s->len);
}

uint32_t slot_spare(const struct slot_pair *p)
{
	return p->current == 0 ? p->at + p->len : p->at;
}

int slot_prepare(const struct slot_pair *p)
{
	return flash_erase(slot_spare(p));
}

void slot_spare_area(const struct slot_pair *p, uint32_t at, struct area *ret)
{
	area_init(ret, slot_spare(p) + at, slot_spare(p) + p->len);
}

int slot_commit(struct slot_pair *p, struct slot_head *head)
{
	uint8_t page[HEAD_LEN + CRC_LEN];
	struct writer w;
	struct slot_head back;
	uint32_t at = slot_spare(p);
	head->generation = p->current == SLOT_NONE ? 1 : p->head.generation + 1;
	hash_parts(at, head, head->hash);
	writer_init(&w, page, sizeof page);
	encode_head(&w, head);
	int rc = w.error ? w.error : flash_program(at, page, sizeof page);
	if (rc)
		return rc;
	if (!read_head(at, p->len, &back) || !is_whole(at, &back))
		return HUFU_ERR_IO;
	p->current = p->current == 0 ? 1 : 0;
	p->head = back;
	return HUFU_OK;
}
