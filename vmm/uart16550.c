// SPDX-License-Identifier: GPL-2.0-only
/* A 16550A UART; section numbers are those of the PC16550D data sheet. */
#include <string.h>

#include "uart16550.h"

enum {
	REG_DATA = 0, /* RBR, THR; DLL with DLAB */
	REG_IER = 1, /* DLM with DLAB */
	REG_IIR = 2, /* FCR when written */
	REG_LCR = 3,
	REG_MCR = 4,
	REG_LSR = 5,
	REG_MSR = 6,
	REG_SCR = 7,
};

#define IER_RDA	 0x01
#define IER_THRE 0x02
#define IER_RLS	 0x04
#define IER_MS	 0x08
#define IER_MASK 0x0f

#define IIR_NONE    0x01
#define IIR_MS	    0x00
#define IIR_THRE    0x02
#define IIR_RDA	    0x04
#define IIR_RLS	    0x06
#define IIR_TIMEOUT 0x0c
#define IIR_FIFO    0xc0

#define FCR_ENABLE   0x01
#define FCR_CLEAR_RX 0x02
#define FCR_TRIGGER  0xc0
#define FCR_KEPT     (FCR_ENABLE | FCR_TRIGGER)

#define LCR_DLAB 0x80

#define MCR_DTR	 0x01
#define MCR_RTS	 0x02
#define MCR_OUT1 0x04
#define MCR_OUT2 0x08
#define MCR_LOOP 0x10
#define MCR_MASK 0x1f

#define LSR_DR	       0x01
#define LSR_OE	       0x02
#define LSR_BI	       0x10
#define LSR_ERRORS     0x1e
#define LSR_THRE       0x20
#define LSR_TEMT       0x40
#define LSR_FIFO_ERROR 0x80

#define MSR_TERI  0x04
#define MSR_DELTA 0x0f
#define MSR_CTS	  0x10
#define MSR_DSR	  0x20
#define MSR_RI	  0x40
#define MSR_DCD	  0x80

static unsigned int fifo_depth(const struct uart16550 *u)
{
	return u->fcr & FCR_ENABLE ? UART16550_FIFO_DEPTH : 1;
}

static unsigned int fifo_trigger(const struct uart16550 *u)
{
	static const uint8_t level[] = { 1, 4, 8, 14 };

	return u->fcr & FCR_ENABLE ? level[u->fcr >> 6] : 1;
}

/* The errors that the LSR shows: those of the oldest character, and an overrun. */
static uint8_t line_errors(const struct uart16550 *u)
{
	uint8_t errors = u->rx_count ? u->rx[0].status : 0;

	return u->overrun ? errors | LSR_OE : errors;
}

/*
 * The highest interrupt that is pending and enabled (8.6, table of
 * priorities). Without line timing the character time-out is immediate:
 * fewer characters than the trigger level are reported as such at once.
 */
static uint8_t pending(const struct uart16550 *u)
{
	if ((u->ier & IER_RLS) && line_errors(u))
		return IIR_RLS;
	if ((u->ier & IER_RDA) && u->rx_count)
		return u->rx_count >= fifo_trigger(u) ? IIR_RDA : IIR_TIMEOUT;
	if ((u->ier & IER_THRE) && u->thre_pending)
		return IIR_THRE;
	if ((u->ier & IER_MS) && (u->msr & MSR_DELTA))
		return IIR_MS;
	return IIR_NONE;
}

static void update_irq(struct uart16550 *u)
{
	bool level = pending(u) != IIR_NONE;

	if (level == u->irq_level)
		return;
	u->irq_level = level;
	u->ops->irq(u->ctx, level);
}

/*
 * Modem inputs: a peer that is always there; in loopback the modem outputs
 * (8.9). A changed input sets its delta bit, RI only when it goes away.
 */
static void update_modem(struct uart16550 *u)
{
	uint8_t now = MSR_CTS | MSR_DSR | MSR_DCD;
	uint8_t changed, delta;

	if (u->mcr & MCR_LOOP)
		now = (u->mcr & MCR_RTS ? MSR_CTS : 0) | (u->mcr & MCR_DTR ? MSR_DSR : 0) |
		      (u->mcr & MCR_OUT1 ? MSR_RI : 0) | (u->mcr & MCR_OUT2 ? MSR_DCD : 0);
	changed = (u->msr ^ now) & (uint8_t)~MSR_DELTA;
	delta = changed >> 4;
	if ((delta & MSR_TERI) && (now & MSR_RI))
		delta &= ~MSR_TERI;
	u->msr = (u->msr & MSR_DELTA) | delta | now;
}

static void rx_push(struct uart16550 *u, uint8_t c, uint8_t status)
{
	if (u->rx_count == fifo_depth(u)) {
		u->overrun = true;
		/* A full FIFO loses the new character, a full RBR the old one (8.4). */
		if (u->fcr & FCR_ENABLE)
			return;
		u->rx_count = 0;
	}
	u->rx[u->rx_count].data = c;
	u->rx[u->rx_count].status = status;
	u->rx_count++;
}

static uint8_t rx_pop(struct uart16550 *u)
{
	uint8_t c;

	if (!u->rx_count)
		return 0;
	c = u->rx[0].data;
	u->rx_count--;
	memmove(u->rx, u->rx + 1, u->rx_count * sizeof(u->rx[0]));
	return c;
}

void uart16550_init(struct uart16550 *u, const struct uart16550_ops *ops, void *ctx)
{
	memset(u, 0, sizeof(*u));
	u->ops = ops;
	u->ctx = ctx;
	u->thre_pending = true;
	update_modem(u);
	u->msr &= ~MSR_DELTA;
}

bool uart16550_can_receive(const struct uart16550 *u)
{
	return !(u->mcr & MCR_LOOP) && u->rx_count < fifo_depth(u);
}

void uart16550_receive(struct uart16550 *u, uint8_t c)
{
	rx_push(u, c, 0);
	update_irq(u);
}

void uart16550_receive_break(struct uart16550 *u)
{
	rx_push(u, 0, LSR_BI);
	update_irq(u);
}

static uint8_t read_lsr(struct uart16550 *u)
{
	uint8_t lsr = LSR_THRE | LSR_TEMT | line_errors(u);
	unsigned int i;

	if (u->rx_count)
		lsr |= LSR_DR;
	if (u->fcr & FCR_ENABLE)
		for (i = 0; i < u->rx_count; i++)
			if (u->rx[i].status)
				lsr |= LSR_FIFO_ERROR;
	/* Reading shows each error once. */
	u->overrun = false;
	if (u->rx_count)
		u->rx[0].status = 0;
	return lsr;
}

uint8_t uart16550_read(struct uart16550 *u, unsigned int reg)
{
	uint8_t value = 0;

	switch (reg & 7) {
	case REG_DATA:
		if (u->lcr & LCR_DLAB)
			return u->dll;
		value = rx_pop(u);
		if (uart16550_can_receive(u))
			u->ops->rx_room(u->ctx);
		break;
	case REG_IER:
		return u->lcr & LCR_DLAB ? u->dlm : u->ier;
	case REG_IIR:
		value = pending(u);
		/* Reading the IIR acknowledges THR empty, if that is what it says. */
		if (value == IIR_THRE)
			u->thre_pending = false;
		if (u->fcr & FCR_ENABLE)
			value |= IIR_FIFO;
		break;
	case REG_LCR:
		return u->lcr;
	case REG_MCR:
		return u->mcr;
	case REG_LSR:
		value = read_lsr(u);
		break;
	case REG_MSR:
		value = u->msr;
		u->msr &= ~MSR_DELTA;
		break;
	case REG_SCR:
		return u->scr;
	}
	update_irq(u);
	return value;
}

static void write_data(struct uart16550 *u, uint8_t c)
{
	if (u->mcr & MCR_LOOP)
		rx_push(u, c, 0);
	else
		u->ops->transmit(u->ctx, c);
	/* Sent already: empty again, which is a new reason to interrupt. */
	u->thre_pending = true;
}

static void write_fcr(struct uart16550 *u, uint8_t value)
{
	/* Turning the FIFOs on or off empties them; off, the other bits do not count (8.5). */
	if (((u->fcr ^ value) & FCR_ENABLE) || (value & FCR_CLEAR_RX))
		u->rx_count = 0;
	u->fcr = value & FCR_ENABLE ? value & FCR_KEPT : 0;
	if (uart16550_can_receive(u))
		u->ops->rx_room(u->ctx);
}

void uart16550_write(struct uart16550 *u, unsigned int reg, uint8_t value)
{
	switch (reg & 7) {
	case REG_DATA:
		if (u->lcr & LCR_DLAB)
			u->dll = value;
		else
			write_data(u, value);
		break;
	case REG_IER:
		if (u->lcr & LCR_DLAB) {
			u->dlm = value;
			break;
		}
		value &= IER_MASK;
		/* Enabling THR empty while it is empty interrupts at once. */
		if ((value & ~u->ier) & IER_THRE)
			u->thre_pending = true;
		u->ier = value;
		break;
	case REG_IIR:
		write_fcr(u, value);
		break;
	case REG_LCR:
		u->lcr = value;
		break;
	case REG_MCR:
		u->mcr = value & MCR_MASK;
		update_modem(u);
		if (uart16550_can_receive(u))
			u->ops->rx_room(u->ctx);
		break;
	case REG_SCR:
		u->scr = value;
		break;
	}
	update_irq(u);
}
