#include <string.h>

#include "host/base/number.h"
#include "host/cli/show.h"

static const char usage[] =
        "stock show [--area CODE]\n"
        "       hufu stock receive COUNT --reference TEXT [--station NAME]\n"
        "       hufu stock move COUNT [--station FROM] [--to-station TO]\n"
        "       hufu stock count COUNT [--station NAME]\n"
        "       hufu stock spoil COUNT [--station NAME]\n"
        "       hufu stock destroy COUNT\n"
        "       hufu stock close\n"
        "       each with [--area CODE]";

static const char *const acts[] = {
        "receive", "move", "count", "spoil", "destroy", "close", NULL};

static void show_stock(const struct cli *cli, const struct client_reply *reply)
{
	static const struct show_column columns[] = {
	        {"station", "制证台 station"}, {"in_stock", "在库 in stock"},
	        {"reserved", "在制 reserved"}, {"issued", "已制 issued"},
	        {"spoiled", "废卡 spoiled"}, {"missing", "短少 missing"},
	        {NULL, NULL}};
	static const struct show_column totals[] = {
	        {"received", "入库 received"}, {"in_stock", "在库 in stock"},
	        {"reserved", "在制 reserved"}, {"issued", "已制 issued"},
	        {"spoiled", "废卡 spoiled"}, {"missing", "短少 missing"},
	        {"destroyed", "已销毁 destroyed"},
	        {"difference", "差额 difference"}, {NULL, NULL}};
	if (show_json(cli, reply))
		return;
	show_record(reply->json, totals);
	show_table(json_object_get(reply->json, "stations"), columns);
}

static int act(const struct cli *cli, int argc, char **argv)
{
	const char *count = NULL, *area = NULL, *reference = NULL,
	           *station = NULL, *to = NULL;
	const struct cli_option options[] = {{"area", &area, NULL},
	        {"reference", &reference, NULL}, {"station", &station, NULL},
	        {"to-station", &to, NULL}, {NULL, NULL, NULL}};
	struct number_range range = {0, 20000};
	int64_t n = 0;
	if (!cli_parse(argc, argv, options, &count, 1) ||
	        !count != (strcmp(argv[0], "close") == 0) ||
	        !cli_is_one_of(argv[0], acts) ||
	        (strcmp(argv[0], acts[0]) == 0 && !reference) ||
	        (count && number_parse_text(count, range, &n) != HUFU_OK))
		return cli_usage(usage);
	struct client_reply reply;
	int r = client_post(cli, "/v1/stock/acts",
	        json_pack("{s:s, s:I, s:s*, s:s*, s:s*, s:s*}", "act", argv[0],
	                "count", (json_int_t)n, "area", area, "reference",
	                reference, "station", station, "to_station", to),
	        &reply);
	if (r == CLI_DONE && json_object_get(reply.json, "proposal"))
		show_proposal(cli, &reply);
	else if (r == CLI_DONE)
		show_stock(cli, &reply);
	client_done(&reply);
	return r;
}

int cmd_stock(const struct cli *cli, int argc, char **argv)
{
	if (argc >= 1 && strcmp(argv[0], "show") == 0) {
		const char *area = NULL;
		const struct cli_option options[] = {
		        {"area", &area, NULL}, {NULL, NULL, NULL}};
		char path[128] = "/v1/stock";
		if (!cli_parse(argc, argv, options, NULL, 0) ||
		        !client_add_query(path, sizeof path, "area", area))
			return cli_usage(usage);
		struct client_reply reply;
		int r = client_get(cli, path, &reply);
		if (r == CLI_DONE)
			show_stock(cli, &reply);
		client_done(&reply);
		return r;
	}
	return argc >= 1 ? act(cli, argc, argv) : cli_usage(usage);
}
