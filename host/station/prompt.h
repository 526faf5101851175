/*
 * What a station asks of the person beside it, and that person's answer:
 * one question at a time, asked by the worker, answered over the API.
 */
#ifndef STATION_PROMPT_H
#define STATION_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hufu/error.h>

enum {
	PROMPT_TEXT_MAX = 256,
	PROMPT_ANSWER_MAX = 4296, /* a scanned QR at most */
};

enum prompt_kind {
	PROMPT_NONE = 0,
	PROMPT_CONFIRM = 1, /* any answer means done, "no" means cannot */
	PROMPT_SCAN = 2, /* the text of the QR code, from the scanner */
};

enum prompt_outcome {
	PROMPT_REFUSED = 1, /* the answer was "no" */
	PROMPT_CANCELLED = 2, /* the station stops */
};

struct prompt_question {
	uint64_t number; /* grows; an answer names the question it means */
	enum prompt_kind kind;
	char zh[PROMPT_TEXT_MAX];
	char en[PROMPT_TEXT_MAX];
};

struct prompt;

HUFU_MUST_USE int prompt_new(struct prompt **ret);
void prompt_free(struct prompt *p); /* NULL is legal */

/*
 * Asks and waits. 0 with the answer (NUL-terminated), PROMPT_*, or
 * HUFU_ERR_TIMEOUT. ret_answer may be NULL for PROMPT_CONFIRM.
 */
HUFU_MUST_USE int prompt_ask(struct prompt *p,
        const struct prompt_question *question, unsigned timeout_ms,
        char *ret_answer, size_t cap);

/* What a machine in use wants of a person meanwhile; "" when it has it. */
void prompt_tell(struct prompt *p, const char *zh, const char *en);

/* The open question; kind PROMPT_NONE when there is none: then the words are
 * those of prompt_tell(). */
void prompt_get(struct prompt *p, struct prompt_question *ret);

/* HUFU_ERR_NOT_FOUND: that question is closed; HUFU_ERR_LIMIT: too long. */
HUFU_MUST_USE int prompt_answer(
        struct prompt *p, uint64_t number, const char *answer);

/* Ends this question and all later ones, until prompt_resume(). */
void prompt_cancel(struct prompt *p);
void prompt_resume(struct prompt *p);
bool prompt_is_cancelled(struct prompt *p);

#endif
