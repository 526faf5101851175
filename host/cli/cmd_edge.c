#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/base/cleanup.h"
#include "host/base/file.h"
#include "host/cli/cli.h"
#include "host/cli/edge_template.h"
#include "host/daemon/settings.h"

enum { EDGE_TEMPLATE_MAX = 1 << 20, EDGE_NUMBER_MAX = 24 };

static const char usage[] =
        "edge write --config hufud.ini [--out FILE] [--template FILE]\n"
        "    [--sign-in-rate PER-MINUTE]";

struct edge_numbers {
	char listen[128];
	char host[256];
	char rate[EDGE_NUMBER_MAX], burst[EDGE_NUMBER_MAX];
	char open[EDGE_NUMBER_MAX];
	char metrics_port[EDGE_NUMBER_MAX];
	char public[PATH_MAX];
};

struct edge_wish {
	const char *config, *out, *template, *sign_in_rate;
};

/* The published folder is that of the trust list. */
static int work_out(
        const struct settings *s, struct edge_numbers *n, struct problem *p)
{
	const struct settings_edge *e = &s->edge;
	const char *slash = strrchr(s->trust_list, '/');
	int len = snprintf(n->public, sizeof n->public, "%.*s",
	        slash ? (int)(slash - s->trust_list) : 0, s->trust_list);
	if (len <= 0 || (size_t)len >= sizeof n->public)
		return problem_from_code(p, HUFU_ERR_SPACE);
	len = snprintf(n->listen, sizeof n->listen, "%s%s%u", e->address,
	        e->address[0] ? ":" : "", e->port);
	if (len <= 0 || (size_t)len >= sizeof n->listen)
		return problem_from_code(p, HUFU_ERR_SPACE);
	len = e->port == 443 ? snprintf(n->host, sizeof n->host, "%s", e->name)
	                     : snprintf(n->host, sizeof n->host, "%s:%u",
	                               e->name, e->port);
	if (len <= 0 || (size_t)len >= sizeof n->host)
		return problem_from_code(p, HUFU_ERR_SPACE);
	(void)snprintf(n->rate, sizeof n->rate, "%u", e->rate);
	(void)snprintf(n->burst, sizeof n->burst, "%u", 4 * e->rate);
	if (e->metrics_port && s->metrics_socket[0])
		(void)snprintf(n->metrics_port, sizeof n->metrics_port, "%u",
		        e->metrics_port);
	(void)snprintf(n->open, sizeof n->open, "%u", 4 * e->rate);
	return HUFU_OK;
}

static int fill(const struct edge_wish *wish, const struct settings *s,
        FILE *out, struct problem *p)
{
	const struct settings_edge *e = &s->edge;
	struct edge_numbers n = {0};
	_free_ uint8_t *text = NULL;
	size_t len = 0;
	int r = work_out(s, &n, p);
	if (r)
		return r;
	r = file_read(wish->template, EDGE_TEMPLATE_MAX, &text, &len);
	if (r)
		return problem_set(p, r, "edge-template", "无法读取模板 %s。",
		        "Cannot read the template %s.", wish->template);
	const struct edge_word words[] = {{"CONFIG", wish->config},
	        {"NAME", e->name}, {"HOST", n.host}, {"LISTEN", n.listen},
	        {"SOCKET", e->socket}, {"CERTIFICATE", e->certificate},
	        {"KEY", e->key}, {"CLIENT-CA", e->client_ca},
	        {"CLIENT-CRL", e->client_crl}, {"PAGES", e->pages},
	        {"PUBLIC", n.public}, {"LOG", e->log}, {"RATE", n.rate},
	        {"BURST", n.burst}, {"OPEN", n.open},
	        {"METRICS-PORT", n.metrics_port},
	        {"METRICS-SOCKET", s->metrics_socket},
	        {"SIGN-IN-RATE", wish->sign_in_rate}, {"SIGN-IN-BURST", "30"},
	        {NULL, NULL}};
	return edge_template_fill((const char *)text, words, out, p);
}

static int write_out(const struct edge_wish *wish, const struct settings *s,
        struct problem *p)
{
	char *text = NULL;
	size_t len = 0;
	if (!s->edge.name[0])
		return problem_set(p, HUFU_ERR_CONFIG, "edge-missing",
		        "%s 中没有 [edge]：请写上 name、socket、certificate 和 "
		        "key。",
		        "%s has no [edge]: give it name, socket, certificate "
		        "and key.",
		        wish->config);
	FILE *out = open_memstream(&text, &len);
	if (!out)
		return problem_from_code(p, HUFU_ERR_MEMORY);
	int r = fill(wish, s, out, p);
	if (fclose(out) != 0 && r == HUFU_OK)
		r = problem_from_code(p, HUFU_ERR_MEMORY);
	if (r == HUFU_OK && !wish->out)
		fwrite(text, 1, len, stdout);
	else if (r == HUFU_OK)
		r = file_write(wish->out, span_of(text, len), 0644);
	free(text);
	if (r && !p->zh[0])
		return problem_set(p, r, "file", "无法写入 %s。",
		        "Cannot write %s.", wish->out);
	return r;
}

int cmd_edge(const struct cli *cli, int argc, char **argv)
{
	struct edge_wish wish = {.template = "/usr/share/hufu/nginx.conf.in",
	        .sign_in_rate = "30"};
	const struct cli_option options[] = {{"config", &wish.config, NULL},
	        {"out", &wish.out, NULL}, {"template", &wish.template, NULL},
	        {"sign-in-rate", &wish.sign_in_rate, NULL}, {NULL, NULL, NULL}};
	(void)cli; /* nothing is asked of the daemon */
	if (argc < 1 || strcmp(argv[0], "write") != 0 ||
	        !cli_parse(argc, argv, options, NULL, 0) || !wish.config)
		return cli_usage(usage);
	struct settings s;
	struct config *config = NULL;
	struct problem p = {0};
	int r = settings_read(wish.config, &s, &config, &p);
	if (r == HUFU_OK)
		r = write_out(&wish, &s, &p);
	config_free(config);
	return r ? cli_refuse(&p) : CLI_DONE;
}
