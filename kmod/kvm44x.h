/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the module know of each other. */
#ifndef KVM44X_H
#define KVM44X_H

#include <linux/kvm_host.h>
#include "compat.h"
#include "v44.h"
#include <uapi/kvm44x.h>

static inline struct kvm_vcpu *k44x_vcpu(struct v44 *v)
{
	return container_of(v, struct kvm_vcpu, arch.v);
}

/*
 * The VM's only vCPU, or NULL before it is created. Not kvm_get_vcpu(): a user
 * who guesses its descriptor can run it before the generic core lists it.
 */
static inline struct kvm_vcpu *k44x_only_vcpu(struct kvm *kvm)
{
	return kvm->arch.vcpu;
}

/* hwtlb.c: hardware TLB, vectors */
int k44x_hw_init(void);
void k44x_hw_exit(void);
extern void (*k44x_enter)(struct kvm_vcpu_arch *arch);
u32 k44x_hw_ivpr(bool slow);
void k44x_hw_install(struct kvm_vcpu *vcpu, struct v44_sh_entry *e);
void k44x_hw_drop(struct v44 *v, struct v44_sh_entry *e);
void k44x_hw_guard(struct kvm_vcpu *vcpu);
bool k44x_hw_has_1k(void);

/* sid.c: shadow PIDs */
u8 k44x_sid_alloc(struct v44 *v);
void k44x_sid_free_all(struct kvm *kvm);

void *k44x_copied(const void *label);
struct k44x_slots *k44x_hw_slots(void);

/* fast.c: tier 0 */

/* What tier 0 does with an SPR */
struct k44x_spr {
	u32 write; /* where mtspr goes on */
	u32 mask; /* bits that it changes */
	u16 read; /* offset in struct kvm_vcpu_arch of what mfspr reads, or 0: C does it */
	u16 offset; /* of what mtspr changes */
	u32 unused; /* 16 bytes */
};

struct k44x_tables {
	u32 insn[1024]; /* by the extended opcode of primary 31: where it goes on */
	struct k44x_spr spr[1024]; /* by number, its halves swapped as in the instruction */
};

extern bool k44x_fast;
extern struct k44x_tables *k44x_tables[2]; /* supervisor, user */
int k44x_fast_init(void);
void k44x_fast_exit(void);

/* memory.c: slots and pages */
enum v44_page k44x_page(struct v44 *v, u32 gfn, bool write, u64 *hpa, bool *writable);
bool k44x_contiguous(struct v44 *v, u32 gfn, u32 count, u64 *hpa);
int k44x_page_in(struct kvm_vcpu *vcpu, u64 gpa, bool write);

/* contig.c: contiguous guest memory */
int k44x_contig_create(u64 size);

/* One VMA of such memory */
struct k44x_contig_view {
	const struct k44x_contig *c;
	unsigned long start;
	unsigned long end;
	unsigned long pgoff;
	bool writable;
};

bool k44x_contig_find(struct mm_struct *mm, unsigned long hva, bool write,
		      struct k44x_contig_view *view);
unsigned long k44x_contig_pfn(const struct k44x_contig_view *view, unsigned long hva);

/* run.c: > 0 go on in the guest, 0 to user space with exit_reason set, < 0 an error */
int k44x_run(struct kvm_vcpu *vcpu);

/* exit.c: what an exit means */

/* What is left to do after an exit, with interrupts on */
enum k44x_todo {
	K44X_NOTHING, /* go on in the guest; also: interrupts were not needed */
	K44X_HOST, /* let the host take its interrupt, no more; what follows is more */
	K44X_PAGE, /* make arch.fault_gpa present (arch.fault_write: for a store) */
	K44X_INSN, /* emulate the instruction at pc, which could not be fetched */
	K44X_ACCESS, /* go on with arch.access */
	K44X_USER, /* to user space: run->exit_reason is set */
	K44X_IDLE, /* sleep until an interrupt is pending: a hypercall */
	K44X_MAGIC, /* the first access to the magic page */
};

extern enum k44x_todo (*const k44x_exit_handlers[V44_IVORS])(struct kvm_vcpu *vcpu);
enum k44x_todo k44x_storage(struct kvm_vcpu *vcpu, u32 ea, enum v44_access_type type, bool miss);

/* debug.c: a guest that is debugged, by itself or by the VMM */
#define K44X_DEBUG_INST 0x7c000a1cu /* ehpriv 1, which upstream's BookE has for it: illegal here */

/* What KVM_SET_GUEST_DEBUG can do */
#define K44X_GUESTDBG                                                             \
	(KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP | KVM_GUESTDBG_USE_SW_BP | \
	 KVM_GUESTDBG_USE_HW_BP | KVM44X_GUESTDBG_BLOCKIRQ)

int k44x_debug_look(struct kvm_vcpu *vcpu, bool *run);
void k44x_debug_enter(struct kvm_vcpu *vcpu);
enum k44x_todo k44x_debug_exit(struct kvm_vcpu *vcpu);
enum k44x_todo k44x_debug_software(struct kvm_vcpu *vcpu);
void k44x_debug_changed(struct v44 *v);

/* emulation.c: instructions that need the host's services; int: return contract of k44x_run() */
void k44x_reset_exit(struct kvm_vcpu *vcpu);
enum k44x_todo k44x_after_emulation(struct kvm_vcpu *vcpu, enum v44_emu emu);
int k44x_read_insn(struct kvm_vcpu *vcpu, u32 *insn, bool *ok);
int k44x_emulate_slowly(struct kvm_vcpu *vcpu);
enum k44x_todo k44x_access_begin(struct kvm_vcpu *vcpu, u32 insn);
int k44x_access(struct kvm_vcpu *vcpu);
int k44x_access_continue(struct kvm_vcpu *vcpu);

/**
 * k44x_mmio_exit() - user space is asked
 * @vcpu: the data of a store is in run->mmio.data
 * @gpa: guest physical address
 * @size: in bytes, 1 to 8
 * @store: else a load
 */
static inline void k44x_mmio_exit(struct kvm_vcpu *vcpu, u64 gpa, u32 size, bool store)
{
	struct kvm_run *run = vcpu->run;

	run->exit_reason = KVM_EXIT_MMIO;
	run->mmio.phys_addr = gpa;
	run->mmio.len = size;
	run->mmio.is_write = store;
	vcpu->arch.mmio_pending = true;
	vcpu->stat.mmio_exits++;
}

/* device.c: the short way for most accesses to devices */
enum k44x_todo k44x_data_storage(struct kvm_vcpu *vcpu);
int k44x_mmio_done(struct kvm_vcpu *vcpu);
bool k44x_write_bus(struct kvm_vcpu *vcpu, u64 gpa, const void *bytes, u32 size);

/* magic.c: the guest's magic page */
int k44x_magic_begin(struct kvm_vcpu *vcpu);
void k44x_magic_reset(struct kvm_vcpu *vcpu);
int k44x_magic_access(struct kvm_vcpu *vcpu, u32 offset, void *bytes, u32 size, bool store);
void k44x_magic_free(struct kvm_vcpu *vcpu);

/* timer.c */
void k44x_timer_init(struct kvm_vcpu *vcpu);
void k44x_timer_begin(struct kvm_vcpu *vcpu);
void k44x_timer_sync(struct kvm_vcpu *vcpu);
bool k44x_timer_interrupt(struct kvm_vcpu *vcpu);
void k44x_timer_wait(struct kvm_vcpu *vcpu);
void k44x_timer_wait_end(struct kvm_vcpu *vcpu);

/* uic.c: interrupt controllers in the kernel */

#define K44X_UIC0_DCR 0xc0

int k44x_uic_create(struct kvm *kvm);
int k44x_uic_get(struct kvm *kvm, struct kvm_irqchip __user *chip);
int k44x_uic_set(struct kvm *kvm, const struct kvm_irqchip __user *chip);
void k44x_uic_attach(struct kvm_vcpu *vcpu);
void k44x_uic_dcr(struct kvm_vcpu *vcpu);

/* fpu.c */
void k44x_fpu_load(struct kvm_vcpu *vcpu);
void k44x_fpu_save(struct kvm_vcpu *vcpu);

/* onereg.c */
int k44x_get_one_reg(struct kvm_vcpu *vcpu, const struct kvm_one_reg *one);
int k44x_set_one_reg(struct kvm_vcpu *vcpu, const struct kvm_one_reg *one);
int k44x_reg_list(struct kvm_vcpu *vcpu, struct kvm_reg_list __user *list);

/* vcpu.c */
extern const struct v44_ops k44x_ops;
void k44x_vcpu_reset(struct kvm_vcpu *vcpu);
int k44x_set_pvr(struct kvm_vcpu *vcpu, u32 pvr);

#endif
