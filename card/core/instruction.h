/*
 * The instructions. Each answers its status word and appends its data; data
 * count only with 9000, 62xx and 63xx. core.c has checked class, channel and
 * state by its table before it calls one.
 */
#ifndef CARD_INSTRUCTION_H
#define CARD_INSTRUCTION_H

#include "card/core/core.h"

/* out->cap is what the answer may hold. */
typedef uint16_t instruction(
        struct card *c, const struct command *in, struct writer *out);

/* selecting.c */
instruction select_run;
/* reading.c */
instruction read_binary, read_binary_odd, update_binary;
instruction get_challenge, internal_authenticate;
/* data.c */
instruction get_data;
/* keys.c */
instruction initialize_update, external_authenticate, put_key;
/* job.c */
instruction open_job, generate_key_pair, install, store_data, activate;
/* life.c */
instruction set_status, terminate;

/* Status word for an error of port or memory. */
uint16_t instruction_failed(int error);

/* Commits a changed copy of the record: 9000 or 6581. */
uint16_t instruction_commit(struct card *c, const struct memory_record *next);

/* Does the session's authority end: channel and job. */
void card_close_channel(struct card *c);

#endif
