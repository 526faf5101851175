#include "crypto/core/name_mask.h"

#include "crypto/core/utf8.h"

enum {
	MIDDLE_DOT = 0xB7,
	SPACE = ' ',
	NAME_CHARS_MAX = 128,
};

/* Surnames of two characters still borne today, by code point. */
static const uint32_t compound[][2] = {
        {0x6B27, 0x9633}, /* 欧阳 */
        {0x6B50, 0x967D}, /* 歐陽 */
        {0x53F8, 0x9A6C}, /* 司马 */
        {0x53F8, 0x99AC}, /* 司馬 */
        {0x4E0A, 0x5B98}, /* 上官 */
        {0x8BF8, 0x845B}, /* 诸葛 */
        {0x8AF8, 0x845B}, /* 諸葛 */
        {0x590F, 0x4FAF}, /* 夏侯 */
        {0x4E1C, 0x65B9}, /* 东方 */
        {0x7687, 0x752B}, /* 皇甫 */
        {0x5C09, 0x8FDF}, /* 尉迟 */
        {0x516C, 0x5B59}, /* 公孙 */
        {0x516C, 0x7F8A}, /* 公羊 */
        {0x8F69, 0x8F95}, /* 轩辕 */
        {0x4EE4, 0x72D0}, /* 令狐 */
        {0x5B87, 0x6587}, /* 宇文 */
        {0x957F, 0x5B59}, /* 长孙 */
        {0x6155, 0x5BB9}, /* 慕容 */
        {0x53F8, 0x5F92}, /* 司徒 */
        {0x53F8, 0x7A7A}, /* 司空 */
        {0x95FB, 0x4EBA}, /* 闻人 */
        {0x4E1C, 0x90ED}, /* 东郭 */
        {0x5357, 0x5BAB}, /* 南宫 */
        {0x897F, 0x95E8}, /* 西门 */
        {0x4E1C, 0x95E8}, /* 东门 */
        {0x7AEF, 0x6728}, /* 端木 */
        {0x767E, 0x91CC}, /* 百里 */
        {0x547C, 0x5EF6}, /* 呼延 */
        {0x72EC, 0x5B64}, /* 独孤 */
        {0x8D6B, 0x8FDE}, /* 赫连 */
        {0x6FB9, 0x53F0}, /* 澹台 */
        {0x6DF3, 0x4E8E}, /* 淳于 */
        {0x5355, 0x4E8E}, /* 单于 */
        {0x592A, 0x53D4}, /* 太叔 */
        {0x7533, 0x5C60}, /* 申屠 */
        {0x4EF2, 0x5B59}, /* 仲孙 */
        {0x949F, 0x79BB}, /* 钟离 */
        {0x9C9C, 0x4E8E}, /* 鲜于 */
        {0x62D3, 0x8DCB}, /* 拓跋 */
        {0x4E07, 0x4FDF}, /* 万俟 */
        {0x5B97, 0x653F}, /* 宗政 */
        {0x6FEE, 0x9633}, /* 濮阳 */
        {0x516C, 0x51B6}, /* 公冶 */
        {0x5DE6, 0x4E18}, /* 左丘 */
        {0x8C37, 0x6881}, /* 谷梁 */
        {0x7B2C, 0x4E94}, /* 第五 */
};

static bool is_compound(uint32_t first, uint32_t second)
{
	for (size_t i = 0; i < sizeof compound / sizeof compound[0]; i++)
		if (compound[i][0] == first && compound[i][1] == second)
			return true;
	return false;
}

/* How many characters from the start may be seen. */
static size_t count_open(struct span name)
{
	struct reader r;
	uint32_t first = 0, second = 0;
	size_t count = 0;
	reader_init(&r, name);
	while (reader_left(&r) > 0) {
		uint32_t c = utf8_get(&r);
		if (c == MIDDLE_DOT)
			return 1;
		if (count == 0)
			first = c;
		else if (count == 1)
			second = c;
		count++;
	}
	/* two characters: a surname of one and a given name of one */
	return count > 2 && is_compound(first, second) ? 2 : 1;
}

void name_mask_encode(struct writer *w, struct span name)
{
	struct reader r;
	size_t open = count_open(name);
	reader_init(&r, name);
	for (size_t i = 0; reader_left(&r) > 0; i++) {
		uint32_t c = utf8_get(&r);
		if (i >= NAME_CHARS_MAX)
			reader_fail(&r, HUFU_ERR_LIMIT);
		if (r.error)
			break;
		utf8_put(
		        w, i < open || c == MIDDLE_DOT || c == SPACE ? c : '*');
	}
	if (r.error)
		writer_fail(w, r.error);
}
