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
#include <sys/timerfd.h>
#include <unistd.h>

#include "console.h"
#include "device.h"
#include "report.h"

#define QUEUE_SIZE 64

/*
 * Linux throws away what comes in before its driver is ready, and does not say when it is. But it
 * can write from then on only; a guest that writes nothing gets its input so long after its driver
 * has started.
 */
#define HOLD_MS 1000

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
	bool listening; /* the guest takes input */
	bool holding; /* it will do so after HOLD_MS */
	int hold; /* timerfd for that */
	struct event_source held;
	struct virtio_console_config config;
};

static struct virtio_console *console_of(struct virtio_device *v)
{
	return (struct virtio_console *)v;
}

static bool input_waits(struct virtio_device *v)
{
	struct virtio_console *c = console_of(v);

	return c->listening && serial_room(c->line) < SERIAL_RING;
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

/* The guest takes input from now on. */
static void start_listening(struct virtio_console *c)
{
	if (c->listening)
		return;
	c->listening = true;
	eventfd_write(c->v.kick, 1);
}

static uint32_t transmit(struct virtio_device *v, struct virtq_chain *chain)
{
	unsigned int i;

	start_listening(console_of(v));
	for (i = 0; i < chain->out_count; i++)
		serial_write(console_of(v)->line, chain->out[i].iov_base, chain->out[i].iov_len);
	return 0;
}

static void set_hold(struct virtio_console *c, unsigned int ms)
{
	const struct itimerspec in = {
		.it_value = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 },
	};

	timerfd_settime(c->hold, 0, &in, NULL);
}

static void serve(struct virtio_device *v, unsigned int queue)
{
	struct virtio_console *c = console_of(v);

	if (queue == TRANSMIT) {
		virtio_serve_requests(v, queue, transmit);
		return;
	}
	if (!c->listening && !c->holding) {
		c->holding = true;
		set_hold(c, HOLD_MS);
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

static void held(void *ctx, uint32_t events)
{
	struct virtio_console *c = ctx;
	uint64_t times;

	(void)events;
	pthread_mutex_lock(&c->v.lock);
	/* Not if the guest has reset the device at this moment */
	if (read(c->hold, &times, sizeof(times)) > 0)
		start_listening(c);
	pthread_mutex_unlock(&c->v.lock);
}

static void reset(struct virtio_device *v)
{
	struct virtio_console *c = console_of(v);

	c->listening = c->holding = false;
	set_hold(c, 0);
}

static int connect_events(struct virtio_device *v)
{
	struct virtio_console *c = console_of(v);

	c->held = (struct event_source){ .fd = c->hold, .ready = held, .ctx = c };
	if (eventloop_add(v->loop, &c->held, EPOLLIN) < 0)
		return -1;
	if (c->winch < 0)
		return 0;
	c->resized = (struct event_source){ .fd = c->winch, .ready = resized, .ctx = c };
	return eventloop_add(v->loop, &c->resized, EPOLLIN);
}

static void destroy(struct virtio_device *v)
{
	struct virtio_console *c = console_of(v);

	if (c->winch >= 0)
		close(c->winch);
	if (c->hold >= 0)
		close(c->hold);
	free(c);
}

static const struct virtio_kind kind = {
	.name = "virtio-console",
	.id = VIRTIO_ID_CONSOLE,
	.queues = QUEUES,
	.queue_size = QUEUE_SIZE,
	.patient = true,
	.serve = serve,
	.reset = reset,
	.connect = connect_events,
	.destroy = destroy,
};

static int make_timer(struct virtio_console *c)
{
	c->hold = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (c->hold < 0)
		return vm_error("cannot make a timer: %s", strerror(errno));
	return 0;
}

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
	c->winch = c->hold = -1;
	c->v.kind = &kind;
	c->v.config = &c->config;
	c->v.config_size = sizeof(c->config);
	if (virtio_init(&c->v, NULL) < 0 || make_timer(c) < 0 || watch_size(c) < 0) {
		virtio_destroy(&c->v);
		return NULL;
	}
	line->arrived = arrived;
	line->arrived_ctx = &c->v;
	return &c->v;
}
