/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boards that vm44x can be, as const tables: the device tree and the
 * devices are both made from them.
 */
#ifndef VM44X_BOARD_H
#define VM44X_BOARD_H

#include <stdint.h>

#define BOARD_UARTS 2

struct board_uart {
	uint32_t addr; /* on the OPB, which this board maps one to one */
	uint32_t source; /* of UIC0 */
};

struct board {
	const char *name;
	/* Lists of strings as in a device tree: each ends with \0, the list is not empty. */
	const char *compatible, *plb_compatible, *opb_compatible;
	const char *cpu_model;
	const char *uic_compatible, *sdram_compatible;
	uint64_t ram_max; /* bytes */
	uint32_t io_base; /* the OPB reaches from here to 4 GB */
	uint32_t uic_dcr; /* of UIC0 */
	uint32_t sdram_dcr;
	uint32_t uart_clock; /* Hz */
	struct board_uart uart[BOARD_UARTS];
	uint32_t power_addr; /* the power control register, see machine.h */
};

extern const struct board board_bamboo;

#endif
