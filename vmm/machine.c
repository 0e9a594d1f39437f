// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "machine.h"

static void uart_transmit(void *ctx, uint8_t c)
{
	struct machine_uart *mu = ctx;

	serial_transmit(mu->serial, c);
}

static void uart_pump(void *ctx)
{
	struct machine_uart *mu = ctx;

	while (uart16550_can_receive(&mu->uart)) {
		int c = serial_take(mu->serial);

		if (c == SERIAL_NONE)
			break;
		if (c == SERIAL_BREAK)
			uart16550_receive_break(&mu->uart);
		else
			uart16550_receive(&mu->uart, c);
	}
}

static void uart_irq(void *ctx, bool level)
{
	struct machine_uart *mu = ctx;
	struct machine *m = mu->machine;

	if (m->irqchip)
		m->irqchip->set(m->irqchip->ctx, mu->irq, level);
	else
		v44_uic_set_input(&m->uics, mu->irq, level);
}

static const struct uart16550_ops uart_ops = {
	.transmit = uart_transmit,
	.rx_room = uart_pump,
	.irq = uart_irq,
};

static uint32_t uart_region_read(void *dev, uint32_t offset)
{
	return uart16550_read(dev, offset);
}

static void uart_region_write(void *dev, uint32_t offset, uint32_t value)
{
	uart16550_write(dev, offset, value);
}

static uint32_t uic_region_read(void *dev, uint32_t offset)
{
	const struct machine_uic *uic = dev;
	uint32_t value = 0;

	v44_uic_read(uic->uics, uic->dcr + offset, &value);
	return value;
}

static void uic_region_write(void *dev, uint32_t offset, uint32_t value)
{
	const struct machine_uic *uic = dev;

	v44_uic_write(uic->uics, uic->dcr + offset, value);
}

static uint32_t power_read(void *dev, uint32_t offset)
{
	(void)dev;
	(void)offset;
	return 0;
}

static void power_write(void *dev, uint32_t offset, uint32_t value)
{
	struct machine *m = dev;

	(void)offset;
	if (value == MACHINE_POWER_OFF || value == MACHINE_RESET)
		m->ended = true;
}

static void add_uart(struct machine *m, const struct board *b, unsigned int i,
		     struct serial *serial)
{
	static const char *const name[BOARD_UARTS] = { "UART0", "UART1" };
	struct machine_uart *mu = &m->uart[i];

	mu->machine = m;
	mu->serial = serial;
	mu->irq = b->uart[i].irq;
	uart16550_init(&mu->uart, &uart_ops, mu);
	bus_add(&m->mmio, &(struct bus_region){
				  .name = name[i],
				  .base = b->opb_base + b->uart[i].addr,
				  .size = UART16550_REGS,
				  .unit = 1,
				  .dev = &mu->uart,
				  .read = uart_region_read,
				  .write = uart_region_write,
			  });
}

static void add_uic(struct machine *m, const struct board *b, unsigned int i)
{
	static const char *const name[V44_UICS] = { "UIC0", "UIC1", "UIC2", "UIC3" };
	struct machine_uic *uic = &m->uic[i];

	v44_uic_add(&m->uics, &b->uic[i]);
	*uic = (struct machine_uic){ .uics = &m->uics, .dcr = b->uic[i].dcr };
	bus_add(&m->dcr, &(struct bus_region){
				 .name = name[i],
				 .base = b->uic[i].dcr,
				 .size = V44_UIC_REGS,
				 .dev = uic,
				 .read = uic_region_read,
				 .write = uic_region_write,
			 });
}

static void add_power(struct machine *m, const struct board *b)
{
	bus_add(&m->mmio, &(struct bus_region){
				  .name = "the power control",
				  .base = b->opb_base + b->power_addr,
				  .size = MACHINE_POWER_SIZE,
				  .unit = 4,
				  .dev = m,
				  .read = power_read,
				  .write = power_write,
			  });
}

static void add_sdram(struct machine *m, const struct board *b, uint64_t ram)
{
	sdram_init(&m->sdram, ram);
	bus_add(&m->dcr, &(struct bus_region){
				 .name = "SDRAM0",
				 .base = b->sdram_dcr,
				 .size = SDRAM_DCRS,
				 .dev = &m->sdram,
				 .read = sdram_read,
				 .write = sdram_write,
			 });
}

/* What the board's chip has and we have not: so that it can be called by its name */
static void add_missing(struct machine *m, const struct board *b)
{
	struct indirect *indirect = m->indirect;
	const struct bus_block *block;

	m->mmio.missing = b->no_mmio;
	m->dcr.missing = b->no_dcr;
	for (block = b->no_dcr; block->name; block++)
		if (block->indirect)
			indirect_init(indirect++, &m->dcr, block);
}

uint64_t machine_virtio_addr(const struct board *b, unsigned int slot)
{
	return b->opb_base + b->virtio_addr + slot * VIRTIO_WINDOW;
}

/* The registers are little-endian. */
static uint32_t virtio_region_read(void *dev, uint32_t offset)
{
	return __builtin_bswap32(virtio_read(dev, offset));
}

static void virtio_region_write(void *dev, uint32_t offset, uint32_t value)
{
	virtio_write(dev, offset, __builtin_bswap32(value));
}

static uint32_t virtio_region_read_config(void *dev, uint32_t offset)
{
	return virtio_config_read(dev, offset);
}

static void virtio_region_write_config(void *dev, uint32_t offset, uint32_t value)
{
	virtio_config_write(dev, offset, value);
}

void machine_add_virtio(struct machine *m, const struct board *b, unsigned int slot,
			struct virtio_device *v)
{
	const uint64_t base = machine_virtio_addr(b, slot);

	m->virtio_source = b->virtio_source;
	bus_add(&m->mmio, &(struct bus_region){
				  .name = v->name,
				  .base = base,
				  .size = VIRTIO_REGISTERS,
				  .unit = 4,
				  .dev = v,
				  .read = virtio_region_read,
				  .write = virtio_region_write,
			  });
	bus_add(&m->mmio, &(struct bus_region){
				  .name = v->name,
				  .base = base + VIRTIO_REGISTERS,
				  .size = VIRTIO_WINDOW - VIRTIO_REGISTERS,
				  .unit = 1,
				  .dev = v,
				  .read = virtio_region_read_config,
				  .write = virtio_region_write_config,
			  });
}

void machine_edge(struct machine *m, unsigned int slot)
{
	atomic_fetch_or(&m->edges, 1u << slot);
}

static void pump_edges(struct machine *m)
{
	unsigned int edges = atomic_exchange(&m->edges, 0), slot;

	for (slot = 0; edges; slot++, edges >>= 1) {
		if (!(edges & 1))
			continue;
		v44_uic_set_input(&m->uics, m->virtio_source + slot, true);
		v44_uic_set_input(&m->uics, m->virtio_source + slot, false);
	}
}

void machine_init(struct machine *m, const struct board *b, uint64_t ram, struct serial *serial,
		  const struct machine_irqchip *irqchip)
{
	unsigned int i;

	memset(m, 0, sizeof(*m));
	m->irqchip = irqchip;
	for (i = 0; i < BOARD_UARTS; i++)
		add_uart(m, b, i, &serial[i]);
	add_power(m, b);
	for (i = 0; i < b->uics && !irqchip; i++)
		add_uic(m, b, i);
	if (b->sdram_dcr)
		add_sdram(m, b, ram);
	add_missing(m, b);
}

void machine_pump(struct machine *m)
{
	unsigned int i;

	for (i = 0; i < BOARD_UARTS; i++)
		uart_pump(&m->uart[i]);
	pump_edges(m);
}

bool machine_external(const struct machine *m)
{
	return v44_uic_external(&m->uics);
}

bool machine_critical(const struct machine *m)
{
	return v44_uic_critical(&m->uics);
}
