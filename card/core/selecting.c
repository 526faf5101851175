#include "card/core/file.h"
#include "card/core/instruction.h"
#include "crypto/core/mem.h"

enum {
	BY_FILE_ID = 0x00,
	BY_FILE_ID_HERE = 0x02,
	BY_NAME = 0x04,
	MASTER_FILE = 0x3F00,
	P2_FCI = 0x00,
	P2_FCP = 0x04,
	P2_NOTHING = 0x0C,
	NAME_PART_MIN = 5, /* a registered or proprietary provider's part */
};

static const uint8_t application_aid[] = CARD_AID;
static const uint8_t issuer_aid[] = CARD_ISD_AID;

/* ISO/IEC 7816-4 section 8.2.1.2: a name may be cut on its right. */
static bool name_fits(struct span wanted, struct span aid)
{
	return wanted.len >= NAME_PART_MIN && wanted.len <= aid.len &&
	       memcmp(wanted.data, aid.data, wanted.len) == 0;
}

static void put_name_fci(struct span aid, struct writer *out)
{
	writer_put_u8(out, 0x6F);
	writer_put_u8(out, (uint8_t)(aid.len + 9));
	writer_put_u8(out, 0x84);
	writer_put_u8(out, (uint8_t)aid.len);
	writer_put_span(out, aid);
	/* proprietary: data field of a command, 00FF for 255 bytes */
	writer_put_u16(out, 0xA505);
	writer_put_u16(out, 0x9F65);
	writer_put_u8(out, 2);
	writer_put_u16(out, 0x00FF);
}

static bool wants_fci(const struct command *in)
{
	return in->le_present && in->p2 != P2_NOTHING;
}

static uint16_t select_name(
        struct card *c, const struct command *in, struct writer *out)
{
	struct span app = span_of(application_aid, sizeof application_aid);
	struct span isd = span_of(issuer_aid, sizeof issuer_aid);
	bool application = name_fits(in->data, app);
	if (!application && in->data.len > 0 && !name_fits(in->data, isd))
		return CARD_SW_NOT_FOUND;
	card_close_channel(c);
	c->application = application;
	c->file = 0;
	if (wants_fci(in))
		put_name_fci(application ? app : isd, out);
	if (c->memory.now.state == CARD_TERMINATED)
		return CARD_SW_TERMINATED;
	if (application && c->memory.now.state == CARD_LOCKED)
		return CARD_SW_LOCKED;
	return CARD_SW_OK;
}

static uint16_t select_file(
        struct card *c, const struct command *in, struct writer *out)
{
	struct file f;
	struct reader r;
	reader_init(&r, in->data);
	uint16_t id = reader_get_u16(&r);
	if (reader_done(&r))
		return CARD_SW_WRONG_LENGTH;
	if (c->memory.now.state == CARD_TERMINATED)
		return CARD_SW_CONDITIONS;
	if (id == MASTER_FILE && in->p1 == BY_FILE_ID && !c->secured) {
		c->application = false;
		c->file = 0;
		return CARD_SW_OK;
	}
	int rc = file_find(c, id, &f);
	if (rc)
		return instruction_failed(rc);
	c->file = id;
	if (!wants_fci(in))
		return CARD_SW_OK;
	writer_put_u16(out, in->p2 == P2_FCP ? 0x620B : 0x6F0B);
	writer_put_u16(out, 0x8002);
	writer_put_u16(out, (uint16_t)f.len);
	writer_put_u16(out, 0x8201);
	writer_put_u8(out, 0x01);
	writer_put_u16(out, 0x8302);
	writer_put_u16(out, id);
	return CARD_SW_OK;
}

uint16_t instruction_select(
        struct card *c, const struct command *in, struct writer *out)
{
	if (in->p2 != P2_FCI && in->p2 != P2_FCP && in->p2 != P2_NOTHING)
		return CARD_SW_WRONG_P1P2;
	switch (in->p1) {
	case BY_NAME:
		/* a name ends the channel, so it never comes through one */
		return c->secured ? CARD_SW_CONDITIONS
		                  : select_name(c, in, out);
	case BY_FILE_ID:
	case BY_FILE_ID_HERE:
		return select_file(c, in, out);
	default:
		return CARD_SW_WRONG_P1P2;
	}
}
