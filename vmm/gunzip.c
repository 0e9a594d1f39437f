// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <linux/zlib.h>

#include "gunzip.h"

uint32_t crc32(const void *data, size_t size)
{
	static uint32_t table[256];
	const uint8_t *p = data;
	uint32_t crc = ~0u, i, bit;

	for (i = 0; !table[255] && i < 256; i++)
		for (table[i] = i, bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320 : 0);
	while (size--)
		crc = crc >> 8 ^ table[(crc ^ *p++) & 0xff];
	return ~crc;
}

static uint32_t le32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The member's header */
#define HEADER	   10
#define FLAGS	   3
#define FHCRC	   0x02
#define FEXTRA	   0x04
#define FNAME	   0x08
#define FCOMMENT   0x10
#define FRESERVED  0xe0
#define TRAILER	   8
#define METHOD	   "\x1f\x8b\x08"
#define METHOD_LEN 3

/* Skips a string with its end, false: there is no end. */
static bool skip_string(const uint8_t *data, size_t size, size_t *at)
{
	const uint8_t *end = memchr(data + *at, 0, size - *at);

	if (end)
		*at = end + 1 - data;
	return end;
}

/* Where the compressed data begins, 0: nowhere. */
static size_t skip_header(const uint8_t *data, size_t size)
{
	size_t at = HEADER;

	if (size < HEADER || memcmp(data, METHOD, METHOD_LEN) || (data[FLAGS] & FRESERVED))
		return 0;
	if (data[FLAGS] & FEXTRA) {
		if (size - at < 2)
			return 0;
		at += 2 + (data[at] | data[at + 1] << 8);
		if (at > size)
			return 0;
	}
	if ((data[FLAGS] & FNAME) && !skip_string(data, size, &at))
		return 0;
	if ((data[FLAGS] & FCOMMENT) && !skip_string(data, size, &at))
		return 0;
	if (data[FLAGS] & FHCRC)
		at += 2;
	return at < size ? at : 0;
}

static enum gunzip inflate_all(struct z_stream_s *z)
{
	int ret = zlib_inflateInit2(z, -MAX_WBITS);

	if (ret == Z_OK)
		ret = zlib_inflate(z, Z_SYNC_FLUSH);
	if (ret == Z_STREAM_END)
		return GUNZIP_OK;
	/* well so far; what is lacking is room, or input, of which the trailer would be left */
	if ((ret == Z_OK || ret == Z_BUF_ERROR) && !z->avail_out && z->avail_in)
		return GUNZIP_TOO_LARGE;
	return GUNZIP_DAMAGED;
}

enum gunzip gunzip(const uint8_t *data, size_t size, uint8_t *out, uint32_t room, uint32_t *length)
{
	size_t at = skip_header(data, size);
	struct z_stream_s z = {
		.next_in = data + at,
		.avail_in = size - at,
		.next_out = out,
		.avail_out = room,
	};
	enum gunzip ret;

	if (!at)
		return GUNZIP_DAMAGED;
	z.workspace = malloc(zlib_inflate_workspacesize());
	if (!z.workspace)
		return GUNZIP_NO_MEMORY;
	ret = inflate_all(&z);
	free(z.workspace);
	if (ret != GUNZIP_OK)
		return ret;
	*length = room - z.avail_out;
	if (z.avail_in < TRAILER || le32(z.next_in) != crc32(out, *length) ||
	    le32(z.next_in + 4) != *length)
		return GUNZIP_DAMAGED;
	return GUNZIP_OK;
}
