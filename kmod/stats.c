// SPDX-License-Identifier: GPL-2.0-only
/* Names of the binary statistics (KVM_GET_STATS_FD, debugfs). */
#include "kvm44x.h"

/* Stable kernels name the type differently */
const typeof(kvm_vm_stats_desc[0]) kvm_vm_stats_desc[] = {
	KVM_GENERIC_VM_STATS(),
};

const typeof(kvm_vcpu_stats_desc[0]) kvm_vcpu_stats_desc[] = {
	KVM_GENERIC_VCPU_STATS(),
	STATS_DESC_COUNTER(VCPU, privileged_exits),
	STATS_DESC_COUNTER(VCPU, syscall_exits),
	STATS_DESC_COUNTER(VCPU, dtlb_exits),
	STATS_DESC_COUNTER(VCPU, itlb_exits),
	STATS_DESC_COUNTER(VCPU, dsi_exits),
	STATS_DESC_COUNTER(VCPU, isi_exits),
	STATS_DESC_COUNTER(VCPU, host_irq_exits),
	STATS_DESC_COUNTER(VCPU, timer_exits),
	STATS_DESC_COUNTER(VCPU, fp_exits),
	STATS_DESC_COUNTER(VCPU, other_exits),
	STATS_DESC_COUNTER(VCPU, debug_steps),
	STATS_DESC_COUNTER(VCPU, fast_refills),
	STATS_DESC_COUNTER(VCPU, fast_privileged),
	STATS_DESC_COUNTER(VCPU, fast_interrupts),
	STATS_DESC_COUNTER(VCPU, mmio_exits),
	STATS_DESC_COUNTER(VCPU, dcr_exits),
	STATS_DESC_COUNTER(VCPU, signal_exits),
	STATS_DESC_COUNTER(VCPU, halts),
	STATS_DESC_COUNTER(VCPU, page_faults),
	STATS_DESC_COUNTER(VCPU, tlb_writes),
	STATS_DESC_COUNTER(VCPU, sid_generations),
	STATS_DESC_COUNTER(VCPU, tlbsx_guard_drops),
	STATS_DESC_COUNTER(VCPU, shadow_made),
	STATS_DESC_COUNTER(VCPU, shadow_large),
	STATS_DESC_COUNTER(VCPU, unimplemented),
};

#define HEADER(descriptions)                                                            \
	{                                                                               \
		.name_size = KVM_STATS_NAME_SIZE, .num_desc = ARRAY_SIZE(descriptions), \
		.id_offset = sizeof(struct kvm_stats_header),                           \
		.desc_offset = sizeof(struct kvm_stats_header) + KVM_STATS_NAME_SIZE,   \
		.data_offset = sizeof(struct kvm_stats_header) + KVM_STATS_NAME_SIZE +  \
			       sizeof(descriptions),                                    \
	}

const struct kvm_stats_header kvm_vm_stats_header = HEADER(kvm_vm_stats_desc);
const struct kvm_stats_header kvm_vcpu_stats_header = HEADER(kvm_vcpu_stats_desc);
