/*
 * The output of make_verdicts, cases.tsv, and the groups of cases.
 */
#ifndef MAKE_CASE_H
#define MAKE_CASE_H

#include "crypto/core/bytes.h"
#include "make_world.h"

enum { CASE_ID_MAX = 64 };

void case_open(const char *folder);
/* Ids must be unique. The text is escaped as README.md says. */
void case_put(
        const char *id, int64_t time_s, const char *verdict, struct span text);
/* At WORLD_NOW_S; the text is a literal. */
void case_put_text(const char *id, const char *verdict, const char *text);
size_t case_close(void); /* how many there were */

/* One function a file; each says how its verdicts follow. */
void make_accepted(const struct world *w);
void make_judged(const struct world *w);
void make_entitled(const struct world *w);
void make_flipped(const struct world *w);
void make_typed(const struct world *w);
void make_shaped(const struct world *w);
void make_signed(const struct world *w);
void make_edges(const struct world *w);
void make_packed(const struct world *w);
void make_foreign(const struct world *w);

#endif
