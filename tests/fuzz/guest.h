/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest of one virtio device that does what the input says: right, wrong, in any order. */
#ifndef FUZZ_GUEST_H
#define FUZZ_GUEST_H

#include <stddef.h>
#include <stdint.h>

#include "virtio/device.h"

#define GUEST_RAM   0x10000u
#define GUEST_QUEUE 8 /* entries of its queues, unless it moves them */

/* The rest of an input; behind its end everything is 0. */
struct input {
	const uint8_t *data;
	size_t size;
};

uint8_t input_u8(struct input *in);
uint16_t input_u16(struct input *in);
uint32_t input_u32(struct input *in);

/*
 * Be the device's guest until the input has ended. request, which may be NULL, fills size
 * bytes of what a driver of this device sends, from the input.
 */
void guest_run(struct virtio_device *v, struct input *in,
	       void (*request)(struct input *in, uint8_t *bytes, uint32_t size));

#endif
