// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "codec.h"

static void fail(struct p9_reader *r, int error)
{
	if (!r->error)
		r->error = error;
}

/* The next bytes, or NULL if the message ends before. */
static const uint8_t *take(struct p9_reader *r, size_t count)
{
	const uint8_t *bytes = r->at;

	if (r->error || (size_t)(r->end - r->at) < count) {
		fail(r, -EPROTO);
		return NULL;
	}
	r->at += count;
	return bytes;
}

static uint64_t get(struct p9_reader *r, unsigned int count)
{
	const uint8_t *bytes = take(r, count);
	uint64_t value = 0;

	while (bytes && count--)
		value = value << 8 | bytes[count];
	return value;
}

uint8_t p9_get8(struct p9_reader *r)
{
	return get(r, 1);
}

uint16_t p9_get16(struct p9_reader *r)
{
	return get(r, 2);
}

uint32_t p9_get32(struct p9_reader *r)
{
	return get(r, 4);
}

uint64_t p9_get64(struct p9_reader *r)
{
	return get(r, 8);
}

void p9_get_string(struct p9_reader *r, char *to, size_t size)
{
	const uint16_t length = p9_get16(r);
	const uint8_t *bytes;

	*to = '\0';
	if (length >= size)
		fail(r, -ENAMETOOLONG);
	bytes = take(r, length);
	if (!bytes)
		return;
	if (memchr(bytes, '\0', length)) {
		fail(r, -EINVAL);
		return;
	}
	memcpy(to, bytes, length);
	to[length] = '\0';
}

void p9_get_name(struct p9_reader *r, char to[NAME_MAX + 1])
{
	p9_get_string(r, to, NAME_MAX + 1);
	if (!*to || !strcmp(to, ".") || !strcmp(to, "..") || strchr(to, '/'))
		fail(r, -EINVAL);
}

static void put(struct p9_writer *w, uint64_t value, size_t count)
{
	if ((size_t)(w->end - w->at) < count) {
		w->full = true;
		return;
	}
	for (; count--; value >>= 8)
		*w->at++ = value;
}

void p9_put8(struct p9_writer *w, uint8_t value)
{
	put(w, value, 1);
}

void p9_put16(struct p9_writer *w, uint16_t value)
{
	put(w, value, 2);
}

void p9_put32(struct p9_writer *w, uint32_t value)
{
	put(w, value, 4);
}

void p9_put64(struct p9_writer *w, uint64_t value)
{
	put(w, value, 8);
}

void p9_put_string(struct p9_writer *w, const char *from, size_t length)
{
	p9_put16(w, length);
	if ((size_t)(w->end - w->at) < length) {
		w->full = true;
		return;
	}
	memcpy(w->at, from, length);
	w->at += length;
}
