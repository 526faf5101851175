#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

int cmd_area(const struct cli *cli, int argc, char **argv)
{
	if (argc != 3 || strcmp(argv[0], "add") != 0)
		return cli_usage("area add CODE NAME");
	struct client_reply reply;
	int r = client_post(cli, "/v1/areas",
	        json_pack("{s:s, s:s}", "code", argv[1], "name", argv[2]),
	        &reply);
	if (r == CLI_DONE && !show_json(cli, &reply))
		printf("已登记 registered: %s %s\n", argv[1], argv[2]);
	client_done(&reply);
	return r;
}

static const char staff_usage[] =
        "staff add LOGIN TITLE UID ROLE@AREA...\n"
        "       hufu staff grant|revoke LOGIN ROLE@AREA...\n"
        "       hufu staff dismiss LOGIN";

/* ROLE@AREA...; NULL when one is not written so. */
static json_t *roles_of(int argc, char **argv)
{
	json_t *roles = json_array();
	for (int i = 0; i < argc; i++) {
		char *at = strchr(argv[i], '@');
		if (!at) {
			json_decref(roles);
			return NULL;
		}
		json_array_append_new(
		        roles, json_pack("{s:s%, s:s}", "role", argv[i],
		                       (size_t)(at - argv[i]), "area", at + 1));
	}
	return roles;
}

static int send_staff(const struct cli *cli, const char *path, json_t *body,
        const char *login)
{
	struct client_reply reply;
	int r = client_post(cli, path, body, &reply);
	if (r == CLI_DONE && !show_json(cli, &reply))
		printf("已登记 registered: %s\n", login);
	client_done(&reply);
	return r;
}

static int add_staff(const struct cli *cli, int argc, char **argv)
{
	struct number_range range = {1, UINT32_MAX - 1};
	int64_t uid = 0;
	json_t *roles = NULL;
	if (argc >= 5 && number_parse_text(argv[3], range, &uid) == HUFU_OK)
		roles = roles_of(argc - 4, argv + 4);
	if (!roles)
		return cli_usage(staff_usage);
	return send_staff(cli, "/v1/staff",
	        json_pack("{s:s, s:s, s:I, s:o}", "login", argv[1], "title",
	                argv[2], "uid", (json_int_t)uid, "roles", roles),
	        argv[1]);
}

int cmd_staff(const struct cli *cli, int argc, char **argv)
{
	static const char *const changes[] = {"grant", "revoke", NULL};
	json_t *roles = NULL;
	if (argc > 0 && strcmp(argv[0], "add") == 0)
		return add_staff(cli, argc, argv);
	if (argc > 2 && cli_is_one_of(argv[0], changes))
		roles = roles_of(argc - 2, argv + 2);
	if (!roles && (argc != 2 || strcmp(argv[0], "dismiss") != 0))
		return cli_usage(staff_usage);
	return send_staff(cli, "/v1/staff/acts",
	        json_pack("{s:s, s:s, s:o*}", "act", argv[0], "login", argv[1],
	                "roles", roles),
	        argv[1]);
}
