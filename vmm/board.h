/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boards that vm44x can be, as const tables: the device tree and the
 * devices are both made from them.
 */
#ifndef VM44X_BOARD_H
#define VM44X_BOARD_H

#include <stdint.h>

#include "bus.h"
#include "uic.h" /* core's */

#define BOARD_UARTS  2
#define BOARD_VIRTIO 12 /* slots for virtio devices */

struct board_uart {
	uint32_t addr; /* on the OPB */
	uint32_t irq; /* 32 n + source of UICn */
};

struct board {
	const char *name;
	/* Lists of strings as in a device tree: each ends with \0, the list is not empty. */
	const char *compatible, *plb_compatible, *opb_compatible;
	const char *cpu_model;
	const char *uic_compatible, *sdram_compatible;
	uint32_t pvr; /* 0: the host's */
	uint64_t ram_max; /* bytes */
	uint64_t opb_base; /* physical address of the OPB's address 0 */
	uint32_t io_base; /* on the OPB, which reaches from here to 4 GB */
	struct v44_uic_wires uic[V44_UICS];
	uint32_t uics;
	uint32_t sdram_dcr; /* 0: software does not size memory by it */
	uint32_t uart_clock; /* Hz */
	struct board_uart uart[BOARD_UARTS];
	uint32_t power_addr; /* on the OPB: the power control register, see machine.h */
	uint32_t virtio_addr; /* on the OPB: the first slot's registers, the others' follow */
	uint32_t virtio_source; /* of UIC0: the first slot's, the others' follow */
	/* What the chip has and the VM has not, to say so; each list ends without a name. */
	const struct bus_block *no_dcr, *no_mmio;
};

/* The first is the default; NULL after the last. */
extern const struct board *const boards[];

/* The board of that name, or NULL. */
const struct board *board_find(const char *name);

#endif
