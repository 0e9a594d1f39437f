// SPDX-License-Identifier: GPL-2.0-only
/* The 4xx SDRAM controller; the bits are those of arch/powerpc/boot/dcr.h. */
#include "sdram.h"

#define BANK_0	     0x40
#define BANK_STRIDE  4
#define BANK_ENABLE  0x00000001
#define BANK_BASE    0xff800000
#define SIZE_SHIFT   17
#define SMALLEST     (4ull << 20)
#define LARGEST_CODE 6 /* 256 MB */

void sdram_init(struct sdram *sdram, uint64_t ram)
{
	uint64_t base = 0;
	unsigned int i;

	*sdram = (struct sdram){ 0 };
	for (i = 0; i < SDRAM_BANKS; i++) {
		uint32_t code = LARGEST_CODE;

		while (code && SMALLEST << code > ram - base)
			code--;
		if (SMALLEST << code > ram - base)
			return;
		sdram->bank[i] = (base & BANK_BASE) | code << SIZE_SHIFT | BANK_ENABLE;
		base += SMALLEST << code;
	}
}

uint32_t sdram_read(void *dev, uint32_t offset)
{
	const struct sdram *sdram = dev;
	uint32_t bank = (sdram->index - BANK_0) / BANK_STRIDE;

	if (offset == 0)
		return sdram->index;
	if (sdram->index % BANK_STRIDE || bank >= SDRAM_BANKS)
		return 0;
	return sdram->bank[bank];
}

/* The memory is where it is: only the index can be written. */
void sdram_write(void *dev, uint32_t offset, uint32_t value)
{
	struct sdram *sdram = dev;

	if (offset == 0)
		sdram->index = value;
}
