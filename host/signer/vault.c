#include "host/signer/vault.h"

#include <string.h>

#include "crypto/openssl/random.h"
#include "crypto/openssl/secret_file.h"
#include "host/base/file.h"

enum { PASSPHRASE_MAX = 1024, MASTER_TEXT_LEN = 2 * SIGNER_CHANNEL_KEY_LEN };

struct passphrase {
	uint8_t text[PASSPHRASE_MAX];
	size_t len;
};

static int refuse_file(struct problem *p, int code, const char *path)
{
	return problem_set(p, code, "secret-file",
	        "读不了密钥文件 %s：须存在、内容完整、属于本用户且权限为 "
	        "0600。",
	        "Cannot use the secret file %s: it must exist, be whole, "
	        "belong "
	        "to this user and have mode 0600.",
	        path);
}

/* Of the key folder, or the token's PIN. */
static int read_passphrase(const struct signd_config *config,
        struct passphrase *ret, struct problem *p)
{
	const char *path = config->token_module[0] ? config->pin_file
	                                           : config->passphrase_file;
	struct writer w;
	int rc;

	writer_init(&w, ret->text, sizeof(ret->text));
	rc = secret_file_read(path, &w);
	if (rc)
		return refuse_file(p, rc, path);
	ret->len = w.len;
	if (ret->len > 0 && ret->text[ret->len - 1] == '\n')
		ret->len--;
	return 0;
}

static int digit_of(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int decode_master(struct span text, uint8_t *ret)
{
	if (text.len == MASTER_TEXT_LEN + 1 &&
	        text.data[MASTER_TEXT_LEN] == '\n')
		text.len--;
	if (text.len != MASTER_TEXT_LEN)
		return HUFU_ERR_MALFORMED;
	for (size_t i = 0; i < SIGNER_CHANNEL_KEY_LEN; i++) {
		int high = digit_of(text.data[2 * i]);
		int low = digit_of(text.data[2 * i + 1]);

		if (high < 0 || low < 0)
			return HUFU_ERR_MALFORMED;
		ret[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

static int read_master(const char *path, uint8_t ret[SIGNER_CHANNEL_KEY_LEN],
        struct problem *p)
{
	uint8_t text[MASTER_TEXT_LEN + 1];
	struct writer w;
	int rc;

	writer_init(&w, text, sizeof(text));
	rc = secret_file_read(path, &w);
	if (!rc)
		rc = decode_master(writer_span(&w), ret);
	bytes_wipe(text, sizeof(text));
	return rc ? refuse_file(p, rc, path) : 0;
}

static int find_checkpoint_key(struct vault *v, struct problem *p)
{
	const struct cose_key *public;

	v->note.name = span_of_text(v->origin);
	v->note.ed25519 = key_store_find_only(
	        v->store, KEY_CHECKPOINT, COSE_CURVE_ED25519);
	if (!v->note.ed25519)
		return problem_set(p, HUFU_ERR_NOT_FOUND, "no-checkpoint-key",
		        "密钥文件夹里须有且只有一个日志检查点密钥。",
		        "The key folder must hold exactly one checkpoint key.");
	public = signing_key_public(v->note.ed25519);
	v->note_key.name = v->note.name;
	memcpy(v->note_key.pub, public->x, sizeof(v->note_key.pub));
	note_key_id(v->note.name, v->note_key.pub, v->note_key.id);
	v->identity.origin = v->origin;
	memcpy(v->identity.checkpoint_key, public->x, sizeof(public->x));
	return 0;
}

static int open_token(const struct signd_config *config, struct span pin,
        struct key_store **ret, struct problem *p)
{
	struct token_place place = {config->token_module, config->token, pin};
	int rc = key_store_open_token(&place, ret);

	if (!rc)
		return 0;
	return problem_set(p, rc, "token",
	        "打不开密码设备“%s”（错误 %d）：请核对模块路径、令牌名称与 "
	        "PIN，并确认设备已接好、未被锁定。",
	        "Cannot open the token \"%s\" (error %d): check the module's "
	        "path, the token's label and the PIN, and that the device is "
	        "connected and not locked.",
	        config->token, rc);
}

static int open_store(const struct signd_config *config, struct span secret,
        struct key_store **ret, struct problem *p)
{
	int rc;

	if (config->token_module[0])
		return open_token(config, secret, ret, p);
	rc = key_store_open(config->key_folder, secret, ret);
	if (!rc)
		return 0;
	return problem_set(p, rc, "key-store",
	        "打不开密钥文件夹 %s：请核对口令与权限（0700）。",
	        "Cannot open the key folder %s: check the passphrase and the "
	        "mode (0700).",
	        config->key_folder);
}

int vault_open(
        const struct signd_config *config, struct vault *ret, struct problem *p)
{
	struct passphrase pass = {0};
	struct vault *v = ret;
	int rc = read_passphrase(config, &pass, p);

	*v = (struct vault){0};
	if (rc)
		return rc;
	memcpy(v->origin, config->origin, sizeof(v->origin));
	rc = open_store(config, span_of(pass.text, pass.len), &v->store, p);
	bytes_wipe(&pass, sizeof(pass));
	if (rc)
		return rc;
	rc = find_checkpoint_key(v, p);
	if (!rc)
		rc = read_master(
		        config->transport_master, v->masters.transport, p);
	if (!rc)
		rc = read_master(config->issuer_master, v->masters.issuer, p);
	if (rc)
		vault_close(v);
	return rc;
}

void vault_close(struct vault *v)
{
	key_store_close(v->store);
	bytes_wipe(v, sizeof(*v));
}

static int create_master(const char *path, struct problem *p)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t key[SIGNER_CHANNEL_KEY_LEN], text[MASTER_TEXT_LEN + 1];
	int rc;

	if (file_exists(path))
		return 0;
	rc = random_fill(key, sizeof(key));
	for (size_t i = 0; i < sizeof(key); i++) {
		text[2 * i] = (uint8_t)digits[key[i] >> 4];
		text[2 * i + 1] = (uint8_t)digits[key[i] & 15];
	}
	text[MASTER_TEXT_LEN] = '\n';
	if (!rc)
		rc = secret_file_create(path, span_of(text, sizeof(text)));
	bytes_wipe(key, sizeof(key));
	bytes_wipe(text, sizeof(text));
	return rc ? refuse_file(p, rc, path) : 0;
}

struct missing {
	enum key_purpose purpose;
	enum cose_curve curve;
	enum signd_suites suite; /* BOTH: of no suite */
};

static const struct missing missing[] = {
        {KEY_CHECKPOINT, COSE_CURVE_ED25519, SIGND_SUITES_BOTH},
        {KEY_CARD, COSE_CURVE_P256, SIGND_SUITES_INTL},
        {KEY_LIST, COSE_CURVE_P256, SIGND_SUITES_INTL},
        {KEY_CARD, COSE_CURVE_SM2, SIGND_SUITES_SM},
        {KEY_LIST, COSE_CURVE_SM2, SIGND_SUITES_SM},
};

static bool has_key(const struct key_store *store, const struct missing *m)
{
	for (size_t i = 0; store && i < key_store_count(store); i++) {
		const struct signing_key *key = key_store_at(store, i);

		if (signing_key_purpose(key) == m->purpose &&
		        signing_key_public(key)->curve == m->curve)
			return true;
	}
	return false;
}

static int refuse_making(
        const struct signd_config *config, struct problem *p, int rc)
{
	if (!rc)
		return 0;
	if (config->token_module[0])
		return problem_set(p, rc, "token",
		        "密码设备“%s”里生成不了密钥（错误 %d）：它须支持 "
		        "P-256 与 Ed25519。",
		        "Cannot make keys on the token \"%s\" (error %d): it "
		        "must know P-256 and Ed25519.",
		        config->token, rc);
	return problem_set(p, rc, "key-store",
	        "密钥文件夹 %s 里生成不了密钥：口令至少 8 个字符，"
	        "文件夹权限 0700。",
	        "Cannot make keys in %s: the passphrase has at least 8 "
	        "characters, the folder mode 0700.",
	        config->key_folder);
}

static int create_key(const struct signd_config *config, struct span passphrase,
        struct key_store *store, const struct missing *m)
{
	if (config->token_module[0])
		return key_store_generate_on(store, m->curve, m->purpose);
	return key_store_generate(
	        config->key_folder, passphrase, m->curve, m->purpose, NULL);
}

static int create_keys(const struct signd_config *config,
        struct span passphrase, struct problem *p)
{
	struct key_store *store = NULL;
	int rc = 0;

	if (config->token_module[0] || file_exists(config->key_folder))
		rc = open_store(config, passphrase, &store, p);
	for (size_t i = 0; !rc && i < sizeof(missing) / sizeof(missing[0]);
	        i++) {
		const struct missing *m = &missing[i];
		bool wanted = m->suite == SIGND_SUITES_BOTH ||
		              config->suites == SIGND_SUITES_BOTH ||
		              config->suites == m->suite;

		if (wanted && !has_key(store, m))
			rc = refuse_making(config, p,
			        create_key(config, passphrase, store, m));
	}
	key_store_close(store);
	return rc;
}

int vault_create(const struct signd_config *config, struct problem *p)
{
	struct passphrase pass = {0};
	int rc = read_passphrase(config, &pass, p);

	if (rc)
		return rc;
	rc = create_keys(config, span_of(pass.text, pass.len), p);
	bytes_wipe(&pass, sizeof(pass));
	if (rc)
		return rc;
	rc = create_master(config->transport_master, p);
	if (!rc)
		rc = create_master(config->issuer_master, p);
	return rc;
}

static int put_key(const struct signing_key *key, const uint8_t *note_id,
        struct signer_keys *ret)
{
	const struct cose_key *public = signing_key_public(key);
	struct signer_key *at = &ret->key[ret->count];
	uint8_t space[SIGCHECK_POINT_LEN];
	struct span point = cose_key_public(public, space);
	enum key_purpose purpose = signing_key_purpose(key);

	if (purpose < KEY_CARD || purpose > KEY_CHECKPOINT)
		return 0;
	if (ret->count == SIGNER_KEYS_MAX)
		return HUFU_ERR_LIMIT;
	*at = (struct signer_key){.alg = cose_key_alg(public)};
	at->purpose = purpose == KEY_CARD   ? SIGNER_CARD
	              : purpose == KEY_LIST ? SIGNER_LIST
	                                    : SIGNER_CHECKPOINT;
	memcpy(at->point, point.data, point.len);
	if (purpose == KEY_CHECKPOINT)
		memcpy(at->kid, note_id, NOTE_KEY_ID_LEN);
	else
		cose_key_id(public, at->kid);
	ret->count++;
	return 0;
}

int vault_public_keys(const struct vault *v, struct signer_keys *ret)
{
	struct signer_keys keys = {0};
	struct writer w;
	int rc;

	memcpy(keys.origin, v->origin, sizeof(v->origin));
	writer_init(&w, keys.vkey, SIGNER_VKEY_MAX);
	rc = note_sign_vkey(&v->note, &w);
	for (size_t i = 0; !rc && i < key_store_count(v->store); i++)
		rc = put_key(key_store_at(v->store, i), v->note_key.id, &keys);
	if (!rc)
		*ret = keys;
	return rc;
}
