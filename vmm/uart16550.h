/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A 16550A UART (National Semiconductor PC16550D data sheet), without
 * line timing: a character written is sent at once.
 *
 * Called by the vCPU thread only.
 */
#ifndef VM44X_UART16550_H
#define VM44X_UART16550_H

#include <stdbool.h>
#include <stdint.h>

#define UART16550_REGS	     8
#define UART16550_FIFO_DEPTH 16

struct uart16550_ops {
	/* A character leaves the transmitter. */
	void (*transmit)(void *ctx, uint8_t c);
	/* The guest took a character: there is room for the next. */
	void (*rx_room)(void *ctx);
	/* The interrupt output changed. */
	void (*irq)(void *ctx, bool level);
};

struct uart16550 {
	const struct uart16550_ops *ops;
	void *ctx;
	uint8_t ier, fcr, lcr, mcr, msr, scr, dll, dlm;
	bool thre_pending; /* the THR-empty interrupt waits to be seen */
	bool overrun;
	bool irq_level;
	/* Receiver, oldest first; status holds the LSR error bits of the character. */
	struct {
		uint8_t data, status;
	} rx[UART16550_FIFO_DEPTH];
	unsigned int rx_count;
};

void uart16550_init(struct uart16550 *u, const struct uart16550_ops *ops, void *ctx);

/* Guest access to register reg (0..7; only the low three bits count). */
uint8_t uart16550_read(struct uart16550 *u, unsigned int reg);
void uart16550_write(struct uart16550 *u, unsigned int reg, uint8_t value);

/* Whether a character or a break from outside would be taken now. */
bool uart16550_can_receive(const struct uart16550 *u);

/* A character, or a break, arrives. Only while uart16550_can_receive(). */
void uart16550_receive(struct uart16550 *u, uint8_t c);
void uart16550_receive_break(struct uart16550 *u);

#endif
