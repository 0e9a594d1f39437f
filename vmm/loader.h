/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel and initrd from files into the guest's memory. Files are not trusted. */
#ifndef VM44X_LOADER_H
#define VM44X_LOADER_H

#include <stdint.h>

#include "memory.h"

struct kernel {
	uint32_t entry; /* physical */
	uint32_t end; /* first physical byte after the image and its bss */
};

/* Where a file without a header goes; physical addresses */
struct raw_image {
	uint32_t load;
	uint32_t entry;
};

/*
 * Load the kernel at path: a big-endian 32-bit PowerPC ELF program, each segment at its
 * physical address; a uImage, plain or of gzip; with raw, whatever it is as it is.
 * Returns 0, or -1 after a message.
 */
int load_kernel(const char *path, const struct raw_image *raw, struct memory *mem,
		struct kernel *kernel);

/*
 * The size of a regular file that is to be loaded as it is, for the layout;
 * at most 4 GB. Returns 0, or -1 after a message. option is whose value path is.
 */
int file_size(const char *path, const char *option, uint32_t *size);

/* Read exactly size bytes of path to host. Returns 0, or -1 after a message. */
int file_read(const char *path, const char *option, void *host, uint32_t size);

#endif
