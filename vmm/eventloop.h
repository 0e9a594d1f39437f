/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device thread: waits for whatever the devices wait for - a guest's
 * notification, a packet, a timer - and calls the one concerned. Devices
 * share it, so a handler may be slow now and then; one that may wait for
 * something that need not happen has a loop of its own.
 */
#ifndef VM44X_EVENTLOOP_H
#define VM44X_EVENTLOOP_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* What is waited for. Lives until the loop has stopped. */
struct event_source {
	int fd;
	void (*ready)(void *ctx, uint32_t events); /* EPOLLIN, ... */
	void *ctx;
};

struct eventloop {
	int epoll;
	int wake; /* eventfd: look at quit */
	atomic_bool quit;
	pthread_t thread;
};

/* Returns 0, or -1 after a message. */
int eventloop_init(struct eventloop *loop);

/*
 * Wait for events (EPOLLIN, ...) of source->fd. From the device thread, or while it does not
 * run. Returns 0, or -1 after a message.
 */
int eventloop_add(struct eventloop *loop, struct event_source *source, uint32_t events);

/* Wait for other ones from now on: for what source->fd is ready now they come, too. */
void eventloop_change(struct eventloop *loop, struct event_source *source, uint32_t events);

/*
 * What the thread does again and again: wait for an event, for that many milliseconds at most
 * (-1: for ever), and handle it. False: there was none.
 */
bool eventloop_handle(struct eventloop *loop, int timeout);

/* Start the thread. Returns 0, or -1 after a message. */
int eventloop_start(struct eventloop *loop);

/* End the thread, after the handler that it is in. */
void eventloop_stop(struct eventloop *loop);

/* Also after a failure, and of one whose descriptors are -1. */
void eventloop_destroy(struct eventloop *loop);

#endif
