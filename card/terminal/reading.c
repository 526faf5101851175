#include "card/terminal/reading.h"

#include <string.h>

#include "card/terminal/authenticating.h"
#include "card/terminal/tlv.h"

enum {
	SELECT_EF = 0x02,
	SELECT_NO_FCI = 0x0C,
	OFFSET_SHORT_MAX = 0x7FFF, /* of READ BINARY with even INS */
	TAG_OFFSET = 0x54,
	TAG_DISCRETIONARY = 0x53,
	SW_END_OF_FILE = 0x6282,
	ROUNDS_MAX = READING_FILE_MAX / 64,
	/* an answer in the channel carries padding and its MAC */
	SECURED_READ_MAX = CARD_PLAIN_MAX,
	ODD_HEAD_MAX = 4, /* 53 82 and two bytes of length */
};

static int select_file(struct terminal *t, uint16_t file)
{
	uint8_t id[2] = {(uint8_t)(file >> 8), (uint8_t)file};
	uint8_t space[256 + 2];
	struct writer answer;
	const struct apdu c = {
	        .cla = CARD_CLA_ISO,
	        .ins = CARD_INS_SELECT,
	        .p1 = SELECT_EF,
	        .p2 = SELECT_NO_FCI,
	        .data = {id, sizeof id},
	};
	writer_init(&answer, space, sizeof space);
	int rc = terminal_send(t, &c, &answer);
	if (rc != 0)
		return rc;
	if (t->sw == CARD_SW_NOT_FOUND)
		return HUFU_ERR_NOT_FOUND;
	if (t->sw == CARD_SW_SECURITY_STATUS)
		return TERMINAL_NOT_READABLE;
	return terminal_check_sw(t);
}

static int read_even(struct terminal *t, size_t at, struct writer *ret)
{
	const struct apdu c = {
	        .cla = CARD_CLA_ISO,
	        .ins = CARD_INS_READ_BINARY,
	        .p1 = (uint8_t)(at >> 8),
	        .p2 = (uint8_t)at,
	        .le = t->channel.open ? SECURED_READ_MAX : CARD_READ_MAX,
	};
	return terminal_send(t, &c, ret);
}

/* Past 32767 the offset stands in the data field (ISO 7816-4 11.3.2). */
static int read_odd(struct terminal *t, size_t at, struct writer *ret)
{
	uint8_t offset[5], space[256 + 2];
	struct writer data, answer;
	struct span value;
	writer_init(&data, offset, sizeof offset);
	writer_put_u8(&data, TAG_OFFSET);
	writer_put_u8(&data, 3);
	writer_put_u8(&data, (uint8_t)(at >> 16));
	writer_put_u16(&data, (uint16_t)at);
	const struct apdu c = {
	        .cla = CARD_CLA_ISO,
	        .ins = CARD_INS_READ_BINARY_ODD,
	        .data = writer_span(&data),
	        .le = t->channel.open ? SECURED_READ_MAX : CARD_READ_MAX,
	};
	writer_init(&answer, space, sizeof space);
	int rc = terminal_send(t, &c, &answer);
	if (rc != 0 || (t->sw != CARD_SW_OK && t->sw != SW_END_OF_FILE))
		return rc;
	rc = tlv_find(writer_span(&answer), TAG_DISCRETIONARY, &value);
	if (rc == 0)
		writer_put_span(ret, value);
	return rc;
}

/* What a part holds at least when more follows. */
static size_t part_min(const struct terminal *t, size_t at)
{
	size_t want = t->channel.open ? SECURED_READ_MAX : CARD_READ_MAX;
	return at <= OFFSET_SHORT_MAX ? want : want - ODD_HEAD_MAX;
}

/* Appends some bytes from `at`; false in *ret_more at the file's end. */
static int read_part(
        struct terminal *t, size_t at, struct writer *w, bool *ret_more)
{
	uint8_t space[256 + 2];
	struct writer part;
	writer_init(&part, space, sizeof space);
	int rc = at <= OFFSET_SHORT_MAX ? read_even(t, at, &part)
	                                : read_odd(t, at, &part);
	if (rc != 0)
		return rc;
	switch (t->sw) {
	case CARD_SW_OK: /* fewer than asked: the end */
		*ret_more = part.len >= part_min(t, at);
		break;
	case SW_END_OF_FILE:
	case CARD_SW_PAST_END:
		*ret_more = false;
		break;
	case CARD_SW_NOT_FOUND:
		return HUFU_ERR_NOT_FOUND;
	case CARD_SW_SECURITY_STATUS:
		return TERMINAL_NOT_READABLE;
	default:
		return terminal_check_sw(t);
	}
	writer_put_span(w, writer_span(&part));
	return w->error;
}

int reading_get_file(struct terminal *t, uint16_t file, struct writer *w)
{
	size_t start = w->len;
	bool more = true;
	int rc = select_file(t, file);
	for (unsigned i = 0; rc == 0 && more; i++) {
		size_t at = w->len - start;
		if (at >= READING_FILE_MAX || i == ROUNDS_MAX)
			rc = HUFU_ERR_LIMIT;
		else
			rc = read_part(t, at, w, &more);
	}
	if (rc != 0)
		w->len = start;
	return rc;
}

static int add_file(
        struct terminal *t, struct reading_card *card, uint16_t file)
{
	size_t at = card->space.len;
	if (card->chip.element_count == READING_ELEMENTS_MAX)
		return HUFU_ERR_LIMIT;
	int rc = reading_get_file(t, file, &card->space);
	if (rc != 0)
		return rc;
	struct hufu_bytes *to =
	        file == CARD_EF_SO
	                ? &card->chip.signed_object
	                : &card->elements[card->chip.element_count++];
	to->data = card->space.data + at;
	to->len = card->space.len - at;
	return 0;
}

void reading_card_init(
        struct reading_card *card, uint8_t *space, size_t space_cap)
{
	memset(card, 0, sizeof *card);
	writer_init(&card->space, space, space_cap);
	card->chip.elements = card->elements;
}

int reading_get_card(struct terminal *t, const uint16_t *files, size_t count,
        struct reading_card *ret)
{
	int rc = add_file(t, ret, CARD_EF_SO);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = add_file(t, ret, files[i]);
	if (rc == 0)
		rc = authenticating_ask(t, &ret->answer);
	if (rc != 0)
		return rc;
	ret->chip.challenge.data = ret->answer.challenge;
	ret->chip.challenge.len = sizeof ret->answer.challenge;
	ret->chip.answer.data = ret->answer.answer;
	ret->chip.answer.len = sizeof ret->answer.answer;
	return 0;
}
