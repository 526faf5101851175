#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/core/base45.h"
#include "crypto/core/cose.h"
#include "crypto/core/credential.h"
#include "crypto/core/inflate.h"
#include "crypto/core/log_entry.h"
#include "crypto/core/sigs_core.h"
#include "crypto/core/tlog_proof.h"
#include "merchant/cli/commands.h"
#include "merchant/cli/input.h"
#include "merchant/cli/report.h"

static int not_proven(const struct arguments *a, int error)
{
	switch (error) {
	case HUFU_ERR_NOT_FOUND:
		return report_outcome(a, REPORT_EXIT_NOT_PROVEN,
		        "检查点没有这个日志密钥的签名。",
		        "The checkpoint is not signed by this log.");
	case HUFU_ERR_SIGNATURE:
		return report_outcome(a, REPORT_EXIT_NOT_PROVEN,
		        "检查点签名不符。",
		        "Wrong signature on the checkpoint.");
	case HUFU_ERR_PROOF:
		return report_outcome(a, REPORT_EXIT_NOT_PROVEN,
		        "证明不成立：日志里没有这一条。",
		        "Not proven: the log does not hold this entry.");
	default:
		return report_error(error);
	}
}

/* The Sig_structure of a COSE_Sign1, appended. */
static int put_tbs(struct span cose, struct writer *w)
{
	struct cose_sign1 c;
	int r = cose_decode_sign1(cose, &c);
	if (r)
		return r;
	cose_encode_tbs(w, c.protected, c.payload);
	return w->error;
}

static int put_qr_tbs(struct span text, struct writer *w)
{
	uint8_t packed_space[CREDENTIAL_QR_TEXT_MAX];
	uint8_t plain[CREDENTIAL_MAX];
	struct writer packed;
	size_t len;
	writer_init(&packed, packed_space, sizeof packed_space);
	int r = base45_decode(text, &packed);
	if (!r)
		r = inflate_zlib(
		        writer_span(&packed), plain, sizeof plain, &len);
	return r ? r : put_tbs(span_of(plain, len), w);
}

/*
 * Whether the entry commits to just this card: the salt is the proof's extra
 * data, the bytes are those that QR and chip were signed over.
 */
static int check_binding(const struct arguments *a, const struct tlog_proof *p,
        const struct log_entry *e)
{
	INPUT qr = {0};
	INPUT object = {0};
	uint8_t qr_space[CREDENTIAL_MAX + COSE_TBS_OVERHEAD];
	uint8_t chip_space[CREDENTIAL_MAX + COSE_TBS_OVERHEAD];
	uint8_t binding[LOG_HASH_LEN];
	struct writer qr_tbs;
	struct writer chip_tbs;
	int r = input_read(a->qr, INPUT_TEXT_MAX, &qr);
	if (r)
		return report_file_error(a->qr, r);
	r = input_read(a->object, INPUT_TEXT_MAX, &object);
	if (r)
		return report_file_error(a->object, r);
	writer_init(&qr_tbs, qr_space, sizeof qr_space);
	writer_init(&chip_tbs, chip_space, sizeof chip_space);
	if (put_qr_tbs(input_text(&qr), &qr_tbs))
		return report_file_error(a->qr, HUFU_ERR_MALFORMED);
	if (put_tbs(input_span(&object), &chip_tbs))
		return report_file_error(a->object, HUFU_ERR_MALFORMED);
	if (e->type != LOG_SIGNED || !(e->present & LOG_HAS(LOG_BINDING)) ||
	        p->extra_len != LOG_SALT_LEN)
		return report_outcome(a, REPORT_EXIT_NOT_PROVEN,
		        "这一条不是签卡记录，或证明里没有盐值。",
		        "Not the entry of a signing, or no salt in the proof.");
	log_bind_signed(p->extra, writer_span(&qr_tbs), writer_span(&chip_tbs),
	        binding);
	if (memcmp(binding, e->binding, sizeof binding) != 0)
		return report_outcome(a, REPORT_EXIT_NOT_PROVEN,
		        "这一条记的不是这张卡。",
		        "The entry is about another card.");
	return 0;
}

static int find_vkey(
        const char *given, struct input *space, struct note_key *ret)
{
	int r = note_decode_vkey(span_of_text(given), ret);
	if (!r)
		return HUFU_OK;
	r = input_read(given, INPUT_TEXT_MAX, space);
	return r ? r : note_decode_vkey(input_text(space), ret);
}

static void print(const struct arguments *a, const struct tlog_proof *p,
        const struct log_entry *e, bool decoded)
{
	const char *type = decoded ? log_type_name(e->type) : "?";
	const char *bound = a->qr ? "true" : "false";
	if (a->json) {
		(void)printf("{\"verdict\":\"proven\",\"index\":%" PRIu64
		             ",\"type\":\"%s\",\"card_bound\":%s}\n",
		        p->index, type, bound);
		return;
	}
	(void)printf("日志证明成立 Proven to stand in the log\n"
	             "  序号 Index  %" PRIu64 "\n  类型 Type   %s\n",
	        p->index, type);
	if (a->qr)
		(void)printf("这一条正是这张卡。The entry is this card's.\n");
}

static int verify(const struct arguments *a, struct span text,
        struct span entry, const struct note_key *key)
{
	struct tlog_proof p;
	struct log_entry e = {0};
	struct sigs_core sigs;
	sigs_core_init(&sigs, NULL, 0);
	int r = tlog_proof_decode(text, &p);
	if (r)
		return report_file_error(a->rest[0], r);
	r = tlog_proof_check(&p, entry, key, sigs_core_check(&sigs));
	if (r)
		return not_proven(a, r);
	bool decoded = log_entry_decode(entry, &e) == HUFU_OK;
	if (a->qr) {
		r = check_binding(a, &p, &e);
		if (r)
			return r;
	}
	print(a, &p, &e, decoded);
	return 0;
}

int cmd_proof(const struct arguments *a)
{
	INPUT proof = {0};
	INPUT entry = {0};
	INPUT vkey = {0};
	struct note_key key;
	if (a->rest_count != 1 || !a->entry || !a->vkey || !a->qr != !a->object)
		return report_usage("用法：proof --vkey 日志公钥 --entry 文件 "
		                    "[--qr 文件 --object 文件] 证明文件",
		        "usage: proof --vkey VKEY --entry FILE "
		        "[--qr FILE --object FILE] FILE");
	int r = find_vkey(a->vkey, &vkey, &key);
	if (r)
		return report_file_error(a->vkey, r);
	r = input_read(a->entry, INPUT_TEXT_MAX, &entry);
	if (r)
		return report_file_error(a->entry, r);
	r = input_read(a->rest[0], INPUT_TEXT_MAX, &proof);
	if (r)
		return report_file_error(a->rest[0], r);
	return verify(a, input_span(&proof), input_span(&entry), &key);
}
