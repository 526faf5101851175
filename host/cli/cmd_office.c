#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/base/cleanup.h"
#include "host/base/file.h"
#include "host/base/number.h"
#include "host/cli/show.h"

static void show_counts(const json_t *object)
{
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		if (json_integer_value(value))
			printf("    %-24s %lld\n", key,
			        (long long)json_integer_value(value));
	}
}

static void show_status(const json_t *json)
{
	static const struct show_column top[] = {{"version", "版本 version"},
	        {"area", "区划 area"}, {NULL, NULL}};
	static const struct show_column counts[] = {{"applied", "申请 applied"},
	        {"refused", "不予受理 refused"},
	        {"returned", "退回补正 returned"}, {"made", "已制证 made"},
	        {"spoiled", "废卡 spoiled"}, {"jobs_waiting", "待制 waiting"},
	        {"jobs_running", "在制 in making"},
	        {"jobs_dead", "待人工处理 need a person"}, {NULL, NULL}};
	const json_t *summary = json_object_get(json, "summary");
	show_record(json, top);
	printf("日志条目 log entries: %lld\n状态列表序号 status list: %lld\n",
	        (long long)json_integer_value(
	                json_object_get(json_object_get(json, "log"), "size")),
	        (long long)json_integer_value(json_object_get(
	                json_object_get(json, "status_list"), "sequence")));
	printf("信任列表序号 trust list: %lld\n",
	        (long long)json_integer_value(
	                json_object_get(json, "trust_list")));
	printf("节假日历至 calendar until: %lld\n",
	        (long long)json_integer_value(
	                json_object_get(json, "calendar_until")));
	const json_t *signer = json_object_get(json, "signer");
	printf("签名服务 signer: %s\n",
	        !json_is_true(json_object_get(signer, "reachable"))
	                ? "无法连接 cannot be reached"
	        : json_is_true(json_object_get(signer, "locked"))
	                ? "已锁定，不再签名 locked, signs nothing"
	                : "正常 working");
	show_record(summary, counts);
	printf("  申请 applications:\n");
	show_counts(json_object_get(summary, "applications"));
	printf("  卡片 cards:\n");
	show_counts(json_object_get(summary, "cards"));
	printf("  不予办理 refusals:\n");
	show_counts(json_object_get(summary, "refusals"));
	printf("  废卡原因 spoiled because:\n");
	show_counts(json_object_get(summary, "spoilings"));
}

int cmd_status(const struct cli *cli, int argc, char **argv)
{
	(void)argv;
	if (argc != 0)
		return cli_usage("status");
	struct client_reply reply;
	int r = client_get(cli, "/v1/status", &reply);
	if (r == CLI_DONE && !show_json(cli, &reply))
		show_status(reply.json);
	client_done(&reply);
	return r;
}

int cmd_backup(const struct cli *cli, int argc, char **argv)
{
	static const struct cli_option none[] = {{NULL, NULL, NULL}};
	const char *file = NULL;
	if (!cli_parse(argc + 1, argv - 1, none, &file, 1) || !file || !*file)
		return cli_usage("backup FILE");
	char cwd[4096], path[8192];
	if (file[0] == '/')
		(void)snprintf(path, sizeof path, "%s", file);
	else if (getcwd(cwd, sizeof cwd))
		(void)snprintf(path, sizeof path, "%s/%s", cwd, file);
	else
		return cli_usage("backup FILE");
	struct client_reply reply;
	int r = client_post(
	        cli, "/v1/backups", json_pack("{s:s}", "path", path), &reply);
	if (r == CLI_DONE && !show_json(cli, &reply))
		printf("已备份 saved: %s\n", path);
	client_done(&reply);
	return r;
}

static const char area_usage[] = "area add CODE NAME | "
                                 "area import [--within CODE] FILE.csv";

enum { AREAS_FILE_MAX = 256 << 20 }; /* what the daemon takes */

static void show_areas(const json_t *json)
{
	static const struct show_column counts[] = {{"rows", "行数 rows"},
	        {"added", "新增 added"}, {"renamed", "改名 renamed"},
	        {"unchanged", "未变 unchanged"},
	        {"refused", "有误未导入 refused"}, {NULL, NULL}};
	static const struct show_column columns[] = {{"line", "行 line"},
	        {"zh", "说明"}, {"en", "reason"}, {NULL, NULL}};
	const json_t *issues = json_object_get(json, "issues");
	show_record(json, counts);
	if (json_array_size(issues))
		show_table(issues, columns);
}

static int import_areas(const struct cli *cli, int argc, char **argv)
{
	const char *path = NULL, *within = NULL;
	const struct cli_option options[] = {
	        {"within", &within, NULL}, {NULL, NULL, NULL}};
	const struct number_range range = {100000, 999999999999};
	char url[64];
	int64_t code = 0;
	if (!cli_parse(argc, argv, options, &path, 1) || !path ||
	        (within && number_parse_text(within, range, &code) != HUFU_OK))
		return cli_usage(area_usage);
	_free_ uint8_t *csv = NULL;
	size_t len = 0;
	int r = file_read(path, AREAS_FILE_MAX, &csv, &len);
	if (r) {
		struct problem p;
		(void)problem_set(&p, r, "file",
		        "无法读取 %s，请检查文件名和权限（最大 256 MB）。",
		        "Cannot read %s; check its name and rights (256 MB at "
		        "most).",
		        path); /* told below */
		return cli_refuse(&p);
	}
	(void)snprintf(url, sizeof url, "/v1/areas/import%s%s",
	        within ? "?within=" : "", within ? within : "");
	struct client_reply reply;
	r = client_post_csv(cli, url, span_of(csv, len), &reply);
	if (r == CLI_DONE && !show_json(cli, &reply))
		show_areas(reply.json);
	if (r == CLI_DONE &&
	        json_integer_value(json_object_get(reply.json, "refused")))
		r = CLI_REFUSED;
	client_done(&reply);
	return r;
}

int cmd_area(const struct cli *cli, int argc, char **argv)
{
	if (argc >= 1 && strcmp(argv[0], "import") == 0)
		return import_areas(cli, argc, argv);
	if (argc != 3 || strcmp(argv[0], "add") != 0)
		return cli_usage(area_usage);
	struct client_reply reply;
	int r = client_post(cli, "/v1/areas",
	        json_pack("{s:s, s:s}", "code", argv[1], "name", argv[2]),
	        &reply);
	if (r == CLI_DONE && !show_json(cli, &reply))
		printf("已登记 registered: %s %s\n", argv[1], argv[2]);
	client_done(&reply);
	return r;
}
