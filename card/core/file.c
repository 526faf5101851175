#include "card/core/file.h"

#include "crypto/core/mem.h"

enum {
	SHORT_ID_MASK = 0x1F,
	SHORT_ID_STATUS = 0x10, /* 0120 would have none */
	SHORT_ID_ATR_INFO = 0x01,
	SHORT_ID_DIR = 0x1E,
	DGI_LONG = 0xFF,
	DGI_HEAD_MAX = 5,
	OWN_FILE_MAX = 64,
};

static const struct {
	uint16_t id;
	bool protected;
} elements[] = {
        {CARD_EF_SO, false},
        {CARD_EF_CARD_NUMBER, false},
        {CARD_EF_CARD_KIND, false},
        {CARD_EF_BENEFIT_CLASSES, false},
        {CARD_EF_VALID_FROM, false},
        {CARD_EF_VALID_TO, false},
        {CARD_EF_AUTHORITY, false},
        {CARD_EF_STATUS_REFERENCE, false},
        {CARD_EF_NAME, true},
        {CARD_EF_SEX, true},
        {CARD_EF_PORTRAIT, true},
        {CARD_EF_IDENTITY_CLASSES, true},
        {CARD_EF_SERVICE_FACTS, true},
        {CARD_EF_STATUS, false},
        {CARD_DGI_CAN, true},
};
enum { ELEMENTS = sizeof elements / sizeof elements[0] };

static int element_index(uint16_t id)
{
	for (int i = 0; i < ELEMENTS; i++)
		if (elements[i].id == id)
			return i;
	return -1;
}

/* ISO/IEC 7816-4 section 12.2.2: card service, limits, capabilities. */
static void put_atr_info(const struct card *c, struct writer *w)
{
	static const uint8_t fixed[] = {0x43, 0x01,
	        0xF8, /* selection by name, EF.DIR, READ BINARY */
	        0x47, 0x03, 0xD4, 0x01, 0xE0, /* short ids, chaining, long */
	        0x7F, 0x66, 0x08, 0x02, 0x02};
	writer_put(w, fixed, sizeof fixed);
	writer_put_u16(w, CARD_APDU_MAX);
	writer_put_u16(w, 0x0202);
	writer_put_u16(w, CARD_ANSWER_MAX);
	writer_put_u16(w, 0x5301); /* discretionary data: the suite */
	writer_put_u8(w, c->memory.now.suite);
}

static void put_dir(struct writer *w)
{
	static const uint8_t aid[] = CARD_AID;
	writer_put_u16(w, 0x6113);
	writer_put_u16(w, 0x4F0B);
	writer_put(w, aid, sizeof aid);
	writer_put_u16(w, 0x5004);
	writer_put_text(w, "Hufu");
}

static size_t put_own_file(const struct card *c, uint16_t id, uint8_t *ret)
{
	struct writer w;
	writer_init(&w, ret, OWN_FILE_MAX);
	if (id == CARD_EF_ATR_INFO)
		put_atr_info(c, &w);
	else
		put_dir(&w);
	return w.len;
}

/*
 * The next DGI behind *at, and *at behind it. HUFU_ERR_NOT_FOUND at the
 * end, HUFU_ERR_MALFORMED if it runs past the end.
 */
static int next_dgi(struct card *c, uint32_t *at, struct file *ret)
{
	uint8_t head[DGI_HEAD_MAX];
	uint32_t left = c->memory.now.stream_len - *at;
	struct reader r;
	if (left == 0)
		return HUFU_ERR_NOT_FOUND;
	size_t n = left < sizeof head ? left : sizeof head;
	int rc = memory_read(&c->memory, *at, head, n);
	if (rc)
		return rc;
	reader_init(&r, span_of(head, n));
	ret->id = reader_get_u16(&r);
	ret->len = reader_get_u8(&r);
	if (ret->len == DGI_LONG)
		ret->len = reader_get_u16(&r);
	if (r.error || ret->len > left - r.pos)
		return HUFU_ERR_MALFORMED;
	ret->at = *at + (uint32_t)r.pos;
	*at = ret->at + (uint32_t)ret->len;
	return HUFU_OK;
}

static int find_in_stream(struct card *c, uint16_t id, struct file *ret)
{
	struct file f = {0};
	for (uint32_t at = 0;;) {
		int rc = next_dgi(c, &at, &f);
		if (rc)
			return rc;
		if (f.id == id)
			break;
	}
	ret->at = f.at;
	ret->len = f.len;
	return HUFU_OK;
}

int file_find(struct card *c, uint16_t id, struct file *ret)
{
	struct file f = {.id = id};
	uint8_t own[OWN_FILE_MAX];
	if (id == CARD_EF_ATR_INFO || id == CARD_EF_DIR) {
		f.len = put_own_file(c, id, own);
		*ret = f;
		return HUFU_OK;
	}
	int index = element_index(id);
	if (!c->application || index < 0 || id == CARD_DGI_CAN)
		return HUFU_ERR_NOT_FOUND;
	if (c->memory.now.state != CARD_SECURED)
		return HUFU_ERR_STATE;
	f.application = true;
	f.protected = elements[index].protected;
	f.len = CARD_STATUS_LEN;
	if (id != CARD_EF_STATUS) {
		int rc = find_in_stream(c, id, &f);
		if (rc)
			return rc;
	}
	*ret = f;
	return HUFU_OK;
}

uint16_t file_of_short_id(const struct card *c, uint8_t short_id)
{
	if (!c->application) {
		if (short_id == SHORT_ID_ATR_INFO)
			return CARD_EF_ATR_INFO;
		return short_id == SHORT_ID_DIR ? CARD_EF_DIR : 0;
	}
	if (short_id == SHORT_ID_STATUS)
		return CARD_EF_STATUS;
	for (int i = 0; i < ELEMENTS; i++)
		if ((elements[i].id & SHORT_ID_MASK) == short_id && short_id &&
		        elements[i].id != CARD_DGI_CAN)
			return elements[i].id;
	return 0;
}

int file_read(struct card *c, const struct file *f, size_t at, uint8_t *ret,
        size_t len)
{
	uint8_t own[OWN_FILE_MAX];
	if (!f->application) {
		(void)put_own_file(c, f->id, own); /* its length is f->len */
		memcpy(ret, own + at, len);
		return HUFU_OK;
	}
	if (f->id == CARD_EF_STATUS) {
		memcpy(ret, c->memory.now.status + at, len);
		return HUFU_OK;
	}
	return memory_read(&c->memory, f->at + (uint32_t)at, ret, len);
}

static int check_can(struct card *c, const struct file *f)
{
	uint8_t digits[CARD_CAN_LEN];
	if (f->len != CARD_CAN_LEN)
		return HUFU_ERR_MALFORMED;
	int rc = memory_read(&c->memory, f->at, digits, sizeof digits);
	for (size_t i = 0; !rc && i < sizeof digits; i++)
		if (digits[i] < '0' || digits[i] > '9')
			rc = HUFU_ERR_MALFORMED;
	bytes_wipe(digits, sizeof digits);
	return rc;
}

static int check_element(
        struct card *c, const struct file *f, struct file_summary *s)
{
	if (f->len == 0)
		return HUFU_ERR_MALFORMED;
	switch (f->id) {
	case CARD_EF_SO:
		s->object_present = true;
		s->object = *f;
		return HUFU_OK;
	case CARD_EF_STATUS:
		s->status_present = true;
		s->status = *f;
		return f->len == CARD_STATUS_LEN ? HUFU_OK : HUFU_ERR_MALFORMED;
	case CARD_DGI_CAN:
		s->can_present = true;
		return check_can(c, f);
	default:
		return HUFU_OK;
	}
}

int file_check_stream(struct card *c, struct file_summary *ret)
{
	struct file_summary s = {0};
	struct file f = {0};
	uint32_t seen = 0;
	for (uint32_t at = 0;;) {
		int rc = next_dgi(c, &at, &f);
		if (rc == HUFU_ERR_NOT_FOUND)
			break;
		if (rc)
			return rc;
		int index = element_index(f.id);
		if (index < 0 || seen & 1u << index)
			return HUFU_ERR_MALFORMED;
		seen |= 1u << index;
		rc = check_element(c, &f, &s);
		if (rc)
			return rc;
	}
	*ret = s;
	return HUFU_OK;
}
