/* SPDX-License-Identifier: GPL-2.0-only */
/* The virtio devices that the user asks for, in the board's slots in this order. */
#ifndef VM44X_DEVICES_H
#define VM44X_DEVICES_H

#include "board.h"
#include "eventloop.h"
#include "machine.h"
#include "memory.h"
#include "options.h"
#include "virtio/device.h"
#include "vm.h"

struct devices {
	struct virtio_device *slot[BOARD_VIRTIO];
	int irqfd[BOARD_VIRTIO]; /* -1: the machine has the interrupt controller */
	unsigned int count;
	struct eventloop loop;
	struct eventloop own[BOARD_VIRTIO]; /* of patient devices: no other one waits with them */
};

/* So that devices_destroy is right. */
void devices_init(struct devices *d);

/* How many the options ask for. */
unsigned int devices_wanted(const struct options *o);

/*
 * Make them, before there is a VM: most of what can go wrong does so here. console is the line
 * of virtio-console. Returns 0, or -1 after a message; devices_destroy is right in both cases.
 */
int devices_create(struct devices *d, const struct options *o, struct serial *console);

/* Connect them with the VM, put them into the machine, start serving them. Returns as above. */
int devices_start(struct devices *d, struct vm *vm, struct machine *m, const struct board *board,
		  const struct memory *mem);

/* Stop serving them: what the guest has asked for last is done or not. */
void devices_stop(struct devices *d);
void devices_destroy(struct devices *d);

#endif
