#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto/core/cose.h"
#include "crypto/openssl/public_pem.h"
#include "crypto/openssl/sigs.h"
#include "merchant/cli/commands.h"
#include "merchant/cli/input.h"
#include "merchant/cli/report.h"

static void put_hex(struct span s, char *ret, size_t cap)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len && n + 2 < cap; i++, n += 2)
		(void)snprintf(ret + n, cap - n, "%02x", s.data[i]);
	ret[n] = '\0';
}

static const char *alg_name(int32_t alg)
{
	switch (alg) {
	case SIGCHECK_ES256:
		return "ES256";
	case SIGCHECK_EDDSA:
		return "EdDSA";
	case SIGCHECK_SM2:
		return "SM2-SM3";
	default:
		return "?";
	}
}

static void print(const struct arguments *a, const struct cose_sign1 *c)
{
	char kid[2 * COSE_KEY_ID_LEN * 8 + 1] = "";
	put_hex(c->kid, kid, sizeof kid);
	if (a->json) {
		(void)printf("{\"verdict\":\"signature-valid\",\"alg\":%" PRId32
		             ",\"kid\":\"%s\",\"payload_bytes\":%zu}\n",
		        c->alg, kid, c->payload.len);
		return;
	}
	(void)printf("签名正确 Signature valid\n"
	             "  算法 Algorithm  %s (%" PRId32 ")\n"
	             "  密钥 Key id     %s\n"
	             "  内容 Payload    %zu 字节 bytes\n",
	        alg_name(c->alg), c->alg, kid, c->payload.len);
}

static int check(const struct cose_sign1 *c, const struct cose_key *key)
{
	size_t cap = c->payload.len + c->protected.len + COSE_TBS_OVERHEAD;
	struct writer space;
	uint8_t *tbs = malloc(cap);
	if (!tbs)
		return HUFU_ERR_MEMORY;
	writer_init(&space, tbs, cap);
	int r = cose_check_sign1(c, key, sigs_openssl(), &space);
	free(tbs);
	return r;
}

int cmd_cose(const struct arguments *a)
{
	INPUT pem = {0};
	INPUT in = {0};
	struct cose_key key;
	struct cose_sign1 c;
	if (a->rest_count != 1 || !a->key)
		return report_usage("用法：cose --key 公钥.pem 文件",
		        "usage: cose --key PEM FILE");
	int r = input_read(a->key, INPUT_TEXT_MAX, &pem);
	if (!r)
		r = public_pem_decode(input_span(&pem), &key);
	if (r)
		return report_file_error(a->key, r);
	r = input_read(a->rest[0], INPUT_LIST_MAX, &in);
	if (r)
		return report_file_error(a->rest[0], r);
	r = cose_decode_sign1(input_span(&in), &c);
	if (r == HUFU_ERR_UNSUPPORTED)
		return report_outcome(a, HUFU_UNSUPPORTED,
		        "不支持这种 COSE 消息。", "Unsupported COSE message.");
	if (r)
		return report_outcome(a, HUFU_MALFORMED, "不是 COSE_Sign1。",
		        "Not a COSE_Sign1.");
	r = check(&c, &key);
	if (r == HUFU_ERR_SIGNATURE)
		return report_outcome(a, HUFU_WRONG_SIGNATURE, "签名不符。",
		        "Wrong signature.");
	if (r)
		return report_error(r);
	print(a, &c);
	return 0;
}
