#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/base/number.h"
#include "host/cli/cli.h"
#include "host/cli/init_plan.h"

static const char usage[] =
        "init --folder DIR --area CODE --name TEXT --issuer https://URI\n"
        "    --origin LOG-NAME --areas FILE.csv --policy FILE.ini\n"
        "    --system-admin LOGIN:UID --security-admin LOGIN:UID\n"
        "    --audit-admin LOGIN:UID [--host-user UID] [--signer-user UID]\n"
        "    [--signd PATH] [--valid-years N] [--sm] [--training]";

static bool take_uid(const char *text, uid_t *ret)
{
	struct number_range range = {0, UINT32_MAX - 1};
	int64_t uid = 0;
	if (!text)
		return true;
	if (number_parse_text(text, range, &uid) != HUFU_OK)
		return false;
	*ret = (uid_t)uid;
	return true;
}

static bool parse(int argc, char **argv, struct init_plan *plan)
{
	const char *host = NULL, *signer = NULL, *years = NULL;
	const struct cli_option options[] = {{"folder", &plan->folder, NULL},
	        {"area", &plan->area, NULL}, {"name", &plan->name, NULL},
	        {"issuer", &plan->issuer, NULL},
	        {"origin", &plan->origin, NULL},
	        {"areas", &plan->areas_file, NULL},
	        {"policy", &plan->policy_file, NULL},
	        {"system-admin", &plan->admins[0], NULL},
	        {"security-admin", &plan->admins[1], NULL},
	        {"audit-admin", &plan->admins[2], NULL},
	        {"host-user", &host, NULL}, {"signer-user", &signer, NULL},
	        {"signd", &plan->signd, NULL}, {"valid-years", &years, NULL},
	        {"sm", NULL, &plan->sm}, {"training", NULL, &plan->training},
	        {NULL, NULL, NULL}};
	struct number_range span = {1, 30};
	int64_t n = 10;
	plan->host_uid = plan->signer_uid = geteuid();
	if (!cli_parse(argc + 1, argv - 1, options, NULL, 0) ||
	        !take_uid(host, &plan->host_uid) ||
	        !take_uid(signer, &plan->signer_uid) ||
	        (years && number_parse_text(years, span, &n) != HUFU_OK))
		return false;
	plan->valid_years = (unsigned)n;
	if (!plan->issuer || snprintf(plan->status_uri, sizeof plan->status_uri,
	                             "%s/status/1/list.cwt", plan->issuer) >=
	                             (int)sizeof plan->status_uri)
		return false;
	return plan->folder && plan->folder[0] == '/' && plan->area &&
	       plan->name && plan->origin && plan->areas_file &&
	       plan->policy_file && plan->admins[0] && plan->admins[1] &&
	       plan->admins[2];
}

int cmd_init(const struct cli *cli, int argc, char **argv)
{
	struct init_plan plan = {.signd = "/usr/sbin/hufu-signd"};
	struct signer_keys *keys = calloc(1, sizeof *keys);
	struct problem p = {0};
	(void)cli; /* there is no daemon yet */
	if (!keys || !parse(argc, argv, &plan)) {
		free(keys);
		return cli_usage(usage);
	}
	int r = init_files(&plan, &p);
	if (r == HUFU_OK)
		r = init_signer(&plan, keys, &p);
	if (r == HUFU_OK)
		r = init_trust(&plan, keys, &p);
	if (r == HUFU_OK)
		r = init_database(&plan, &p);
	free(keys);
	if (r) {
		if (!p.zh[0])
			(void)problem_from_code(&p, r); /* told next */
		return cli_refuse(&p);
	}
	printf("已建立 set up: %s\n"
	       "请把 %s/offline 移到离线介质保管。\n"
	       "Move %s/offline to offline media now.\n",
	        plan.folder, plan.folder, plan.folder);
	return CLI_DONE;
}
