// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "iov.h"

uint64_t iov_size(const struct iovec *iov, unsigned int count)
{
	uint64_t size = 0;

	while (count--)
		size += iov++->iov_len;
	return size;
}

/*
 * What the piece has of a part of len bytes that begins offset bytes after the piece does.
 * offset becomes that from the next piece on.
 */
static struct iovec piece_part(const struct iovec *piece, uint64_t *offset, uint64_t len)
{
	const uint64_t skipped = *offset < piece->iov_len ? *offset : piece->iov_len;
	const uint64_t left = piece->iov_len - skipped;

	*offset -= skipped;
	return (struct iovec){ (uint8_t *)piece->iov_base + skipped, left < len ? left : len };
}

unsigned int iov_slice(struct iovec *to, const struct iovec *iov, unsigned int count,
		       uint64_t offset, uint64_t len)
{
	unsigned int n = 0;

	for (; count && len; count--, iov++) {
		const struct iovec part = piece_part(iov, &offset, len);

		if (part.iov_len)
			to[n++] = part;
		len -= part.iov_len;
	}
	return n;
}

/* Calls that copy the pieces of the part: the guest's side first. */
static size_t copy(const struct iovec *iov, unsigned int count, uint64_t offset, uint8_t *data,
		   size_t len, void (*piece)(uint8_t *guest, uint8_t *data, size_t len))
{
	size_t done = 0;

	for (; count && done < len; count--, iov++) {
		const struct iovec part = piece_part(iov, &offset, len - done);

		if (part.iov_len)
			piece(part.iov_base, data + done, part.iov_len);
		done += part.iov_len;
	}
	return done;
}

static void from_iov(uint8_t *guest, uint8_t *data, size_t len)
{
	memcpy(data, guest, len);
}

static void to_iov(uint8_t *guest, uint8_t *data, size_t len)
{
	memcpy(guest, data, len);
}

size_t iov_read(const struct iovec *iov, unsigned int count, uint64_t offset, void *data,
		size_t len)
{
	return copy(iov, count, offset, data, len, from_iov);
}

size_t iov_write(const struct iovec *iov, unsigned int count, uint64_t offset, const void *data,
		 size_t len)
{
	return copy(iov, count, offset, (uint8_t *)data, len, to_iov);
}
