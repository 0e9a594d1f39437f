/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file or block device of the host's with a disk in it: whole transfers, and messages
 * that say what went wrong, once for each cause.
 */
#ifndef VM44X_DISK_FILE_H
#define VM44X_DISK_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

struct disk_file {
	int fd;
	const char *path;
	uint64_t size; /* bytes, when it was opened */
	bool regular; /* a file, which can be truncated, not a block device */
	bool lost; /* the host has lost what was written: no flush can be true any more */
	unsigned int reported; /* causes of errors */
};

/*
 * Open path, and lock it: shared if it is only read, else for ourselves alone. create: make it if
 * it is not there. Returns 0, or -1 after a message.
 */
int disk_file_open(struct disk_file *f, const char *path, bool read_only, bool create);
void disk_file_close(struct disk_file *f);

/* All of iov, at offset. Return 0 or a negative error number, after a message. */
int disk_file_read(struct disk_file *f, uint64_t offset, const struct iovec *iov,
		   unsigned int count);
int disk_file_write(struct disk_file *f, uint64_t offset, const struct iovec *iov,
		    unsigned int count);

/*
 * To the disk. Once it has failed, it always fails: the kernel has given up what it could not
 * write, and the next one would succeed without it.
 */
int disk_file_flush(struct disk_file *f);

/* Give the space of this part back; it reads as zeroes then. -EOPNOTSUPP without a message. */
int disk_file_punch(struct disk_file *f, uint64_t offset, uint64_t length);

/* Zeroes, whichever way it can be done. */
int disk_file_zero(struct disk_file *f, uint64_t offset, uint64_t length, bool deallocate);

#endif
