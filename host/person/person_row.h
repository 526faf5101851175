/* The sealed columns of a person's row, and the hash over all of it. */
#ifndef HOST_PERSON_ROW_H
#define HOST_PERSON_ROW_H

#include "host/person/person.h"
#include "host/store/sealed.h"

#define PERSON_TABLE "person"

/* Six columns from `at` on: ID number, name, born, phone, address, service.
 * Empty ones are null. */
void person_row_bind(
        struct query *q, int at, int64_t id, const struct person *p);

/* Five columns from `column` on: name, ID number, phone, address, service. */
HUFU_MUST_USE int person_row_take(
        struct query *q, int column, struct person *p);

/* Keyed, so that nobody without the key can try contents. */
HUFU_MUST_USE int person_row_hash(struct store_tx *tx, const char *purpose,
        const struct person *p, uint8_t ret[SEALED_INDEX_LEN]);

#endif
