#include "card/port/sim/fault.h"

#include <string.h>

enum { NUMBER_DIGITS_MAX = 9 };

static bool take(const char **at, const char *word)
{
	size_t n = strlen(word);
	if (strncmp(*at, word, n) != 0)
		return false;
	*at += n;
	return true;
}

static bool take_number(const char **at, unsigned long *ret)
{
	unsigned long v = 0;
	unsigned digits = 0;
	for (; **at >= '0' && **at <= '9'; (*at)++) {
		if (++digits > NUMBER_DIGITS_MAX)
			return false;
		v = v * 10 + (unsigned long)(**at - '0');
	}
	*ret = v;
	return digits > 0;
}

static bool take_tear(const char **at, enum sim_tear *ret)
{
	static const struct {
		const char *word;
		enum sim_tear tear;
	} words[] = {
	        {"", SIM_TEAR_AFTER},
	        {" after", SIM_TEAR_AFTER},
	        {" half", SIM_TEAR_HALF},
	        {" before", SIM_TEAR_BEFORE},
	        {" ruin", SIM_TEAR_RUIN},
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(*at, words[i].word) != 0)
			continue;
		*at += strlen(words[i].word);
		*ret = words[i].tear;
		return true;
	}
	return false;
}

int fault_set(struct slot *s, const char *text)
{
	const char *at = text;
	enum sim_tear tear = SIM_TEAR_AFTER;
	unsigned long n;
	bool cut = take(&at, "cut-at ");
	bool before = !cut && take(&at, "pull-before ");
	bool after = !cut && !before && take(&at, "pull-after ");
	if (!(cut || before || after) || !take_number(&at, &n) ||
	        (cut && !take_tear(&at, &tear)) || *at)
		return HUFU_ERR_MALFORMED;
	if (!s->sim)
		return HUFU_ERR_NOT_FOUND;
	if (cut)
		sim_cut_at_write(s->sim, n, tear);
	else
		slot_pull(s, n, after);
	return HUFU_OK;
}
