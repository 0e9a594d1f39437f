// SPDX-License-Identifier: GPL-2.0-only
/* Debugging, PPC440x5 manual chapter 8; debug.h says how it works. */
#include "v44.h"
#include "insn.h"

/*
 * A loop of lwarx and stwcx. whose half is stepped must come to its end, so a
 * watched page, and a stwcx. that had no reservation, are followed by as many
 * steps as lead to a lwarx before them.
 */
#define LINGER 8

/*
 * A reservation that a step has made is kept here, as a 440 keeps it through
 * interrupts, until a stwcx. So each instruction is looked at until then, but
 * not for ever.
 */
#define RESERVED 1000

#define DAC_READ  1u /* what a DAC compares */
#define DAC_WRITE 2u

/* Modes of a pair of IACs or of the DACs (DBCR1[IAC12M], DBCR2[DAC12M]) */
enum mode {
	MODE_EXACT,
	MODE_MASK, /* DACs only; an IAC pair has it not */
	MODE_INSIDE,
	MODE_OUTSIDE,
};

static bool internal(const struct v44_cpu *cpu)
{
	return cpu->dbcr[0] & V44_DBCR0_IDM;
}

/* In internal mode, with interrupts off, most events wait, and some do not occur */
static bool disabled(const struct v44_cpu *cpu)
{
	return internal(cpu) && !(cpu->msr & V44_MSR_DE);
}

/* --- conditions --- */

/* @control: US and ER of one register, four bits */
static bool state_matches(u32 control, bool user, bool space)
{
	u32 us = control >> 2 & 3, er = control & 3;

	if (us && us != (user ? 3 : 2))
		return false;
	return !er || er == (space ? 3 : 2);
}

/*
 * Which of a pair of registers match an address of @first to @last, an aligned
 * block: 2 for the first one, 1 for the second. @control begins with US and ER
 * of the first, then of the second.
 */
static u32 pair_matches(const struct v44_cpu *cpu, u32 control, enum mode mode, u32 a, u32 b,
			u32 space, u32 first, u32 last)
{
	bool user = cpu->msr & V44_MSR_PR;
	u32 match;

	switch (mode) {
	case MODE_MASK:
		match = ((first ^ a) & b & ~(first ^ last)) ? 0 : 3;
		break;
	case MODE_INSIDE:
		match = last >= a && first < b ? 3 : 0;
		break;
	case MODE_OUTSIDE:
		match = first < a || last >= b ? 3 : 0;
		break;
	default:
		match = (first <= a && a <= last ? 2 : 0) | (first <= b && b <= last ? 1 : 0);
		break;
	}
	if (!state_matches(control >> 28, user, space))
		match &= ~2u;
	if (!state_matches(control >> 24, user, space))
		match &= ~1u;
	return match;
}

static const u32 toggled[2] = { V44_DBSR_IAC12ATS, V44_DBSR_IAC34ATS };

/* DBCR1's part for a pair, in its upper half */
static u32 iac_control(const struct v44_cpu *cpu, u32 pair)
{
	return cpu->dbcr[1] << 16 * pair;
}

static enum mode iac_mode(const struct v44_cpu *cpu, u32 pair)
{
	u32 mode = iac_control(cpu, pair) >> 22 & 3;

	if (mode < MODE_INSIDE)
		return MODE_EXACT;
	return cpu->dbsr & toggled[pair] ? mode ^ 1 : mode;
}

/* The events of one pair that an instruction at @first to @last means */
static u32 iac_events(const struct v44_cpu *cpu, u32 pair, u32 first, u32 last)
{
	const u32 *iac = &cpu->iac[2 * pair];
	u32 match = pair_matches(cpu, iac_control(cpu, pair), iac_mode(cpu, pair), iac[0] & ~3u,
				 iac[1] & ~3u, cpu->msr & V44_MSR_IS, first, last);

	return cpu->dbcr[0] & match << (22 - 2 * pair);
}

/* Which DACs, as pair_matches() has it */
static u32 dac_matches(const struct v44_cpu *cpu, u32 first, u32 last)
{
	return pair_matches(cpu, cpu->dbcr[2], cpu->dbcr[2] >> 22 & 3, cpu->dac[0], cpu->dac[1],
			    cpu->msr & V44_MSR_DS, first, last);
}

static u32 dac_events(const struct v44_cpu *cpu, u32 match, u32 kind)
{
	u32 events = (match & 2 ? V44_DBSR_DAC1R : 0) | (match & 1 ? V44_DBSR_DAC2R : 0);

	return cpu->dbcr[0] & (kind == DAC_READ ? events : events >> 1);
}

/*
 * The DVC of DAC @n (0, 1) and @word, whose bytes in @lanes (8 is the first one)
 * are accessed: DBCR2[DVCnM] and [DVCnBE].
 */
static bool dvc_matches(const struct v44_cpu *cpu, u32 n, u32 word, u32 lanes)
{
	u32 enabled = cpu->dbcr[2] >> (n ? 0 : 8) & 15, equal = 0, i;

	for (i = 0; i < 4; i++)
		equal |= (((word ^ cpu->dvc[n]) >> 8 * i & 0xff) == 0) << i;
	equal &= enabled & lanes;
	switch (cpu->dbcr[2] >> (n ? 16 : 18) & 3) {
	case 1:
		return equal == enabled;
	case 2:
		return equal;
	case 3:
		return ((enabled & 12) && (equal & 12) == (enabled & 12)) ||
		       ((enabled & 3) && (equal & 3) == (enabled & 3));
	default:
		return false;
	}
}

/* Is the branch @insn taken? */
static bool branches(const struct v44_cpu *cpu, u32 insn)
{
	u32 bo = insn_rt(insn), bi = insn_ra(insn), xo = insn >> 1 & 0x3ff;
	bool counts = !(bo & 4), zero = cpu->ctr - counts == 0;

	if (insn >> 26 == 18)
		return true;
	if (insn >> 26 != 16 && (insn >> 26 != 19 || (xo != 16 && xo != 528)))
		return false;
	if (counts && zero != !!(bo & 2))
		return false;
	return (bo & 16) || (cpu->cr >> (31 - bi) & 1) == (bo >> 3 & 1);
}

/* Does tw or twi @insn trap? */
static bool traps(const struct v44_cpu *cpu, u32 insn)
{
	u32 a = cpu->gpr[insn_ra(insn)], b, to = insn_rt(insn);

	if (insn >> 26 == 3)
		b = (s16)insn;
	else if (insn >> 26 == 31 && (insn >> 1 & 0x3ff) == 4)
		b = cpu->gpr[insn_rb(insn)];
	else
		return false;
	return (to & 16 && (s32)a < (s32)b) || (to & 8 && (s32)a > (s32)b) || (to & 4 && a == b) ||
	       (to & 2 && a < b) || (to & 1 && a > b);
}

static u32 flow_events(const struct v44_cpu *cpu, u32 insn)
{
	const struct v44_insn *row = insn_row(insn);

	if (traps(cpu, insn))
		return V44_DBSR_TRAP;
	if (branches(cpu, insn))
		return disabled(cpu) ? 0 : V44_DBSR_BRT;
	if (!row || cpu->msr & V44_MSR_PR)
		return 0;
	if (row->emulate == v44_emu_rfi)
		return V44_DBSR_RET;
	if (row->emulate == v44_emu_rfci || row->emulate == v44_emu_rfmci)
		return disabled(cpu) ? 0 : V44_DBSR_RET;
	return 0;
}

/* --- loads and stores --- */

/* The access @a as the TLB sees it, or as a DAC does: a flushed block is written to memory */

static enum v44_access_type tlb_type(const struct v44_access *a)
{
	return a->flags & V44_ACC_STORE ? V44_STORE : V44_LOAD;
}

static u32 dac_kind(const struct v44_access *a, u32 insn)
{
	bool flush = !(a->flags & V44_ACC_SIZE) && (insn >> 1 & 0x3ff) != 982; /* icbi */

	return a->flags & V44_ACC_STORE || flush ? DAC_WRITE : DAC_READ;
}

/* No interrupt that comes before a DAC's (manual 6.7)? */
static bool allowed(const struct v44 *v, const struct v44_access *a)
{
	u32 last = a->ea + (a->left ? a->left - 1 : 0);
	u64 gpa;
	int slot;

	if ((a->flags & V44_ACC_FP) && !(v->cpu.msr & V44_MSR_FP))
		return false;
	if ((a->flags & V44_ACC_RESERVE) && (a->flags & V44_ACC_STORE) && !v->debug.reserved)
		return false;
	return v44_locate(v, a->ea, tlb_type(a), &gpa, &slot) == V44_XLATE_OK &&
	       v44_locate(v, last, tlb_type(a), &gpa, &slot) == V44_XLATE_OK;
}

/* The aligned word at @gpa of v44_locate() as it lies in memory; false where there is none */
static bool peek(struct v44 *v, u64 gpa, u32 *word)
{
	if (gpa & V44_MAGIC_GPA)
		return v44_magic_peek(v, gpa & (V44_MAGIC_BYTES - 1), word);
	return v->ops->peek(v, gpa, word);
}

/* The bytes of aligned word @ea that @a, one element, accesses (8 is the first one) */
static u32 lanes_of(const struct v44_access *a, u32 ea)
{
	u32 lanes = 0, i;

	for (i = 0; i < 4; i++) {
		if (ea + i - a->ea < v44_access_length(a))
			lanes |= 8 >> i;
	}
	return lanes;
}

/* Aligned word @ea as it is or will be in memory where @a, one element, accesses it */
static bool data_of(struct v44 *v, struct v44_access *a, u32 ea, u32 *word)
{
	u32 size = v44_access_length(a), i;
	u64 gpa, value;
	int slot;

	if (v44_locate(v, ea, tlb_type(a), &gpa, &slot) != V44_XLATE_OK)
		return false;
	if (!(a->flags & V44_ACC_STORE))
		return peek(v, gpa, word);
	v44_access_order(v, a, slot);
	value = v44_access_element(v, a);
	*word = 0;
	for (i = 0; i < 4; i++) {
		if (ea + i - a->ea < size)
			*word |= (u32)(value >> 8 * (size - 1 - (ea + i - a->ea)) & 0xff)
				 << (24 - 8 * i);
	}
	return true;
}

/* Those of the DACs in @match whose DVCs agree, if they are enabled (manual 8.3.3) */
static u32 data_agrees(struct v44 *v, struct v44_access *a, u32 match)
{
	const u32 enabled[2] = { v->cpu.dbcr[2] >> 8 & 15, v->cpu.dbcr[2] & 15 };
	u32 agree = 0, n, ea, word;

	for (n = 0; n < 2; n++) {
		if (!(match & 2 >> n))
			continue;
		if (!enabled[n]) {
			agree |= 2 >> n;
			continue;
		}
		for (ea = a->ea & ~3u; ea - (a->ea & ~3u) < (a->ea & 3) + v44_access_length(a);
		     ea += 4) {
			if (data_of(v, a, ea, &word) &&
			    dvc_matches(&v->cpu, n, word, lanes_of(a, ea)))
				agree |= 2 >> n;
		}
	}
	return agree;
}

/* Each element of @a is an access, or two where it crosses 16 bytes (manual 8.3.2.3) */
static u32 data_events(struct v44 *v, const struct v44_access *access, u32 insn)
{
	struct v44_access a = *access;
	u32 kind = dac_kind(&a, insn), events = 0, size, match, second;

	if (!(v->cpu.dbcr[0] & V44_DBSR_DAC))
		return 0;
	do {
		size = v44_access_length(&a);
		match = dac_matches(&v->cpu, a.ea, a.ea);
		second = (a.ea | 15) + 1;
		if (size && second - a.ea < size)
			match |= dac_matches(&v->cpu, second, second);
		if (match)
			events |= dac_events(&v->cpu, data_agrees(v, &a, match), kind);
		a.ea += size;
		a.left -= size;
		a.reg = (a.reg + 1) & 31;
	} while (a.left);
	return events;
}

static const struct v44_point *data_point(const struct v44_debug *d, const struct v44_access *a)
{
	u32 first = a->left ? a->ea : a->ea & ~31u, size = a->left ? a->left : 32, i;
	bool cache = !(a->flags & V44_ACC_SIZE);

	for (i = 0; i < d->points; i++) {
		if ((d->point[i].types & 1u << tlb_type(a)) && d->point[i].ea - first < size &&
		    (!cache || a->flags & V44_ACC_STORE))
			return &d->point[i];
	}
	return NULL;
}

/* --- what is watched --- */

/**
 * v44_debug_withheld() - rights that shadows of a block must not have
 * @v: the virtual CPU, in the context of the shadows
 * @first: effective address, of an aligned block
 * @last: its last one
 *
 * To the TLB, dcbst is a load; to a DAC it is a store.
 *
 * Return: of V44_TLB2_UX, _UW and _UR.
 */
u32 v44_debug_withheld(const struct v44 *v, u32 first, u32 last)
{
	static const u32 right[3] = { V44_TLB2_UX, V44_TLB2_UR, V44_TLB2_UW };
	const struct v44_debug *d = &v->debug;
	const struct v44_cpu *cpu = &v->cpu;
	u32 withheld = 0, match, i, type;

	if (iac_events(cpu, 0, first, last) || iac_events(cpu, 1, first, last))
		withheld |= V44_TLB2_UX;
	match = dac_matches(cpu, first, last);
	if (dac_events(cpu, match, DAC_READ))
		withheld |= V44_TLB2_UR;
	if (dac_events(cpu, match, DAC_WRITE))
		withheld |= V44_TLB2_UW | V44_TLB2_UR;
	for (i = 0; i < d->points; i++) {
		if (d->point[i].ea < first || d->point[i].ea > last)
			continue;
		for (type = V44_FETCH; type <= V44_STORE; type++)
			withheld |= (d->point[i].types & 1u << type) ? right[type] : 0;
	}
	return withheld;
}

/** v44_debug_watched() - may an access to @ea have been denied because its page is watched? */
bool v44_debug_watched(const struct v44 *v, u32 ea, enum v44_access_type type)
{
	static const u32 right[3] = { V44_TLB2_UX, V44_TLB2_UR, V44_TLB2_UW };

	return v->debug.watching && (v44_debug_withheld(v, ea & ~0xfffu, ea | 0xfff) & right[type]);
}

/** v44_debug_traps() - is an instruction that has trapped to be looked at? */
bool v44_debug_traps(const struct v44 *v)
{
	return v->cpu.dbcr[0] & (V44_DBSR_TRAP | V44_DBSR_RET | V44_DBSR_DAC);
}

/** v44_debug_every() - is the next instruction to be looked at, whichever it is? */
bool v44_debug_every(const struct v44 *v)
{
	u32 dbcr0 = v->cpu.dbcr[0];

	if (v->debug.step || v->debug.reserved || v->debug.linger)
		return true;
	if (dbcr0 & V44_DBSR_BRT && !disabled(&v->cpu))
		return true;
	return dbcr0 & V44_DBSR_ICMP && internal(&v->cpu) && !disabled(&v->cpu);
}

/** v44_debug_status_changed() - DBSR, DBCR0 or the VMM's wishes are others */
void v44_debug_status_changed(struct v44 *v)
{
	struct v44_debug *d = &v->debug;
	u32 dbcr0 = v->cpu.dbcr[0];
	bool active = d->step || d->points || d->reserved || dbcr0 & V44_DBCR0_EVENTS ||
		      (internal(&v->cpu) && v->cpu.dbsr & V44_DBSR_EVENTS);

	if (active == d->active)
		return;
	d->active = active;
	d->stepping = false;
	d->linger = 0;
	v->ops->debug_changed(v);
}

/** v44_debug_changed() - what is watched for, too, so that the shadows are wrong */
void v44_debug_changed(struct v44 *v)
{
	bool watching = v->debug.points || v->cpu.dbcr[0] & (V44_DBSR_IAC | V44_DBSR_DAC);

	if (watching || v->debug.watching)
		v44_shadow_drop_all(v);
	v->debug.watching = watching;
	v44_debug_status_changed(v);
}

/* --- an instruction --- */

/* Record events that are enabled; true if an interrupt comes of it now */
static bool record(struct v44_cpu *cpu, u32 events)
{
	events &= cpu->dbcr[0] & V44_DBCR0_EVENTS;
	if (!events)
		return false;
	cpu->dbsr |= events;
	if (disabled(cpu))
		cpu->dbsr |= V44_DBSR_IDE;
	return internal(cpu) && !disabled(cpu);
}

static enum v44_look held(struct v44 *v, enum v44_look look)
{
	v->debug.stepping = look == V44_LOOK_ON;
	return look;
}

/** v44_debug_begin() - the instruction at pc is to be executed alone */
void v44_debug_begin(struct v44 *v)
{
	struct v44_debug *d = &v->debug;
	struct v44_cpu *cpu = &v->cpu;

	d->stepping = true;
	d->completed = false;
	d->interrupted = false;
	d->enabled = internal(cpu) && !disabled(cpu) && cpu->dbcr[0] & V44_DBSR_ICMP;
	d->pc = cpu->pc;
	d->insn = 0;
	if (v44_debug_watched(v, cpu->pc, V44_FETCH))
		d->linger = LINGER;
}

/* Range events do not occur while debug interrupts are off (manual 8.3.1.2); others toggle */
static u32 fetch_events(struct v44 *v)
{
	static const u32 toggles[2] = { V44_DBCR1_IAC12AT, V44_DBCR1_IAC34AT };
	struct v44_cpu *cpu = &v->cpu;
	u32 events = 0, pair, found;

	for (pair = 0; pair < 2; pair++) {
		bool range = iac_mode(cpu, pair) != MODE_EXACT;

		found = iac_events(cpu, pair, cpu->pc, cpu->pc);
		if (!found || (range && disabled(cpu)))
			continue;
		events |= found;
		if (range && cpu->dbcr[1] & toggles[pair]) {
			cpu->dbsr ^= toggled[pair];
			v44_shadow_drop_all(v);
		}
	}
	return events;
}

/**
 * v44_debug_fetch() - look at the address of the instruction that has begun
 * @v: the virtual CPU
 * @point: the VMM's breakpoint, on V44_LOOK_POINT
 *
 * Return: if not V44_LOOK_ON, the instruction is not under way any more.
 */
enum v44_look v44_debug_fetch(struct v44 *v, const struct v44_point **point)
{
	struct v44_debug *d = &v->debug;
	u32 i;

	for (i = 0; i < d->points; i++) {
		*point = &d->point[i];
		if ((*point)->types & 1u << V44_FETCH && (*point)->ea == v->cpu.pc) {
			d->hit = V44_FETCH;
			return held(v, V44_LOOK_POINT);
		}
	}
	return held(v, record(&v->cpu, fetch_events(v)) ? V44_LOOK_EVENT : V44_LOOK_ON);
}

/** v44_debug_execute() - the same for the instruction itself, @insn */
enum v44_look v44_debug_execute(struct v44 *v, u32 insn, const struct v44_point **point)
{
	struct v44_access a;
	u32 events = 0;

	v->debug.insn = insn;
	if (!v44_access_foresee(v, insn, &a)) {
		events = flow_events(&v->cpu, insn);
	} else if (allowed(v, &a)) {
		if ((a.flags & V44_ACC_RESERVE) && !(a.flags & V44_ACC_STORE))
			v->debug.reserved_ea = a.ea; /* lwarx replaces a reservation */
		*point = data_point(&v->debug, &a);
		if (*point) {
			v->debug.hit = tlb_type(&a);
			return held(v, V44_LOOK_POINT);
		}
		events = data_events(v, &a, insn);
	}
	return held(v, record(&v->cpu, events) ? V44_LOOK_EVENT : V44_LOOK_ON);
}

/** v44_debug_over() - has the step come to its end? */
bool v44_debug_over(const struct v44 *v)
{
	const struct v44_debug *d = &v->debug;

	return d->stepping && (d->completed || d->interrupted || v->cpu.pc != d->pc);
}

static u32 reservation_insn(const struct v44_debug *d)
{
	const struct v44_insn *row = insn_row(d->insn);

	return row && row->access & V44_ACC_RESERVE ? row->access : 0;
}

/** v44_debug_end() - after v44_debug_over() */
void v44_debug_end(struct v44 *v)
{
	struct v44_debug *d = &v->debug;
	u32 access = reservation_insn(d);
	bool completed = d->completed || !d->interrupted;

	d->stepping = false;
	if (d->linger)
		d->linger--;
	if (d->reserved && !--d->reserved)
		v44_debug_status_changed(v);
	/* the event was while debug interrupts were on, whatever the instruction made of that */
	if (completed && d->enabled)
		v->cpu.dbsr |= V44_DBSR_ICMP;
	if (completed && access && !(access & V44_ACC_STORE)) {
		d->reserved = RESERVED;
		d->reserved_value = v->cpu.gpr[insn_rt(d->insn)];
	}
}

/**
 * v44_debug_stores_conditionally() - is the step's instruction stwcx.?
 * @v: the virtual CPU, after v44_debug_execute()
 *
 * The reservation of its lwarx was lost when the step of that ended, so it has to
 * be emulated.
 */
bool v44_debug_stores_conditionally(const struct v44 *v)
{
	return reservation_insn(&v->debug) & V44_ACC_STORE;
}

/** v44_debug_reservation() - stwcx. to @ea: is it reserved by a step? It is not any more. */
bool v44_debug_reservation(struct v44 *v, u32 ea)
{
	u32 word;
	u64 gpa;
	int slot;

	if (!v->debug.reserved) {
		v->debug.linger = v->debug.active ? LINGER : 0;
		return false;
	}
	v->debug.reserved = 0;
	v44_debug_status_changed(v);
	if (v->debug.reserved_ea != ea || v44_locate(v, ea, V44_STORE, &gpa, &slot) != V44_XLATE_OK)
		return false;
	if (!peek(v, gpa, &word))
		return false;
	if (slot >= 0 && v->cpu.tlb[slot].word[2] & V44_TLB2_E)
		word = __builtin_bswap32(word);
	return word == v->debug.reserved_value; /* others than the guest may have stored */
}

/** v44_debug_interrupt() - v44_interrupt() has taken @ivor, while active */
void v44_debug_interrupt(struct v44 *v, u32 ivor)
{
	bool critical = ivor == V44_CRITICAL || ivor == V44_WATCHDOG || ivor == V44_DEBUG ||
			ivor == V44_MACHINE_CHECK;

	v->debug.interrupted = true;
	if (!critical || !internal(&v->cpu))
		record(&v->cpu, V44_DBSR_IRPT);
}
