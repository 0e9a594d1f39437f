// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's timers. While the guest runs, the host's decrementer is set to what
 * comes first, the guest's next expiry or the host's next event; so an expiry
 * costs no more than an exit. While the guest waits, an hrtimer wakes it. At all
 * other times nothing has to happen: the time base says what has expired.
 *
 * The host takes a decrementer interrupt that comes too early for it, and sets the
 * decrementer anew (timer_interrupt()). It does so, too, whenever it has another
 * next event. So after interrupts were on, the guest's expiry is set again.
 *
 * To have work done at once, the host sets its decrementer to 1 (irq_work): that
 * interrupt comes before what we have set, and is left to it. If it happens to
 * come later, the work is done at the host's next event. So is what a wake-up by
 * the guest's own doing (an ioeventfd) asks of the host's timers, which is at a
 * tick at the latest.
 */
#include <linux/minmax.h>
#include <asm/reg.h>
#include <asm/reg_booke.h>
#include <asm/time.h>
#include "kvm44x.h"

static enum hrtimer_restart expired(struct hrtimer *timer)
{
	struct kvm_vcpu *vcpu = container_of(timer, struct kvm_vcpu, arch.timer);

	vcpu->arch.timer_dirty = true;
	kvm_vcpu_kick(vcpu);
	return HRTIMER_NORESTART;
}

void k44x_timer_init(struct kvm_vcpu *vcpu)
{
	hrtimer_init(&vcpu->arch.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	vcpu->arch.timer.function = expired;
}

/* The next expiry into the host's decrementer, or arch.timer_dirty if it has come */
static __always_inline void set(struct kvm_vcpu_arch *arch)
{
	u64 next = arch->timer_next, now = get_tb();

	if (next <= now)
		arch->timer_dirty = true;
	else if (next < arch->sw.host_next)
		set_dec(next - now);
}

/** k44x_timer_begin() - the host has had the decrementer; interrupts off until the guest has run */
void k44x_timer_begin(struct kvm_vcpu *vcpu)
{
	vcpu->arch.sw.host_next = timer_get_next_tb();
	if (vcpu->arch.timer_running)
		set(&vcpu->arch);
}

/** k44x_timer_sync() - up to date, and the next expiry set; after k44x_timer_begin() */
void k44x_timer_sync(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_arch *arch = &vcpu->arch;

	/* what has expired is not next any more: a few times at most */
	do {
		arch->timer_dirty = false;
		arch->timer_running = v44_timer_next(&arch->v, &arch->timer_next);
		if (!arch->timer_running)
			return;
		set(arch);
		if (arch->timer_dirty)
			v44_timer_update(&arch->v);
	} while (arch->timer_dirty);
}

/**
 * k44x_timer_interrupt() - the decrementer has ended the guest; interrupts off
 * @vcpu: its timers are to be brought up to date, if it was for them
 *
 * Return: false if the host must take it.
 */
bool k44x_timer_interrupt(struct kvm_vcpu *vcpu)
{
	u64 host = vcpu->arch.sw.host_next, now = get_tb();

	if (!vcpu->arch.timer_running || now < vcpu->arch.timer_next || now >= host)
		return false;
	mtspr(SPRN_TSR, TSR_DIS);
	set_dec(min(host - now, decrementer_max));
	vcpu->arch.timer_dirty = true;
	return true;
}

/** k44x_timer_wait() - the guest waits; its next expiry wakes it, and sets arch.timer_dirty */
void k44x_timer_wait(struct kvm_vcpu *vcpu)
{
	u64 next = vcpu->arch.timer_next, now = get_tb();

	if (vcpu->arch.timer_running)
		hrtimer_start(&vcpu->arch.timer, ns_to_ktime(next > now ? tb_to_ns(next - now) : 0),
			      HRTIMER_MODE_REL);
}

/** k44x_timer_wait_end() - it does not wait any more */
void k44x_timer_wait_end(struct kvm_vcpu *vcpu)
{
	/* it runs on this CPU, so not now */
	if (hrtimer_is_queued(&vcpu->arch.timer))
		hrtimer_cancel(&vcpu->arch.timer);
}
