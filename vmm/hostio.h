/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The I/O thread: waits for input from the host, carries out the user's
 * Ctrl-a commands and sees to it that output without a new line does not
 * wait for long. It touches no device: it fills the serial lines' rings and
 * kicks the vCPU thread, which does the rest.
 */
#ifndef VM44X_HOSTIO_H
#define VM44X_HOSTIO_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "serial.h"

struct hostio {
	struct serial *serial;
	unsigned int count;
	atomic_bool *stop; /* set by Ctrl-a x */
	void (*kick)(void); /* make the vCPU thread leave the guest, from any thread */

	pthread_t thread;
	int wake; /* eventfd: look again */
	atomic_bool quit; /* the thread is to end */
	atomic_bool ticking; /* the thread looks for output at each tick */
	atomic_bool flush; /* the vCPU thread is to flush */
};

/* Start the thread. It gets no signals. Returns 0, or -1 after a message. */
int hostio_start(struct hostio *io, struct serial *serial, unsigned int count, atomic_bool *stop,
		 void (*kick)(void));

/* End the thread, within a tick. */
void hostio_stop(struct hostio *io);

/*
 * vCPU thread, after each exit: does what the I/O thread asks for, and tells
 * it what it must know. Cheap when there is nothing to do.
 */
void hostio_service(struct hostio *io);

#endif
