// SPDX-License-Identifier: GPL-2.0-only
/* The run loop. */
#include <linux/irqflags.h>
#include <linux/sched/signal.h>
#include <asm/reg.h>
#include <asm/reg_booke.h>
#include "kvm44x.h"
#include "trace.h"

#define EXITS_AT_MOST 128 /* with interrupts off */

/* Virtual interrupts first, then what the hardware runs with */
static bool prepare_entry(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_arch *arch = &vcpu->arch;
	struct v44 *v = &arch->v;

	if (arch->timer_dirty)
		k44x_timer_sync(vcpu);
	arch->sw.wanted = V44_MSR_WE;
	if (v->cpu.lines | v->cpu.tsr | v->cpu.mcsr) {
		v44_deliver(v);
		arch->sw.wanted |= v44_pending_msr(v);
	}
	if (v->cpu.msr & V44_MSR_WE)
		return false;
	arch->sw.tables = arch->sw.tables_of[!!(v->cpu.msr & V44_MSR_PR)];
	arch->sw.fp_mask = arch->fp_live ? K44X_FP_MSR : 0;
	arch->sw.hw_msr = K44X_HW_MSR | (v->cpu.msr & arch->sw.fp_mask);
	arch->sw.sid = v44_shadow_sid(v);
	trace_kvm44x_entry(v->cpu.pc, v->cpu.msr, v->cpu.pid, arch->sw.sid);
	return true;
}

/*
 * For lockdep and the tracers, interrupts are on while the guest runs. Nothing
 * where neither is configured.
 */
static __always_inline void enter(struct kvm_vcpu_arch *arch)
{
	trace_hardirqs_on_prepare();
	lockdep_hardirqs_on_prepare();
	lockdep_hardirqs_on(_THIS_IP_);
	k44x_enter(arch);
	lockdep_hardirqs_off(_THIS_IP_);
	trace_hardirqs_off_finish();
}

/*
 * In the guest until something needs interrupts on. A pending host interrupt
 * ends it as soon as the guest executes an instruction, since it runs with
 * MSR[EE] set; so does whatever else wants this, the only, CPU. A guest that
 * cannot execute any, because even its interrupt vectors are not mapped, is
 * left after EXITS_AT_MOST: exceptions of the fetch come before interrupts.
 *
 * The host's PID is put back only at the end: kernel mappings are global, and
 * nothing here touches user space.
 */
static enum k44x_todo run_guest(struct kvm_vcpu *vcpu)
{
	enum k44x_todo todo = K44X_NOTHING;
	u32 pid = mfspr(SPRN_PID), exits = 0;

	if (vcpu->arch.timer_running)
		k44x_timer_set(vcpu);
	vcpu->mode = IN_GUEST_MODE;
	guest_enter_irqoff();
	while (todo == K44X_NOTHING && exits++ < EXITS_AT_MOST && prepare_entry(vcpu)) {
		enter(&vcpu->arch);
		todo = k44x_handle_exit(vcpu);
	}
	mtspr(SPRN_PID, pid);
	isync();
	guest_exit_irqoff();
	vcpu->mode = OUTSIDE_GUEST_MODE;
	return todo;
}

/* Sleep in the guest's wait state until an interrupt can be taken */
static void wait_state(struct kvm_vcpu *vcpu)
{
	vcpu->stat.halts++;
	k44x_timer_wait(vcpu);
	kvm_vcpu_halt(vcpu);
	k44x_timer_wait_end(vcpu);
}

static int do_todo(struct kvm_vcpu *vcpu, enum k44x_todo todo)
{
	int r;

	switch (todo) {
	case K44X_PAGE:
		r = k44x_page_in(vcpu, vcpu->arch.fault_gpa, vcpu->arch.fault_write);
		return r < 0 ? r : 1;
	case K44X_ACCESS:
		return k44x_access(vcpu);
	case K44X_INSN:
		return k44x_emulate_slowly(vcpu);
	case K44X_USER:
		return 0;
	default:
		return 1;
	}
}

static bool host_wants_cpu(struct kvm_vcpu *vcpu)
{
	return need_resched() || signal_pending(current) || kvm_request_pending(vcpu);
}

static int requests(struct kvm_vcpu *vcpu)
{
	if (kvm_check_request(KVM_REQ_VM_DEAD, vcpu))
		return -EIO;
	if (kvm_check_request(KVM_REQ_TIMER, vcpu))
		vcpu->arch.timer_dirty = true;
	kvm_clear_request(KVM_REQ_UNBLOCK, vcpu);
	/* after the MMU notifier looked at page ages: what it asks for has been done there */
	kvm_clear_request(KVM_REQ_TLB_FLUSH, vcpu);
	return 1;
}

/* Another task, a signal or a request comes first; return contract of k44x_run() */
static int let_host(struct kvm_vcpu *vcpu)
{
	cond_resched();
	if (signal_pending(current)) {
		vcpu->stat.signal_exits++;
		vcpu->run->exit_reason = KVM_EXIT_INTR;
		return -EINTR;
	}
	return requests(vcpu);
}

/**
 * k44x_run() - run the guest
 * @vcpu: vcpu_load()ed, nothing pending from user space
 *
 * Whoever changes the memory slots waits for this to leave its read sections,
 * so each time round has one of its own.
 *
 * Return: 0 with run->exit_reason set, -EINTR with KVM_EXIT_INTR on a signal, or
 * another error: -EFAULT where the host has no page for the guest.
 */
int k44x_run(struct kvm_vcpu *vcpu)
{
	enum k44x_todo todo;
	int r = 1;

	while (r > 0) {
		local_irq_disable();
		if (host_wants_cpu(vcpu)) {
			local_irq_enable();
			r = let_host(vcpu);
			continue;
		}
		kvm_vcpu_srcu_read_lock(vcpu);
		todo = run_guest(vcpu);
		local_irq_enable();
		r = do_todo(vcpu, todo);
		kvm_vcpu_srcu_read_unlock(vcpu);
		if (r > 0 && (vcpu->arch.v.cpu.msr & V44_MSR_WE) && !vcpu->arch.timer_dirty)
			wait_state(vcpu);
	}
	return r;
}
