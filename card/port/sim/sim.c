#include "card/port/sim/sim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "card/port/sim/port_state.h"

struct sim {
	struct card_port port;
	struct card card;
	uint8_t serial[CARD_SERIAL_LEN];
	enum card_state state;
	unsigned long commands;
};

static int sim_new(struct sim **ret)
{
	struct sim *s = calloc(1, sizeof *s);
	if (!s)
		return HUFU_ERR_MEMORY;
	s->port.fd = -1;
	int rc = port_crypto_init(&s->port);
	if (rc) {
		sim_free(s);
		return rc;
	}
	*ret = s;
	return HUFU_OK;
}

void sim_free(struct sim *s)
{
	if (!s)
		return;
	port_crypto_done(&s->port);
	if (s->port.fd >= 0)
		(void)close(s->port.fd); /* every write was checked */
	bytes_wipe(s, sizeof *s);
	free(s);
}

int sim_key_derive(const uint8_t master[CARD_KEY_LEN],
        const uint8_t serial[CARD_SERIAL_LEN], uint8_t kk,
        uint8_t ret[CARD_KEY_LEN])
{
	const uint8_t head[6] = {1, 0, 0, 0, kk, 0};
	const struct span parts[2] = {
	        {head, sizeof head}, {serial, CARD_SERIAL_LEN}};
	struct sim *s;
	int rc = sim_new(&s);
	if (rc)
		return rc;
	rc = port_cmac(&s->port, master, parts, 2, ret);
	sim_free(s);
	return rc;
}

static int lock_file(struct card_port *p, const char *path, int flags)
{
	p->fd = open(path, flags | O_RDWR | O_CLOEXEC, 0600);
	if (p->fd < 0 && errno == ENOENT)
		return HUFU_ERR_NOT_FOUND;
	if (p->fd < 0)
		return errno == EEXIST ? HUFU_ERR_CONFLICT : HUFU_ERR_IO;
	if (flock(p->fd, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? HUFU_ERR_BUSY : HUFU_ERR_IO;
	return HUFU_OK;
}

static int fill_blank(struct sim *s, const uint8_t serial[CARD_SERIAL_LEN],
        const uint8_t master[CARD_KEY_LEN])
{
	struct memory_blank blank;
	int rc = HUFU_OK;
	memcpy(blank.serial, serial, CARD_SERIAL_LEN);
	for (uint8_t i = 0; !rc && i < MEMORY_KEYS; i++)
		rc = sim_key_derive(
		        master, serial, (uint8_t)(i + 1), blank.key[i]);
	s->port.powered = true;
	if (!rc)
		rc = memory_make_blank(&s->port, &blank);
	s->port.powered = false;
	s->port.writes = 0;
	bytes_wipe(&blank, sizeof blank);
	return rc;
}

int sim_new_blank(const char *path, const uint8_t serial[CARD_SERIAL_LEN],
        const uint8_t transport_master[CARD_KEY_LEN], struct sim **ret)
{
	struct sim *s;
	bool made = false;
	int rc = sim_new(&s);
	if (rc)
		return rc;
	if (path) {
		rc = lock_file(&s->port, path, O_CREAT | O_EXCL);
		made = rc == HUFU_OK;
	}
	if (!rc)
		rc = fill_blank(s, serial, transport_master);
	if (rc) {
		if (made)
			(void)unlink(path); /* half a blank is none */
		sim_free(s);
		return rc;
	}
	*ret = s;
	return HUFU_OK;
}

int sim_open(const char *path, struct sim **ret)
{
	struct sim *s;
	struct stat st;
	int rc = sim_new(&s);
	if (rc)
		return rc;
	rc = lock_file(&s->port, path, 0);
	if (!rc && fstat(s->port.fd, &st) != 0)
		rc = HUFU_ERR_IO;
	if (!rc && st.st_size != PORT_NV_SIZE)
		rc = HUFU_ERR_MALFORMED;
	if (!rc &&
	        pread(s->port.fd, s->port.nv, PORT_NV_SIZE, 0) != PORT_NV_SIZE)
		rc = HUFU_ERR_IO;
	if (rc) {
		sim_free(s);
		return rc;
	}
	*ret = s;
	return HUFU_OK;
}

void sim_set_sync(struct sim *s, bool sync)
{
	s->port.sync = sync;
}

static void remember(struct sim *s)
{
	if (!s->card.memory.valid)
		return;
	memcpy(s->serial, s->card.memory.serial, CARD_SERIAL_LEN);
	s->state = s->card.memory.now.state;
}

int sim_power_on(struct sim *s)
{
	s->port.powered = true;
	int rc = card_power_on(&s->card, &s->port);
	remember(s);
	return rc;
}

void sim_power_off(struct sim *s)
{
	s->port.powered = false;
	bytes_wipe(&s->card, sizeof s->card);
}

void sim_reset(struct sim *s)
{
	card_reset(&s->card);
}

/* Contactless form (PC/SC part 3): 3B 8n 80 01, historical bytes, check. */
void sim_get_atr(uint8_t ret[SIM_ATR_LEN])
{
	static const uint8_t atr[SIM_ATR_LEN - 1] = {0x3B, 0x87, 0x80, 0x01,
	        0x80, 0x31, 0xF8, 0x73, 0xD4, 0x01, 0xE0};
	uint8_t check = 0;
	for (size_t i = 1; i < sizeof atr; i++)
		check ^= atr[i];
	memcpy(ret, atr, sizeof atr);
	ret[sizeof atr] = check;
}

size_t sim_transmit(struct sim *s, struct span apdu, uint8_t *ret)
{
	if (!s->port.powered)
		return 0;
	s->commands++;
	size_t len = card_answer(&s->card, apdu, ret);
	remember(s);
	if (!s->port.powered) {
		bytes_wipe(&s->card, sizeof s->card);
		return 0;
	}
	return len;
}

void sim_cut_at_write(struct sim *s, unsigned long n, enum sim_tear tear)
{
	s->port.cut_at = n ? s->port.writes + n : 0;
	s->port.tear = tear;
}

uint8_t *sim_memory(struct sim *s)
{
	return s->port.nv;
}

void sim_get_facts(const struct sim *s, struct sim_facts *ret)
{
	*ret = (struct sim_facts){.powered = s->port.powered,
	        .state = s->state,
	        .commands = s->commands,
	        .writes = s->port.writes};
	memcpy(ret->serial, s->serial, CARD_SERIAL_LEN);
}
