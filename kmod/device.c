// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accesses to devices, the short way: one aligned general register, loaded or
 * stored where the guest has been before. A device's page has a shadow without
 * any right, so the access is a data storage interrupt, and the shadow says at once
 * which guest page it is about. All other accesses: emulation.c, which does these
 * as well.
 */
#include <linux/kvm_host.h>
#include <kvm/iodev.h>
#include "access.h"
#include "fetch.h"
#include "insn.h"

#define FEW_DEVICES 8

static noinline bool write_many(struct kvm_vcpu *vcpu, u64 gpa, const void *bytes, u32 size)
{
	int srcu = srcu_read_lock(&vcpu->kvm->srcu);
	int r = kvm_io_bus_write(vcpu, KVM_MMIO_BUS, gpa, size, bytes);

	srcu_read_unlock(&vcpu->kvm->srcu, srcu);
	return !r;
}

static const struct kvm_io_bus *get_bus(struct kvm_vcpu *vcpu)
{
	return rcu_dereference_raw(vcpu->kvm->buses[KVM_MMIO_BUS]);
}

/* The device itself looks at all of the address */
static __always_inline bool may_have(const struct kvm_io_range *range, u64 gpa)
{
	return (u32)gpa - (u32)range->addr <= (u32)range->len;
}

static __always_inline bool write_device(struct kvm_vcpu *vcpu, const struct kvm_io_range *range,
					 u64 gpa, const void *bytes, u32 size)
{
	return !range->dev->ops->write(vcpu, range->dev, gpa, size, bytes);
}

/**
 * k44x_write_bus() - a store to a device in the kernel, if there is one
 * @vcpu: in an SRCU read section, or interrupts off
 * @gpa: guest physical address
 * @bytes: as they lie in memory
 * @size: of them, 1 to 8
 *
 * An ioeventfd or coalesced MMIO: neither sleeps, both have a write callback. Few
 * devices are asked in turn, whether it is theirs: the generic core's search costs
 * several times as much.
 *
 * Return: false if there is none.
 */
noinline bool k44x_write_bus(struct kvm_vcpu *vcpu, u64 gpa, const void *bytes, u32 size)
{
	const struct kvm_io_bus *bus = get_bus(vcpu);
	const struct kvm_io_range *range, *end;

	if (!bus)
		return false;
	if (bus->dev_count > FEW_DEVICES)
		return write_many(vcpu, gpa, bytes, size);
	end = bus->range + bus->dev_count;
	for (range = bus->range; range < end; range++) {
		if (may_have(range, gpa) && write_device(vcpu, range, gpa, bytes, size))
			return true;
	}
	return false;
}

/* User space gets the plain access of @insn to arch.fault_gpa */
static noinline enum k44x_todo plain_exit(struct kvm_vcpu *vcpu, u32 insn, u32 flags)
{
	struct kvm_vcpu_arch *arch = &vcpu->arch;
	u32 size = flags & V44_ACC_SIZE;

	v44_access_begin(&arch->access, insn, flags, arch->sw.dear, size);
	k44x_mmio_exit(vcpu, arch->fault_gpa, size, flags & V44_ACC_STORE);
	return K44X_USER;
}

static __always_inline enum k44x_todo store_done(struct kvm_vcpu *vcpu, u32 insn, u32 flags)
{
	struct v44_cpu *cpu = &vcpu->arch.v.cpu;

	if (flags & V44_ACC_UPDATE)
		cpu->gpr[insn_ra(insn)] = vcpu->arch.sw.dear;
	cpu->pc += 4;
	return K44X_NOTHING;
}

/* Not one of few devices, the first that can have arch.fault_gpa */
static noinline enum k44x_todo store_elsewhere(struct kvm_vcpu *vcpu, u32 insn, u32 flags)
{
	if (k44x_write_bus(vcpu, vcpu->arch.fault_gpa, vcpu->run->mmio.data, flags & V44_ACC_SIZE))
		return store_done(vcpu, insn, flags);
	return plain_exit(vcpu, insn, flags);
}

static noinline enum k44x_todo plain_store(struct kvm_vcpu *vcpu, u32 insn, u32 flags)
{
	const struct kvm_io_bus *bus = get_bus(vcpu);
	__be32 *bytes = (__be32 *)vcpu->run->mmio.data;
	const struct kvm_io_range *range, *end;
	u64 gpa = vcpu->arch.fault_gpa;

	*bytes = cpu_to_be32(v44_plain_bytes(flags, vcpu->arch.v.cpu.gpr[insn_rt(insn)]));
	if (!bus || (u32)bus->dev_count - 1 >= FEW_DEVICES) /* none is not a few */
		return store_elsewhere(vcpu, insn, flags);
	range = bus->range;
	for (end = range + bus->dev_count; !may_have(range, gpa);) {
		if (++range >= end)
			return plain_exit(vcpu, insn, flags);
	}
	if (!write_device(vcpu, range, gpa, bytes, flags & V44_ACC_SIZE))
		return store_elsewhere(vcpu, insn, flags);
	return store_done(vcpu, insn, flags);
}

static enum k44x_todo again(struct kvm_vcpu *vcpu);

/* Not the device's page that was accessed last */
static noinline enum k44x_todo other_device(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_arch *arch = &vcpu->arch;
	struct v44_sh_entry *e = v44_shadow_find(&arch->v.sh, arch->sw.sid, arch->sw.dear);

	if (!e)
		return k44x_storage(vcpu, arch->sw.dear,
				    arch->sw.esr & V44_ESR_ST ? V44_STORE : V44_LOAD, false);
	arch->device = e;
	return again(vcpu);
}

static noinline enum k44x_todo other_code(struct kvm_vcpu *vcpu)
{
	return k44x_find_fetched(vcpu) ? again(vcpu) : K44X_INSN;
}

/*
 * What is not as it was the last time is done by other functions, in the end: this
 * one needs no stack.
 */
static __always_inline enum k44x_todo data_storage(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_arch *arch = &vcpu->arch;
	u32 ea = arch->sw.dear, store = arch->sw.esr & V44_ESR_ST, insn, flags;
	const struct v44_sh_entry *e = arch->device;

	if (unlikely(!v44_sh_covers(e, arch->sw.sid, ea)))
		return other_device(vcpu);
	if ((arch->sw.esr & K44X_NOT_RIGHTS_ESR) ||
	    !v44_shadow_device(&arch->v, e, ea, store, &arch->fault_gpa))
		return k44x_storage(vcpu, ea, store ? V44_STORE : V44_LOAD, false);
	if (unlikely(!k44x_fetched_covers(vcpu)))
		return other_code(vcpu);
	if (!k44x_fetched_low(vcpu))
		return K44X_INSN;
	insn = k44x_read_fetched(vcpu);
	flags = v44_plain_decode(&arch->v.cpu, insn, ea, arch->v.cpu.tlb[e->slot].word[2]);
	if (!flags)
		return k44x_access_begin(vcpu, insn);
	return store ? plain_store(vcpu, insn, flags) : plain_exit(vcpu, insn, flags);
}

static noinline enum k44x_todo again(struct kvm_vcpu *vcpu)
{
	return data_storage(vcpu);
}

/**
 * k44x_data_storage() - a data storage interrupt
 * @vcpu: it has just left the guest; interrupts off
 *
 * Return: what is left to do: K44X_USER with run->mmio filled in, if user space has the device.
 */
enum k44x_todo k44x_data_storage(struct kvm_vcpu *vcpu)
{
	vcpu->stat.dsi_exits++;
	return data_storage(vcpu);
}

/** k44x_mmio_done() - user space has answered run->mmio; return contract of k44x_run() */
int k44x_mmio_done(struct kvm_vcpu *vcpu)
{
	struct v44_access *a = &vcpu->arch.access;
	const __be32 *bytes;

	vcpu->arch.mmio_pending = false;
	if (!v44_access_plain(a))
		return k44x_access_continue(vcpu);
	bytes = (const __be32 *)vcpu->run->mmio.data;
	v44_plain_done(&vcpu->arch.v, a, be32_to_cpu(*bytes) >> v44_plain_unused(a->flags));
	return 1;
}
