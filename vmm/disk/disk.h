/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is behind a guest's disk: a raw image or block device, or one that
 * stays as it is below an overlay that takes the writes. Device thread only,
 * but for opening and closing.
 */
#ifndef VM44X_DISK_H
#define VM44X_DISK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#define DISK_SECTOR 512
#define DISK_PIECES 256 /* of the memory of one request, at most */

struct disk_options {
	const char *path;
	const char *overlay; /* NULL: none */
	bool read_only;
};

struct disk;

/*
 * Each returns 0, or a negative error number after a message, the first of its cause.
 * offset and length lie within the disk, and are multiples of DISK_SECTOR, so is the size
 * of iov, which has at most DISK_PIECES.
 */
struct disk_ops {
	int (*read)(struct disk *d, uint64_t offset, const struct iovec *iov, unsigned int count);
	int (*write)(struct disk *d, uint64_t offset, const struct iovec *iov, unsigned int count);
	/* What was written before outlives a crash of the host. */
	int (*flush)(struct disk *d);
	/* The contents are of no interest any more. */
	int (*discard)(struct disk *d, uint64_t offset, uint64_t length);
	/* Zeroes from now on; deallocate: which need not take space. */
	int (*write_zeroes)(struct disk *d, uint64_t offset, uint64_t length, bool deallocate);
	void (*close)(struct disk *d);
};

struct disk {
	const struct disk_ops *ops;
	uint64_t size; /* bytes, a multiple of DISK_SECTOR */
	bool read_only;
};

/* Open it, and keep others away from it. NULL after a message. */
struct disk *disk_open(const struct disk_options *o);

/* Ends with a flush. */
void disk_close(struct disk *d);

#endif
