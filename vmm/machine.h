/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A board put together: devices on their buses, interrupt lines to the UIC,
 * UARTs to the host's serial lines. vCPU thread only.
 */
#ifndef VM44X_MACHINE_H
#define VM44X_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"
#include "bus.h"
#include "sdram.h"
#include "serial.h"
#include "uart16550.h"
#include "uic.h"

/*
 * The power control register: 32 bits, big-endian, reads 0. Writing one of
 * these ends the VM.
 */
#define MACHINE_POWER_SIZE 4
#define MACHINE_POWER_OFF  1
#define MACHINE_RESET	   2

struct machine;

struct machine_uart {
	struct machine *machine;
	struct uart16550 uart;
	struct serial *serial;
	uint32_t source; /* of the UIC */
};

struct machine {
	struct bus mmio, dcr;
	struct machine_uart uart[BOARD_UARTS];
	struct uic uic;
	struct sdram sdram;
	bool ended; /* the guest wrote to the power control register */
	bool critical_reported;
};

/* serial: one for each UART of the board, longer lived than the machine. */
void machine_init(struct machine *m, const struct board *board, uint64_t ram,
		  struct serial *serial);

/* Move characters from the serial lines to UARTs that have room. */
void machine_pump(struct machine *m);

/* The level of the vCPU's external input. */
bool machine_external(struct machine *m);

#endif
