/*
 * What went wrong, in words for a person: one Chinese and one English
 * sentence that say what happened and what to do (RFC 9457 calls the whole
 * a problem detail). Never holds a name, an ID number, a key or a PIN.
 */
#ifndef HOST_PROBLEM_H
#define HOST_PROBLEM_H

#include <hufu/error.h>

enum { PROBLEM_TEXT_MAX = 512 };

struct problem {
	int code; /* HUFU_ERR_* or a module's positive outcome */
	char type[48]; /* stable slug, "photo-too-large" */
	char zh[PROBLEM_TEXT_MAX];
	char en[PROBLEM_TEXT_MAX];
};

/*
 * Fills *p (NULL is legal: the caller wants the code only) and answers
 * `code`, so that `return problem_set(...)` is the failure path. Both
 * formats take the same arguments in the same order.
 */
int problem_set(struct problem *p, int code, const char *type, const char *zh,
        const char *en, ...) __attribute__((format(printf, 4, 6)))
__attribute__((format(printf, 5, 6)));

/* A general sentence for a HUFU_ERR_* that came without one. */
int problem_from_code(struct problem *p, int code);

#endif
