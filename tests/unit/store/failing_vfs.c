#include "tests/unit/store/failing_vfs.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

/* The real file follows at once in the same memory. */
struct failing_file {
	sqlite3_file base;
	sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;
static sqlite3_vfs shim;
static sqlite3_io_methods methods;
static atomic_int counts[3];
static int fail_call, fail_nth, fail_code;
static bool fail_lasting;

static int judge(enum failing_call call)
{
	int n = atomic_fetch_add(&counts[call], 1) + 1;

	if (fail_nth == 0 || fail_call != (int)call)
		return SQLITE_OK;
	return n == fail_nth || (fail_lasting && n > fail_nth) ? fail_code
	                                                       : SQLITE_OK;
}

static sqlite3_file *real(sqlite3_file *f)
{
	return ((struct failing_file *)f)->real;
}

static int do_close(sqlite3_file *f)
{
	return real(f)->pMethods->xClose(real(f));
}

static int do_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return real(f)->pMethods->xRead(real(f), p, n, at);
}

static int do_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	int r = judge(FAILING_WRITE);

	/* A torn write: half of it arrives. */
	if (r != SQLITE_OK) {
		(void)real(f)->pMethods->xWrite(real(f), p, n / 2, at);
		return r;
	}
	return real(f)->pMethods->xWrite(real(f), p, n, at);
}

static int do_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return real(f)->pMethods->xTruncate(real(f), size);
}

static int do_sync(sqlite3_file *f, int flags)
{
	int r = judge(FAILING_SYNC);

	return r != SQLITE_OK ? r : real(f)->pMethods->xSync(real(f), flags);
}

static int do_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return real(f)->pMethods->xFileSize(real(f), size);
}

static int do_lock(sqlite3_file *f, int lock)
{
	return real(f)->pMethods->xLock(real(f), lock);
}

static int do_unlock(sqlite3_file *f, int lock)
{
	return real(f)->pMethods->xUnlock(real(f), lock);
}

static int do_check_lock(sqlite3_file *f, int *ret)
{
	return real(f)->pMethods->xCheckReservedLock(real(f), ret);
}

static int do_control(sqlite3_file *f, int op, void *arg)
{
	return real(f)->pMethods->xFileControl(real(f), op, arg);
}

static int do_sector(sqlite3_file *f)
{
	return real(f)->pMethods->xSectorSize(real(f));
}

static int do_traits(sqlite3_file *f)
{
	return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static int do_shm_map(
        sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
	return real(f)->pMethods->xShmMap(real(f), page, size, extend, ret);
}

static int do_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return real(f)->pMethods->xShmLock(real(f), at, n, flags);
}

static void do_shm_barrier(sqlite3_file *f)
{
	real(f)->pMethods->xShmBarrier(real(f));
}

static int do_shm_unmap(sqlite3_file *f, int gone)
{
	return real(f)->pMethods->xShmUnmap(real(f), gone);
}

static int do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f,
        int flags, int *ret_flags)
{
	struct failing_file *file = (struct failing_file *)f;
	int r;

	(void)vfs;
	file->real = (sqlite3_file *)&file[1];
	r = real_vfs->xOpen(real_vfs, name, file->real, flags, ret_flags);
	file->base.pMethods = file->real->pMethods ? &methods : NULL;
	return r;
}

void failing_vfs_install(void)
{
	if (real_vfs)
		return;
	real_vfs = sqlite3_vfs_find(NULL);
	memcpy(&shim, real_vfs, sizeof shim);
	shim.zName = "failing";
	shim.szOsFile += (int)sizeof(struct failing_file);
	shim.xOpen = do_open;
	methods = (sqlite3_io_methods){
	        .iVersion = 2,
	        .xClose = do_close,
	        .xRead = do_read,
	        .xWrite = do_write,
	        .xTruncate = do_truncate,
	        .xSync = do_sync,
	        .xFileSize = do_size,
	        .xLock = do_lock,
	        .xUnlock = do_unlock,
	        .xCheckReservedLock = do_check_lock,
	        .xFileControl = do_control,
	        .xSectorSize = do_sector,
	        .xDeviceCharacteristics = do_traits,
	        .xShmMap = do_shm_map,
	        .xShmLock = do_shm_lock,
	        .xShmBarrier = do_shm_barrier,
	        .xShmUnmap = do_shm_unmap,
	};
	(void)sqlite3_vfs_register(&shim, 1);
}

void failing_vfs_set(enum failing_call call, int nth, int code, bool lasting)
{
	atomic_store(&counts[FAILING_WRITE], 0);
	atomic_store(&counts[FAILING_SYNC], 0);
	fail_call = (int)call;
	fail_nth = nth;
	fail_code = code;
	fail_lasting = lasting;
}

int failing_vfs_count(enum failing_call call)
{
	return atomic_load(&counts[call]);
}
