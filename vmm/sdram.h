/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The 4xx SDRAM controller as far as software sizes memory with it: an
 * address and a data DCR, behind them the four bank registers
 * SDRAM0_B0CR..B3CR (indices 0x40, 0x44, 0x48, 0x4c). Other indices read 0.
 */
#ifndef VM44X_SDRAM_H
#define VM44X_SDRAM_H

#include <stdint.h>

#define SDRAM_BANKS 4
#define SDRAM_DCRS  2

struct sdram {
	uint32_t index;
	uint32_t bank[SDRAM_BANKS];
};

/*
 * Spread ram bytes over the banks: each is 4, 8 .. 256 MB and lies at a
 * multiple of its size. What does not fit stays without a bank.
 */
void sdram_init(struct sdram *sdram, uint64_t ram);

/* offset 0 is the address register, 1 the data register. */
uint32_t sdram_read(void *sdram, uint32_t offset);
void sdram_write(void *sdram, uint32_t offset, uint32_t value);

#endif
