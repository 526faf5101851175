#include "card/terminal/terminal.h"

#include <string.h>

void terminal_init(struct terminal *t, struct transport *transport)
{
	memset(t, 0, sizeof *t);
	t->transport = transport;
}

void terminal_done(struct terminal *t)
{
	scp03_done(&t->channel);
	transport_close(t->transport);
	memset(t, 0, sizeof *t);
}

static int select_application(struct terminal *t)
{
	static const uint8_t aid[] = CARD_AID;
	uint8_t space[256 + 2];
	struct writer answer;
	const struct apdu a = {
	        .cla = CARD_CLA_ISO,
	        .ins = CARD_INS_SELECT,
	        .p1 = 0x04, /* by name */
	        .data = {aid, sizeof aid},
	        .le = APDU_LE_SHORT,
	};
	writer_init(&answer, space, sizeof space);
	int rc = apdu_exchange(t->transport, &a, &answer, &t->sw);
	if (rc != 0)
		return rc;
	switch (t->sw) {
	case CARD_SW_OK:
		return 0;
	case CARD_SW_TERMINATED:
		return TERMINAL_TERMINATED;
	case CARD_SW_MEMORY_FAILURE:
		return TERMINAL_REFUSED;
	default:
		return TERMINAL_FOREIGN_CARD;
	}
}

int terminal_select(struct terminal *t)
{
	terminal_disconnect(t);
	int rc = select_application(t);
	t->selected = rc == 0;
	return rc;
}

int terminal_connect(struct terminal *t)
{
	terminal_disconnect(t);
	int rc = transport_open(t->transport);
	return rc ? rc : terminal_select(t);
}

void terminal_disconnect(struct terminal *t)
{
	scp03_done(&t->channel);
	t->selected = false;
	t->sw = 0;
}

int terminal_send(
        struct terminal *t, const struct apdu *a, struct writer *ret_data)
{
	if (!t->selected)
		return HUFU_ERR_STATE;
	t->sw = 0;
	int rc = t->channel.open
	                 ? scp03_exchange(&t->channel, t->transport, a,
	                           ret_data, &t->sw)
	                 : apdu_exchange(t->transport, a, ret_data, &t->sw);
	if (rc == TERMINAL_LINK_LOST)
		terminal_disconnect(t);
	return rc;
}

int terminal_check_sw(const struct terminal *t)
{
	switch (t->sw) {
	case CARD_SW_OK:
		return 0;
	case CARD_SW_NO_SPACE:
		return TERMINAL_NO_SPACE;
	case CARD_SW_TERMINATED:
		return TERMINAL_TERMINATED;
	default:
		return TERMINAL_REFUSED;
	}
}
