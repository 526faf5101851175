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
instruction instruction_select;
/* reading.c */
instruction instruction_read_binary, instruction_read_binary_odd,
        instruction_update_binary;
instruction instruction_get_challenge, instruction_internal_authenticate;
/* data.c */
instruction instruction_get_data;
/* keys.c */
instruction instruction_initialize_update, instruction_external_authenticate,
        instruction_put_key;
/* job.c */
instruction instruction_open_job, instruction_generate_key_pair,
        instruction_install, instruction_store_data, instruction_activate;
/* life.c */
instruction instruction_set_status, instruction_terminate;

/* Status word for an error of port or memory. */
uint16_t instruction_failed(int error);

/* Commits a changed copy of the record: 9000 or 6581. */
uint16_t instruction_commit(struct card *c, const struct memory_record *next);

/* Does the session's authority end: channel and job. */
void card_close_channel(struct card *c);

#endif
