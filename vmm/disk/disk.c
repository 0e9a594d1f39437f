// SPDX-License-Identifier: GPL-2.0-only
/* A raw image or a block device; overlay.c has the rest. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "disk.h"
#include "file.h"
#include "overlay.h"
#include "report.h"

struct raw {
	struct disk disk;
	struct disk_file file;
};

static struct disk_file *file_of(struct disk *d)
{
	return &((struct raw *)d)->file;
}

static int raw_read(struct disk *d, uint64_t offset, const struct iovec *iov, unsigned int count)
{
	return disk_file_read(file_of(d), offset, iov, count);
}

static int raw_write(struct disk *d, uint64_t offset, const struct iovec *iov, unsigned int count)
{
	return disk_file_write(file_of(d), offset, iov, count);
}

static int raw_flush(struct disk *d)
{
	return disk_file_flush(file_of(d));
}

static int raw_discard(struct disk *d, uint64_t offset, uint64_t length)
{
	int ret = disk_file_punch(file_of(d), offset, length);

	/* A hint: where the space cannot be given back, it is kept. */
	return ret == -EOPNOTSUPP ? 0 : ret;
}

static int raw_write_zeroes(struct disk *d, uint64_t offset, uint64_t length, bool deallocate)
{
	return disk_file_zero(file_of(d), offset, length, deallocate);
}

static void raw_close(struct disk *d)
{
	disk_file_close(file_of(d));
	free(d);
}

static const struct disk_ops raw_ops = {
	.read = raw_read,
	.write = raw_write,
	.flush = raw_flush,
	.discard = raw_discard,
	.write_zeroes = raw_write_zeroes,
	.close = raw_close,
};

static struct disk *raw_open(const struct disk_options *o)
{
	struct raw *raw = calloc(1, sizeof(*raw));

	if (!raw) {
		vm_error("out of memory");
		return NULL;
	}
	if (disk_file_open(&raw->file, o->path, o->read_only, false) < 0) {
		free(raw);
		return NULL;
	}
	if (overlay_detect(&raw->file)) {
		vm_error("disk '%s' is an overlay: give it as --disk IMAGE,overlay=%s", o->path,
			 o->path);
		raw_close(&raw->disk);
		return NULL;
	}
	raw->disk = (struct disk){ .ops = &raw_ops, .size = raw->file.size };
	return &raw->disk;
}

struct disk *disk_open(const struct disk_options *o)
{
	struct disk *d = o->overlay ? overlay_open(o) : raw_open(o);

	if (!d)
		return NULL;
	d->read_only = o->read_only;
	if (d->size < DISK_SECTOR) {
		vm_error("disk '%s' is empty: give it a size, for example by truncate -s 1G",
			 o->path);
		d->ops->close(d);
		return NULL;
	}
	if (d->size % DISK_SECTOR)
		vm_warn("disk '%s': %" PRIu64
			" bytes are no multiple of %u, the guest does not see the last ones",
			o->path, d->size, DISK_SECTOR);
	d->size -= d->size % DISK_SECTOR;
	return d;
}

void disk_close(struct disk *d)
{
	if (!d->read_only)
		d->ops->flush(d);
	d->ops->close(d);
}
