// SPDX-License-Identifier: GPL-2.0-only
/* Finding the device of an MMIO or DCR access. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "report.h"

void bus_add(struct bus *bus, const struct bus_region *region)
{
	assert(bus->count < BUS_REGIONS);
	bus->regions[bus->count++] = *region;
}

static const struct bus_region *find(const struct bus *bus, uint64_t addr)
{
	unsigned int i;

	for (i = 0; i < bus->count; i++)
		if (addr >= bus->regions[i].base &&
		    addr - bus->regions[i].base < bus->regions[i].size)
			return &bus->regions[i];
	return NULL;
}

/* Whether key is new. The list is bounded: a guest must not flood the user's log. */
static bool first_time(struct bus *bus, uint64_t key)
{
	unsigned int i;

	if (bus->reported_count == BUS_REPORTED)
		return false;
	for (i = 0; i < bus->reported_count; i++)
		if (bus->reported[i] == key)
			return false;
	bus->reported[bus->reported_count++] = key;
	if (bus->reported_count == BUS_REPORTED)
		vm_warn("many accesses to unknown devices: no more of them are reported");
	return true;
}

static const struct bus_block *missing(const struct bus *bus, uint64_t addr)
{
	const struct bus_block *block;

	for (block = bus->missing; block && block->name; block++)
		if (addr >= block->base && addr - block->base < block->size)
			return block;
	return NULL;
}

/* r: a device that has no such register, or NULL */
static void report_mmio(struct bus *bus, const struct bus_region *r, uint64_t addr,
			unsigned int len, bool write)
{
	const struct bus_block *block = r ? NULL : missing(bus, addr);
	char where[128];

	/* no block begins at an odd address */
	if (!first_time(bus, block ? block->base | 1 : addr & ~0xfffull))
		return;
	if (r)
		snprintf(where, sizeof(where),
			 "which is no register of %s; further accesses to this page", r->name);
	else if (block)
		snprintf(where, sizeof(where), "in %s, which is not here; further accesses to it",
			 block->name);
	else
		snprintf(where, sizeof(where), "where no device is; further accesses to this page");
	vm_warn("the guest %s %u bytes at 0x%09" PRIx64 ", %s are not reported",
		write ? "writes" : "reads", len, addr, where);
}

static uint32_t load_be(const uint8_t *p, unsigned int len)
{
	uint32_t value = 0;

	while (len--)
		value = value << 8 | *p++;
	return value;
}

static void store_be(uint8_t *p, unsigned int len, uint32_t value)
{
	while (len--) {
		p[len] = value;
		value >>= 8;
	}
}

void mmio_access(struct bus *bus, uint64_t addr, uint8_t *data, unsigned int len, bool write)
{
	const struct bus_region *r = find(bus, addr);
	uint32_t offset, unit;

	if (!r || len % r->unit || (addr - r->base) % r->unit || len > r->size - (addr - r->base)) {
		report_mmio(bus, r, addr, len, write);
		if (!write)
			memset(data, 0, len);
		return;
	}
	unit = r->unit;
	for (offset = addr - r->base; len; offset += unit, data += unit, len -= unit) {
		if (!write)
			store_be(data, unit, r->read(r->dev, offset));
		else if (r->write)
			r->write(r->dev, offset, load_be(data, unit));
	}
}

static const struct bus_region *find_dcr(struct bus *bus, uint32_t dcrn, const char *what)
{
	const struct bus_region *r = find(bus, dcrn);
	const struct bus_block *block;

	if (r || !first_time(bus, dcrn))
		return r;
	block = missing(bus, dcrn);
	vm_warn("the guest %s DCR 0x%03" PRIx32
		"%s%s, which this board does not have; further accesses to it are not reported",
		what, dcrn, block ? " of " : "", block ? block->name : "");
	return NULL;
}

void bus_report_register(struct bus *bus, const struct bus_block *block, uint32_t index,
			 const char *what)
{
	/* the data register stands for all of them */
	if (first_time(bus, (uint64_t)index << 32 | (block->base + 1)))
		vm_warn("the guest %s register 0x%03" PRIx32
			" of %s, which this board does not have; further accesses to it are not reported",
			what, index, block->name);
}

uint32_t dcr_read(struct bus *bus, uint32_t dcrn)
{
	const struct bus_region *r = find_dcr(bus, dcrn, "reads");

	return r ? r->read(r->dev, dcrn - r->base) : 0;
}

void dcr_write(struct bus *bus, uint32_t dcrn, uint32_t value)
{
	const struct bus_region *r = find_dcr(bus, dcrn, "writes");

	if (r && r->write)
		r->write(r->dev, dcrn - r->base, value);
}
