// SPDX-License-Identifier: GPL-2.0-only
/* Reset state, PPC440x5 manual chapter 3. */
#include "v44.h"

/**
 * v44_init() - prepare a virtual CPU; v44_reset() must follow
 * @v: to be zeroed here
 * @ops: effects, for the life of @v
 * @entries: V44_SH_ALL shadow entries, for the life of @v
 * @counts: counted up, for the life of @v
 */
void v44_init(struct v44 *v, const struct v44_ops *ops, struct v44_sh_entry *entries,
	      struct v44_counts *counts)
{
	u32 i;

	memset(v, 0, sizeof(*v));
	memset(entries, 0, V44_SH_ALL * sizeof(*entries));
	for (i = 0; i < V44_SH_ALL; i++)
		entries[i].mask = 0xff; /* matches no shadow PID */
	memset(v->sh.head, 0xff, sizeof(v->sh.head)); /* V44_SH_NONE */
	v->ops = ops;
	v->sh.entry = entries;
	v->counts = counts;
}

/**
 * v44_reset() - hardware reset
 * @v: the virtual CPU
 * @pvr: processor version register
 *
 * What the manual calls undefined is 0 here, the TLB included.
 */
void v44_reset(struct v44 *v, u32 pvr)
{
	v44_shadow_reset(v);
	v44_magic_reset(v);
	memset(&v->cpu, 0, sizeof(v->cpu));
	memset(&v->index, 0, sizeof(v->index));
	v->cpu.pvr = pvr;
	v->cpu.pc = 0xfffffffc;
	v->cpu.timer.tsr_time = v44_timebase(v);
	v->debug.stepping = false;
	v44_debug_changed(v);
	v->ops->timer_changed(v);
	v->ops->small_pages(v, false);
}

/**
 * v44_pvr_known() - can a virtual CPU be this one on any host with an FPU?
 * @pvr: processor version register
 *
 * User instructions are the host's own, so it is those that must not differ.
 */
bool v44_pvr_known(u32 pvr)
{
	return pvr >> 16 == V44_PVR_440EP || pvr >> 16 == V44_PVR_460EX;
}

/**
 * v44_boot_tlb() - the first TLB, for a VMM that cannot set one
 * @v: the virtual CPU, just reset
 * @pc: where it starts
 *
 * A CPU that starts at the reset vector has its last 4 KB mapped, as the
 * hardware does (manual 3.2; there it is a shadow entry, here slot 0). Its ERPN
 * is given by pins of the core: a 460EX has its boot flash at 4_fff0_0000, a
 * 440EP at 0_fff0_0000. Any other start is that of a boot loader: 4 GB mapped one
 * to one by 16 entries, so that code, device tree and UART are all in reach.
 */
void v44_boot_tlb(struct v44 *v, u32 pc)
{
	struct v44_tlbe e = { { 0 }, 0 };
	u32 i;

	if (pc == 0xfffffffc) {
		e.word[0] = 0xfffff000 | V44_TLB0_V | V44_SIZE_4K << 4;
		e.word[1] = 0xfffff000 | (v->cpu.pvr >> 16 == V44_PVR_460EX ? 4 : 0);
		e.word[2] = V44_TLB2_SX | V44_TLB2_SR;
		v44_tlb_set(v, 0, &e);
		return;
	}
	e.word[2] = V44_TLB2_SX | V44_TLB2_SW | V44_TLB2_SR;
	for (i = 0; i < 16; i++) {
		e.word[0] = i << 28 | V44_TLB0_V | V44_SIZE_256M << 4;
		e.word[1] = i << 28;
		v44_tlb_set(v, i, &e);
	}
}
