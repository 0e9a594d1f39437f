// SPDX-License-Identifier: GPL-2.0-only
#include "board.h"

/*
 * AMCC Bamboo, 440EP: addresses, sources and DCRs as in the chip's manual.
 * The power control register is ours, in a part of the peripheral space
 * that the 440EP leaves free (0xef601080 and above).
 */
const struct board board_bamboo = {
	.name = "bamboo",
	.compatible = "amcc,bamboo\0",
	.plb_compatible = "ibm,plb-440ep\0ibm,plb-440gp\0ibm,plb4\0",
	.opb_compatible = "ibm,opb-440ep\0ibm,opb-440gp\0ibm,opb\0",
	.cpu_model = "PowerPC,440EP",
	.uic_compatible = "ibm,uic-440ep\0ibm,uic\0",
	.sdram_compatible = "ibm,sdram-440ep\0ibm,sdram-405gp\0",
	.ram_max = 1024ull << 20,
	.io_base = 0x80000000,
	.uic_dcr = 0x0c0,
	.sdram_dcr = 0x010,
	.uart_clock = 11059200,
	.uart = {
		{ .addr = 0xef600300, .source = 0 },
		{ .addr = 0xef600400, .source = 1 },
	},
	.power_addr = 0xef602000,
};
