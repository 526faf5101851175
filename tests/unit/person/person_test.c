#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "host/person/ethnicity.h"
#include "host/person/id_number.h"
#include "host/person/name_private.h"
#include "host/person/name_rules.h"

#define TODAY ((struct date){2026, 8, 1})

static void takes_the_numbers_of_the_standard(void **state)
{
	char id[PERSON_ID_NUMBER_LEN + 1];
	enum person_sex sex;
	struct date born;

	(void)state;
	assert_int_equal(
	        id_number_parse("11010519491231002X", TODAY, id, &born, &sex),
	        0);
	assert_int_equal(sex, PERSON_FEMALE);
	assert_int_equal(date_compare(born, (struct date){1949, 12, 31}), 0);
	assert_int_equal(
	        id_number_parse("440524188001010014", TODAY, id, &born, &sex),
	        0);
	assert_int_equal(sex, PERSON_MALE);
	assert_int_equal(
	        id_number_parse("11010519491231002x", TODAY, id, &born, &sex),
	        0);
	assert_string_equal(id, "11010519491231002X");
}

static void finds_every_single_slip(void **state)
{
	const char good[] = "440524188001010014";
	char id[PERSON_ID_NUMBER_LEN + 1] = "untouched";
	enum person_sex sex;
	struct date born;

	(void)state;
	for (int i = 0; i < 18; i++) {
		for (char d = '0'; d <= '9'; d++) {
			char slip[sizeof good];
			memcpy(slip, good, sizeof good);
			if (slip[i] == d)
				continue;
			slip[i] = d;
			assert_true(id_number_parse(
			                    slip, TODAY, id, &born, &sex) > 0);
		}
	}
	assert_string_equal(id, "untouched");
}

static void masks_what_names_a_person(void **state)
{
	char name[PERSON_NAME_MAX + 1], id[PERSON_ID_NUMBER_LEN + 1];

	(void)state;
	person_mask_name("欧阳测试", name);
	assert_string_equal(name, "欧阳**");
	person_mask_id_number("11010519491231002X", id);
	assert_string_equal(id, "1101**********002X");
}

static void maps_each_known_private_code(void **state)
{
	(void)state;
	assert_int_equal(name_private_find(0xE863), 0x4DAE);
	assert_int_equal(name_private_find(0xE816), 0x20087);
	assert_int_equal(name_private_find(0xE81E), 0x9FB4);
	assert_int_equal(name_private_find(0xE864), 0x9FBB);
	assert_int_equal(name_private_find(0xE815), 0); /* a radical */
	assert_int_equal(name_private_find(0xE865), 0);
	assert_int_equal(name_private_find(0), 0);
	for (uint32_t c = 0xE000; c <= 0xF8FF; c++) {
		uint32_t now = name_private_find(c);
		assert_true(now == 0 || now < 0xE000 || now > 0xF8FF);
	}
}

static void puts_the_standard_dot(void **state)
{
	static const char *const dots[] = {
	        "•", "‧", "∙", "⋅", "・", "･", "．", ".", "·", "᛫", "⸱"};
	struct name_report report;
	char name[PERSON_NAME_MAX + 1], text[32];

	(void)state;
	for (size_t i = 0; i < sizeof dots / sizeof *dots; i++) {
		(void)snprintf(text, sizeof text, "测%s甲", dots[i]);
		assert_int_equal(
		        name_normalise(span_of_text(text), name, &report), 0);
		assert_string_equal(name, "测·甲");
		assert_int_equal(report.dots, strcmp(dots[i], "·") != 0);
	}
}

static void leaves_the_name_untouched_on_a_fault(void **state)
{
	char name[PERSON_NAME_MAX + 1] = "before";
	struct name_report report;

	(void)state;
	assert_int_equal(name_normalise(span_of_text("测?"), name, &report),
	        NAME_BAD_CHARACTER);
	assert_int_equal(report.offender, '?');
	assert_string_equal(name, "before");
	assert_int_equal(name_normalise(span_of("\xE6\xB5", 2), name, &report),
	        NAME_BAD_UTF8);
	assert_string_equal(name, "before");
}

static void knows_the_ethnic_groups(void **state)
{
	(void)state;
	assert_int_equal(ethnicity_of("汉"), 1);
	assert_int_equal(ethnicity_of("汉族"), 1);
	assert_int_equal(ethnicity_of("56"), 56);
	assert_string_equal(ethnicity_name(56), "基诺");
	assert_string_equal(ethnicity_name(27), "纳西");
	assert_string_equal(ethnicity_name(44), "俄罗斯");
	assert_int_equal(ethnicity_of("57"), 0);
	assert_int_equal(ethnicity_of("汉汉"), 0);
	assert_null(ethnicity_name(57));
	assert_null(ethnicity_name(99));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(takes_the_numbers_of_the_standard),
	        cmocka_unit_test(finds_every_single_slip),
	        cmocka_unit_test(masks_what_names_a_person),
	        cmocka_unit_test(maps_each_known_private_code),
	        cmocka_unit_test(puts_the_standard_dot),
	        cmocka_unit_test(leaves_the_name_untouched_on_a_fault),
	        cmocka_unit_test(knows_the_ethnic_groups),
	};

	return cmocka_run_group_tests_name("person", tests, NULL, NULL);
}
