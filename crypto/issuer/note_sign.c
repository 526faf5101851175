#include "crypto/issuer/note_sign.h"

#include <string.h>

enum { TYPE_PRIVATE = 0xff, TEXT_MAX = 1024 };

/* C2SP signed-note: SHA-256(name ‖ 0A ‖ ff ‖ identifier ‖ key), 4 bytes. */
static void sm2_id(struct span name, const struct cose_key *key,
        uint8_t ret[NOTE_KEY_ID_LEN])
{
	uint8_t space[SIGCHECK_POINT_LEN];
	uint8_t hash[SHA256_LEN];
	const uint8_t head[] = {'\n', TYPE_PRIVATE};
	struct span point = cose_key_public(key, space);
	struct sha256 h;
	sha256_init(&h);
	sha256_put(&h, name.data, name.len);
	sha256_put(&h, head, sizeof head);
	sha256_put(&h, NOTE_SIGN_SM2_TYPE, strlen(NOTE_SIGN_SM2_TYPE));
	sha256_put(&h, point.data, point.len);
	sha256_done(&h, hash);
	memcpy(ret, hash, NOTE_KEY_ID_LEN);
}

static void ed25519_key(const struct note_signer *signer, struct note_key *ret)
{
	const struct cose_key *key = signing_key_public(signer->ed25519);
	ret->name = signer->name;
	memcpy(ret->pub, key->x, sizeof ret->pub);
	note_key_id(ret->name, ret->pub, ret->id);
}

static bool fits(const struct signing_key *key, enum cose_curve curve)
{
	return signing_key_purpose(key) == KEY_CHECKPOINT &&
	       signing_key_public(key)->curve == curve;
}

static int put_sig(const struct signing_key *key, const struct note_key *line,
        struct span text, struct writer *w)
{
	uint8_t sig[SIGNING_KEY_SIG_LEN];
	int r = signing_key_sign(key, text, sig);
	if (r)
		return r;
	note_encode_sig(w, line, span_of(sig, sizeof sig));
	return w->error;
}

int note_sign(
        const struct note_signer *signer, struct span text, struct writer *ret)
{
	struct note_key line;
	struct writer w = *ret;
	if (!fits(signer->ed25519, COSE_CURVE_ED25519) ||
	        (signer->sm2 && !fits(signer->sm2, COSE_CURVE_SM2)) ||
	        text.len == 0 || text.data[text.len - 1] != '\n')
		return HUFU_ERR_ARGUMENT;
	ed25519_key(signer, &line);
	writer_put_span(&w, text);
	writer_put_text(&w, "\n");
	int r = put_sig(signer->ed25519, &line, text, &w);
	if (!r && signer->sm2) {
		sm2_id(signer->name, signing_key_public(signer->sm2), line.id);
		r = put_sig(signer->sm2, &line, text, &w);
	}
	if (!r)
		*ret = w;
	return r;
}

int note_sign_checkpoint(const struct note_signer *signer, uint64_t size,
        const uint8_t root[MERKLE_HASH_LEN], struct writer *ret)
{
	uint8_t space[TEXT_MAX];
	struct writer text;
	struct checkpoint c = {.origin = signer->name, .size = size};
	memcpy(c.root, root, sizeof c.root);
	writer_init(&text, space, sizeof space);
	checkpoint_encode(&text, &c);
	if (text.error)
		return text.error;
	return note_sign(signer, writer_span(&text), ret);
}

int note_sign_vkey(const struct note_signer *signer, struct writer *ret)
{
	struct note_key key;
	if (!fits(signer->ed25519, COSE_CURVE_ED25519))
		return HUFU_ERR_ARGUMENT;
	ed25519_key(signer, &key);
	note_encode_vkey(ret, &key);
	return ret->error;
}

int note_sign_check_sm2(const struct note *n, struct span name,
        const struct cose_key *key, const struct sigcheck *sigs)
{
	uint8_t id[NOTE_KEY_ID_LEN];
	uint8_t space[SIGCHECK_POINT_LEN];
	struct span rest = n->sigs;
	struct note_sig sig;
	sm2_id(name, key, id);
	while (rest.len > 0) {
		int r = note_next_sig(&rest, &sig);
		if (r)
			return r;
		if (!span_equal(sig.name, name) ||
		        memcmp(sig.id, id, sizeof id) != 0)
			continue;
		return sigs->verify(sigs->ctx, SIGCHECK_SM2,
		        cose_key_public(key, space), n->text,
		        span_of(sig.sig, sig.sig_len));
	}
	return HUFU_ERR_NOT_FOUND;
}
