/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest's memory, and where the first things stand in it. */
#ifndef VM44X_MEMORY_H
#define VM44X_MEMORY_H

#include <stdint.h>

struct memory {
	uint8_t *host; /* guest physical address 0 */
	uint64_t size; /* bytes, a multiple of 4096 */
};

/*
 * Zeroed memory of size bytes: of the file fd, or ordinary memory if fd is -1.
 * Returns 0, or -1 after a message.
 */
int memory_create(struct memory *mem, uint64_t size, int fd);
void memory_destroy(struct memory *mem);

/*
 * Where the host has the len bytes at a guest physical address, which a guest may have made
 * up: NULL if not all of them are memory.
 */
void *memory_at(const struct memory *mem, uint64_t addr, uint64_t len);

/*
 * The guest does not need what is in these bytes: the pages that lie in them go back to the host,
 * and are zero when they are next used. For ordinary memory.
 */
void memory_give_back(void *host, uint64_t len);

/* The guest will fetch from the first size bytes what we have written there. */
void memory_make_executable(struct memory *mem, uint64_t size);

/*
 * The first 256 MB are all that a 44x kernel maps when it starts. From the
 * top down: the initrd, the device tree, free memory for a stack, and the
 * kernel at the bottom, wherever it was linked.
 */
struct layout {
	uint32_t kernel_end; /* first byte after the kernel and its bss */
	uint32_t initrd, initrd_size; /* size 0: none */
	uint32_t fdt, fdt_space;
	uint32_t stack; /* initial r1; at least LAYOUT_STACK bytes below are free */
};

#define LAYOUT_STACK 0x10000u

/*
 * Fill in l->initrd, fdt and stack from kernel_end, initrd_size and
 * fdt_space. Returns 0, or -1 after a message when ram (bytes) is too little.
 */
int layout_place(struct layout *l, uint64_t ram);

#endif
