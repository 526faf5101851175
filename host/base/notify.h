/*
 * Telling the service manager how this process is: the datagram of
 * sd_notify(3), "READY=1" and the like. Nothing happens without one.
 */
#ifndef HOST_NOTIFY_H
#define HOST_NOTIFY_H

void notify_state(const char *state);
/* "WATCHDOG=1", but at most once a second: call it on every turn. */
void notify_alive(void);

#endif
