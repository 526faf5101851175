/*
 * The subcommands of hufu-verify, one file each. All answer what to exit
 * with.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "merchant/cli/arguments.h"

int cmd_qr(const struct arguments *a);
int cmd_bulk(const struct arguments *a);
int cmd_image(const struct arguments *a);
int cmd_chip(const struct arguments *a);
int cmd_cose(const struct arguments *a);
int cmd_inspect(const struct arguments *a);
int cmd_update(const struct arguments *a);
int cmd_feed(const struct arguments *a);
int cmd_proof(const struct arguments *a);

#endif
