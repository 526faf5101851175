#include "merchant/terminal/floor.h"

#include "merchant/terminal/crc32.h"

enum {
	RECORD_LEN = 16, /* time 8, mark 4, CRC 4 */
	MARK = 0x464C5231,
	RECORDS = FLASH_SECTOR / RECORD_LEN,
};

static int64_t record_time(uint32_t at)
{
	struct reader r;
	reader_init(&r, flash_read(at, RECORD_LEN));
	uint64_t time_s = reader_get_u64(&r);
	uint32_t mark = reader_get_u32(&r);
	uint32_t crc = reader_get_u32(&r);
	if (mark != MARK || crc != crc32_of(flash_read(at, RECORD_LEN - 4)) ||
	        time_s > INT64_MAX)
		return 0;
	return (int64_t)time_s;
}

static bool is_erased(uint32_t at, size_t len)
{
	struct span s = flash_read(at, len);
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] != 0xFF)
			return false;
	}
	return true;
}

/* The end of what was ever begun in a sector: torn records are passed. */
static uint32_t sector_end(uint32_t at)
{
	uint32_t n = RECORDS;
	while (n > 0 && is_erased(at + (n - 1) * RECORD_LEN, RECORD_LEN))
		n--;
	return at + n * RECORD_LEN;
}

void floor_open(struct floor *f, uint32_t at)
{
	*f = (struct floor){.at = at, .sector = at};
	for (uint32_t n = 0; n < FLOOR_SECTORS * RECORDS; n++) {
		int64_t time_s = record_time(at + n * RECORD_LEN);
		if (time_s > f->time_s) {
			f->time_s = time_s;
			f->sector = at + n / RECORDS * FLASH_SECTOR;
		}
	}
	f->next = sector_end(f->sector);
}

static int put_record(uint32_t at, int64_t time_s)
{
	uint8_t record[RECORD_LEN];
	struct writer w;
	writer_init(&w, record, sizeof record);
	writer_put_u64(&w, (uint64_t)time_s);
	writer_put_u32(&w, MARK);
	writer_put_u32(&w, crc32_of(writer_span(&w)));
	return flash_program(at, record, sizeof record);
}

/* The full sector stays as it is until the other holds a newer record. */
static int turn(struct floor *f)
{
	uint32_t other = f->at;
	if (f->sector == f->at)
		other += FLASH_SECTOR;
	int rc = flash_erase(other);
	if (rc)
		return rc;
	f->sector = other;
	f->next = other;
	return HUFU_OK;
}

int floor_raise(struct floor *f, int64_t time_s)
{
	if (time_s <= f->time_s)
		return HUFU_OK;
	if (f->next == f->sector + FLASH_SECTOR) {
		int rc = turn(f);
		if (rc)
			return rc;
	}
	uint32_t at = f->next;
	f->next += RECORD_LEN; /* also when it fails: torn is torn */
	int rc = put_record(at, time_s);
	if (rc)
		return rc;
	f->time_s = time_s;
	return HUFU_OK;
}
