#include <string.h>

#include <hufu/hufu.h>

#include "crypto/core/name_mask.h"

struct words {
	const char *zh;
	const char *en;
};

static const struct words verdicts[] = {
        [HUFU_VERDICT_NONE] = {"未核验", "Not checked"},
        [HUFU_VALID] = {"有效", "Valid"},
        [HUFU_SUSPENDED] = {"暂停使用", "Suspended"},
        [HUFU_REVOKED] = {"已作废", "Revoked"},
        [HUFU_EXPIRED] = {"已过期", "Expired"},
        [HUFU_NOT_YET_VALID] = {"尚未生效", "Not yet valid"},
        [HUFU_UNKNOWN_ISSUER] = {"发卡机构不明", "Unknown issuer"},
        [HUFU_WRONG_SIGNATURE] = {"签名不符", "Wrong signature"},
        [HUFU_NOT_CREDENTIAL] = {"不是优待证", "Not a 优待证"},
        [HUFU_MALFORMED] = {"内容损坏", "Malformed"},
        [HUFU_UNSUPPORTED] = {"不支持的格式", "Unsupported"},
};

static const struct words kinds[] = {
        {"", ""},
        {"退役军人优待证", "veteran"},
        {"烈士、因公牺牲军人、病故军人遗属优待证", "bereaved family"},
        {"地方优待证", "local"},
};

static const struct {
	int error;
	struct words words;
} errors[] = {
        {HUFU_OK, {"成功", "success"}},
        {HUFU_ERR_LIMIT, {"内容太大，或列表太多", "too large, or too many"}},
        {HUFU_ERR_UNSUPPORTED,
                {"不支持这种格式或算法", "format or algorithm not supported"}},
        {HUFU_ERR_SPACE, {"给的空间不够", "the buffer is too small"}},
        {HUFU_ERR_CRYPTO, {"密码运算出错", "cryptography failed"}},
        {HUFU_ERR_SIGNATURE,
                {"签名不符：不是这个密钥签的，或被改动过",
                        "wrong signature: not of this key, or altered"}},
        {HUFU_ERR_MEMORY, {"内存不足", "out of memory"}},
        {HUFU_ERR_STATE,
                {"次序不对：先给根公钥，再给信任列表，再给状态列表",
                        "wrong order: root, then trust list, then status "
                        "lists"}},
        {HUFU_ERR_NOT_FOUND,
                {"信任列表里没有签它的密钥",
                        "signed by a key that is not in the trust list"}},
        {HUFU_ERR_CONFLICT,
                {"与已有的列表对不上", "does not fit the list in hand"}},
        {HUFU_ERR_CORRUPT, {"保存的数据已损坏", "saved data is damaged"}},
        {HUFU_ERR_STALE, {"比已用过的列表旧，拒绝退回",
                                 "older than a list already seen: refused"}},
};

static const struct words broken = {
        "内容损坏，或不是这类内容", "damaged, or another kind of data"};

static const struct words *find_verdict(enum hufu_verdict v)
{
	size_t at = (size_t)v;
	return at < sizeof verdicts / sizeof verdicts[0] ? &verdicts[at]
	                                                 : &verdicts[0];
}

static const struct words *find_kind(uint32_t kind)
{
	return kind < sizeof kinds / sizeof kinds[0] ? &kinds[kind] : &kinds[0];
}

static const struct words *find_error(int error)
{
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (errors[i].error == error)
			return &errors[i].words;
	return &broken;
}

const char *hufu_verdict_zh(enum hufu_verdict verdict)
{
	return find_verdict(verdict)->zh;
}

const char *hufu_verdict_en(enum hufu_verdict verdict)
{
	return find_verdict(verdict)->en;
}

const char *hufu_kind_zh(uint32_t kind)
{
	return find_kind(kind)->zh;
}

const char *hufu_kind_en(uint32_t kind)
{
	return find_kind(kind)->en;
}

const char *hufu_error_zh(int error)
{
	return find_error(error)->zh;
}

const char *hufu_error_en(int error)
{
	return find_error(error)->en;
}

int hufu_masked_name(const struct hufu_result *r, char *ret, size_t cap)
{
	struct writer w;
	if (cap == 0)
		return HUFU_ERR_SPACE;
	writer_init(&w, ret, cap - 1);
	if (r->name.len > 0)
		name_mask_encode(&w, span_of(r->name.data, r->name.len));
	ret[w.error ? 0 : w.len] = '\0';
	return w.error;
}

void hufu_last_four(
        const struct hufu_result *r, char ret[HUFU_LAST_FOUR_LEN + 1])
{
	size_t len = r->card_number.len;
	size_t shown = len < HUFU_LAST_FOUR_LEN ? len : HUFU_LAST_FOUR_LEN;
	if (shown > 0)
		memcpy(ret, r->card_number.data + len - shown, shown);
	ret[shown] = '\0';
}
