#include "merchant/cli/report.h"

#include <stdio.h>
#include <string.h>

#include "crypto/core/timestamp.h"
#include "merchant/cli/report_facts.h"

struct sentence {
	int error;
	int status;
	const char *zh;
	const char *en;
};

static const struct sentence sentences[] = {
        {HUFU_ERR_NOT_FOUND, REPORT_EXIT_NO_INPUT, "没有这个文件",
                "no such file"},
        {HUFU_ERR_DENIED, REPORT_EXIT_NO_INPUT, "没有权限读取",
                "permission denied"},
        {HUFU_ERR_IO, REPORT_EXIT_NO_INPUT, "读取失败", "cannot be read"},
        {HUFU_ERR_LIMIT, REPORT_EXIT_DATA, "文件太大", "too large"},
        {HUFU_ERR_SIGNATURE, REPORT_EXIT_DATA,
                "签名不符：不是这个密钥签的，或被改动过",
                "wrong signature: not of this key, or altered"},
        {HUFU_ERR_UNSUPPORTED, REPORT_EXIT_DATA, "不支持这种格式或算法",
                "format or algorithm not supported"},
        {HUFU_ERR_FULL, REPORT_EXIT_SOFTWARE, "结果写不出去",
                "the results cannot be written"},
        {HUFU_ERR_MEMORY, REPORT_EXIT_SOFTWARE, "内存不足", "out of memory"},
        {HUFU_ERR_CRYPTO, REPORT_EXIT_SOFTWARE, "密码库出错",
                "the cryptographic library failed"},
};

static const struct sentence broken = {0, REPORT_EXIT_DATA,
        "文件内容损坏，或不是这类文件", "damaged, or another kind of file"};

static const struct sentence *find(int error)
{
	for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
		if (sentences[i].error == error)
			return &sentences[i];
	return &broken;
}

int report_usage(const char *zh, const char *en)
{
	(void)fprintf(stderr, "hufu-verify: %s\nhufu-verify: %s\n", zh, en);
	return REPORT_EXIT_USAGE;
}

int report_file_error(const char *path, int error)
{
	const struct sentence *s = find(error);
	(void)fprintf(stderr, "hufu-verify: %s：%s\nhufu-verify: %s: %s\n",
	        path, s->zh, path, s->en);
	return s->status;
}

int report_error(int error)
{
	const struct sentence *s = find(error);
	(void)fprintf(
	        stderr, "hufu-verify: %s\nhufu-verify: %s\n", s->zh, s->en);
	return s->status;
}

int report_outcome(
        const struct arguments *a, int status, const char *zh, const char *en)
{
	if (a->json)
		(void)printf("{\"status\":%d,\"zh\":\"%s\",\"en\":\"%s\"}\n",
		        status, zh, en);
	else
		(void)printf("%s %s\n", zh, en);
	return status;
}

int report_list_error(const char *path, int error)
{
	(void)fprintf(stderr, "hufu-verify: %s：%s\nhufu-verify: %s: %s\n",
	        path, hufu_error_zh(error), path, hufu_error_en(error));
	return error == HUFU_ERR_MEMORY || error == HUFU_ERR_CRYPTO
	               ? REPORT_EXIT_SOFTWARE
	               : REPORT_EXIT_DATA;
}

int report_exit_status(const struct hufu_result *r)
{
	if (r->verdict != HUFU_VALID)
		return (int)r->verdict;
	return r->status_stale ? REPORT_EXIT_STALE : 0;
}

int report_result(const struct arguments *a, const char *source,
        const struct hufu_result *result)
{
	struct report_facts facts;
	report_facts_take(&facts, result, a->full);
	if (a->json)
		report_facts_print_json(stdout, &facts, source);
	else
		report_facts_print(&facts, source);
	return report_exit_status(result);
}

int report_line(
        FILE *out, const struct arguments *a, const struct hufu_result *result)
{
	struct report_facts facts;
	report_facts_take(&facts, result, a->full);
	if (a->json)
		report_facts_print_json(out, &facts, NULL);
	else
		report_facts_print_line(out, &facts);
	return report_exit_status(result);
}
