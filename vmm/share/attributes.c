// SPDX-License-Identifier: GPL-2.0-only
/* Requests about what a file is, not about what is in it. */
#include <errno.h>
#include <fcntl.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "share/file.h"
#include "share/p9.h"
#include "share/server.h"

/* What statfs() says of such a file system: Linux's V9FS_MAGIC */
#define V9FS_MAGIC 0x01021997

static void put_time(struct p9_writer *w, const struct timespec *t)
{
	p9_put64(w, t->tv_sec);
	p9_put64(w, t->tv_nsec);
}

int call_getattr(struct call *c)
{
	static const struct timespec none;
	const struct fid *f = call_fid(c);
	struct p9_writer *w = &c->out;
	struct stat st;
	unsigned int i;
	int error;

	p9_get64(&c->in); /* what is asked for: all is at hand */
	if (c->in.error)
		return c->in.error;
	error = owner_stat(c->share->owner, f->fd, &st);
	if (error)
		return error;
	p9_put64(w, P9_GETATTR_BASIC);
	call_put_qid(c, &st);
	p9_put32(w, st.st_mode);
	p9_put32(w, st.st_uid);
	p9_put32(w, st.st_gid);
	p9_put64(w, st.st_nlink);
	p9_put64(w, st.st_rdev);
	p9_put64(w, st.st_size);
	p9_put64(w, st.st_blksize);
	p9_put64(w, st.st_blocks);
	put_time(w, &st.st_atim);
	put_time(w, &st.st_mtim);
	put_time(w, &st.st_ctim);
	put_time(w, &none); /* when it was made */
	for (i = 0; i < 2; i++) /* generation, version of the data */
		p9_put64(w, 0);
	return 0;
}

int call_statfs(struct call *c)
{
	const struct fid *f = call_fid(c);
	struct p9_writer *w = &c->out;
	struct statfs fs;

	if (c->in.error)
		return c->in.error;
	if (fstatfs(f->fd, &fs) < 0)
		return -errno;
	p9_put32(w, V9FS_MAGIC);
	p9_put32(w, fs.f_bsize);
	p9_put64(w, fs.f_blocks);
	p9_put64(w, fs.f_bfree);
	p9_put64(w, fs.f_bavail);
	p9_put64(w, fs.f_files);
	p9_put64(w, fs.f_ffree);
	p9_put64(w, (uint64_t)(uint32_t)fs.f_fsid.__val[1] << 32 | (uint32_t)fs.f_fsid.__val[0]);
	p9_put32(w, fs.f_namelen);
	return 0;
}

struct changes {
	uint32_t valid;
	struct owner owner;
	uint64_t size;
	struct timespec times[2]; /* of the last access, and of the last change */
};

static void get_time(struct call *c, struct timespec *t, bool change, bool given)
{
	const uint64_t seconds = p9_get64(&c->in), nanoseconds = p9_get64(&c->in);

	*t = (struct timespec){ seconds, nanoseconds };
	if (!change)
		t->tv_nsec = UTIME_OMIT;
	else if (!given)
		t->tv_nsec = UTIME_NOW;
	else if (nanoseconds >= 1000000000 && !c->in.error)
		c->in.error = -EINVAL;
}

static uint32_t get_if(struct call *c, bool wanted)
{
	const uint32_t value = p9_get32(&c->in);

	return wanted ? value : OWNER_KEEP;
}

static void get_changes(struct call *c, struct changes *to)
{
	const uint32_t valid = p9_get32(&c->in);

	to->valid = valid;
	to->owner.mode = get_if(c, valid & P9_SETATTR_MODE);
	if (valid & P9_SETATTR_MODE)
		to->owner.mode &= 07777;
	to->owner.user = get_if(c, valid & P9_SETATTR_UID);
	to->owner.group = get_if(c, valid & P9_SETATTR_GID);
	to->size = p9_get64(&c->in);
	get_time(c, &to->times[0], valid & P9_SETATTR_ATIME, valid & P9_SETATTR_ATIME_SET);
	get_time(c, &to->times[1], valid & P9_SETATTR_MTIME, valid & P9_SETATTR_MTIME_SET);
}

/* A file that is open for it may be truncated whatever its rights say. */
static int set_size(const struct fid *f, uint64_t size)
{
	int ret;

	if (size > INT64_MAX)
		return -EINVAL;
	if (f->open && (fcntl(f->fd, F_GETFL) & O_ACCMODE) != O_RDONLY)
		ret = ftruncate(f->fd, size);
	else
		ret = truncate(file_path(f->fd).text, size);
	return ret < 0 ? -errno : 0;
}

/* In this order: a new owner costs a file some rights, a new size changes its times. */
int call_setattr(struct call *c)
{
	const struct fid *f = call_fid(c);
	struct changes to;
	int error = 0;

	get_changes(c, &to);
	if (c->in.error)
		return c->in.error;
	if (to.valid & (P9_SETATTR_UID | P9_SETATTR_GID | P9_SETATTR_MODE))
		error = owner_set(c->share->owner, f->fd, &to.owner);
	if (!error && to.valid & P9_SETATTR_SIZE)
		error = set_size(f, to.size);
	if (!error && to.valid & (P9_SETATTR_ATIME | P9_SETATTR_MTIME) &&
	    utimensat(f->fd, "", to.times, AT_EMPTY_PATH) < 0)
		error = -errno;
	return error;
}
