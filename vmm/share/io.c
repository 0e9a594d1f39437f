// SPDX-License-Identifier: GPL-2.0-only
/* Requests about what is in files: they are opened, read, written, flushed, locked. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "iov.h"
#include "share/file.h"
#include "share/p9.h"
#include "share/server.h"
#include "virtio/queue.h"

/* The client's flags as open() has them here, but for those that make a file. */
static int host_flags(uint32_t flags)
{
	static const struct {
		uint32_t client;
		int host;
	} known[] = {
		{ P9_O_TRUNC, O_TRUNC }, { P9_O_APPEND, O_APPEND },	  { P9_O_DSYNC, O_DSYNC },
		{ P9_O_SYNC, O_SYNC },	 { P9_O_DIRECTORY, O_DIRECTORY },
	};
	int host = flags & P9_O_ACCESS;
	unsigned int i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (flags & known[i].client)
			host |= known[i].host;
	return host;
}

/* The fid is open from now on. */
static int opened(struct call *c, struct fid *f, int fd)
{
	struct stat st;
	int error;

	if (fd < 0)
		return fd;
	error = call_stat(c, fd, &st);
	if (error)
		return error;
	fid_replace(f, fd, true);
	call_put_opened(c, &st);
	return 0;
}

int call_open(struct call *c)
{
	struct fid *f = call_fid(c);
	const uint32_t flags = p9_get32(&c->in);

	if (c->in.error)
		return c->in.error;
	if (f->open || (flags & P9_O_ACCESS) == P9_O_ACCESS)
		return -EINVAL;
	if (c->share->read_only && flags & (P9_O_ACCESS | P9_O_TRUNC))
		return -EROFS;
	return opened(c, f, file_open(f->fd, host_flags(flags)));
}

/* Someone on the host was faster than the guest, which is content with the file that there is. */
static int open_existing(int dir, const char *name, int flags)
{
	int fd, found = file_walk(dir, name);

	if (found < 0)
		return found;
	fd = file_open(found, flags);
	close(found);
	return fd;
}

static int create_new(struct call *c, int dir, const char *name, int flags,
		      const struct owner *owner)
{
	const uint32_t mode = owner_new_mode(c->share->owner, owner->mode);
	int fd = file_create(dir, name, flags, mode), error;
	struct stat st;

	if (fd < 0)
		return fd;
	error = call_give(c, fd, owner, &st);
	if (!error)
		return fd;
	close(fd);
	unlinkat(dir, name, 0);
	return error;
}

int call_create(struct call *c)
{
	struct fid *f = call_fid(c);
	char name[NAME_MAX + 1];
	struct owner owner;
	uint32_t flags;
	int fd;

	p9_get_name(&c->in, name);
	flags = p9_get32(&c->in);
	owner.mode = S_IFREG | (p9_get32(&c->in) & 07777);
	owner.group = p9_get32(&c->in);
	if (c->in.error)
		return c->in.error;
	if (f->open || flags & P9_O_DIRECTORY || (flags & P9_O_ACCESS) == P9_O_ACCESS)
		return -EINVAL;
	owner.user = f->user;
	fd = create_new(c, f->fd, name, host_flags(flags), &owner);
	if (fd == -EEXIST && !(flags & P9_O_EXCL))
		fd = open_existing(f->fd, name, host_flags(flags));
	return opened(c, f, fd);
}

/* A file that is open, and how much of it is wanted from where */
struct range {
	int fd;
	uint64_t offset;
	uint32_t count;
};

static int get_range(struct call *c, struct range *range)
{
	const struct fid *f = call_open_fid(c);

	range->offset = p9_get64(&c->in);
	range->count = p9_get32(&c->in);
	if (c->in.error)
		return c->in.error;
	if (range->offset > INT64_MAX)
		return -EINVAL;
	range->fd = f->fd;
	return 0;
}

int call_read(struct call *c)
{
	const struct share_message *m = c->message;
	const uint32_t room = c->room_size - P9_IO;
	struct iovec part[VIRTQUEUE_MAX];
	struct range range;
	unsigned int pieces;
	ssize_t done = 0;
	int error = get_range(c, &range);

	if (error)
		return error;
	if (range.count > room)
		range.count = room;
	pieces = iov_slice(part, m->room, m->room_count, P9_IO, range.count);
	if (pieces)
		done = preadv(range.fd, part, pieces, range.offset);
	if (done < 0)
		return -errno;
	p9_put32(&c->out, done);
	c->data = done;
	return 0;
}

int call_write(struct call *c)
{
	const struct share_message *m = c->message;
	struct iovec part[VIRTQUEUE_MAX];
	struct range range;
	unsigned int pieces;
	uint32_t header;
	ssize_t done = 0;
	int error = get_range(c, &range);

	if (error)
		return error;
	header = c->in.at - c->share->request;
	if (range.count > c->request_size - header)
		return -EPROTO;
	pieces = iov_slice(part, m->request, m->request_count, header, range.count);
	if (pieces)
		done = pwritev(range.fd, part, pieces, range.offset);
	if (done < 0)
		return -errno;
	p9_put32(&c->out, done);
	return 0;
}

int call_fsync(struct call *c)
{
	const struct fid *f = call_open_fid(c);
	const bool data_only = p9_get32(&c->in);

	if (c->in.error)
		return c->in.error;
	return (data_only ? fdatasync(f->fd) : fsync(f->fd)) < 0 ? -errno : 0;
}

/*
 * Locks are the guest's own business: its kernel has them already, for all of its processes,
 * when it asks here. Locks of the host's have other owners - an open file, not a process - and
 * would be in the way of a process that opens a file twice.
 */
int call_lock(struct call *c)
{
	call_open_fid(c);
	if (c->in.error)
		return c->in.error;
	p9_put8(&c->out, P9_LOCK_SUCCESS);
	return 0;
}

int call_getlock(struct call *c)
{
	char client[NAME_MAX + 1];
	uint64_t start, length;
	uint32_t process;

	call_open_fid(c);
	p9_get8(&c->in); /* the kind of lock: there is none in its way */
	start = p9_get64(&c->in);
	length = p9_get64(&c->in);
	process = p9_get32(&c->in);
	p9_get_string(&c->in, client, sizeof(client));
	if (c->in.error)
		return c->in.error;
	p9_put8(&c->out, P9_LOCK_UNLCK);
	p9_put64(&c->out, start);
	p9_put64(&c->out, length);
	p9_put32(&c->out, process);
	p9_put_string(&c->out, client, strlen(client));
	return 0;
}
