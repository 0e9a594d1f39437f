/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debugging: the virtual CPU's own facility (PPC440x5 manual chapter 8), and the
 * VMM's, which looks at the same instructions and is kept apart from it.
 *
 * A page that somebody watches has shadows without the right in question, so an
 * access to it ends the guest. The instruction is then looked at here, and if
 * nothing comes of that, it is executed alone, as a step: in a context of its own,
 * whose shadows have all rights. How one instruction is executed alone is the
 * business of whoever runs the guest. While there is anything to look for
 * (@active), every exit has to come by here.
 */
#ifndef V44_DEBUG_H
#define V44_DEBUG_H

#include "v44_env.h"

struct v44;

enum v44_access_type {
	V44_FETCH,
	V44_LOAD,
	V44_STORE
};

#define V44_POINTS 16

/* A breakpoint or watchpoint of the VMM's: the guest accesses the byte at @ea */
struct v44_point {
	u32 ea;
	u32 types; /* enum v44_access_type, a bit each */
};

struct v44_debug {
	bool active; /* there is something to look for */
	bool watching; /* pages may have shadows that lack rights */
	bool stepping; /* the instruction at @pc is under way, or through */
	bool completed; /* it is through */
	bool interrupted; /* an interrupt was taken since it began */
	bool enabled; /* MSR[DE] when it began */
	bool step; /* the VMM's: stop after each instruction */
	u16 reserved; /* steps for which a step's lwarx still reserves the word at @reserved_ea */
	u8 linger; /* steps that are still to come after a watched page was left */
	u32 pc;
	u32 insn; /* at pc */
	u32 reserved_ea;
	u32 reserved_value;
	enum v44_access_type hit; /* of the point that was found last */
	u32 points; /* the VMM's */
	struct v44_point point[V44_POINTS];
};

/* What looking at an instruction that is to be executed led to */
enum v44_look {
	V44_LOOK_ON, /* nothing, or an event that does not keep it */
	V44_LOOK_EVENT, /* a debug interrupt comes first: v44_deliver() takes it */
	V44_LOOK_POINT, /* one of the VMM's points */
};

void v44_debug_changed(struct v44 *v);
void v44_debug_status_changed(struct v44 *v);
u32 v44_debug_withheld(const struct v44 *v, u32 first, u32 last);
bool v44_debug_watched(const struct v44 *v, u32 ea, enum v44_access_type type);
bool v44_debug_traps(const struct v44 *v);
bool v44_debug_every(const struct v44 *v);
void v44_debug_begin(struct v44 *v);
enum v44_look v44_debug_fetch(struct v44 *v, const struct v44_point **point);
enum v44_look v44_debug_execute(struct v44 *v, u32 insn, const struct v44_point **point);
bool v44_debug_stores_conditionally(const struct v44 *v);
bool v44_debug_reservation(struct v44 *v, u32 ea);
bool v44_debug_over(const struct v44 *v);
void v44_debug_end(struct v44 *v);
void v44_debug_interrupt(struct v44 *v, u32 ivor);

#endif
