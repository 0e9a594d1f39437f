// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an exit means. Runs with interrupts off right after the switch, and
 * decides all that needs neither sleep nor user space; the rest is told to
 * k44x_run() as a todo.
 */
#include <linux/highmem.h>
#include "kvm44x.h"
#include "trace.h"

/* What the interrupt wrote; MCI can be older, and the host's */
#define PROGRAM_ESR (~V44_ESR_MCI)

/* The shadow for pc, or NULL */
static noinline struct v44_sh_entry *find_fetched(struct kvm_vcpu *vcpu)
{
	struct v44 *v = &vcpu->arch.v;
	struct v44_sh_entry *e = v44_shadow_find(&v->sh, vcpu->arch.sw.sid, v->cpu.pc);
	u64 gpa;

	/*
	 * The hardware can have a shadow of 16 MB or more that was made from another of its
	 * megabytes, the only one that it is found by. From now on it is by this one, too.
	 */
	if (!e && v44_shadow_fault(v, v->cpu.pc, V44_FETCH, &e, &gpa) != V44_FAULT_FILLED)
		return NULL;
	vcpu->arch.fetched = e;
	return e;
}

/*
 * The instruction that trapped, by the shadow it was fetched through: no
 * translation by the guest's own TLB is needed, and none could differ.
 */
static __always_inline bool fetch(struct kvm_vcpu *vcpu, u32 *insn)
{
	struct v44_sh_entry *e = vcpu->arch.fetched;
	u32 pc = vcpu->arch.v.cpu.pc, offset, *p;
	phys_addr_t hpa;

	if (!v44_sh_covers(e, vcpu->arch.sw.sid, pc)) {
		e = find_fetched(vcpu);
		if (!e)
			return false;
	}
	offset = ~e->mask | 0xff;
	hpa = (u64)(e->word[1] & V44_TLB1_ERPN) << 32 | (e->word[1] & V44_TLB1_RPN & ~offset) |
	      (pc & offset);
	if (PageHighMem(pfn_to_page(hpa >> PAGE_SHIFT)))
		return false;
	p = __va(hpa);
	*insn = e->word[2] & V44_TLB2_E ? swab32(*p) : *p;
	return true;
}

static noinline enum k44x_todo program(struct kvm_vcpu *vcpu, u32 esr)
{
	struct v44 *v = &vcpu->arch.v;
	u32 insn;

	/*
	 * Illegal in user state can still be an SPR number that is merely
	 * undefined in supervisor state, so the core looks at both.
	 */
	if (!(esr & (V44_ESR_PPR | V44_ESR_PIL)) ||
	    ((esr & V44_ESR_PIL) && (v->cpu.msr & V44_MSR_PR))) {
		v44_program(v, esr, v->cpu.pc);
		return K44X_NOTHING;
	}
	if (!fetch(vcpu, &insn))
		return K44X_INSN;
	if ((esr & V44_ESR_PIL) && (insn >> 26 != 31 || (insn & 0x6fe) != 0x2a6)) {
		/* not mfspr or mtspr: this CPU does not have it, so the guest's does not */
		v44_program(v, esr, v->cpu.pc);
		return K44X_NOTHING;
	}
	return k44x_after_emulation(vcpu, v44_emulate(v, insn));
}

/* The load or store at pc; @io: there is no memory at arch.fault_gpa, where it failed */
static __always_inline enum k44x_todo access(struct kvm_vcpu *vcpu, bool io)
{
	u32 insn;

	if (!fetch(vcpu, &insn))
		return K44X_INSN;
	return io ? k44x_access_device(vcpu, insn) : k44x_access_begin(vcpu, insn);
}

/*
 * Has an access that was denied hit the shadow of a device's page? Then
 * arch.fault_gpa is valid.
 */
static __always_inline bool device(struct kvm_vcpu *vcpu)
{
	struct k44x_switch *sw = &vcpu->arch.sw;
	struct v44_sh_entry *e = vcpu->arch.device;
	struct v44 *v = &vcpu->arch.v;

	if (sw->esr & (V44_ESR_DLK | V44_ESR_BO))
		return false;
	if (!v44_sh_covers(e, sw->sid, sw->dear)) {
		e = v44_shadow_find(&v->sh, sw->sid, sw->dear);
		if (!e)
			return false;
		vcpu->arch.device = e;
	}
	return v44_shadow_device(v, e, sw->dear, sw->esr & V44_ESR_ST, &vcpu->arch.fault_gpa);
}

static noinline enum k44x_todo storage(struct kvm_vcpu *vcpu, u32 ea, enum v44_access_type type,
				       bool miss)
{
	struct v44 *v = &vcpu->arch.v;
	/* an instruction TLB error does not write it */
	u32 esr = type == V44_FETCH ? (miss ? 0 : vcpu->arch.sw.esr & V44_ESR_BO)
				    : vcpu->arch.sw.esr & K44X_STORAGE_ESR;
	bool split = !(v->cpu.msr & V44_MSR_IS) != !(v->cpu.msr & V44_MSR_DS);
	struct v44_sh_entry *e;

	if (miss) {
		/* tier 0 has looked already */
		e = k44x_fast ? NULL : v44_shadow_find(&v->sh, vcpu->arch.sw.sid, ea);
		if (e) {
			k44x_hw_install(vcpu, e);
			return K44X_NOTHING;
		}
	} else if (esr & K44X_NOT_RIGHTS_ESR) {
		/* nothing that a translation could mend */
		v44_storage(v, type == V44_FETCH ? V44_INST_STORAGE : V44_DATA_STORAGE, esr, ea);
		return K44X_NOTHING;
	}
	/*
	 * With IS and DS apart one EA has a shadow for fetching or one for data.
	 * An instruction that needs both of the same page would never end.
	 */
	if (split && type != V44_FETCH && !((ea ^ v->cpu.pc) & PAGE_MASK))
		return access(vcpu, false);

	switch (v44_shadow_fault(v, ea, type, &e, &vcpu->arch.fault_gpa)) {
	case V44_FAULT_FILLED:
		/* the context may have got its shadow PID only now: a generation has ended */
		if (v44_sh_sid(e) == vcpu->arch.sw.sid)
			k44x_hw_install(vcpu, e);
		return K44X_NOTHING;
	case V44_FAULT_MISS:
		v44_storage(v, type == V44_FETCH ? V44_INST_TLB : V44_DATA_TLB, esr, ea);
		return K44X_NOTHING;
	case V44_FAULT_DENIED:
		v44_storage(v, type == V44_FETCH ? V44_INST_STORAGE : V44_DATA_STORAGE, esr, ea);
		return K44X_NOTHING;
	case V44_FAULT_ABSENT:
		vcpu->arch.fault_write = type == V44_STORE;
		return K44X_PAGE;
	case V44_FAULT_IO:
		break;
	}
	if (type != V44_FETCH)
		return access(vcpu, true);
	/* nothing answers on the bus (manual 6.5.2) */
	v44_machine_check(v, V44_MCSR_IB, true);
	return K44X_HOST;
}

static noinline enum k44x_todo data_storage(struct kvm_vcpu *vcpu)
{
	const struct k44x_switch *sw = &vcpu->arch.sw;

	if (device(vcpu))
		return access(vcpu, true);
	return storage(vcpu, sw->dear, sw->esr & V44_ESR_ST ? V44_STORE : V44_LOAD, false);
}

/**
 * k44x_handle_exit() - deal with arch.sw.vector
 * @vcpu: it has just left the guest; interrupts off
 */
enum k44x_todo k44x_handle_exit(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_arch *arch = &vcpu->arch;
	struct k44x_switch *sw = &arch->sw;
	struct v44 *v = &arch->v;

	trace_kvm44x_exit(sw->vector, v->cpu.pc, sw->esr, sw->dear);
	switch (sw->vector) {
	case V44_PROGRAM:
		vcpu->stat.privileged_exits++;
		return program(vcpu, sw->esr & PROGRAM_ESR);
	case V44_DATA_TLB:
		vcpu->stat.dtlb_exits++;
		return storage(vcpu, sw->dear, sw->esr & V44_ESR_ST ? V44_STORE : V44_LOAD, true);
	case V44_INST_TLB:
		vcpu->stat.itlb_exits++;
		return storage(vcpu, v->cpu.pc, V44_FETCH, true);
	case V44_SYSCALL:
		vcpu->stat.syscall_exits++;
		if (!v44_hypercall(v))
			v44_interrupt(v, V44_SYSCALL, v->cpu.pc);
		return K44X_NOTHING;
	case V44_DATA_STORAGE:
		vcpu->stat.dsi_exits++;
		return data_storage(vcpu);
	case V44_INST_STORAGE:
		vcpu->stat.isi_exits++;
		return storage(vcpu, v->cpu.pc, V44_FETCH, false);
	case V44_FP_UNAVAIL:
		vcpu->stat.fp_exits++;
		if (v->cpu.msr & V44_MSR_FP)
			k44x_fpu_load(vcpu);
		else
			v44_interrupt(v, V44_FP_UNAVAIL, v->cpu.pc);
		return K44X_NOTHING;
	case V44_ALIGNMENT:
		vcpu->stat.other_exits++;
		v44_storage(v, V44_ALIGNMENT, sw->esr & K44X_STORAGE_ESR, sw->dear);
		return K44X_NOTHING;
	case V44_AP_UNAVAIL:
		vcpu->stat.other_exits++;
		v44_interrupt(v, V44_AP_UNAVAIL, v->cpu.pc);
		return K44X_NOTHING;
	case V44_DECREMENTER:
		if (k44x_timer_interrupt(vcpu)) {
			vcpu->stat.timer_exits++;
			return K44X_NOTHING;
		}
		fallthrough;
	default:
		/* the host's: its source is still asserted, and fires once we let it */
		vcpu->stat.host_irq_exits++;
		return K44X_HOST;
	}
}
