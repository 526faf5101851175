/*
 * Named points at which the fault campaign kills this process, to show that
 * a crash there loses nothing. Inert unless the environment has HUFU_FAULT.
 *
 * HUFU_FAULT is "name" (die at its first passing) or "name:N" (at the Nth);
 * several by comma. HUFU_FAULT_TRACE names a file that every point passed
 * is appended to, one name a line, so that a campaign can list them all.
 */
#ifndef HOST_FAULT_POINT_H
#define HOST_FAULT_POINT_H

/* Kills this process with SIGKILL if the campaign asked for this point. */
void fault_point(const char *name);

#endif
