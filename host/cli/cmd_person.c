#include <stdlib.h>
#include <string.h>

#include "host/base/file.h"
#include "host/cli/show.h"

static const char usage[] = "person import [--check] FILE.csv | "
                            "person deaths [--check] FILE.csv | "
                            "person show ID-NUMBER|-";

enum { IMPORT_FILE_LIMIT = 256 << 20 }; /* what the daemon takes */

static void show_import(const json_t *json)
{
	static const struct show_column columns[] = {{"line", "行 line"},
	        {"column", "列 column"}, {"zh", "说明"}, {"en", "reason"},
	        {NULL, NULL}};
	static const struct show_column counts[] = {
	        {"encoding", "编码 encoding"}, {"rows", "行数 rows"},
	        {"added", "新增 added"}, {"changed", "更新 changed"},
	        {"unchanged", "未变 unchanged"},
	        {"refused", "有误未导入 refused"},
	        {"warnings", "提示 warnings"},
	        {"suspended", "因去世暂停的卡 cards suspended, holder dead"},
	        {NULL, NULL}};
	const json_t *issues = json_object_get(json, "issues");
	show_record(json, counts);
	if (json_array_size(issues))
		show_table(issues, columns);
}

static void show_deaths(const json_t *json)
{
	static const struct show_column columns[] = {{"line", "行 line"},
	        {"zh", "结果"}, {"en", "result"}, {"card", "暂停的卡 card"},
	        {"application", "终止的申请 application"},
	        {"pending", "不再发放的卡 pending"}, {NULL, NULL}};
	static const struct show_column counts[] = {{"rows", "行数 rows"},
	        {"noted", "新登记 noted"}, {"known", "早已登记 known"},
	        {"not_on_file", "不在册 not on file"},
	        {"refused", "有误 refused"},
	        {"suspended", "暂停的卡 cards suspended"},
	        {"lapsed", "终止的申请 applications lapsed"},
	        {"pending", "不再发放的卡 not handed over"}, {NULL, NULL}};
	show_record(json, counts);
	show_table(json_object_get(json, "results"), columns);
}

/* Both kinds of list go the same way. */
static int import_list(const struct cli *cli, int argc, char **argv)
{
	bool deaths = strcmp(argv[0], "deaths") == 0;
	bool check = false;
	const char *path = NULL;
	const struct cli_option options[] = {
	        {"check", NULL, &check}, {NULL, NULL, NULL}};
	if (!cli_parse(argc, argv, options, &path, 1) || !path)
		return cli_usage(usage);
	uint8_t *csv = NULL;
	size_t len = 0;
	int code = file_read(path, IMPORT_FILE_LIMIT, &csv, &len);
	if (code) {
		struct problem p;
		(void)problem_set(&p, code, "file",
		        "无法读取 %s，请检查文件名和权限（最大 256 MB）。",
		        "Cannot read %s; check its name and rights (256 MB at "
		        "most).",
		        path); /* told below */
		return cli_refuse(&p);
	}
	struct client_reply reply;
	int r = client_post_csv(cli,
	        deaths  ? check ? "/v1/persons/deaths?check_only=1"
	                        : "/v1/persons/deaths"
	        : check ? "/v1/persons/import?check_only=1"
	                : "/v1/persons/import",
	        span_of(csv, len), &reply);
	if (r == CLI_DONE && !show_json(cli, &reply))
		deaths ? show_deaths(reply.json) : show_import(reply.json);
	if (r == CLI_DONE &&
	        json_integer_value(json_object_get(reply.json, "refused")))
		r = CLI_REFUSED;
	client_done(&reply);
	free(csv);
	return r;
}

static int show_person(const struct cli *cli, const char *id_number)
{
	static const struct show_column columns[] = {{"id", "编号 id"},
	        {"name", "姓名 name"}, {"id_number", "证件号 ID number"},
	        {"sex", "性别 sex (GB/T 2261.1)"},
	        {"residence", "户籍地 residence"},
	        {"registered", "已建档立卡 registered"}, {"dead", "已故 dead"},
	        {NULL, NULL}};
	char line[64];
	if (!cli_take_word(&id_number, line, sizeof line))
		return cli_usage(usage);
	struct client_reply reply;
	int r = client_post(cli, "/v1/persons/find",
	        json_pack("{s:s}", "id_number", id_number), &reply);
	if (r == CLI_DONE && !show_json(cli, &reply)) {
		size_t at;
		json_t *word;
		show_record(reply.json, columns);
		printf("身份类别 classes:");
		json_array_foreach(json_object_get(reply.json, "classes"), at,
		        word) printf(" %s", json_string_value(word));
		putchar('\n');
	}
	client_done(&reply);
	return r;
}

int cmd_person(const struct cli *cli, int argc, char **argv)
{
	if (argc >= 2 && (strcmp(argv[0], "import") == 0 ||
	                         strcmp(argv[0], "deaths") == 0))
		return import_list(cli, argc, argv);
	if (argc == 2 && strcmp(argv[0], "show") == 0)
		return show_person(cli, argv[1]);
	return cli_usage(usage);
}
