#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto/core/cose.h"
#include "crypto/core/sigs_core.h"
#include "crypto/lib/root_key.h"
#include "merchant/cli/cbor_json.h"
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

static int print(
        const struct arguments *a, const struct cose_sign1 *c, bool good)
{
	char kid[2 * COSE_KID_MAX + 1] = "";
	put_hex(c->kid, kid, sizeof kid);
	json_t *payload = cbor_json_of(c->payload);
	json_t *o = json_pack("{s:s, s:s, s:i, s:s, s:s%, s:o}", "verdict",
	        good ? "signature-valid" : "wrong-signature", "alg",
	        alg_name(c->alg), "alg_number", (int)c->alg, "kid", kid, "type",
	        c->type.len ? (const char *)c->type.data : "", c->type.len,
	        "payload", payload ? payload : json_null());
	char *text = o ? a->json ? json_dumps(o, JSON_COMPACT)
	                         : json_dumps(payload,
	                                   JSON_INDENT(2) | JSON_ENCODE_ANY)
	               : NULL;
	if (text && !a->json)
		(void)printf("%s\n  算法 Algorithm  %s (%" PRId32 ")\n"
		             "  密钥 Key id     %s\n"
		             "  内容 Payload    %zu 字节 bytes\n",
		        good ? "签名正确 Signature valid"
		             : "签名不符。Wrong signature.",
		        alg_name(c->alg), c->alg, kid, c->payload.len);
	if (text)
		(void)printf("%s\n", text);
	int status = !text  ? report_error(HUFU_ERR_MEMORY)
	             : good ? 0
	                    : HUFU_WRONG_SIGNATURE;
	free(text);
	json_decref(o);
	return status;
}

static int check(const struct cose_sign1 *c, const struct cose_key *key)
{
	size_t cap = c->payload.len + c->protected.len + COSE_TBS_OVERHEAD;
	struct sigs_core sigs;
	struct writer space;
	uint8_t *tbs = malloc(cap);
	if (!tbs)
		return HUFU_ERR_MEMORY;
	sigs_core_init(&sigs, NULL, 0);
	writer_init(&space, tbs, cap);
	int r = cose_check_sign1(c, key, sigs_core_check(&sigs), &space);
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
		r = root_key_decode(input_span(&pem), &key);
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
	if (r && r != HUFU_ERR_SIGNATURE)
		return report_error(r);
	return print(a, &c, r == HUFU_OK);
}
