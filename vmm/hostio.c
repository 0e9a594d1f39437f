// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "hostio.h"
#include "report.h"
#include "thread.h"

/* Output without a new line waits one to two ticks. */
#define TICK_MS	  10
#define LINES_MAX 4
#define READ_SIZE 256

static void wake(struct hostio *io)
{
	eventfd_write(io->wake, 1);
}

/* Characters from the user's terminal: take the commands out, pass on the rest. */
static void handle_typed(struct hostio *io, struct serial *s, const uint8_t *c, unsigned int n)
{
	for (; n; n--, c++) {
		switch (escape_filter(&s->escape, *c)) {
		case ESCAPE_PASS:
			serial_put(s, c, 1);
			break;
		case ESCAPE_NONE:
			break;
		case ESCAPE_QUIT:
			atomic_store(io->stop, true);
			io->kick();
			break;
		case ESCAPE_HELP:
			report_text(escape_help);
			break;
		case ESCAPE_BREAK:
			serial_put_break(s);
			break;
		}
	}
}

static void handle_input(struct hostio *io, struct serial *s)
{
	uint8_t c[READ_SIZE];
	unsigned int room = s->commands ? READ_SIZE : serial_room(s);
	ssize_t n = read(s->in, c, room < READ_SIZE ? room : READ_SIZE);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		/* The end of the input, not of the VM. */
		s->eof = true;
		return;
	}
	if (s->commands)
		handle_typed(io, s, c, n);
	else
		serial_put(s, c, n);
	if (s->arrived)
		s->arrived(s->arrived_ctx);
	else
		io->kick();
}

/*
 * Which lines to watch. A terminal is always read, or Ctrl-a x would not
 * be seen when the guest takes nothing; its surplus is lost. Any other
 * input waits until there is room.
 */
static bool wanted(struct serial *s)
{
	if (s->eof)
		return false;
	if (s->commands || serial_room(s))
		return true;
	/* Say so first and look again: the room may come between the two. */
	atomic_store(&s->input_full, true);
	return serial_room(s);
}

static bool output_waits(const struct hostio *io)
{
	unsigned int i;

	for (i = 0; i < io->count; i++)
		if (atomic_load(&io->serial[i].output_waits))
			return true;
	return false;
}

static void tick(struct hostio *io)
{
	if (output_waits(io)) {
		atomic_store(&io->flush, true);
		io->kick();
		return;
	}
	atomic_store(&io->ticking, false);
	/* Output since the look above saw ticking still set and did not wake us. */
	if (output_waits(io))
		atomic_store(&io->ticking, true);
}

static void *hostio_thread(void *arg)
{
	struct hostio *io = arg;
	struct pollfd p[LINES_MAX + 1];
	eventfd_t dummy;
	unsigned int i;

	while (!atomic_load(&io->quit)) {
		int n;

		for (i = 0; i < io->count; i++)
			p[i] = (struct pollfd){
				.fd = wanted(&io->serial[i]) ? io->serial[i].in : -1,
				.events = POLLIN,
			};
		p[io->count] = (struct pollfd){ .fd = io->wake, .events = POLLIN };
		n = poll(p, io->count + 1, atomic_load(&io->ticking) ? TICK_MS : -1);
		if (n == 0)
			tick(io);
		if (n <= 0)
			continue;
		for (i = 0; i < io->count; i++)
			if (p[i].revents)
				handle_input(io, &io->serial[i]);
		if (p[io->count].revents)
			eventfd_read(io->wake, &dummy);
	}
	return NULL;
}

int hostio_start(struct hostio *io, struct serial *serial, unsigned int count, atomic_bool *stop,
		 void (*kick)(void))
{
	unsigned int i;

	memset(io, 0, sizeof(*io));
	io->serial = serial;
	io->count = count;
	io->stop = stop;
	io->kick = kick;
	io->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (io->wake < 0)
		return vm_error("cannot make an eventfd: %s", strerror(errno));
	for (i = 0; i < count; i++)
		serial[i].wake = io->wake;
	if (thread_start(&io->thread, hostio_thread, io, "I/O") < 0) {
		close(io->wake);
		return -1;
	}
	return 0;
}

void hostio_stop(struct hostio *io)
{
	atomic_store(&io->quit, true);
	wake(io);
	pthread_join(io->thread, NULL);
	close(io->wake);
}

void hostio_service(struct hostio *io)
{
	unsigned int i;

	if (atomic_load(&io->flush)) {
		atomic_store(&io->flush, false);
		for (i = 0; i < io->count; i++)
			serial_flush(&io->serial[i]);
	}
	if (output_waits(io) && !atomic_exchange(&io->ticking, true))
		wake(io);
	for (i = 0; i < io->count; i++)
		serial_taken(&io->serial[i]);
}
