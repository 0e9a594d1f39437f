// SPDX-License-Identifier: GPL-2.0-only
#include "indirect.h"

static uint32_t indirect_read(void *dev, uint32_t offset)
{
	const struct indirect *indirect = dev;

	if (!offset)
		return indirect->index;
	bus_report_register(indirect->bus, indirect->block, indirect->index, "reads");
	return 0;
}

static void indirect_write(void *dev, uint32_t offset, uint32_t value)
{
	struct indirect *indirect = dev;

	if (!offset)
		indirect->index = value;
	else
		bus_report_register(indirect->bus, indirect->block, indirect->index, "writes");
}

void indirect_init(struct indirect *indirect, struct bus *bus, const struct bus_block *block)
{
	*indirect = (struct indirect){ .bus = bus, .block = block };
	bus_add(bus, &(struct bus_region){
			     .name = block->name,
			     .base = block->base,
			     .size = block->size,
			     .dev = indirect,
			     .read = indirect_read,
			     .write = indirect_write,
		     });
}
