/* SPDX-License-Identifier: GPL-2.0-only */
/* What gzip compressed (RFC 1952), and its checksum. */
#ifndef VM44X_GUNZIP_H
#define VM44X_GUNZIP_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 of IEEE 802.3 over size bytes, as gzip and U-Boot have it. */
uint32_t crc32(const void *data, size_t size);

enum gunzip {
	GUNZIP_OK,
	GUNZIP_TOO_LARGE, /* more than the room for it */
	GUNZIP_DAMAGED, /* also: cut off, or not of gzip at all */
	GUNZIP_NO_MEMORY,
};

/*
 * Uncompress the member of gzip that the size bytes begin with, into at most room bytes;
 * what follows it is ignored. On GUNZIP_OK *length is how many there are; otherwise
 * some may have been written.
 */
enum gunzip gunzip(const uint8_t *data, size_t size, uint8_t *out, uint32_t room, uint32_t *length);

#endif
