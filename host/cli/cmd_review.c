#include <stdlib.h>
#include <string.h>

#include "host/base/number.h"
#include "host/cli/photo_text.h"
#include "host/cli/show.h"

static const char usage[] =
        "review list [--state WORD] [--step N] [--area CODE] [--mine] "
        "[--overdue]\n"
        "       hufu review show ID\n"
        "       hufu review accept|opinion-for|opinion-against|withdraw ID\n"
        "       hufu review return ID --field FIELD --ground WORD [--note "
        "TEXT]\n"
        "       hufu review reject|refer ID --ground WORD [--note TEXT]\n"
        "       hufu review correct ID --field FIELD [--value N]\n"
        "           [--photo FILE.jpg] [--note TEXT]";

static const char *const events[] = {"accept", "opinion-for", "opinion-against",
        "withdraw", "return", "reject", "refer", "correct", NULL};

static int list(const struct cli *cli, int argc, char **argv)
{
	static const struct show_column columns[] = {{"id", "受理号 id"},
	        {"kind", "类别 kind"}, {"state_zh", "状态"},
	        {"state_en", "state"}, {"step", "步骤 step"},
	        {"steps", "/共 of"}, {"area", "区划 area"},
	        {"last_ground", "原因 ground"}, {"due", "期限 due"},
	        {NULL, NULL}};
	const char *state = NULL, *step = NULL, *area = NULL;
	bool mine = false, overdue = false;
	const struct cli_option options[] = {{"state", &state, NULL},
	        {"step", &step, NULL}, {"area", &area, NULL},
	        {"mine", NULL, &mine}, {"overdue", NULL, &overdue},
	        {NULL, NULL, NULL}};
	char path[256] = "/v1/applications";
	if (!cli_parse(argc, argv, options, NULL, 0) ||
	        !client_add_query(
	                path, sizeof path, "mine", mine ? "1" : NULL) ||
	        !client_add_query(
	                path, sizeof path, "overdue", overdue ? "1" : NULL) ||
	        !client_add_query(path, sizeof path, "state", state) ||
	        !client_add_query(path, sizeof path, "step", step) ||
	        !client_add_query(path, sizeof path, "area", area))
		return cli_usage(usage);
	struct client_reply reply;
	int r = client_get(cli, path, &reply);
	if (r == CLI_DONE && !show_json(cli, &reply))
		show_table(
		        json_object_get(reply.json, "applications"), columns);
	client_done(&reply);
	return r;
}

static int show(const struct cli *cli, int64_t id)
{
	static const struct show_column top[] = {{"id", "受理号 id"},
	        {"kind", "类别 kind"}, {"state_zh", "状态"},
	        {"state_en", "state"}, {"step", "步骤 step"},
	        {"rule_version", "政策版本 rules"},
	        {"entered_at", "受理 entered"}, {"due", "期限 due"},
	        {NULL, NULL}};
	static const struct show_column acts[] = {{"step", "步骤 step"},
	        {"event", "业务 event"}, {"staff", "经办 staff"},
	        {"ground", "原因 ground"}, {"field", "字段 field"},
	        {"note", "说明 note"}, {"log_index", "日志 log"}, {NULL, NULL}};
	static const struct show_column verdicts[] = {{"stage", "环节 stage"},
	        {"outcome", "结论 outcome"}, {"rule_version", "政策 rules"},
	        {"reasons", "理由 reasons"}, {NULL, NULL}};
	char path[64];
	(void)snprintf(
	        path, sizeof path, "/v1/applications/%lld", (long long)id);
	struct client_reply reply;
	int r = client_get(cli, path, &reply);
	if (r == CLI_DONE && !show_json(cli, &reply)) {
		show_record(reply.json, top);
		show_table(json_object_get(reply.json, "history"), acts);
		show_table(json_object_get(reply.json, "verdicts"), verdicts);
	}
	client_done(&reply);
	return r;
}

static int act(const struct cli *cli, int argc, char **argv)
{
	const char *words[2] = {NULL}, *ground = NULL, *field = NULL,
	           *note = NULL, *value = NULL, *photo = NULL;
	const struct cli_option options[] = {{"ground", &ground, NULL},
	        {"field", &field, NULL}, {"note", &note, NULL},
	        {"value", &value, NULL}, {"photo", &photo, NULL},
	        {NULL, NULL, NULL}};
	struct number_range range = {0, UINT32_MAX};
	int64_t id = 0, number = 0;
	if (!cli_is_one_of(argv[0], events) ||
	        !cli_parse(argc, argv, options, words, 1) || !words[0] ||
	        number_parse_text(words[0], range, &id) != HUFU_OK ||
	        (value && number_parse_text(value, range, &number)))
		return cli_usage(usage);
	json_t *body = json_pack("{s:s, s:s*, s:s*, s:s*, s:I}", "event",
	        argv[0], "ground", ground, "field", field, "note", note,
	        "value", (json_int_t)number);
	if (photo) {
		char *text = photo_text(photo);
		if (!text) {
			json_decref(body);
			return CLI_REFUSED;
		}
		json_object_set_new(body, "photo", json_string(text));
		free(text);
	}
	char path[64];
	(void)snprintf(
	        path, sizeof path, "/v1/applications/%lld/acts", (long long)id);
	struct client_reply reply;
	int r = client_post(cli, path, body, &reply);
	if (r == CLI_DONE && !show_json(cli, &reply))
		printf("%lld  %s  %s\n", (long long)id,
		        json_string_value(
		                json_object_get(reply.json, "state_zh")),
		        json_string_value(
		                json_object_get(reply.json, "state_en")));
	client_done(&reply);
	return r;
}

int cmd_review(const struct cli *cli, int argc, char **argv)
{
	struct number_range range = {1, INT64_MAX};
	int64_t id = 0;
	if (argc >= 1 && strcmp(argv[0], "list") == 0)
		return list(cli, argc, argv);
	if (argc == 2 && strcmp(argv[0], "show") == 0 &&
	        number_parse_text(argv[1], range, &id) == HUFU_OK)
		return show(cli, id);
	if (argc >= 2)
		return act(cli, argc, argv);
	return cli_usage(usage);
}
