#include <stdlib.h>
#include <string.h>

#include "host/base/number.h"
#include "host/cli/photo_text.h"
#include "host/cli/show.h"

static const char usage[] =
        "apply --id-number NUMBER --kind N --area CODE --photo FILE.jpg\n"
        "    [--material WORD,WORD...] [--reason first|renewal|replacement]\n"
        "    [--ground WORD] [--acting self|guardian|proxy|home-visit]\n"
        "    [--agent-name NAME --agent-id-number NUMBER\n"
        "     --agent-phone PHONE --agent-relation TEXT]\n"
        "    [--delivery-area CODE] [--request-key HEX] [--habitual]\n"
        "    [--gravely-ill]\n"
        "    [--override covering|medical|age|checker-wrong|other]\n"
        "    - 代替证件号、代办人姓名或电话：从标准输入逐行读取\n"
        "    - for an ID number, agent's name or phone: a line of standard "
        "input each";

enum { APPLY_WORD_MAX = 256 };

struct apply_words {
	const char *id_number, *kind, *area, *photo, *material, *reason,
	        *ground, *acting, *agent_name, *agent_id, *agent_phone,
	        *agent_relation, *delivery, *key, *override;
	bool habitual, ill;
	char space[4][APPLY_WORD_MAX];
};

static bool parse(int argc, char **argv, struct apply_words *w)
{
	const struct cli_option options[] = {{"id-number", &w->id_number, NULL},
	        {"kind", &w->kind, NULL}, {"area", &w->area, NULL},
	        {"photo", &w->photo, NULL}, {"material", &w->material, NULL},
	        {"reason", &w->reason, NULL}, {"ground", &w->ground, NULL},
	        {"acting", &w->acting, NULL},
	        {"agent-name", &w->agent_name, NULL},
	        {"agent-id-number", &w->agent_id, NULL},
	        {"agent-phone", &w->agent_phone, NULL},
	        {"agent-relation", &w->agent_relation, NULL},
	        {"delivery-area", &w->delivery, NULL},
	        {"request-key", &w->key, NULL},
	        {"override", &w->override, NULL},
	        {"habitual", NULL, &w->habitual},
	        {"gravely-ill", NULL, &w->ill}, {NULL, NULL, NULL}};
	/* cli_parse starts behind a subcommand's name; here there is none */
	return cli_parse(argc + 1, argv - 1, options, NULL, 0) &&
	       w->id_number && w->kind && w->area && w->photo;
}

/* Who it is need not stand in the list of processes. */
static bool take_identities(struct apply_words *w)
{
	const char **words[] = {
	        &w->id_number, &w->agent_name, &w->agent_id, &w->agent_phone};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!cli_take_word(words[i], w->space[i], sizeof w->space[i]))
			return false;
	return true;
}

static void set_text(json_t *body, const char *key, const char *text)
{
	if (text)
		json_object_set_new(body, key, json_string(text));
}

static json_t *split(const char *words)
{
	json_t *list = json_array();
	while (words && *words) {
		size_t len = strcspn(words, ",");
		if (len)
			json_array_append_new(list, json_stringn(words, len));
		words += len + (words[len] == ',');
	}
	return list;
}

static json_t *body_of(const struct apply_words *w, int64_t kind)
{
	json_t *body = json_pack("{s:s, s:I, s:s, s:b, s:b, s:o}", "id_number",
	        w->id_number, "kind", (json_int_t)kind, "area", w->area,
	        "habitual", w->habitual, "gravely_ill", w->ill, "materials",
	        split(w->material));
	set_text(body, "reason", w->reason);
	set_text(body, "ground", w->ground);
	set_text(body, "acting", w->acting);
	set_text(body, "delivery_area", w->delivery);
	set_text(body, "request_key", w->key);
	if (w->override)
		json_object_set_new(body, "override",
		        json_pack("{s:s}", "reason", w->override));
	if (w->agent_name) {
		json_t *agent = json_object();
		set_text(agent, "name", w->agent_name);
		set_text(agent, "id_number", w->agent_id);
		set_text(agent, "phone", w->agent_phone);
		set_text(agent, "relation", w->agent_relation);
		json_object_set_new(body, "agent", agent);
	}
	return body;
}

int cmd_apply(const struct cli *cli, int argc, char **argv)
{
	struct apply_words w = {0};
	struct number_range kinds = {1, 9};
	int64_t kind = 0;
	if (!parse(argc, argv, &w) ||
	        number_parse_text(w.kind, kinds, &kind) != HUFU_OK ||
	        !take_identities(&w))
		return cli_usage(usage);
	char *photo = photo_text(w.photo);
	if (!photo)
		return CLI_REFUSED;
	json_t *body = body_of(&w, kind);
	json_object_set_new(body, "photo", json_string(photo));
	free(photo);
	struct client_reply reply;
	int r = client_post(cli, "/v1/applications", body, &reply);
	if (r == CLI_DONE && !show_json(cli, &reply))
		printf("受理号 receipt: %lld  %s %s\n",
		        (long long)json_integer_value(
		                json_object_get(reply.json, "id")),
		        json_string_value(
		                json_object_get(reply.json, "state_zh")),
		        json_string_value(
		                json_object_get(reply.json, "state_en")));
	client_done(&reply);
	return r;
}
