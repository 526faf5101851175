#include "crypto/issuer/token.h"

#include <dlfcn.h>
#include <openssl/evp.h>
#include <p11-kit/pkcs11.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/issuer/signing_key_inside.h"
#include "crypto/openssl/random.h"
#include "crypto/openssl/sigs.h"

enum {
	SLOTS_MAX = 64,
	KEYS_MAX = 256, /* private keys of any kind on the token */
	ID_LEN = 16, /* CKA_ID that joins the two halves of a pair */
	POINT_DER_MAX = 2 + SIGCHECK_POINT_LEN,
	CHALLENGE_LEN = 32,
};

/* CKA_EC_PARAMS: OID 1.2.840.10045.3.1.7; PrintableString "edwards25519" */
static CK_BYTE p256_params[] = {
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
static CK_BYTE ed25519_params[] = {
        0x13, 0x0c, 'e', 'd', 'w', 'a', 'r', 'd', 's', '2', '5', '5', '1', '9'};

struct token {
	void *library;
	CK_FUNCTION_LIST *f; /* NULL: not initialised */
	CK_SESSION_HANDLE session;
	pthread_mutex_t lock; /* one session signs one thing at a time */
};

static int result(CK_RV rv)
{
	switch (rv) {
	case CKR_OK:
		return HUFU_OK;
	case CKR_HOST_MEMORY:
	case CKR_DEVICE_MEMORY:
		return HUFU_ERR_MEMORY;
	case CKR_PIN_INCORRECT:
	case CKR_PIN_LOCKED:
	case CKR_PIN_INVALID:
	case CKR_PIN_LEN_RANGE:
	case CKR_PIN_EXPIRED:
		return HUFU_ERR_DENIED;
	case CKR_DEVICE_ERROR:
	case CKR_DEVICE_REMOVED:
	case CKR_TOKEN_NOT_PRESENT:
	case CKR_SESSION_HANDLE_INVALID:
	case CKR_SESSION_CLOSED:
	case CKR_USER_NOT_LOGGED_IN:
		return HUFU_ERR_LINK;
	case CKR_MECHANISM_INVALID:
	case CKR_CURVE_NOT_SUPPORTED:
		return HUFU_ERR_UNSUPPORTED;
	default:
		return HUFU_ERR_CRYPTO;
	}
}

/* ---- the session ---- */

static int load_module(struct token *t, const char *path)
{
	t->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!t->library)
		return HUFU_ERR_NOT_FOUND;
	CK_C_GetFunctionList get;
	/* POSIX allows what ISO C has no cast for */
	*(void **)&get = dlsym(t->library, "C_GetFunctionList");
	CK_FUNCTION_LIST *f = NULL;
	if (!get || get(&f) != CKR_OK || !f)
		return HUFU_ERR_NOT_FOUND;
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
	int r = result(f->C_Initialize(&args));
	if (r == HUFU_OK)
		t->f = f;
	return r;
}

/* Labels are padded with blanks to TOKEN_LABEL_MAX. */
static bool label_is(const CK_TOKEN_INFO *info, const char *label)
{
	char padded[TOKEN_LABEL_MAX + 1];
	(void)snprintf(padded, sizeof padded, "%-32s", label);
	return memcmp(info->label, padded, TOKEN_LABEL_MAX) == 0;
}

static int find_slot(struct token *t, const char *label, CK_SLOT_ID *ret)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = SLOTS_MAX;
	int found = 0;
	int r = result(t->f->C_GetSlotList(CK_TRUE, slots, &count));
	for (CK_ULONG i = 0; r == HUFU_OK && i < count; i++) {
		CK_TOKEN_INFO info;
		if (t->f->C_GetTokenInfo(slots[i], &info) != CKR_OK ||
		        !label_is(&info, label))
			continue; /* another token's trouble is not ours */
		*ret = slots[i];
		found++;
	}
	if (r || found == 1)
		return r;
	return found ? HUFU_ERR_CONFLICT : HUFU_ERR_NOT_FOUND;
}

static int log_in(struct token *t, const struct token_place *place)
{
	CK_SLOT_ID slot = 0;
	int r = find_slot(t, place->label, &slot);
	if (r)
		return r;
	CK_FLAGS flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
	r = result(t->f->C_OpenSession(slot, flags, NULL, NULL, &t->session));
	if (r)
		return r;
	uint8_t pin[256];
	if (place->pin.len == 0 || place->pin.len > sizeof pin)
		return HUFU_ERR_DENIED;
	memcpy(pin, place->pin.data, place->pin.len);
	CK_RV rv = t->f->C_Login(t->session, CKU_USER, pin, place->pin.len);
	bytes_wipe(pin, sizeof pin);
	return rv == CKR_USER_ALREADY_LOGGED_IN ? HUFU_OK : result(rv);
}

int token_open(const struct token_place *place, struct token **ret)
{
	struct token *t = calloc(1, sizeof *t);
	if (!t)
		return HUFU_ERR_MEMORY;
	if (pthread_mutex_init(&t->lock, NULL) != 0) {
		free(t);
		return HUFU_ERR_MEMORY;
	}
	int r = load_module(t, place->module);
	if (r == HUFU_OK)
		r = log_in(t, place);
	if (r) {
		token_close(t);
		return r;
	}
	*ret = t;
	return HUFU_OK;
}

void token_close(struct token *token)
{
	if (!token)
		return;
	if (token->f) /* ends the session; nothing is left to be told */
		(void)token->f->C_Finalize(NULL);
	if (token->library)
		(void)dlclose(token->library);
	pthread_mutex_destroy(&token->lock);
	free(token);
}

/* ---- finding keys ---- */

struct search {
	CK_ATTRIBUTE *template;
	CK_ULONG count;
};

static int find_objects(struct token *t, const struct search *s,
        CK_OBJECT_HANDLE *ret, CK_ULONG cap, CK_ULONG *ret_count)
{
	int r = result(
	        t->f->C_FindObjectsInit(t->session, s->template, s->count));
	if (r)
		return r;
	r = result(t->f->C_FindObjects(t->session, ret, cap, ret_count));
	int end = result(t->f->C_FindObjectsFinal(t->session));
	return r ? r : end;
}

static int get_bytes(struct token *t, CK_OBJECT_HANDLE object,
        CK_ATTRIBUTE_TYPE type, struct writer *ret)
{
	CK_ATTRIBUTE a = {type, ret->data, ret->cap};
	CK_RV rv = t->f->C_GetAttributeValue(t->session, object, &a, 1);
	if (rv == CKR_BUFFER_TOO_SMALL || rv == CKR_ATTRIBUTE_TYPE_INVALID)
		return HUFU_ERR_UNSUPPORTED;
	if (rv == CKR_OK)
		ret->len = a.ulValueLen;
	return result(rv);
}

static int find_purpose(const uint8_t *label, size_t len)
{
	for (int i = KEY_CARD; i <= KEY_ROOT; i++) {
		char name[TOKEN_LABEL_MAX];
		int n = snprintf(name, sizeof name, "hufu-%s",
		        key_purpose_name((enum key_purpose)i));
		if (len == (size_t)n && memcmp(label, name, len) == 0)
			return i;
	}
	return 0;
}

/* Tokens give the point inside an OCTET STRING; some give it bare. */
static struct span bare_point(struct span point)
{
	if (point.len > 2 && point.data[0] == 0x04 &&
	        point.data[1] == point.len - 2)
		return span_of(point.data + 2, point.len - 2);
	return point;
}

static int read_public(
        struct token *t, CK_OBJECT_HANDLE object, struct cose_key *ret)
{
	uint8_t params[16], point[POINT_DER_MAX];
	struct writer p, q;
	writer_init(&p, params, sizeof params);
	writer_init(&q, point, sizeof point);
	int r = get_bytes(t, object, CKA_EC_PARAMS, &p);
	if (r == HUFU_OK)
		r = get_bytes(t, object, CKA_EC_POINT, &q);
	if (r)
		return r;
	enum cose_curve curve = COSE_CURVE_ED25519;
	if (span_equal(
	            writer_span(&p), span_of(p256_params, sizeof p256_params)))
		curve = COSE_CURVE_P256;
	else if (!span_equal(writer_span(&p),
	                 span_of(ed25519_params, sizeof ed25519_params)))
		return HUFU_ERR_UNSUPPORTED;
	return cose_key_from_public(curve, bare_point(writer_span(&q)), ret);
}

static int find_public(
        struct token *t, CK_OBJECT_HANDLE private, struct cose_key *ret)
{
	uint8_t id[64];
	struct writer w;
	CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	CK_OBJECT_HANDLE found[2];
	CK_ULONG count = 0;
	writer_init(&w, id, sizeof id);
	int r = get_bytes(t, private, CKA_ID, &w);
	if (r)
		return r;
	CK_ATTRIBUTE template[] = {
	        {CKA_CLASS, &class, sizeof class}, {CKA_ID, id, w.len}};
	r = find_objects(t, &(struct search){template, 2}, found, 2, &count);
	if (r == HUFU_OK && count != 1)
		r = count ? HUFU_ERR_CONFLICT : HUFU_ERR_CORRUPT;
	return r ? r : read_public(t, found[0], ret);
}

/* The public half is only another object: the key itself must prove it. */
static int prove(const struct signing_key *key)
{
	uint8_t text[CHALLENGE_LEN], sig[SIGNING_KEY_SIG_LEN];
	uint8_t space[SIGCHECK_POINT_LEN];
	const struct sigcheck *check = sigs_openssl();
	int r = random_fill(text, sizeof text);
	if (r == HUFU_OK)
		r = signing_key_sign(key, span_of(text, sizeof text), sig);
	if (r)
		return r;
	return check->verify(check->ctx, cose_key_alg(&key->public),
	        cose_key_public(&key->public, space),
	        span_of(text, sizeof text), span_of(sig, sizeof sig));
}

static int take_key(struct token *t, CK_OBJECT_HANDLE object, int purpose,
        struct signing_key **ret)
{
	struct signing_key *key = calloc(1, sizeof *key);
	if (!key)
		return HUFU_ERR_MEMORY;
	key->token = t;
	key->object = object;
	key->purpose = (enum key_purpose)purpose;
	int r = find_public(t, object, &key->public);
	if (r == HUFU_OK)
		r = prove(key);
	if (r)
		signing_key_free(key);
	else
		*ret = key;
	return r;
}

int token_next_key(struct token *token, size_t *at, struct signing_key **ret)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof class}};
	CK_OBJECT_HANDLE found[KEYS_MAX];
	CK_ULONG count = 0;
	int r = find_objects(
	        token, &(struct search){template, 1}, found, KEYS_MAX, &count);
	if (r == HUFU_OK && count == KEYS_MAX)
		r = HUFU_ERR_LIMIT;
	while (r == HUFU_OK && *at < count) {
		CK_OBJECT_HANDLE object = found[(*at)++];
		uint8_t label[TOKEN_LABEL_MAX];
		struct writer w;
		writer_init(&w, label, sizeof label);
		int purpose = get_bytes(token, object, CKA_LABEL, &w)
		                      ? 0 /* too long to be one of ours */
		                      : find_purpose(label, w.len);
		if (purpose)
			return take_key(token, object, purpose, ret);
	}
	return r ? r : HUFU_ERR_NOT_FOUND;
}

/* ---- making and using keys ---- */

int token_generate(struct token *token, enum cose_curve curve,
        enum key_purpose purpose, struct cose_key *ret_public)
{
	bool edwards = curve == COSE_CURVE_ED25519;
	if (!edwards && curve != COSE_CURVE_P256)
		return HUFU_ERR_UNSUPPORTED;
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_BYTE id[ID_LEN];
	char label[TOKEN_LABEL_MAX];
	int n = snprintf(
	        label, sizeof label, "hufu-%s", key_purpose_name(purpose));
	int r = random_fill(id, sizeof id);
	if (r)
		return r;
	CK_BYTE *params = edwards ? ed25519_params : p256_params;
	CK_ULONG params_len =
	        edwards ? sizeof ed25519_params : sizeof p256_params;
	CK_ATTRIBUTE public[] = {{CKA_TOKEN, &yes, sizeof yes},
	        {CKA_VERIFY, &yes, sizeof yes},
	        {CKA_EC_PARAMS, params, params_len}, {CKA_ID, id, sizeof id},
	        {CKA_LABEL, label, (CK_ULONG)n}};
	CK_ATTRIBUTE private[] = {{CKA_TOKEN, &yes, sizeof yes},
	        {CKA_PRIVATE, &yes, sizeof yes},
	        {CKA_SENSITIVE, &yes, sizeof yes},
	        {CKA_EXTRACTABLE, &no, sizeof no}, {CKA_SIGN, &yes, sizeof yes},
	        {CKA_ID, id, sizeof id}, {CKA_LABEL, label, (CK_ULONG)n}};
	CK_MECHANISM how = {
	        edwards ? CKM_EC_EDWARDS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN,
	        NULL, 0};
	CK_OBJECT_HANDLE public_key, private_key;
	r = result(token->f->C_GenerateKeyPair(token->session, &how, public,
	        sizeof public / sizeof *public, private,
	        sizeof private / sizeof *private, &public_key, &private_key));
	return r ? r : read_public(token, public_key, ret_public);
}

int token_sign(struct token *token, unsigned long key, enum cose_curve curve,
        struct span tbs, uint8_t ret[SIGNING_KEY_SIG_LEN])
{
	CK_BYTE digest[EVP_MAX_MD_SIZE], out[SIGNING_KEY_SIG_LEN];
	/* const is missing in PKCS#11, whose C_Sign only reads */
	CK_BYTE *in = (CK_BYTE *)(uintptr_t)tbs.data;
	CK_ULONG in_len = tbs.len, out_len = sizeof out;
	CK_MECHANISM how = {CKM_EDDSA, NULL, 0};
	unsigned digest_len = 0;
	if (curve == COSE_CURVE_P256) {
		if (EVP_Digest(tbs.data, tbs.len, digest, &digest_len,
		            EVP_sha256(), NULL) != 1)
			return HUFU_ERR_CRYPTO;
		how.mechanism = CKM_ECDSA;
		in = digest;
		in_len = digest_len;
	}
	pthread_mutex_lock(&token->lock);
	CK_RV rv = token->f->C_SignInit(token->session, &how, key);
	if (rv == CKR_OK)
		rv = token->f->C_Sign(
		        token->session, in, in_len, out, &out_len);
	pthread_mutex_unlock(&token->lock);
	if (rv == CKR_OK && out_len != sizeof out)
		return HUFU_ERR_CRYPTO;
	if (rv == CKR_OK)
		memcpy(ret, out, sizeof out);
	return result(rv);
}
