#include "host/signer/evidence.h"

#include <string.h>

#include "crypto/openssl/sigs.h"

/* A checkpoint of ours in the hand of one who may ask. */
static int check_note(
        const struct note_key *key, struct span text, struct checkpoint *ret)
{
	struct note note;
	int rc = note_decode(text, &note);

	if (!rc)
		rc = note_check(&note, key, sigs_openssl());
	if (rc == HUFU_ERR_NOT_FOUND)
		return HUFU_ERR_SIGNATURE;
	if (!rc)
		rc = checkpoint_decode(note.text, ret);
	if (!rc && !span_equal(ret->origin, key->name))
		rc = HUFU_ERR_SIGNATURE;
	return rc;
}

/* The journal must know every tree that our key signed. */
static int check_known(struct ledger *ledger, const struct checkpoint *c)
{
	uint8_t root[MERKLE_HASH_LEN];
	uint64_t size;
	bool any = ledger_last(ledger, &size, root);
	int rc;

	if (any &&
	        (c->size < size || (c->size == size && !memcmp(root, c->root,
	                                                       sizeof(root)))))
		return 0;
	rc = ledger_lock(ledger);
	return rc ? rc : HUFU_ERR_CORRUPT;
}

int evidence_check(struct ledger *ledger, const struct note_key *key,
        const struct wire_request *r, enum log_type type, struct log_entry *ret)
{
	uint8_t leaf[MERKLE_HASH_LEN];
	struct checkpoint c;
	struct log_entry entry;
	int rc = check_note(key, r->note, &c);

	if (!rc)
		rc = check_known(ledger, &c);
	if (rc)
		return rc;
	merkle_leaf(r->entry, leaf);
	rc = merkle_check_inclusion(&r->path, r->index, c.size, leaf, c.root);
	if (!rc)
		rc = log_entry_decode(r->entry, &entry);
	if (!rc &&
	        (entry.type != type || !(entry.present & LOG_HAS(LOG_BINDING))))
		rc = HUFU_ERR_PROOF;
	if (!rc)
		*ret = entry;
	return rc;
}
