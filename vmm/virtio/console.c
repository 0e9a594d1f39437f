// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <errno.h>
#include <linux/virtio_console.h>
#include <linux/virtio_ids.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "console.h"
#include "device.h"
#include "report.h"

#define QUEUE_SIZE 64

/* What Linux takes for a break on such a console: the next key is for SysRq. */
#define CTRL_O 0x0f

enum {
	RECEIVE,
	TRANSMIT,
	QUEUES
};

struct virtio_console {
	struct virtio_device v;
	struct serial *line;
	int winch; /* signalfd: the terminal's size has changed; -1: it has none */
	struct event_source resized;
	struct virtio_console_config config;
};

static struct virtio_console *console_of(struct virtio_device *v)
{
	return (struct virtio_console *)v;
}

static bool input_waits(struct virtio_device *v)
{
	return serial_room(console_of(v)->line) < SERIAL_RING;
}

/* As much of the input as the room takes */
static uint32_t receive(struct virtio_device *v, struct virtq_chain *chain)
{
	struct serial *line = console_of(v)->line;
	uint32_t done = 0, i;

	if (!chain->in_size)
		virtio_break(v, "there is room for input in a buffer of the receive queue");
	for (i = 0; i < chain->in_count; i++) {
		uint8_t *to = chain->in[i].iov_base;
		size_t left = chain->in[i].iov_len;

		for (; left; left--, done++) {
			int c = serial_take(line);

			if (c == SERIAL_NONE)
				return done;
			*to++ = c == SERIAL_BREAK ? CTRL_O : c;
		}
	}
	return done;
}

static uint32_t transmit(struct virtio_device *v, struct virtq_chain *chain)
{
	unsigned int i;

	for (i = 0; i < chain->out_count; i++)
		serial_write(console_of(v)->line, chain->out[i].iov_base, chain->out[i].iov_len);
	return 0;
}

static void serve(struct virtio_device *v, unsigned int queue)
{
	if (queue == TRANSMIT) {
		virtio_serve_requests(v, queue, transmit);
		return;
	}
	virtio_serve_while(v, queue, input_waits, receive);
	serial_taken(console_of(v)->line);
}

/* I/O thread */
static void arrived(void *ctx)
{
	struct virtio_device *v = ctx;

	eventfd_write(v->kick, 1);
}

/* False: there is no terminal. */
static bool read_size(struct virtio_console *c)
{
	struct winsize size;

	if (c->line->out < 0 || ioctl(c->line->out, TIOCGWINSZ, &size) < 0)
		return false;
	c->config.cols = htole16(size.ws_col);
	c->config.rows = htole16(size.ws_row);
	return true;
}

static void resized(void *ctx, uint32_t events)
{
	struct virtio_console *c = ctx;
	struct signalfd_siginfo info;

	(void)events;
	if (read(c->winch, &info, sizeof(info)) < 0)
		return;
	pthread_mutex_lock(&c->v.lock);
	if (read_size(c))
		virtio_config_changed(&c->v);
	pthread_mutex_unlock(&c->v.lock);
}

static int connect_events(struct virtio_device *v, struct eventloop *loop)
{
	struct virtio_console *c = console_of(v);

	if (c->winch < 0)
		return 0;
	c->resized = (struct event_source){ .fd = c->winch, .ready = resized, .ctx = c };
	return eventloop_add(loop, &c->resized, EPOLLIN);
}

static void destroy(struct virtio_device *v)
{
	struct virtio_console *c = console_of(v);

	if (c->winch >= 0)
		close(c->winch);
	free(c);
}

static const struct virtio_kind kind = {
	.name = "virtio-console",
	.id = VIRTIO_ID_CONSOLE,
	.queues = QUEUES,
	.queue_size = QUEUE_SIZE,
	.serve = serve,
	.connect = connect_events,
	.destroy = destroy,
};

static int watch_size(struct virtio_console *c)
{
	sigset_t winch;

	if (!read_size(c))
		return 0;
	sigemptyset(&winch);
	sigaddset(&winch, SIGWINCH);
	pthread_sigmask(SIG_BLOCK, &winch, NULL);
	c->winch = signalfd(-1, &winch, SFD_CLOEXEC | SFD_NONBLOCK);
	if (c->winch < 0)
		return vm_error("cannot watch the size of the terminal: %s", strerror(errno));
	c->v.features = 1 << VIRTIO_CONSOLE_F_SIZE;
	return 0;
}

struct virtio_device *virtio_console_create(struct serial *line)
{
	struct virtio_console *c = calloc(1, sizeof(*c));

	if (!c) {
		vm_error("out of memory");
		return NULL;
	}
	c->line = line;
	c->winch = -1;
	c->v.kind = &kind;
	c->v.config = &c->config;
	c->v.config_size = sizeof(c->config);
	if (virtio_init(&c->v, NULL) < 0 || watch_size(c) < 0) {
		virtio_destroy(&c->v);
		return NULL;
	}
	line->arrived = arrived;
	line->arrived_ctx = &c->v;
	return &c->v;
}
