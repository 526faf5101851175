/*
 * libhufu: verifying 优待证 offline, for tills and gates.
 *
 * A handle holds the root key, the trust list, the status lists and a floor
 * of time; the caller brings their bytes from wherever it keeps them, and the
 * time. Nothing is fetched, written or sent. One handle serves one thread at
 * a time; hufu_clone() gives further threads handles on the same lists.
 *
 * Functions answer 0 (HUFU_OK) or a negative HUFU_ERR_* of <hufu/error.h>;
 * hufu_error_zh() and hufu_error_en() put it into words. After a failure the
 * handle is as it was before. `bytes` may be freed after each call.
 */
#ifndef HUFU_HUFU_H
#define HUFU_HUFU_H

#include <hufu/result.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hufu;

enum {
	HUFU_LOAD_BEHIND = 1, /* outcome of hufu_load_status() */
	HUFU_STATE_MAX = 4096, /* bytes of hufu_save_state() */
	HUFU_LAST_FOUR_LEN = 4,
	HUFU_NAME_MAX = 513, /* room for any masked name, NUL included */
};

/* HUFU_ERR_MEMORY. hufu_free() the answer. */
HUFU_API HUFU_MUST_USE int hufu_new(struct hufu **ret);
HUFU_API void hufu_free(struct hufu *h); /* NULL is legal */

/*
 * A handle for another thread, on the lists of `h`, with work space of its
 * own. `h` must outlive it, and nothing may be loaded into `h` meanwhile: to
 * take new lists, free the clones, load, clone again. A clone loads nothing
 * (HUFU_ERR_STATE).
 */
HUFU_API HUFU_MUST_USE int hufu_clone(const struct hufu *h, struct hufu **ret);

/*
 * What hufu_save_state() wrote in an earlier run: floor of time, newest
 * sequences seen, succession of roots. To be given before the root and any
 * list (else HUFU_ERR_STATE). HUFU_ERR_CORRUPT: damaged, nothing is taken.
 */
HUFU_API HUFU_MUST_USE int hufu_load_state(
        struct hufu *h, const void *bytes, size_t len);
/* HUFU_ERR_SPACE if `cap` is too small; HUFU_STATE_MAX always suffices. */
HUFU_API HUFU_MUST_USE int hufu_save_state(
        const struct hufu *h, void *ret, size_t cap, size_t *ret_len);

/*
 * The public key (PEM, "BEGIN PUBLIC KEY") that this verifier pins: every
 * trust list must be signed by it, or by a successor that it introduced.
 * Forgets the trust list in hand. HUFU_ERR_MALFORMED, HUFU_ERR_UNSUPPORTED:
 * neither P-256, SM2 nor Ed25519.
 */
HUFU_API HUFU_MUST_USE int hufu_set_root(
        struct hufu *h, const void *pem, size_t len);

/*
 * The signed trust list. HUFU_ERR_STATE: no root yet; HUFU_ERR_SIGNATURE: not
 * the root's; HUFU_ERR_STALE: a list with a higher sequence has been seen;
 * HUFU_ERR_CONFLICT: the same sequence with other bytes. A status list whose
 * key the new list does not believe any more is dropped.
 */
HUFU_API HUFU_MUST_USE int hufu_load_trust(
        struct hufu *h, const void *bytes, size_t len);

/*
 * One signed status list: Token Status List, or a compact snapshot or delta
 * (a delta needs the list that it starts from, else HUFU_ERR_STATE or
 * HUFU_ERR_CONFLICT). Replaces an older list of the same number and issuer.
 * HUFU_ERR_NOT_FOUND: the trust list knows no such key for status lists;
 * HUFU_ERR_STALE: a newer one has been seen; HUFU_ERR_LIMIT. Lists are given
 * as they were once: snapshot, then deltas. HUFU_LOAD_BEHIND (no failure): a
 * newer one was seen in an earlier run, so this one is not believed until
 * its deltas are loaded too.
 */
HUFU_API HUFU_MUST_USE int hufu_load_status(
        struct hufu *h, const void *bytes, size_t len);

/*
 * Builds tables (half a megabyte a key, 10 ms each) that make each further
 * check many times as fast: for gates and files of credentials. Clones made
 * afterwards share them; later trust lists get theirs.
 */
HUFU_API HUFU_MUST_USE int hufu_prepare(struct hufu *h);

/* A status list older than this is stale; 0, the default: by its own end. */
HUFU_API void hufu_set_status_limit(struct hufu *h, int64_t seconds);

/*
 * Instead of root and lists: believe this one issuer's key, for whatever
 * issuer a credential names. At best the verdict is valid, status stale.
 */
HUFU_API HUFU_MUST_USE int hufu_set_key(
        struct hufu *h, const void *pem, size_t len);

/*
 * The text of a QR code; `now_s` is seconds since 1970, UTC. 0 with a
 * verdict, whatever the text is. What *ret points to stays until the next
 * hufu_check_qr(), load or free of this handle. HUFU_ERR_STATE: no trust
 * list and no key; HUFU_ERR_MEMORY, HUFU_ERR_CRYPTO.
 */
HUFU_API HUFU_MUST_USE int hufu_check_qr(struct hufu *h, const char *text,
        size_t len, int64_t now_s, struct hufu_result *ret);

/* The same for what was read from a chip; see struct hufu_chip. */
HUFU_API HUFU_MUST_USE int hufu_check_chip(struct hufu *h,
        const struct hufu_chip *chip, int64_t now_s, struct hufu_result *ret);

/* When the trust list was signed and when it ends; 0 if there is none. */
HUFU_API int64_t hufu_trust_issued(const struct hufu *h);
HUFU_API int64_t hufu_trust_expires(const struct hufu *h);

/* The name as a screen may show it (欧阳**), NUL-terminated; "" if absent. */
HUFU_API HUFU_MUST_USE int hufu_masked_name(
        const struct hufu_result *r, char *ret, size_t cap);
/* The card number's last four digits; "" if absent. */
HUFU_API void hufu_last_four(
        const struct hufu_result *r, char ret[HUFU_LAST_FOUR_LEN + 1]);

/* Words for screens; never NULL. */
HUFU_API const char *hufu_verdict_zh(enum hufu_verdict verdict);
HUFU_API const char *hufu_verdict_en(enum hufu_verdict verdict);
HUFU_API const char *hufu_kind_zh(uint32_t kind); /* "" if unknown */
HUFU_API const char *hufu_kind_en(uint32_t kind);
HUFU_API const char *hufu_error_zh(int error);
HUFU_API const char *hufu_error_en(int error);

HUFU_API const char *hufu_version(void); /* "0.1.0" */

#ifdef __cplusplus
}
#endif

#endif
