#include "card/core/instruction.h"
#include "crypto/core/mem.h"

enum {
	P1_ISSUER = 0x80,
	P1_APPLICATION = 0x40,
	/* GlobalPlatform 2.3.1 table 11-4: states of an application */
	APPLICATION_LOCK = 0x83, /* these bits set, whatever the others */
	APPLICATION_SELECTABLE = 0x07,
};

static const uint8_t application_aid[] = CARD_AID;
static const uint8_t issuer_aid[] = CARD_ISD_AID;

/*
 * One state serves card and application, so tools may name either, each in
 * its own coding: 6A86 for a state that is neither locked nor unlocked.
 */
static uint16_t wanted_state(const struct command *in, enum card_state *ret)
{
	bool lock, unlock;
	if (in->p1 == P1_ISSUER) {
		lock = in->p2 == CARD_LOCKED;
		unlock = in->p2 == CARD_SECURED;
	} else if (in->p1 == P1_APPLICATION) {
		lock = (in->p2 & APPLICATION_LOCK) == APPLICATION_LOCK;
		unlock = in->p2 == APPLICATION_SELECTABLE ||
		         in->p2 == CARD_SECURED;
	} else {
		return CARD_SW_WRONG_P1P2;
	}
	if (!lock && !unlock)
		return CARD_SW_WRONG_P1P2;
	*ret = lock ? CARD_LOCKED : CARD_SECURED;
	return CARD_SW_OK;
}

static bool names_target(const struct command *in)
{
	struct span app = span_of(application_aid, sizeof application_aid);
	struct span isd = span_of(issuer_aid, sizeof issuer_aid);
	return in->data.len == 0 ||
	       span_equal(in->data, in->p1 == P1_ISSUER ? isd : app);
}

/* A repeat of what is already so answers 9000 without a write. */
uint16_t instruction_set_status(
        struct card *c, const struct command *in, struct writer *out)
{
	struct memory_record next = c->memory.now;
	enum card_state wanted;
	(void)out; /* no data in the answer */
	uint16_t sw = wanted_state(in, &wanted);
	if (sw == CARD_SW_OK && !names_target(in))
		sw = CARD_SW_DATA_NOT_FOUND;
	if (sw == CARD_SW_OK && next.state != wanted) {
		next.state = wanted;
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
