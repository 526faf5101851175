#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/base/clock.h"
#include "host/cli/cli.h"
#include "host/cli/doctor.h"
#include "host/cli/init_plan.h"

static const char usage[] = "doctor --config hufud.ini [--backups FOLDER]";

static const struct {
	const char *word, *zh;
} levels[DOCTOR_LEVELS] = {[DOCTOR_WELL] = {"ok", "正常"},
        [DOCTOR_SKIPPED] = {"skipped", "未查"},
        [DOCTOR_WARNING] = {"warning", "注意"},
        [DOCTOR_ILL] = {"bad", "故障"}};

void doctor_say(struct doctor *d, enum doctor_level level, const char *check,
        const char *zh, const char *en, ...)
{
	char both[2][PROBLEM_TEXT_MAX];
	va_list args;
	va_start(args, en);
	(void)vsnprintf(both[0], sizeof both[0], zh, args);
	va_end(args);
	va_start(args, en);
	(void)vsnprintf(both[1], sizeof both[1], en, args);
	va_end(args);
	d->count[level]++;
	(void)json_array_append_new(d->findings,
	        json_pack("{s:s, s:s, s:s+, s:s+}", "check", check, "level",
	                levels[level].word, "zh", both[0], "", "en", both[1],
	                "")); /* without memory the counts tell */
}

/* Root looks with the eyes of the daemon: its rights are what matters. */
static int become_host(const struct settings *s, struct problem *p)
{
	struct stat st;
	if (geteuid() != 0 || stat(s->seal_keys, &st) != 0 || st.st_uid == 0)
		return HUFU_OK;
	if (init_become(st.st_uid))
		return HUFU_OK;
	return problem_set(p, HUFU_ERR_DENIED, "become",
	        "不能换用主机服务的账户（UID %u）。",
	        "Cannot become the daemon's user (uid %u).",
	        (unsigned)st.st_uid);
}

static void look(struct doctor *d)
{
	static void (*const checks[])(struct doctor *) = {doctor_check_daemon,
	        doctor_check_signer, doctor_check_trust,
	        doctor_check_certificates, doctor_check_database,
	        doctor_check_published, doctor_check_calendar,
	        doctor_check_clock, doctor_check_disk, doctor_check_rights,
	        doctor_check_backups, doctor_check_readers,
	        doctor_check_printers};
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		checks[i](d);
}

static const char *text_of(const json_t *row, const char *member)
{
	const char *text = json_string_value(json_object_get(row, member));
	return text ? text : "";
}

static void show(const struct doctor *d)
{
	size_t at;
	const json_t *row;
	json_array_foreach(d->findings, at, row)
	{
		int level = 0;
		while (strcmp(levels[level].word, text_of(row, "level")) != 0)
			level++;
		printf("%s %-7s %-12s %s\n%28s%s\n", levels[level].zh,
		        levels[level].word, text_of(row, "check"),
		        text_of(row, "zh"), "", text_of(row, "en"));
	}
	printf("\n故障 %d，注意 %d，正常 %d，未查 %d\n"
	       "%d bad, %d warnings, %d ok, %d skipped\n",
	        d->count[DOCTOR_ILL], d->count[DOCTOR_WARNING],
	        d->count[DOCTOR_WELL], d->count[DOCTOR_SKIPPED],
	        d->count[DOCTOR_ILL], d->count[DOCTOR_WARNING],
	        d->count[DOCTOR_WELL], d->count[DOCTOR_SKIPPED]);
}

static int examine(
        const struct cli *cli, const struct settings *s, const char *backups)
{
	struct doctor d = {.settings = s,
	        .backups = backups,
	        .now_s = clock_now_s(),
	        .findings = json_array()};
	look(&d);
	if (cli->json) {
		json_dumpf(d.findings, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		show(&d);
	}
	json_decref(d.findings);
	return d.count[DOCTOR_ILL] ? CLI_REFUSED : CLI_DONE;
}

int cmd_doctor(const struct cli *cli, int argc, char **argv)
{
	const char *file = NULL, *backups = NULL;
	const struct cli_option options[] = {{"config", &file, NULL},
	        {"backups", &backups, NULL}, {NULL, NULL, NULL}};
	if (!cli_parse(argc + 1, argv - 1, options, NULL, 0) || !file)
		return cli_usage(usage);
	struct settings s;
	struct config *config = NULL;
	struct problem p = {0};
	int r = settings_read(file, &s, &config, &p);
	if (r == HUFU_OK)
		r = become_host(&s, &p);
	r = r ? cli_refuse(&p) : examine(cli, &s, backups);
	config_free(config);
	return r;
}
