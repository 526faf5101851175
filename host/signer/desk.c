#include "host/signer/desk.h"

#include <stdio.h>
#include <string.h>

#include "crypto/core/sha256.h"
#include "host/base/fault_point.h"
#include "host/signer/claims.h"
#include "host/signer/evidence.h"

static int refuse(struct wire_answer *a, int code, const char *why)
{
	(void)snprintf(a->why, sizeof(a->why), "%s", why);
	return code;
}

static int sign_note(struct desk *d, uint64_t size,
        const uint8_t root[MERKLE_HASH_LEN], struct wire_answer *a)
{
	struct signer_checkpoint c = {.size = size};
	struct writer w;
	int rc;

	writer_init(&w, c.note, SIGNER_NOTE_MAX);
	rc = note_sign_checkpoint(&d->vault->note, size, root, &w);
	if (rc)
		return refuse(a, rc, "checkpoint key failed");
	memcpy(c.root, root, sizeof(c.root));
	a->checkpoint = c;
	return 0;
}

static int answer_last(
        struct desk *d, const struct wire_request *r, struct wire_answer *a)
{
	uint8_t root[MERKLE_HASH_LEN];
	uint64_t size;

	(void)r; /* asks nothing more */
	if (!ledger_last(d->ledger, &size, root))
		return refuse(a, HUFU_ERR_NOT_FOUND, "no checkpoint yet");
	return sign_note(d, size, root, a);
}

static int check_extends(
        struct desk *d, const struct wire_request *r, struct wire_answer *a)
{
	uint8_t root[MERKLE_HASH_LEN];
	uint64_t size = 0;
	int rc;

	if (!ledger_last(d->ledger, &size, root))
		merkle_empty(root);
	if (r->size < size)
		return refuse(a, HUFU_ERR_STALE, "tree shrank");
	if (r->size == size && memcmp(root, r->root, sizeof(root)) != 0)
		return refuse(a, HUFU_ERR_CONFLICT, "same size, other root");
	rc = merkle_check_consistency(&r->path, size, root, r->size, r->root);
	return rc ? refuse(a, rc, "does not extend the last tree") : 0;
}

static int answer_checkpoint(
        struct desk *d, const struct wire_request *r, struct wire_answer *a)
{
	uint8_t root[MERKLE_HASH_LEN];
	uint64_t size = 0;
	int rc = check_extends(d, r, a);

	if (rc)
		return rc;
	if (!ledger_last(d->ledger, &size, root) || size != r->size) {
		rc = ledger_put_checkpoint(d->ledger, r->size, r->root);
		if (rc)
			return refuse(a, rc, "journal");
	}
	return sign_note(d, r->size, r->root, a);
}

static int check_logged(struct desk *d, const struct wire_request *r,
        enum log_type type, struct log_entry *ret, struct wire_answer *a)
{
	int rc = evidence_check(d->ledger, &d->vault->note_key, r, type, ret);

	switch (rc) {
	case 0:
		return 0;
	case HUFU_ERR_SIGNATURE:
		return refuse(a, rc, "checkpoint is not ours");
	case HUFU_ERR_CORRUPT:
		return refuse(a, rc, "journal is older than our checkpoint");
	case HUFU_ERR_PROOF:
		return refuse(a, rc, "no such entry proven");
	default:
		return refuse(a, rc, "entry or checkpoint malformed");
	}
}

static const struct signing_key *find_key(const struct desk *d,
        enum key_purpose purpose, int32_t alg,
        const uint8_t kid[SIGNER_KID_LEN])
{
	const struct signing_key *key = key_store_find(
	        d->vault->store, purpose, span_of(kid, SIGNER_KID_LEN));

	if (key && (int32_t)cose_key_alg(signing_key_public(key)) != alg)
		return NULL;
	return key;
}

static int sign_new_card(struct desk *d, const struct wire_request *r,
        struct ledger_card *card, struct wire_answer *a)
{
	const struct signing_key *key;
	struct claims c;
	int rc = claims_check_card(
	        r->qr_tbs, r->chip_tbs, d->config->issuer, &c);

	if (rc)
		return refuse(a, rc, "not a credential and its chip object");
	key = find_key(d, KEY_CARD, c.alg, c.kid);
	if (!key)
		return refuse(a, HUFU_ERR_NOT_FOUND, "no card key of this kid");
	if (ledger_has_status(d->ledger, c.list, c.status_index))
		return refuse(a, HUFU_ERR_CONFLICT, "status reference used");
	card->list = c.list;
	card->status_index = c.status_index;
	rc = signing_key_sign(key, r->qr_tbs, card->sigs.qr);
	if (!rc)
		rc = signing_key_sign(key, r->chip_tbs, card->sigs.chip);
	if (rc)
		return refuse(a, rc, "card key failed");
	rc = ledger_put_card(d->ledger, card);
	return rc ? refuse(a, rc, "journal") : 0;
}

static int answer_card(
        struct desk *d, const struct wire_request *r, struct wire_answer *a)
{
	struct ledger_card card = {.index = r->index}, old;
	struct log_entry entry;
	int rc = check_logged(d, r, LOG_SIGNED, &entry, a);

	if (rc)
		return rc;
	log_bind_signed(r->salt, r->qr_tbs, r->chip_tbs, card.binding);
	if (memcmp(card.binding, entry.binding, sizeof(card.binding)) != 0)
		return refuse(a, HUFU_ERR_PROOF, "entry is for other bytes");
	rc = ledger_find_card(d->ledger, r->index, &old);
	if (!rc && memcmp(old.binding, card.binding, sizeof(old.binding)) != 0)
		return refuse(a, HUFU_ERR_CONFLICT, "index signed otherwise");
	if (rc && rc != HUFU_ERR_NOT_FOUND)
		return refuse(a, rc, "journal");
	if (!rc)
		card = old;
	else
		rc = sign_new_card(d, r, &card, a);
	if (!rc)
		a->card = card.sigs;
	return rc;
}

/* Deltas must be against the snapshot that verifiers were given last. */
static int check_edition(struct desk *d, const struct claims_edition *c,
        struct ledger_edition *next, bool *ret_again, struct wire_answer *a)
{
	struct ledger_edition last = {0};
	int rc = ledger_find_edition(d->ledger, c->list, &last);

	if (rc && rc != HUFU_ERR_NOT_FOUND)
		return refuse(a, rc, "journal");
	if (!rc && last.index == next->index &&
	        !memcmp(last.binding, next->binding, sizeof(last.binding))) {
		*next = last;
		*ret_again = true;
		return 0;
	}
	if (!rc && next->number <= last.number)
		return refuse(a, HUFU_ERR_STALE, "sequence does not grow");
	if (c->closed_base && c->closed_base != last.snapshot)
		return refuse(a, HUFU_ERR_CONFLICT, "closes another snapshot");
	if (!c->has_snapshot &&
	        (!last.snapshot || c->today_base != last.snapshot))
		return refuse(a, HUFU_ERR_CONFLICT, "snapshot is due");
	next->snapshot = c->today_base;
	return 0;
}

static int sign_new_edition(struct desk *d, const struct wire_request *r,
        const struct claims_edition *c, struct ledger_edition *next,
        struct wire_answer *a)
{
	const struct signing_key *key = find_key(d, KEY_LIST, c->alg, c->kid);
	int rc;

	if (!key)
		return refuse(a, HUFU_ERR_NOT_FOUND, "no list key of this kid");
	for (unsigned i = 0; i < SIGNER_FILES; i++) {
		rc = r->files[i].len
		             ? signing_key_sign(key, r->files[i], next->sigs[i])
		             : 0;
		if (rc)
			return refuse(a, rc, "list key failed");
	}
	rc = ledger_put_edition(d->ledger, next);
	return rc ? refuse(a, rc, "journal") : 0;
}

static void bind_files(const struct wire_request *r, uint8_t ret[LOG_HASH_LEN])
{
	uint8_t hashes[SIGNER_FILES][LOG_HASH_LEN];
	size_t count = 0;

	for (unsigned i = 0; i < SIGNER_FILES; i++)
		if (r->files[i].len)
			sha256_of(r->files[i], hashes[count++]);
	log_bind_edition(span_of(hashes, count * LOG_HASH_LEN), ret);
}

static int answer_list(
        struct desk *d, const struct wire_request *r, struct wire_answer *a)
{
	struct ledger_edition next = {.index = r->index};
	struct log_entry entry;
	struct claims_edition c;
	bool again = false;
	int rc = check_logged(d, r, LOG_STATUS_LIST, &entry, a);

	if (rc)
		return rc;
	bind_files(r, next.binding);
	if (!(entry.present & LOG_HAS(LOG_NUMBER)) ||
	        memcmp(next.binding, entry.binding, sizeof(next.binding)) != 0)
		return refuse(a, HUFU_ERR_PROOF, "entry is for other bytes");
	rc = claims_check_edition(r->files, d->config->issuer, &c);
	if (rc)
		return refuse(a, rc, "not an edition of a status list");
	next.number = entry.number;
	if (c.sequence > UINT32_MAX ||
	        next.number != ((uint64_t)c.list << 32 | c.sequence))
		return refuse(a, HUFU_ERR_PROOF, "entry is for another number");
	rc = check_edition(d, &c, &next, &again, a);
	if (!rc && !again)
		rc = sign_new_edition(d, r, &c, &next, a);
	if (!rc)
		memcpy(a->files, next.sigs, sizeof(a->files));
	return rc;
}

static int open_channel(
        struct desk *d, const struct wire_request *r, struct wire_answer *a)
{
	struct signer_session s = {0};
	int rc = channel_open(&d->vault->masters, r, &s);
	int kept = 0;

	if (rc == HUFU_ERR_SIGNATURE)
		kept = ledger_refuse(d->ledger, r->serial);
	else if (!rc)
		kept = ledger_put_session(d->ledger, r->serial,
		        (uint8_t)r->key_version, r->index);
	if (kept)
		rc = refuse(a, kept, "journal");
	else if (rc)
		rc = refuse(a, rc, "card cryptogram or key version wrong");
	else
		a->session = s;
	bytes_wipe(&s, sizeof(s));
	return rc;
}

static int answer_session(
        struct desk *d, const struct wire_request *r, struct wire_answer *a)
{
	struct span serial = span_of(r->serial, sizeof(r->serial));
	uint8_t binding[LOG_HASH_LEN];
	struct log_entry entry;
	int rc = check_logged(d, r, LOG_RESERVED, &entry, a);

	if (rc)
		return rc;
	log_bind_reserved(r->salt, serial, binding);
	if (memcmp(binding, entry.binding, sizeof(binding)) != 0)
		return refuse(a, HUFU_ERR_PROOF, "entry is for another chip");
	if (ledger_refused(d->ledger, r->serial))
		return refuse(a, HUFU_ERR_DENIED, "this chip is quarantined");
	return open_channel(d, r, a);
}

static int answer_signed(
        struct desk *d, const struct wire_request *r, struct wire_answer *a)
{
	a->record_count = ledger_list_cards(d->ledger, r->from, a->records);
	return 0;
}

static int answer_keys(
        struct desk *d, const struct wire_request *r, struct wire_answer *a)
{
	(void)r; /* asks nothing more */
	return vault_public_keys(d->vault, &a->keys);
}

static int answer_health(
        struct desk *d, const struct wire_request *r, struct wire_answer *a)
{
	(void)r; /* asks nothing more */
	ledger_health(d->ledger, &a->health);
	return 0;
}

static const struct {
	int (*answer)(struct desk *, const struct wire_request *,
	        struct wire_answer *);
	bool signs; /* refused while the journal is locked */
} desks[] = {
        [WIRE_HEALTH] = {answer_health, false},
        [WIRE_KEYS] = {answer_keys, false},
        [WIRE_LAST] = {answer_last, false},
        [WIRE_CHECKPOINT] = {answer_checkpoint, true},
        [WIRE_CARD] = {answer_card, true},
        [WIRE_LIST] = {answer_list, true},
        [WIRE_SESSION] = {answer_session, true},
        [WIRE_SIGNED] = {answer_signed, false},
};

void desk_answer(struct desk *d, struct span frame, enum wire_type *ret_type,
        struct wire_answer *ret)
{
	struct wire_request r = {0};
	int rc = wire_decode_request(frame, &r);

	*ret = (struct wire_answer){0};
	*ret_type = rc ? WIRE_HEALTH : r.type;
	if (rc)
		rc = refuse(ret, HUFU_ERR_ARGUMENT, "request malformed");
	else if (desks[r.type].signs && ledger_locked(d->ledger))
		rc = refuse(ret, HUFU_ERR_CORRUPT, "journal is locked");
	else
		rc = desks[r.type].answer(d, &r, ret);
	ret->code = rc;
}

int desk_settle(struct desk *d)
{
	int rc, again;

	if (!ledger_dirty(d->ledger))
		return 0;
	fault_point("signd-before-journal");
	rc = ledger_sync(d->ledger);
	fault_point("signd-after-journal");
	if (!rc)
		return 0;
	ledger_close(d->ledger);
	d->ledger = NULL;
	again = ledger_open(
	        d->config->journal, &d->vault->identity, &d->ledger);
	return again ? again : rc;
}
