// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes decoding and emulation. The input is
 *
 *   options   4 bytes: what the callbacks do (enum option)
 *   state     MSR, GPRs 0 to 7, the three words of guest TLB entries 0 to 3; the magic page,
 *             if there is one, is where the first of them is
 *   steps     8 bytes each: an instruction word, and a word that says what else
 *             happens: lines, passing time, an access of the guest's. A word of
 *             primary opcode 0, which a 440 has not, is a privileged instruction
 *             by its number
 *
 * all other state is junk that no instruction makes by accident. What an
 * instruction may change, where it goes on and when it must be refused is said
 * here again, from the manual, with nothing of core's tables; only whether a
 * word is a load or store that core emulates is asked there.
 */
#include "fixture.h"
#include "fuzz.h"

#define MSR_ALL	   (WE | CE | EE | PR | FP | ME | FE0 | DWE | DE | FE1 | IS | DS)
/* Half of all guest pages are I/O; the host's address differs from the guest's */
#define IO_PAGE	   0x80000u
#define HOST	   0x300000000ull
#define XO_MASK	   0xfc0007feu
#define DBCR0_RST  0x30000000u
#define SPR_DBCR0  308
#define TLB_STATES 4
#define MAGIC_GPA  0x1000000000ull
#define MAGIC_HPA  0x4000ull

enum option {
	PAGES_ABSENT = 1, /* page(): every other one */
	PAGES_READ_ONLY = 2, /* page(): of each four, one */
	NO_RUNS = 4, /* contiguous(): never */
	SIDS_END = 8, /* sid_alloc(): each ends a generation */
	TIME_FLIES = 16, /* timebase(): time passes between two looks */
	HAS_1K = 32, /* the hardware has pages of 1 KB */
	MAGIC = 64, /* the guest has asked for its magic page */
};

static struct fixture *f;
static u32 options;
static u32 reported; /* calls of unimplemented() */
static u32 magic_ea;
static struct v44_magic_page magic_page;

struct reader {
	const uint8_t *next, *end;
};

static u32 word(struct reader *r)
{
	u32 value = 0, i;

	for (i = 0; i < 4 && r->next < r->end; i++)
		value = value << 8 | *r->next++;
	return value;
}

/* --- callbacks --- */

static enum v44_page page(struct v44 *v, u32 gfn, bool write, u64 *hpa, bool *writable)
{
	bool read_only = (options & PAGES_READ_ONLY) && gfn % 4 == 1;

	(void)v;
	if (gfn & IO_PAGE)
		return V44_PAGE_IO;
	if (((options & PAGES_ABSENT) && gfn % 2) || (write && read_only))
		return V44_PAGE_ABSENT;
	*hpa = (u64)gfn << 12 ^ HOST;
	*writable = !read_only;
	return V44_PAGE_RAM;
}

static bool contiguous(struct v44 *v, u32 gfn, u32 count, u64 *hpa)
{
	(void)v;
	check(count > 1 && !(count & (count - 1)) && !(gfn & (count - 1)), "%x %x", gfn, count);
	if ((options & (NO_RUNS | PAGES_ABSENT | PAGES_READ_ONLY)) || (gfn & IO_PAGE))
		return false;
	*hpa = (u64)gfn << 12 ^ HOST;
	return true;
}

static u8 sid_alloc(struct v44 *v)
{
	if ((options & SIDS_END) || f->next_sid == 255) {
		v44_shadow_reset(v);
		f->next_sid = 0;
	}
	return ++f->next_sid;
}

static void unimplemented(struct v44 *v, const char *name, u32 insn)
{
	(void)v;
	(void)insn;
	check(name && *name, "a row without a name");
	reported++;
}

static bool is_magic(const struct v44_cpu *cpu, u32 ea)
{
	return (options & MAGIC) && !(cpu->msr & PR) && ea >> 12 == magic_ea >> 12;
}

/* --- the guest's TLB, read entry by entry (manual chapter 5) --- */

static enum v44_translation plain_translate(const struct v44_cpu *cpu, u32 ea,
					    enum v44_access_type type, u64 *gpa, int *slot)
{
	static const u32 right[2][3] = { { SX, SR, SW }, { UX, UR, UW } };
	u32 space = cpu->msr & (type == V44_FETCH ? IS : DS), i;

	for (i = 0; i < 64; i++) {
		const struct v44_tlbe *e = &cpu->tlb[i];
		u64 bytes = page_bytes(e->word[0] >> 4 & 15);

		if (!(e->word[0] & TLB_V) || !bytes || !(e->word[0] & TLB_TS) != !space ||
		    ea / bytes != e->word[0] / bytes || (e->tid && e->tid != cpu->pid))
			continue;
		*slot = i;
		*gpa = (u64)(e->word[1] & 15) << 32 |
		       (u64)((e->word[1] & 0xfffffc00) / bytes * bytes) | ea % bytes;
		return e->word[2] & right[!!(cpu->msr & PR)][type] ? V44_XLATE_OK
								   : V44_XLATE_DENIED;
	}
	*slot = -1;
	return V44_XLATE_MISS;
}

/* --- what holds at any time --- */

static void check_state(void)
{
	const struct v44_cpu *cpu = &f->v.cpu;
	u32 i;

	check(!(cpu->msr & ~MSR_ALL), "MSR %x", cpu->msr);
	check(!(cpu->pc & 3), "pc %x", cpu->pc);
	check(cpu->pid < 256, "PID %x", cpu->pid);
	check(!(cpu->ivpr & 0xffff), "IVPR %x", cpu->ivpr);
	check(!(cpu->mmucr & 0xfe82ff00), "MMUCR %x", cpu->mmucr);
	check(!(cpu->dbcr[0] & DBCR0_RST), "DBCR0 %x", cpu->dbcr[0]);
	for (i = 0; i < 16; i++)
		check(!(cpu->ivor[i] & ~0xfff0u), "IVOR%u %x", i, cpu->ivor[i]);
	for (i = 0; i < 64; i++) {
		const struct v44_tlbe *e = &cpu->tlb[i];

		check(!(e->word[0] & 15) && !(e->word[1] & 0x3f0) && !(e->word[2] & ~0xffbfu) &&
			      e->tid < 256,
		      "TLB entry %u: %x %x %x %x", i, e->word[0], e->word[1], e->word[2], e->tid);
	}
	check_equal(f->counts.unimplemented, reported, "unimplemented");
}

/*
 * Is something found for an EA that @e covers? A wide one stands in the set of
 * the access that made it.
 */
static bool findable(const struct v44_sh_entry *e)
{
	u32 bytes = page_bytes(e->word[0] >> 4 & 15), step = bytes < 0x100000 ? 0x1000 : 0x100000;
	u32 ea;

	for (ea = 0; ea < bytes; ea += step) {
		if (v44_shadow_find(&f->v.sh, v44_sh_sid(e), (e->word[0] & 0xfffffc00) + ea))
			return true;
	}
	return false;
}

/* Once per input: lists and tables */
static void check_shadows(void)
{
	struct v44_shadow *sh = &f->v.sh;
	u32 slot, i, listed = 0, used = 0;

	for (slot = 0; slot < V44_SH_LISTS; slot++) {
		for (i = sh->head[slot]; i != V44_SH_NONE; i = sh->entry[i].next) {
			check(i < V44_SH_ALL && sh->entry[i].slot == slot, "slot %u", slot);
			check(listed++ < V44_SH_ALL, "the list of slot %u is endless", slot);
		}
	}
	for (i = 0; i < V44_SH_ALL; i++) {
		const struct v44_sh_entry *e = &sh->entry[i];

		if (!e->tag)
			continue;
		used++;
		check(findable(e), "entry %u", i);
	}
	check_equal(listed, used, "lists");
}

/* --- interrupts --- */

/* State after an interrupt of the SRR class out of @was, with ESR and DEAR as given */
#define IDM  0x40000000
#define IDE  0x80000000
#define IRPT 0x02000000

static void expect_interrupt(struct v44_cpu *want, u32 ivor, u32 esr)
{
	want->esr = esr;
	want->srr[0] = want->pc;
	want->srr[1] = want->msr;
	want->msr &= CE | ME | DE;
	want->pc = want->ivpr | want->ivor[ivor];
	/* it is a debug event, too; in internal mode with DE = 0 one that waits (manual 8.3) */
	if (!f->v.debug.active || !(want->dbcr[0] & IRPT))
		return;
	want->dbsr |= IRPT;
	if ((want->dbcr[0] & IDM) && !(want->msr & DE))
		want->dbsr |= IDE;
}

/* Time may have moved the timer; that is not the instruction's doing */
static void ignore_time(struct v44_cpu *want, const struct v44_cpu *got)
{
	want->timer = got->timer;
	want->tsr = got->tsr;
}

/* --- instructions --- */

static bool is(u32 insn, u32 form)
{
	return (insn & XO_MASK) == (form & XO_MASK);
}

/* All privileged instructions of a 440 */
static const u32 forms[] = {
	RFI,	      RFCI,	      RFMCI,	       MFMSR(0),       MTMSR(0),    WRTEE(0),
	WRTEEI(0),    MFSPR(0, 0),    MTSPR(0, 0),     MFDCR(0, 0),    MTDCR(0, 0), MFDCRX(0, 0),
	MTDCRX(0, 0), TLBRE(0, 0, 0), TLBWE(0, 0, 0),  TLBSX(0, 0, 0), TLBSYNC,	    DCBI(0, 0),
	DCCCI(0, 0),  ICCCI(0, 0),    DCREAD(0, 0, 0), ICREAD(0, 0),
};

static bool privileged(u32 insn)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		if (is(insn, forms[i]))
			return true;
	}
	return false;
}

static u32 rt(u32 insn)
{
	return insn >> 21 & 31;
}

static u32 ra(u32 insn)
{
	return insn >> 16 & 31;
}

static u32 rb(u32 insn)
{
	return insn >> 11 & 31;
}

static u32 spr_number(u32 insn)
{
	return ra(insn) | rb(insn) << 5;
}

static u32 indexed_ea(const struct v44_cpu *cpu, u32 insn)
{
	return (ra(insn) ? cpu->gpr[ra(insn)] : 0) + cpu->gpr[rb(insn)];
}

/*
 * mtspr may change what its number names and nothing else: by the storage of
 * the row, which unit tests compare with the manual.
 */
static void copy_spr(struct v44_cpu *want, const struct v44_cpu *got, u32 number)
{
	const struct v44_spr *row = v44_spr_find(number);

	if (number == SPR_DEC)
		want->timer = got->timer;
	else if (row && (row->access & V44_SPR_SW) && row->offset)
		memcpy((char *)want + row->offset, (const char *)got + row->offset, 4);
}

/* Supervisor state: what @insn does to @want; of values that are not said here, @got tells */
static enum v44_emu expect_privileged(struct v44_cpu *want, const struct v44_cpu *got, u32 insn)
{
	const u32 *save = is(insn, RFI) ? want->srr : is(insn, RFCI) ? want->csrr : want->mcsrr;
	struct v44_cpu was = *want;
	u32 slot, ea;
	u64 gpa;
	int found;

	if (is(insn, RFI) || is(insn, RFCI) || is(insn, RFMCI)) {
		want->msr = save[1] & MSR_ALL;
		want->pc = save[0] & ~3u;
		return V44_EMU_DONE;
	}
	want->pc += 4;
	if (is(insn, MTMSR(0))) {
		want->msr = was.gpr[rt(insn)] & MSR_ALL;
	} else if (is(insn, WRTEE(0))) {
		want->msr = (was.msr & ~EE) | (was.gpr[rt(insn)] & EE);
	} else if (is(insn, WRTEEI(0))) {
		want->msr = (was.msr & ~EE) | (insn & EE);
	} else if (is(insn, MFMSR(0))) {
		want->gpr[rt(insn)] = was.msr;
	} else if (is(insn, DCREAD(0, 0, 0))) {
		want->gpr[rt(insn)] = 0;
	} else if (is(insn, MFSPR(0, 0))) {
		want->gpr[rt(insn)] = got->gpr[rt(insn)];
	} else if (is(insn, MTSPR(0, 0))) {
		copy_spr(want, got, spr_number(insn));
		if (spr_number(insn) == SPR_DBCR0 && (was.gpr[rt(insn)] & DBCR0_RST))
			return V44_EMU_RESET;
	} else if (is(insn, MFDCR(0, 0)) || is(insn, MTDCR(0, 0)) || is(insn, MFDCRX(0, 0)) ||
		   is(insn, MTDCRX(0, 0))) {
		return V44_EMU_DCR;
	} else if (is(insn, TLBSX(0, 0, 0))) {
		want->gpr[rt(insn)] = got->gpr[rt(insn)];
		check(got->gpr[rt(insn)] < 64 || got->gpr[rt(insn)] == 0xffffffff, "tlbsx %x",
		      got->gpr[rt(insn)]);
		if (insn & 1)
			want->cr = (was.cr & 0x0fffffff) | (was.xer & 0x80000000) >> 3 |
				   (got->gpr[rt(insn)] < 64 ? 0x20000000 : 0);
	} else if (is(insn, TLBRE(0, 0, 0)) || is(insn, TLBWE(0, 0, 0))) {
		slot = was.gpr[ra(insn)] & 63;
		if (rb(insn) > 2) {
			want->pc -= 4;
			expect_interrupt(want, V44_PROGRAM, PIL);
			return V44_EMU_INTERRUPT;
		}
		if (is(insn, TLBRE(0, 0, 0))) {
			want->gpr[rt(insn)] = was.tlb[slot].word[rb(insn)];
			if (rb(insn) == 0)
				want->mmucr = (was.mmucr & ~0xffu) | was.tlb[slot].tid;
			return V44_EMU_DONE;
		}
		want->tlb[slot].word[rb(insn)] = got->tlb[slot].word[rb(insn)];
		if (rb(insn) == 0)
			want->tlb[slot].tid = was.mmucr & 0xff;
		check(!(was.tlb[slot].word[0] & TLB_V) || f->v.sh.head[slot] == V44_SH_NONE,
		      "shadows outlive the entry in slot %u", slot);
	} else if (is(insn, DCBI(0, 0))) {
		ea = indexed_ea(&was, insn);
		if (!is_magic(&was, ea) &&
		    plain_translate(&was, ea, V44_STORE, &gpa, &found) != V44_XLATE_OK) {
			want->pc -= 4;
			want->dear = ea;
			if (found < 0)
				expect_interrupt(want, V44_DATA_TLB, ST | (was.esr & MCI));
			else
				expect_interrupt(want, V44_DATA_STORAGE, ST);
			return V44_EMU_INTERRUPT;
		}
	}
	return V44_EMU_DONE;
}

static void emulate(u32 insn, u32 data)
{
	struct v44_cpu want = f->v.cpu;
	enum v44_emu wanted, got;
	struct v44_cpu *cpu = &f->v.cpu;
	bool spr = is(insn, MFSPR(0, 0)) || is(insn, MTSPR(0, 0));
	u32 number;

	got = v44_emulate(&f->v, insn);
	ignore_time(&want, cpu);
	if (!privileged(insn)) {
		expect_interrupt(&want, V44_PROGRAM, PIL);
		wanted = V44_EMU_INTERRUPT;
	} else if (want.msr & PR) {
		expect_interrupt(&want, V44_PROGRAM, spr && !(spr_number(insn) & 16) ? PIL : PPR);
		wanted = V44_EMU_INTERRUPT;
	} else {
		wanted = expect_privileged(&want, cpu, insn);
	}
	check_equal(got, wanted, "insn %08x", insn);
	check_cpu(cpu, &want, "after the instruction");
	if (got != V44_EMU_DCR)
		return;
	number = is(insn, MFDCRX(0, 0)) || is(insn, MTDCRX(0, 0)) ? cpu->gpr[ra(insn)] & 0x3ff
								  : spr_number(insn);
	check_equal(f->v.dcr.number, number, "insn %08x", insn);
	check_equal(f->v.dcr.reg, rt(insn), "insn %08x", insn);
	check_equal(f->v.dcr.write, is(insn, MTDCR(0, 0)) || is(insn, MTDCRX(0, 0)), "insn %08x",
		    insn);
	v44_dcr_done(&f->v, data);
	if (!f->v.dcr.write)
		want.gpr[rt(insn)] = data;
	check_cpu(cpu, &want, "after the DCR");
}

/* --- loads and stores --- */

#define DCBZ 1014

/* Extended opcodes of primary opcode 31, by what they do */
static const u16 indexed_bytes[] = { 87, 119, 215, 247, 0 };
static const u16 indexed_halves[] = { 279, 311, 343, 375, 407, 439, 790, 918, 0 };
static const u16 indexed_words[] = {
	20, 23, 55, 150, 151, 183, 534, 535, 567, 662, 663, 695, 983, 0
};

static const u16 indexed_doubles[] = { 599, 631, 727, 759, 0 };
static const u16 indexed_stores[] = { 150, 151, 183, 215, 247, 407, 439, 661,  662,
				      663, 695, 725, 727, 759, 918, 983, DCBZ, 0 };
static const u16 indexed_updates[] = { 55, 119, 183, 247, 311, 375, 439, 567, 631, 695, 759, 0 };
static const u16 indexed_fp[] = { 535, 567, 599, 631, 663, 695, 727, 759, 983, 0 };

#define LSWX   533
#define LSWI   597
#define STSWX  661
#define STSWI  725
#define LWARX  20
#define STWCX_ 150

static bool in(const u16 *list, u32 insn)
{
	for (; *list; list++) {
		if (is(insn, x_form(31, *list, 0, 0, 0)))
			return true;
	}
	return false;
}

struct operand {
	bool store, fp, update, string, multiple, reserve;
	u32 ea, bytes, element; /* element: bytes of a register's worth */
};

static struct operand operand(const struct v44_cpu *cpu, u32 insn)
{
	u32 op = insn >> 26, xo = op == 31 ? insn >> 1 & 1023 : 0;
	struct operand o = { 0 };

	if (op == 31) {
		o.store = in(indexed_stores, insn);
		o.fp = in(indexed_fp, insn);
		o.update = in(indexed_updates, insn);
		o.string = xo == LSWX || xo == LSWI || xo == STSWX || xo == STSWI;
		o.reserve = xo == LWARX || xo == STWCX_;
		o.element = in(indexed_bytes, insn)	? 1
			    : in(indexed_halves, insn)	? 2
			    : in(indexed_words, insn)	? 4
			    : in(indexed_doubles, insn) ? 8
							: 0;
		o.ea = indexed_ea(cpu, insn);
	} else {
		o.store = op >= 52 || op == 44 || op == 45 || op == 47 || (op >= 36 && op < 40);
		o.fp = op >= 48;
		o.multiple = op == 46 || op == 47;
		o.update = (op & 1) && !o.multiple;
		o.element = op >= 48   ? (op & 2 ? 8 : 4)
			    : op >= 46 ? 4
			    : op >= 40 ? 2
			    : op & 2   ? 1
				       : 4;
		o.ea = (ra(insn) ? cpu->gpr[ra(insn)] : 0) + (u32)(s16)insn;
	}
	o.bytes = o.multiple ? 4 * (32 - rt(insn)) : o.element;
	if (o.string) {
		o.element = 4;
		o.bytes = cpu->xer & 127;
		if (xo == LSWI || xo == STSWI) {
			o.ea = ra(insn) ? cpu->gpr[ra(insn)] : 0;
			o.bytes = rb(insn) ? rb(insn) : 32;
		}
	}
	return o;
}

static bool expect_refusal(struct v44_cpu *want, const struct operand *o, u32 ea, u64 *gpa,
			   int *slot);

/* Before anything moves: what ends the instruction at once, with the state then */
static bool expect_nothing_to_move(struct v44_cpu *want, const struct operand *o, u32 insn,
				   enum v44_decoded *decoded)
{
	bool dcbz = is(insn, x_form(31, DCBZ, 0, 0, 0)), line = !o->element;
	u64 gpa;
	int slot;

	*decoded = V44_DECODED_INTERRUPT;
	if (o->fp && !(want->msr & FP)) {
		expect_interrupt(want, V44_FP_UNAVAIL, want->esr);
	} else if (o->reserve && o->ea % 4) {
		want->dear = o->ea;
		expect_interrupt(want, V44_ALIGNMENT, o->store ? ST : 0);
	} else if ((line || (o->reserve && o->store)) &&
		   expect_refusal(want, o, o->ea, &gpa, &slot)) {
		;
	} else if (dcbz) {
		want->dear = o->ea;
		expect_interrupt(want, V44_ALIGNMENT, ST);
	} else if (!o->bytes || (o->reserve && o->store)) {
		*decoded = V44_DECODED_NOTHING;
		if (o->reserve)
			want->cr = (want->cr & 0x0fffffff) | (want->xer & 0x80000000) >> 3;
		want->pc += 4;
	} else {
		*decoded = V44_DECODED_ACCESS;
	}
	return *decoded != V44_DECODED_ACCESS;
}

/* The guest's TLB has no way to @ea: the interrupt of it */
static bool expect_refusal(struct v44_cpu *want, const struct operand *o, u32 ea, u64 *gpa,
			   int *slot)
{
	enum v44_access_type type = o->store ? V44_STORE : V44_LOAD;
	u32 esr = (o->store ? ST : 0) | (o->fp ? 0x01000000u : 0);

	if (is_magic(want, ea)) {
		*gpa = MAGIC_GPA | ea % 4096;
		return false;
	}
	if (plain_translate(want, ea, type, gpa, slot) == V44_XLATE_OK)
		return false;
	want->dear = ea;
	if (*slot < 0)
		expect_interrupt(want, V44_DATA_TLB, esr | (want->esr & MCI));
	else
		expect_interrupt(want, V44_DATA_STORAGE, esr);
	return true;
}

/* The registers that @bytes of a load go to, an unfinished one not; of their values, @got tells */
static void copy_loaded(struct v44_cpu *want, const struct v44_cpu *got, const struct operand *o,
			u32 insn, u32 bytes)
{
	u32 i, count = (bytes + (bytes == o->bytes ? o->element - 1 : 0)) / o->element;

	for (i = 0; !o->store && i < count; i++) {
		u32 reg = (rt(insn) + i) % 32;

		if (o->fp)
			want->fpr[reg] = got->fpr[reg];
		else
			want->gpr[reg] = got->gpr[reg];
	}
}

static void load_or_store(u32 insn, u32 data, bool translate)
{
	struct v44_cpu want = f->v.cpu;
	const struct v44_cpu *cpu = &f->v.cpu;
	struct operand o = operand(cpu, insn);
	u32 moved = 0, piece, size, begin;
	enum v44_decoded decoded;
	struct v44_access a;
	bool through = expect_nothing_to_move(&want, &o, insn, &decoded);
	u64 gpa, wanted, second;
	int slot;

	check_equal(v44_access_decode(&f->v, insn, &a), decoded, "insn %08x", insn);
	check_cpu(cpu, &want, "decoding");
	while (!through) {
		piece = v44_access_piece(&a);
		begin = moved - moved % o.element; /* of the element */
		size = o.bytes - begin < o.element ? o.bytes - begin : o.element;
		check(v44_access_valid(&a), "insn %08x", insn);
		check_equal(a.ea, o.ea + moved, "insn %08x", insn);
		check_equal(a.left, o.bytes - moved, "insn %08x", insn);
		check(piece == 1 || (piece == size && moved == begin), "insn %08x: %u bytes", insn,
		      piece);
		check((a.ea & 1023) + piece <= 1024, "insn %08x: %u bytes at %x", insn, piece,
		      a.ea);
		if (translate) {
			u32 next = (a.ea | 1023) + 1;
			bool refused = expect_refusal(&want, &o, a.ea, &wanted, &slot);

			if (!refused && moved == begin && next - a.ea < size)
				refused = expect_refusal(&want, &o, next, &second, &slot);
			check_equal(v44_access_translate(&f->v, &a, &gpa), !refused, "insn %08x",
				    insn);
			if (refused)
				break;
			check_equal(gpa, wanted, "insn %08x", insn);
		}
		if (o.store)
			check(piece == 8 || !(v44_access_data(&f->v, &a) >> 8 * piece),
			      "insn %08x stores more than %u bytes", insn, piece);
		moved += piece;
		through = v44_access_step(&f->v, &a,
					  piece == 8 ? (u64)data << 32 | ~data
						     : data & (0xffffffff >> (32 - 8 * piece)));
		check_equal(through, moved == o.bytes, "insn %08x", insn);
		copy_loaded(&want, cpu, &o, insn, moved);
		if (through) {
			want.pc += 4;
			if (o.update)
				want.gpr[ra(insn)] = o.ea;
		}
		check_cpu(cpu, &want, "a piece");
	}
	check_cpu(cpu, &want, "after a load or store");
}

/* --- what else happens --- */

/* Data only, there from its first use on */
static void access_magic(u32 ea, enum v44_access_type type)
{
	const enum v44_fault fault = type == V44_FETCH ? V44_FAULT_DENIED
				     : f->v.magic.used ? V44_FAULT_FILLED
						       : V44_FAULT_MAGIC;
	struct v44_cpu want = f->v.cpu;
	struct v44_sh_entry *e = NULL;
	u64 gpa;

	check_equal(v44_shadow_fault(&f->v, ea, type, &e, &gpa), fault, "ea %x", ea);
	if (fault == V44_FAULT_FILLED) {
		check_equal(e->word[0] & 0xfffffff0, (ea & 0xfffff000) | TLB_V | TLB_TS | 0x10,
			    "ea %x", ea);
		check_equal(e->word[1], MAGIC_HPA, "ea %x", ea);
		check(!(e->word[2] & UX), "ea %x", ea);
	} else if (fault == V44_FAULT_MAGIC) {
		v44_magic_use(&f->v, &magic_page, MAGIC_HPA);
	}
	if (f->v.magic.used) {
		v44_magic_show(&f->v);
		v44_magic_take(&f->v);
	}
	check_cpu(&f->v.cpu, &want, "the page changes no state");
}

static void access_memory(u32 ea, enum v44_access_type type)
{
	static const u32 right[3] = { UX, UR, UW };
	struct v44_cpu want = f->v.cpu;
	struct v44_sh_entry *e = NULL;
	enum v44_translation t;
	u64 gpa = 0, got = 0, hpa;
	u32 bytes;
	int slot;

	if (is_magic(&want, ea)) {
		access_magic(ea, type);
		return;
	}
	t = plain_translate(&want, ea, type, &gpa, &slot);
	switch (v44_shadow_fault(&f->v, ea, type, &e, &got)) {
	case V44_FAULT_MISS:
		check_equal(t, V44_XLATE_MISS, "ea %x", ea);
		break;
	case V44_FAULT_DENIED:
		check_equal(t, V44_XLATE_DENIED, "ea %x", ea);
		break;
	case V44_FAULT_IO:
		check(t == V44_XLATE_OK && gpa == got && (gpa >> 12 & IO_PAGE), "ea %x", ea);
		break;
	case V44_FAULT_EMULATE:
		check(t == V44_XLATE_OK && gpa == got && !(options & HAS_1K), "ea %x", ea);
		check_equal(want.tlb[slot].word[0] & 0xf0, 0, "ea %x", ea);
		break;
	case V44_FAULT_ABSENT:
		check(t == V44_XLATE_OK && gpa == got && (gpa >> 12) % 2, "ea %x", ea);
		check(options & (PAGES_ABSENT | PAGES_READ_ONLY), "ea %x", ea);
		break;
	case V44_FAULT_MAGIC:
		check(false, "ea %x", ea);
		break;
	case V44_FAULT_FILLED:
		check(t == V44_XLATE_OK && gpa == got && e && (int)e->slot == slot, "ea %x", ea);
		bytes = page_bytes(e->word[0] >> 4 & 15);
		check(bytes && ea / bytes == (e->word[0] & 0xfffffc00) / bytes, "ea %x", ea);
		hpa = (u64)(e->word[1] & 15) << 32 | (e->word[1] & 0xfffffc00) | ea % bytes;
		check_equal(hpa, gpa ^ HOST, "ea %x", ea);
		/* a page that is watched lacks the right: debug.h */
		check_equal(!(e->word[2] & right[type]), v44_debug_watched(&f->v, ea, type),
			    "ea %x", ea);
		check(v44_shadow_find(&f->v.sh, v44_shadow_sid(&f->v), ea) == e, "ea %x", ea);
		break;
	}
	check_cpu(&f->v.cpu, &want, "an access changes no state");
}

static void deliver(void)
{
	struct v44_cpu want = f->v.cpu;
	u32 i;

	v44_timer_update(&f->v);
	ignore_time(&want, &f->v.cpu);
	if (!v44_deliver(&f->v)) {
		check_cpu(&f->v.cpu, &want, "nothing was pending");
		return;
	}
	check_equal(v44_pending(&f->v), -1, "another one at once");
	for (i = 0; i < 16 && f->v.cpu.pc != (want.ivpr | want.ivor[i]); i++)
		;
	check(i < 16, "pc %x is no vector", f->v.cpu.pc);
	check(!(f->v.cpu.msr & ~(want.msr & (CE | ME | DE))), "MSR %x of %x", f->v.cpu.msr,
	      want.msr);
}

static void check_timer(void)
{
	const struct v44_timer *t = &f->v.cpu.timer;
	u64 now = f->tb, next;
	u32 dec, tsr;

	if (options & TIME_FLIES)
		return;
	v44_timer_update(&f->v);
	check(!t->dec_running || (t->dec_zero > now && t->dec_zero - now <= 0xffffffff),
	      "DEC ends at %llx, now is %llx", t->dec_zero, now);
	v44_timer_read(&f->v, &dec, &tsr);
	check_equal(dec, t->dec_running ? t->dec_zero - now : 0, "DEC");
	check(!(f->v.cpu.tsr & ~tsr), "TSR %x read as %x", f->v.cpu.tsr, tsr);
	if (v44_timer_next(&f->v, &next))
		check(next > now, "next at %llx, now is %llx", next, now);
}

static void step(u32 insn, u32 more)
{
	const struct v44_insn *row = v44_insn_find(insn);
	u32 base;

	f->v.cpu.lines = more & 7;
	f->tb += (u64)(more >> 3 & 0xff) << (more >> 11 & 31);
	deliver();
	check_state();
	if (row && row->kind == V44_INSN_ACCESS)
		load_or_store(insn, more * 0x9e3779b9, more >> 15 & 1);
	else
		emulate(insn, more * 0x9e3779b9);
	check_state();
	check_timer();
	/* most accesses go to where a guest TLB entry is */
	base = more >> 19 & 3 ? f->v.cpu.tlb[more >> 16 & 3].word[0] & 0xfffffc00
			      : f->v.cpu.gpr[more >> 16 & 7];
	access_memory(base + (more >> 21 & 0x7f) * 0x400, more >> 28 & 1 ? V44_STORE : V44_LOAD);
	access_memory(f->v.cpu.pc, V44_FETCH);
	if (more >> 29 == 7)
		v44_shadow_drop_gfns(&f->v, more & 0xffff, (more & 0xffff) + (more >> 16 & 0xff));
}

/* A privileged instruction with the fields of @bits; SPRs are mostly those that exist */
static u32 likely_insn(u32 bits)
{
	u32 insn = forms[bits % ARRAY_SIZE(forms)] | (bits & ~XO_MASK), number;

	if ((!is(insn, MFSPR(0, 0)) && !is(insn, MTSPR(0, 0))) || rb(insn) == 31)
		return insn;
	number = v44_sprs[spr_number(insn) % v44_spr_count].number;
	return (insn & 0xffe007ff) | (number & 31) << 16 | number >> 5 << 11;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	void *state;

	(void)argc;
	(void)argv;
	fuzz_abort_on_failure();
	check(!setup(&state), "no memory");
	f = state;
	f->ops.page = page;
	f->ops.contiguous = contiguous;
	f->ops.sid_alloc = sid_alloc;
	f->ops.unimplemented = unimplemented;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = { data, data + size };
	struct v44_cpu *cpu = &f->v.cpu;
	u32 i, j;

	fuzz_limit_time();
	memset(&f->counts, 0, sizeof(f->counts));
	v44_init(&f->v, &f->ops, f->entries, &f->counts);
	options = word(&r);
	reported = 0;
	f->next_sid = 0;
	f->tb = 0x123456789abcull;
	f->tb_step = options & TIME_FLIES ? 3 : 0;
	f->v.has_1k = options & HAS_1K;
	scramble(f, word(&r) & MSR_ALL);
	cpu->srr[0] &= ~3u;
	cpu->mmucr &= 0x017d00ff;
	cpu->dbcr[0] &= ~DBCR0_RST;
	for (i = 0; i < 8; i++)
		cpu->gpr[i] = word(&r);
	for (i = 0; i < TLB_STATES; i++) {
		cpu->mmucr = (cpu->mmucr & ~0xffu) | (i & 1 ? cpu->pid : 0);
		for (j = 0; j < 3; j++)
			v44_tlb_write(&f->v, i, j, word(&r));
	}
	magic_ea = cpu->tlb[0].word[0] & 0xfffff000;
	if (options & MAGIC)
		v44_magic_map(&f->v, magic_ea);
	while (r.next < r.end) {
		u32 insn = word(&r);

		step(insn >> 26 ? insn : likely_insn(insn), word(&r));
	}
	check_shadows();
	return 0;
}
