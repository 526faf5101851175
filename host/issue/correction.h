/* A correction changes what the case was returned for, and nothing else. */
#ifndef HOST_CORRECTION_H
#define HOST_CORRECTION_H

#include "host/issue/application.h"

/*
 * Changes *now, and adds the photo. HUFU_ERR_ARGUMENT: a field that was not
 * asked for, one of those asked for left out, or a value missing.
 */
HUFU_MUST_USE int correction_make(struct store_tx *tx,
        const struct application_act *act, int64_t at_s,
        struct application *now, struct problem *ret_problem);

#endif
