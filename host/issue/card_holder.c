#include "host/issue/card_holder.h"

#include "host/issue/card_row.h"

enum {
	IN_USE = 1u << CARD_HANDED_OVER | 1u << CARD_TEMPORARY_LOSS,
};

int card_holder_changed(
        struct store_tx *tx, const struct card_holder_change *change)
{
	int64_t card = 0;

	if (!change->facts->dead)
		return 0;
	int rc = card_row_find_of(tx, change->person, IN_USE, &card);
	if (rc < 0 || card == 0)
		return rc;
	const struct card_change suspend = {
	        .card = card,
	        .event = CARD_SUSPEND,
	        .staff = change->staff,
	        .at_s = change->at_s,
	        .ground = "holder-dead",
	};
	rc = card_row_change(tx, &suspend, NULL, NULL);
	return rc < 0 ? rc : 1;
}
