/*
 * crypto/core for a page: what JavaScript calls. One instance of the module
 * holds one root, one trust list and its status lists; new lists go into a
 * new instance, which takes the old one's place when all of them are good.
 *
 * Numbers cross as 32-bit integers and doubles, texts as pointer and length
 * into the module's memory. Errors are HUFU_ERR_*.
 */
#ifndef MERCHANT_WEB_PAGE_CORE_H
#define MERCHANT_WEB_PAGE_CORE_H

#include <hufu/verify.h>

enum { PAGE_LISTS_MAX = 16, PAGE_AREA_LEN = 6, PAGE_DIGITS_SHOWN = 4 };

/* Read by src/core/core.ts at fixed offsets. */
struct page_answer {
	double status_age_s;
	double checked_at_s;
	double issued_s;
	double expires_s;
	int32_t verdict;
	uint32_t trust_expired;
	uint32_t status_stale;
	uint32_t kind;
	uint32_t classes[2]; /* low half, high half */
	struct hufu_text issuer;
	struct hufu_text name; /* masked */
	struct hufu_text digits; /* the last of the card number */
	struct hufu_text area; /* the first of the card number */
};

struct page_trust {
	double sequence;
	double issued_s;
	double expires_s;
	int32_t next_curve; /* 0: the root stays */
	struct hufu_bytes next_root;
};

struct page_list {
	double sequence;
	double issued_s;
	double expires_s;
	uint32_t number;
	struct hufu_text iss;
	struct hufu_bytes map;
};

/* Once, before all else: the generators' tables. */
int page_start(void);

/* Space for a file, kept as long as the instance; NULL if there is none. */
uint8_t *page_room(size_t len);
/* Space for HUFU_QR_TEXT_MAX bytes of a QR code. */
uint8_t *page_text(void);

/* Once. `root` is the key as in crypto/core/cose_key.h, `file` from room. */
int page_open_trust(int32_t root_curve, const uint8_t *root, size_t root_len,
        const uint8_t *file, size_t len);
/* After page_open_trust(), whatever it answered about time. */
const struct page_trust *page_trust(void);
/* The address of status list `n` in the trust list; empty past the last. */
const struct hufu_text *page_address(size_t n);

/*
 * A Token Status List or a compact snapshot, then compact deltas onto the
 * list that was opened last. HUFU_ERR_FULL: more than PAGE_LISTS_MAX.
 */
int page_open_list(const uint8_t *file, size_t len);
int page_apply_delta(const uint8_t *file, size_t len);
const struct page_list *page_list(size_t n); /* NULL past the last */

/*
 * Verifies page_text(); a text that is too long is judged as such. What was
 * read is wiped, save what the answer shows.
 */
int page_verify(size_t len, double now_s, double floor_s, double limit_s);
const struct page_answer *page_answer(void);

#endif
