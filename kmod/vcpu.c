// SPDX-License-Identifier: GPL-2.0-only
/* The vCPU's life and its ioctls. */
#include <linux/gfp.h>
#include <linux/uaccess.h>
#include <asm/reg.h>
#include "kvm44x.h"
#include <trace/events/kvm.h>
#define CREATE_TRACE_POINTS
#include "trace.h"

static void timer_changed(struct v44 *v)
{
	k44x_vcpu(v)->arch.timer_dirty = true;
}

static void watchdog(struct v44 *v)
{
	kvm_make_request(KVM_REQ_WATCHDOG, k44x_vcpu(v));
}

/* Every line tagged with one of the guest's shadow PIDs; a 440 has only "all" */
static void icache_flush(struct v44 *v)
{
	asm volatile("iccci 0, %0; isync" : : "r"(0) : "memory");
}

/*
 * What tier 0 does with the guest's TLB knows nothing of them. While there are any, C does
 * all privileged instructions of the guest, as it does for user code.
 */
static void small_pages(struct v44 *v, bool any)
{
	k44x_vcpu(v)->arch.sw.tables_of[0] = k44x_tables[any];
}

static bool peek(struct v44 *v, u64 gpa, u32 *word)
{
	return !kvm_vcpu_read_guest(k44x_vcpu(v), gpa & ~3ull, word, sizeof(*word));
}

static void unimplemented(struct v44 *v, const char *name, u32 insn)
{
	pr_info_ratelimited(
		"kvm44x [%d]: guest used %s (0x%08x at 0x%08x), which is not implemented\n",
		task_tgid_nr(current), name, insn, v->cpu.pc);
}

void k44x_trace_interrupt(struct v44 *v, u32 ivor)
{
	trace_kvm44x_interrupt(ivor, v->cpu.pc, v->cpu.msr, v->cpu.esr, v->cpu.dear);
}

const struct v44_ops k44x_ops = {
	.timer_changed = timer_changed,
	.watchdog = watchdog,
	.icache_flush = icache_flush,
	.sid_alloc = k44x_sid_alloc,
	.hw_drop = k44x_hw_drop,
	.page = k44x_page,
	.contiguous = k44x_contiguous,
	.small_pages = small_pages,
	.peek = peek,
	.debug_changed = k44x_debug_changed,
	.unimplemented = unimplemented,
};

/* The core counts in the statistics themselves */
static struct v44_counts *counts(struct kvm_vcpu_stat *stat)
{
	static_assert(offsetof(struct kvm_vcpu_stat, unimplemented) -
			      offsetof(struct kvm_vcpu_stat, shadow_made) ==
		      offsetof(struct v44_counts, unimplemented));
	return (struct v44_counts *)&stat->shadow_made;
}

#define SHADOW_BYTES (V44_SH_ALL * sizeof(struct v44_sh_entry))

/**
 * k44x_vcpu_reset() - hardware reset
 * @vcpu: under its mutex, or not yet seen by anybody
 *
 * The interrupt inputs are driven from outside, so they stay as they are, and it stays the CPU
 * that it is.
 */
void k44x_vcpu_reset(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_arch *arch = &vcpu->arch;
	u32 lines;

	k44x_sid_free_all(vcpu->kvm);
	local_irq_disable();
	lines = arch->v.cpu.lines & ~V44_LINE_EDGE;
	v44_reset(&arch->v, arch->v.cpu.pvr);
	arch->v.cpu.lines = lines;
	local_irq_enable();
	kvm_clear_request(KVM_REQ_WATCHDOG, vcpu);
	k44x_magic_reset(vcpu);
	arch->fresh = true;
	arch->mmio_pending = false;
	arch->dcr_pending = false;
}

int kvm_arch_vcpu_precreate(struct kvm *kvm, unsigned int id)
{
	return 0;
}

int kvm_arch_vcpu_create(struct kvm_vcpu *vcpu)
{
	struct kvm_vcpu_arch *arch = &vcpu->arch;

	/* the switch reaches it by bolted TLB entries only */
	if (WARN_ON_ONCE(!virt_addr_valid(arch)))
		return -ENOMEM;
	arch->shadow = alloc_pages_exact(SHADOW_BYTES, GFP_KERNEL_ACCOUNT);
	if (!arch->shadow)
		return -ENOMEM;
	v44_init(&arch->v, &k44x_ops, arch->shadow, counts(&vcpu->stat));
	arch->fetched = arch->shadow;
	arch->device = arch->shadow;
	k44x_timer_init(vcpu);
	arch->sw.ivpr = k44x_hw_ivpr(false);
	arch->sw.slots = k44x_hw_slots();
	arch->v.has_1k = k44x_hw_has_1k();
	arch->sw.tables_of[1] = k44x_tables[1];
	arch->v.cpu.pvr = mfspr(SPRN_PVR);
	k44x_vcpu_reset(vcpu);
	vcpu->kvm->arch.vcpu = vcpu;
	k44x_uic_attach(vcpu);
	return 0;
}

void kvm_arch_vcpu_postcreate(struct kvm_vcpu *vcpu)
{
}

void kvm_arch_vcpu_destroy(struct kvm_vcpu *vcpu)
{
	hrtimer_cancel(&vcpu->arch.timer);
	k44x_sid_free_all(vcpu->kvm);
	vcpu->kvm->arch.vcpu = NULL;
	free_pages_exact(vcpu->arch.shadow, SHADOW_BYTES);
	k44x_magic_free(vcpu);
}

/* Never called: the guest's state is in the hardware with interrupts off only (run.c) */
void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
}

void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
}

/* What user space left to be done by the next KVM_RUN; return contract of k44x_run() */
static int complete_exit(struct kvm_vcpu *vcpu)
{
	if (vcpu->arch.mmio_pending)
		return k44x_mmio_done(vcpu);
	if (vcpu->arch.dcr_pending) {
		vcpu->arch.dcr_pending = false;
		v44_dcr_done(&vcpu->arch.v, vcpu->run->dcr.data);
	}
	return 1;
}

int kvm_arch_vcpu_ioctl_run(struct kvm_vcpu *vcpu)
{
	int r = complete_exit(vcpu);

	if (r <= 0)
		return r;
	if (vcpu->arch.fresh) {
		preempt_disable();
		v44_boot_tlb(&vcpu->arch.v, vcpu->arch.v.cpu.pc);
		preempt_enable();
		vcpu->arch.fresh = false;
	}
	if (k44x_immediate_exit(vcpu)) {
		vcpu->run->exit_reason = KVM_EXIT_INTR;
		return -EINTR;
	}
	if (!vcpu->sigset_active)
		return k44x_run(vcpu);
	kvm_sigset_activate(vcpu);
	r = k44x_run(vcpu);
	kvm_sigset_deactivate(vcpu);
	return r;
}

/*
 * KVM_RUN by the thread that ran it last: what the generic core does for it, without the way
 * past all other ioctls. -ENOIOCTLCMD: by another thread, for which it does more.
 */
static long run_again(struct kvm_vcpu *vcpu)
{
	long r = -ENOIOCTLCMD;

	if (mutex_lock_killable(&vcpu->mutex))
		return -EINTR;
	if (rcu_access_pointer(vcpu->pid) == task_pid(current)) {
		k44x_run_begin(vcpu);
		r = kvm_arch_vcpu_ioctl_run(vcpu);
		k44x_run_end(vcpu);
		trace_kvm_userspace_exit(vcpu->run->exit_reason, r);
	}
	mutex_unlock(&vcpu->mutex);
	return r;
}

/* Under local_irq_disable(): the vCPU thread may be about to look */
static int interrupt(struct kvm_vcpu *vcpu, u32 irq)
{
	struct v44 *v = &vcpu->arch.v;
	int r = 0;

	local_irq_disable();
	switch (irq) {
	case KVM_INTERRUPT_SET:
		v44_set_line(v, V44_LINE_EDGE, true);
		break;
	case KVM_INTERRUPT_SET_LEVEL:
		v44_set_line(v, V44_LINE_EXTERNAL, true);
		break;
	case KVM_INTERRUPT_UNSET:
		v44_set_line(v, V44_LINE_EXTERNAL | V44_LINE_EDGE, false);
		break;
	default:
		r = -EINVAL;
	}
	local_irq_enable();
	if (!r)
		kvm_vcpu_kick(vcpu);
	return r;
}

static noinline long interrupt_ioctl(struct kvm_vcpu *vcpu, unsigned long arg)
{
	struct kvm_interrupt irq;

	if (copy_from_user(&irq, (void __user *)arg, sizeof(irq)))
		return -EFAULT;
	/* its inputs are the interrupt controller's */
	if (kvm_arch_intc_initialized(vcpu->kvm))
		return -ENXIO;
	return interrupt(vcpu, irq.irq);
}

/*
 * Ioctls before the generic core takes the vCPU mutex: those that do not need it, so that another
 * thread can raise interrupts, and the one that is called all the time.
 */
long kvm_arch_vcpu_async_ioctl(struct file *filp, unsigned int ioctl, unsigned long arg)
{
	if (ioctl == KVM_RUN && !arg)
		return run_again(filp->private_data);
	return ioctl == KVM_INTERRUPT ? interrupt_ioctl(filp->private_data, arg) : -ENOIOCTLCMD;
}

static int enable_cap(struct kvm_vcpu *vcpu, const struct kvm_enable_cap *cap)
{
	if (cap->flags || cap->cap != KVM_CAP_PPC_BOOKE_WATCHDOG)
		return -EINVAL;
	vcpu->arch.watchdog_exit = true;
	return 0;
}

long kvm_arch_vcpu_ioctl(struct file *filp, unsigned int ioctl, unsigned long arg)
{
	struct kvm_vcpu *vcpu = filp->private_data;
	struct kvm_enable_cap cap;
	struct kvm_one_reg one;
	long r;

	switch (ioctl) {
	case KVM_ENABLE_CAP:
		if (copy_from_user(&cap, (void __user *)arg, sizeof(cap)))
			return -EFAULT;
		return enable_cap(vcpu, &cap);
	case KVM_GET_ONE_REG:
	case KVM_SET_ONE_REG:
		if (copy_from_user(&one, (void __user *)arg, sizeof(one)))
			return -EFAULT;
		break;
	case KVM_GET_REG_LIST:
		break;
	default:
		return -ENOTTY;
	}
	if (ioctl == KVM_GET_REG_LIST)
		r = k44x_reg_list(vcpu, (void __user *)arg);
	else if (ioctl == KVM_GET_ONE_REG)
		r = k44x_get_one_reg(vcpu, &one);
	else
		r = k44x_set_one_reg(vcpu, &one);
	return r;
}

int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu)
{
	const struct v44 *v = &vcpu->arch.v;

	/* what mostly ends a wait comes first */
	return vcpu->arch.timer_dirty || v44_pending(v) >= 0 ||
	       (vcpu->arch.idle && v44_pending_msr(v)) || kvm_test_request(KVM_REQ_WATCHDOG, vcpu);
}

int kvm_cpu_has_pending_timer(struct kvm_vcpu *vcpu)
{
	return 0;
}

/* There is one CPU, and whoever asks is on it: no guest is */
int kvm_arch_vcpu_should_kick(struct kvm_vcpu *vcpu)
{
	return 0;
}

bool kvm_arch_vcpu_in_kernel(struct kvm_vcpu *vcpu)
{
	return !(vcpu->arch.v.cpu.msr & V44_MSR_PR);
}

/* The only page of run's mapping that is ours: none */
vm_fault_t kvm_arch_vcpu_fault(struct kvm_vcpu *vcpu, struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}
