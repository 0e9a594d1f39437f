// SPDX-License-Identifier: GPL-2.0-only
/* The run loop. */
#include <linux/irqflags.h>
#include <linux/sched/signal.h>
#include <asm/reg.h>
#include <asm/reg_booke.h>
#include "kvm44x.h"
#include "trace.h"

#define EXITS_AT_MOST 128 /* with interrupts off */

/*
 * Virtual interrupts first, then what the hardware runs with; @debugged: the
 * former has been done. False if the guest cannot be entered so now.
 */
static __always_inline bool prepare_entry(struct kvm_vcpu *vcpu, bool debugged)
{
	struct kvm_vcpu_arch *arch = &vcpu->arch;
	struct v44 *v = &arch->v;

	if (arch->timer_dirty) {
		k44x_timer_sync(vcpu);
		if (kvm_test_request(KVM_REQ_WATCHDOG, vcpu) ||
		    (!debugged && kvm_test_request(KVM_REQ_DEBUG, vcpu)))
			return false;
	}
	arch->sw.wanted = V44_MSR_WE;
	if (!debugged && (v->cpu.lines | v->cpu.tsr | v->cpu.mcsr)) {
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

static __always_inline void move_count(u64 *total, u32 *count)
{
	*total += *count;
	*count = 0;
}

/* What tier 0 has counted */
static __always_inline void update_stats(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_stat *stat = &vcpu->stat;

	move_count(&stat->fast_refills, &vcpu->arch.sw.fast.refills);
	move_count(&stat->fast_privileged, &vcpu->arch.sw.fast.privileged);
	move_count(&stat->fast_interrupts, &vcpu->arch.sw.fast.interrupts);
	move_count(&stat->shadow_made, &vcpu->arch.sw.fast.made);
}

/* What stays as it is from one entry to the next: the host's, and what user code can see */
static __always_inline void load(struct kvm_vcpu_arch *arch)
{
	struct k44x_switch *sw = &arch->sw;

	sw->host_msr = mfmsr();
	sw->host_ivpr = mfspr(SPRN_IVPR);
	sw->host_mmucr = mfspr(SPRN_MMUCR);
	sw->host_sprg3 = mfspr(SPRN_SPRG3);
	sw->switch_msr = sw->host_msr & ~(V44_MSR_CE | V44_MSR_ME | V44_MSR_DE);
	arch->host_usprg0 = mfspr(SPRN_USPRG0);
	mtspr(SPRN_USPRG0, arch->v.cpu.usprg0);
}

static __always_inline void unload(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_arch *arch = &vcpu->arch;

	if (arch->fp_live)
		k44x_fpu_save(vcpu);
	k44x_hw_guard(vcpu);
	arch->v.cpu.usprg0 = mfspr(SPRN_USPRG0);
	mtspr(SPRN_USPRG0, arch->host_usprg0);
	mtspr(SPRN_SPRG4W, 0);
	mtspr(SPRN_SPRG5W, 0);
	mtspr(SPRN_SPRG6W, 0);
	mtspr(SPRN_SPRG7W, 0);
	update_stats(vcpu);
}

/*
 * In the guest until something needs interrupts on. A pending host interrupt
 * ends it as soon as the guest executes an instruction, since it runs with
 * MSR[EE] set; so does whatever else wants this, the only, CPU. A guest that
 * cannot execute any, because even its interrupt vectors are not mapped, is
 * left after EXITS_AT_MOST: exceptions of the fetch come before interrupts.
 *
 * The guest's state is in the hardware here only, with interrupts off: no other
 * task ever meets it, and nobody has to be told when this one is scheduled out.
 *
 * The host's PID is put back only at the end: kernel mappings are global, and
 * nothing here touches user space.
 *
 * A guest that is debugged is left as soon as it has got anywhere. One with a magic page runs
 * without tier 0.
 */
static __always_inline enum k44x_todo run(struct kvm_vcpu *vcpu, bool debugged, bool magic)
{
	struct k44x_switch *sw = &vcpu->arch.sw;
	enum k44x_todo todo = K44X_NOTHING;
	u32 pid = mfspr(SPRN_PID), exits = 0;

	k44x_timer_begin(vcpu);
	load(&vcpu->arch);
	if (magic)
		sw->ivpr = k44x_hw_ivpr(true);
	guest_context_enter_irqoff();
	while (todo == K44X_NOTHING && exits++ < EXITS_AT_MOST && prepare_entry(vcpu, debugged)) {
		if (debugged)
			k44x_debug_enter(vcpu);
		if (magic)
			v44_magic_show(&vcpu->arch.v);
		enter(&vcpu->arch);
		if (magic)
			v44_magic_take(&vcpu->arch.v);
		trace_kvm44x_exit(sw->vector, vcpu->arch.v.cpu.pc, sw->esr, sw->dear);
		todo = debugged ? k44x_debug_exit(vcpu) : k44x_exit_handlers[sw->vector](vcpu);
	}
	guest_context_exit_irqoff();
	if (magic)
		sw->ivpr = k44x_hw_ivpr(false);
	mtspr(SPRN_PID, pid);
	isync();
	unload(vcpu);
	return todo;
}

/*
 * Sleep until kvm_arch_vcpu_runnable(): in the wait state, until an interrupt can be taken. Only
 * whoever polls needs to know for how long: two looks at the clock cost as much as the exit that
 * led here.
 */
static void wait(struct kvm_vcpu *vcpu)
{
	vcpu->stat.halts++;
	k44x_timer_wait(vcpu);
	if (halt_poll_ns || vcpu->kvm->override_halt_poll_ns)
		kvm_vcpu_halt(vcpu);
	else
		kvm_vcpu_block(vcpu);
	k44x_timer_wait_end(vcpu);
}

/*
 * Sleep until an interrupt is pending, which the guest may have masked. A signal ends it, too: the
 * guest is told that it may come back for nothing.
 */
static int idle(struct kvm_vcpu *vcpu)
{
	vcpu->arch.idle = true;
	wait(vcpu);
	vcpu->arch.idle = false;
	return 1;
}

/* What was left to do, interrupts on; return contract of k44x_run() */
static noinline int do_todo(struct kvm_vcpu *vcpu, enum k44x_todo todo)
{
	int r = 1;

	if (todo == K44X_IDLE)
		return idle(vcpu);
	kvm_vcpu_srcu_read_lock(vcpu);
	if (todo == K44X_PAGE)
		r = k44x_page_in(vcpu, vcpu->arch.fault_gpa, vcpu->arch.fault_write);
	else if (todo == K44X_ACCESS)
		r = k44x_access(vcpu);
	else if (todo == K44X_INSN)
		r = k44x_emulate_slowly(vcpu);
	else if (todo == K44X_MAGIC)
		r = k44x_magic_begin(vcpu);
	kvm_vcpu_srcu_read_unlock(vcpu);
	return r;
}

static bool host_wants_cpu(struct kvm_vcpu *vcpu)
{
	return need_resched() || signal_pending(current) || kvm_request_pending(vcpu);
}

/* The last exception of the guest's watchdog */
static void watchdog_exit(struct kvm_vcpu *vcpu)
{
	if (vcpu->arch.watchdog_exit)
		vcpu->run->exit_reason = KVM_EXIT_WATCHDOG;
	else
		k44x_reset_exit(vcpu);
}

/*
 * Into the guest and what comes of it, interrupts off, and on afterwards; return
 * contract of k44x_run()
 */
static __always_inline int go_round(struct kvm_vcpu *vcpu, bool debugged, bool magic)
{
	enum k44x_todo todo = run(vcpu, debugged, magic);
	int r = 1;

	if (todo == K44X_USER) {
		local_irq_enable();
		return 0;
	}
	/* what interrupts now interrupts the guest: a tick is accounted to it */
	guest_timing_enter_irqoff();
	local_irq_enable();
	guest_timing_exit_irqoff();
	if (todo > K44X_HOST)
		r = do_todo(vcpu, todo);
	if (r > 0 && (vcpu->arch.v.cpu.msr & V44_MSR_WE) && !vcpu->arch.timer_dirty &&
	    !(debugged && v44_debug_over(&vcpu->arch.v)))
		wait(vcpu);
	return r;
}

/* The same for a guest that is debugged, or has a magic page; interrupts are on */
static noinline int go_round_slowly(struct kvm_vcpu *vcpu)
{
	bool debugged = kvm_test_request(KVM_REQ_DEBUG, vcpu), run = false;
	int r = 1;

	if (debugged) {
		kvm_vcpu_srcu_read_lock(vcpu);
		r = k44x_debug_look(vcpu, &run);
		kvm_vcpu_srcu_read_unlock(vcpu);
		if (r <= 0 || !run)
			return r;
	}
	local_irq_disable();
	if (need_resched() || signal_pending(current)) {
		local_irq_enable();
		return r;
	}
	return go_round(vcpu, debugged, vcpu->arch.v.magic.used);
}

static int requests(struct kvm_vcpu *vcpu)
{
	if (kvm_check_request(KVM_REQ_VM_DEAD, vcpu))
		return -EIO;
	if (kvm_check_request(KVM_REQ_WATCHDOG, vcpu)) {
		watchdog_exit(vcpu);
		return 0;
	}
	kvm_clear_request(KVM_REQ_UNBLOCK, vcpu);
	/* after the MMU notifier looked at page ages: what it asks for has been done there */
	kvm_clear_request(KVM_REQ_TLB_FLUSH, vcpu);
	if (kvm_test_request(KVM_REQ_DEBUG, vcpu) || kvm_test_request(KVM_REQ_MAGIC, vcpu))
		return go_round_slowly(vcpu);
	return 1;
}

/*
 * Another task, a request or a signal comes first; return contract of k44x_run().
 * The watchdog's request before the signal: it is no state that could be saved.
 */
static int let_host(struct kvm_vcpu *vcpu)
{
	int r;

	cond_resched();
	r = requests(vcpu);
	if (r > 0 && signal_pending(current)) {
		vcpu->stat.signal_exits++;
		vcpu->run->exit_reason = KVM_EXIT_INTR;
		r = -EINTR;
	}
	return r;
}

/**
 * k44x_run() - run the guest
 * @vcpu: nothing pending from user space
 *
 * Return: 0 with run->exit_reason set, -EINTR with KVM_EXIT_INTR on a signal, or
 * another error: -EFAULT where the host has no page for the guest.
 */
int k44x_run(struct kvm_vcpu *vcpu)
{
	int r = 1;

	while (r > 0) {
		local_irq_disable();
		if (host_wants_cpu(vcpu)) {
			local_irq_enable();
			r = let_host(vcpu);
			continue;
		}
		r = go_round(vcpu, false, false);
	}
	return r;
}
