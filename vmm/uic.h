/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Universal Interrupt Controller of the 4xx (PPC440EP user's manual,
 * chapter "Interrupt controller"). Source n is mask 0x80000000 >> n.
 *
 * Called by the vCPU thread only.
 */
#ifndef VM44X_UIC_H
#define VM44X_UIC_H

#include <stdbool.h>
#include <stdint.h>

/* DCR offsets */
enum uic_reg {
	UIC_SR, /* status, write one to clear */
	UIC_SRS, /* status, write one to set */
	UIC_ER, /* enable */
	UIC_CR, /* 1: critical */
	UIC_PR, /* polarity, 1: active high */
	UIC_TR, /* trigger, 1: edge */
	UIC_MSR, /* status and enable, read only */
	UIC_VR, /* vector of the highest critical source, read only */
	UIC_VCR, /* vector configuration */
	UIC_REGS,
};

struct uic {
	uint32_t sr, er, cr, pr, tr, vcr;
	uint32_t level; /* the inputs, 1: asserted */
};

/* Guest access to register reg (enum uic_reg; others read 0, writes are lost). */
uint32_t uic_read(const struct uic *uic, unsigned int reg);
void uic_write(struct uic *uic, unsigned int reg, uint32_t value);

/* A device drives source (0..31). */
void uic_set_input(struct uic *uic, unsigned int source, bool asserted);

/* The two outputs, to the core's external and critical inputs. */
bool uic_external(const struct uic *uic);
bool uic_critical(const struct uic *uic);

#endif
