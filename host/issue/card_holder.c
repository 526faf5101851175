#include "host/issue/card_holder.h"

#include "host/issue/card_row.h"

enum {
	IN_USE = 1u << CARD_HANDED_OVER | 1u << CARD_TEMPORARY_LOSS,
};

/* The card in use, or one suspended for a term: death has none. */
static int find(struct store_tx *tx, int64_t person, int64_t *ret_card)
{
	struct card_record c;
	int rc = card_row_find_of(tx, person, IN_USE, ret_card);

	if (rc < 0 || *ret_card != 0)
		return rc;
	rc = card_row_find_of(tx, person, 1u << CARD_SUSPENDED, ret_card);
	if (rc < 0 || *ret_card == 0)
		return rc;
	rc = card_book_read(tx, *ret_card, &c);
	if (rc == 0 && c.lift_at_s == 0)
		*ret_card = 0;
	return rc;
}

int card_holder_changed(
        struct store_tx *tx, const struct card_holder_change *change)
{
	int64_t card = 0;

	if (!change->facts->dead)
		return 0;
	int rc = find(tx, change->person, &card);
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
