#include <stdio.h>
#include <string.h>

#include "host/base/number.h"
#include "host/cli/show.h"

static const char usage[] = "proposal list [--area CODE]\n"
                            "       hufu proposal confirm NUMBER\n"
                            "       hufu proposal refuse NUMBER";

static const char *const acts[] = {"confirm", "refuse", NULL};

void show_proposal(const struct cli *cli, const struct client_reply *reply)
{
	static const struct show_column columns[] = {{"id", "编号 number"},
	        {"act", "业务 act"}, {"area", "地区 area"},
	        {"proposer", "提出人 proposed by"}, {NULL, NULL}};
	if (show_json(cli, reply))
		return;
	const json_t *proposal = json_object_get(reply->json, "proposal");
	show_record(proposal, columns);
	printf("请另一位同事确认 another colleague confirms: "
	       "hufu proposal confirm %lld\n",
	        (long long)json_integer_value(json_object_get(proposal, "id")));
}

static int list(const struct cli *cli, int argc, char **argv)
{
	static const struct show_column columns[] = {{"id", "编号 number"},
	        {"act", "业务 act"}, {"area", "地区 area"},
	        {"proposer", "提出人 by"}, {"words", "内容 what"},
	        {NULL, NULL}};
	const char *area = NULL;
	const struct cli_option options[] = {
	        {"area", &area, NULL}, {NULL, NULL, NULL}};
	char path[128] = "/v1/proposals";
	if (!cli_parse(argc, argv, options, NULL, 0) ||
	        !client_add_query(path, sizeof path, "area", area))
		return cli_usage(usage);
	struct client_reply reply;
	int r = client_get(cli, path, &reply);
	if (r == CLI_DONE && !show_json(cli, &reply)) {
		json_t *rows = json_object_get(reply.json, "proposals");
		size_t i;
		json_t *row;
		json_array_foreach(rows, i, row)
		{
			char *words = json_dumps(
			        json_object_get(row, "body"), JSON_COMPACT);
			json_object_set_new(row, "words", json_string(words));
			free(words);
		}
		show_table(rows, columns);
	}
	client_done(&reply);
	return r;
}

int cmd_proposal(const struct cli *cli, int argc, char **argv)
{
	const struct cli_option none[] = {{NULL, NULL, NULL}};
	const struct number_range range = {1, INT64_MAX};
	const char *number = NULL;
	char path[64];
	int64_t id = 0;
	if (argc >= 1 && strcmp(argv[0], "list") == 0)
		return list(cli, argc, argv);
	if (argc < 2 || !cli_is_one_of(argv[0], acts) ||
	        !cli_parse(argc, argv, none, &number, 1) || !number ||
	        number_parse_text(number, range, &id) != HUFU_OK)
		return cli_usage(usage);
	(void)snprintf(
	        path, sizeof path, "/v1/proposals/%lld/acts", (long long)id);
	struct client_reply reply;
	int r = client_post(
	        cli, path, json_pack("{s:s}", "event", argv[0]), &reply);
	if (r == CLI_DONE && !show_json(cli, &reply))
		puts(strcmp(argv[0], "confirm") == 0
		                ? "已确认，业务已办理。Confirmed and done."
		                : "未同意，业务未办理。Refused; nothing was "
		                  "done.");
	client_done(&reply);
	return r;
}
