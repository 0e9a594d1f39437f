/* SPDX-License-Identifier: GPL-2.0-only */
/* Fids: the client's numbers for files of the share, which it has walked to or opened. */
#ifndef VM44X_SHARE_FID_H
#define VM44X_SHARE_FID_H

#include <stdbool.h>
#include <stdint.h>

#define FID_BUCKETS 256

/* Entries of a directory that were read, and not given to the client yet */
#define FID_ENTRIES 2048
struct fid_entries {
	uint64_t next; /* the directory's position of the first of them */
	uint32_t at, end; /* in data */
	uint8_t data[FID_ENTRIES] __attribute__((aligned(8)));
};

struct fid {
	struct fid *chain;
	uint32_t number;
	uint32_t user; /* of the guest's, who attached; P9_NO_USER: not known */
	int fd; /* of O_PATH, unless it is open */
	bool open;
	struct fid_entries *entries; /* of an open directory, once it was read from */
};

struct fid_table {
	unsigned int count, max;
	struct fid *bucket[FID_BUCKETS];
};

/* NULL: there is none of that number. */
struct fid *fid_find(const struct fid_table *t, uint32_t number);

/* A new fid of a number that is free, which has fd from now on. Returns 0 or a negative error. */
int fid_add(struct fid_table *t, uint32_t number, uint32_t user, int fd);

/* One more descriptor that refers to its file, and has not opened it. Returns as above. */
int fid_clone(const struct fid *f);

/* The fid is of this file from now on. */
void fid_replace(struct fid *f, int fd, bool open);

/* Its file is closed, its number free. */
void fid_remove(struct fid_table *t, struct fid *f);
void fid_remove_all(struct fid_table *t);

#endif
