#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "card/port/sim/port_state.h"

static int file_write(struct card_port *p, uint32_t at, size_t len)
{
	size_t done = 0;
	if (p->fd < 0)
		return HUFU_OK;
	while (done < len) {
		ssize_t n = pwrite(p->fd, p->nv + at + done, len - done,
		        (off_t)(at + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return HUFU_ERR_IO;
		done += (size_t)n;
	}
	if (p->sync && fdatasync(p->fd) != 0)
		return HUFU_ERR_IO;
	return HUFU_OK;
}

static bool in_range(uint32_t at, size_t len)
{
	return at <= PORT_NV_SIZE && len <= PORT_NV_SIZE - at;
}

/* `data` NULL erases. */
static void change(
        struct card_port *p, uint32_t at, const uint8_t *data, size_t len)
{
	if (data && len > 0)
		memcpy(p->nv + at, data, len);
	else
		memset(p->nv + at, 0xFF, len);
}

static void tear(
        struct card_port *p, uint32_t at, const uint8_t *data, size_t len)
{
	switch (p->tear) {
	case SIM_TEAR_AFTER:
		change(p, at, data, len);
		break;
	case SIM_TEAR_HALF:
		change(p, at, data, len / 2);
		break;
	case SIM_TEAR_BEFORE:
		break;
	case SIM_TEAR_RUIN:
		for (size_t i = 0; i < len; i++)
			p->nv[at + i] ^= (uint8_t)(0x5A + i);
		break;
	}
}

static int write_or_erase(
        struct card_port *p, uint32_t at, const uint8_t *data, size_t len)
{
	if (!p->powered || !in_range(at, len))
		return HUFU_ERR_IO;
	p->writes++;
	bool cut = p->writes == p->cut_at;
	if (cut)
		tear(p, at, data, len);
	else
		change(p, at, data, len);
	int rc = file_write(p, at, len);
	if (cut) {
		p->powered = false;
		return HUFU_ERR_IO;
	}
	return rc;
}

int port_nv_read(struct card_port *p, uint32_t at, uint8_t *ret, size_t len)
{
	if (!p->powered || !in_range(at, len))
		return HUFU_ERR_IO;
	memcpy(ret, p->nv + at, len);
	return HUFU_OK;
}

int port_nv_write(
        struct card_port *p, uint32_t at, const uint8_t *data, size_t len)
{
	return len ? write_or_erase(p, at, data, len) : HUFU_OK;
}

int port_nv_erase(struct card_port *p, uint32_t at, size_t len)
{
	return write_or_erase(p, at, NULL, len);
}

void port_tick(struct card_port *p)
{
	(void)p; /* a process has no watchdog and no frame waiting time */
}
