#include "host/person/ethnicity.h"

#include <string.h>

static const char *const names[] = {[1] = "汉",
        "蒙古",
        "回",
        "藏",
        "维吾尔",
        "苗",
        "彝",
        "壮",
        "布依",
        "朝鲜",
        "满",
        "侗",
        "瑶",
        "白",
        "土家",
        "哈尼",
        "哈萨克",
        "傣",
        "黎",
        "傈僳",
        "佤",
        "畲",
        "高山",
        "拉祜",
        "水",
        "东乡",
        "纳西",
        "景颇",
        "柯尔克孜",
        "土",
        "达斡尔",
        "仫佬",
        "羌",
        "布朗",
        "撒拉",
        "毛南",
        "仡佬",
        "锡伯",
        "阿昌",
        "普米",
        "塔吉克",
        "怒",
        "乌孜别克",
        "俄罗斯",
        "鄂温克",
        "德昂",
        "保安",
        "裕固",
        "京",
        "塔塔尔",
        "独龙",
        "鄂伦春",
        "赫哲",
        "门巴",
        "珞巴",
        "基诺",
        [97] = "其他",
        [98] = "外国血统中国籍人士"};

enum { CODES = sizeof names / sizeof *names };

const char *ethnicity_name(unsigned code)
{
	return code < CODES ? names[code] : 0;
}

unsigned ethnicity_of(const char *text)
{
	static const char suffix[] = "族";
	size_t len = strlen(text);

	if (len == 2 && strspn(text, "0123456789") == 2) {
		unsigned code =
		        (unsigned)((text[0] - '0') * 10 + (text[1] - '0'));
		return ethnicity_name(code) ? code : 0;
	}
	for (unsigned i = 1; i < CODES; i++) {
		size_t own;

		if (!names[i])
			continue;
		own = strlen(names[i]);
		if (strncmp(text, names[i], own) == 0 &&
		        (len == own || strcmp(text + own, suffix) == 0))
			return i;
	}
	return 0;
}
