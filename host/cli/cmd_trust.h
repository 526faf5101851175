/* hufu trust issue: the ceremony's part of cmd_trust.c. */
#ifndef CLI_CMD_TRUST_H
#define CLI_CMD_TRUST_H

#include "host/cli/cli.h"

/* CLI_USAGE: nothing was printed yet. */
int cmd_trust_issue(int argc, char **argv);

#endif
