/* A new root key for the trust list, made on the offline machine. */
#include <stdio.h>

#include "crypto/issuer/key_store.h"
#include "crypto/openssl/public_pem.h"
#include "crypto/openssl/secret_file.h"
#include "host/base/file.h"
#include "host/cli/cmd_trust.h"

enum { PASSPHRASE_MAX = 128 };

static int make(const char *folder, const char *secret, enum cose_curve curve,
        struct cose_key *ret)
{
	uint8_t passphrase[PASSPHRASE_MAX];
	struct writer w;
	writer_init(&w, passphrase, sizeof passphrase);
	int r = file_exists(folder) ? HUFU_ERR_CONFLICT : HUFU_OK;
	if (r == HUFU_OK)
		r = secret_file_read(secret, &w);
	if (r == HUFU_OK)
		r = key_store_generate(
		        folder, writer_span(&w), curve, KEY_ROOT, ret);
	bytes_wipe(passphrase, sizeof passphrase);
	return r;
}

static int put(const char *path, const struct cose_key *key)
{
	char pem[PUBLIC_PEM_MAX];
	struct writer w;
	writer_init(&w, pem, sizeof pem);
	int r = public_pem_encode(key, &w);
	return r ? r : file_create(path, writer_span(&w), 0644);
}

int cmd_trust_root(int argc, char **argv)
{
	const char *keys = NULL, *secret = NULL, *out = NULL, *word = NULL;
	bool sm = false;
	const struct cli_option options[] = {{"keys", &keys, NULL},
	        {"passphrase", &secret, NULL}, {"out", &out, NULL},
	        {"sm", NULL, &sm}, {NULL, NULL, NULL}};
	struct cose_key key;
	struct problem p = {0};
	if (!cli_parse(argc, argv, options, &word, 0) || !keys || !secret ||
	        !out)
		return CLI_USAGE;
	int r = make(keys, secret, sm ? COSE_CURVE_SM2 : COSE_CURVE_P256, &key);
	if (r == HUFU_OK)
		r = put(out, &key);
	if (r) {
		(void)problem_set(&p, r, "root-key",
		        "无法生成根密钥：%s 与 %s 须尚不存在，"
		        "口令文件 %s 须至少 8 个字符、只有本人可读。",
		        "Cannot make a root key: %s and %s must not exist "
		        "yet, and the passphrase in %s needs at least 8 "
		        "characters and be readable by you alone.",
		        keys, out, secret); /* told next */
		return cli_refuse(&p);
	}
	printf("已生成根密钥 made a root key: %s\n", out);
	return CLI_DONE;
}
