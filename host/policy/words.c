#include "host/policy/words.h"

#include <string.h>

bool words_next(const char **list, char *ret, size_t size)
{
	const char *at = *list + strspn(*list, " ,\t");
	size_t len = strcspn(at, ",");

	*list = at + len;
	while (len > 0 && (at[len - 1] == ' ' || at[len - 1] == '\t'))
		len--;
	if (len >= size)
		len = size - 1;
	memcpy(ret, at, len);
	ret[len] = '\0';
	return len > 0;
}

unsigned words_find(
        const struct policy_material *among, int max, const char *word)
{
	for (int i = 1; i < max; i++)
		if (among[i].present &&
		        (strcmp(among[i].label.word, word) == 0 ||
		                strcmp(among[i].label.zh, word) == 0))
			return (unsigned)i;
	return 0;
}
