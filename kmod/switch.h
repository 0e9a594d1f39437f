/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The labels of switch.S and fast.S. The code runs from its copy in lowmem only: hwtlb.c
 * turns these addresses into the copy's.
 */
#ifndef KVM44X_SWITCH_H
#define KVM44X_SWITCH_H

#include <linux/types.h>

struct kvm_vcpu_arch;

/* First and last of what is copied */
extern char k44x_code[], k44x_code_end[];

/* Stubs, each copied to the IVOR offsets of its class, and where they lead */
extern char k44x_stub[], k44x_stub_end[], k44x_exit[];
extern char k44x_critical_stub[], k44x_critical_stub_end[], k44x_critical[];
extern char k44x_mcheck_stub[], k44x_mcheck_stub_end[], k44x_mcheck[];

/* Tier 0: where its vectors lead, and the handlers that fast.c enters into its tables */
extern char k44x_fast_stub[], k44x_fast_stub_end[];
extern char k44x_fast_data_miss[], k44x_fast_inst_miss[];
extern char k44x_fast_data_storage[], k44x_fast_inst_storage[];
extern char k44x_fast_syscall[], k44x_fast_program[], k44x_fast_slow[];
extern char k44x_fast_mfmsr[], k44x_fast_mtmsr[], k44x_fast_wrtee[], k44x_fast_wrteei[];
extern char k44x_fast_mfspr[], k44x_fast_mtspr[], k44x_fast_mfcr[], k44x_fast_mtcrf[];
extern char k44x_fast_mfdcr[];
extern char k44x_fast_tlbwe[], k44x_fast_tlbsx[];
extern char k44x_fast_spr_plain[], k44x_fast_spr_masked[], k44x_fast_spr_pid[];
extern char k44x_fast_spr_dec[], k44x_fast_spr_tsr[];
extern char k44x_fast_spr_sprg4[], k44x_fast_spr_sprg5[];
extern char k44x_fast_spr_sprg6[], k44x_fast_spr_sprg7[];

void k44x_enter_guest(struct kvm_vcpu_arch *arch);
void k44x_tlb_write(u32 slot, u32 word0, u32 word1, u32 word2, u32 tid);
void k44x_tlb_drop(u32 slot, u32 word0, u32 tid);
u32 k44x_tlb_guard(u32 slot, u32 count, u32 last, u32 limit);

#endif
