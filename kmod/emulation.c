// SPDX-License-Identifier: GPL-2.0-only
/* Instructions whose emulation needs guest memory, devices or user space. */
#include <linux/kvm_host.h>
#include <kvm/iodev.h>
#include "kvm44x.h"

/* > 0: *insn is valid or an interrupt was raised (*ok tells), < 0: error */
static int read_insn(struct kvm_vcpu *vcpu, u32 *insn, bool *ok)
{
	struct v44 *v = &vcpu->arch.v;
	u32 word;
	int slot;
	u64 gpa;

	preempt_disable();
	*ok = k44x_fetch(vcpu, insn);
	preempt_enable();
	if (*ok)
		return 1;
	*ok = v44_translate_or_raise(v, v->cpu.pc, V44_FETCH, &gpa, &slot);
	if (!*ok)
		return 1;
	k44x_hw_guard(vcpu);
	if (kvm_vcpu_read_guest(vcpu, gpa, &word, sizeof(word)))
		return -EFAULT;
	*insn = v->cpu.tlb[slot].word[2] & V44_TLB2_E ? swab32(word) : word;
	return 1;
}

/** k44x_emulate_slowly() - a privileged instruction whose word was not at hand */
int k44x_emulate_slowly(struct kvm_vcpu *vcpu)
{
	struct v44 *v = &vcpu->arch.v;
	enum v44_emu emu;
	bool ok;
	u32 insn;
	int r;

	r = read_insn(vcpu, &insn, &ok);
	if (r < 0 || !ok)
		return r;
	preempt_disable(); /* shadows may change: see kvm_host.h */
	emu = v44_emulate(v, insn);
	preempt_enable();
	switch (k44x_after_emulation(emu)) {
	case K44X_DCR:
		return k44x_dcr(vcpu);
	case K44X_RESET:
		return k44x_guest_reset(vcpu);
	default:
		return 1;
	}
}

static u64 from_bytes(const u8 *p, unsigned int size)
{
	u64 value = 0;

	while (size--)
		value = value << 8 | *p++;
	return value;
}

static void to_bytes(u8 *p, unsigned int size, u64 value)
{
	while (size--) {
		p[size] = value;
		value >>= 8;
	}
}

/* One element from or to RAM; true if there was RAM */
static bool access_memory(struct kvm_vcpu *vcpu, u64 gpa, u8 *data, unsigned int size, bool store)
{
	if (store)
		return !kvm_vcpu_write_guest(vcpu, gpa, data, size);
	return !kvm_vcpu_read_guest(vcpu, gpa, data, size);
}

/* One element from or to a device in the kernel (ioeventfd, coalesced MMIO) */
static bool access_bus(struct kvm_vcpu *vcpu, u64 gpa, u8 *data, unsigned int size, bool store)
{
	if (store)
		return !kvm_io_bus_write(vcpu, KVM_MMIO_BUS, gpa, size, data);
	return !kvm_io_bus_read(vcpu, KVM_MMIO_BUS, gpa, size, data);
}

static void mmio_exit(struct kvm_vcpu *vcpu, u64 gpa, const u8 *data, unsigned int size, bool store)
{
	struct kvm_run *run = vcpu->run;

	run->exit_reason = KVM_EXIT_MMIO;
	run->mmio.phys_addr = gpa;
	run->mmio.len = size;
	run->mmio.is_write = store;
	memset(run->mmio.data, 0, sizeof(run->mmio.data));
	if (store)
		memcpy(run->mmio.data, data, size);
	vcpu->arch.mmio_pending = true;
	vcpu->stat.mmio_exits++;
}

/* Elements until the instruction is through or user space must answer one */
static int access_elements(struct kvm_vcpu *vcpu)
{
	struct v44_access *a = &vcpu->arch.access;
	struct v44 *v = &vcpu->arch.v;
	bool store = a->flags & V44_ACC_STORE;
	unsigned int size = a->flags & V44_ACC_SIZE;
	u8 data[8];
	int slot;
	u64 gpa;

	k44x_hw_guard(vcpu);
	do {
		if (!v44_translate_or_raise(v, a->ea, store ? V44_STORE : V44_LOAD, &gpa, &slot))
			return 1;
		if (store)
			to_bytes(data, size, v44_access_data(v, a));
		if (!access_memory(vcpu, gpa, data, size, store) &&
		    !access_bus(vcpu, gpa, data, size, store)) {
			mmio_exit(vcpu, gpa, data, size, store);
			return 0;
		}
	} while (!v44_access_step(v, a, from_bytes(data, size)));
	return 1;
}

/** k44x_access() - the load or store at pc, which the hardware could not do */
int k44x_access(struct kvm_vcpu *vcpu)
{
	bool ok;
	u32 insn;
	int r;

	r = read_insn(vcpu, &insn, &ok);
	if (r < 0 || !ok)
		return r;
	if (v44_access_decode(&vcpu->arch.v, insn, &vcpu->arch.access) != V44_DECODED_ACCESS)
		return 1;
	return access_elements(vcpu);
}

/** k44x_access_continue() - user space has answered run->mmio */
int k44x_access_continue(struct kvm_vcpu *vcpu)
{
	struct v44_access *a = &vcpu->arch.access;
	int r = 1;

	vcpu->arch.mmio_pending = false;
	if (!v44_access_step(&vcpu->arch.v, a,
			     from_bytes(vcpu->run->mmio.data, a->flags & V44_ACC_SIZE))) {
		kvm_vcpu_srcu_read_lock(vcpu);
		r = access_elements(vcpu);
		kvm_vcpu_srcu_read_unlock(vcpu);
	}
	return r;
}

/** k44x_dcr() - v.dcr goes to user space */
int k44x_dcr(struct kvm_vcpu *vcpu)
{
	const struct v44_dcr *dcr = &vcpu->arch.v.dcr;
	struct kvm_run *run = vcpu->run;

	run->exit_reason = KVM_EXIT_DCR;
	run->dcr.dcrn = dcr->number;
	run->dcr.is_write = dcr->write;
	run->dcr.data = dcr->write ? vcpu->arch.v.cpu.gpr[dcr->reg] : 0;
	vcpu->arch.dcr_pending = true;
	vcpu->stat.dcr_exits++;
	return 0;
}

/** k44x_guest_reset() - DBCR0[RST]: the VMM decides what a reset is */
int k44x_guest_reset(struct kvm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;

	memset(&run->system_event, 0, sizeof(run->system_event));
	run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
	run->system_event.type = KVM_SYSTEM_EVENT_RESET;
	return 0;
}
