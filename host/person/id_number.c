#include "host/person/id_number.h"

#include <string.h>

enum { YEAR_MIN = 1850 };

static const int weights[17] = {
        7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};

char id_number_check_digit(const char digits[17])
{
	static const char checks[] = "10X98765432";
	int sum = 0;

	for (int i = 0; i < 17; i++)
		sum += (digits[i] - '0') * weights[i];
	return checks[sum % 11];
}

static int part(const char *digits, int len)
{
	int v = 0;

	for (int i = 0; i < len; i++)
		v = v * 10 + (digits[i] - '0');
	return v;
}

int id_number_parse(const char *text, struct date today,
        char ret[PERSON_ID_NUMBER_LEN + 1], struct date *ret_born,
        enum person_sex *ret_sex)
{
	struct date born;
	char check;

	if (strlen(text) != PERSON_ID_NUMBER_LEN)
		return ID_NUMBER_LENGTH;
	check = text[17] == 'x' ? 'X' : text[17];
	if (strspn(text, "0123456789") < 17 ||
	        (check != 'X' && (check < '0' || check > '9')))
		return ID_NUMBER_DIGITS;
	born = (struct date){
	        .year = (int16_t)part(text + 6, 4),
	        .month = (int8_t)part(text + 10, 2),
	        .day = (int8_t)part(text + 12, 2),
	};
	if (!date_is_valid(born) || born.year < YEAR_MIN ||
	        date_compare(born, today) > 0)
		return ID_NUMBER_BIRTH;
	if (id_number_check_digit(text) != check)
		return ID_NUMBER_CHECK;
	memcpy(ret, text, 17);
	ret[17] = check;
	ret[18] = '\0';
	*ret_born = born;
	*ret_sex = (text[16] - '0') % 2 ? PERSON_MALE : PERSON_FEMALE;
	return 0;
}
