/* SPDX-License-Identifier: GPL-2.0-only */
/* core/'s environment inside the kernel */
#ifndef V44_ENV_H
#define V44_ENV_H

#include <linux/types.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/math64.h>
#include <linux/tracepoint-defs.h>
#include <asm/vdso/timebase.h>

static inline u32 v44_mod(u64 a, u32 b)
{
	u32 remainder;

	div_u64_rem(a, b, &remainder);
	return remainder;
}

/* Guest and host share it */
#define v44_timebase(v) get_tb()

struct v44;
DECLARE_TRACEPOINT(kvm44x_interrupt);
void k44x_trace_interrupt(struct v44 *v, u32 ivor);

#define v44_trace_interrupt(v, ivor)                      \
	do {                                              \
		if (tracepoint_enabled(kvm44x_interrupt)) \
			k44x_trace_interrupt(v, ivor);    \
	} while (0)

#endif
