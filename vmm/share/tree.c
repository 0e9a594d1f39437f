// SPDX-License-Identifier: GPL-2.0-only
/* Requests about names in directories. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "share/file.h"
#include "share/p9.h"
#include "share/server.h"

/*
 * What was made under this name, of that type: it gets its owner, and the answer is its
 * identity. Whatever cannot be given to its owner is not there.
 */
static int made(struct call *c, int dir, const char *name, uint32_t type, const struct owner *owner)
{
	struct stat st;
	int error = 0, fd = file_walk(dir, name);

	if (fd < 0)
		return fd;
	/* or someone on the host has put something else there */
	if (fstat(fd, &st) < 0 || (st.st_mode & S_IFMT) != type)
		error = -EAGAIN;
	else
		error = call_give(c, fd, owner, &st);
	close(fd);
	if (error)
		unlinkat(dir, name, type == S_IFDIR ? AT_REMOVEDIR : 0);
	else
		call_put_qid(c, &st);
	return error;
}

int call_mkdir(struct call *c)
{
	const struct fid *dir = call_fid(c);
	char name[NAME_MAX + 1];
	struct owner owner;

	p9_get_name(&c->in, name);
	owner.mode = S_IFDIR | (p9_get32(&c->in) & 07777);
	owner.group = p9_get32(&c->in);
	if (c->in.error)
		return c->in.error;
	owner.user = dir->user;
	if (mkdirat(dir->fd, name, owner_new_mode(c->share->owner, owner.mode)) < 0)
		return -errno;
	return made(c, dir->fd, name, S_IFDIR, &owner);
}

/* The target is the guest's: here nobody follows it. */
int call_symlink(struct call *c)
{
	const struct fid *dir = call_fid(c);
	char name[NAME_MAX + 1], target[PATH_MAX];
	struct owner owner = { .mode = OWNER_KEEP };

	p9_get_name(&c->in, name);
	p9_get_string(&c->in, target, sizeof(target));
	owner.group = p9_get32(&c->in);
	if (c->in.error)
		return c->in.error;
	owner.user = dir->user;
	if (symlinkat(target, dir->fd, name) < 0)
		return -errno;
	return made(c, dir->fd, name, S_IFLNK, &owner);
}

/* Where owners are mapped all is a file; else FIFOs and sockets are harmless, devices are not. */
static int type_on_host(enum owner_mode how, uint32_t mode, uint32_t *type)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
	case S_IFIFO:
	case S_IFSOCK:
		*type = how == OWNER_MAPPED ? S_IFREG : mode & S_IFMT;
		return 0;
	case S_IFCHR:
	case S_IFBLK:
		*type = S_IFREG;
		return how == OWNER_MAPPED ? 0 : -EPERM;
	default:
		return -EINVAL;
	}
}

int call_mknod(struct call *c)
{
	const enum owner_mode how = c->share->owner;
	const struct fid *dir = call_fid(c);
	char name[NAME_MAX + 1];
	uint32_t major, minor, type;
	struct owner owner;
	int error;

	p9_get_name(&c->in, name);
	owner.mode = p9_get32(&c->in);
	major = p9_get32(&c->in);
	minor = p9_get32(&c->in);
	owner.group = p9_get32(&c->in);
	if (c->in.error)
		return c->in.error;
	owner.user = dir->user;
	owner.device = makedev(major, minor);
	error = type_on_host(how, owner.mode, &type);
	if (error)
		return error;
	owner.mode &= S_IFMT | 07777;
	if (mknodat(dir->fd, name, type | owner_new_mode(how, owner.mode), 0) < 0)
		return -errno;
	return made(c, dir->fd, name, type, &owner);
}

/* The way through /proc leads to the very file, and needs no right of root's. */
int call_link(struct call *c)
{
	const struct fid *dir = call_fid(c);
	const struct fid *file = call_fid(c);
	char name[NAME_MAX + 1];
	struct file_path path;

	p9_get_name(&c->in, name);
	if (c->in.error)
		return c->in.error;
	path = file_path(file->fd);
	return linkat(AT_FDCWD, path.text, dir->fd, name, AT_SYMLINK_FOLLOW) < 0 ? -errno : 0;
}

int call_renameat(struct call *c)
{
	char from[NAME_MAX + 1], to[NAME_MAX + 1];
	const struct fid *from_dir = call_fid(c), *to_dir;

	p9_get_name(&c->in, from);
	to_dir = call_fid(c);
	p9_get_name(&c->in, to);
	if (c->in.error)
		return c->in.error;
	return renameat(from_dir->fd, from, to_dir->fd, to) < 0 ? -errno : 0;
}

int call_unlinkat(struct call *c)
{
	const struct fid *dir = call_fid(c);
	char name[NAME_MAX + 1];
	uint32_t flags;

	p9_get_name(&c->in, name);
	flags = p9_get32(&c->in);
	if (c->in.error)
		return c->in.error;
	if (flags & ~P9_AT_REMOVEDIR)
		return -EINVAL;
	return unlinkat(dir->fd, name, flags ? AT_REMOVEDIR : 0) < 0 ? -errno : 0;
}

int call_readlink(struct call *c)
{
	const struct fid *f = call_fid(c);
	char target[PATH_MAX];
	ssize_t length;

	if (c->in.error)
		return c->in.error;
	length = readlinkat(f->fd, "", target, sizeof(target));
	if (length < 0)
		return -errno;
	p9_put_string(&c->out, target, length);
	return 0;
}
