// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_{GET,SET}_ONE_REG and KVM_GET_REG_LIST: all state that KVM_GET_REGS does
 * not have, by tables. Reading changes nothing, and what is written is stored as
 * it is, without the side effects that the guest's own write would have; the
 * exceptions are upstream's OR_TSR and CLEAR_TSR.
 */
#include <linux/uaccess.h>
#include <asm/time.h>
#include <uapi/kvm44x.h>
#include "kvm44x.h"

union value {
	u32 u32;
	u64 u64;
	struct kvm44x_tlbe tlbe;
	struct kvm44x_in_flight in_flight;
	struct kvm44x_magic magic;
};

/* Registers with ids in a row; their numbers, which mean something to get and set, are so, too */
struct reg {
	u64 id; /* of the first of @count */
	u32 count;
	u32 number; /* of the first */
	int (*get)(struct kvm_vcpu *vcpu, u32 number, union value *value); /* NULL: write-only */
	int (*set)(struct kvm_vcpu *vcpu, u32 number, const union value *value);
};

/* The row of an SPR, if it is the first of those that share its storage */
static const struct v44_spr *spr_row(struct v44 *v, u32 number)
{
	const struct v44_spr *row = v44_spr_find(number);
	unsigned int i;

	if (!row || !v44_spr_storage(v, row))
		return NULL;
	for (i = 0; &v44_sprs[i] != row; i++) {
		if (v44_sprs[i].offset == row->offset)
			return NULL;
	}
	return row;
}

/*
 * As it is stored: what the timers did since the guest last ran shows in TSR when
 * the guest runs again, here or where the state was copied to, since DEC_EXPIRY
 * and KVM44X_REG_TSR_TIME are part of it.
 */
static int get_spr(struct kvm_vcpu *vcpu, u32 number, union value *value)
{
	const struct v44_spr *row = spr_row(&vcpu->arch.v, number);

	if (!row)
		return -ENOENT;
	value->u32 = *v44_spr_storage(&vcpu->arch.v, row);
	return 0;
}

static int set_spr(struct kvm_vcpu *vcpu, u32 number, const union value *value)
{
	const struct v44_spr *row = spr_row(&vcpu->arch.v, number);
	u32 *storage;

	if (!row)
		return -ENOENT;
	storage = v44_spr_storage(&vcpu->arch.v, row);
	if (number == SPRN_PVR)
		return k44x_set_pvr(vcpu, value->u32);
	/* read-only ones belong to the machine: only what they are can be set */
	if (!row->mask)
		return value->u32 == *storage ? 0 : -EINVAL;
	if (value->u32 & ~row->mask)
		return -EINVAL;
	*storage = value->u32;
	vcpu->arch.timer_dirty = true;
	preempt_disable();
	v44_debug_changed(&vcpu->arch.v);
	preempt_enable();
	return 0;
}

/* Upstream has some with 64 bits */
static int get_wide_spr(struct kvm_vcpu *vcpu, u32 number, union value *value)
{
	int r = get_spr(vcpu, number, value);

	value->u64 = value->u32;
	return r;
}

static int set_wide_spr(struct kvm_vcpu *vcpu, u32 number, const union value *value)
{
	const union value narrow = { .u32 = value->u64 };

	return value->u64 >> 32 ? -EINVAL : set_spr(vcpu, number, &narrow);
}

/* TCR and TSR: FIT and watchdog go on from here */
static int set_timer_spr(struct kvm_vcpu *vcpu, u32 number, const union value *value)
{
	vcpu->arch.v.cpu.timer.tsr_time = get_tb();
	return set_spr(vcpu, number, value);
}

static int or_tsr(struct kvm_vcpu *vcpu, u32 number, const union value *value)
{
	v44_tsr_change(&vcpu->arch.v, 0, value->u32);
	return 0;
}

/* QEMU tells of a reset by nothing else than this, with all bits set */
static int clear_tsr(struct kvm_vcpu *vcpu, u32 number, const union value *value)
{
	if (value->u32 == ~0u)
		k44x_vcpu_reset(vcpu);
	else
		v44_tsr_change(&vcpu->arch.v, value->u32, 0);
	return 0;
}

static int get_tlb(struct kvm_vcpu *vcpu, u32 slot, union value *value)
{
	const struct v44_tlbe *e = &vcpu->arch.v.cpu.tlb[slot];

	memcpy(value->tlbe.word, e->word, sizeof(e->word));
	value->tlbe.tid = e->tid;
	return 0;
}

static int set_tlb(struct kvm_vcpu *vcpu, u32 slot, const union value *value)
{
	struct v44_tlbe e = { .tid = value->tlbe.tid };

	if (e.tid > 255 || value->tlbe.word[0] & ~V44_TLB0_ALL ||
	    value->tlbe.word[1] & ~V44_TLB1_ALL || value->tlbe.word[2] & ~V44_TLB2_ALL)
		return -EINVAL;
	memcpy(e.word, value->tlbe.word, sizeof(e.word));
	preempt_disable();
	v44_tlb_set(&vcpu->arch.v, slot, &e);
	preempt_enable();
	vcpu->arch.fresh = false;
	return 0;
}

static int get_lines(struct kvm_vcpu *vcpu, u32 number, union value *value)
{
	value->u32 = vcpu->arch.v.cpu.lines;
	return 0;
}

static int set_lines(struct kvm_vcpu *vcpu, u32 number, const union value *value)
{
	if (value->u32 & ~(V44_LINE_EXTERNAL | V44_LINE_CRITICAL | V44_LINE_EDGE))
		return -EINVAL;
	/* those of an interrupt controller are what its state says */
	if (kvm_arch_intc_initialized(vcpu->kvm))
		return 0;
	local_irq_disable();
	vcpu->arch.v.cpu.lines = value->u32;
	local_irq_enable();
	return 0;
}

static int get_dec_expiry(struct kvm_vcpu *vcpu, u32 number, union value *value)
{
	value->u64 = vcpu->arch.v.cpu.timer.dec_running ? vcpu->arch.v.cpu.timer.dec_zero : ~0ull;
	return 0;
}

static int set_dec_expiry(struct kvm_vcpu *vcpu, u32 number, const union value *value)
{
	vcpu->arch.v.cpu.timer.dec_running = value->u64 != ~0ull;
	vcpu->arch.v.cpu.timer.dec_zero = value->u64;
	vcpu->arch.timer_dirty = true;
	return 0;
}

static int get_tsr_time(struct kvm_vcpu *vcpu, u32 number, union value *value)
{
	value->u64 = vcpu->arch.v.cpu.timer.tsr_time;
	return 0;
}

static int set_tsr_time(struct kvm_vcpu *vcpu, u32 number, const union value *value)
{
	vcpu->arch.v.cpu.timer.tsr_time = value->u64;
	vcpu->arch.timer_dirty = true;
	return 0;
}

static int get_first_run(struct kvm_vcpu *vcpu, u32 number, union value *value)
{
	value->u32 = vcpu->arch.fresh;
	return 0;
}

static int set_first_run(struct kvm_vcpu *vcpu, u32 number, const union value *value)
{
	if (value->u32 > 1)
		return -EINVAL;
	vcpu->arch.fresh = value->u32;
	return 0;
}

static int get_in_flight(struct kvm_vcpu *vcpu, u32 number, union value *value)
{
	const struct kvm_vcpu_arch *arch = &vcpu->arch;
	struct kvm44x_in_flight *f = &value->in_flight;

	memset(f, 0, sizeof(*f));
	if (arch->mmio_pending) {
		f->kind = KVM44X_IN_FLIGHT_MMIO;
		f->insn_flags = arch->access.flags;
		f->ea = arch->access.ea;
		f->update_ea = arch->access.update_ea;
		f->value = arch->access.value;
		f->reg = arch->access.reg;
		f->left = arch->access.left;
		f->done = arch->access.done;
		f->ra = arch->access.ra;
	} else if (arch->dcr_pending) {
		f->kind = KVM44X_IN_FLIGHT_DCR;
		f->number = arch->v.dcr.number;
		f->reg = arch->v.dcr.reg;
		f->write = arch->v.dcr.write;
	}
	return 0;
}

static int set_in_flight(struct kvm_vcpu *vcpu, u32 number, const union value *value)
{
	const struct kvm44x_in_flight *f = &value->in_flight;
	struct kvm_vcpu_arch *arch = &vcpu->arch;
	const struct v44_access access = {
		.value = f->value,
		.ea = f->ea,
		.update_ea = f->update_ea,
		.flags = f->insn_flags,
		.reg = f->reg,
		.ra = f->ra,
		.left = f->left,
		.done = f->done,
	};

	if (f->reg > 31 || f->write > 1 || f->reserved)
		return -EINVAL;
	switch (f->kind) {
	case KVM44X_IN_FLIGHT_NONE:
		break;
	case KVM44X_IN_FLIGHT_MMIO:
		if (!v44_access_valid(&access))
			return -EINVAL;
		arch->access = access;
		break;
	case KVM44X_IN_FLIGHT_DCR:
		if (f->number > 1023)
			return -EINVAL;
		arch->v.dcr.number = f->number;
		arch->v.dcr.reg = f->reg;
		arch->v.dcr.write = f->write;
		break;
	default:
		return -EINVAL;
	}
	arch->mmio_pending = f->kind == KVM44X_IN_FLIGHT_MMIO;
	arch->dcr_pending = f->kind == KVM44X_IN_FLIGHT_DCR;
	return 0;
}

static int get_magic(struct kvm_vcpu *vcpu, u32 number, union value *value)
{
	const struct v44_magic *m = &vcpu->arch.v.magic;

	memset(&value->magic, 0, sizeof(value->magic));
	value->magic.ea = m->ea;
	value->magic.mapped = m->mapped;
	memcpy(value->magic.scratch, m->scratch, sizeof(m->scratch));
	value->magic.critical = m->critical;
	return 0;
}

/* As if the guest had mapped it, and not accessed it yet */
static int set_magic(struct kvm_vcpu *vcpu, u32 number, const union value *value)
{
	static const struct kvm44x_magic none;
	const struct kvm44x_magic *magic = &value->magic;
	struct v44 *v = &vcpu->arch.v;

	if (magic->mapped > 1 || magic->ea & ~PAGE_MASK ||
	    memcmp(magic->reserved, none.reserved, sizeof(none.reserved)) ||
	    (!magic->mapped && memcmp(magic, &none, sizeof(none))))
		return -EINVAL;
	preempt_disable();
	v44_magic_reset(v);
	k44x_magic_reset(vcpu);
	if (magic->mapped) {
		v44_magic_map(v, magic->ea);
		memcpy(v->magic.scratch, magic->scratch, sizeof(magic->scratch));
		v->magic.critical = magic->critical;
	}
	preempt_enable();
	return 0;
}

/* fpr[32] is the FPSCR: struct v44_cpu keeps them together */
static int get_fp(struct kvm_vcpu *vcpu, u32 number, union value *value)
{
	value->u64 = number < 32 ? vcpu->arch.v.cpu.fpr[number] : vcpu->arch.v.cpu.fpscr;
	return 0;
}

static int set_fp(struct kvm_vcpu *vcpu, u32 number, const union value *value)
{
	if (number < 32)
		vcpu->arch.v.cpu.fpr[number] = value->u64;
	else
		vcpu->arch.v.cpu.fpscr = value->u64;
	return 0;
}

/* What a debugger writes into the guest's memory as a breakpoint */
static int get_debug_inst(struct kvm_vcpu *vcpu, u32 number, union value *value)
{
	value->u32 = K44X_DEBUG_INST;
	return 0;
}

static int set_debug_inst(struct kvm_vcpu *vcpu, u32 number, const union value *value)
{
	return value->u32 == K44X_DEBUG_INST ? 0 : -EINVAL;
}

static int get_own_spr(struct kvm_vcpu *vcpu, u32 number, union value *value);
static int set_own_spr(struct kvm_vcpu *vcpu, u32 number, const union value *value);

static const struct reg regs[] = {
	{ KVM_REG_PPC_IAC1, 4, 312, get_wide_spr, set_wide_spr },
	{ KVM_REG_PPC_DAC1, 2, 316, get_wide_spr, set_wide_spr },
	{ KVM_REG_PPC_FPR0, 32, 0, get_fp, set_fp },
	{ KVM_REG_PPC_FPSCR, 1, 32, get_fp, set_fp },
	{ KVM_REG_PPC_OR_TSR, 1, 0, NULL, or_tsr },
	{ KVM_REG_PPC_CLEAR_TSR, 1, 0, NULL, clear_tsr },
	{ KVM_REG_PPC_TCR, 1, 340, get_spr, set_timer_spr },
	{ KVM_REG_PPC_TSR, 1, 336, get_spr, set_timer_spr },
	{ KVM_REG_PPC_VRSAVE, 1, 256, get_spr, set_spr },
	{ KVM_REG_PPC_DBSR, 1, 304, get_spr, set_spr },
	{ KVM_REG_PPC_DEC_EXPIRY, 1, 0, get_dec_expiry, set_dec_expiry },
	{ KVM_REG_PPC_DEBUG_INST, 1, 0, get_debug_inst, set_debug_inst },
	{ KVM44X_REG_SPR(0), 1024, 0, get_own_spr, set_own_spr },
	{ KVM44X_REG_TLB(0), V44_TLB_ENTRIES, 0, get_tlb, set_tlb },
	{ KVM44X_REG_LINES, 1, 0, get_lines, set_lines },
	{ KVM44X_REG_FIRST_RUN, 1, 0, get_first_run, set_first_run },
	{ KVM44X_REG_IN_FLIGHT, 1, 0, get_in_flight, set_in_flight },
	{ KVM44X_REG_TSR_TIME, 1, 0, get_tsr_time, set_tsr_time },
	{ KVM44X_REG_MAGIC, 1, 0, get_magic, set_magic },
};

/* Has the SPR an id of upstream's? Each register has one id only. */
static bool upstream_spr(u32 number)
{
	const struct reg *reg;

	for (reg = regs; reg->id != KVM44X_REG_SPR(0); reg++) {
		if ((reg->get == get_spr || reg->get == get_wide_spr) && number >= reg->number &&
		    number - reg->number < reg->count)
			return true;
	}
	return false;
}

static int get_own_spr(struct kvm_vcpu *vcpu, u32 number, union value *value)
{
	return upstream_spr(number) ? -ENOENT : get_spr(vcpu, number, value);
}

static int set_own_spr(struct kvm_vcpu *vcpu, u32 number, const union value *value)
{
	return upstream_spr(number) ? -ENOENT : set_spr(vcpu, number, value);
}

static const struct reg *find(u64 id, u32 *number)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regs); i++) {
		if (id >= regs[i].id && id - regs[i].id < regs[i].count) {
			*number = regs[i].number + (id - regs[i].id);
			return &regs[i];
		}
	}
	return NULL;
}

static u32 size_of(u64 id)
{
	return 1u << ((id & KVM_REG_SIZE_MASK) >> KVM_REG_SIZE_SHIFT);
}

/**
 * k44x_get_one_reg() - KVM_GET_ONE_REG
 * @vcpu: under its mutex
 * @one: id and user address
 *
 * Return: -ENOENT for an id that does not exist, -EINVAL for a write-only one, -EFAULT.
 */
int k44x_get_one_reg(struct kvm_vcpu *vcpu, const struct kvm_one_reg *one)
{
	union value value;
	const struct reg *reg;
	u32 number;
	int r;

	reg = find(one->id, &number);
	if (!reg)
		return -ENOENT;
	if (!reg->get)
		return -EINVAL;
	r = reg->get(vcpu, number, &value);
	if (r)
		return r;
	return copy_to_user(u64_to_user_ptr(one->addr), &value, size_of(one->id)) ? -EFAULT : 0;
}

/** k44x_set_one_reg() - KVM_SET_ONE_REG; as k44x_get_one_reg(), and -EINVAL for a bad value */
int k44x_set_one_reg(struct kvm_vcpu *vcpu, const struct kvm_one_reg *one)
{
	union value value;
	const struct reg *reg;
	u32 number;

	reg = find(one->id, &number);
	if (!reg)
		return -ENOENT;
	if (copy_from_user(&value, u64_to_user_ptr(one->addr), size_of(one->id)))
		return -EFAULT;
	return reg->set(vcpu, number, &value);
}

/**
 * k44x_reg_list() - KVM_GET_REG_LIST
 * @vcpu: under its mutex
 * @list: user's list; its n is the room on entry, the number of registers on return
 *
 * Return: -E2BIG if there is too little room, -EFAULT.
 */
int k44x_reg_list(struct kvm_vcpu *vcpu, struct kvm_reg_list __user *list)
{
	union value value;
	u64 room, n = 0;
	u32 i, index;

	if (get_user(room, &list->n))
		return -EFAULT;
	for (i = 0; i < ARRAY_SIZE(regs); i++) {
		for (index = 0; index < regs[i].count; index++) {
			if (!regs[i].get || regs[i].get(vcpu, regs[i].number + index, &value))
				continue;
			if (n < room && put_user(regs[i].id + index, &list->reg[n]))
				return -EFAULT;
			n++;
		}
	}
	if (put_user(n, &list->n))
		return -EFAULT;
	return n > room ? -E2BIG : 0;
}
