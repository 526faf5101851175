/*
 * Verifying a Hufu card offline: the text of its QR code, and its chip. This
 * is for builds that contain crypto/core itself (firmware, WebAssembly, our
 * own programs); libhufu installs <hufu/hufu.h>, which allocates, instead.
 *
 * Nothing is allocated, no clock or file is read: the caller hands in the
 * time, the trust list and the status lists. One verifier serves one thread
 * at a time; what a result points to stays until the verifier's next call.
 */
#ifndef HUFU_VERIFY_H
#define HUFU_VERIFY_H

#include <hufu/result.h>

struct sigcheck; /* crypto/core/sigcheck.h: a signature back end */
struct trust_list; /* crypto/core/trust_list.h, opened */
struct status_list; /* crypto/core/status_list.h, opened and expanded */

enum {
	HUFU_QR_TEXT_MAX = 4296,
	HUFU_PLAIN_MAX = 4096, /* bytes of a credential after inflation */
	HUFU_TBS_MAX = 4224,
	HUFU_CLOCK_LEEWAY_S = 300, /* a terminal's clock may be this slow */
};

struct hufu_verifier {
	const struct sigcheck *sigs;
	const struct trust_list *trust;
	const struct status_list *lists;
	size_t list_count;
	int64_t status_limit_s; /* an older list is stale; 0: by its exp only */
	int64_t time_floor_s; /* newest signed time ever seen, or 0 */
	/* work space; not to be touched */
	uint8_t packed[HUFU_QR_TEXT_MAX / 3 * 2];
	uint8_t plain[HUFU_PLAIN_MAX];
	uint8_t tbs[HUFU_TBS_MAX];
};

/* Wipes the work space and sets what is not an option to zero. */
void hufu_verifier_init(struct hufu_verifier *v, const struct sigcheck *sigs,
        const struct trust_list *trust);

/*
 * The lowest time that can be believed: the newest signed time of the lists
 * in hand, or v->time_floor_s. Keep it, and hand it in again as that.
 */
int64_t hufu_verifier_floor(const struct hufu_verifier *v);

/*
 * HUFU_OK with a verdict, whatever the text is; an error only if the back
 * end cannot work (HUFU_ERR_CRYPTO, HUFU_ERR_MEMORY).
 */
HUFU_MUST_USE int hufu_verify_qr(struct hufu_verifier *v, struct hufu_text text,
        int64_t now_s, struct hufu_result *ret);

/*
 * As hufu_verify_qr(). An element or answer that does not verify, and a face
 * of another card, is HUFU_WRONG_SIGNATURE. `chip` must stay while the
 * result is used.
 */
HUFU_MUST_USE int hufu_verify_chip(struct hufu_verifier *v,
        const struct hufu_chip *chip, int64_t now_s, struct hufu_result *ret);

#endif
