/*
 * Asking the photo's checker, a process of its own for each photo: started
 * here, or by systemd behind a socket. Its crash, its silence and its
 * nonsense are one problem, "photo-checker".
 */
#ifndef PHOTO_ASK_H
#define PHOTO_ASK_H

#include "host/base/problem.h"
#include "host/photo/reply.h"

enum {
	PHOTO_ASK_LIMIT_MS = 15000,
	/* how hufu-photo ends when it cannot begin */
	PHOTO_EXIT_USAGE = 2,
	PHOTO_EXIT_NO_CASCADES = 3,
	PHOTO_EXIT_NO_SANDBOX = 4,
};

struct photo_checker {
	const char *socket; /* or NULL: start the program */
	const char *program;
	unsigned limit_ms; /* 0: PHOTO_ASK_LIMIT_MS */
};

struct photo_answer {
	struct photo_reply reply; /* points into bytes */
	uint8_t bytes[PHOTO_REPLY_MAX];
};

/* The caller frees *ret. HUFU_ERR_LINK: failed, say "try again". */
HUFU_MUST_USE int photo_ask(const struct photo_checker *checker,
        enum photo_how how, struct span jpeg, struct photo_answer **ret,
        struct problem *ret_problem);

#endif
