// SPDX-License-Identifier: GPL-2.0-only
/*
 * The magic page: supervisor registers of a guest that wants them in its memory
 * (Documentation/virt/kvm/ppc-pv.rst), at an effective address of its choice, above its own
 * TLB. The registers in struct v44_cpu are the true ones whenever the guest does not run;
 * the page is written before it runs, and read back afterwards.
 *
 * Whoever asks for the page pays nothing before the first access to it, which is what
 * V44_FAULT_MAGIC tells: Linux asks for it, finds that it cannot use it, and boots on.
 */
#include "v44.h"

/**
 * v44_magic_map() - map the page, or map it elsewhere
 * @v: the virtual CPU
 * @ea: any effective address in it
 */
void v44_magic_map(struct v44 *v, u32 ea)
{
	struct v44_magic *m = &v->magic;

	v44_shadow_drop_all(v);
	if (m->mapped)
		v44_tlb_mark(v, m->ea, false);
	m->ea = ea & ~(V44_MAGIC_BYTES - 1);
	m->mapped = true;
	v44_tlb_mark(v, m->ea, true);
}

/** v44_magic_reset() - as after a reset; what the user has to know of it is @used */
void v44_magic_reset(struct v44 *v)
{
	if (v->magic.mapped) {
		v44_shadow_drop_all(v);
		v44_tlb_mark(v, v->magic.ea, false);
	}
	memset(&v->magic, 0, sizeof(v->magic));
}

/**
 * v44_magic_use() - the guest has accessed the page: there is one from now on
 * @v: the virtual CPU; v44_magic_show() and v44_magic_take() around each run of it follow
 * @page: zeros; the user's, until v44_magic_reset()
 * @hpa: its host physical address, below 64 GB
 */
void v44_magic_use(struct v44 *v, struct v44_magic_page *page, u64 hpa)
{
	v->magic.page = page;
	v->magic.hpa = hpa;
	v->magic.used = true;
}

/** v44_magic_show() - the page as the guest is to find it */
void v44_magic_show(const struct v44 *v)
{
	const struct v44_magic *m = &v->magic;
	const struct v44_cpu *cpu = &v->cpu;
	struct v44_magic_page *p = m->page;
	u32 i;

	for (i = 0; i < 3; i++)
		p->scratch[i] = m->scratch[i];
	p->critical = m->critical;
	for (i = 0; i < 4; i++) {
		p->sprg[i] = cpu->sprg[i];
		p->sprg4[i] = cpu->sprg[4 + i];
	}
	p->srr[0] = cpu->srr[0];
	p->srr[1] = cpu->srr[1];
	p->dar = cpu->dear;
	p->esr = cpu->esr;
	p->msr = cpu->msr;
	p->pir = cpu->pir;
	p->int_pending = !!(v44_pending_msr(v) & (V44_MSR_CE | V44_MSR_EE));
}

/**
 * v44_magic_take() - what the guest has made of the page
 * @v: the virtual CPU
 *
 * Of the MSR it may change EE, which nobody has to be told of at once; what it writes to
 * other bits, or to PIR, is lost.
 */
void v44_magic_take(struct v44 *v)
{
	const struct v44_magic_page *p = v->magic.page;
	struct v44_magic *m = &v->magic;
	struct v44_cpu *cpu = &v->cpu;
	u32 i;

	for (i = 0; i < 3; i++)
		m->scratch[i] = p->scratch[i];
	m->critical = p->critical;
	for (i = 0; i < 4; i++) {
		cpu->sprg[i] = p->sprg[i];
		cpu->sprg[4 + i] = p->sprg4[i];
	}
	cpu->srr[0] = p->srr[0] & ~3u;
	cpu->srr[1] = p->srr[1];
	cpu->dear = p->dar;
	cpu->esr = p->esr;
	cpu->msr = (cpu->msr & ~V44_MSR_EE) | (p->msr & V44_MSR_EE);
}

/** v44_magic_peek() - the aligned word at @offset as it lies in the page; false if there is none */
bool v44_magic_peek(const struct v44 *v, u32 offset, u32 *word)
{
	if (!v->magic.used)
		return false;
	v44_magic_show(v);
	memcpy(word, (const u8 *)v->magic.page + offset, sizeof(*word));
	return true;
}
