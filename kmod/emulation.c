// SPDX-License-Identifier: GPL-2.0-only
/* Instructions whose emulation needs guest memory, devices or user space. */
#include <linux/kvm_host.h>
#include "access.h"
#include "kvm44x.h"

/* v.dcr goes to user space */
static void dcr_exit(struct kvm_vcpu *vcpu)
{
	const struct v44_dcr *dcr = &vcpu->arch.v.dcr;
	struct kvm_run *run = vcpu->run;

	run->exit_reason = KVM_EXIT_DCR;
	run->dcr.dcrn = dcr->number;
	run->dcr.is_write = dcr->write;
	run->dcr.data = dcr->write ? vcpu->arch.v.cpu.gpr[dcr->reg] : 0;
	vcpu->arch.dcr_pending = true;
	vcpu->stat.dcr_exits++;
}

/** k44x_reset_exit() - the guest asks for a reset; the VMM decides what that is */
void k44x_reset_exit(struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;

	memset(&run->system_event, 0, sizeof(run->system_event));
	run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
	run->system_event.type = KVM_SYSTEM_EVENT_RESET;
}

/**
 * k44x_after_emulation() - what is left to do
 * @vcpu: run->dcr or run->system_event is filled in where user space is needed
 * @emu: of v44_emulate()
 */
enum k44x_todo k44x_after_emulation(struct kvm_vcpu *vcpu, enum v44_emu emu)
{
	switch (emu) {
	case V44_EMU_DCR:
		if (v44_uic_find(&vcpu->kvm->arch.uic.uics, vcpu->arch.v.dcr.number) >= 0) {
			k44x_uic_dcr(vcpu);
			return K44X_NOTHING;
		}
		dcr_exit(vcpu);
		return K44X_USER;
	case V44_EMU_RESET:
		k44x_reset_exit(vcpu);
		return K44X_USER;
	default:
		return K44X_NOTHING;
	}
}

/* The word at pc, by the guest's translation. > 0: *ok, or an interrupt was raised; < 0: error */
int k44x_read_insn(struct kvm_vcpu *vcpu, u32 *insn, bool *ok)
{
	struct v44 *v = &vcpu->arch.v;
	u32 word;
	int slot;
	u64 gpa;

	*ok = v44_translate_or_raise(v, v->cpu.pc, V44_FETCH, &gpa, &slot);
	if (!*ok)
		return 1;
	if (kvm_vcpu_read_guest(vcpu, gpa, &word, sizeof(word)))
		return -EFAULT;
	*insn = v->cpu.tlb[slot].word[2] & V44_TLB2_E ? swab32(word) : word;
	return 1;
}

static enum k44x_todo emulate(struct kvm_vcpu *vcpu, u32 insn)
{
	const struct v44_insn *row = v44_insn_find(insn);
	enum v44_emu emu;

	if (insn == K44X_DEBUG_INST)
		return k44x_debug_software(vcpu);
	if (row && row->kind == V44_INSN_ACCESS)
		return k44x_access_begin(vcpu, insn);
	preempt_disable(); /* shadows may change: see kvm_host.h */
	emu = v44_emulate(&vcpu->arch.v, insn);
	preempt_enable();
	return k44x_after_emulation(vcpu, emu);
}

/** k44x_emulate_slowly() - an instruction that trapped, whose word was not at hand */
int k44x_emulate_slowly(struct kvm_vcpu *vcpu)
{
	bool ok;
	u32 insn;
	int r;

	r = k44x_read_insn(vcpu, &insn, &ok);
	if (r < 0 || !ok)
		return r;
	switch (emulate(vcpu, insn)) {
	case K44X_ACCESS:
		return k44x_access(vcpu);
	case K44X_USER:
		return 0;
	default:
		return 1;
	}
}

/* --- loads and stores --- */

/* @size bytes of a piece as they lie in memory, and right-justified, as the core has them */

static __be64 to_memory(u64 data, u32 size)
{
	return cpu_to_be64(data << (64 - 8 * size));
}

static u64 from_memory(__be64 bytes, u32 size)
{
	return be64_to_cpu(bytes) >> (64 - 8 * size);
}

/* One piece from or to RAM; true if there was RAM */
static bool access_memory(struct kvm_vcpu *vcpu, u64 gpa, __be64 *bytes, u32 size, bool store)
{
	if (store)
		return !kvm_vcpu_write_guest(vcpu, gpa, bytes, size);
	return !kvm_vcpu_read_guest(vcpu, gpa, bytes, size);
}

/* One piece where no RAM is; false if user space must do it: no device here has anything to load */
static bool access_io(struct kvm_vcpu *vcpu, u64 gpa, __be64 bytes, u32 size, bool store)
{
	if (store && k44x_write_bus(vcpu, gpa, &bytes, size))
		return true;
	memcpy(vcpu->run->mmio.data, &bytes, sizeof(bytes));
	k44x_mmio_exit(vcpu, gpa, size, store);
	return false;
}

/**
 * k44x_access_begin() - a load or store that the hardware could not do
 * @vcpu: arch.access is what there is to do on K44X_ACCESS
 * @insn: the word at pc
 *
 * Return: K44X_ACCESS, or K44X_NOTHING.
 */
enum k44x_todo k44x_access_begin(struct kvm_vcpu *vcpu, u32 insn)
{
	struct v44_access *a = &vcpu->arch.access;

	if (v44_access_decode(&vcpu->arch.v, insn, a) != V44_DECODED_ACCESS)
		return K44X_NOTHING;
	return K44X_ACCESS;
}

/** k44x_access() - arch.access, until it is through or user space must answer a piece of it */
int k44x_access(struct kvm_vcpu *vcpu)
{
	struct v44_access *a = &vcpu->arch.access;
	struct v44 *v = &vcpu->arch.v;
	bool store = a->flags & V44_ACC_STORE;
	__be64 bytes;
	u32 size;
	u64 gpa;
	int r;

	do {
		if (!v44_access_translate(v, a, &gpa))
			return 1;
		size = v44_access_piece(a);
		bytes = store ? to_memory(v44_access_data(v, a), size) : 0;
		if (gpa & V44_MAGIC_GPA) {
			r = k44x_magic_access(vcpu, gpa & ~PAGE_MASK, &bytes, size, store);
			if (r < 0)
				return r;
			continue;
		}
		if (!access_memory(vcpu, gpa, &bytes, size, store) &&
		    !access_io(vcpu, gpa, bytes, size, store))
			return 0;
	} while (!v44_access_step(v, a, from_memory(bytes, size)));
	return 1;
}

/** k44x_access_continue() - user space has answered a piece of arch.access */
int k44x_access_continue(struct kvm_vcpu *vcpu)
{
	struct v44_access *a = &vcpu->arch.access;
	__be64 bytes;
	int r = 1;

	memcpy(&bytes, vcpu->run->mmio.data, sizeof(bytes));
	if (!v44_access_step(&vcpu->arch.v, a, from_memory(bytes, v44_access_piece(a)))) {
		kvm_vcpu_srcu_read_lock(vcpu);
		r = k44x_access(vcpu);
		kvm_vcpu_srcu_read_unlock(vcpu);
	}
	return r;
}
