// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads and stores: every row against a table of the manual's forms, with the
 * data checked byte by byte in a big-endian device.
 */
#include "fixture.h"

enum form {
	D, /* displacement */
	X, /* indexed */
};

static const struct access {
	const char *name;
	u8 primary;
	u16 xo;
	enum form form;
	u8 bytes;
	bool store, algebraic, reversed, update;
} accesses[] = {
	{ "lwz", 32, 0, D, 4, 0, 0, 0, 0 },	{ "lwzu", 33, 0, D, 4, 0, 0, 0, 1 },
	{ "lbz", 34, 0, D, 1, 0, 0, 0, 0 },	{ "lbzu", 35, 0, D, 1, 0, 0, 0, 1 },
	{ "stw", 36, 0, D, 4, 1, 0, 0, 0 },	{ "stwu", 37, 0, D, 4, 1, 0, 0, 1 },
	{ "stb", 38, 0, D, 1, 1, 0, 0, 0 },	{ "stbu", 39, 0, D, 1, 1, 0, 0, 1 },
	{ "lhz", 40, 0, D, 2, 0, 0, 0, 0 },	{ "lhzu", 41, 0, D, 2, 0, 0, 0, 1 },
	{ "lha", 42, 0, D, 2, 0, 1, 0, 0 },	{ "lhau", 43, 0, D, 2, 0, 1, 0, 1 },
	{ "sth", 44, 0, D, 2, 1, 0, 0, 0 },	{ "sthu", 45, 0, D, 2, 1, 0, 0, 1 },
	{ "lwzx", 31, 23, X, 4, 0, 0, 0, 0 },	{ "lwzux", 31, 55, X, 4, 0, 0, 0, 1 },
	{ "lbzx", 31, 87, X, 1, 0, 0, 0, 0 },	{ "lbzux", 31, 119, X, 1, 0, 0, 0, 1 },
	{ "stwx", 31, 151, X, 4, 1, 0, 0, 0 },	{ "stwux", 31, 183, X, 4, 1, 0, 0, 1 },
	{ "stbx", 31, 215, X, 1, 1, 0, 0, 0 },	{ "stbux", 31, 247, X, 1, 1, 0, 0, 1 },
	{ "lhzx", 31, 279, X, 2, 0, 0, 0, 0 },	{ "lhzux", 31, 311, X, 2, 0, 0, 0, 1 },
	{ "lhax", 31, 343, X, 2, 0, 1, 0, 0 },	{ "lhaux", 31, 375, X, 2, 0, 1, 0, 1 },
	{ "sthx", 31, 407, X, 2, 1, 0, 0, 0 },	{ "sthux", 31, 439, X, 2, 1, 0, 0, 1 },
	{ "lwbrx", 31, 534, X, 4, 0, 0, 1, 0 }, { "stwbrx", 31, 662, X, 4, 1, 0, 1, 0 },
	{ "lhbrx", 31, 790, X, 2, 0, 0, 1, 0 }, { "sthbrx", 31, 918, X, 2, 1, 0, 1, 0 },
};

static const struct {
	const char *name;
	u8 primary;
	u16 xo;
} cache_ops[] = { { "dcbst", 31, 54 }, { "dcbf", 31, 86 }, { "icbi", 31, 982 } };

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

/* What whoever drives an access does */
static void drive(struct fixture *f, u32 insn, struct device *d, const char *what)
{
	struct v44_access a;
	bool through;

	check_equal(v44_access_decode(&f->v, insn, &a), V44_DECODED_ACCESS, "%s", what);
	do {
		u32 bytes = a.flags & V44_ACC_SIZE;
		u64 data = 0;

		if (a.flags & V44_ACC_STORE)
			device_store(d, a.ea, bytes, v44_access_data(&f->v, &a));
		else
			data = device_load(d, a.ea, bytes);
		through = v44_access_step(&f->v, &a, data);
	} while (!through);
}

static void fill(struct device *d, struct rng *r)
{
	u32 i;

	for (i = 0; i < sizeof(d->byte); i++)
		d->byte[i] = rnd(r);
}

static void one(struct fixture *f, const struct access *m, struct rng *r, u32 rt, u32 ra, u32 rb,
		u32 displacement)
{
	struct device d, want_d;
	struct v44_cpu want;
	u32 ea, i, insn;

	scramble(f, EE | DS);
	for (i = 0; i < 32; i++)
		f->v.cpu.gpr[i] = rnd(r);
	fill(&d, r);
	want_d = d;
	memcpy(&want, &f->v.cpu, sizeof(want));

	ea = ra ? want.gpr[ra] : 0;
	if (m->form == X) {
		insn = x_form(m->primary, m->xo, rt, ra, rb);
		ea += want.gpr[rb];
	} else {
		insn = d_form(m->primary, rt, ra, displacement);
		ea += displacement < 0x8000 ? displacement : displacement - 0x10000;
	}
	want.pc += 4;
	if (m->store) {
		for (i = 0; i < m->bytes; i++) {
			u32 shift = m->reversed ? 8 * i : 8 * (m->bytes - 1 - i);

			want_d.byte[(ea + i) & 255] = want.gpr[rt] >> shift;
		}
	} else {
		u32 value = 0;

		for (i = 0; i < m->bytes; i++) {
			u32 shift = m->reversed ? 8 * i : 8 * (m->bytes - 1 - i);

			value |= (u32)d.byte[(ea + i) & 255] << shift;
		}
		if (m->algebraic && value >= 0x8000)
			value |= 0xffff0000;
		want.gpr[rt] = value;
	}
	if (m->update)
		want.gpr[ra] = ea;

	drive(f, insn, &d, m->name);
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
				if (m->update && (!ra || (ra == rt && !m->store)))
					continue;
				for (j = 0; j < ARRAY_SIZE(displacements); j++)
					one(f, m, &r, rt, ra, (rt + 5 * ra + j) % 32,
					    displacements[j]);
			}
		}
	}
}

/* The other rows of the instruction table are done by nobody or need no data */
static void the_table_above_is_complete(void **state)
{
	u32 i, j;

	(void)state;
	for (i = 0; i < v44_insn_count; i++) {
		const struct v44_insn *row = &v44_insns[i];
		bool known = !strcmp(row->name, "lmw") || !strcmp(row->name, "stmw") ||
			     !strcmp(row->name, "dcbz");

		if (row->kind != V44_INSN_ACCESS || !row->done)
			continue;
		for (j = 0; j < ARRAY_SIZE(accesses); j++)
			known |= !strcmp(row->name, accesses[j].name);
		for (j = 0; j < ARRAY_SIZE(cache_ops); j++)
			known |= !strcmp(row->name, cache_ops[j].name);
		check(known, "%s", row->name);
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
			u32 ea = 0x20;

			scramble(f, 0);
			fill(&d, &r);
			want_d = d;
			memcpy(&want, &f->v.cpu, sizeof(want));
			want.pc += 4;
			for (i = rt; i < 32; i++, ea += 4) {
				if (store)
					device_store(&want_d, ea, 4, want.gpr[i]);
				else
					want.gpr[i] = device_load(&want_d, ea, 4);
			}
			drive(f, d_form(store ? 47 : 46, rt, 0, 0x20), &d, "multiple");
			check_cpu(&f->v.cpu, &want, store ? "stmw" : "lmw");
			check(!memcmp(&d, &want_d, sizeof(d)), "from r%u", rt);
		}
	}
}

/* Nothing but loaded GPRs changes before the last element: the access can be begun again */
static void state_moves_with_the_last_element(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	struct v44_access a;

	scramble(f, 0);
	memcpy(&want, &f->v.cpu, sizeof(want));
	assert_int_equal(v44_access_decode(&f->v, d_form(33, 3, 4, 8), &a), V44_DECODED_ACCESS);
	check_cpu(&f->v.cpu, &want, "decoded");
	assert_int_equal(a.ea, want.gpr[4] + 8);
	assert_true(v44_access_step(&f->v, &a, 1));

	assert_int_equal(v44_access_decode(&f->v, d_form(46, 29, 0, 8), &a), V44_DECODED_ACCESS);
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

static void cache_instructions_have_nothing_to_do(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	struct v44_access a;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cache_ops); i++) {
		u32 insn = x_form(cache_ops[i].primary, cache_ops[i].xo, 0, 3, 4);

		scramble(f, PR);
		memcpy(&want, &f->v.cpu, sizeof(want));
		want.pc += 4;
		check_equal(v44_access_decode(&f->v, insn, &a), V44_DECODED_NOTHING, "%s",
			    cache_ops[i].name);
		check_cpu(&f->v.cpu, &want, cache_ops[i].name);
	}
}

static void dcbz_is_an_alignment_exception(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	struct v44_access a;
	u32 ra;

	for (ra = 0; ra < 32; ra++) {
		scramble(f, PR | EE | DE);
		memcpy(&want, &f->v.cpu, sizeof(want));
		want.esr = ST;
		want.dear = (ra ? want.gpr[ra] : 0) + want.gpr[4];
		want.srr[0] = want.pc;
		want.srr[1] = want.msr;
		want.msr = DE;
		want.pc = want.ivpr + want.ivor[5];
		check_equal(v44_access_decode(&f->v, x_form(31, 1014, 0, ra, 4), &a),
			    V44_DECODED_INTERRUPT, "r%u", ra);
		check_cpu(&f->v.cpu, &want, "dcbz");
	}
}

static void what_cannot_be_emulated_is_illegal_and_told(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	struct v44_access a;
	unsigned int i, told = 0;
	u32 words[64], count = 0;

	words[count++] = 0;
	words[count++] = d_form(14, 3, 4, 5); /* addi */
	words[count++] = MFMSR(3);
	words[count++] = x_form(31, 278, 0, 3, 4); /* dcbt never interrupts */
	for (i = 0; i < v44_insn_count; i++) {
		const struct v44_insn *row = &v44_insns[i];

		if (row->kind == V44_INSN_ACCESS && !row->done)
			words[count++] =
				x_form(row->primary, row->extended == V44_NO_XO ? 0 : row->extended,
				       3, 4, 5);
	}
	for (i = 0; i < count; i++) {
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
		TEST(the_table_above_is_complete),
		TEST(multiple_words),
		TEST(state_moves_with_the_last_element),
		TEST(effective_addresses_wrap),
		TEST(cache_instructions_have_nothing_to_do),
		TEST(dcbz_is_an_alignment_exception),
		TEST(what_cannot_be_emulated_is_illegal_and_told),
	};

	return RUN_ALL(tests);
}
