// SPDX-License-Identifier: GPL-2.0-only
/* Offsets for switch.S, from the pointer that it holds in SPRG1: struct kvm_vcpu_arch */
#include <linux/kbuild.h>
#include <linux/kvm_host.h>
#include "kvm44x.h"

#define CPU(name, field) DEFINE(CPU_##name, offsetof(struct kvm_vcpu_arch, v.cpu.field))
#define SW(name, field)	 DEFINE(SW_##name, offsetof(struct kvm_vcpu_arch, sw.field))

/* switch.S reaches everything by 16-bit displacements */
static_assert(sizeof(struct kvm_vcpu_arch) < 0x8000);

/* What fast.S has in its shifts and masks */
static_assert(sizeof(struct v44_sh_entry) * V44_SH_WAYS == 128 && V44_SH_WAYS == 4);
static_assert(V44_SH_SMALL / V44_SH_WAYS == 1024 && V44_SH_LARGE / V44_SH_WAYS == 64);
static_assert(sizeof(struct k44x_spr) == 16);
static_assert(offsetof(struct v44_uic, reg) == 0 && K44X_UIC0_DCR == 6 << 5);
static_assert(sizeof(struct v44_tlbe) == 16 && K44X_MAP_CHUNK == 1024);
static_assert(offsetof(struct v44_sh_entry, tag) == 0);
static_assert(offsetof(struct v44_sh_entry, prev) == offsetof(struct v44_sh_entry, next) + 2);
static_assert(offsetof(struct v44_sh_entry, device) == offsetof(struct v44_sh_entry, slot) + 2);
static_assert(!(K44X_STORAGE_ESR & 0xffff) && !(K44X_NOT_RIGHTS_ESR & 0xffff));
static_assert(V44_INST_TLB - V44_DATA_TLB == V44_INST_STORAGE - V44_DATA_STORAGE);

int main(void)
{
	CPU(GPR, gpr);
	CPU(PC, pc);
	CPU(CR, cr);
	CPU(XER, xer);
	CPU(LR, lr);
	CPU(CTR, ctr);
	CPU(SPRG4, sprg[4]);
	CPU(MSR, msr);
	CPU(SRR, srr);
	CPU(PID, pid);
	CPU(IVPR, ivpr);
	CPU(IVOR, ivor);
	CPU(ESR, esr);
	CPU(DEAR, dear);
	CPU(MMUCR, mmucr);
	CPU(TCR, tcr);
	CPU(TSR, tsr);
	CPU(MCSR, mcsr);
	CPU(LINES, lines);
	CPU(DEC_RUNNING, timer.dec_running);
	CPU(DEC_ZERO, timer.dec_zero);
	CPU(TLB, tlb);
	CPU(TLB_TID, tlb[0].tid);
	SW(HW_MSR, hw_msr);
	SW(SID, sid);
	SW(IVPR, ivpr);
	SW(VECTOR, vector);
	SW(ESR, esr);
	SW(DEAR, dear);
	SW(HOST_R1, host_r1);
	SW(HOST_MSR, host_msr);
	SW(SWITCH_MSR, switch_msr);
	SW(HOST_IVPR, host_ivpr);
	SW(HOST_MMUCR, host_mmucr);
	SW(HOST_SPRG3, host_sprg3);
	SW(CRITICAL_VECTOR, critical_vector);
	SW(CRITICAL_R4, critical_r4);
	SW(CRITICAL_CR, critical_cr);
	SW(MCHECK_R3, mcheck_r3);
	SW(MCHECK_R4, mcheck_r4);
	SW(MCHECK_CR, mcheck_cr);
	SW(RESERVATION, reservation);
	SW(WANTED, wanted);
	SW(FP_MASK, fp_mask);
	SW(HOST_NEXT, host_next);
	SW(SLOTS, slots);
	SW(TABLES, tables);
	SW(UIC0, uic0);
	SW(TABLES_OF, tables_of);
	SW(AHEAD, ahead);
	SW(REFILL, refill);
	SW(FAST_REFILLS, fast.refills);
	SW(FAST_PRIVILEGED, fast.privileged);
	SW(FAST_INTERRUPTS, fast.interrupts);
	SW(FAST_MADE, fast.made);
	SW(MISSED, missed);
	SW(MISSED_R26, missed[26 - 8]);
	SW(MISSED_R30, missed[30 - 8]);
	SW(RAM_GFN, ram.gfn);
	SW(RAM_COUNT, ram.count);
	SW(RAM_MAP, ram.map);
	DEFINE(INDEX_MIXED, offsetof(struct kvm_vcpu_arch, v.index.mixed));
	DEFINE(INDEX_BUCKET, offsetof(struct kvm_vcpu_arch, v.index.bucket));
	DEFINE(SH_HEAD, offsetof(struct kvm_vcpu_arch, v.sh.head));
	DEFINE(SH_GFN, offsetof(struct v44_sh_entry, gfn));
	DEFINE(SH_NEXT, offsetof(struct v44_sh_entry, next));
	DEFINE(SH_PREV, offsetof(struct v44_sh_entry, prev));
	DEFINE(SH_SLOT, offsetof(struct v44_sh_entry, slot));
	DEFINE(SH_NONE, V44_SH_NONE);
	DEFINE(HW_NONE, V44_HW_NONE);
	DEFINE(MAP_WRITABLE, K44X_MAP_WRITABLE);
	DEFINE(TLB_V, V44_TLB0_V);
	DEFINE(TLB_TS, V44_TLB0_TS);
	DEFINE(TLB_SIZE, V44_TLB0_SIZE);
	DEFINE(TLB_4K, V44_SIZE_4K << 4);
	DEFINE(TLB_VALID_4K, V44_TLB0_V | V44_SIZE_4K << 4);
	DEFINE(TLB_UX, V44_TLB2_UX);
	DEFINE(TLB_UW, V44_TLB2_UW);
	DEFINE(MMUCR_STS, V44_MMUCR_STS);
	DEFINE(STORAGE_ESR, K44X_STORAGE_ESR);
	DEFINE(ESR_NOT_RIGHTS, K44X_NOT_RIGHTS_ESR);
	DEFINE(GUEST_MSR_IS, V44_MSR_IS);
	DEFINE(GUEST_MSR_WE, V44_MSR_WE);
	DEFINE(TCR_ACTS, V44_TCR_ACTS);
	DEFINE(ARCH_TIMER_NEXT, offsetof(struct kvm_vcpu_arch, timer_next));
	DEFINE(ARCH_TIMER_RUNNING, offsetof(struct kvm_vcpu_arch, timer_running));
	DEFINE(ARCH_SHADOW, offsetof(struct kvm_vcpu_arch, shadow));
	DEFINE(SH_SID, offsetof(struct kvm_vcpu_arch, v.sh.sid));
	DEFINE(SH_SIZE, sizeof(struct v44_sh_entry));
	DEFINE(SH_LARGE, V44_SH_SMALL * sizeof(struct v44_sh_entry));
	DEFINE(SH_TAG, offsetof(struct v44_sh_entry, tag));
	DEFINE(SH_MASK, offsetof(struct v44_sh_entry, mask));
	DEFINE(SH_WORD, offsetof(struct v44_sh_entry, word));
	DEFINE(SH_HW, offsetof(struct v44_sh_entry, hw));
	DEFINE(SLOTS_NEXT, offsetof(struct k44x_slots, next));
	DEFINE(SLOTS_LAST, offsetof(struct k44x_slots, last));
	DEFINE(SLOTS_LAPS, offsetof(struct k44x_slots, laps));
	DEFINE(TABLES_SPR, offsetof(struct k44x_tables, spr));
	DEFINE(SPR_WRITE, offsetof(struct k44x_spr, write));
	DEFINE(SPR_MASK, offsetof(struct k44x_spr, mask));
	DEFINE(SPR_READ, offsetof(struct k44x_spr, read));
	DEFINE(SPR_OFFSET, offsetof(struct k44x_spr, offset));
	DEFINE(HW_MSR, K44X_HW_MSR);
	DEFINE(TLB_V_TS, V44_TLB0_V | V44_TLB0_TS);
	DEFINE(GUEST_MSR_DS, V44_MSR_DS);
	DEFINE(MSR_BITS, V44_MSR_ALL);
	DEFINE(KEPT_MSR, V44_MSR_CE | V44_MSR_ME | V44_MSR_DE);
	DEFINE(CONTEXT_MSR, V44_MSR_PR | V44_MSR_IS | V44_MSR_DS | K44X_FP_MSR);
	DEFINE(HYPERCALL, V44_HYPERCALL);
	DEFINE(UIC_REGS, V44_UIC_REGS);
	DEFINE(IVOR_PROGRAM, V44_PROGRAM);
	DEFINE(IVOR_SYSCALL, V44_SYSCALL);
	DEFINE(IVOR_DATA_STORAGE, V44_DATA_STORAGE);
	DEFINE(IVOR_INST_STORAGE, V44_INST_STORAGE);
	DEFINE(IVOR_DATA_TLB, V44_DATA_TLB);
	DEFINE(IVOR_INST_TLB, V44_INST_TLB);
	return 0;
}
