// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt controllers in the kernel, for a VMM that asks for them by
 * KVM_CREATE_IRQCHIP: core/'s model, driven by KVM_IRQ_LINE, irqfds and the
 * guest's mfdcr and mtdcr.
 */
#include <linux/kvm_irqfd.h>
#include <linux/uaccess.h>
#include <uapi/kvm44x.h>
#include "kvm44x.h"

bool kvm_arch_intc_initialized(struct kvm *kvm)
{
	return kvm->arch.uic.uics.count;
}

/* Interrupts off */
static void update_lines(struct kvm_vcpu *vcpu)
{
	const struct v44_uics *uics = &vcpu->kvm->arch.uic.uics;

	v44_set_line(&vcpu->arch.v, V44_LINE_EXTERNAL, v44_uic_external(uics));
	v44_set_line(&vcpu->arch.v, V44_LINE_CRITICAL, v44_uic_critical(uics));
}

/* The same, from outside of the vCPU's thread */
static void update_vcpu(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu = k44x_only_vcpu(kvm);
	u32 lines;

	if (!vcpu)
		return;
	lines = vcpu->arch.v.cpu.lines;
	update_lines(vcpu);
	if (vcpu->arch.v.cpu.lines & ~lines)
		kvm_vcpu_kick(vcpu);
}

/** k44x_uic_attach() - the VM's vCPU is there: it gets what is asserted already */
void k44x_uic_attach(struct kvm_vcpu *vcpu)
{
	const struct v44_uic *uic0 = vcpu->kvm->arch.uic.uics.uic;

	if (!kvm_arch_intc_initialized(vcpu->kvm))
		return;
	/* tier 0 may not miss there */
	vcpu->arch.sw.uic0 = virt_addr_valid(uic0) ? uic0 : NULL;
	local_irq_disable();
	update_lines(vcpu);
	local_irq_enable();
}

/* --- the guest's side --- */

/*
 * The guest clears status bits. Where an irqfd with resample asserts the input,
 * it lets go, before the status can be set by it again, and its user is told.
 */
static void acknowledge(struct kvm *kvm, u32 n, u32 value)
{
	u32 sources = value & kvm->arch.uic.level[KVM_IRQFD_RESAMPLE_IRQ_SOURCE_ID][n];

	while (sources) {
		u32 source = __builtin_clz(sources);

		sources &= ~V44_UIC_BIT(source);
		kvm_notify_acked_irq(kvm, n, source);
	}
}

static void write(struct kvm_vcpu *vcpu, u32 dcr, u32 value)
{
	struct v44_uics *uics = &vcpu->kvm->arch.uic.uics;
	u32 n;

	for (n = 0; n < uics->count; n++) {
		if (dcr == uics->wires[n].dcr + V44_UIC_SR)
			acknowledge(vcpu->kvm, n, value);
	}
	v44_uic_write(uics, dcr, value);
	update_lines(vcpu);
}

/** k44x_uic_dcr() - execute v.dcr, which is an interrupt controller's */
void k44x_uic_dcr(struct kvm_vcpu *vcpu)
{
	const struct v44_uics *uics = &vcpu->kvm->arch.uic.uics;
	struct v44 *v = &vcpu->arch.v;
	unsigned long flags;
	u32 value;

	if (!v->dcr.write) {
		v44_uic_read(uics, v->dcr.number, &value);
		v44_dcr_done(v, value);
		return;
	}
	local_irq_save(flags);
	write(vcpu, v->dcr.number, v->cpu.gpr[v->dcr.reg]);
	local_irq_restore(flags);
}

/* --- the devices' side --- */

/*
 * From any context. Each source of interrupts (user space, irqfds with resample)
 * has levels of its own, of which one is enough.
 */
static int set_irq(struct kvm_kernel_irq_routing_entry *e, struct kvm *kvm, int source_id,
		   int level, bool line_status)
{
	u32 n = e->irqchip.irqchip, irq = n * V44_UIC_SOURCES + e->irqchip.pin;
	struct k44x_uic *uic = &kvm->arch.uic;
	u32 bit = V44_UIC_BIT(e->irqchip.pin), was;
	unsigned long flags;

	if (!v44_uic_has_input(&uic->uics, irq))
		return -1;
	local_irq_save(flags);
	was = uic->uics.uic[n].sr & bit;
	if (level)
		uic->level[source_id][n] |= bit;
	else
		uic->level[source_id][n] &= ~bit;
	v44_uic_set_input(&uic->uics, irq, (uic->level[0][n] | uic->level[1][n]) & bit);
	update_vcpu(kvm);
	local_irq_restore(flags);
	return !(level && was);
}

/*
 * An eventfd was written to, maybe by an interrupt handler: up and down again at
 * once. Only one with resample, which stays up, goes the slow way.
 */
int kvm_arch_set_irq_inatomic(struct kvm_kernel_irq_routing_entry *e, struct kvm *kvm,
			      int source_id, int level, bool line_status)
{
	if (e->type != KVM_IRQ_ROUTING_IRQCHIP ||
	    kvm_irq_has_notifier(kvm, e->irqchip.irqchip, e->irqchip.pin))
		return -EWOULDBLOCK;
	set_irq(e, kvm, source_id, 1, line_status);
	set_irq(e, kvm, source_id, 0, line_status);
	return 0;
}

int kvm_set_routing_entry(struct kvm *kvm, struct kvm_kernel_irq_routing_entry *e,
			  const struct kvm_irq_routing_entry *ue)
{
	if (ue->type != KVM_IRQ_ROUTING_IRQCHIP || ue->u.irqchip.irqchip >= V44_UICS ||
	    ue->u.irqchip.pin >= V44_UIC_SOURCES)
		return -EINVAL;
	e->set = set_irq;
	e->irqchip.irqchip = ue->u.irqchip.irqchip;
	e->irqchip.pin = ue->u.irqchip.pin;
	return 0;
}

bool kvm_arch_can_set_irq_routing(struct kvm *kvm)
{
	return kvm_arch_intc_initialized(kvm);
}

/* The generic core has a call of it. There are none: their routes are refused. */
int kvm_set_msi(struct kvm_kernel_irq_routing_entry *e, struct kvm *kvm, int source_id, int level,
		bool line_status)
{
	return -EINVAL;
}

int kvm_vm_ioctl_irq_line(struct kvm *kvm, struct kvm_irq_level *irq_level, bool line_status)
{
	int r;

	if (!kvm_arch_intc_initialized(kvm))
		return -ENXIO;
	r = kvm_set_irq(kvm, KVM_USERSPACE_IRQ_SOURCE_ID, irq_level->irq, irq_level->level,
			line_status);
	if (r < 0)
		return -EINVAL;
	irq_level->status = r;
	return 0;
}

/* --- making and saving them --- */

/* Interrupt n is source n % 32 of UIC n / 32 */
static int default_routing(struct kvm *kvm, u32 uics)
{
	u32 count = uics * V44_UIC_SOURCES, i;
	struct kvm_irq_routing_entry *entries = kvcalloc(count, sizeof(*entries), GFP_KERNEL);
	int r;

	if (!entries)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		entries[i].gsi = i;
		entries[i].type = KVM_IRQ_ROUTING_IRQCHIP;
		entries[i].u.irqchip.irqchip = i / V44_UIC_SOURCES;
		entries[i].u.irqchip.pin = i % V44_UIC_SOURCES;
	}
	r = kvm_set_irq_routing(kvm, entries, count, 0);
	kvfree(entries);
	return r;
}

/* Under kvm->lock, before there is a vCPU; devices may drive the UICs that are there */
static int add(struct kvm *kvm, const struct v44_uic_wires *wires)
{
	struct k44x_uic *uic = &kvm->arch.uic;
	struct v44_uics after = uic->uics;
	int r;

	if (kvm->created_vcpus || !v44_uic_add(&after, wires))
		return -EINVAL;
	r = default_routing(kvm, after.count);
	if (r)
		return r;
	local_irq_disable();
	v44_uic_add(&uic->uics, wires);
	local_irq_enable();
	return 0;
}

/** k44x_uic_create() - KVM_CREATE_IRQCHIP: UIC0 */
int k44x_uic_create(struct kvm *kvm)
{
	static const struct v44_uic_wires uic0 = { .dcr = K44X_UIC0_DCR };
	int r = -EEXIST;

	mutex_lock(&kvm->lock);
	if (!kvm_arch_intc_initialized(kvm))
		r = add(kvm, &uic0);
	mutex_unlock(&kvm->lock);
	return r;
}

/* KVM44X_CAP_UIC: one more */
int kvm_vm_ioctl_enable_cap(struct kvm *kvm, struct kvm_enable_cap *cap)
{
	const struct v44_uic_wires wires = {
		.dcr = cap->args[0],
		.external = cap->args[1],
		.critical = cap->args[2],
	};
	int r = -ENXIO;

	if (cap->cap != KVM44X_CAP_UIC || cap->flags || wires.dcr != cap->args[0] ||
	    wires.external != cap->args[1] || wires.critical != cap->args[2] || cap->args[3])
		return -EINVAL;
	mutex_lock(&kvm->lock);
	if (kvm_arch_intc_initialized(kvm))
		r = add(kvm, &wires);
	mutex_unlock(&kvm->lock);
	return r;
}

/**
 * k44x_uic_get() - KVM_GET_IRQCHIP
 * @kvm: VM
 * @chip: user's struct; chip_id is the UIC's number
 *
 * Return: -ENXIO without interrupt controllers, -EINVAL if there is no such one, -EFAULT.
 */
int k44x_uic_get(struct kvm *kvm, struct kvm_irqchip __user *chip)
{
	const struct k44x_uic *uic = &kvm->arch.uic;
	struct kvm44x_uic state = { 0 };
	const struct v44_uic *from;
	u32 n;

	if (!kvm_arch_intc_initialized(kvm))
		return -ENXIO;
	if (get_user(n, &chip->chip_id))
		return -EFAULT;
	if (n >= uic->uics.count)
		return -EINVAL;
	from = &uic->uics.uic[n];
	local_irq_disable();
	state.sr = from->sr;
	state.er = from->er;
	state.cr = from->cr;
	state.pr = from->pr;
	state.tr = from->tr;
	state.vcr = from->vcr;
	state.input = from->input;
	state.line = uic->level[KVM_USERSPACE_IRQ_SOURCE_ID][n];
	state.resample = uic->level[KVM_IRQFD_RESAMPLE_IRQ_SOURCE_ID][n];
	local_irq_enable();
	return copy_to_user(&chip->chip, &state, sizeof(state)) ? -EFAULT : 0;
}

/** k44x_uic_set() - KVM_SET_IRQCHIP; as k44x_uic_get(), and -EINVAL for a bad state */
int k44x_uic_set(struct kvm *kvm, const struct kvm_irqchip __user *chip)
{
	struct k44x_uic *uic = &kvm->arch.uic;
	struct v44_uic to = { 0 };
	struct kvm44x_uic state;
	u32 n;

	if (!kvm_arch_intc_initialized(kvm))
		return -ENXIO;
	if (get_user(n, &chip->chip_id) || copy_from_user(&state, &chip->chip, sizeof(state)))
		return -EFAULT;
	if (n >= uic->uics.count || ((state.line | state.resample) & ~state.input) ||
	    memchr_inv(state.reserved, 0, sizeof(state.reserved)))
		return -EINVAL;
	to.sr = state.sr;
	to.er = state.er;
	to.cr = state.cr;
	to.pr = state.pr;
	to.tr = state.tr;
	to.vcr = state.vcr;
	to.input = state.input;
	local_irq_disable();
	uic->level[KVM_USERSPACE_IRQ_SOURCE_ID][n] = state.line;
	uic->level[KVM_IRQFD_RESAMPLE_IRQ_SOURCE_ID][n] = state.resample;
	v44_uic_set(&uic->uics, n, &to);
	update_vcpu(kvm);
	local_irq_enable();
	return 0;
}
