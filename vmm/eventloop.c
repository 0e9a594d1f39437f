// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "eventloop.h"
#include "report.h"
#include "thread.h"

int eventloop_init(struct eventloop *loop)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };

	memset(loop, 0, sizeof(*loop));
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->epoll < 0 || loop->wake < 0 ||
	    epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->wake, &event) < 0)
		return vm_error("cannot wait for the devices' events: %s", strerror(errno));
	return 0;
}

int eventloop_add(struct eventloop *loop, struct event_source *source, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };

	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, source->fd, &event) < 0)
		return vm_error("cannot wait for a device's events: %s", strerror(errno));
	return 0;
}

void eventloop_change(struct eventloop *loop, struct event_source *source, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };

	epoll_ctl(loop->epoll, EPOLL_CTL_MOD, source->fd, &event);
}

bool eventloop_handle(struct eventloop *loop, int timeout)
{
	const struct event_source *source;
	struct epoll_event event;

	if (epoll_wait(loop->epoll, &event, 1, timeout) <= 0)
		return false;
	source = event.data.ptr;
	if (source)
		source->ready(source->ctx, event.events);
	return true;
}

static void *eventloop_thread(void *arg)
{
	struct eventloop *loop = arg;

	while (!atomic_load(&loop->quit))
		eventloop_handle(loop, -1);
	return NULL;
}

int eventloop_start(struct eventloop *loop)
{
	return thread_start(&loop->thread, eventloop_thread, loop, "device");
}

void eventloop_stop(struct eventloop *loop)
{
	atomic_store(&loop->quit, true);
	eventfd_write(loop->wake, 1);
	pthread_join(loop->thread, NULL);
}

void eventloop_destroy(struct eventloop *loop)
{
	if (loop->wake >= 0)
		close(loop->wake);
	if (loop->epoll >= 0)
		close(loop->epoll);
}
