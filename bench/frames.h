/* SPDX-License-Identifier: GPL-2.0-only */
/* What goes over the network in the benchmark: init.c asks, peer.c answers. */
#ifndef BENCH_FRAMES_H
#define BENCH_FRAMES_H

#include <endian.h>
#include <stdint.h>

#define FRAME_TYPE  0x88b5 /* for local experiments: IEEE 802, 9.2.3 */
#define FRAME_LEAST 60
#define BURST	    14

enum {
	FRAME_NOTHING, /* do not answer */
	FRAME_ECHO, /* send it back */
	FRAME_BURST, /* send BURST whole frames */
	FRAME_ANSWER,
};

struct frame {
	uint8_t to[6], from[6];
	uint16_t type;
	uint8_t wish;
	uint8_t rest[1497]; /* so that 700 are 1 MB, and a little more */
} __attribute__((packed));

#endif
