#include "card/core/core.h"

#include "card/core/instruction.h"
#include "crypto/core/mem.h"

enum class_wanted {
	CLASS_GP = 1,
	CLASS_ISO = 2,
	CLASS_ANY = CLASS_GP | CLASS_ISO,
};

enum channel_wanted {
	CHANNEL_EITHER,
	CHANNEL_NEEDED,
	CHANNEL_NEVER, /* opens or closes it */
};

/* One bit a state, in the order of the life cycle. */
enum state_bit {
	IN_OP_READY = 1,
	IN_INITIALIZED = 2,
	IN_SECURED = 4,
	IN_LOCKED = 8,
	IN_TERMINATED = 16,
	IN_PERSONALISATION = IN_OP_READY | IN_INITIALIZED,
	IN_LIFE = IN_PERSONALISATION | IN_SECURED | IN_LOCKED,
	IN_ANY = IN_LIFE | IN_TERMINATED,
};

static const struct {
	uint8_t ins;
	enum class_wanted class;
	enum channel_wanted channel;
	unsigned states;
	instruction *run;
} table[] = {
        {CARD_INS_SELECT, CLASS_ANY, CHANNEL_EITHER, IN_ANY,
                instruction_select},
        {CARD_INS_GET_DATA, CLASS_ANY, CHANNEL_EITHER, IN_ANY,
                instruction_get_data},
        {CARD_INS_READ_BINARY, CLASS_ANY, CHANNEL_EITHER, IN_LIFE,
                instruction_read_binary},
        {CARD_INS_READ_BINARY_ODD, CLASS_ANY, CHANNEL_EITHER, IN_LIFE,
                instruction_read_binary_odd},
        {CARD_INS_GET_CHALLENGE, CLASS_ANY, CHANNEL_EITHER, IN_LIFE,
                instruction_get_challenge},
        {CARD_INS_INTERNAL_AUTHENTICATE, CLASS_ANY, CHANNEL_EITHER, IN_SECURED,
                instruction_internal_authenticate},
        {CARD_INS_INITIALIZE_UPDATE, CLASS_GP, CHANNEL_NEVER, IN_LIFE,
                instruction_initialize_update},
        {CARD_INS_EXTERNAL_AUTHENTICATE, CLASS_GP, CHANNEL_NEVER, IN_LIFE,
                instruction_external_authenticate},
        {CARD_INS_PUT_KEY, CLASS_GP, CHANNEL_NEEDED,
                IN_PERSONALISATION | IN_SECURED, instruction_put_key},
        {CARD_INS_INSTALL, CLASS_GP, CHANNEL_NEEDED, IN_INITIALIZED,
                instruction_install},
        {CARD_INS_OPEN_JOB, CLASS_GP, CHANNEL_NEEDED,
                IN_PERSONALISATION | IN_SECURED, instruction_open_job},
        {CARD_INS_GENERATE_KEY_PAIR, CLASS_GP, CHANNEL_NEEDED, IN_INITIALIZED,
                instruction_generate_key_pair},
        {CARD_INS_STORE_DATA, CLASS_GP, CHANNEL_NEEDED, IN_INITIALIZED,
                instruction_store_data},
        {CARD_INS_ACTIVATE, CLASS_GP, CHANNEL_NEEDED,
                IN_INITIALIZED | IN_SECURED, instruction_activate},
        {CARD_INS_UPDATE_BINARY, CLASS_GP, CHANNEL_NEEDED, IN_SECURED,
                instruction_update_binary},
        {CARD_INS_SET_STATUS, CLASS_GP, CHANNEL_NEEDED, IN_SECURED | IN_LOCKED,
                instruction_set_status},
        {CARD_INS_TERMINATE, CLASS_GP, CHANNEL_NEEDED, IN_LIFE,
                instruction_terminate},
};
enum { INSTRUCTIONS = sizeof table / sizeof table[0] };

static unsigned state_bit(enum card_state state)
{
	switch (state) {
	case CARD_OP_READY:
		return IN_OP_READY;
	case CARD_INITIALIZED:
		return IN_INITIALIZED;
	case CARD_SECURED:
		return IN_SECURED;
	case CARD_LOCKED:
		return IN_LOCKED;
	case CARD_TERMINATED:
		return IN_TERMINATED;
	}
	return 0;
}

uint16_t instruction_failed(int error)
{
	switch (error) {
	case HUFU_ERR_FULL:
		return CARD_SW_NO_SPACE;
	case HUFU_ERR_NOT_FOUND:
		return CARD_SW_NOT_FOUND;
	case HUFU_ERR_STATE:
		return CARD_SW_CONDITIONS;
	case HUFU_ERR_MALFORMED:
	case HUFU_ERR_TRUNCATED:
	case HUFU_ERR_TRAILING:
		return CARD_SW_WRONG_DATA;
	default:
		return CARD_SW_MEMORY_FAILURE;
	}
}

uint16_t instruction_commit(struct card *c, const struct memory_record *next)
{
	int rc = memory_commit(&c->memory, next);
	return rc ? instruction_failed(rc) : CARD_SW_OK;
}

static void drop_chain(struct card_chain *k)
{
	bytes_wipe(k->data, k->len);
	k->open = false;
	k->len = 0;
}

void card_close_channel(struct card *c)
{
	channel_close(&c->channel);
	c->job_open = false;
	/* a whole chain is the command in work: only half ones go */
	if (c->chain.open)
		drop_chain(&c->chain);
}

static uint16_t run(
        struct card *c, const struct command *in, struct writer *out)
{
	const uint8_t class = in->cla & CARD_CLA_GP ? CLASS_GP : CLASS_ISO;
	bool known = false;
	for (size_t i = 0; i < INSTRUCTIONS; i++) {
		if (table[i].ins != in->ins)
			continue;
		known = true;
		if (!(table[i].class & class))
			break;
		if ((table[i].channel == CHANNEL_NEEDED && !c->secured) ||
		        (table[i].channel == CHANNEL_NEVER && c->secured))
			return CARD_SW_SECURITY_STATUS;
		if (!(table[i].states & state_bit(c->memory.now.state)))
			return CARD_SW_CONDITIONS;
		return table[i].run(c, in, out);
	}
	return known ? CARD_SW_UNKNOWN_CLA : CARD_SW_UNKNOWN_INS;
}

static bool starts_anew(const struct command *in)
{
	return (in->ins == CARD_INS_SELECT && in->p1 == 0x04) ||
	       in->ins == CARD_INS_INITIALIZE_UPDATE;
}

/*
 * Opens a protected command, or decides what a plain one does to a channel.
 * Answers 9000 when the command may go on, else the status word.
 */
static uint16_t admit(struct card *c, struct command *in)
{
	bool marked = in->cla & CARD_CLA_SECURE;
	size_t len;
	c->secured = false;
	if (marked && c->channel.phase == CHANNEL_OPEN) {
		int rc = channel_unwrap(
		        &c->channel, c->port, in, c->plain, &len);
		if (rc) {
			card_close_channel(c);
			return rc == HUFU_ERR_SIGNATURE
			               ? CARD_SW_SM_WRONG
			               : CARD_SW_MEMORY_FAILURE;
		}
		in->data = span_of(c->plain, len);
		c->secured = true;
		return CARD_SW_OK;
	}
	if (marked && in->ins == CARD_INS_EXTERNAL_AUTHENTICATE)
		return CARD_SW_OK;
	if (marked)
		return CARD_SW_SECURITY_STATUS;
	if (c->channel.phase == CHANNEL_OPEN && !starts_anew(in)) {
		card_close_channel(c);
		return CARD_SW_SM_MISSING;
	}
	if (c->channel.phase == CHANNEL_OFFERED)
		card_close_channel(c);
	return CARD_SW_OK;
}

static bool continues_chain(
        const struct card_chain *k, const struct command *in)
{
	return (in->cla & ~CARD_CLA_CHAIN) == k->cla && in->ins == k->ins &&
	       in->p1 == k->p1 && in->p2 == k->p2;
}

/* ISO/IEC 7816-4 section 5.3.3. *ret_done: the command is whole in `in`. */
static uint16_t gather(struct card_chain *k, struct command *in, bool *ret_done)
{
	bool more = in->cla & CARD_CLA_CHAIN;
	*ret_done = false;
	if (!more && !k->open) {
		*ret_done = true;
		return CARD_SW_OK;
	}
	if (k->open && !continues_chain(k, in)) {
		drop_chain(k);
		return CARD_SW_LAST_OF_CHAIN;
	}
	if (!k->open) {
		k->open = true;
		k->cla = (uint8_t)(in->cla & ~CARD_CLA_CHAIN);
		k->ins = in->ins;
		k->p1 = in->p1;
		k->p2 = in->p2;
	}
	if (in->data.len > sizeof k->data - k->len) {
		drop_chain(k);
		return CARD_SW_WRONG_LENGTH;
	}
	if (in->data.len > 0)
		memcpy(k->data + k->len, in->data.data, in->data.len);
	k->len += in->data.len;
	if (more)
		return CARD_SW_OK;
	k->open = false;
	in->data = span_of(k->data, k->len);
	in->cla = k->cla;
	*ret_done = true;
	return CARD_SW_OK;
}

/* Data bytes that fit the answer, protected or not. */
static size_t answer_room(bool secured, bool extended)
{
	if (!extended)
		return secured ? CARD_PLAIN_MAX : 256;
	return secured ? CARD_RESPONSE_MAX - CHANNEL_GROWTH_MAX
	               : CARD_RESPONSE_MAX;
}

static bool carries_data(uint16_t sw)
{
	return sw == CARD_SW_OK || sw >> 8 == 0x62 || sw >> 8 == 0x63;
}

static uint16_t work(struct card *c, struct command *in, struct writer *out)
{
	bool done;
	if (in->cla & ~(CARD_CLA_GP | CARD_CLA_SECURE | CARD_CLA_CHAIN))
		return CARD_SW_UNKNOWN_CLA;
	if (in->data.len > CARD_COMMAND_MAX)
		return CARD_SW_WRONG_LENGTH;
	uint16_t sw = admit(c, in);
	if (sw != CARD_SW_OK)
		return sw;
	sw = gather(&c->chain, in, &done);
	if (sw == CARD_SW_OK && done) {
		out->cap = answer_room(c->secured, in->extended);
		sw = run(c, in, out);
		drop_chain(&c->chain);
	}
	return sw;
}

static size_t finish(struct card *c, uint16_t sw, struct writer *out)
{
	size_t len = carries_data(sw) && !out->error ? out->len : 0;
	if (out->error)
		sw = CARD_SW_WRONG_LENGTH;
	if (c->secured && carries_data(sw) &&
	        c->channel.phase == CHANNEL_OPEN &&
	        channel_wrap(&c->channel, c->port, sw, out->data, &len)) {
		card_close_channel(c);
		sw = CARD_SW_MEMORY_FAILURE;
		len = 0;
	}
	out->data[len] = (uint8_t)(sw >> 8);
	out->data[len + 1] = (uint8_t)sw;
	return len + 2;
}

size_t card_answer(struct card *c, struct span apdu, uint8_t *ret)
{
	struct command in;
	struct writer out;
	uint16_t sw = CARD_SW_WRONG_LENGTH;
	writer_init(&out, ret, CARD_RESPONSE_MAX);
	c->secured = false;
	if (!c->memory.valid)
		sw = CARD_SW_MEMORY_FAILURE;
	else if (command_decode(apdu, &in) == HUFU_OK)
		sw = work(c, &in, &out);
	size_t len = finish(c, sw, &out);
	bytes_wipe(c->plain, sizeof c->plain);
	return len;
}

void card_reset(struct card *c)
{
	card_close_channel(c);
	drop_chain(&c->chain);
	c->application = false;
	c->file = 0;
	c->secured = false;
}

int card_power_on(struct card *c, struct card_port *port)
{
	memset(c, 0, sizeof *c);
	c->port = port;
	return memory_open(&c->memory, port);
}
