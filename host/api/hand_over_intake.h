/* How a hand-over comes in, in member `collected`, and is shown again. */
#ifndef API_HAND_OVER_INTAKE_H
#define API_HAND_OVER_INTAKE_H

#include "host/api/call.h"
#include "host/issue/hand_over.h"

/* Left as it was without the member; texts are borrowed from the body. */
HUFU_MUST_USE int hand_over_intake(
        struct api_call *call, struct hand_over *ret);

#endif
