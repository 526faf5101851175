/* Ethnic groups of GB/T 3304: codes 01 to 56, and 97 and 98 of the police. */
#ifndef HOST_ETHNICITY_H
#define HOST_ETHNICITY_H

/* By two-digit code or by name with or without 族; 0: none. */
unsigned ethnicity_of(const char *text);
const char *ethnicity_name(unsigned code); /* without 族; NULL: none */

#endif
