/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers and strings of 9P messages: whoever reads or writes checks once, in the end. */
#ifndef VM44X_SHARE_CODEC_H
#define VM44X_SHARE_CODEC_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct p9_reader {
	const uint8_t *at, *end;
	int error; /* 0, or the negative number of the first: what is read then means nothing */
};

struct p9_writer {
	uint8_t *at, *end;
	bool full; /* there was not enough room */
};

uint8_t p9_get8(struct p9_reader *r);
uint16_t p9_get16(struct p9_reader *r);
uint32_t p9_get32(struct p9_reader *r);
uint64_t p9_get64(struct p9_reader *r);

/* A string of less than size bytes, without NUL in it, which it gets. */
void p9_get_string(struct p9_reader *r, char *to, size_t size);

/* The name of a file in its directory: no way to another one, neither "." nor "..". */
void p9_get_name(struct p9_reader *r, char to[NAME_MAX + 1]);

void p9_put8(struct p9_writer *w, uint8_t value);
void p9_put16(struct p9_writer *w, uint16_t value);
void p9_put32(struct p9_writer *w, uint32_t value);
void p9_put64(struct p9_writer *w, uint64_t value);
void p9_put_string(struct p9_writer *w, const char *from, size_t length);

#endif
