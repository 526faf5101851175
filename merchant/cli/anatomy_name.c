#include <inttypes.h>
#include <stdio.h>

#include <hufu/hufu.h>

#include "crypto/core/sigcheck.h"
#include "crypto/core/timestamp.h"
#include "merchant/cli/anatomy.h"

enum { CLAIM_EXP = 4, CLAIM_IAT = 6, HEADER_ALG = 1, KIND = 75 };

static const struct {
	enum anatomy_part part;
	int64_t label;
	bool private;
	const char *words[2];
} names[] = {
        {ANATOMY_HEADER, 1, false, {"签名算法", "algorithm"}},
        {ANATOMY_HEADER, 2, false, {"必须理解的头", "critical headers"}},
        {ANATOMY_HEADER, 3, false, {"内容类型", "content type"}},
        {ANATOMY_HEADER, 4, false, {"密钥编号", "key id"}},
        {ANATOMY_HEADER, 16, false, {"消息类型", "type"}},
        {ANATOMY_CLAIMS, 1, false, {"签发者", "issuer"}},
        {ANATOMY_CLAIMS, 2, false, {"主体", "subject"}},
        {ANATOMY_CLAIMS, 3, false, {"接收者", "audience"}},
        {ANATOMY_CLAIMS, 4, false, {"到期", "expires"}},
        {ANATOMY_CLAIMS, 5, false, {"生效", "not before"}},
        {ANATOMY_CLAIMS, 6, false, {"签发", "issued"}},
        {ANATOMY_CLAIMS, 7, false, {"凭证编号", "credential id"}},
        {ANATOMY_CLAIMS, 169, false, {"身份数据", "identity data"}},
        {ANATOMY_169, 1, true, {"卡号", "card number"}},
        {ANATOMY_169, 2, false, {"版本", "version"}},
        {ANATOMY_169, 3, false, {"语言", "language"}},
        {ANATOMY_169, 4, true, {"姓名", "name"}},
        {ANATOMY_169, 5, true, {"名", "first name"}},
        {ANATOMY_169, 6, true, {"中间名", "middle name"}},
        {ANATOMY_169, 7, true, {"姓", "last name"}},
        {ANATOMY_169, 8, true, {"出生日期", "date of birth"}},
        {ANATOMY_169, 9, true, {"性别", "gender"}},
        {ANATOMY_169, 10, true, {"地址", "address"}},
        {ANATOMY_169, 11, true, {"电子邮件", "email"}},
        {ANATOMY_169, 12, true, {"电话", "phone"}},
        {ANATOMY_169, 13, true, {"国籍", "nationality"}},
        {ANATOMY_169, 14, true, {"婚姻状况", "marital status"}},
        {ANATOMY_169, 15, true, {"监护人", "guardian"}},
        {ANATOMY_169, 16, true, {"照片", "picture"}},
        {ANATOMY_169, 75, false, {"优待证种类", "card kind"}},
        {ANATOMY_169, 76, false, {"优待类别", "benefit classes"}},
        {ANATOMY_169, 77, false, {"状态列表与序号", "status list, index"}},
        {ANATOMY_169, 78, false, {"芯片密钥摘要", "chip key hash"}},
};

static size_t find(enum anatomy_part part, int64_t label)
{
	size_t i = 0;
	while (i < sizeof names / sizeof names[0] &&
	        (names[i].part != part || names[i].label != label))
		i++;
	return i;
}

const char *const *anatomy_name(enum anatomy_part part, int64_t label)
{
	size_t i = find(part, label);
	return i < sizeof names / sizeof names[0] ? names[i].words : NULL;
}

/* What is not known here may be anything, so among claims it is masked. */
bool anatomy_is_private(enum anatomy_part part, int64_t label)
{
	size_t i = find(part, label);
	return i < sizeof names / sizeof names[0]
	               ? names[i].private
	               : part == ANATOMY_169 || part == ANATOMY_CLAIMS;
}

static const char *alg_name(int64_t alg)
{
	return alg == SIGCHECK_ES256   ? "ES256"
	       : alg == SIGCHECK_SM2   ? "SM2-SM3"
	       : alg == SIGCHECK_EDDSA ? "EdDSA"
	                               : "不支持 unsupported";
}

void anatomy_meaning(enum anatomy_part part, int64_t label, int64_t value,
        char *ret, size_t cap)
{
	struct writer w;
	ret[0] = '\0';
	if (part == ANATOMY_HEADER && label == HEADER_ALG)
		(void)snprintf(ret, cap, "%s", alg_name(value));
	if (part == ANATOMY_169 && label == KIND && value > 0 &&
	        value <= UINT32_MAX)
		(void)snprintf(ret, cap, "%s %s", hufu_kind_zh((uint32_t)value),
		        hufu_kind_en((uint32_t)value));
	if (part != ANATOMY_CLAIMS || label < CLAIM_EXP || label > CLAIM_IAT)
		return;
	writer_init(&w, ret, cap - 1);
	timestamp_encode(&w, value);
	ret[w.error ? 0 : w.len] = '\0';
}
