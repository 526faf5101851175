/*
 * A reader and a printer on a table: a person moves the card between them
 * and is told so. The reader says whether a card lies on it; the rest is
 * what the person answers.
 */
#include <stdlib.h>
#include <string.h>

#include "card/terminal/pcsc.h"
#include "host/station/ground.h"
#include "host/station/printer.h"

enum {
	ANSWER_LIMIT_MS = 600000,
	PRINT_LIMIT_MS = 120000,
	GLANCE_MS = 300,
	ASKS = 3, /* for a card that is not there after "done" */
};

struct hand {
	struct station_transport transport;
	struct printer printer;
	char reader[STATION_READER_NAME_MAX];
	unsigned answer_limit_ms;
};

static int say(struct problem *p, int rc)
{
	return ground_problem(p, rc, ground_of_transport(rc));
}

static int ask(struct hand *h, const struct prompt_question *question,
        struct problem *p)
{
	int rc = prompt_ask(
	        h->transport.prompt, question, h->answer_limit_ms, NULL, 0);
	if (rc == PROMPT_CANCELLED)
		return say(p, STATION_STOPPING);
	return rc ? say(p, STATION_OPERATOR_AWAY) : 0;
}

static int hand_status(
        struct station_transport *t, struct station_transport_status *ret)
{
	struct hand *h = (struct hand *)t;
	memset(ret, 0, sizeof *ret);
	printer_get_status(&h->printer, ret);
	ret->blanks = -1;
	ret->position = pcsc_wait(h->reader, true, 0) == 0 ? STATION_PARKED
	                                                   : STATION_SOMEWHERE;
	return 0;
}

/* Asks until a card lies on the reader. */
static int want_card(struct hand *h, const struct prompt_question *question,
        struct problem *p)
{
	for (int i = 0; i <= ASKS; i++) {
		int rc = pcsc_wait(h->reader, true, GLANCE_MS);
		if (rc == 0)
			return 0;
		if (rc != HUFU_ERR_TIMEOUT)
			return say(p, STATION_NO_READER);
		rc = i < ASKS ? ask(h, question, p) : 0;
		if (rc != 0)
			return rc;
	}
	return ground_problem(p, STATION_OPERATOR_AWAY, GROUND_NO_CARD);
}

static int hand_feed(struct station_transport *t, struct problem *p)
{
	static const struct prompt_question question = {
	        .kind = PROMPT_CONFIRM,
	        .zh = "请把一张空白卡放到读卡器上，放好后确认",
	        .en = "Lay a blank card on the reader, then confirm",
	};
	return want_card((struct hand *)t, &question, p);
}

static int hand_park(struct station_transport *t,
        char ret_reader[STATION_READER_NAME_MAX], struct problem *p)
{
	static const struct prompt_question question = {
	        .kind = PROMPT_CONFIRM,
	        .zh = "请把正在制作的卡放回读卡器，放好后确认",
	        .en = "Put the card in work back on the reader, then confirm",
	};
	struct hand *h = (struct hand *)t;
	int rc = want_card(h, &question, p);
	if (rc == 0)
		memcpy(ret_reader, h->reader, STATION_READER_NAME_MAX);
	return rc;
}

static int hand_print(struct station_transport *t,
        const struct station_sheet *sheet, struct problem *p)
{
	static const struct prompt_question question = {
	        .kind = PROMPT_CONFIRM,
	        .zh = "请把读卡器上的卡放入打印机进卡口，放好后确认",
	        .en = "Move the card from the reader into the printer, "
	              "then confirm",
	};
	struct hand *h = (struct hand *)t;
	int rc = ask(h, &question, p);
	return rc ? rc : printer_send(&h->printer, sheet, p);
}

static int hand_wait(
        struct station_transport *t, const char *job_name, struct problem *p)
{
	struct hand *h = (struct hand *)t;
	return printer_wait(&h->printer, t->prompt, job_name, p);
}

static int hand_look(struct station_transport *t, const char *job_name,
        char *ret_text, size_t cap, struct problem *p)
{
	(void)t;
	(void)job_name;
	(void)ret_text;
	(void)cap;
	return say(p, STATION_CANNOT_LOOK); /* the station has it scanned */
}

static int hand_eject(struct station_transport *t, struct problem *p)
{
	static const struct prompt_question question = {
	        .kind = PROMPT_CONFIRM,
	        .zh = "制卡完成，请把卡放入成品盒后确认",
	        .en = "The card is done: put it with the finished cards, "
	              "then confirm",
	};
	return ask((struct hand *)t, &question, p);
}

static int hand_reject(struct station_transport *t, struct problem *p)
{
	static const struct prompt_question question = {
	        .kind = PROMPT_CONFIRM,
	        .zh = "这张卡不能使用，请取走放入作废卡盒后确认",
	        .en = "This card is no good: put it with the spoiled cards, "
	              "then confirm",
	};
	return ask((struct hand *)t, &question, p);
}

static int hand_recover(struct station_transport *t, enum station_position *ret,
        struct problem *p)
{
	struct hand *h = (struct hand *)t;
	int rc = pcsc_wait(h->reader, true, GLANCE_MS);
	if (rc != 0 && rc != HUFU_ERR_TIMEOUT)
		return say(p, STATION_NO_READER);
	*ret = rc == 0 ? STATION_PARKED : STATION_SOMEWHERE;
	return 0;
}

static void hand_close(struct station_transport *t)
{
	free(t);
}

static const struct station_transport_ops hand_ops = {
        .status = hand_status,
        .feed = hand_feed,
        .park = hand_park,
        .print = hand_print,
        .wait = hand_wait,
        .look = hand_look,
        .eject = hand_eject,
        .reject = hand_reject,
        .recover = hand_recover,
        .close = hand_close,
};

int station_hand_open(const struct station_hand_options *options,
        struct station_transport **ret, struct problem *p)
{
	size_t len = strnlen(options->reader, STATION_READER_NAME_MAX);
	struct hand *h = calloc(1, sizeof *h);
	if (!h)
		return problem_from_code(p, HUFU_ERR_MEMORY);
	h->transport.ops = &hand_ops;
	h->answer_limit_ms = options->answer_limit_ms ? options->answer_limit_ms
	                                              : ANSWER_LIMIT_MS;
	int rc = len == STATION_READER_NAME_MAX ? HUFU_ERR_ARGUMENT : 0;
	if (rc == 0)
		rc = printer_init(&h->printer, options->printer_uri,
		        options->print_limit_ms ? options->print_limit_ms
		                                : PRINT_LIMIT_MS);
	if (rc != 0) {
		free(h);
		return problem_from_code(p, rc);
	}
	memcpy(h->reader, options->reader, len);
	*ret = &h->transport;
	return 0;
}
