/* SPDX-License-Identifier: GPL-2.0-only */
/* Sizes of memory as users write them. */
#ifndef VM44X_SIZE_H
#define VM44X_SIZE_H

#include <stdint.h>

/*
 * A size in bytes, a multiple of 4096: MiB, or a number with K, M or G. option says in messages
 * whose it is. Returns 0, or -1 after a message.
 */
int parse_size(const char *option, const char *value, uint64_t *size);

#endif
