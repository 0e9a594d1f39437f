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

unsigned int iov_slice(struct iovec *to, const struct iovec *iov, unsigned int count,
		       uint64_t offset, uint64_t len)
{
	unsigned int n = 0;

	for (; count && len; count--, iov++) {
		uint64_t piece = iov->iov_len;

		if (offset >= piece) {
			offset -= piece;
			continue;
		}
		piece -= offset;
		if (piece > len)
			piece = len;
		to[n++] = (struct iovec){ (uint8_t *)iov->iov_base + offset, piece };
		offset = 0;
		len -= piece;
	}
	return n;
}

/* Calls that copy the pieces of the part: the guest's side first. */
static size_t copy(const struct iovec *iov, unsigned int count, uint64_t offset, uint8_t *data,
		   size_t len, void (*piece)(uint8_t *guest, uint8_t *data, size_t len))
{
	size_t done = 0;

	for (; count && done < len; count--, iov++) {
		size_t n = iov->iov_len;

		if (offset >= n) {
			offset -= n;
			continue;
		}
		n -= offset;
		if (n > len - done)
			n = len - done;
		piece((uint8_t *)iov->iov_base + offset, data + done, n);
		offset = 0;
		done += n;
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
