// SPDX-License-Identifier: GPL-2.0-only
/*
 * Debug events: which occur in which mode, and what becomes of them; what is watched; steps and
 * reservations. Expected values are the manual's (chapter 8 and 6.5.16).
 */
#include "fixture.h"

#define IDE   0x80000000u
#define IDM   0x40000000u
#define ICMP  0x08000000u
#define BRT   0x04000000u
#define IRPT  0x02000000u
#define TRAP  0x01000000u
#define IAC1  0x00800000u
#define IAC2  0x00400000u
#define DAC1R 0x00080000u
#define DAC1W 0x00040000u
#define DAC2R 0x00020000u
#define RET   0x00008000u

#define PC   0x1000
#define DATA 0x2000

#define SPR_DBSR  304
#define SPR_DBCR0 308
#define SPR_DBCR1 309
#define SPR_DBCR2 310
#define SPR_IAC1  312
#define SPR_DAC1  316
#define SPR_DVC1  318

#define LWZ(rt, ra, d)	  d_form(32, rt, ra, d)
#define STW(rs, ra, d)	  d_form(36, rs, ra, d)
#define LMW(rt, ra, d)	  d_form(46, rt, ra, d)
#define LWARX(rt, ra, rb) x_form(31, 20, rt, ra, rb)
#define STWCX(rs, ra, rb) (x_form(31, 150, rs, ra, rb) | 1)
#define DCBST(ra, rb)	  x_form(31, 54, 0, ra, rb)
#define ICBI(ra, rb)	  x_form(31, 982, 0, ra, rb)
#define TWI(to, ra, si)	  d_form(3, to, ra, si)
#define BC(bo, bi, d)	  d_form(16, bo, bi, d)
#define B(d)		  (18u << 26 | ((d)&0x3fffffc))
#define NOP		  d_form(24, 0, 0, 0)

/* 16 MB one to one, all rights, at pc = PC, r4 = DATA */
static struct v44 *machine(struct fixture *f, u32 msr, u32 dbcr0)
{
	struct v44 *v = &f->v;

	write_tlb(v, 0, 0, 0 | TLB_V | 7 << 4, 0, UX | UW | UR | SX | SW | SR);
	v->cpu.pc = PC;
	v->cpu.msr = msr;
	v->cpu.gpr[4] = DATA;
	write_spr(v, SPR_DBCR0, dbcr0);
	return v;
}

/* What looking at @insn at pc leads to; DBSR is in *dbsr */
static enum v44_look look(struct v44 *v, u32 insn, u32 *dbsr)
{
	const struct v44_point *point;
	enum v44_look l;

	v44_debug_begin(v);
	l = v44_debug_fetch(v, &point);
	if (l == V44_LOOK_ON)
		l = v44_debug_execute(v, insn, &point);
	*dbsr = v->cpu.dbsr;
	check_equal(v->debug.stepping, l == V44_LOOK_ON, "under way");
	return l;
}

/* Which event, by which register, in internal mode with DE = 1 and 0, and in no mode */
static void modes_of_each_event(void **state)
{
	static const struct {
		const char *name;
		u32 insn;
		u32 event;
		bool waits; /* with DE = 0, else it does not occur */
	} events[] = {
		{ "IAC", NOP, IAC1, true },
		{ "DAC", LWZ(3, 4, 0), DAC1R, true },
		{ "TRAP", TWI(31, 0, 0), TRAP, true },
		{ "BRT", B(8), BRT, false },
		{ "RET of rfi", RFI, RET, true },
		{ "RET of rfci", RFCI, RET, false },
		{ "RET of rfmci", RFMCI, RET, false },
	};
	struct fixture *f = *state;
	u32 i, dbsr;

	for (i = 0; i < ARRAY_SIZE(events); i++) {
		struct v44 *v = machine(f, DE, IDM | events[i].event);

		write_spr(v, SPR_IAC1, PC);
		write_spr(v, SPR_DAC1, DATA);
		check_equal(look(v, events[i].insn, &dbsr), V44_LOOK_EVENT, "%s", events[i].name);
		check_equal(dbsr, events[i].event, "%s", events[i].name);
		check_equal(v44_pending(v), 15, "%s", events[i].name);
		check(v44_deliver(v), "%s", events[i].name);
		check_equal(v->cpu.csrr[0], PC, "%s", events[i].name);
		write_spr(v, SPR_DBSR, 0xffffffff);

		machine(f, 0, IDM | events[i].event);
		check_equal(look(v, events[i].insn, &dbsr), V44_LOOK_ON, "%s", events[i].name);
		check_equal(dbsr, events[i].waits ? IDE | events[i].event : 0, "%s, DE = 0",
			    events[i].name);
		check_equal(v44_pending(v), -1, "%s, DE = 0", events[i].name);
		v->cpu.msr = DE;
		check_equal(v44_pending(v), events[i].waits ? 15 : -1, "%s, delayed",
			    events[i].name);
		write_spr(v, SPR_DBSR, 0xffffffff);

		machine(f, DE, events[i].event);
		check_equal(look(v, events[i].insn, &dbsr), V44_LOOK_ON, "%s", events[i].name);
		check_equal(dbsr, events[i].event, "%s, not in internal mode", events[i].name);
		check_equal(v44_pending(v), -1, "%s, not in internal mode", events[i].name);
		write_spr(v, SPR_DBSR, 0xffffffff);

		machine(f, DE, IDM);
		check_equal(look(v, events[i].insn, &dbsr), V44_LOOK_ON, "%s", events[i].name);
		check_equal(dbsr, 0, "%s, not enabled", events[i].name);
	}
}

static void completion_and_interrupts(void **state)
{
	struct fixture *f = *state;
	struct v44 *v = machine(f, DE, IDM | ICMP | IRPT);
	u32 dbsr;

	assert_true(v44_debug_every(v));
	assert_int_equal(look(v, NOP, &dbsr), V44_LOOK_ON);
	assert_false(v44_debug_over(v));
	v->cpu.pc += 4;
	assert_true(v44_debug_over(v));
	v44_debug_end(v);
	check_equal(v->cpu.dbsr, ICMP, "after the instruction");
	write_spr(v, SPR_DBSR, ICMP);

	/* interrupted, it is not complete; the interrupt is an event */
	look(v, LWZ(3, 4, 0), &dbsr);
	v44_interrupt(v, V44_DATA_TLB, v->cpu.pc);
	assert_true(v44_debug_over(v));
	v44_debug_end(v);
	check_equal(v->cpu.dbsr, IRPT, "instead");
	write_spr(v, SPR_DBSR, 0xffffffff);

	/* in internal mode, a critical interrupt is none */
	v44_interrupt(v, V44_CRITICAL, v->cpu.pc);
	check_equal(v->cpu.dbsr, 0, "critical");
	v44_interrupt(v, V44_EXTERNAL, v->cpu.pc);
	check_equal(v->cpu.dbsr, IDE | IRPT, "DE = 0");
	assert_false(v44_debug_every(v));
}

/* The addresses that IAC1 and IAC2, or DAC1 and DAC2, match in each mode */
static void address_modes(void **state)
{
	static const struct {
		u32 dbcr1;
		u32 iac[2];
		u32 pc;
		u32 events;
	} cases[] = {
		{ 0, { PC, PC + 4 }, PC, IAC1 },
		{ 0, { PC, PC + 4 }, PC + 4, IAC2 },
		{ 0, { PC, PC + 4 }, PC + 8, 0 },
		{ 0x00800000, { PC, PC + 8 }, PC, IAC1 | IAC2 },
		{ 0x00800000, { PC, PC + 8 }, PC + 4, IAC1 | IAC2 },
		{ 0x00800000, { PC, PC + 8 }, PC + 8, 0 },
		{ 0x00800000, { PC, PC + 8 }, PC - 4, 0 },
		{ 0x00c00000, { PC, PC + 8 }, PC - 4, IAC1 | IAC2 },
		{ 0x00c00000, { PC, PC + 8 }, PC + 4, 0 },
		{ 0x00c00000, { PC, PC + 8 }, PC + 8, IAC1 | IAC2 },
		{ 0x80000000, { PC, PC }, PC, IAC1 | IAC2 }, /* supervisor */
		{ 0xc0000000, { PC, PC }, PC, IAC2 }, /* user */
		{ 0x20000000, { PC, PC }, PC, IAC1 | IAC2 }, /* space 0 */
		{ 0x30000000, { PC, PC }, PC, IAC2 }, /* space 1 */
		{ 0x03000000, { PC, PC }, PC, IAC1 },
	};
	struct fixture *f = *state;
	u32 i, dbsr;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct v44 *v = machine(f, DE, IDM | IAC1 | IAC2);

		write_spr(v, SPR_DBCR1, cases[i].dbcr1);
		write_spr(v, SPR_IAC1, cases[i].iac[0]);
		write_spr(v, SPR_IAC1 + 1, cases[i].iac[1]);
		v->cpu.pc = cases[i].pc;
		look(v, NOP, &dbsr);
		check_equal(dbsr, cases[i].events, "case %u", i);
		check_equal(v44_debug_watched(v, cases[i].pc ^ 0xffc, V44_FETCH) || !dbsr, 1,
			    "case %u", i);
		write_spr(v, SPR_DBSR, 0xffffffff);
	}
}

static void toggling_ranges(void **state)
{
	struct fixture *f = *state;
	struct v44 *v = machine(f, DE, IDM | IAC1);
	u32 dbsr;

	write_spr(v, SPR_DBCR1, 0x00810000);
	write_spr(v, SPR_IAC1, PC);
	write_spr(v, SPR_IAC1 + 1, PC + 8);
	look(v, NOP, &dbsr);
	check_equal(dbsr, IAC1 | 2, "in the range");
	write_spr(v, SPR_DBSR, IAC1);
	look(v, NOP, &dbsr);
	check_equal(dbsr, 2, "reversed");
	v->cpu.pc = PC + 8;
	look(v, NOP, &dbsr);
	check_equal(dbsr, IAC1, "and back");
}

static void accesses(void **state)
{
	static const struct {
		u32 insn;
		u32 dac;
		u32 events;
	} cases[] = {
		{ LWZ(3, 4, 0), DATA, DAC1R },
		{ LWZ(3, 4, 0), DATA + 1, 0 },
		{ STW(3, 4, 0), DATA, DAC1W },
		{ LWZ(3, 4, 14), DATA + 16, DAC1R },
		{ LMW(29, 4, 0), DATA + 8, DAC1R },
		{ LMW(29, 4, 0), DATA + 12, 0 },
		{ DCBST(0, 4), DATA, DAC1W },
		{ ICBI(0, 4), DATA, DAC1R },
		{ DCBI(0, 4), DATA, DAC1W },
		{ STWCX(3, 0, 4), DATA, 0 }, /* has no reservation */
		{ NOP, DATA, 0 },
	};
	struct fixture *f = *state;
	u32 i, dbsr;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct v44 *v = machine(f, DE, IDM | DAC1R | DAC1W);

		write_spr(v, SPR_DAC1, cases[i].dac);
		look(v, cases[i].insn, &dbsr);
		check_equal(dbsr, cases[i].events, "%08x", cases[i].insn);
		write_spr(v, SPR_DBSR, 0xffffffff);
		/* without a translation, that comes first */
		v->cpu.gpr[4] = 0x80000000;
		write_spr(v, SPR_DAC1, 0x80000000);
		look(v, cases[i].insn, &dbsr);
		check_equal(dbsr, 0, "%08x, not mapped", cases[i].insn);
	}
}

/* Memory holds each word's address: DATA is 0x00002000 */
static void data_values(void **state)
{
	static const struct {
		u32 dbcr2;
		u32 dvc;
		bool agrees;
	} cases[] = {
		{ 1 << 18 | 0xf00, 0x00002000, true },
		{ 1 << 18 | 0xf00, 0x00002001, false },
		{ 1 << 18 | 0xe00, 0x00002001, true },
		{ 2 << 18 | 0xf00, 0xffff20ff, true },
		{ 2 << 18 | 0xd00, 0xffff20ff, false },
		{ 3 << 18 | 0xf00, 0xffff2000, true },
		{ 3 << 18 | 0xf00, 0x00ff20ff, false },
		{ 0 << 18 | 0xf00, 0x00002000, false }, /* reserved */
	};
	struct fixture *f = *state;
	u32 i, store, dbsr;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		for (store = 0; store < 2; store++) {
			struct v44 *v = machine(f, DE, IDM | DAC1R | DAC1W);

			write_spr(v, SPR_DAC1, DATA);
			write_spr(v, SPR_DBCR2, cases[i].dbcr2);
			write_spr(v, SPR_DVC1, cases[i].dvc);
			v->cpu.gpr[3] = DATA;
			look(v, store ? STW(3, 4, 0) : LWZ(3, 4, 0), &dbsr);
			check_equal(dbsr,
				    !cases[i].agrees ? 0
				    : store	     ? DAC1W
						     : DAC1R,
				    "case %u", i);
			write_spr(v, SPR_DBSR, 0xffffffff);
		}
	}
}

static void branches(void **state)
{
	static const struct {
		u32 insn, cr, ctr;
		bool taken;
	} cases[] = {
		{ B(8), 0, 0, true },
		{ BC(12, 2, 8), 0x20000000, 0, true }, /* beq */
		{ BC(12, 2, 8), 0, 0, false },
		{ BC(4, 2, 8), 0, 0, true }, /* bne */
		{ BC(16, 0, 8), 0, 2, true }, /* bdnz */
		{ BC(16, 0, 8), 0, 1, false },
		{ BC(18, 0, 8), 0, 1, true }, /* bdz */
		{ BC(20, 0, 8), 0, 1, true },
		{ x_form(19, 16, 20, 0, 0), 0, 0, true }, /* blr */
		{ x_form(19, 528, 12, 2, 0), 0, 0, false }, /* beqctr */
		{ x_form(19, 150, 20, 0, 0), 0, 0, false }, /* isync */
		{ NOP, 0, 0, false },
	};
	struct fixture *f = *state;
	u32 i, dbsr;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct v44 *v = machine(f, DE, IDM | BRT);

		v->cpu.cr = cases[i].cr;
		v->cpu.ctr = cases[i].ctr;
		look(v, cases[i].insn, &dbsr);
		check_equal(dbsr, cases[i].taken ? BRT : 0, "case %u", i);
		write_spr(v, SPR_DBSR, 0xffffffff);
	}
}

static enum v44_fault fault(struct v44 *v, u32 ea, enum v44_access_type type,
			    struct v44_sh_entry **e)
{
	u64 gpa;

	return v44_shadow_fault(v, ea, type, e, &gpa);
}

/* Shadows of a watched page lack the right, but in a step's context */
static void shadows_of_watched_pages(void **state)
{
	struct fixture *f = *state;
	struct v44 *v = machine(f, DE, 0);
	struct v44_sh_entry *e;
	u32 sid;

	assert_int_equal(fault(v, PC, V44_FETCH, &e), V44_FAULT_FILLED);
	check_equal(e->word[0] & 0xf0, 7 << 4, "16 MB");
	write_spr(v, SPR_DAC1, DATA + 8);
	write_spr(v, SPR_DBCR0, IDM | DAC1R);
	check_equal(live_shadows(f), 0, "all dropped");
	check_equal(f->debug_changes, 1, "told");

	assert_int_equal(fault(v, DATA, V44_STORE, &e), V44_FAULT_FILLED);
	check_equal(e->word[0] & 0xf0, 1 << 4, "4 KB");
	check_equal(e->word[2] & (UX | UW | UR), UX | UW, "no right to read");
	sid = v44_sh_sid(e);
	assert_true(v44_debug_watched(v, DATA + 0xffc, V44_LOAD));
	assert_false(v44_debug_watched(v, DATA, V44_STORE));
	assert_false(v44_debug_watched(v, DATA + 0x1000, V44_LOAD));
	assert_int_equal(fault(v, DATA + 0x1000, V44_LOAD, &e), V44_FAULT_FILLED);
	check_equal(e->word[2] & (UX | UW | UR), UX | UW | UR, "beside it");

	v44_debug_begin(v);
	assert_int_equal(fault(v, DATA, V44_LOAD, &e), V44_FAULT_FILLED);
	check_equal(e->word[2] & (UX | UW | UR), UX | UW | UR, "a step's");
	assert_int_not_equal(v44_sh_sid(e), sid);
	check_equal(v44_sh_sid(e), v44_shadow_step_sid(v), "in its context");
	v->debug.stepping = false;

	write_spr(v, SPR_DBCR0, 0);
	check_equal(live_shadows(f), 0, "all dropped again");
	check_equal(f->debug_changes, 2, "told again");
	assert_int_equal(fault(v, DATA, V44_LOAD, &e), V44_FAULT_FILLED);
	check_equal(e->word[0] & 0xf0, 7 << 4, "16 MB again");
}

/* The VMM's points are found by the byte, and keep the guest's registers out of it */
static void points(void **state)
{
	struct fixture *f = *state;
	struct v44 *v = machine(f, 0, 0);
	const struct v44_point *point;

	v->debug.point[0] = (struct v44_point){ PC, 1 << V44_FETCH };
	v->debug.point[1] = (struct v44_point){ DATA + 3, 1 << V44_STORE };
	v->debug.points = 2;
	v44_debug_changed(v);
	assert_true(v->debug.active);
	v44_debug_begin(v);
	assert_int_equal(v44_debug_fetch(v, &point), V44_LOOK_POINT);
	assert_ptr_equal(point, &v->debug.point[0]);
	v->cpu.pc += 4;
	v44_debug_begin(v);
	assert_int_equal(v44_debug_fetch(v, &point), V44_LOOK_ON);
	assert_int_equal(v44_debug_execute(v, STW(3, 4, 0), &point), V44_LOOK_POINT);
	assert_ptr_equal(point, &v->debug.point[1]);
	v44_debug_begin(v);
	assert_int_equal(v44_debug_execute(v, LWZ(3, 4, 0), &point), V44_LOOK_ON);
	assert_int_equal(v44_debug_execute(v, STW(3, 4, 4), &point), V44_LOOK_ON);
	check_equal(v->cpu.dbsr, 0, "the guest's");
}

/* One instruction through, as the hardware would have done it */
static void step(struct v44 *v, u32 insn)
{
	u32 dbsr;

	assert_int_equal(look(v, insn, &dbsr), V44_LOOK_ON);
	v->cpu.pc += 4;
	v44_debug_end(v);
}

static void reservations(void **state)
{
	struct fixture *f = *state;
	struct v44 *v = machine(f, DE, IDM | ICMP);
	struct v44_access a;
	u32 dbsr, i;

	/* nothing reserved */
	look(v, STWCX(3, 0, 4), &dbsr);
	assert_true(v44_debug_stores_conditionally(v));
	assert_int_equal(v44_access_decode(v, STWCX(3, 0, 4), &a), V44_DECODED_NOTHING);
	check_equal(v->cpu.cr >> 28, 0, "CR0");

	v->cpu.gpr[5] = DATA; /* as if loaded */
	step(v, LWARX(5, 0, 4));
	assert_true(v44_debug_every(v));
	look(v, STWCX(3, 0, 4), &dbsr);
	assert_int_equal(v44_access_decode(v, STWCX(3, 0, 4), &a), V44_DECODED_ACCESS);
	check_equal(v->cpu.cr >> 28, 2, "CR0");
	check_equal(v->debug.reserved, 0, "used up");

	/* somebody else has stored meanwhile; another address; no right; given up in the end */
	v->cpu.gpr[5] = DATA + 1;
	step(v, LWARX(5, 0, 4));
	assert_int_equal(v44_access_decode(v, STWCX(3, 0, 4), &a), V44_DECODED_NOTHING);
	v->cpu.gpr[5] = DATA;
	step(v, LWARX(5, 0, 4));
	v->cpu.gpr[4] = DATA + 4;
	assert_int_equal(v44_access_decode(v, STWCX(3, 0, 4), &a), V44_DECODED_NOTHING);
	v->cpu.gpr[4] = DATA;
	step(v, LWARX(5, 0, 4));
	write_tlb(v, 0, 0, 0 | TLB_V | 7 << 4, 0, UX | UR | SX | SR);
	assert_int_equal(v44_access_decode(v, STWCX(3, 0, 4), &a), V44_DECODED_INTERRUPT);
	check_equal(v->cpu.esr, ST, "DSI");
	machine(f, DE, IDM | ICMP);
	write_spr(v, SPR_DBSR, 0xffffffff);
	step(v, LWARX(5, 0, 4));
	write_spr(v, SPR_DBCR0, 0);
	write_spr(v, SPR_DBSR, 0xffffffff);
	assert_true(v->debug.active);
	for (i = 0; i < 2000 && v->debug.active; i++)
		step(v, NOP);
	assert_false(v->debug.active);
}

/* The magic page is watched as any other, though no entry of the guest's is there */
static void magic_page(void **state)
{
	static struct v44_magic_page page;
	const u32 ea = 0xfffff0c8; /* ESR */
	struct fixture *f = *state;
	struct v44 *v = machine(f, DE, IDM | DAC1R | DAC1W);
	const struct v44_point *point;
	struct v44_access a;
	u32 dbsr;

	v44_magic_map(v, ea);
	v44_magic_use(v, &page, 0x5000);
	v->cpu.gpr[4] = ea;
	v->cpu.esr = 0x1234;
	write_spr(v, SPR_DAC1, ea);
	check_equal(look(v, STW(3, 4, 0), &dbsr), V44_LOOK_EVENT, "a store");
	check_equal(dbsr, DAC1W, "a store");
	write_spr(v, SPR_DBSR, 0xffffffff);
	write_spr(v, SPR_DBCR2, 1 << 18 | 0xf00);
	write_spr(v, SPR_DVC1, 0x1234);
	check_equal(look(v, LWZ(3, 4, 0), &dbsr), V44_LOOK_EVENT, "a load");
	check_equal(dbsr, DAC1R, "a load");
	write_spr(v, SPR_DBSR, 0xffffffff);
	v->cpu.esr = 0x1235;
	check_equal(look(v, LWZ(3, 4, 0), &dbsr), V44_LOOK_ON, "of another value");

	write_spr(v, SPR_DBCR0, IDM | ICMP);
	v->cpu.gpr[5] = v->cpu.esr;
	step(v, LWARX(5, 0, 4));
	look(v, STWCX(3, 0, 4), &dbsr);
	assert_int_equal(v44_access_decode(v, STWCX(3, 0, 4), &a), V44_DECODED_ACCESS);
	check_equal(v->cpu.cr >> 28, 2, "reserved");

	v->debug.point[0] = (struct v44_point){ ea + 3, 1 << V44_STORE };
	v->debug.points = 1;
	v44_debug_changed(v);
	v44_debug_begin(v);
	assert_int_equal(v44_debug_execute(v, STW(3, 4, 0), &point), V44_LOOK_POINT);
	assert_ptr_equal(point, &v->debug.point[0]);
}

static void reset_forgets_the_guests_only(void **state)
{
	struct fixture *f = *state;
	struct v44 *v = machine(f, DE, IDM | ICMP);

	v->debug.step = true;
	v44_debug_changed(v);
	v44_debug_begin(v);
	v44_reset(v, 0);
	assert_true(v->debug.active);
	assert_false(v->debug.stepping);
	v->debug.step = false;
	v44_debug_changed(v);
	assert_false(v->debug.active);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(modes_of_each_event),
		TEST(completion_and_interrupts),
		TEST(address_modes),
		TEST(toggling_ranges),
		TEST(accesses),
		TEST(data_values),
		TEST(branches),
		TEST(shadows_of_watched_pages),
		TEST(points),
		TEST(reservations),
		TEST(magic_page),
		TEST(reset_forgets_the_guests_only),
	};

	return RUN_ALL(tests);
}
