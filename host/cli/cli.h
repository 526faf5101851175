/*
 * The operator's command: one file per subcommand, each a row of the table
 * in main.c. Exit status: 0 done, 1 refused (the problem is told in Chinese
 * and English), 2 wrong usage, 3 the daemon cannot be reached.
 */
#ifndef CLI_H
#define CLI_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/base/problem.h"

enum cli_exit {
	CLI_DONE = 0,
	CLI_REFUSED = 1,
	CLI_USAGE = 2,
	CLI_UNREACHABLE = 3,
};

struct cli {
	const char *socket_path;
	bool json; /* print what the daemon said, as it said it */
};

typedef int (*cli_command)(const struct cli *cli, int argc, char **argv);

/* Each gets argv from its own subcommand on ("import", FILE, ...). */
int cmd_init(const struct cli *cli, int argc, char **argv);
int cmd_status(const struct cli *cli, int argc, char **argv);
int cmd_backup(const struct cli *cli, int argc, char **argv);
int cmd_restore(const struct cli *cli, int argc, char **argv);
int cmd_area(const struct cli *cli, int argc, char **argv);
int cmd_staff(const struct cli *cli, int argc, char **argv);
int cmd_person(const struct cli *cli, int argc, char **argv);
int cmd_apply(const struct cli *cli, int argc, char **argv);
int cmd_review(const struct cli *cli, int argc, char **argv);
int cmd_station(const struct cli *cli, int argc, char **argv);
int cmd_job(const struct cli *cli, int argc, char **argv);
int cmd_card(const struct cli *cli, int argc, char **argv);
int cmd_proposal(const struct cli *cli, int argc, char **argv);
int cmd_stock(const struct cli *cli, int argc, char **argv);
int cmd_log(const struct cli *cli, int argc, char **argv);
int cmd_doctor(const struct cli *cli, int argc, char **argv);
int cmd_edge(const struct cli *cli, int argc, char **argv);
int cmd_ceremony(const struct cli *cli, int argc, char **argv);
int cmd_trust(const struct cli *cli, int argc, char **argv);

/* Prints both sentences on standard error; CLI_REFUSED. */
int cli_refuse(const struct problem *p);
/* `words` ends with NULL. */
bool cli_is_one_of(const char *word, const char *const *words);

/*
 * The word "-" stands for a line of standard input: what no other user of
 * the machine may read from the list of processes. False without one.
 */
bool cli_take_word(const char **word, char *space, size_t size);

/* Prints how to use it; CLI_USAGE, or CLI_DONE for --help. */
int cli_usage(const char *text);

/* One option of a subcommand: "--name VALUE", or a flag. */
struct cli_option {
	const char *name; /* without the dashes */
	const char **ret_value; /* or NULL */
	bool *ret_flag;
};

/*
 * Takes the options out of argv[1..]; what is left stands in `ret_words`,
 * at most `max` of them. False when an option is unknown or lacks its value.
 */
bool cli_parse(int argc, char **argv, const struct cli_option *options,
        const char **ret_words, size_t max);

#endif
