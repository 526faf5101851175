#include "host/photo/sandbox.h"

int sandbox_filter(void)
{
	return HUFU_OK;
}
