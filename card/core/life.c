#include "card/core/instruction.h"
#include "crypto/core/mem.h"

enum {
	P1_ISSUER = 0x80,
	P1_APPLICATION = 0x40,
};

/* A repeat of what is already so answers 9000 without a write. */
uint16_t instruction_set_status(
        struct card *c, const struct command *in, struct writer *out)
{
	static const uint8_t aid[] = CARD_AID;
	struct memory_record next = c->memory.now;
	uint16_t sw = CARD_SW_OK;
	(void)out; /* no data in the answer */
	if ((in->p1 != P1_ISSUER && in->p1 != P1_APPLICATION) ||
	        (in->p2 != CARD_LOCKED && in->p2 != CARD_SECURED))
		return CARD_SW_WRONG_P1P2;
	if (in->data.len > 0 && !span_equal(in->data, span_of(aid, sizeof aid)))
		return CARD_SW_DATA_NOT_FOUND;
	if (next.state != in->p2) {
		next.state = (enum card_state)in->p2;
		sw = instruction_commit(c, &next);
	}
	bytes_wipe(&next, sizeof next);
	return sw;
}

/* The channel stays for this answer; its keys are gone from the memory. */
uint16_t instruction_terminate(
        struct card *c, const struct command *in, struct writer *out)
{
	const struct memory_record *now = &c->memory.now;
	struct memory_record next = {.state = CARD_TERMINATED,
	        .key_version = now->key_version,
	        .fencing = now->fencing,
	        .suite = now->suite};
	(void)out; /* no data in the answer */
	if (command_p1p2(in) != 0)
		return CARD_SW_WRONG_P1P2;
	if (in->data.len > 0)
		return CARD_SW_WRONG_LENGTH;
	memcpy(next.job, now->job, CARD_JOB_ID_LEN);
	memory_empty_stream(&next);
	uint16_t sw = instruction_commit(c, &next);
	if (sw != CARD_SW_OK)
		return sw;
	int rc = memory_wipe(&c->memory);
	return rc ? instruction_failed(rc) : CARD_SW_OK;
}
