/* What of hufu trust happens where the root key is, offline. */
#ifndef CLI_CMD_TRUST_H
#define CLI_CMD_TRUST_H

#include "host/cli/cli.h"

/* CLI_USAGE: nothing was printed yet. */
int cmd_trust_issue(int argc, char **argv);
int cmd_trust_root(int argc, char **argv);

#endif
