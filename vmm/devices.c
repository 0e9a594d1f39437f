// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/virtio_mmio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "devices.h"
#include "report.h"
#include "virtio/9p.h"
#include "virtio/balloon.h"
#include "virtio/blk.h"
#include "virtio/console.h"
#include "virtio/net.h"
#include "virtio/rng.h"

void devices_init(struct devices *d)
{
	unsigned int i;

	*d = (struct devices){ .loop = { .epoll = -1, .wake = -1 } };
	for (i = 0; i < BOARD_VIRTIO; i++) {
		d->own[i] = d->loop;
		d->irqfd[i] = -1;
	}
}

unsigned int devices_wanted(const struct options *o)
{
	return o->disks + o->nets + o->shares + o->rng + o->balloon +
	       (o->console == CONSOLE_VIRTIO);
}

/* Returns 0, or -1 if there is no device, after a message. */
static int add(struct devices *d, struct virtio_device *v)
{
	if (!v)
		return -1;
	d->slot[d->count++] = v;
	return 0;
}

static int add_disk(struct devices *d, const struct option_disk *o)
{
	return add(d, virtio_blk_create(disk_open(&o->disk), o->disk.path, o->serial));
}

static int add_net(struct devices *d, const struct option_net *o)
{
	const char *name = o->net.tap ? o->net.tap : "user";

	return add(d, virtio_net_create(net_open(&o->net), name, o->mac));
}

static int add_shares(struct devices *d, const struct options *o)
{
	const unsigned int files = o->shares ? share_files(o->shares) : 0;
	unsigned int i;

	for (i = 0; i < o->shares; i++) {
		const struct option_share *s = &o->share[i];

		if (add(d, virtio_9p_create(share_open(&s->share, files), s->tag)) < 0)
			return -1;
	}
	return 0;
}

int devices_create(struct devices *d, const struct options *o, struct serial *console)
{
	unsigned int i;

	if (devices_wanted(o) > BOARD_VIRTIO)
		return vm_error("the board has room for %u virtio devices, not for %u",
				BOARD_VIRTIO, devices_wanted(o));
	for (i = 0; i < o->disks; i++)
		if (add_disk(d, &o->disk[i]) < 0)
			return -1;
	for (i = 0; i < o->nets; i++)
		if (add_net(d, &o->net[i]) < 0)
			return -1;
	if (add_shares(d, o) < 0)
		return -1;
	if (o->rng && add(d, virtio_rng_create()) < 0)
		return -1;
	if (o->balloon && add(d, virtio_balloon_create(o->balloon_control, o->ram)) < 0)
		return -1;
	if (o->console == CONSOLE_VIRTIO && add(d, virtio_console_create(console)) < 0)
		return -1;
	return 0;
}

static void raise_irqfd(void *ctx, unsigned int slot)
{
	const struct devices *d = ctx;

	eventfd_write(d->irqfd[slot], 1);
}

static void raise_machine(void *ctx, unsigned int slot)
{
	machine_edge(ctx, slot);
	vm_kick();
}

static int connect_irq(struct devices *d, unsigned int slot, struct vm *vm, struct machine *m,
		       const struct board *board, struct virtio_irq *irq)
{
	if (!vm_irqchip(vm)) {
		*irq = (struct virtio_irq){ raise_machine, m, slot };
		return 0;
	}
	d->irqfd[slot] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (d->irqfd[slot] < 0)
		return vm_error("cannot make an eventfd: %s", strerror(errno));
	*irq = (struct virtio_irq){ raise_irqfd, d, slot };
	return vm_interrupt_by(vm, board->virtio_source + slot, d->irqfd[slot]);
}

static bool has_own(const struct devices *d, unsigned int slot)
{
	return d->slot[slot]->kind->patient;
}

static struct eventloop *loop_of(struct devices *d, unsigned int slot)
{
	return has_own(d, slot) ? &d->own[slot] : &d->loop;
}

static int connect_slot(struct devices *d, unsigned int slot, struct vm *vm, struct machine *m,
			const struct board *board, const struct memory *mem)
{
	const uint64_t addr = machine_virtio_addr(board, slot);
	struct virtio_device *v = d->slot[slot];
	struct virtio_irq irq;

	if (has_own(d, slot) && eventloop_init(&d->own[slot]) < 0)
		return -1;
	if (connect_irq(d, slot, vm, m, board, &irq) < 0 ||
	    virtio_connect(v, mem, &irq, loop_of(d, slot)) < 0)
		return -1;
	machine_add_virtio(m, board, slot, v);
	return vm_notify_by(vm, addr + VIRTIO_MMIO_QUEUE_NOTIFY, v->kick);
}

/* The shared one, and those of the first slots */
static void stop_loops(struct devices *d, unsigned int slots)
{
	unsigned int i;

	eventloop_stop(&d->loop);
	for (i = 0; i < slots; i++)
		if (has_own(d, i))
			eventloop_stop(&d->own[i]);
}

static int start_loops(struct devices *d)
{
	unsigned int i;

	if (eventloop_start(&d->loop) < 0)
		return -1;
	for (i = 0; i < d->count; i++) {
		if (has_own(d, i) && eventloop_start(&d->own[i]) < 0) {
			stop_loops(d, i);
			return -1;
		}
	}
	return 0;
}

int devices_start(struct devices *d, struct vm *vm, struct machine *m, const struct board *board,
		  const struct memory *mem)
{
	unsigned int i;

	if (!d->count)
		return 0;
	if (eventloop_init(&d->loop) < 0)
		return -1;
	for (i = 0; i < d->count; i++)
		if (connect_slot(d, i, vm, m, board, mem) < 0)
			return -1;
	return start_loops(d);
}

void devices_stop(struct devices *d)
{
	if (d->count)
		stop_loops(d, d->count);
}

void devices_destroy(struct devices *d)
{
	unsigned int i;

	for (i = 0; i < d->count; i++)
		virtio_destroy(d->slot[i]);
	for (i = 0; i < BOARD_VIRTIO; i++)
		if (d->irqfd[i] >= 0)
			close(d->irqfd[i]);
	eventloop_destroy(&d->loop);
	for (i = 0; i < BOARD_VIRTIO; i++)
		eventloop_destroy(&d->own[i]);
}
