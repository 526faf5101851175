#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/cli/cli.h"

static const struct {
	const char *name;
	cli_command run;
	const char *zh;
	const char *en;
} commands[] = {
        {"init", cmd_init, "建立一处新的办证机构", "set up a new office"},
        {"status", cmd_status, "查看运行情况", "how the office stands"},
        {"area", cmd_area, "登记区划", "register areas"},
        {"staff", cmd_staff, "登记工作人员与角色", "register staff and roles"},
        {"person", cmd_person, "建档立卡登记册", "the registry of persons"},
        {"apply", cmd_apply, "受理申请", "take an application"},
        {"review", cmd_review, "审核", "review applications"},
        {"station", cmd_station, "制证台", "making stations"},
        {"job", cmd_job, "制证任务", "making jobs"},
        {"card", cmd_card, "卡片业务", "cards and their life"},
        {"proposal", cmd_proposal, "两人经办", "acts that take two people"},
        {"stock", cmd_stock, "空白卡库存", "stock of blanks"},
        {"log", cmd_log, "签发日志", "the issuance log"},
        {"trust", cmd_trust, "信任列表", "the trust list"},
        {"ceremony", cmd_ceremony, "密钥分存与恢复", "secrets in shares"},
        {"doctor", cmd_doctor, "检查本机各项", "what ails this machine"},
        {"edge", cmd_edge, "网站服务器配置", "the web server's configuration"},
        {"backup", cmd_backup, "备份", "make a backup"},
        {"restore", cmd_restore, "恢复备份", "put a backup back"},
};

static const size_t command_count = sizeof commands / sizeof *commands;

static bool help_asked;

static int help(FILE *out)
{
	fprintf(out,
	        "用法 usage: hufu [--socket PATH] [--json] COMMAND ...\n\n");
	for (size_t i = 0; i < command_count; i++)
		fprintf(out, "  %-8s  %s  %s\n", commands[i].name,
		        commands[i].zh, commands[i].en);
	fprintf(out, "\n详见 see: man hufu\n");
	return out == stdout ? CLI_DONE : CLI_USAGE;
}

int cli_refuse(const struct problem *p)
{
	fprintf(stderr, "hufu: %s\nhufu: %s\n", p->zh, p->en);
	return CLI_REFUSED;
}

int cli_usage(const char *text)
{
	fprintf(help_asked ? stdout : stderr, "用法 usage: hufu %s\n", text);
	return help_asked ? CLI_DONE : CLI_USAGE;
}

bool cli_is_one_of(const char *word, const char *const *words)
{
	while (*words && strcmp(word, *words) != 0)
		words++;
	return *words;
}

bool cli_take_word(const char **word, char *space, size_t size)
{
	if (!*word || strcmp(*word, "-") != 0)
		return true;
	if (!fgets(space, (int)size, stdin))
		return false;
	space[strcspn(space, "\r\n")] = 0;
	*word = space;
	return space[0] != 0;
}

static const struct cli_option *find_option(
        const struct cli_option *options, const char *name)
{
	for (; options->name; options++)
		if (strcmp(options->name, name) == 0)
			return options;
	return NULL;
}

bool cli_parse(int argc, char **argv, const struct cli_option *options,
        const char **ret_words, size_t max)
{
	size_t words = 0;
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--", 2) != 0) {
			if (words == max)
				return false;
			ret_words[words++] = argv[i];
			continue;
		}
		const struct cli_option *option =
		        find_option(options, argv[i] + 2);
		if (!option)
			return false;
		if (option->ret_flag)
			*option->ret_flag = true;
		else if (++i < argc)
			*option->ret_value = argv[i];
		else
			return false;
	}
	return true;
}

/* Whatever else stands there, nothing is done but telling. */
static int run(
        const struct cli *cli, cli_command command, int argc, char **argv)
{
	char name[] = "hufu", asked[] = "--help";
	char *only[] = {name, asked, NULL};
	for (int i = 0; i < argc; i++)
		help_asked = help_asked || strcmp(argv[i], asked) == 0;
	return help_asked ? command(cli, 1, only + 1)
	                  : command(cli, argc, argv);
}

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "");
	struct cli cli = {.socket_path = getenv("HUFU_SOCKET")};
	if (!cli.socket_path)
		cli.socket_path = "/run/hufu/operator.sock";
	int at = 1;
	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--json") == 0)
			cli.json = true;
		else if (strcmp(argv[at], "--socket") == 0 && at + 1 < argc)
			cli.socket_path = argv[++at];
		else
			return help(strcmp(argv[at], "--help") == 0 ? stdout
			                                            : stderr);
	}
	for (size_t i = 0; at < argc && i < command_count; i++)
		if (strcmp(argv[at], commands[i].name) == 0)
			return run(&cli, commands[i].run, argc - at - 1,
			        argv + at + 1);
	return help(stderr);
}
