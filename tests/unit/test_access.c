// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads and stores: every row against a table of the manual's forms, with the
 * data checked byte by byte in a big-endian device.
 */
#include "fixture.h"
#include "access.h"

enum form {
	D, /* displacement */
	X, /* indexed */
};

enum file {
	GPR,
	DOUBLE,
	SINGLE, /* converted */
	LOWER, /* stfiwx: the lower word of an FPR */
};

static const struct access {
	const char *name;
	u8 primary;
	u16 xo;
	enum form form;
	u8 bytes;
	bool store, algebraic, reversed, update;
	enum file file;
} accesses[] = {
	{ "lwz", 32, 0, D, 4, 0, 0, 0, 0, GPR },
	{ "lwzu", 33, 0, D, 4, 0, 0, 0, 1, GPR },
	{ "lbz", 34, 0, D, 1, 0, 0, 0, 0, GPR },
	{ "lbzu", 35, 0, D, 1, 0, 0, 0, 1, GPR },
	{ "stw", 36, 0, D, 4, 1, 0, 0, 0, GPR },
	{ "stwu", 37, 0, D, 4, 1, 0, 0, 1, GPR },
	{ "stb", 38, 0, D, 1, 1, 0, 0, 0, GPR },
	{ "stbu", 39, 0, D, 1, 1, 0, 0, 1, GPR },
	{ "lhz", 40, 0, D, 2, 0, 0, 0, 0, GPR },
	{ "lhzu", 41, 0, D, 2, 0, 0, 0, 1, GPR },
	{ "lha", 42, 0, D, 2, 0, 1, 0, 0, GPR },
	{ "lhau", 43, 0, D, 2, 0, 1, 0, 1, GPR },
	{ "sth", 44, 0, D, 2, 1, 0, 0, 0, GPR },
	{ "sthu", 45, 0, D, 2, 1, 0, 0, 1, GPR },
	{ "lwzx", 31, 23, X, 4, 0, 0, 0, 0, GPR },
	{ "lwzux", 31, 55, X, 4, 0, 0, 0, 1, GPR },
	{ "lbzx", 31, 87, X, 1, 0, 0, 0, 0, GPR },
	{ "lbzux", 31, 119, X, 1, 0, 0, 0, 1, GPR },
	{ "stwx", 31, 151, X, 4, 1, 0, 0, 0, GPR },
	{ "stwux", 31, 183, X, 4, 1, 0, 0, 1, GPR },
	{ "stbx", 31, 215, X, 1, 1, 0, 0, 0, GPR },
	{ "stbux", 31, 247, X, 1, 1, 0, 0, 1, GPR },
	{ "lhzx", 31, 279, X, 2, 0, 0, 0, 0, GPR },
	{ "lhzux", 31, 311, X, 2, 0, 0, 0, 1, GPR },
	{ "lhax", 31, 343, X, 2, 0, 1, 0, 0, GPR },
	{ "lhaux", 31, 375, X, 2, 0, 1, 0, 1, GPR },
	{ "sthx", 31, 407, X, 2, 1, 0, 0, 0, GPR },
	{ "sthux", 31, 439, X, 2, 1, 0, 0, 1, GPR },
	{ "lwbrx", 31, 534, X, 4, 0, 0, 1, 0, GPR },
	{ "stwbrx", 31, 662, X, 4, 1, 0, 1, 0, GPR },
	{ "lhbrx", 31, 790, X, 2, 0, 0, 1, 0, GPR },
	{ "sthbrx", 31, 918, X, 2, 1, 0, 1, 0, GPR },
	{ "lfs", 48, 0, D, 4, 0, 0, 0, 0, SINGLE },
	{ "lfsu", 49, 0, D, 4, 0, 0, 0, 1, SINGLE },
	{ "lfsx", 31, 535, X, 4, 0, 0, 0, 0, SINGLE },
	{ "lfsux", 31, 567, X, 4, 0, 0, 0, 1, SINGLE },
	{ "lfd", 50, 0, D, 8, 0, 0, 0, 0, DOUBLE },
	{ "lfdu", 51, 0, D, 8, 0, 0, 0, 1, DOUBLE },
	{ "lfdx", 31, 599, X, 8, 0, 0, 0, 0, DOUBLE },
	{ "lfdux", 31, 631, X, 8, 0, 0, 0, 1, DOUBLE },
	{ "stfs", 52, 0, D, 4, 1, 0, 0, 0, SINGLE },
	{ "stfsu", 53, 0, D, 4, 1, 0, 0, 1, SINGLE },
	{ "stfsx", 31, 663, X, 4, 1, 0, 0, 0, SINGLE },
	{ "stfsux", 31, 695, X, 4, 1, 0, 0, 1, SINGLE },
	{ "stfd", 54, 0, D, 8, 1, 0, 0, 0, DOUBLE },
	{ "stfdu", 55, 0, D, 8, 1, 0, 0, 1, DOUBLE },
	{ "stfdx", 31, 727, X, 8, 1, 0, 0, 0, DOUBLE },
	{ "stfdux", 31, 759, X, 8, 1, 0, 0, 1, DOUBLE },
	{ "stfiwx", 31, 983, X, 4, 1, 0, 0, 0, LOWER },
};

#define LMW		   46
#define STMW		   47
#define LSWI(rt, ra, n)	   x_form(31, 597, rt, ra, n)
#define LSWX(rt, ra, rb)   x_form(31, 533, rt, ra, rb)
#define STSWI(rt, ra, n)   x_form(31, 725, rt, ra, n)
#define STSWX(rt, ra, rb)  x_form(31, 661, rt, ra, rb)
#define LWARX(rt, ra, rb)  x_form(31, 20, rt, ra, rb)
#define STWCX_(rs, ra, rb) (x_form(31, 150, rs, ra, rb) | 1)

/* Rows with tests of their own, those of cache instructions in test_cache.c */
static const char *const others[] = { "lmw",   "stmw",	    "lswi", "lswx",  "stswi", "stswx",
				      "lwarx", "stwcx_dot", "dcbz", "dcbst", "dcbf",  "icbi" };

/* A device of 256 bytes that answers at every address */
struct device {
	u8 byte[256];
};

static u64 device_load(const struct device *d, u32 address, u32 bytes)
{
	u64 data = 0;

	while (bytes--)
		data = data << 8 | d->byte[address++ & 255];
	return data;
}

static void device_store(struct device *d, u32 address, u32 bytes, u64 data)
{
	while (bytes--)
		d->byte[address++ & 255] = data >> 8 * bytes;
}

#define LITTLE_SLOT 5
#define BIG_SLOT    6

/*
 * What whoever drives an access does, with the byte order of the page given. No
 * piece lies in two pages, and it is what v44_access_valid() expects.
 */
static void drive(struct fixture *f, u32 insn, struct device *d, bool little, const char *what)
{
	u32 slot = little ? LITTLE_SLOT : BIG_SLOT, flags, size;
	struct v44_access a, plain;
	bool through;

	f->v.cpu.tlb[LITTLE_SLOT].word[2] |= TLB_E;
	f->v.cpu.tlb[BIG_SLOT].word[2] &= ~TLB_E;
	check_equal(v44_access_decode(&f->v, insn, &a), V44_DECODED_ACCESS, "%s", what);
	/* the short way is the same, or is not taken */
	flags = v44_plain_decode(&f->v.cpu, insn, a.ea, f->v.cpu.tlb[slot].word[2]);
	size = a.flags & V44_ACC_SIZE;
	check_equal(!!flags, v44_access_plain(&a) && !(a.flags & V44_ACC_RESERVE) && !(a.ea % size),
		    "%s", what);
	if (size > 1 && a.ea % V44_PAGE_LEAST + size > V44_PAGE_LEAST)
		check(!v44_plain_decode(&f->v.cpu, insn, (a.ea | (V44_PAGE_LEAST - 1)) + 1, 0),
		      "%s: at its second page", what);
	if (flags) {
		v44_access_order(&f->v, &a, slot);
		check_equal(flags, a.flags, "%s", what);
		v44_access_begin(&plain, insn, flags, a.ea, size);
		check(!memcmp(&plain, &a, sizeof(a)), "%s: not the same", what);
	}
	do {
		u32 bytes = v44_access_piece(&a);
		u64 data = 0;

		check(bytes <= 8 && (a.ea & 1023) + bytes <= 1024, "%s: %u bytes at %x", what,
		      bytes, a.ea);
		if (!a.done)
			v44_access_order(&f->v, &a, slot);
		check(v44_access_valid(&a), "%s: at %x", what, a.ea);
		if (a.flags & V44_ACC_STORE) {
			data = v44_access_data(&f->v, &a);
			check(bytes == 8 || !(data >> 8 * bytes), "%s: more than %u bytes", what,
			      bytes);
			device_store(d, a.ea, bytes, data);
		} else {
			data = device_load(d, a.ea, bytes);
		}
		through = v44_access_step(&f->v, &a, data);
	} while (!through);
}

static void fill(struct device *d, struct rng *r)
{
	u32 i;

	for (i = 0; i < sizeof(d->byte); i++)
		d->byte[i] = rnd(r);
}

/* --- the numbers of the FPU, by this machine's own --- */

static u64 double_of(u32 single)
{
	float in;
	double out;
	u64 bits;

	/* the quiet bit of a NaN stays as it is */
	if ((single & 0x7f800000) == 0x7f800000)
		return (u64)(single & 0x80000000) << 32 | 0x7ffull << 52 |
		       (u64)(single & 0x7fffff) << 29;
	memcpy(&in, &single, sizeof(in));
	out = in;
	memcpy(&bits, &out, sizeof(bits));
	return bits;
}

/* Bits are cut off, not rounded */
static u32 single_of(u64 bits)
{
	u32 sign = bits >> 63 ? 0x80000000 : 0, exponent = bits >> 52 & 0x7ff;
	double number, smallest = 1.0 / (1ull << 63) / (1ull << 63) / (1 << 23); /* 2^-149 */
	float single;
	u32 out;

	bits &= ~(1ull << 63);
	if (exponent == 0x7ff)
		return sign | 0x7f800000 | (u32)(bits >> 29 & 0x7fffff);
	if (exponent >= 1023 + 128) /* too large: the exponent's middle bits are lost */
		return sign | (exponent >> 10) << 30 | (u32)(bits >> 29 & 0x3fffffff);
	bits &= ~0x1fffffffull;
	memcpy(&number, &bits, sizeof(number));
	if (exponent <= 1023 - 127)
		return sign | (u32)(number / smallest);
	single = number; /* exact now */
	memcpy(&out, &single, sizeof(out));
	return sign | out;
}

static void one(struct fixture *f, const struct access *m, struct rng *r, u32 rt, u32 ra, u32 rb,
		u32 displacement)
{
	bool little = rnd(r) & 1;
	struct device d, want_d;
	struct v44_cpu want;
	u32 ea, i, insn;
	u64 value = 0;

	scramble(f, EE | DS | FP);
	for (i = 0; i < 32; i++)
		f->v.cpu.gpr[i] = rnd(r);
	fill(&d, r);
	want_d = d;

	if (m->form == X) {
		insn = x_form(m->primary, m->xo, rt, ra, rb);
		displacement = f->v.cpu.gpr[rb];
	} else {
		insn = d_form(m->primary, rt, ra, displacement);
		displacement -= displacement < 0x8000 ? 0 : 0x10000;
	}
	/* often where it may lie in two pages */
	if (ra && (m->form == D || ra != rb) && rnd(r) & 1)
		f->v.cpu.gpr[ra] = (rnd(r) | 0x3ff) - rnd_below(r, 9) - displacement;
	ea = (ra ? f->v.cpu.gpr[ra] : 0) + displacement;
	memcpy(&want, &f->v.cpu, sizeof(want));
	want.tlb[LITTLE_SLOT].word[2] |= TLB_E;
	want.tlb[BIG_SLOT].word[2] &= ~TLB_E;
	want.pc += 4;
	if (m->store) {
		value = m->file == GPR	    ? want.gpr[rt]
			: m->file == SINGLE ? single_of(want.fpr[rt])
					    : want.fpr[rt];
		for (i = 0; i < m->bytes; i++) {
			u32 shift = m->reversed != little ? 8 * i : 8 * (m->bytes - 1 - i);

			want_d.byte[(ea + i) & 255] = value >> shift;
		}
	} else {
		for (i = 0; i < m->bytes; i++) {
			u32 shift = m->reversed != little ? 8 * i : 8 * (m->bytes - 1 - i);

			value |= (u64)d.byte[(ea + i) & 255] << shift;
		}
		if (m->algebraic && value >= 0x8000)
			value |= 0xffff0000;
		if (m->file == GPR)
			want.gpr[rt] = value;
		else
			want.fpr[rt] = m->file == SINGLE ? double_of(value) : value;
	}
	if (m->update)
		want.gpr[ra] = ea;

	drive(f, insn, &d, little, m->name);
	check_cpu(&f->v.cpu, &want, m->name);
	check(!memcmp(&d, &want_d, sizeof(d)), "%s: bytes stored", m->name);
}

static void every_form_moves_its_bytes(void **state)
{
	static const u32 displacements[] = { 0, 1, 0x7fff, 0x8000, 0xffff, 0xfffc };
	struct fixture *f = *state;
	struct rng r = { 0 };
	u32 i, j, rt, ra;

	for (i = 0; i < ARRAY_SIZE(accesses); i++) {
		const struct access *m = &accesses[i];

		for (rt = 0; rt < 32; rt++) {
			for (ra = 0; ra < 32; ra += ra < 4 ? 1 : 9) {
				/* invalid forms */
				if (m->update && (!ra || (ra == rt && !m->store && m->file == GPR)))
					continue;
				for (j = 0; j < ARRAY_SIZE(displacements); j++)
					one(f, m, &r, rt, ra, (rt + 5 * ra + j) % 32,
					    displacements[j]);
			}
		}
	}
}

static void the_tables_above_are_complete(void **state)
{
	u32 i, j;

	(void)state;
	for (i = 0; i < v44_insn_count; i++) {
		const struct v44_insn *row = &v44_insns[i];
		bool known = false;

		if (row->kind != V44_INSN_ACCESS)
			continue;
		for (j = 0; j < ARRAY_SIZE(accesses); j++)
			known |= !strcmp(row->name, accesses[j].name);
		for (j = 0; j < ARRAY_SIZE(others); j++)
			known |= !strcmp(row->name, others[j]);
		check(known, "%s", row->name);
	}
}

/* All of the exponents, with fractions of one bit, of many, and of any */
static void single_precision_is_converted(void **state)
{
	struct fixture *f = *state;
	struct rng r = { 0 };
	struct device d;
	u32 exponent, i, single;
	u64 number;

	scramble(f, FP);
	for (exponent = 0; exponent < 512; exponent++) { /* and the sign */
		for (i = 0; i < 23 * 4; i++) {
			u32 fraction[] = { 1u << i / 4, (1u << i / 4) - 1, -(1u << i / 4),
					   rnd(&r) };

			single = exponent << 23 | (fraction[i % 4] & 0x7fffff);
			device_store(&d, 0, 4, single);
			drive(f, d_form(48, 1, 0, 0), &d, false, "lfs");
			check_equal(f->v.cpu.fpr[1], double_of(single), "%08x", single);
			drive(f, d_form(52, 1, 0, 8), &d, false, "stfs");
			check_equal(device_load(&d, 8, 4), single, "%08x", single);
		}
	}
	for (exponent = 0; exponent < 4096; exponent++) {
		for (i = 0; i < 53; i++) {
			number = (u64)exponent << 52;
			number |= (i == 52 ? (u64)rnd(&r) << 20 | rnd(&r) >> 12 : 1ull << i) &
				  0xfffffffffffffull;
			f->v.cpu.fpr[1] = number;
			drive(f, d_form(52, 1, 0, 0), &d, false, "stfs");
			check_equal(device_load(&d, 0, 4), single_of(number), "%016llx", number);
			check_equal(f->v.cpu.fpr[1], number, "stfs");
		}
	}
}

static void strings(void **state)
{
	struct fixture *f = *state;
	struct rng r = { 0 };
	struct device d, want_d;
	struct v44_cpu want;
	u32 count, i, ea, insn;

	for (i = 0; i < 40000; i++) {
		bool store = i & 1, indexed = i & 2, little = i & 4;
		u32 rt = rnd_below(&r, 32), j;

		scramble(f, 0);
		fill(&d, &r);
		want_d = d;
		ea = rnd(&r);
		if (i & 8)
			ea = (ea | 1023) - rnd_below(&r, 40);
		if (indexed) {
			count = 1 + rnd_below(&r, 127);
			f->v.cpu.xer = (f->v.cpu.xer & ~0x7fu) | count;
			f->v.cpu.gpr[3] = ea;
			f->v.cpu.gpr[4] = 0x12345;
			f->v.cpu.gpr[3] -= 0x12345;
			insn = store ? STSWX(rt, 3, 4) : LSWX(rt, 3, 4);
		} else {
			count = 1 + rnd_below(&r, 32);
			f->v.cpu.gpr[3] = ea;
			insn = store ? STSWI(rt, 3, count % 32) : LSWI(rt, 3, count % 32);
		}
		f->v.cpu.tlb[LITTLE_SLOT].word[2] |= TLB_E;
		f->v.cpu.tlb[BIG_SLOT].word[2] &= ~TLB_E;
		memcpy(&want, &f->v.cpu, sizeof(want));
		want.pc += 4;
		for (j = 0; j < count; j++) {
			u32 *reg = &want.gpr[(rt + j / 4) % 32], shift = 24 - 8 * (j % 4);

			if (store)
				want_d.byte[(ea + j) & 255] = *reg >> shift;
			else
				*reg = (j % 4 ? *reg : 0) | (u32)d.byte[(ea + j) & 255] << shift;
		}
		drive(f, insn, &d, little, "string");
		check_cpu(&f->v.cpu, &want, "string");
		check(!memcmp(&d, &want_d, sizeof(d)), "insn %08x, %u bytes", insn, count);
	}
}

static void a_string_of_no_bytes_is_nothing(void **state)
{
	u32 words[] = { LSWX(3, 4, 5), STSWX(3, 4, 5) }, i;
	struct fixture *f = *state;
	struct v44_cpu want;
	struct v44_access a;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		scramble(f, PR);
		f->v.cpu.xer &= ~0x7fu;
		memcpy(&want, &f->v.cpu, sizeof(want));
		want.pc += 4;
		assert_int_equal(v44_access_decode(&f->v, words[i], &a), V44_DECODED_NOTHING);
		check_cpu(&f->v.cpu, &want, "no bytes");
	}
}

/* The reservation is gone: lwarx loads, stwcx. says that it has not stored */
static void reservations(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	struct v44_access a;
	struct device d;
	u32 so, i;

	scramble(f, 0);
	device_store(&d, 0x40, 4, 0xcafe0123);
	f->v.cpu.gpr[4] = 0x40;
	memcpy(&want, &f->v.cpu, sizeof(want));
	want.pc += 4;
	want.gpr[3] = 0xcafe0123;
	want.tlb[LITTLE_SLOT].word[2] |= TLB_E;
	want.tlb[BIG_SLOT].word[2] &= ~TLB_E;
	drive(f, LWARX(3, 0, 4), &d, false, "lwarx");
	check_cpu(&f->v.cpu, &want, "lwarx");
	for (so = 0; so < 2; so++) {
		scramble(f, 0);
		map_all(f, SW);
		f->v.cpu.gpr[4] = 0x40;
		f->v.cpu.xer = so ? 0x80000000 : 0x7fffffff;
		memcpy(&want, &f->v.cpu, sizeof(want));
		want.cr = (want.cr & 0x0fffffff) | so << 28;
		want.pc += 4;
		assert_int_equal(v44_access_decode(&f->v, STWCX_(3, 0, 4), &a),
				 V44_DECODED_NOTHING);
		check_cpu(&f->v.cpu, &want, "stwcx.");
	}
	/* manual 6.5.7 */
	for (i = 0; i < 8; i++) {
		bool store = i & 1, aligned = i < 2;

		scramble(f, EE | DE);
		map_all(f, SW);
		f->v.cpu.gpr[4] = 0x80000040 + i / 2;
		memcpy(&want, &f->v.cpu, sizeof(want));
		want.esr = store ? ST : 0;
		want.dear = want.gpr[4];
		want.srr[0] = want.pc;
		want.srr[1] = want.msr;
		want.msr = DE;
		want.pc = want.ivpr + want.ivor[5];
		if (aligned) {
			assert_true(v44_access_decode(&f->v,
						      store ? STWCX_(3, 0, 4) : LWARX(3, 0, 4),
						      &a) != V44_DECODED_INTERRUPT);
			continue;
		}
		assert_int_equal(
			v44_access_decode(&f->v, store ? STWCX_(3, 0, 4) : LWARX(3, 0, 4), &a),
			V44_DECODED_INTERRUPT);
		check_cpu(&f->v.cpu, &want, "not aligned");
	}
}

static void without_msr_fp_the_fpu_is_unavailable(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	struct v44_access a;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(accesses); i++) {
		const struct access *m = &accesses[i];
		u32 insn = m->form == X ? x_form(m->primary, m->xo, 3, 4, 5)
					: d_form(m->primary, 3, 4, 0);

		if (m->file == GPR)
			continue;
		scramble(f, EE | CE);
		memcpy(&want, &f->v.cpu, sizeof(want));
		want.srr[0] = want.pc;
		want.srr[1] = want.msr;
		want.msr = CE;
		want.pc = want.ivpr + want.ivor[7];
		check_equal(v44_access_decode(&f->v, insn, &a), V44_DECODED_INTERRUPT, "%s",
			    m->name);
		check_cpu(&f->v.cpu, &want, m->name);
	}
}

static void multiple_words(void **state)
{
	struct fixture *f = *state;
	struct rng r = { 0 };
	struct device d, want_d;
	struct v44_cpu want;
	u32 rt, i, store;

	for (rt = 0; rt < 32; rt++) {
		for (store = 0; store < 2; store++) {
			u32 ea = 0x3fc - 4 * rt - rt % 4; /* some word lies in two pages */

			scramble(f, 0);
			fill(&d, &r);
			want_d = d;
			memcpy(&want, &f->v.cpu, sizeof(want));
			want.tlb[LITTLE_SLOT].word[2] |= TLB_E;
			want.tlb[BIG_SLOT].word[2] &= ~TLB_E;
			want.pc += 4;
			for (i = rt; i < 32; i++, ea += 4) {
				if (store)
					device_store(&want_d, ea, 4, want.gpr[i]);
				else
					want.gpr[i] = device_load(&want_d, ea, 4);
			}
			drive(f, d_form(store ? STMW : LMW, rt, 0, 0x3fc - 4 * rt - rt % 4), &d,
			      false, "multiple");
			check_cpu(&f->v.cpu, &want, store ? "stmw" : "lmw");
			check(!memcmp(&d, &want_d, sizeof(d)), "from r%u", rt);
		}
	}
}

/* Nothing but loaded registers changes before the last piece: the access can be begun again */
static void state_moves_with_the_last_piece(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	struct v44_access a;
	u32 i;

	scramble(f, 0);
	f->v.cpu.gpr[4] = 0x100;
	memcpy(&want, &f->v.cpu, sizeof(want));
	assert_int_equal(v44_access_decode(&f->v, d_form(33, 3, 4, 8), &a), V44_DECODED_ACCESS);
	check_cpu(&f->v.cpu, &want, "decoded");
	assert_int_equal(a.ea, want.gpr[4] + 8);
	assert_true(v44_access_step(&f->v, &a, 1));

	assert_int_equal(v44_access_decode(&f->v, d_form(LMW, 29, 0, 8), &a), V44_DECODED_ACCESS);
	memcpy(&want, &f->v.cpu, sizeof(want));
	assert_false(v44_access_step(&f->v, &a, 5));
	assert_false(v44_access_step(&f->v, &a, 6));
	want.gpr[29] = 5;
	want.gpr[30] = 6;
	check_cpu(&f->v.cpu, &want, "two of three");
	assert_int_equal(a.ea, 16);
	assert_true(v44_access_step(&f->v, &a, 7));
	assert_int_equal(f->v.cpu.gpr[31], 7);
	assert_int_equal(f->v.cpu.pc, want.pc + 4);

	/* lwzu in two pages */
	f->v.cpu.gpr[4] = 0x7f0;
	assert_int_equal(v44_access_decode(&f->v, d_form(33, 3, 4, 13), &a), V44_DECODED_ACCESS);
	memcpy(&want, &f->v.cpu, sizeof(want));
	for (i = 0; i < 3; i++) {
		assert_int_equal(v44_access_piece(&a), 1);
		assert_false(v44_access_step(&f->v, &a, 0x11 * (i + 1)));
		check_cpu(&f->v.cpu, &want, "bytes");
	}
	assert_true(v44_access_step(&f->v, &a, 0x44));
	want.gpr[3] = 0x11223344;
	want.gpr[4] = 0x7fd;
	want.pc += 4;
	check_cpu(&f->v.cpu, &want, "four bytes");
}

/* Both pages are asked for before the first byte; the page that is missing is told */
static void a_page_that_is_missing_interrupts_before_the_first_byte(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	struct v44_access a;
	u32 store, fp;
	u64 gpa;

	for (store = 0; store < 2; store++) {
		for (fp = 0; fp < 2; fp++) {
			u32 op = fp ? (store ? 54 : 50) : (store ? 36 : 32);
			u32 esr = (store ? ST : 0) | (fp ? 0x01000000u : 0);

			v44_reset(&f->v, 0x42221850);
			write_tlb(&f->v, 0, 0, 0x10001000 | TLB_V | 0x10, 0x40001000, SR | SW);
			f->v.cpu.msr = FP | ME;
			f->v.cpu.gpr[4] = 0x10001ffd;
			memcpy(&want, &f->v.cpu, sizeof(want));
			assert_int_equal(v44_access_decode(&f->v, d_form(op, 3, 4, 0), &a),
					 V44_DECODED_ACCESS);
			assert_false(v44_access_translate(&f->v, &a, &gpa));
			want.dear = 0x10002000;
			want.esr = esr;
			want.srr[0] = want.pc;
			want.srr[1] = want.msr;
			want.msr = ME;
			want.pc = want.ivpr + want.ivor[13];
			check_cpu(&f->v.cpu, &want, "the second page");

			/* there, but not for this */
			write_tlb(&f->v, 1, 0, 0x10002000 | TLB_V | 0x10, 0x70000003, UR | UW);
			f->v.cpu.msr = FP | ME;
			memcpy(&want, &f->v.cpu, sizeof(want));
			v44_access_decode(&f->v, d_form(op, 3, 4, 0), &a);
			assert_false(v44_access_translate(&f->v, &a, &gpa));
			want.srr[0] = want.pc;
			want.msr = ME;
			want.pc = want.ivpr + want.ivor[2];
			check_cpu(&f->v.cpu, &want, "the second page");

			/* each byte goes to its own page */
			write_tlb(&f->v, 1, 0, 0x10002000 | TLB_V | 0x10, 0x70000003,
				  SR | SW | TLB_E);
			f->v.cpu.msr = FP | ME;
			v44_access_decode(&f->v, d_form(op, 3, 4, 0), &a);
			assert_true(v44_access_translate(&f->v, &a, &gpa));
			assert_true(gpa == 0x40001ffd && !(a.flags & V44_ACC_LITTLE));
			v44_access_step(&f->v, &a, 1);
			v44_access_step(&f->v, &a, 1);
			v44_access_step(&f->v, &a, 1);
			assert_true(v44_access_translate(&f->v, &a, &gpa));
			/* the order is that of the page in which the element begins */
			assert_true(gpa == 0x370000000ull && !(a.flags & V44_ACC_LITTLE));
			f->v.cpu.gpr[4] = 0x10002010;
			v44_access_decode(&f->v, d_form(op, 3, 4, 0), &a);
			assert_true(v44_access_translate(&f->v, &a, &gpa));
			assert_true(gpa == 0x370000010ull && (a.flags & V44_ACC_LITTLE));
		}
	}
}

/* What no instruction can have led to is not accepted from whoever restores it */
static void only_possible_accesses_are_valid(void **state)
{
	static const struct v44_access good[] = {
		{ 0, 0x100, 0, 4, 3, 0, 4, 0 }, /* lwz */
		{ 0x1122, 0x400, 0, 4, 31, 0, 2, 2 }, /* its third byte */
		{ 0, 0x100, 0, V44_ACC_LITTLE | 4, 3, 0, 4, 0 },
		{ 0, 0x100, 0, V44_ACC_MULTI | 4, 30, 0, 8, 0 },
		{ 0x11, 0x3fe, 0, V44_ACC_MULTI | 4, 30, 0, 7, 1 },
		{ 0, 0x100, 0, V44_ACC_STRING | 4, 31, 0, 127, 0 },
		{ 0x1122, 0x102, 0, V44_ACC_STRING | 4, 31, 0, 1, 2 },
		{ 0x11223344556677, 0x400, 0, V44_ACC_FP | 8, 31, 0, 1, 7 },
	};
	static const struct v44_access bad[] = {
		{ 0, 0x100, 0, 4, 32, 0, 4, 0 }, /* no such register */
		{ 0, 0x100, 0, 4, 3, 32, 4, 0 },
		{ 0, 0x100, 0, 4, 3, 0, 0, 0 }, /* nothing left */
		{ 0, 0x100, 0, 4, 3, 0, 0, 4 },
		{ 0, 0x100, 0, 4, 3, 0, 5, 0 }, /* too much */
		{ 0, 0x100, 0, 4, 3, 0, 3, 0 }, /* too little */
		{ 0x1122, 0x102, 0, 4, 3, 0, 2, 2 }, /* half done within a page */
		{ 0x112233, 0x400, 0, 4, 3, 0, 2, 2 }, /* more loaded than done */
		{ 1, 0x100, 0, 4, 3, 0, 4, 0 },
		{ 0, 0x100, 0, V44_ACC_MULTI | 4, 30, 0, 12, 0 }, /* behind r31 */
		{ 0, 0x100, 0, V44_ACC_MULTI | 4, 30, 0, 6, 0 },
		{ 0, 0x100, 0, V44_ACC_STRING | 4, 31, 0, 128, 0 },
		{ 0, 0x100, 0, V44_ACC_STRING | V44_ACC_LITTLE | 4, 31, 0, 4, 0 },
		{ 0, 0x100, 0, 8, 3, 0, 8, 0 }, /* no such instruction */
		{ 0, 0x100, 0, 3, 3, 0, 3, 0 },
		{ 0, 0x100, 0, 0, 3, 0, 1, 0 },
		{ 0, 0x100, 0, V44_ACC_STORE, 3, 0, 1, 0 }, /* dcbz */
		{ 0, 0x100, 0, V44_ACC_STORE | V44_ACC_RESERVE | V44_ACC_INDEXED | 4, 3, 0, 4, 0 },
		{ 0, 0x100, 0, 0x80000004, 3, 0, 4, 0 },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++)
		check(v44_access_valid(&good[i]), "good %u", i);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		check(!v44_access_valid(&bad[i]), "bad %u", i);
}

static void effective_addresses_wrap(void **state)
{
	struct fixture *f = *state;
	struct v44_access a;

	f->v.cpu.gpr[4] = 0xfffffffe;
	f->v.cpu.gpr[5] = 0x12;
	v44_access_decode(&f->v, x_form(31, 23, 3, 4, 5), &a);
	assert_int_equal(a.ea, 0x10);
	f->v.cpu.gpr[0] = 0x55555555; /* RA = 0 is no register */
	v44_access_decode(&f->v, d_form(32, 3, 0, 0xfffc), &a);
	assert_int_equal(a.ea, 0xfffffffc);
	v44_access_decode(&f->v, x_form(31, 23, 3, 0, 0), &a);
	assert_int_equal(a.ea, 0x55555555); /* but RB = 0 is */
}

static void what_cannot_be_emulated_is_illegal_and_told(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	struct v44_access a;
	const u32 words[] = {
		0, d_form(14, 3, 4, 5), /* addi */
		MFMSR(3), x_form(31, 278, 0, 3, 4), /* dcbt never interrupts */
	};
	unsigned int i, told = 0;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		scramble(f, PR | CE);
		memcpy(&want, &f->v.cpu, sizeof(want));
		want.esr = PIL;
		want.srr[0] = want.pc;
		want.srr[1] = want.msr;
		want.msr = CE;
		want.pc = want.ivpr + want.ivor[6];
		check_equal(v44_access_decode(&f->v, words[i], &a), V44_DECODED_INTERRUPT, "%08x",
			    words[i]);
		check_cpu(&f->v.cpu, &want, "no access");
		check_equal(f->unimplemented, ++told, "%08x", words[i]);
		check_equal(f->unimplemented_insn, words[i], "%08x", words[i]);
		assert_non_null(f->unimplemented_name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_form_moves_its_bytes),
		TEST(the_tables_above_are_complete),
		TEST(single_precision_is_converted),
		TEST(multiple_words),
		TEST(strings),
		TEST(a_string_of_no_bytes_is_nothing),
		TEST(reservations),
		TEST(without_msr_fp_the_fpu_is_unavailable),
		TEST(state_moves_with_the_last_piece),
		TEST(a_page_that_is_missing_interrupts_before_the_first_byte),
		TEST(only_possible_accesses_are_valid),
		TEST(effective_addresses_wrap),
		TEST(what_cannot_be_emulated_is_illegal_and_told),
	};

	return RUN_ALL(tests);
}
