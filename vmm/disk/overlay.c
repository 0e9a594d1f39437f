// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iov.h"
#include "overlay.h"
#include "report.h"

#define CLUSTER	   OVERLAY_CLUSTER
#define BITMAP_BIT (8 * CLUSTER) /* clusters that a page of the bitmap is about */

struct overlay {
	struct disk disk;
	struct disk_file image, file;
	uint64_t clusters, data_offset;
	uint8_t *bitmap; /* as it will be on the disk, whole pages */
	uint8_t *dirty; /* a byte for each page of it: not yet there */
	uint64_t pages;
	bool changed; /* one of them is */
	uint8_t copied[CLUSTER]; /* on its way from the image */
};

static struct overlay *overlay_of(struct disk *d)
{
	return (struct overlay *)d;
}

static bool is_here(const struct overlay *o, uint64_t cluster)
{
	return o->bitmap[cluster / 8] & 1 << cluster % 8;
}

static void set_here(struct overlay *o, uint64_t first, uint64_t end)
{
	for (; first < end; first++) {
		if (is_here(o, first))
			continue;
		o->bitmap[first / 8] |= 1 << first % 8;
		o->dirty[first / BITMAP_BIT] = true;
		o->changed = true;
	}
}

/* The clusters from first on, below end, that are in the same place */
static uint64_t run_end(const struct overlay *o, uint64_t first, uint64_t end)
{
	const bool here = is_here(o, first);

	while (++first < end && is_here(o, first) == here)
		;
	return first;
}

static int overlay_read(struct disk *d, uint64_t offset, const struct iovec *iov,
			unsigned int count)
{
	struct overlay *o = overlay_of(d);
	const uint64_t begin = offset, end = offset + iov_size(iov, count);
	struct iovec part[DISK_PIECES];

	while (offset < end) {
		const uint64_t first = offset / CLUSTER;
		uint64_t stop = run_end(o, first, (end + CLUSTER - 1) / CLUSTER) * CLUSTER;
		unsigned int pieces;
		int ret;

		if (stop > end)
			stop = end;
		pieces = iov_slice(part, iov, count, offset - begin, stop - offset);
		if (is_here(o, first))
			ret = disk_file_read(&o->file, o->data_offset + offset, part, pieces);
		else
			ret = disk_file_read(&o->image, offset, part, pieces);
		if (ret)
			return ret;
		offset = stop;
	}
	return 0;
}

/* Copy a cluster here of which only a part will be written. */
static int bring(struct overlay *o, uint64_t cluster)
{
	const uint64_t offset = cluster * CLUSTER;
	struct iovec piece = { o->copied, CLUSTER };
	int ret;

	if (is_here(o, cluster))
		return 0;
	/* The last one may be short. */
	if (piece.iov_len > o->disk.size - offset)
		piece.iov_len = o->disk.size - offset;
	ret = disk_file_read(&o->image, offset, &piece, 1);
	return ret ? ret : disk_file_write(&o->file, o->data_offset + offset, &piece, 1);
}

/* Have those clusters here of which the write from offset to end leaves something. */
static int bring_borders(struct overlay *o, uint64_t offset, uint64_t end)
{
	int ret = 0;

	if (offset % CLUSTER)
		ret = bring(o, offset / CLUSTER);
	if (!ret && end % CLUSTER && end != o->disk.size &&
	    (end / CLUSTER != offset / CLUSTER || !(offset % CLUSTER)))
		ret = bring(o, end / CLUSTER);
	return ret;
}

static int overlay_write(struct disk *d, uint64_t offset, const struct iovec *iov,
			 unsigned int count)
{
	struct overlay *o = overlay_of(d);
	const uint64_t end = offset + iov_size(iov, count);
	int ret = bring_borders(o, offset, end);

	if (!ret)
		ret = disk_file_write(&o->file, o->data_offset + offset, iov, count);
	if (!ret)
		set_here(o, offset / CLUSTER, (end + CLUSTER - 1) / CLUSTER);
	return ret;
}

/*
 * First what the new bits promise, then the bits. A crash between the two loses only what was
 * not flushed.
 */
static int overlay_flush(struct disk *d)
{
	struct overlay *o = overlay_of(d);
	int ret = disk_file_flush(&o->file);
	uint64_t i;

	if (ret || !o->changed)
		return ret;
	for (i = 0; i < o->pages; i++) {
		struct iovec page = { o->bitmap + i * CLUSTER, CLUSTER };

		if (!o->dirty[i])
			continue;
		ret = disk_file_write(&o->file, OVERLAY_BITMAP + i * CLUSTER, &page, 1);
		if (ret)
			return ret;
		o->dirty[i] = false;
	}
	o->changed = false;
	return disk_file_flush(&o->file);
}

/* What is in the image may show again: whoever discards does not care. */
static int overlay_discard(struct disk *d, uint64_t offset, uint64_t length)
{
	struct overlay *o = overlay_of(d);
	uint64_t first = (offset + CLUSTER - 1) / CLUSTER;
	const uint64_t end = (offset + length) / CLUSTER;

	while (first < end) {
		const uint64_t stop = run_end(o, first, end);
		int ret = 0;

		if (is_here(o, first))
			ret = disk_file_punch(&o->file, o->data_offset + first * CLUSTER,
					      (stop - first) * CLUSTER);
		if (ret)
			return ret == -EOPNOTSUPP ? 0 : ret;
		first = stop;
	}
	return 0;
}

static int overlay_write_zeroes(struct disk *d, uint64_t offset, uint64_t length, bool deallocate)
{
	struct overlay *o = overlay_of(d);
	const uint64_t end = offset + length;
	int ret = bring_borders(o, offset, end);

	if (!ret)
		ret = disk_file_zero(&o->file, o->data_offset + offset, length, deallocate);
	if (!ret)
		set_here(o, offset / CLUSTER, (end + CLUSTER - 1) / CLUSTER);
	return ret;
}

static void overlay_close(struct disk *d)
{
	struct overlay *o = overlay_of(d);

	disk_file_close(&o->file);
	disk_file_close(&o->image);
	free(o->bitmap);
	free(o->dirty);
	free(o);
}

static const struct disk_ops overlay_ops = {
	.read = overlay_read,
	.write = overlay_write,
	.flush = overlay_flush,
	.discard = overlay_discard,
	.write_zeroes = overlay_write_zeroes,
	.close = overlay_close,
};

bool overlay_detect(struct disk_file *f)
{
	char magic[sizeof(OVERLAY_MAGIC) - 1];

	return pread(f->fd, magic, sizeof(magic), 0) == sizeof(magic) &&
	       !memcmp(magic, OVERLAY_MAGIC, sizeof(magic));
}

static void describe(const struct overlay *o, const struct stat *image, struct overlay_header *h)
{
	memset(h, 0, sizeof(*h));
	memcpy(h->magic, OVERLAY_MAGIC, sizeof(h->magic));
	h->version = htole32(OVERLAY_VERSION);
	h->cluster = htole32(CLUSTER);
	h->size = htole64(o->disk.size);
	h->data_offset = htole64(o->data_offset);
	h->image_seconds = htole64(image->st_mtim.tv_sec);
	h->image_nanoseconds = htole32(image->st_mtim.tv_nsec);
}

/* The header comes last: without it the file is none. */
static int make(struct overlay *o, const struct overlay_header *h)
{
	const uint64_t size = o->data_offset + o->clusters * CLUSTER;

	/* Room for the bitmap is there when it is needed, if the file system can do that. */
	if (fallocate(o->file.fd, 0, 0, o->data_offset) < 0 && errno != EOPNOTSUPP)
		return vm_error("cannot make overlay '%s': %s", o->file.path, strerror(errno));
	if (ftruncate(o->file.fd, size) < 0 || fsync(o->file.fd) < 0 ||
	    pwrite(o->file.fd, h, sizeof(*h), 0) != sizeof(*h) || fsync(o->file.fd) < 0)
		return vm_error("cannot make overlay '%s': %s", o->file.path, strerror(errno));
	o->file.size = size;
	return 0;
}

static int check(const struct overlay *o, const struct overlay_header *mine)
{
	const uint64_t size = o->data_offset + o->clusters * CLUSTER;
	struct overlay_header h;

	if (pread(o->file.fd, &h, sizeof(h), 0) != sizeof(h) ||
	    memcmp(h.magic, mine->magic, sizeof(h.magic)))
		return vm_error("overlay '%s' is none: give the name of a new file", o->file.path);
	if (h.version != mine->version || h.cluster != mine->cluster)
		return vm_error("overlay '%s' has a format of another vm44x", o->file.path);
	if (h.size != mine->size || h.data_offset != mine->data_offset || o->file.size != size)
		return vm_error("overlay '%s' belongs to an image of another size than '%s'",
				o->file.path, o->image.path);
	if (h.image_seconds != mine->image_seconds ||
	    h.image_nanoseconds != mine->image_nanoseconds)
		vm_warn("disk '%s' was written to since overlay '%s' was made: what the guest finds may be a mixture",
			o->image.path, o->file.path);
	return 0;
}

static int read_bitmap(struct overlay *o)
{
	struct iovec all = { o->bitmap, o->pages * CLUSTER };

	return disk_file_read(&o->file, OVERLAY_BITMAP, &all, 1) ? -1 : 0;
}

/* A new file is empty, and so is one that was given room by mktemp. */
static int open_files(struct overlay *o, const struct disk_options *opt)
{
	struct overlay_header h;
	struct stat image;
	bool new;

	if (disk_file_open(&o->image, opt->path, true, false) < 0)
		return -1;
	if (overlay_detect(&o->image))
		return vm_error("disk '%s' is an overlay itself", opt->path);
	if (disk_file_open(&o->file, opt->overlay, false, true) < 0)
		return -1;
	if (!o->file.regular || fstat(o->image.fd, &image) < 0)
		return vm_error("overlay '%s' is no file", opt->overlay);
	o->disk.size = o->image.size - o->image.size % DISK_SECTOR;
	o->clusters = (o->disk.size + CLUSTER - 1) / CLUSTER;
	o->pages = (o->clusters + BITMAP_BIT - 1) / BITMAP_BIT;
	o->data_offset = OVERLAY_BITMAP + o->pages * CLUSTER;
	o->bitmap = calloc(o->pages, CLUSTER);
	o->dirty = calloc(o->pages, 1);
	if (!o->bitmap || !o->dirty)
		return vm_error("disk '%s' is too large for an overlay: out of memory", opt->path);
	describe(o, &image, &h);
	new = !o->file.size;
	if (new ? make(o, &h) : check(o, &h))
		return -1;
	return read_bitmap(o);
}

struct disk *overlay_open(const struct disk_options *opt)
{
	struct overlay *o = calloc(1, sizeof(*o));

	if (!o) {
		vm_error("out of memory");
		return NULL;
	}
	o->disk.ops = &overlay_ops;
	o->image.fd = o->file.fd = -1;
	if (open_files(o, opt) < 0) {
		overlay_close(&o->disk);
		return NULL;
	}
	return &o->disk;
}
