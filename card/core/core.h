/*
 * The card application: one `struct card` is one powered chip. It keeps
 * nothing outside that struct and the port's non-volatile memory.
 */
#ifndef CARD_CORE_H
#define CARD_CORE_H

#include "card/core/channel.h"
#include "card/core/memory.h"
#include "card/port/port.h"

enum {
	CARD_COMMAND_MAX = 2048, /* data bytes of one (chained) command */
	CARD_RESPONSE_MAX = 2048, /* data bytes of one answer */
	/* header, extended length fields and data; the largest APDU taken */
	CARD_APDU_MAX = CARD_COMMAND_MAX + 9,
	CARD_ANSWER_MAX = CARD_RESPONSE_MAX + 2,
};

/* A command whose earlier links are kept until the last one is here. */
struct card_chain {
	bool open;
	uint8_t cla, ins, p1, p2;
	size_t len;
	uint8_t data[CARD_COMMAND_MAX];
};

struct card {
	struct card_port *port;
	struct memory memory;
	struct channel channel;
	struct card_chain chain;
	bool secured; /* the command in work came through the channel */
	bool application; /* the application is selected, not the issuer's */
	bool job_open; /* OPEN JOB was done in this channel */
	uint16_t file; /* selected elementary file, 0 for none */
	uint8_t plain[CARD_COMMAND_MAX];
};

/*
 * Power on: reads the non-volatile memory and finishes an interrupted
 * wipe. HUFU_ERR_CORRUPT if it holds no valid state (not a blank either);
 * then every command is answered 6581.
 */
HUFU_MUST_USE int card_power_on(struct card *c, struct card_port *port);

/* Field lost or reset: selection, channel and chaining are gone. */
void card_reset(struct card *c);

/*
 * One command; `ret` holds CARD_ANSWER_MAX bytes. Answers how many were
 * written: at least 2, the last two being the status word.
 */
size_t card_answer(struct card *c, struct span apdu, uint8_t *ret);

#endif
