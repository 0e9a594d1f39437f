// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running a guest that is debugged, by itself or by the VMM: what core/debug.h
 * leaves to us. Meanwhile the guest runs with vectors that have no tier 0, and
 * comes by here after each exit.
 *
 * One instruction alone is executed by the hardware, with MSR[DE] and DBCR0[ICMP].
 * DE survives the entry of a non-critical interrupt, so on silicon an instruction
 * that is interrupted has ICMP at the first instruction of our vector; the critical
 * vectors put that off (switch.S), and DBSR is cleared here. The host runs with
 * DE = 0, and only with interrupts off are the registers not its own.
 */
#include <linux/kvm_host.h>
#include <asm/reg.h>
#include <asm/reg_booke.h>
#include "kvm44x.h"

/* All but the most recent reset, which is the host's; QEMU clears only many bits at once */
#define DBSR_CLEAR (~0x30000000u)

static enum k44x_todo debug_exit(struct kvm_vcpu *vcpu, u32 status, u32 address)
{
	struct kvm_run *run = vcpu->run;

	memset(&run->debug, 0, sizeof(run->debug));
	run->exit_reason = KVM_EXIT_DEBUG;
	run->debug.arch.address = address;
	run->debug.arch.status = status;
	return K44X_USER;
}

/* struct v44_ops debug_changed: the run loop has to look */
void k44x_debug_changed(struct v44 *v)
{
	struct kvm_vcpu *vcpu = k44x_vcpu(v);

	if (v->debug.active)
		kvm_make_request(KVM_REQ_DEBUG, vcpu);
	else
		kvm_clear_request(KVM_REQ_DEBUG, vcpu);
	vcpu->arch.timer_dirty = true;
}

/* Take an interrupt that is pending, if the VMM does not want to step without */
static bool deliver(struct kvm_vcpu *vcpu)
{
	struct v44 *v = &vcpu->arch.v;
	bool taken = false;

	local_irq_disable();
	k44x_timer_begin(vcpu);
	if (vcpu->arch.timer_dirty)
		k44x_timer_sync(vcpu);
	if (!(vcpu->guest_debug & KVM44X_GUESTDBG_BLOCKIRQ) || v44_pending(v) == V44_DEBUG)
		taken = v44_deliver(v);
	local_irq_enable();
	return taken;
}

static int point_exit(struct kvm_vcpu *vcpu, const struct v44_point *point)
{
	static const u32 status[] = {
		[V44_FETCH] = KVMPPC_DEBUG_BREAKPOINT,
		[V44_LOAD] = KVMPPC_DEBUG_WATCH_READ,
		[V44_STORE] = KVMPPC_DEBUG_WATCH_WRITE,
	};

	debug_exit(vcpu, status[vcpu->arch.v.debug.hit], point->ea);
	return 0;
}

/*
 * The instruction at pc is to be executed alone, if nothing keeps it from that.
 * Return contract of k44x_run(); *run: it is, and the hardware has to do it.
 */
static int begin(struct kvm_vcpu *vcpu, bool *run)
{
	const struct v44_point *point;
	struct v44 *v = &vcpu->arch.v;
	enum v44_look look;
	u32 insn;
	bool ok;

	v44_debug_begin(v);
	preempt_disable(); /* shadows may change: see kvm_host.h */
	look = v44_debug_fetch(v, &point);
	preempt_enable();
	if (look == V44_LOOK_ON) {
		/* what is not RAM is fetched, and fails, like any other */
		*run = k44x_read_insn(vcpu, &insn, &ok) < 0;
		if (*run || !ok)
			return 1;
		look = v44_debug_execute(v, insn, &point);
	}
	if (look == V44_LOOK_POINT)
		return point_exit(vcpu, point);
	if (look == V44_LOOK_EVENT)
		return 1;
	*run = !v44_debug_stores_conditionally(v);
	return *run || k44x_access_begin(vcpu, insn) != K44X_ACCESS ? 1 : k44x_access(vcpu);
}

/**
 * k44x_debug_look() - before the guest is entered
 * @vcpu: v.debug.active; interrupts on
 * @run: to be entered?
 *
 * Return: contract of k44x_run().
 */
int k44x_debug_look(struct kvm_vcpu *vcpu, bool *run)
{
	struct v44 *v = &vcpu->arch.v;
	bool progress = v44_debug_over(v);

	*run = false;
	if (progress)
		v44_debug_end(v);
	else
		progress = deliver(vcpu) && !v->debug.stepping;
	if (progress && v->debug.step) {
		debug_exit(vcpu, KVMPPC_DEBUG_NONE, v->cpu.pc);
		return 0;
	}
	if (progress || v44_debug_over(v))
		return 1;
	if (v->debug.stepping || (v->cpu.msr & V44_MSR_WE) ||
	    (!vcpu->arch.look && !v44_debug_every(v))) {
		*run = true;
		return 1;
	}
	vcpu->arch.look = false;
	return begin(vcpu, run);
}

/** k44x_debug_enter() - what the hardware has to know; interrupts off */
void k44x_debug_enter(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_arch *arch = &vcpu->arch;

	arch->sw.ivpr = k44x_hw_ivpr(true);
	if (!arch->v.debug.stepping)
		return;
	vcpu->stat.debug_steps++;
	arch->sw.sid = v44_shadow_step_sid(&arch->v);
	arch->sw.hw_msr |= V44_MSR_DE;
	arch->host_dbcr0 = mfspr(SPRN_DBCR0);
	mtspr(SPRN_DBSR, DBSR_CLEAR);
	mtspr(SPRN_DBCR0, DBCR0_IDM | DBCR0_IC);
}

/* Has an instruction ended the guest that is to be looked at first? */
static bool held(struct kvm_vcpu *vcpu)
{
	const struct k44x_switch *sw = &vcpu->arch.sw;
	const struct v44 *v = &vcpu->arch.v;

	switch (sw->vector) {
	case V44_DATA_TLB:
	case V44_DATA_STORAGE:
		return v44_debug_watched(v, sw->dear, sw->esr & V44_ESR_ST ? V44_STORE : V44_LOAD);
	case V44_INST_TLB:
	case V44_INST_STORAGE:
		return v44_debug_watched(v, v->cpu.pc, V44_FETCH);
	case V44_PROGRAM:
		return v44_debug_traps(v);
	default:
		return false;
	}
}

static enum k44x_todo handle(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_arch *arch = &vcpu->arch;
	struct v44_debug *d = &arch->v.debug;
	u32 vector = arch->sw.vector;
	enum k44x_todo todo;

	if (!d->stepping) {
		arch->look = held(vcpu);
		return arch->look ? K44X_NOTHING : k44x_exit_handlers[vector](vcpu);
	}
	mtspr(SPRN_DBCR0, arch->host_dbcr0);
	mtspr(SPRN_DBSR, DBSR_CLEAR);
	if (vector == V44_DEBUG) {
		d->completed = true;
		return K44X_NOTHING;
	}
	todo = k44x_exit_handlers[vector](vcpu);
	/* what was emulated may leave pc as it was; a system call is complete, too */
	if (vector == V44_SYSCALL ||
	    (vector == V44_PROGRAM && d->stepping && todo != K44X_INSN && !d->interrupted))
		d->completed = true;
	return todo;
}

/**
 * k44x_debug_exit() - what deals with an exit after k44x_debug_enter(); interrupts off
 * @vcpu: it has just left the guest
 *
 * Return: K44X_NOTHING only if the guest can go on with the same instruction.
 */
enum k44x_todo k44x_debug_exit(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_arch *arch = &vcpu->arch;
	u32 pc = arch->v.cpu.pc;
	enum k44x_todo todo;

	arch->sw.ivpr = k44x_hw_ivpr(false);
	todo = handle(vcpu);
	if (todo == K44X_NOTHING &&
	    (arch->look || v44_debug_over(&arch->v) || arch->v.cpu.pc != pc))
		return K44X_HOST;
	return todo;
}

/** k44x_debug_software() - the guest has executed K44X_DEBUG_INST, of the VMM's or its own */
enum k44x_todo k44x_debug_software(struct kvm_vcpu *vcpu)
{
	struct v44 *v = &vcpu->arch.v;

	if (!(vcpu->guest_debug & KVM_GUESTDBG_USE_SW_BP)) {
		v44_program(v, V44_ESR_PIL, v->cpu.pc);
		return K44X_NOTHING;
	}
	v->debug.stepping = false;
	return debug_exit(vcpu, KVMPPC_DEBUG_NONE, v->cpu.pc);
}

/* --- KVM_SET_GUEST_DEBUG --- */

#define ALL_TYPES (KVMPPC_DEBUG_BREAKPOINT | KVMPPC_DEBUG_WATCH_WRITE | KVMPPC_DEBUG_WATCH_READ)

/* The points that the VMM wants; < 0: an error */
static int get_points(const struct kvm_guest_debug_arch *arch, struct v44_point *point)
{
	u32 i, type, points = 0;

	static_assert(ARRAY_SIZE(arch->bp) == V44_POINTS);
	for (i = 0; i < V44_POINTS; i++) {
		type = arch->bp[i].type;
		if (!type)
			continue;
		if (type & ~ALL_TYPES || arch->bp[i].addr >> 32 ||
		    (type & KVMPPC_DEBUG_BREAKPOINT && arch->bp[i].addr & 3))
			return -EINVAL;
		point[points].ea = arch->bp[i].addr;
		point[points].types = (type & KVMPPC_DEBUG_BREAKPOINT ? 1 << V44_FETCH : 0) |
				      (type & KVMPPC_DEBUG_WATCH_READ ? 1 << V44_LOAD : 0) |
				      (type & KVMPPC_DEBUG_WATCH_WRITE ? 1 << V44_STORE : 0);
		points++;
	}
	return points;
}

/*
 * Also a moment at which the guest gets to see what the debugger wrote into its
 * code: the instruction cache is flushed.
 */
int kvm_arch_vcpu_ioctl_set_guest_debug(struct kvm_vcpu *vcpu, struct kvm_guest_debug *dbg)
{
	struct v44_point point[V44_POINTS] = {};
	struct v44 *v = &vcpu->arch.v;
	struct v44_debug *d = &v->debug;
	int points = 0;

	if (!(dbg->control & KVM_GUESTDBG_ENABLE))
		dbg->control = 0;
	if (dbg->control & ~K44X_GUESTDBG)
		return -EINVAL;
	if (dbg->control & KVM_GUESTDBG_USE_HW_BP)
		points = get_points(&dbg->arch, point);
	if (points < 0)
		return points;
	vcpu->guest_debug = dbg->control;
	preempt_disable();
	d->step = dbg->control & KVM_GUESTDBG_SINGLESTEP;
	if (d->points != points || memcmp(d->point, point, sizeof(point))) {
		d->points = points;
		memcpy(d->point, point, sizeof(point));
		v44_debug_changed(v);
	} else {
		v44_debug_status_changed(v);
	}
	v->ops->icache_flush(v);
	preempt_enable();
	return 0;
}
