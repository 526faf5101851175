/* 申请表: what was entered, printed to be read through and signed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/api/routes.h"
#include "host/api/sight.h"
#include "host/api/word.h"
#include "host/base/clock.h"
#include "host/person/ethnicity.h"
#include "host/person/person.h"
#include "host/policy/policy.h"
#include "host/print/photo.h"
#include "host/report/paper.h"

enum { CLASSES_TEXT_MAX = 512 };

struct form {
	struct api_call *call;
	struct application application;
	struct person person;
	uint8_t photo[APPLICATION_PHOTO_MAX];
	struct writer w;
	char classes[CLASSES_TEXT_MAX], materials[CLASSES_TEXT_MAX];
};

static int read_form(struct store_tx *tx, void *arg)
{
	struct form *f = arg;
	int r = sight_application(tx, f->call, f->call->id, &f->application);
	if (r == HUFU_OK)
		r = person_load(tx, f->application.person, &f->person);
	writer_init(&f->w, f->photo, sizeof f->photo);
	if (r == HUFU_OK)
		r = application_read_photo(tx, f->call->id, &f->w);
	return r == HUFU_ERR_NOT_FOUND && f->person.id ? HUFU_OK : r;
}

static void add_word(char text[CLASSES_TEXT_MAX], const char *word)
{
	size_t len = strlen(text);
	(void)snprintf(text + len, CLASSES_TEXT_MAX - len, "%s%s",
	        len ? "、" : "", word);
}

static void put_lists(struct form *f, const struct policy *policy)
{
	for (unsigned i = 1; i < POLICY_CLASSES_MAX; i++)
		if (policy->class[i].present &&
		        f->person.facts.classes & 1u << i)
			add_word(f->classes, policy->class[i].label.zh);
	for (unsigned i = 1; i < POLICY_MATERIALS_MAX; i++)
		if (policy->material[i].present &&
		        f->application.materials & 1u << i)
			add_word(f->materials, policy->material[i].label.zh);
}

static const char *sex_zh(enum person_sex sex)
{
	return sex == 1 ? "男" : sex == 2 ? "女" : "";
}

static void put_fields(
        struct paper *paper, const struct form *f, const struct policy *policy)
{
	static const char *const reasons[] = {
	        "", "首次申领", "到期换领", "补换"};
	static const char *const actings[] = {
	        "本人", "监护人代办", "委托代办", "上门办理"};
	const struct application *a = &f->application;
	const struct person *p = &f->person;
	const char *nation = ethnicity_name(p->ethnicity);
	char born[DATE_TEXT_LEN + 1];
	date_format(p->facts.born, born);
	const char *const pairs[] = {"姓名", p->name, "性别", sex_zh(p->sex),
	        "公民身份号码", p->id_number, "出生日期", born, "民族",
	        nation ? nation : "", "联系电话", p->phone, "户籍地",
	        p->facts.residence, "住址", p->address, "申请类别",
	        policy->kind[a->kind].label.zh, "身份类别", f->classes,
	        "申请事由", reasons[a->reason], "办理方式", actings[a->acting],
	        "受理地", a->area, "领取地", a->delivery_area, "提交材料",
	        f->materials};
	paper_fields(paper, pairs, sizeof pairs / sizeof *pairs / 2);
}

static int draw_form(struct form *f)
{
	struct api_call *call = f->call;
	const struct application *a = &f->application;
	static const char *const applicant[] = {"申请人（签名）：", "日期："};
	static const char *const office[] = {"受理人（签名）：", "日期："};
	const struct policy *policy = policy_book_at(
	        call->services->policies, clock_date_of(a->entered_at_s));
	struct paper_photo photo = {writer_span(&f->w), 352, 440};
	struct paper *paper = NULL;
	char day[DATE_TEXT_LEN + 1], beside[256];
	if (!policy)
		return HUFU_ERR_NOT_FOUND;
	int r = paper_open("优待证申请表", call->services->office_name, &paper);
	if (r)
		return r;
	put_lists(f, policy);
	date_format(clock_date_of(a->entered_at_s), day);
	(void)snprintf(beside, sizeof beside,
	        "受理号：%lld\n申请日期：%s\n\n请逐项核对。有误的地方请当场"
	        "告诉工作人员更正，无误后签名。%s",
	        (long long)a->id, day,
	        call->services->training ? "\n\n培训样张，不作办理依据。" : "");
	paper_photo(paper, &photo, beside);
	put_fields(paper, f, policy);
	paper_heading(paper, "申请人声明");
	paper_text(paper,
	        "本人提供的信息和材料真实、完整。本人知悉：为审核和制发优待证，"
	        "退役军人事务部门将按规定核对以上信息；卡面印有本人照片和姓名；"
	        "办理过程留有不含个人信息的日志。");
	paper_signatures(paper, applicant, 2);
	paper_signatures(paper, office, 2);
	call->raw_type = "application/pdf";
	return paper_close(paper, &call->raw, &call->raw_len);
}

int api_show_form(struct api_call *call)
{
	struct form *f = calloc(1, sizeof *f);
	if (!f)
		return HUFU_ERR_MEMORY;
	f->call = call;
	int r = store_read(call->services->store, read_form, f);
	if (r == HUFU_OK)
		r = draw_form(f);
	person_done(&f->person);
	bytes_wipe(f, sizeof *f);
	free(f);
	return r;
}
