// SPDX-License-Identifier: GPL-2.0-only
/* The guest's timers, driven by one hrtimer that is set to the next expiry that matters. */
#include <asm/time.h>
#include "kvm44x.h"

static enum hrtimer_restart expired(struct hrtimer *timer)
{
	struct kvm_vcpu *vcpu = container_of(timer, struct kvm_vcpu, arch.timer);

	kvm_make_request(KVM_REQ_TIMER, vcpu);
	kvm_vcpu_kick(vcpu);
	return HRTIMER_NORESTART;
}

void k44x_timer_init(struct kvm_vcpu *vcpu)
{
	hrtimer_init(&vcpu->arch.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	vcpu->arch.timer.function = expired;
}

/** k44x_timer_sync() - bring the timers up to date and set the hrtimer to the next expiry */
void k44x_timer_sync(struct kvm_vcpu *vcpu)
{
	struct v44 *v = &vcpu->arch.v;
	u64 next, now;

	/* once more at most: what expires between two looks at the time is found by the next */
	do {
		v44_timer_update(v);
		vcpu->arch.timer_dirty = false;
		if (!v44_timer_next(v, &next)) {
			hrtimer_try_to_cancel(&vcpu->arch.timer);
			return;
		}
		now = get_tb();
	} while (next <= now);
	hrtimer_start(&vcpu->arch.timer, ns_to_ktime(tb_to_ns(next - now)), HRTIMER_MODE_REL);
}
