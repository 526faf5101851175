#include <string.h>

#include "host/base/number.h"
#include "host/cli/show.h"

static const char usage[] =
        "station list | status\n"
        "       hufu station run|start|stop|pause|resume NAME\n"
        "       hufu station answer NAME QUESTION TEXT";

enum { STATION_NAME_LEN_MAX = 32 };

static const char *const acts[] = {
        "run", "start", "stop", "pause", "resume", NULL};

static int list(const struct cli *cli)
{
	static const struct show_column columns[] = {{"name", "制证台 station"},
	        {"activity_zh", "状态"}, {"activity_en", "activity"},
	        {"job", "任务 job"}, {"state", "进度 state"},
	        {"made", "已制 made"}, {"spoiled", "废卡 spoiled"},
	        {"zh", "提示"}, {"en", "words"}, {NULL, NULL}};
	static const struct show_column question[] = {
	        {"number", "提问 question"}, {"zh", "请"}, {"en", "please"},
	        {NULL, NULL}};
	struct client_reply reply;
	int r = client_get(cli, "/v1/stations", &reply);
	if (r == CLI_DONE && !show_json(cli, &reply)) {
		const json_t *stations =
		        json_object_get(reply.json, "stations");
		size_t at;
		json_t *row;
		show_table(stations, columns);
		json_array_foreach(stations, at, row)
		        show_record(json_object_get(row, "question"), question);
	}
	client_done(&reply);
	return r;
}

/* What may stand in a path; the daemon has no station of another name. */
static bool is_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_");
	return len > 0 && len <= STATION_NAME_LEN_MAX && name[len] == 0;
}

static int no_such_station(const char *name)
{
	struct problem p;
	(void)problem_set(&p, HUFU_ERR_NOT_FOUND, "no-station",
	        "没有名为 %s 的制证台。", "There is no station named %s.",
	        name); /* told next */
	return cli_refuse(&p);
}

static int act(const struct cli *cli, const char *act_word, const char *name,
        json_t *body)
{
	static const struct show_column columns[] = {{"name", "制证台 station"},
	        {"outcome", "结果 outcome"}, {"activity_zh", "状态"},
	        {"activity_en", "activity"}, {"zh", "提示"}, {"en", "words"},
	        {NULL, NULL}};
	char path[96];
	if (!is_name(name)) {
		json_decref(body);
		return no_such_station(name);
	}
	(void)snprintf(path, sizeof path, "/v1/stations/%s/acts", name);
	json_object_set_new(body, "act", json_string(act_word));
	struct client_reply reply;
	int r = client_post(cli, path, body, &reply);
	if (r == CLI_DONE && !show_json(cli, &reply))
		show_record(reply.json, columns);
	client_done(&reply);
	return r;
}

int cmd_station(const struct cli *cli, int argc, char **argv)
{
	struct number_range range = {1, INT64_MAX};
	int64_t question = 0;
	if (argc == 1 && (strcmp(argv[0], "list") == 0 ||
	                         strcmp(argv[0], "status") == 0))
		return list(cli);
	if (argc == 2 && cli_is_one_of(argv[0], acts))
		return act(cli,
		        strcmp(argv[0], "run") == 0 ? "run-once" : argv[0],
		        argv[1], json_object());
	if (argc == 4 && strcmp(argv[0], "answer") == 0 &&
	        number_parse_text(argv[2], range, &question) == HUFU_OK)
		return act(cli, "answer", argv[1],
		        json_pack("{s:I, s:s}", "question",
		                (json_int_t)question, "answer", argv[3]));
	return cli_usage(usage);
}

static int list_jobs(const struct cli *cli, bool dead)
{
	static const struct show_column columns[] = {{"id", "任务 job"},
	        {"application", "受理号 application"}, {"state", "进度 state"},
	        {"round", "轮次 round"}, {"attempts", "次数 attempts"},
	        {"ground", "原因 ground"}, {"made_ms", "毫秒 ms"},
	        {"zh", "提示"}, {"en", "words"}, {NULL, NULL}};
	struct client_reply reply;
	int r = client_get(
	        cli, dead ? "/v1/jobs?dead=1" : "/v1/jobs?open=1", &reply);
	if (r == CLI_DONE && !show_json(cli, &reply))
		show_table(json_object_get(reply.json, "jobs"), columns);
	client_done(&reply);
	return r;
}

int cmd_job(const struct cli *cli, int argc, char **argv)
{
	if (argc == 1 && strcmp(argv[0], "list") == 0)
		return list_jobs(cli, false);
	if (argc == 1 && strcmp(argv[0], "dead") == 0)
		return list_jobs(cli, true);
	static const char *const ways[] = {"retry", "spoil", "close", NULL};
	struct number_range range = {1, INT64_MAX};
	int64_t id = 0;
	if (argc != 3 || !cli_is_one_of(argv[0], ways) ||
	        number_parse_text(argv[1], range, &id) != HUFU_OK)
		return cli_usage("job list | dead\n"
		                 "       hufu job retry|spoil|close ID GROUND");
	char path[96];
	(void)snprintf(
	        path, sizeof path, "/v1/jobs/%lld/resolution", (long long)id);
	struct client_reply reply;
	int r = client_post(cli, path,
	        json_pack(
	                "{s:s, s:s}", "resolution", argv[0], "ground", argv[2]),
	        &reply);
	if (r == CLI_DONE && !show_json(cli, &reply))
		printf("已处理 done: %s\n", argv[1]);
	client_done(&reply);
	return r;
}
