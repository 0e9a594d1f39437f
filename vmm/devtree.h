/* SPDX-License-Identifier: GPL-2.0-only */
/* The flattened device tree that the guest gets. */
#ifndef VM44X_DEVTREE_H
#define VM44X_DEVTREE_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"

/* Bytes that a generated tree may take, boot parameters included. */
#define DEVTREE_SPACE	   0x10000u
/* The largest tree of the user's, in bytes. */
#define DEVTREE_IMPORT_MAX 0x100000u
/* What boot facts can add to the user's own tree. */
#define DEVTREE_GROWTH	   0x4000u
/* The longest command line of a 6.x PowerPC Linux, with its NUL. */
#define DEVTREE_PARAMS_MAX 2048

/*
 * The clocks of the machine below us, in Hz. A guest of a 440 sees the
 * host's time base: no other figure would be true.
 */
struct host_clocks {
	uint32_t timebase, cpu;
};

/*
 * Read the clocks from the first CPU node under cpus ("/proc/device-tree/cpus").
 * A figure that is not there becomes 400 MHz, the Bamboo's.
 */
void host_clocks_read(struct host_clocks *clocks, const char *cpus);

/* How a guest makes hypercalls, as KVM says it. */
struct hypervisor {
	uint32_t hcall[4]; /* instructions */
	bool idle; /* EV_IDLE is one of them */
};

/* What is known only when the VM is put together. */
struct boot_facts {
	uint64_t ram; /* bytes from address 0 */
	const char *params; /* boot parameters, or NULL for those of the tree */
	uint32_t initrd, initrd_size; /* size 0: none */
	struct host_clocks clocks;
	const struct hypervisor *hypervisor; /* NULL: the guest is not told */
	const struct board *board;
	unsigned int virtio; /* how many of the board's slots have a device */
};

/* Make the tree of board in fdt, a buffer of space bytes. 0, or -1 after a message. */
int devtree_generate(void *fdt, uint32_t space, const struct board *board);

/*
 * Take the user's tree: size bytes at dtb, not trusted, to fdt, a buffer of
 * space bytes. path is for messages. 0, or -1 after a message.
 */
int devtree_import(void *fdt, uint32_t space, const void *dtb, uint32_t size, const char *path);

/*
 * Fill in memory, clocks of the CPU, /chosen and /hypervisor, replacing what is
 * there, add the virtio devices, and pack the tree. 0, or -1 after a message.
 */
int devtree_finish(void *fdt, const struct boot_facts *facts);

/* Write the tree to a file. 0, or -1 after a message. */
int devtree_dump(const void *fdt, const char *path);

#endif
