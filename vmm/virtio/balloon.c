// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/virtio_balloon.h>
#include <linux/virtio_ids.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "balloon.h"
#include "device.h"
#include "iov.h"
#include "report.h"
#include "size.h"

#define QUEUE_SIZE 64
#define PAGE	   (1u << VIRTIO_BALLOON_PFN_SHIFT)
#define BATCH	   256 /* page numbers, as many as Linux sends at once */

/*
 * Free pages are reported through the last queue. Its number is 4 by the specification, and for
 * Linux that of those the device has, so 2: here, all from that on are the same.
 */
enum {
	INFLATE,
	DEFLATE,
	REPORT,
	QUEUES = 5
};

struct virtio_balloon {
	struct virtio_device v;
	struct virtio_balloon_config config;
	uint64_t ram;
	int control; /* a FIFO, or -1 */
	struct event_source source;
	char line[32]; /* that has come from it so far */
	unsigned int length;
};

static struct virtio_balloon *balloon_of(struct virtio_device *v)
{
	return (struct virtio_balloon *)v;
}

/* False: one of them is no page. */
static bool give_back(struct virtio_device *v, const uint32_t *pages, unsigned int count)
{
	const struct memory *mem = v->queue[INFLATE].mem;
	unsigned int i;

	for (i = 0; i < count; i++) {
		void *page = memory_at(mem, (uint64_t)le32toh(pages[i]) * PAGE, PAGE);

		if (!page) {
			virtio_break(v, "what is in the balloon is memory");
			return false;
		}
		memory_give_back(page, PAGE);
	}
	return true;
}

static uint32_t inflate(struct virtio_device *v, struct virtq_chain *c)
{
	const uint64_t all = v->queue[INFLATE].mem->size / PAGE;
	uint32_t pages[BATCH];
	uint64_t done = 0;
	size_t n;

	/* A request takes no longer than that. */
	if (c->out_size / sizeof(pages[0]) > all) {
		virtio_break(v, "no more is in the balloon than the memory");
		return 0;
	}
	do {
		n = iov_read(c->out, c->out_count, done, pages, sizeof(pages));
		done += n;
	} while (give_back(v, pages, n / sizeof(pages[0])) && n == sizeof(pages));
	return 0;
}

/* What the guest takes out comes by itself when it is used. */
static uint32_t deflate(struct virtio_device *v, struct virtq_chain *c)
{
	(void)v;
	(void)c;
	return 0;
}

static uint32_t report(struct virtio_device *v, struct virtq_chain *c)
{
	unsigned int i;

	(void)v;
	for (i = 0; i < c->in_count; i++)
		memory_give_back(c->in[i].iov_base, c->in[i].iov_len);
	return 0;
}

static void serve(struct virtio_device *v, unsigned int queue)
{
	virtio_serve_requests(v, queue,
			      queue == INFLATE	 ? inflate
			      : queue == DEFLATE ? deflate
						 : report);
}

static void config_write(struct virtio_device *v, uint32_t offset, uint8_t value)
{
	struct virtio_balloon *b = balloon_of(v);

	/* How much the driver says is in it; the rest is read-only. */
	if (offset / 4 == offsetof(struct virtio_balloon_config, actual) / 4)
		((uint8_t *)&b->config)[offset] = value;
}

/* A line of the FIFO's: the size that the balloon is to have */
static void obey(struct virtio_balloon *b)
{
	uint64_t size;

	if (parse_size("--balloon", b->line, &size) < 0)
		return;
	if (size > b->ram) {
		vm_warn("--balloon: '%s' is more than the guest has", b->line);
		return;
	}
	pthread_mutex_lock(&b->v.lock);
	b->config.num_pages = htole32(size / PAGE);
	virtio_config_changed(&b->v);
	pthread_mutex_unlock(&b->v.lock);
}

static void take(struct virtio_balloon *b, char c)
{
	if (c != '\n') {
		if (b->length < sizeof(b->line) - 1)
			b->line[b->length++] = c;
		else
			b->line[0] = '?'; /* too long for a size: it is to be none */
		return;
	}
	b->line[b->length] = '\0';
	if (b->length)
		obey(b);
	b->length = 0;
}

static void commanded(void *ctx, uint32_t events)
{
	struct virtio_balloon *b = ctx;
	char text[sizeof(b->line)];
	ssize_t n = read(b->control, text, sizeof(text)), i;

	(void)events;
	for (i = 0; i < n; i++)
		take(b, text[i]);
}

/* For reading and writing: else it would be at its end as soon as someone has written. */
static int open_control(struct virtio_balloon *b, const char *path)
{
	struct stat st;

	if (!path)
		return 0;
	b->control = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (b->control < 0)
		return vm_error("--balloon: cannot open '%s': %s", path, strerror(errno));
	if (fstat(b->control, &st) < 0 || !S_ISFIFO(st.st_mode))
		return vm_error("--balloon: '%s' is no FIFO: make one with mkfifo", path);
	return 0;
}

static int connect_control(struct virtio_device *v)
{
	struct virtio_balloon *b = balloon_of(v);

	if (b->control < 0)
		return 0;
	b->source = (struct event_source){ .fd = b->control, .ready = commanded, .ctx = b };
	return eventloop_add(v->loop, &b->source, EPOLLIN);
}

static void destroy(struct virtio_device *v)
{
	struct virtio_balloon *b = balloon_of(v);

	if (b->control >= 0)
		close(b->control);
	free(b);
}

static const struct virtio_kind kind = {
	.name = "virtio-balloon",
	.id = VIRTIO_ID_BALLOON,
	.queues = QUEUES,
	.queue_size = QUEUE_SIZE,
	.serve = serve,
	.config_write = config_write,
	.connect = connect_control,
	.destroy = destroy,
};

struct virtio_device *virtio_balloon_create(const char *control, uint64_t ram)
{
	struct virtio_balloon *b = calloc(1, sizeof(*b));

	if (!b) {
		vm_error("out of memory");
		return NULL;
	}
	b->v.kind = &kind;
	b->ram = ram;
	b->control = -1;
	/* A guest that has too little is not to die of what its user has asked for. */
	b->v.features = 1 << VIRTIO_BALLOON_F_REPORTING | 1 << VIRTIO_BALLOON_F_DEFLATE_ON_OOM;
	b->v.config = &b->config;
	b->v.config_size = sizeof(b->config);
	if (virtio_init(&b->v, NULL) < 0 || open_control(b, control) < 0) {
		virtio_destroy(&b->v);
		return NULL;
	}
	return &b->v;
}
