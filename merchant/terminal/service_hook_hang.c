#include "merchant/terminal/service_hook.h"

bool service_hook(struct span word)
{
	while (span_is_text(word, "HANG"))
		continue;
	return false;
}
