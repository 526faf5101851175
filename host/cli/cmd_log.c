#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/base/file.h"
#include "host/cli/show.h"
#include "host/daemon/opening.h"
#include "host/log/audit.h"
#include "host/log/verify.h"

static const char usage[] =
        "log proof CARD-NUMBER [--out FILE]\n"
        "       hufu log verify --config hufud.ini\n"
        "       hufu log verify --folder DIR --origin TEXT --vkey FILE\n"
        "       hufu log audit --folder DIR --origin TEXT --vkey FILE\n"
        "       hufu log audit --config hufud.ini";

struct log_place_words {
	const char *config, *folder, *origin, *vkey;
	struct settings settings;
	struct config *open_config;
	char key[512];
};

static int read_vkey(struct log_place_words *w, struct problem *p)
{
	uint8_t *text = NULL;
	size_t len = 0;
	int r = file_read(w->vkey, sizeof w->key - 1, &text, &len);
	if (r)
		return problem_set(p, r, "vkey", "无法读取日志公钥文件 %s。",
		        "Cannot read the log's key file %s.", w->vkey);
	while (len > 0 && text[len - 1] == '\n')
		len--;
	memcpy(w->key, text, len);
	w->key[len] = 0;
	free(text);
	return HUFU_OK;
}

/* From the options, or from the office's configuration. */
static int find_log(
        int argc, char **argv, struct log_place_words *w, struct problem *p)
{
	const struct cli_option options[] = {{"config", &w->config, NULL},
	        {"folder", &w->folder, NULL}, {"origin", &w->origin, NULL},
	        {"vkey", &w->vkey, NULL}, {NULL, NULL, NULL}};
	if (!cli_parse(argc, argv, options, NULL, 0))
		return HUFU_ERR_ARGUMENT;
	if (w->config) {
		int r = settings_read(
		        w->config, &w->settings, &w->open_config, p);
		if (r)
			return r;
		w->folder = w->settings.log_folder;
		w->origin = w->settings.log_origin;
		w->vkey = w->settings.log_vkey;
	}
	if (!w->folder || !w->origin || !w->vkey)
		return HUFU_ERR_ARGUMENT;
	return read_vkey(w, p);
}

static void tell_fault(const struct log_fault *fault, void *arg)
{
	struct problem p = {0};
	(void)arg;
	log_fault_describe(fault, &p);
	fprintf(stderr, "hufu: %s\nhufu: %s\n", p.zh, p.en);
}

static int verify(struct log_place_words *w, const struct cli *cli)
{
	struct opening open = {.settings = &w->settings};
	struct problem p = {0};
	if (w->config && opening_store(&open, false, &p)) {
		opening_done(&open);
		return cli_refuse(&p);
	}
	struct log_verify_options options = {.store = open.store,
	        .folder = w->folder,
	        .origin = w->origin,
	        .vkey = w->key,
	        .found = tell_fault};
	struct log_verdict verdict = {0};
	int r = log_verify(&options, &verdict, &p);
	opening_done(&open);
	if (r < 0) {
		if (!p.zh[0])
			(void)problem_from_code(&p, r); /* told next */
		return cli_refuse(&p);
	}
	if (cli->json)
		printf("{\"size\":%llu,\"entries\":%llu,\"tiles\":%llu,"
		       "\"pending\":%llu,\"faults\":%llu}\n",
		        (unsigned long long)verdict.size,
		        (unsigned long long)verdict.entries,
		        (unsigned long long)verdict.tiles,
		        (unsigned long long)verdict.pending,
		        (unsigned long long)verdict.faults);
	else
		printf("条目 entries: %llu  文件 tiles: %llu  未入检查点 "
		       "pending: %llu\n%s\n",
		        (unsigned long long)verdict.entries,
		        (unsigned long long)verdict.tiles,
		        (unsigned long long)verdict.pending,
		        r ? "日志有误，见上。 The log is damaged, see above."
		          : "日志完整一致。 The log is whole and consistent.");
	return r ? CLI_REFUSED : CLI_DONE;
}

static void tell_audit(const struct log_audit_fault *fault, void *arg)
{
	(void)arg;
	fprintf(stderr, "hufu: 条目 %llu：%s\nhufu: entry %llu: %s\n",
	        (unsigned long long)fault->index, fault->zh,
	        (unsigned long long)fault->index, fault->en);
}

static void show_audit(const struct cli *cli, const struct log_audit *audit)
{
	const struct log_balance *b = &audit->balance;
	json_t *json = json_pack(
	        "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "size",
	        (json_int_t)audit->size, "received", (json_int_t)b->received,
	        "in_stock", (json_int_t)b->in_stock, "reserved",
	        (json_int_t)b->reserved, "issued", (json_int_t)b->issued,
	        "spoiled", (json_int_t)b->spoiled, "missing",
	        (json_int_t)b->missing, "destroyed", (json_int_t)b->destroyed,
	        "faults", (json_int_t)audit->faults);
	static const struct show_column columns[] = {{"size", "条目 entries"},
	        {"received", "空白卡入库 blanks received"},
	        {"in_stock", "在库 in stock"}, {"reserved", "在制 reserved"},
	        {"issued", "已制 issued"}, {"spoiled", "废卡 spoiled"},
	        {"missing", "短少 missing"}, {"destroyed", "已销毁 destroyed"},
	        {"faults", "不符 faults"}, {NULL, NULL}};
	json_t *events = json_object();
	for (int i = 1; i <= LOG_TYPE_MAX; i++)
		if (audit->events[i])
			json_object_set_new(events,
			        log_type_name((enum log_type)i),
			        json_integer((json_int_t)audit->events[i]));
	if (cli->json) {
		json_object_set(json, "events", events);
		json_dumpf(json, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		const char *key;
		json_t *value;
		show_record(json, columns);
		json_object_foreach(events, key, value) printf("  %-16s %lld\n",
		        key, (long long)json_integer_value(value));
	}
	json_decref(events);
	json_decref(json);
}

static int audit(struct log_place_words *w, const struct cli *cli)
{
	struct log_audit_options options = {.folder = w->folder,
	        .origin = w->origin,
	        .vkey = w->key,
	        .found = tell_audit};
	struct log_audit *result = calloc(1, sizeof *result);
	struct problem p = {0};
	int r = result ? log_audit(&options, result, &p) : HUFU_ERR_MEMORY;
	if (r < 0) {
		if (!p.zh[0])
			(void)problem_from_code(&p, r); /* told next */
		free(result);
		return cli_refuse(&p);
	}
	show_audit(cli, result);
	free(result);
	return r ? CLI_REFUSED : CLI_DONE;
}

static int write_proof(const struct client_reply *reply, const char *out)
{
	if (!out) {
		fwrite(reply->body, 1, reply->len, stdout);
		return CLI_DONE;
	}
	struct problem p;
	int r = file_write(out, span_of(reply->body, reply->len), 0644);
	if (r == HUFU_OK)
		return CLI_DONE;
	(void)problem_set(&p, r, "file", "无法写入 %s。", "Cannot write %s.",
	        out); /* told next */
	return cli_refuse(&p);
}

static int proof(const struct cli *cli, int argc, char **argv)
{
	const char *number = NULL, *out = NULL;
	const struct cli_option options[] = {
	        {"out", &out, NULL}, {NULL, NULL, NULL}};
	if (!cli_parse(argc, argv, options, &number, 1) || !number)
		return cli_usage(usage);
	struct client_reply reply;
	int r = client_post(cli, "/v1/cards/find",
	        json_pack("{s:s}", "number", number), &reply);
	char path[64];
	(void)snprintf(path, sizeof path, "/v1/cards/%lld/proof",
	        (long long)json_integer_value(
	                json_object_get(reply.json, "id")));
	client_done(&reply);
	if (r != CLI_DONE)
		return r;
	r = client_get(cli, path, &reply);
	if (r == CLI_DONE)
		r = write_proof(&reply, out);
	client_done(&reply);
	return r;
}

int cmd_log(const struct cli *cli, int argc, char **argv)
{
	if (argc >= 2 && strcmp(argv[0], "proof") == 0)
		return proof(cli, argc, argv);
	bool auditing = argc >= 1 && strcmp(argv[0], "audit") == 0;
	if (!auditing && (argc < 1 || strcmp(argv[0], "verify") != 0))
		return cli_usage(usage);
	struct log_place_words w = {0};
	struct problem p = {0};
	int r = find_log(argc, argv, &w, &p);
	if (r == HUFU_OK)
		r = auditing ? audit(&w, cli) : verify(&w, cli);
	else
		r = p.zh[0] ? cli_refuse(&p) : cli_usage(usage);
	config_free(w.open_config);
	return r;
}
