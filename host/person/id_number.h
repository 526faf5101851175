/* Citizen's identity numbers, GB 11643-1999: 6 area of first issue, 8
 * birth, 3 sequence (odd: male), 1 check (ISO 7064 MOD 11-2). */
#ifndef HOST_ID_NUMBER_H
#define HOST_ID_NUMBER_H

#include "host/base/date.h"
#include "host/person/person.h"

enum id_number_fault {
	ID_NUMBER_LENGTH = 1,
	ID_NUMBER_DIGITS = 2,
	ID_NUMBER_BIRTH = 3, /* no such day, before 1850 or after `today` */
	ID_NUMBER_CHECK = 4,
};

/* 0 or an id_number_fault. Takes x for X; the area is not looked at. */
HUFU_MUST_USE int id_number_parse(const char *text, struct date today,
        char ret[PERSON_ID_NUMBER_LEN + 1], struct date *ret_born,
        enum person_sex *ret_sex);
char id_number_check_digit(const char digits[17]);

#endif
