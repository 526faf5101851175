#include "card/core/instruction.h"

static void put_key_info(const struct card *c, struct writer *out)
{
	writer_put_u16(out, 0xE012);
	for (uint8_t id = 1; id <= MEMORY_KEYS; id++) {
		writer_put_u16(out, 0xC004);
		writer_put_u8(out, id);
		writer_put_u8(out, c->memory.now.key_version);
		writer_put_u16(out, 0x8810); /* AES, 16 bytes */
	}
}

/* GlobalPlatform card recognition data: version 2.3.1, SCP03 i=70. */
static void put_card_data(struct writer *out)
{
	static const uint8_t card_data[] = {0x66, 0x31, 0x73, 0x2F, 0x06, 0x07,
	        0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x01, 0x60, 0x0C, 0x06,
	        0x0A, 0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x02, 0x02, 0x03,
	        0x01, 0x63, 0x09, 0x06, 0x07, 0x2A, 0x86, 0x48, 0x86, 0xFC,
	        0x6B, 0x03, 0x64, 0x0B, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
	        0xFC, 0x6B, 0x04, 0x03, CARD_SCP03_I};
	writer_put(out, card_data, sizeof card_data);
}

static void put_progress(const struct card *c, struct writer *out)
{
	const struct memory_record *now = &c->memory.now;
	writer_put_u16(out, CARD_TAG_PROGRESS);
	writer_put_u8(out, CARD_PROGRESS_LEN);
	writer_put_u8(out, (uint8_t)now->state);
	writer_put(out, now->job, CARD_JOB_ID_LEN);
	writer_put_u64(out, now->fencing);
	writer_put_u8(out, now->chip_key_present);
	writer_put_u16(out, now->blocks);
	writer_put(out, now->stream_hash, PORT_HASH_LEN);
}

uint16_t instruction_get_data(
        struct card *c, const struct command *in, struct writer *out)
{
	if (in->data.len > 0)
		return CARD_SW_WRONG_LENGTH;
	switch (command_p1p2(in)) {
	case CARD_TAG_KDD:
		writer_put_u16(out, 0xCF0A);
		writer_put(out, c->memory.serial, CARD_SERIAL_LEN);
		return CARD_SW_OK;
	case CARD_TAG_KEY_INFO:
		put_key_info(c, out);
		return CARD_SW_OK;
	case CARD_TAG_CARD_DATA:
		put_card_data(out);
		return CARD_SW_OK;
	case CARD_TAG_COUNTER:
		writer_put_u16(out, 0xC103);
		writer_put_u8(
		        out, (uint8_t)(c->memory.now.channel_counter >> 16));
		writer_put_u16(out, (uint16_t)c->memory.now.channel_counter);
		return CARD_SW_OK;
	case CARD_TAG_PROGRESS:
		put_progress(c, out);
		return CARD_SW_OK;
	default:
		return CARD_SW_DATA_NOT_FOUND;
	}
}
