// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "board.h"

#define GIB (1ull << 30)

#define BLOCK(block_name, first, count)                                \
	{                                                              \
		.name = (block_name), .base = (first), .size = (count) \
	}
/* of an address and a data DCR */
#define PAIR(block_name, first)                                                    \
	{                                                                          \
		.name = (block_name), .base = (first), .size = 2, .indirect = true \
	}

/*
 * AMCC Bamboo, 440EP: addresses, sources and DCRs as in the chip's manual.
 * The power control register is ours, in a part of the peripheral space
 * that the 440EP leaves free (0xef601080 and above). So are the virtio devices, whose
 * sources are those of parts of the chip that this board lacks.
 */
static const struct board bamboo = {
	.name = "bamboo",
	.compatible = "amcc,bamboo\0",
	.plb_compatible = "ibm,plb-440ep\0ibm,plb-440gp\0ibm,plb4\0",
	.opb_compatible = "ibm,opb-440ep\0ibm,opb-440gp\0ibm,opb\0",
	.cpu_model = "PowerPC,440EP",
	.uic_compatible = "ibm,uic-440ep\0ibm,uic\0",
	.sdram_compatible = "ibm,sdram-440ep\0ibm,sdram-405gp\0",
	.ram_max = 1 * GIB,
	.io_base = 0x80000000,
	.uic = { { .dcr = 0x0c0 } },
	.uics = 1,
	.sdram_dcr = 0x010,
	.uart_clock = 11059200,
	.uart = {
		{ .addr = 0xef600300, .irq = 0 },
		{ .addr = 0xef600400, .irq = 1 },
	},
	.power_addr = 0xef602000,
	.virtio_addr = 0xef610000,
	.virtio_source = 18,
	.no_dcr = (const struct bus_block[]){
		PAIR("CPR0", 0x00c),
		PAIR("SDR0", 0x00e),
		PAIR("EBC0", 0x012),
		BLOCK("UIC1", 0x0d0, 9),
		BLOCK("DMA0", 0x100, 0x27),
		BLOCK("MAL0", 0x180, 0x62),
		{ 0 },
	},
	.no_mmio = (const struct bus_block[]){
		BLOCK("the memory of PCI0", 0xa0000000, 0x20000000),
		BLOCK("the I/O space of PCI0", 0xe8000000, 0x10000),
		BLOCK("the configuration of PCI0", 0xeec00000, 8),
		BLOCK("PCI0", 0xef400000, 0x40),
		BLOCK("UART2", 0xef600500, 8),
		BLOCK("UART3", 0xef600600, 8),
		BLOCK("IIC0", 0xef600700, 0x14),
		BLOCK("IIC1", 0xef600800, 0x14),
		BLOCK("ZMII0", 0xef600d00, 0xc),
		BLOCK("EMAC0", 0xef600e00, 0x70),
		BLOCK("EMAC1", 0xef600f00, 0x70),
		BLOCK("the USB host", 0xef601000, 0x80),
		{ 0 },
	},
};

/*
 * AMCC Canyonlands, 460EX: four UICs, and all peripherals above 4 GB. The power
 * control register and virtio are where the bamboo has them, free here as well.
 */
static const struct board canyonlands = {
	.name = "canyonlands",
	.compatible = "amcc,canyonlands\0",
	.plb_compatible = "ibm,plb-460ex\0ibm,plb4\0",
	.opb_compatible = "ibm,opb-460ex\0ibm,opb\0",
	.cpu_model = "PowerPC,460EX",
	.uic_compatible = "ibm,uic-460ex\0ibm,uic\0",
	.pvr = 0x130218a4, /* 460EX, revision B */
	.ram_max = 2 * GIB,
	.opb_base = 0x400000000,
	.io_base = 0xb0000000,
	.uic = {
		{ .dcr = 0x0c0 },
		{ .dcr = 0x0d0, .external = 30, .critical = 31 },
		{ .dcr = 0x0e0, .external = 10, .critical = 11 },
		{ .dcr = 0x0f0, .external = 16, .critical = 17 },
	},
	.uics = 4,
	.uart_clock = 11059200,
	.uart = {
		{ .addr = 0xef600300, .irq = 32 + 1 },
		{ .addr = 0xef600400, .irq = 1 },
	},
	.power_addr = 0xef602000,
	.virtio_addr = 0xef610000,
	.virtio_source = 18,
	.no_dcr = (const struct bus_block[]){
		PAIR("CPR0", 0x00c),
		PAIR("SDR0", 0x00e),
		PAIR("SDRAM0", 0x010),
		PAIR("EBC0", 0x012),
		BLOCK("the internal SRAM", 0x020, 8),
		BLOCK("L2C0", 0x030, 8),
		BLOCK("PCIE0", 0x100, 0x20),
		BLOCK("PCIE1", 0x120, 0x20),
		BLOCK("CPM0", 0x160, 3),
		BLOCK("MAL0", 0x180, 0x62),
		{ 0 },
	},
	.no_mmio = (const struct bus_block[]){
		BLOCK("the random number generator", 0x400110000, 0x50),
		BLOCK("the cryptographic engine", 0x400180000, 0x80400),
		BLOCK("USB OTG", 0x4bff80000, 0x10000),
		BLOCK("the USB 1.1 host", 0x4bffd0000, 0x60),
		BLOCK("the USB 2.0 host", 0x4bffd0400, 0x100),
		BLOCK("the AHB's DMA", 0x4bffd0800, 0x400),
		BLOCK("SATA0", 0x4bffd1000, 0x800),
		BLOCK("IIC0", 0x4ef600700, 0x14),
		BLOCK("IIC1", 0x4ef600800, 0x14),
		BLOCK("GPIO0", 0x4ef600b00, 0x48),
		BLOCK("ZMII0", 0x4ef600d00, 0xc),
		BLOCK("EMAC0", 0x4ef600e00, 0xc4),
		BLOCK("EMAC1", 0x4ef600f00, 0xc4),
		BLOCK("TAH0", 0x4ef601350, 0x30),
		BLOCK("TAH1", 0x4ef601450, 0x30),
		BLOCK("RGMII0", 0x4ef601500, 8),
		BLOCK("the I/O space of PCIX0", 0xc08000000, 0x10000),
		BLOCK("PCIE0", 0xc08010000, 0x1000),
		BLOCK("PCIE1", 0xc08011000, 0x1000),
		BLOCK("PCIX0", 0xc0ec00000, 0x300000),
		BLOCK("the configuration of PCIE0", 0xd00000000, 0x20000000),
		BLOCK("the configuration of PCIE1", 0xd20000000, 0x20000000),
		BLOCK("the memory of PCIX0", 0xd80000000, 0x80000000),
		BLOCK("the memory of PCIE0", 0xe00000000, 0x80000000),
		BLOCK("the memory of PCIE1", 0xe80000000, 0x80000000),
		{ 0 },
	},
};

const struct board *const boards[] = { &bamboo, &canyonlands, NULL };

const struct board *board_find(const char *name)
{
	unsigned int i;

	for (i = 0; boards[i]; i++)
		if (!strcmp(boards[i]->name, name))
			break;
	return boards[i];
}
