// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "report.h"
#include "serial.h"

/* How late a stop can be seen whose signal came just before the poll(). */
#define STOP_LATENCY_MS 500

void serial_init(struct serial *s, int in, int out, const atomic_bool *stop)
{
	memset(s, 0, sizeof(*s));
	s->in = in;
	s->out = out;
	s->stop = stop;
	s->eof = in < 0;
	pthread_mutex_init(&s->lock, NULL);
}

void serial_transmit(struct serial *s, uint8_t c)
{
	if (s->out < 0)
		return;
	s->output[s->output_count++] = c;
	atomic_store(&s->output_waits, true);
	if (c == '\n' || s->output_count == SERIAL_OUTPUT)
		serial_flush(s);
}

/* Wait until out takes more. False: the VM is to end and out is stuck. */
static bool wait_writable(const struct serial *s)
{
	struct pollfd p = { .fd = s->out, .events = POLLOUT };

	for (;;) {
		bool stop = atomic_load(s->stop);

		/* An error, too, is something for write() to tell. */
		if (poll(&p, 1, stop ? 0 : STOP_LATENCY_MS) > 0)
			return true;
		if (stop)
			return false;
	}
}

static void write_out(struct serial *s, const uint8_t *data, unsigned int size)
{
	unsigned int done = 0;

	while (done < size && !s->output_failed && wait_writable(s)) {
		ssize_t n = write(s->out, data + done, size - done);

		if (n >= 0) {
			done += n;
		} else if (errno != EINTR && errno != EAGAIN) {
			s->output_failed = true;
			vm_warn("cannot write the guest's output: %s; it is lost from here on",
				strerror(errno));
		}
	}
}

void serial_flush(struct serial *s)
{
	write_out(s, s->output, s->output_count);
	s->output_count = 0;
	atomic_store(&s->output_waits, false);
}

/* In pieces, between which *stop is looked at: it may be as much as the guest has memory. */
void serial_write(struct serial *s, const uint8_t *data, size_t size)
{
	size_t piece;

	if (s->out < 0)
		return;
	for (; size && !atomic_load(s->stop); data += piece, size -= piece) {
		piece = size < SERIAL_OUTPUT ? size : SERIAL_OUTPUT;
		write_out(s, data, piece);
	}
}

unsigned int serial_room(struct serial *s)
{
	unsigned int room;

	pthread_mutex_lock(&s->lock);
	room = SERIAL_RING - s->count;
	pthread_mutex_unlock(&s->lock);
	return room;
}

static void put(struct serial *s, int16_t c)
{
	if (s->count == SERIAL_RING)
		return;
	s->ring[(s->head + s->count) % SERIAL_RING] = c;
	s->count++;
}

void serial_put(struct serial *s, const uint8_t *c, unsigned int count)
{
	pthread_mutex_lock(&s->lock);
	while (count--)
		put(s, *c++);
	pthread_mutex_unlock(&s->lock);
}

void serial_put_break(struct serial *s)
{
	pthread_mutex_lock(&s->lock);
	put(s, SERIAL_BREAK);
	pthread_mutex_unlock(&s->lock);
}

int serial_take(struct serial *s)
{
	int c = SERIAL_NONE;

	pthread_mutex_lock(&s->lock);
	if (s->count) {
		c = s->ring[s->head];
		s->head = (s->head + 1) % SERIAL_RING;
		s->count--;
	}
	pthread_mutex_unlock(&s->lock);
	return c;
}

void serial_taken(struct serial *s)
{
	if (atomic_load(&s->input_full) && serial_room(s)) {
		atomic_store(&s->input_full, false);
		eventfd_write(s->wake, 1);
	}
}
