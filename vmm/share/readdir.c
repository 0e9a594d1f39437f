// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading directories. A client's offset is the host's: of the entry that follows. The kernel
 * is asked to go there only if the client really goes elsewhere, since with some file systems
 * (tmpfs) an offset counts entries, and removing some moves the others.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iov.h"
#include "share/p9.h"
#include "share/server.h"

#define ENTRY_MAX (24 + NAME_MAX) /* as the client gets it */

static int seek(struct fid *f, uint64_t offset)
{
	struct fid_entries *e = f->entries;

	if (!e) {
		e = malloc(sizeof(*e));
		if (!e)
			return -ENOMEM;
		e->next = 0;
		e->at = e->end = 0;
		f->entries = e;
	}
	if (offset == e->next)
		return 0;
	if (offset > INT64_MAX || lseek(f->fd, offset, SEEK_SET) < 0)
		return -EINVAL;
	e->next = offset;
	e->at = e->end = 0;
	return 0;
}

/* The next entry, which is not taken yet; NULL at the end. */
static int peek(struct fid *f, const struct dirent64 **entry)
{
	struct fid_entries *e = f->entries;
	ssize_t got;

	*entry = NULL;
	if (e->at == e->end) {
		got = getdents64(f->fd, e->data, sizeof(e->data));
		if (got < 0)
			return -errno;
		e->at = 0;
		e->end = got;
	}
	if (e->at < e->end)
		*entry = (const struct dirent64 *)(e->data + e->at);
	return 0;
}

/* What is above the root of the share is none of the guest's business. */
static uint64_t inode_of(const struct call *c, const struct fid *f, const struct dirent64 *entry)
{
	struct stat root, st;

	if (!strcmp(entry->d_name, "..") && !fstat(f->fd, &st) && !fstat(c->share->root, &root) &&
	    st.st_ino == root.st_ino && st.st_dev == root.st_dev)
		return root.st_ino;
	return entry->d_ino;
}

/* Only a look at the attributes tells which type the guest sees. */
static uint8_t type_of(const struct call *c, const struct dirent64 *entry)
{
	if (entry->d_type == DT_REG && c->share->owner == OWNER_MAPPED)
		return DT_UNKNOWN;
	return entry->d_type;
}

static void put_entry(struct p9_writer *w, const struct call *c, const struct fid *f,
		      const struct dirent64 *entry)
{
	p9_put8(w, entry->d_type == DT_DIR   ? P9_QID_DIR
		   : entry->d_type == DT_LNK ? P9_QID_SYMLINK
					     : 0);
	p9_put32(w, 0);
	p9_put64(w, inode_of(c, f, entry));
	p9_put64(w, entry->d_off);
	p9_put8(w, type_of(c, entry));
	p9_put_string(w, entry->d_name, strlen(entry->d_name));
}

/* As many entries as fit go to the room, behind what will be the header. */
static int fill(struct call *c, struct fid *f, uint32_t room)
{
	const struct share_message *m = c->message;
	struct fid_entries *e = f->entries;
	const struct dirent64 *entry;
	uint8_t bytes[ENTRY_MAX];
	int error;

	while (!(error = peek(f, &entry)) && entry) {
		struct p9_writer w = { bytes, bytes + sizeof(bytes), false };

		put_entry(&w, c, f, entry);
		/* A name longer than NAME_MAX (vfat, FUSE) is one that nobody can walk to. */
		if (!w.full) {
			if ((size_t)(w.at - bytes) > room - c->data)
				break;
			iov_write(m->room, m->room_count, P9_IO + c->data, bytes, w.at - bytes);
			c->data += w.at - bytes;
		}
		e->next = entry->d_off;
		e->at += entry->d_reclen;
	}
	/* Nothing would say that there is no more. */
	if (!error && entry && !c->data)
		error = -EINVAL;
	return c->data ? 0 : error;
}

int call_readdir(struct call *c)
{
	struct fid *f = call_open_fid(c);
	const uint64_t offset = p9_get64(&c->in);
	const uint32_t count = p9_get32(&c->in), room = c->room_size - P9_IO;
	int error;

	if (c->in.error)
		return c->in.error;
	error = seek(f, offset);
	if (!error)
		error = fill(c, f, count < room ? count : room);
	p9_put32(&c->out, c->data);
	return error;
}
