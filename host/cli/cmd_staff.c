#include <stdio.h>
#include <string.h>

#include "host/base/number.h"
#include "host/cli/cli.h"
#include "host/cli/client.h"
#include "host/cli/show.h"

static const char staff_usage[] =
        "staff list\n"
        "       hufu staff add LOGIN TITLE UID|- ROLE@AREA...\n"
        "       hufu staff grant|revoke LOGIN ROLE@AREA...\n"
        "       hufu staff invite|unlock|dismiss LOGIN";

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

/* Four at a time, to be read out or written down. */
static void show_code(const char *code)
{
	printf("一次性邀请码（72 小时内有效，请当面交给本人）"
	       " one-time code (72 hours; hand it over in person): ");
	for (size_t i = 0; code[i]; i++)
		printf("%s%c", i > 0 && i % 4 == 0 ? "-" : "", code[i]);
	printf("\n");
}

static int send_staff(const struct cli *cli, const char *path, json_t *body,
        const char *login)
{
	struct client_reply reply;
	int r = client_post(cli, path, body, &reply);
	if (r == CLI_DONE && !show_json(cli, &reply)) {
		const char *code =
		        json_string_value(json_object_get(reply.json, "code"));
		printf("已登记 registered: %s\n", login);
		if (code)
			show_code(code);
	}
	client_done(&reply);
	return r;
}

static int add_staff(const struct cli *cli, int argc, char **argv)
{
	struct number_range range = {1, UINT32_MAX - 1};
	int64_t uid = 0;
	json_t *roles = NULL;
	if (argc >= 5 &&
	        (strcmp(argv[3], "-") == 0 ||
	                number_parse_text(argv[3], range, &uid) == HUFU_OK))
		roles = roles_of(argc - 4, argv + 4);
	if (!roles)
		return cli_usage(staff_usage);
	json_t *body = json_pack("{s:s, s:s, s:o}", "login", argv[1], "title",
	        argv[2], "roles", roles);
	if (uid)
		json_object_set_new(body, "uid", json_integer(uid));
	return send_staff(cli, "/v1/staff", body, argv[1]);
}

static void show_member(const json_t *row)
{
	const json_t *role;
	size_t at;
	bool ready = json_is_true(json_object_get(row, "ready"));
	bool active = json_is_true(json_object_get(row, "active"));
	printf("%-20s %s%s", json_string_value(json_object_get(row, "login")),
	        json_string_value(json_object_get(row, "title")),
	        !active ? "  已离岗 dismissed"
	        : ready ? ""
	                : "  网页登录未启用 no page sign-in yet");
	json_array_foreach(json_object_get(row, "roles"), at, role) printf(
	        "  %s@%s", json_string_value(json_object_get(role, "role")),
	        json_string_value(json_object_get(role, "area")));
	printf("\n");
}

static int list_staff(const struct cli *cli)
{
	char path[128] = "/v1/staff";
	for (;;) {
		struct client_reply reply;
		int r = client_get(cli, path, &reply);
		const json_t *list = json_object_get(reply.json, "staff");
		size_t count = json_array_size(list);
		const json_t *last = json_array_get(list, count - 1);
		bool shown = r == CLI_DONE && show_json(cli, &reply);
		for (size_t i = 0; r == CLI_DONE && !shown && i < count; i++)
			show_member(json_array_get(list, i));
		if (last)
			(void)snprintf(path, sizeof path, "/v1/staff?after=%s",
			        json_string_value(
			                json_object_get(last, "login")));
		client_done(&reply);
		if (r != CLI_DONE || count == 0)
			return r;
	}
}

int cmd_staff(const struct cli *cli, int argc, char **argv)
{
	static const char *const changes[] = {"grant", "revoke", NULL};
	static const char *const others[] = {
	        "invite", "unlock", "dismiss", NULL};
	json_t *roles = NULL;
	if (argc == 1 && strcmp(argv[0], "list") == 0)
		return list_staff(cli);
	if (argc > 0 && strcmp(argv[0], "add") == 0)
		return add_staff(cli, argc, argv);
	if (argc > 2 && cli_is_one_of(argv[0], changes))
		roles = roles_of(argc - 2, argv + 2);
	if (!roles && (argc != 2 || !cli_is_one_of(argv[0], others)))
		return cli_usage(staff_usage);
	return send_staff(cli, "/v1/staff/acts",
	        json_pack("{s:s, s:s, s:o*}", "act", argv[0], "login", argv[1],
	                "roles", roles),
	        argv[1]);
}
