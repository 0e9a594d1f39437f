/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A board put together: devices on their buses, interrupt lines to the UIC,
 * UARTs to the host's serial lines. vCPU thread only.
 */
#ifndef VM44X_MACHINE_H
#define VM44X_MACHINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "board.h"
#include "bus.h"
#include "indirect.h"
#include "sdram.h"
#include "serial.h"
#include "uart16550.h"
#include "uic.h" /* core's */
#include "virtio/device.h"

/*
 * The power control register: 32 bits, big-endian, reads 0. Writing one of
 * these ends the VM.
 */
#define MACHINE_POWER_SIZE 4
#define MACHINE_POWER_OFF  1
#define MACHINE_RESET	   2

/* As many blocks of a board that are reached by pairs of DCRs, and are not here */
#define MACHINE_INDIRECT 4

struct machine;

/* Interrupt controllers outside of the machine, in the kernel */
struct machine_irqchip {
	void (*set)(void *ctx, uint32_t irq, bool asserted);
	void *ctx;
};

struct machine_uart {
	struct machine *machine;
	struct uart16550 uart;
	struct serial *serial;
	uint32_t irq; /* 32 n + source of UICn */
};

/* The registers of one of the machine's own UICs */
struct machine_uic {
	struct v44_uics *uics;
	uint32_t dcr;
};

struct machine {
	struct bus mmio, dcr;
	struct machine_uart uart[BOARD_UARTS];
	uint32_t virtio_source; /* of UIC0: the first slot's */
	atomic_uint edges; /* bit n: of virtio slot n, not yet at uics; without irqchip */
	const struct machine_irqchip *irqchip; /* NULL: uics */
	struct v44_uics uics;
	struct machine_uic uic[V44_UICS];
	struct sdram sdram;
	struct indirect indirect[MACHINE_INDIRECT];
	bool ended; /* the guest wrote to the power control register */
};

/*
 * serial: one for each UART of the board; irqchip: NULL if the machine has the interrupt
 * controllers itself. Both live longer than the machine.
 */
void machine_init(struct machine *m, const struct board *board, uint64_t ram, struct serial *serial,
		  const struct machine_irqchip *irqchip);

/* Where the registers of a virtio slot are, as a physical address */
uint64_t machine_virtio_addr(const struct board *board, unsigned int slot);

/* Put a virtio device into a slot, below BOARD_VIRTIO. */
void machine_add_virtio(struct machine *m, const struct board *board, unsigned int slot,
			struct virtio_device *v);

/* Any thread, without irqchip: an edge of a slot's interrupt, for the next machine_pump. */
void machine_edge(struct machine *m, unsigned int slot);

/*
 * Move characters from the serial lines to UARTs that have room, and interrupts of virtio
 * devices to the interrupt controller.
 */
void machine_pump(struct machine *m);

/* The levels of the vCPU's two inputs, by the machine's own interrupt controllers. */
bool machine_external(const struct machine *m);
bool machine_critical(const struct machine *m);

#endif
