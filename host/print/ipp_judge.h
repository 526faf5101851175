/*
 * What a job's end means, as a pure function.
 */
#ifndef HOST_PRINT_IPP_JUDGE_H
#define HOST_PRINT_IPP_JUDGE_H

#include "host/print/ipp.h"

/* Is `reason` one of the words of a list by comma? */
bool ipp_has_reason(const char *list, const char *reason);

/* Fills *p for an outcome that is not PRINT_PRINTED; answers it. */
int ipp_explain(enum print_outcome outcome, const struct print_job *job,
        struct problem *p);

#endif
