/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the generic KVM core wants to know of its architecture; found before the
 * kernel's own header of this name.
 */
#ifndef KVM44X_ASM_KVM_HOST_H
#define KVM44X_ASM_KVM_HOST_H

#include <linux/bitmap.h>
#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/mmu_notifier.h>
#include <linux/types.h>
#include <linux/kvm_types.h>
#include <asm/page.h>
#include "uic.h"
#include "v44.h"

#if PAGE_SHIFT != 12
#error "kvm44x: the host kernel must have 4 KB pages (CONFIG_PPC_4K_PAGES)"
#endif
#if !defined(CONFIG_44x) || defined(CONFIG_SMP)
#error "kvm44x: the host must be a uniprocessor kernel for 44x (CONFIG_44x, not CONFIG_SMP)"
#endif
#if !defined(CONFIG_PREEMPT_NOTIFIERS) || !defined(CONFIG_MMU_NOTIFIER)
#error "kvm44x: the host kernel lacks PREEMPT_NOTIFIERS or MMU_NOTIFIER, see README"
#endif
#if !defined(CONFIG_HIGH_RES_TIMERS) || !defined(CONFIG_NO_HZ_IDLE)
#error "kvm44x: the host kernel lacks HIGH_RES_TIMERS or NO_HZ_IDLE"
#endif
#if defined(CONFIG_VMAP_STACK) || defined(CONFIG_PPC_EARLY_DEBUG_44x)
#error "kvm44x: the host kernel must not have VMAP_STACK or PPC_EARLY_DEBUG_44x"
#endif

#define KVM_MAX_VCPUS		 1
#define KVM_MAX_VCPU_IDS	 1
#define KVM_HALT_POLL_NS_DEFAULT 0
#define KVM_ARCH_WANT_MMU_NOTIFIER

#define KVM_NR_IRQCHIPS	     V44_UICS
#define KVM_IRQCHIP_NUM_PINS V44_UIC_SOURCES
#define __KVM_HAVE_ARCH_INTC_INITIALIZED

#define KVM_REQ_WATCHDOG KVM_ARCH_REQ(0) /* its watchdog resets */
#define KVM_REQ_DEBUG	 KVM_ARCH_REQ(1) /* stays while v.debug.active */
#define KVM_REQ_MAGIC	 KVM_ARCH_REQ(2) /* stays while v.magic.used */

struct kvm_vm_stat {
	struct kvm_vm_stat_generic generic;
};

/* Exits by cause, and what else is counted; tier 0's is added when the guest is left */
struct kvm_vcpu_stat {
	struct kvm_vcpu_stat_generic generic;
	u64 privileged_exits;
	u64 syscall_exits;
	u64 dtlb_exits;
	u64 itlb_exits;
	u64 dsi_exits;
	u64 isi_exits;
	u64 host_irq_exits;
	u64 timer_exits;
	u64 fp_exits;
	u64 other_exits;
	u64 debug_steps;
	u64 fast_refills; /* by tier 0: not exits */
	u64 fast_privileged;
	u64 fast_interrupts;
	u64 mmio_exits;
	u64 dcr_exits;
	u64 signal_exits;
	u64 halts;
	u64 page_faults;
	u64 tlb_writes;
	u64 sid_generations;
	u64 tlbsx_guard_drops;
	u64 shadow_made; /* from here on in the order of struct v44_counts */
	u64 shadow_large;
	u64 unimplemented;
};

/*
 * Guest page to host page of one slot, by chunks of K44X_MAP_CHUNK pages. An
 * entry is K44X_MAP_* | page frame number, and is valid until the MMU notifier
 * clears it.
 */
#define K44X_MAP_CHUNK	  1024
#define K44X_MAP_VALID	  0x80000000u
#define K44X_MAP_WRITABLE 0x40000000u
#define K44X_MAP_RUN_1M	  0x01000000u
#define K44X_MAP_RUN_16M  0x02000000u
#define K44X_MAP_RUN_256M 0x04000000u
#define K44X_MAP_RUNS	  0x07000000u
#define K44X_MAP_PFN	  0x00ffffffu

struct kvm_arch_memory_slot {
	u32 **map;
};

/* The shadow PIDs that a VM has: see sid.c */
#define K44X_SIDS 256

struct k44x_sids {
	DECLARE_BITMAP(mine, K44X_SIDS);
	u32 count;
	struct list_head link; /* while count is not 0 */
};

/* Interrupt controllers in the kernel: none if count is 0. [q], see struct kvm_vcpu_arch */
struct k44x_uic {
	struct v44_uics uics;
	u32 level[2][V44_UICS]; /* who asserts inputs: KVM_*_IRQ_SOURCE_ID */
};

struct kvm_arch {
	struct kvm_vcpu *vcpu; /* from its creation to its end */
	struct k44x_sids sids;
	struct k44x_uic uic;
};

/* Which hardware TLB slots are ours to write, and the next one */
struct k44x_slots {
	u32 next;
	u32 last; /* the host's high-water mark: slots above are pinned */
	u32 laps; /* times that next has gone back to 0 */
};

/* Guest pages @gfn to @gfn + @count - 1, all of one slot; a copy of its map's address */
struct k44x_ram {
	u32 gfn;
	u32 count;
	u32 **map;
};

/*
 * The world switch's view of a vCPU: what switch.S reads and writes besides the
 * guest's registers. Host values are valid while the guest runs.
 */
struct k44x_switch {
	u32 hw_msr; /* in: MSR for the hardware */
	u32 sid; /* in: shadow PID */
	u32 ivpr; /* in: our vectors */
	u32 vector; /* out: IVOR number of the exit */
	u32 esr; /* out, as the hardware has it: valid on the vectors that write it */
	u32 dear;
	u32 host_r1;
	u32 host_msr; /* in, as are these */
	u32 host_ivpr;
	u32 host_mmucr;
	u32 host_sprg3;
	u32 switch_msr; /* the same as host_msr, without CE, ME, DE */
	u32 critical_vector; /* scratch of the critical-class and machine-check vectors */
	u32 critical_r4;
	u32 critical_cr;
	u32 mcheck_r3;
	u32 mcheck_r4;
	u32 mcheck_cr;
	u32 reservation; /* target of the store that ends a reservation */
	u32 wanted; /* in: bits that the guest may set in its MSR only with C's help */
	u32 fp_mask; /* in: bits of the guest's MSR that the hardware may have, too */
	u64 host_next; /* in: time base at the host's next event */
	struct k44x_slots *slots;
	const struct k44x_tables *tables; /* of the guest's state: one of the next two */
	const struct k44x_tables *tables_of[2]; /* supervisor, user */
	struct k44x_ram ram; /* in: pages that tier 0 may look for */
	const struct v44_uic *uic0; /* in: whose registers tier 0 reads, or NULL */
	u32 refill[8]; /* tier 0: r24-r31 */
	u32 missed[24]; /* tier 0: r8-r31 */
	u32 ahead[9]; /* tier 0: instructions that were fetched, and 0 */
	struct {
		u32 refills;
		u32 privileged;
		u32 interrupts;
		u32 made;
	} fast; /* out: what tier 0 did since the last time */
};

/* MSR that the guest runs with, and what its FPU may add */
#define K44X_HW_MSR (V44_MSR_EE | V44_MSR_CE | V44_MSR_ME | V44_MSR_PR | V44_MSR_IS | V44_MSR_DS)
#define K44X_FP_MSR (V44_MSR_FP | V44_MSR_FE0 | V44_MSR_FE1)

/* ESR bits that a data storage or TLB error interrupt writes; MCI can be older, and the host's */
#define K44X_STORAGE_ESR    (V44_ESR_ST | V44_ESR_FP | V44_ESR_AP | V44_ESR_DLK | V44_ESR_BO)
/* ESR bits of a storage interrupt that no translation could mend */
#define K44X_NOT_RIGHTS_ESR (V44_ESR_DLK | V44_ESR_BO)

/*
 * Who may touch a field:
 *   [v] the vCPU thread, under the vCPU mutex
 *   [p] any thread with preemption off, e.g. under mmu_lock (there is one CPU)
 *   [q] any context, interrupts off
 *   [g] run.c, while the guest runs, and what it calls then: interrupts off
 */
struct kvm_vcpu_arch {
	struct k44x_switch sw; /* [v] */
	struct v44 v; /* [v]; sh [p]; cpu.lines [q] */
	struct hrtimer timer; /* [v] while the guest waits */
	u64 timer_next; /* [v] v44_timer_next(), if timer_running */
	bool timer_running; /* [v] */
	bool timer_dirty; /* [q] v44_timer_next() may have changed, or come */
	bool watchdog_exit; /* [v] user space wants KVM_EXIT_WATCHDOG, not a reset */
	bool fresh; /* [v] has not run since it was created or reset */
	bool idle; /* [v] waits for any interrupt, masked or not */
	bool fp_live; /* [g] the FPU holds the guest's registers */
	bool dcr_pending; /* [v] v.dcr waits for user space's answer */
	bool mmio_pending; /* [v] access waits for user space's answer */
	bool look; /* [v] the instruction at pc has ended the guest, to be looked at (debug.c) */
	bool fault_write; /* [v] what v44_shadow_fault() wanted: with fault_gpa */
	u32 host_usprg0; /* [g] */
	u32 host_dbcr0; /* [g] while an instruction is stepped */
	u64 fault_gpa; /* [v] */
	struct v44_access access; /* [v] */
	struct v44_sh_entry *shadow; /* [p] the core's table */
	struct v44_sh_entry *fetched; /* [v] the entry that served last: code is local */
	struct v44_sh_entry *device; /* [v] the same for accesses to devices */
	struct v44_magic_page *magic; /* [v] of lowmem; from its first use to the end */
};

static inline void kvm_arch_sync_events(struct kvm *kvm)
{
}

static inline void kvm_arch_memslots_updated(struct kvm *kvm, u64 gen)
{
}

static inline void kvm_arch_sched_in(struct kvm_vcpu *vcpu, int cpu)
{
}

static inline void kvm_arch_vcpu_blocking(struct kvm_vcpu *vcpu)
{
}

static inline void kvm_arch_vcpu_unblocking(struct kvm_vcpu *vcpu)
{
}

static inline void kvm_arch_vcpu_block_finish(struct kvm_vcpu *vcpu)
{
}

#endif
