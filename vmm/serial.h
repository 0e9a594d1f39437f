/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's end of a serial line: file descriptors, an output buffer, and
 * a ring of characters on their way to the guest.
 *
 * Who may touch a field:
 *   [I] fixed after init    [v] the thread that serves the guest's device only: the
 *                               vCPU's, or for virtio-console the device thread
 *   [i] I/O thread only     [l] under lock    [a] any thread, atomic
 */
#ifndef VM44X_SERIAL_H
#define VM44X_SERIAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "terminal.h"

#define SERIAL_RING   4096
#define SERIAL_OUTPUT 1024

struct serial {
	int in, out; /* [I] -1: none */
	const atomic_bool *stop; /* [I] the VM is to end: do not wait for a slow reader */
	bool commands; /* [I] in is the user's terminal: Ctrl-a commands */
	/* [I] The I/O thread tells that something has come in; NULL: by a kick of the vCPU. */
	void (*arrived)(void *ctx);
	void *arrived_ctx; /* [I] */
	int wake; /* [I] eventfd: the I/O thread's, to look again */
	struct escape escape; /* [i] */
	bool eof; /* [i] in has ended */

	/*
	 * Written at the end of a line, when full, and, for a prompt without
	 * a new line, when flush is asked for: no write() for each character.
	 */
	uint8_t output[SERIAL_OUTPUT]; /* [v] */
	unsigned int output_count; /* [v] */
	bool output_failed; /* [v] reported; output is lost from then on */
	atomic_bool output_waits; /* [a] characters stand in output */
	atomic_bool input_full; /* [a] the I/O thread waits for room in the ring */

	pthread_mutex_t lock;
	int16_t ring[SERIAL_RING]; /* [l] characters, or SERIAL_BREAK */
	unsigned int head, count; /* [l] oldest, number */
};

/* in and out may be -1. */
void serial_init(struct serial *s, int in, int out, const atomic_bool *stop);

/*
 * The guest sent c, or size bytes, which are written at once and not through the buffer.
 * What is not written when *stop is set is thrown away.
 */
void serial_transmit(struct serial *s, uint8_t c);
void serial_write(struct serial *s, const uint8_t *data, size_t size);

/*
 * Write what waits. A slow reader makes the guest wait, until
 * *stop; then the rest is thrown away. An error is reported once.
 */
void serial_flush(struct serial *s);

/*
 * I/O thread: room in the ring; add characters, or a break. What does not
 * fit is lost.
 */
unsigned int serial_room(struct serial *s);
void serial_put(struct serial *s, const uint8_t *c, unsigned int count);
void serial_put_break(struct serial *s);

/* Take the oldest, SERIAL_BREAK, or SERIAL_NONE. */
#define SERIAL_NONE  (-1)
#define SERIAL_BREAK (-2)
int serial_take(struct serial *s);

/* After that, now and then: wake the I/O thread if it waits for room. */
void serial_taken(struct serial *s);

#endif
