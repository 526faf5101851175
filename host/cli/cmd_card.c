#include <string.h>

#include "host/base/number.h"
#include "host/cli/show.h"

static const char usage[] =
        "card list [--phase WORD] [--area CODE]\n"
        "       hufu card show NUMBER\n"
        "       hufu card handover NUMBER --id-number ID [--to guardian|agent"
        " --name NAME --collector-id ID]\n"
        "       hufu card send|receive|find|resume|withdraw NUMBER\n"
        "       hufu card suspend NUMBER --ground WORD [--until YYYY-MM-DD]\n"
        "       hufu card revoke|cancel|confirm NUMBER --ground WORD\n"
        "       hufu card lose NUMBER [--formal] [--days N]\n"
        "       hufu card revoke|withdraw LIST/INDEX --ground WORD"
        "";

static const struct {
	const char *word;
	const char *event;
} words[] = {{"handover", "hand-over"}, {"send", "send"},
        {"receive", "receive"}, {"find", "find"}, {"resume", "resume"},
        {"withdraw", "withdraw"}, {"suspend", "suspend"}, {"revoke", "revoke"},
        {"cancel", "cancel"}, {"confirm", "confirm"},
        {"lose", "lose-temporary"}};

static const struct show_column unrecorded_columns[] = {
        {"reference", "状态编号 reference"}, {"status", "核验 status"},
        {"kind", "类别 kind"}, {"area", "地区 area"},
        {"signed_at", "签发 signed"}, {"log_index", "日志 log"},
        {"ground", "原因 ground"}, {NULL, NULL}};

static void show_unrecorded(const json_t *rows)
{
	if (json_array_size(rows) == 0)
		return;
	printf("\n库中没有记录的卡（日志中有），须两人查实处理："
	       "hufu card withdraw|revoke 编号 --ground 原因\n"
	       "Cards that only the log knows; two people settle each: "
	       "hufu card withdraw|revoke REFERENCE --ground WORD\n");
	show_table(rows, unrecorded_columns);
}

static int list(const struct cli *cli, int argc, char **argv)
{
	static const struct show_column columns[] = {{"number", "卡号 number"},
	        {"kind", "类别 kind"}, {"phase_zh", "状态"},
	        {"phase_en", "phase"}, {"status", "核验 status"},
	        {"valid_to", "有效期至 valid to"}, {"ground", "原因 ground"},
	        {NULL, NULL}};
	const char *phase = NULL, *area = NULL;
	const struct cli_option options[] = {{"phase", &phase, NULL},
	        {"area", &area, NULL}, {NULL, NULL, NULL}};
	char path[256] = "/v1/cards?after=0";
	if (!cli_parse(argc, argv, options, NULL, 0) ||
	        !client_add_query(path, sizeof path, "phase", phase) ||
	        !client_add_query(path, sizeof path, "area", area))
		return cli_usage(usage);
	struct client_reply reply;
	int r = client_get(cli, path, &reply);
	if (r == CLI_DONE && !show_json(cli, &reply)) {
		show_table(json_object_get(reply.json, "cards"), columns);
		show_unrecorded(json_object_get(reply.json, "unrecorded"));
	}
	client_done(&reply);
	return r;
}

/* "1/4711": list and index. */
static bool parse_reference(const char *text, json_t *body)
{
	struct number_range range = {0, UINT32_MAX};
	const char *slash = strchr(text, '/');
	int64_t list = 0, index = 0;
	if (number_parse(text, (size_t)(slash - text), range, &list) ||
	        number_parse_text(slash + 1, range, &index))
		return false;
	json_object_set_new(body, "status_list", json_integer(list));
	json_object_set_new(body, "status_index", json_integer(index));
	return true;
}

static int settle(const struct cli *cli, const char *event,
        const char *reference, json_t *body)
{
	struct client_reply reply;
	if (!parse_reference(reference, body)) {
		json_decref(body);
		return cli_usage(usage);
	}
	json_object_set_new(body, "event", json_string(event));
	int r = client_post(cli, "/v1/cards/unrecorded/acts", body, &reply);
	if (r == CLI_DONE)
		show_proposal(cli, &reply);
	client_done(&reply);
	return r;
}

static int find(
        const struct cli *cli, const char *number, struct client_reply *ret)
{
	return client_post(cli, "/v1/cards/find",
	        json_pack("{s:s}", "number", number), ret);
}

static void show_card(const struct cli *cli, const struct client_reply *reply)
{
	static const struct show_column columns[] = {{"number", "卡号 number"},
	        {"kind", "类别 kind"}, {"phase_zh", "状态"},
	        {"phase_en", "phase"}, {"status", "核验 status"},
	        {"valid_from", "有效期自 valid from"},
	        {"valid_to", "有效期至 valid to"}, {"made_at", "制证 made"},
	        {"handed_over_at", "发放 handed over"},
	        {"lift_at", "期满 term ends"}, {"ground", "原因 ground"},
	        {"application", "受理号 application"},
	        {"log_index", "日志 log"}, {NULL, NULL}};
	if (!show_json(cli, reply))
		show_record(reply->json, columns);
}

static int act(const struct cli *cli, const char *event, const char *number,
        json_t *body)
{
	struct client_reply reply;
	int r = find(cli, number, &reply);
	long long id = json_integer_value(json_object_get(reply.json, "id"));
	client_done(&reply);
	if (r != CLI_DONE) {
		json_decref(body);
		return r;
	}
	char path[64];
	(void)snprintf(path, sizeof path, "/v1/cards/%lld/acts", id);
	json_object_set_new(body, "event", json_string(event));
	r = client_post(cli, path, body, &reply);
	if (r == CLI_DONE)
		show_card(cli, &reply);
	client_done(&reply);
	return r;
}

struct collecting {
	const char *by, *id_number, *name, *collector_id;
};

/* At a terminal there is nothing to draw on. */
static json_t *collected_json(const struct collecting *who)
{
	return json_pack("{s:s, s:s, s:s, s:s*, s:s*}", "by", who->by, "signed",
	        "paper", "id_number", who->id_number, "name", who->name,
	        "collector_id", who->collector_id);
}

static int parse_act(const struct cli *cli, int argc, char **argv)
{
	const char *number = NULL, *ground = NULL, *days = NULL, *event = NULL;
	const char *until = NULL;
	struct collecting who = {"holder", NULL, NULL, NULL};
	bool formal = false;
	const struct cli_option options[] = {{"ground", &ground, NULL},
	        {"until", &until, NULL}, {"to", &who.by, NULL},
	        {"id-number", &who.id_number, NULL}, {"name", &who.name, NULL},
	        {"collector-id", &who.collector_id, NULL},
	        {"days", &days, NULL}, {"formal", NULL, &formal},
	        {NULL, NULL, NULL}};
	struct number_range range = {1, 60};
	int64_t n = 0;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(argv[0], words[i].word) == 0)
			event = words[i].event;
	if (!event || !cli_parse(argc, argv, options, &number, 1) || !number ||
	        (days && number_parse_text(days, range, &n) != HUFU_OK))
		return cli_usage(usage);
	if (formal && strcmp(argv[0], "lose") == 0)
		event = "lose-formal";
	json_t *body =
	        json_pack("{s:s*, s:s*}", "ground", ground, "until", until);
	if (n)
		json_object_set_new(body, "days", json_integer(n));
	if (who.id_number)
		json_object_set_new(body, "collected", collected_json(&who));
	if (strchr(number, '/'))
		return settle(cli, event, number, body);
	return act(cli, event, number, body);
}

int cmd_card(const struct cli *cli, int argc, char **argv)
{
	if (argc >= 1 && strcmp(argv[0], "list") == 0)
		return list(cli, argc, argv);
	if (argc == 2 && strcmp(argv[0], "show") == 0) {
		struct client_reply reply;
		int r = find(cli, argv[1], &reply);
		if (r == CLI_DONE)
			show_card(cli, &reply);
		client_done(&reply);
		return r;
	}
	return argc >= 2 ? parse_act(cli, argc, argv) : cli_usage(usage);
}
