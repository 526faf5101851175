#include "host/station/chip.h"

#include <string.h>
#include <time.h>

#include "card/terminal/pcsc.h"
#include "card/terminal/perso.h"
#include "host/base/fault_point.h"
#include "host/station/evidence.h"
#include "host/station/tapped.h"

enum {
	TRIES = 5, /* of a card that is lost again and again */
	TRY_PAUSE_MS = 200,
	CLAIMS_MAX = 3, /* of a job whose card is not to be found */
};

static int open_reader(struct saga *s)
{
	const struct station_services *v = s->services;
	struct transport *t = NULL, *tapped = NULL;
	const struct pcsc_options options = {
	        .reader = s->reader,
	        .exclusive = true,
	};
	int rc = v->open_reader
	                 ? v->open_reader(v->open_reader_arg, s->reader, &t)
	                 : pcsc_new(&options, &t);
	if (rc == 0)
		rc = tapped_new(t, &tapped);
	if (rc != 0)
		return rc;
	terminal_init(&s->terminal, tapped);
	s->has_terminal = true;
	return 0;
}

int chip_open(struct saga *s)
{
	char reader[STATION_READER_NAME_MAX];
	int rc = s->transport->ops->park(s->transport, reader, &s->problem);
	if (rc != 0)
		return CHIP_END + saga_end_said(s, ground_of_transport(rc));
	if (s->has_terminal && strcmp(reader, s->reader) != 0)
		chip_detach(s);
	memcpy(s->reader, reader, sizeof s->reader);
	s->attached = false;
	rc = s->has_terminal ? 0 : open_reader(s);
	return rc ? rc : terminal_connect(&s->terminal);
}

void chip_detach(struct saga *s)
{
	s->attached = false;
	if (!s->has_terminal)
		return;
	s->timing.transport_ns += s->terminal.transport->busy_ns;
	terminal_done(&s->terminal);
	s->has_terminal = false;
}

/* HUFU_ERR_DENIED says either: this uid, or this serial. */
static bool is_quarantined(struct saga *s)
{
	struct signer_health health;
	return signer_health(s->services->signer, &health) == 0;
}

static int session_failed(struct saga *s, int rc)
{
	switch (rc) {
	case HUFU_ERR_SIGNATURE:
		return TERMINAL_WRONG_KEY;
	case HUFU_ERR_DENIED:
		if (is_quarantined(s))
			return TERMINAL_QUARANTINED;
		break;
	default:
		break;
	}
	return CHIP_END + saga_end(s, evidence_ground(rc));
}

/* The signer answers for the card that stands in a proven reserved entry. */
static int provide(
        void *arg, const struct scp03_request *q, struct scp03_keys *ret)
{
	struct saga *s = arg;
	struct signer_session_request request = {0};
	struct signer_session session;
	struct evidence evidence;
	uint8_t salt[LOG_SALT_LEN];
	size_t salt_len = 0;
	int rc = evidence_get(s, s->lease.reserved_index, &evidence);
	if (rc == 0)
		rc = saga_read_fact(s, JOB_FACT_RESERVED_SALT, salt,
		        sizeof salt, &salt_len);
	if (rc != 0)
		return CHIP_END + rc;
	memcpy(request.serial, q->kdd, sizeof request.serial);
	request.key_version = q->key_version;
	memcpy(request.host_challenge, q->host_challenge, 8);
	memcpy(request.card_challenge, q->card_challenge, 8);
	memcpy(request.card_cryptogram, q->card_cryptogram, 8);
	memcpy(request.sequence, q->sequence, sizeof request.sequence);
	request.salt = salt;
	request.logged = evidence.proof;
	rc = signer_open_session(s->services->signer, &request, &session);
	if (rc != 0)
		return session_failed(s, rc);
	memcpy(ret->enc, session.s_enc, sizeof ret->enc);
	memcpy(ret->mac, session.s_mac, sizeof ret->mac);
	memcpy(ret->rmac, session.s_rmac, sizeof ret->rmac);
	memcpy(ret->host_cryptogram, session.host_cryptogram,
	        sizeof ret->host_cryptogram);
	memcpy(s->papers->put_key, session.put_key, session.put_key_len);
	s->papers->put_key_len = session.put_key_len;
	bytes_wipe(&session, sizeof session);
	return 0;
}

/* A job whose card stays away is given a new one in the end. */
static int missing(struct saga *s, enum ground ground)
{
	if (s->lease.attempts >= CLAIMS_MAX)
		ground = GROUND_CARD_MISSING;
	return saga_end(s, ground);
}

/* The serial is this job's, and nobody else has had the chip since. */
static int check_card(struct saga *s, const uint8_t serial[CARD_SERIAL_LEN],
        const struct perso_progress *p)
{
	static const uint8_t none[CARD_JOB_ID_LEN];
	bool ours = memcmp(p->job, s->lease.key, CARD_JOB_ID_LEN) == 0;
	bool fresh = memcmp(p->job, none, CARD_JOB_ID_LEN) == 0;
	if (memcmp(serial, s->lease.serial, CARD_SERIAL_LEN) != 0)
		return CHIP_END + missing(s, GROUND_WRONG_CARD);
	if (p->fencing > (uint64_t)s->lease.fencing)
		return CHIP_END + SAGA_STALE;
	if (!ours && (!fresh || s->lease.state >= JOB_KEYED))
		return CHIP_END + saga_end(s, GROUND_CHIP_CHANGED);
	s->sure_of_card = true;
	return 0;
}

static int find_card(struct saga *s)
{
	uint8_t serial[CARD_SERIAL_LEN];
	struct perso_progress progress;
	int rc = chip_open(s);
	if (rc == 0)
		rc = perso_identify(&s->terminal, serial);
	if (rc == 0)
		rc = perso_get_progress(&s->terminal, &progress);
	return rc ? rc : check_card(s, serial, &progress);
}

static int put_keys(struct saga *s)
{
	struct saga_papers *p = s->papers;
	/* only the first channel of a blank is under transport keys */
	if (s->lease.state != JOB_CHIP_INTENT)
		return CHIP_END + saga_end(s, GROUND_CHIP_CHANGED);
	fault_point("station.put-key");
	int rc = perso_put_keys(&s->terminal, CARD_KVN_TRANSPORT,
	        span_of(p->put_key, p->put_key_len));
	fault_point("station.keys-put");
	return rc;
}

static int attach(struct saga *s)
{
	int rc = find_card(s);
	if (rc == 0)
		rc = perso_open_channel(&s->terminal, provide, s);
	if (rc == 0 && perso_key_version(&s->terminal) == CARD_KVN_TRANSPORT)
		rc = put_keys(s);
	bytes_wipe(s->papers->put_key, sizeof s->papers->put_key);
	if (rc == 0)
		rc = perso_open_job(&s->terminal, s->lease.key,
		        (uint64_t)s->lease.fencing,
		        (enum card_suite)s->services->suite);
	s->attached = rc == 0;
	return rc;
}

static bool is_passing(int rc)
{
	return rc == TERMINAL_LINK_LOST || rc == TERMINAL_CHANNEL_BROKEN ||
	       rc == TERMINAL_NO_CARD;
}

static int end_of(struct saga *s, int rc)
{
	if (rc >= CHIP_END)
		return rc - CHIP_END;
	if (is_passing(rc))
		return missing(s, ground_of_terminal(rc));
	if (rc == TERMINAL_FOREIGN_CARD)
		return missing(s, GROUND_WRONG_CARD);
	if (rc == TERMINAL_STALE_JOB)
		return SAGA_STALE;
	return saga_end(s, ground_of_terminal(rc));
}

static void pause_a_little(void)
{
	const struct timespec ts = {0, TRY_PAUSE_MS * 1000000L};
	(void)nanosleep(&ts, NULL); /* a signal only makes it shorter */
}

static int keep_trying(struct saga *s, int (*work)(struct saga *s))
{
	int rc = 0;
	for (int i = 0; i < TRIES; i++) {
		if (atomic_load(s->stale))
			return SAGA_STALE;
		if (i > 1) /* the first loss may be over already */
			pause_a_little();
		rc = work(s);
		if (!is_passing(rc))
			break;
		s->attached = false;
	}
	return rc ? end_of(s, rc) : 0;
}

static int attach_and_work(struct saga *s)
{
	int rc = s->attached ? 0 : attach(s);
	return rc ? rc : s->chip_work(s);
}

int chip_run(struct saga *s, int (*work)(struct saga *s))
{
	s->chip_work = work;
	return keep_trying(s, attach_and_work);
}

int chip_see(struct saga *s)
{
	return s->sure_of_card ? 0 : keep_trying(s, find_card);
}
