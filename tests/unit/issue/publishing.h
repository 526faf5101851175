/* The office with a signer, a log and its status list published. */
#ifndef TEST_PUBLISHING_H
#define TEST_PUBLISHING_H

#include "crypto/core/compact_list.h"
#include "host/issue/status_publish.h"
#include "tests/unit/issue/office.h"
#include "tests/unit/signer/hall.h"

#define PUBLISHING_URI "https://hall.example.invalid/status/1/list.cwt"

enum {
	PUBLISHING_FILE_MAX = 1 << 20,
	PUBLISHING_MAP_LEN = 1 << (OFFICE_BITS - 2),
	PUBLISHING_TTL_S = 600,
	PUBLISHING_LIMIT_MS = 30000,
};

extern struct publishing {
	struct office office;
	struct hall hall;
	struct log *log;
	struct status_publish *publish; /* NULL: closed */
	char lists[96];
	int alg;
	unsigned gather_ms;
	size_t delta_max;
} publishing;

/* For cmocka: opened with ES256 and 20 ms; the office is checked at the end. */
int publishing_set_up(void **state);
int publishing_tear_down(void **state);

int publishing_try_open(void);
void publishing_open(void);
void publishing_close(void);
void publishing_wait(void); /* until all is out */
void publishing_kill_signer(void);

/* A file below the list's folder, read as a verifier does. */
struct seen {
	uint8_t *file;
	size_t len;
	uint8_t *space;
	uint8_t map[PUBLISHING_MAP_LEN];
	struct status_list list; /* list.cwt, or a snapshot expanded */
	struct compact_list compact;
};

void seen_list(struct seen *s);
void seen_compact(struct seen *s, const char *name);
void seen_done(struct seen *s);

enum status_value published_value(int64_t card);

#endif
