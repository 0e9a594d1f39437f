/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a guest's access to a physical address or to a device control
 * register (DCR) finds its device. Called by the vCPU thread only.
 */
#ifndef VM44X_BUS_H
#define VM44X_BUS_H

#include <stdbool.h>
#include <stdint.h>

#define BUS_REGIONS  32
#define BUS_REPORTED 64

/*
 * A device's registers. On the memory bus base and size are in bytes and
 * unit (1 or 4) is the width of the device: a wider access is taken apart
 * in the order of addresses, as the OPB does it. On the DCR bus base and
 * size count registers and unit is 0.
 *
 * read and write get the offset from base; a value is in the host's byte
 * order. Without write the registers are read only.
 */
struct bus_region {
	const char *name;
	uint64_t base;
	uint32_t size, unit;
	void *dev;
	uint32_t (*read)(void *dev, uint32_t offset);
	void (*write)(void *dev, uint32_t offset, uint32_t value);
};

/* What the chip has at base, and this bus has not. It ends a list if it has no name. */
struct bus_block {
	const char *name;
	uint64_t base;
	uint32_t size; /* as in a region */
	bool indirect; /* an address and a data DCR: see indirect.h */
};

struct bus {
	const struct bus_block *missing; /* NULL: nothing is known */
	struct bus_region regions[BUS_REGIONS];
	unsigned int count;
	/* Keys of accesses that found nobody: each is reported once. */
	uint64_t reported[BUS_REPORTED];
	unsigned int reported_count;
};

/* Regions must not overlap, and be at most BUS_REGIONS: the board's table says so. */
void bus_add(struct bus *bus, const struct bus_region *region);

/*
 * A guest's load or store of len (1, 2, 4, 8) bytes at addr; data holds
 * them in the order of addresses. An address of no device, or an access
 * narrower than the device or not aligned to it, reads zero, writes nothing
 * and is reported once for each 4 KB page, or for each missing block.
 */
void mmio_access(struct bus *bus, uint64_t addr, uint8_t *data, unsigned int len, bool write);

/* mfdcr, mtdcr. An unknown DCR reads zero and is reported once. */
uint32_t dcr_read(struct bus *bus, uint32_t dcrn);
void dcr_write(struct bus *bus, uint32_t dcrn, uint32_t value);

/* Report once a register of a block behind a pair of DCRs; what: "reads" or "writes". */
void bus_report_register(struct bus *bus, const struct bus_block *block, uint32_t index,
			 const char *what);

#endif
