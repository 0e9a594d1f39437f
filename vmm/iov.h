/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory in pieces, as a guest's buffers are and preadv() takes it. */
#ifndef VM44X_IOV_H
#define VM44X_IOV_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

uint64_t iov_size(const struct iovec *iov, unsigned int count);

/*
 * The pieces of the part of iov that begins at offset and has len bytes, or as many as
 * there are. to has room for count pieces, and may be iov itself. Returns their number.
 */
unsigned int iov_slice(struct iovec *to, const struct iovec *iov, unsigned int count,
		       uint64_t offset, uint64_t len);

/* Copy len bytes, or as many as there are, from iov or to it. Returns how many. */
size_t iov_read(const struct iovec *iov, unsigned int count, uint64_t offset, void *data,
		size_t len);
size_t iov_write(const struct iovec *iov, unsigned int count, uint64_t offset, const void *data,
		 size_t len);

#endif
