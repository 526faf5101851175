#include "host/person/import_row.h"

#include <stdio.h>
#include <string.h>

#include "host/person/ethnicity.h"
#include "host/person/id_number.h"
#include "host/person/name_rules.h"

enum { MAX_AGE = 130 };

const char *import_field(
        const struct import_row *row, enum import_column column)
{
	int at = row->head->at[column];

	return at < 0 ? "" : row->fields[at];
}

void import_tell(struct import_row *row, enum import_weight weight,
        enum import_column column, const char *code, const char *both[2])
{
	struct import_issue issue = {
	        .line = row->line,
	        .warning = weight == IMPORT_WARNING,
	};

	if (column < IMPORT_COLUMNS)
		(void)snprintf(issue.column, sizeof issue.column, "%s",
		        import_column_zh(column));
	(void)snprintf(issue.code, sizeof issue.code, "%s", code);
	(void)snprintf(issue.zh, sizeof issue.zh, "%s", both[0]);
	(void)snprintf(issue.en, sizeof issue.en, "%s", both[1]);
	if (weight == IMPORT_WARNING)
		row->warnings++;
	else
		row->errors++;
	if (row->options->report)
		row->options->report(row->options->arg, &issue);
}

static void refuse(struct import_row *row, enum import_column column,
        const char *code, const char *zh, const char *en)
{
	import_tell(row, IMPORT_ERROR, column, code, IMPORT_SAY(zh, en));
}

int import_parse_date(const char *text, struct date *ret)
{
	/* Order of separators; the last may be missing. */
	static const char *const forms[][3] = {{"-", "-", ""}, {"/", "/", ""},
	        {".", ".", ""}, {"年", "月", "日"}};
	struct date d = {0};
	int v[3] = {0};

	if (strlen(text) == 8 && strspn(text, "0123456789") == 8) {
		char iso[DATE_TEXT_LEN + 1];
		(void)snprintf(iso, sizeof iso, "%.4s-%.2s-%.2s", text,
		        text + 4, text + 6);
		return date_parse(iso, ret);
	}
	for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
		const char *at = text;
		int part = 0;

		for (; part < 3; part++) {
			size_t digits = strspn(at, "0123456789");
			size_t gap = strlen(forms[f][part]);
			if (digits == 0 || digits > 4 ||
			        strncmp(at + digits, forms[f][part], gap) != 0)
				break;
			v[part] = 0;
			for (size_t i = 0; i < digits; i++)
				v[part] = v[part] * 10 + (at[i] - '0');
			at += digits + gap;
		}
		if (part < 3 || *at)
			continue;
		if (v[1] > 12 || v[2] > 31)
			return HUFU_ERR_MALFORMED;
		d.year = (int16_t)v[0];
		d.month = (int8_t)v[1];
		d.day = (int8_t)v[2];
		if (!date_is_valid(d))
			return HUFU_ERR_MALFORMED;
		*ret = d;
		return 0;
	}
	return HUFU_ERR_MALFORMED;
}

static void refuse_character(
        struct import_row *row, int fault, uint32_t offender)
{
	bool lost = fault == NAME_BAD_CHARACTER;
	char zh[IMPORT_TEXT_MAX], en[IMPORT_TEXT_MAX];

	(void)snprintf(zh, sizeof zh, "姓名中有%s（U+%04X），%s。",
	        lost ? "不允许的字符" : "无法识别的造字", offender,
	        lost ? "可能是丢失的生僻字，请核对" : "请改为标准汉字");
	(void)snprintf(en, sizeof en, "The name has %s (U+%04X); %s.",
	        lost ? "a character that is not allowed"
	             : "a private-use character",
	        offender,
	        lost ? "perhaps a rare one was lost" : "give the standard one");
	refuse(row, IMPORT_NAME, lost ? "name-character" : "name-private", zh,
	        en);
}

static void read_name(struct import_row *row)
{
	static const struct {
		const char *code, *zh, *en;
	} faults[] = {
	        [NAME_EMPTY] = {"name-empty", "没有填写姓名。",
	                "The name is missing."},
	        [NAME_TOO_LONG] = {"name-long", "姓名太长。",
	                "The name is too long."},
	        [NAME_BAD_UTF8] = {"name-encoding", "姓名编码不正确。",
	                "The name is not valid text."},
	        [NAME_BAD_DOT] = {"name-dot",
	                "间隔号只能放在两个字之间，且不能连用。",
	                "A middle dot stands once, between two characters."},
	        [NAME_BAD_SPACE] = {"name-space",
	                "姓名中有多余的空格，请删去。",
	                "The name has a blank too many; remove it."},
	};
	struct name_report report;
	char zh[IMPORT_TEXT_MAX], en[IMPORT_TEXT_MAX];
	int fault = name_normalise(span_of_text(import_field(row, IMPORT_NAME)),
	        row->person->name, &report);

	if (fault == NAME_PRIVATE_USE || fault == NAME_BAD_CHARACTER)
		refuse_character(row, fault, report.offender);
	else if (fault)
		refuse(row, IMPORT_NAME, faults[fault].code, faults[fault].zh,
		        faults[fault].en);
	if (fault == 0 && report.mapped > 0) {
		(void)snprintf(zh, sizeof zh,
		        "姓名中的造字 U+%04X 已换成标准汉字，请核对。",
		        report.first_mapped);
		(void)snprintf(en, sizeof en,
		        "The private-use character U+%04X became the standard "
		        "one; check it.",
		        report.first_mapped);
		import_tell(row, IMPORT_WARNING, IMPORT_NAME, "name-mapped",
		        IMPORT_SAY(zh, en));
	}
	if (fault == 0 && report.dots > 0)
		import_tell(row, IMPORT_WARNING, IMPORT_NAME, "name-dots",
		        IMPORT_SAY("间隔号已改为标准的“·”。",
		                "The middle dot became the standard one."));
}

static const char *id_number_form(const char *text)
{
	size_t len = strlen(text);

	if (len == 0)
		return "id-number-empty";
	if (strpbrk(text, "Ee") && strchr(text, '+'))
		return "id-number-excel";
	if (len == 15 && strspn(text, "0123456789") == 15)
		return "id-number-15";
	for (size_t i = 0; i < len; i++)
		if ((uint8_t)text[i] >= 0x80)
			return "id-number-wide";
	return NULL;
}

static const struct {
	const char *code, *zh, *en;
} id_faults[] = {
        {"id-number-empty", "没有填写公民身份号码。",
                "The ID number is missing."},
        {"id-number-excel",
                "公民身份号码被表格软件改成了科学记数，请设为文本后重填。",
                "The spreadsheet turned the ID number into a number; "
                "format the column as text and enter it again."},
        {"id-number-15", "这是 15 位旧号码，请填 18 位号码。",
                "This is an old number of 15 digits; give the one of 18."},
        {"id-number-wide", "公民身份号码含全角或其他字符，请用半角数字。",
                "The ID number has wide or other characters; use plain "
                "digits."},
        {"id-number-length", "公民身份号码应为 18 位。",
                "An ID number has 18 characters."},
        {"id-number-digits", "公民身份号码前 17 位应为数字，末位为数字或 X。",
                "An ID number has 17 digits, then a digit or X."},
        {"id-number-birth", "公民身份号码中的出生日期不存在。",
                "The date of birth within the ID number does not exist."},
        {"id-number-check", "公民身份号码校验位不对，请核对有没有抄错。",
                "The ID number's check digit is wrong; look for a slip."},
};

static void refuse_id(struct import_row *row, const char *code)
{
	for (size_t i = 0; i < sizeof id_faults / sizeof *id_faults; i++)
		if (strcmp(id_faults[i].code, code) == 0)
			refuse(row, IMPORT_ID_NUMBER, code, id_faults[i].zh,
			        id_faults[i].en);
}

static void read_id_number(struct import_row *row)
{
	static const char *const codes[] = {
	        [ID_NUMBER_LENGTH] = "id-number-length",
	        [ID_NUMBER_DIGITS] = "id-number-digits",
	        [ID_NUMBER_BIRTH] = "id-number-birth",
	        [ID_NUMBER_CHECK] = "id-number-check",
	};
	struct person *p = row->person;
	const char *text = import_field(row, IMPORT_ID_NUMBER);
	const char *form = id_number_form(text);
	int fault;

	if (form) {
		refuse_id(row, form);
		return;
	}
	fault = id_number_parse(text, row->options->today, p->id_number,
	        &p->facts.born, &p->sex);
	if (fault) {
		refuse_id(row, codes[fault]);
		return;
	}
	if (date_full_years(p->facts.born, row->options->today) > MAX_AGE)
		refuse(row, IMPORT_ID_NUMBER, "born-age",
		        "年龄超过 130 岁，请核对。",
		        "An age above 130 years; check it.");
}

static void read_born(struct import_row *row)
{
	const char *text = import_field(row, IMPORT_BORN);
	struct date born;

	if (*text == '\0')
		return;
	if (import_parse_date(text, &born) < 0)
		refuse(row, IMPORT_BORN, "born-date",
		        "出生日期应如 1970-01-31。",
		        "Write the date of birth as 1970-01-31.");
	else if (date_compare(born, row->options->today) > 0)
		refuse(row, IMPORT_BORN, "born-future", "出生日期在今天之后。",
		        "The date of birth lies in the future.");
	else if (row->person->id_number[0] &&
	         date_compare(born, row->person->facts.born) != 0)
		refuse(row, IMPORT_BORN, "born-mismatch",
		        "出生日期与公民身份号码不符。",
		        "The date of birth is not that of the ID number.");
}

static void read_sex(struct import_row *row)
{
	static const struct {
		const char *word;
		enum person_sex sex;
	} words[] = {
	        {"男", PERSON_MALE},
	        {"女", PERSON_FEMALE},
	        {"1", PERSON_MALE},
	        {"2", PERSON_FEMALE},
	        {"M", PERSON_MALE},
	        {"F", PERSON_FEMALE},
	        {"male", PERSON_MALE},
	        {"female", PERSON_FEMALE},
	        {"未说明", PERSON_SEX_UNSTATED},
	        {"9", PERSON_SEX_UNSTATED},
	        {"未知", PERSON_SEX_UNKNOWN},
	        {"0", PERSON_SEX_UNKNOWN},
	};
	const char *text = import_field(row, IMPORT_SEX);

	if (*text == '\0')
		return; /* as the ID number says */
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(words[i].word, text) != 0)
			continue;
		if (row->person->id_number[0] && words[i].sex <= 2 &&
		        words[i].sex != PERSON_SEX_UNKNOWN &&
		        words[i].sex != row->person->sex)
			import_tell(row, IMPORT_WARNING, IMPORT_SEX,
			        "sex-mismatch",
			        IMPORT_SAY("性别与公民身份号码不符，请核对。",
			                "The sex is not that of the ID "
			                "number; check it."));
		row->person->sex = words[i].sex;
		return;
	}
	refuse(row, IMPORT_SEX, "sex", "性别应为男或女。",
	        "The sex is 男 (male) or 女 (female).");
}

static void read_ethnicity(struct import_row *row)
{
	const char *text = import_field(row, IMPORT_ETHNICITY);

	if (*text == '\0')
		return;
	row->person->ethnicity = ethnicity_of(text);
	if (row->person->ethnicity == 0)
		refuse(row, IMPORT_ETHNICITY, "ethnicity",
		        "民族应为“汉”“满”等名称或 01 到 56 的代码。",
		        "The ethnicity is a name such as 汉, or a code from "
		        "01 to 56.");
}

static void read_phone(struct import_row *row)
{
	const char *text = import_field(row, IMPORT_PHONE);
	size_t len = strlen(text);

	if (len == 0)
		return;
	if (len > PERSON_PHONE_MAX || len < 5 ||
	        strspn(text, "0123456789-+ ") != len)
		refuse(row, IMPORT_PHONE, "phone", "电话应为 5 到 20 位数字。",
		        "A telephone number has 5 to 20 digits.");
	else if (len == 11 && text[0] != '1' && text[0] != '0')
		refuse(row, IMPORT_PHONE, "phone-mobile", "手机号应以 1 开头。",
		        "A mobile number of 11 digits begins with 1.");
	else
		memcpy(row->person->phone, text, len + 1);
}

static void read_address(struct import_row *row)
{
	const char *text = import_field(row, IMPORT_ADDRESS);
	size_t len = strlen(text);

	if (len > PERSON_ADDRESS_MAX) {
		refuse(row, IMPORT_ADDRESS, "address-long", "住址太长。",
		        "The address is too long.");
		return;
	}
	for (size_t i = 0; i < len; i++) {
		if ((uint8_t)text[i] >= 0x20 && text[i] != 0x7F)
			continue;
		refuse(row, IMPORT_ADDRESS, "address-control",
		        "住址中有换行或控制字符。",
		        "The address has a line break or control character.");
		return;
	}
	memcpy(row->person->address, text, len + 1);
}

/* People registered elsewhere are kept: they may move here. */
static void check_area(struct import_row *row, const char *code)
{
	const struct import_options *o = row->options;

	if (!o->knows_area || o->knows_area(o->arg, code))
		return;
	import_tell(row, IMPORT_WARNING, IMPORT_RESIDENCE, "residence-unknown",
	        IMPORT_SAY("本单位的区划表中没有这个户籍地代码，请核对；"
	                   "无误则此人应在户籍地申领。",
	                "This office's table of areas has no such registered "
	                "residence: check it; if it is right, the person "
	                "applies there."));
}

static void read_residence(struct import_row *row)
{
	const char *text = import_field(row, IMPORT_RESIDENCE);
	enum area_level level = area_code_level(text);

	if (*text == '\0')
		refuse(row, IMPORT_RESIDENCE, "residence-empty",
		        "没有填写户籍地代码。",
		        "The code of the registered residence is missing.");
	else if (level == AREA_NONE)
		refuse(row, IMPORT_RESIDENCE, "residence",
		        "户籍地代码应为 6、9 或 12 位数字。",
		        "The code of the registered residence has 6, 9 or 12 "
		        "digits.");
	else if (level < AREA_COUNTY)
		refuse(row, IMPORT_RESIDENCE, "residence-wide",
		        "户籍地须到县级或以下。",
		        "The registered residence must be a county or "
		        "below.");
	else {
		(void)snprintf(row->person->facts.residence,
		        sizeof row->person->facts.residence, "%s", text);
		check_area(row, text);
	}
}

void import_read_row(struct import_row *row)
{
	read_name(row);
	read_id_number(row);
	read_born(row);
	read_sex(row);
	read_ethnicity(row);
	read_phone(row);
	read_address(row);
	read_residence(row);
	import_read_identity(row);
	import_read_service(row);
}
