// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "fid.h"
#include "file.h"
#include "p9.h"

struct fid *fid_find(const struct fid_table *t, uint32_t number)
{
	struct fid *f = t->bucket[number % FID_BUCKETS];

	while (f && f->number != number)
		f = f->chain;
	return f;
}

int fid_add(struct fid_table *t, uint32_t number, uint32_t user, int fd)
{
	struct fid **bucket = &t->bucket[number % FID_BUCKETS], *f;

	if (number == P9_NO_FID || fid_find(t, number))
		return -EBADF;
	if (t->count >= t->max)
		return -EMFILE;
	f = malloc(sizeof(*f));
	if (!f)
		return -ENOMEM;
	*f = (struct fid){ .chain = *bucket, .number = number, .user = user, .fd = fd };
	*bucket = f;
	t->count++;
	return 0;
}

int fid_clone(const struct fid *f)
{
	int fd;

	if (f->open)
		return file_reach(f->fd);
	fd = fcntl(f->fd, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

void fid_replace(struct fid *f, int fd, bool open)
{
	close(f->fd);
	free(f->entries);
	f->entries = NULL;
	f->fd = fd;
	f->open = open;
}

void fid_remove(struct fid_table *t, struct fid *f)
{
	struct fid **at = &t->bucket[f->number % FID_BUCKETS];

	while (*at != f)
		at = &(*at)->chain;
	*at = f->chain;
	t->count--;
	close(f->fd);
	free(f->entries);
	free(f);
}

void fid_remove_all(struct fid_table *t)
{
	unsigned int i;

	for (i = 0; i < FID_BUCKETS; i++)
		while (t->bucket[i])
			fid_remove(t, t->bucket[i]);
}
