// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an exit means. Runs with interrupts off right after the switch, and
 * decides all that needs neither sleep nor user space; the rest is told to
 * k44x_run() as a todo.
 */
#include "fetch.h"
#include "trace.h"

/* What the interrupt wrote; MCI can be older, and the host's */
#define PROGRAM_ESR (~V44_ESR_MCI)

/** k44x_find_fetched() - the shadow for pc, or NULL */
struct v44_sh_entry *k44x_find_fetched(struct kvm_vcpu *vcpu)
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
 * Illegal in user state can still be an SPR number that is merely undefined in
 * supervisor state, and the host's CPU may lack the indexed DCRs of a guest's that is
 * a 460EX. All else this CPU does not have, so the guest's does not.
 */
static bool legal_for_guest(const struct v44 *v, u32 insn)
{
	if (insn >> 26 != 31)
		return false;
	switch (insn & 0x6fe) {
	case 0x2a6: /* mfspr, mtspr */
		return !(v->cpu.msr & V44_MSR_PR);
	case 0x206: /* mfdcrx, mtdcrx */
		return v->cpu.pvr >> 16 == V44_PVR_460EX;
	default:
		return false;
	}
}

static enum k44x_todo program(struct kvm_vcpu *vcpu)
{
	u32 esr = vcpu->arch.sw.esr & PROGRAM_ESR, insn;
	struct v44 *v = &vcpu->arch.v;
	enum v44_emu emu;

	vcpu->stat.privileged_exits++;

	if (!(esr & (V44_ESR_PPR | V44_ESR_PIL))) {
		v44_program(v, esr, v->cpu.pc);
		return K44X_NOTHING;
	}
	if (!k44x_fetch(vcpu, &insn))
		return K44X_INSN;
	if ((esr & V44_ESR_PIL) && !legal_for_guest(v, insn)) {
		if (insn == K44X_DEBUG_INST)
			return k44x_debug_software(vcpu);
		v44_program(v, esr, v->cpu.pc);
		return K44X_NOTHING;
	}
	emu = v44_emulate(v, insn);
	return emu == V44_EMU_DONE ? K44X_NOTHING : k44x_after_emulation(vcpu, emu);
}

/* The load or store at pc */
static enum k44x_todo access(struct kvm_vcpu *vcpu)
{
	u32 insn;

	return k44x_fetch(vcpu, &insn) ? k44x_access_begin(vcpu, insn) : K44X_INSN;
}

/**
 * k44x_storage() - a TLB error or storage interrupt
 * @vcpu: it has just left the guest; interrupts off
 * @ea: effective address of the access
 * @type: what it was
 * @miss: TLB error
 */
enum k44x_todo k44x_storage(struct kvm_vcpu *vcpu, u32 ea, enum v44_access_type type, bool miss)
{
	struct v44 *v = &vcpu->arch.v;
	/* an instruction TLB error does not write it */
	u32 esr = type == V44_FETCH ? (miss ? 0 : vcpu->arch.sw.esr & V44_ESR_BO)
				    : vcpu->arch.sw.esr & K44X_STORAGE_ESR;
	bool split = !(v->cpu.msr & V44_MSR_IS) != !(v->cpu.msr & V44_MSR_DS);
	struct v44_sh_entry *e;

	if (miss) {
		/* tier 0, if there is any, has looked already */
		e = k44x_fast && vcpu->arch.sw.ivpr == k44x_hw_ivpr(false)
			    ? NULL
			    : v44_shadow_find(&v->sh, vcpu->arch.sw.sid, ea);
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
		return access(vcpu);

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
	case V44_FAULT_MAGIC:
		return K44X_MAGIC;
	case V44_FAULT_EMULATE:
		if (type == V44_FETCH) {
			v->counts->unimplemented++;
			v->ops->unimplemented(v, "code in a page of 1 KB", ea);
		}
		break;
	case V44_FAULT_IO:
		break;
	}
	if (type != V44_FETCH)
		return access(vcpu);
	v44_fetch_error(v);
	return K44X_NOTHING;
}

static enum k44x_todo data_miss(struct kvm_vcpu *vcpu)
{
	const struct k44x_switch *sw = &vcpu->arch.sw;

	vcpu->stat.dtlb_exits++;
	return k44x_storage(vcpu, sw->dear, sw->esr & V44_ESR_ST ? V44_STORE : V44_LOAD, true);
}

static enum k44x_todo inst_miss(struct kvm_vcpu *vcpu)
{
	vcpu->stat.itlb_exits++;
	return k44x_storage(vcpu, vcpu->arch.v.cpu.pc, V44_FETCH, true);
}

static enum k44x_todo inst_storage(struct kvm_vcpu *vcpu)
{
	vcpu->stat.isi_exits++;
	return k44x_storage(vcpu, vcpu->arch.v.cpu.pc, V44_FETCH, false);
}

static enum k44x_todo syscall(struct kvm_vcpu *vcpu)
{
	struct v44 *v = &vcpu->arch.v;

	vcpu->stat.syscall_exits++;
	switch (v44_hypercall(v)) {
	case V44_HC_NONE:
		v44_interrupt(v, V44_SYSCALL, v->cpu.pc);
		return K44X_NOTHING;
	case V44_HC_IDLE:
		return K44X_IDLE;
	default:
		return K44X_NOTHING;
	}
}

static enum k44x_todo fp_unavailable(struct kvm_vcpu *vcpu)
{
	struct v44 *v = &vcpu->arch.v;

	vcpu->stat.fp_exits++;
	if (v->cpu.msr & V44_MSR_FP)
		k44x_fpu_load(vcpu);
	else
		v44_interrupt(v, V44_FP_UNAVAIL, v->cpu.pc);
	return K44X_NOTHING;
}

static enum k44x_todo alignment(struct kvm_vcpu *vcpu)
{
	const struct k44x_switch *sw = &vcpu->arch.sw;

	vcpu->stat.other_exits++;
	v44_storage(&vcpu->arch.v, V44_ALIGNMENT, sw->esr & K44X_STORAGE_ESR, sw->dear);
	return K44X_NOTHING;
}

static enum k44x_todo ap_unavailable(struct kvm_vcpu *vcpu)
{
	struct v44 *v = &vcpu->arch.v;

	vcpu->stat.other_exits++;
	v44_interrupt(v, V44_AP_UNAVAIL, v->cpu.pc);
	return K44X_NOTHING;
}

/* The host's: its source is still asserted, and fires once we let it */
static enum k44x_todo host_interrupt(struct kvm_vcpu *vcpu)
{
	vcpu->stat.host_irq_exits++;
	return K44X_HOST;
}

static enum k44x_todo decrementer(struct kvm_vcpu *vcpu)
{
	if (!k44x_timer_interrupt(vcpu))
		return host_interrupt(vcpu);
	vcpu->stat.timer_exits++;
	return K44X_NOTHING;
}

/*
 * What deals with an exit, by its IVOR number; interrupts off. K44X_NOTHING, if that is
 * all; else what else there is to do.
 */
enum k44x_todo (*const k44x_exit_handlers[V44_IVORS])(struct kvm_vcpu *vcpu) = {
	[V44_CRITICAL] = host_interrupt,
	[V44_MACHINE_CHECK] = host_interrupt,
	[V44_DATA_STORAGE] = k44x_data_storage,
	[V44_INST_STORAGE] = inst_storage,
	[V44_EXTERNAL] = host_interrupt,
	[V44_ALIGNMENT] = alignment,
	[V44_PROGRAM] = program,
	[V44_FP_UNAVAIL] = fp_unavailable,
	[V44_SYSCALL] = syscall,
	[V44_AP_UNAVAIL] = ap_unavailable,
	[V44_DECREMENTER] = decrementer,
	[V44_FIXED_INTERVAL] = host_interrupt,
	[V44_WATCHDOG] = host_interrupt,
	[V44_DATA_TLB] = data_miss,
	[V44_INST_TLB] = inst_miss,
	[V44_DEBUG] = host_interrupt,
};
