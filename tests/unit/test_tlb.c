// SPDX-License-Identifier: GPL-2.0-only
/* The guest's TLB (manual 5), and what reset and a boot loader leave in it. */
#include "fixture.h"

static enum v44_translation look(struct fixture *f, u32 ea, enum v44_access_type type, u64 *gpa)
{
	int slot;

	return v44_translate(&f->v, ea, type, gpa, &slot);
}

static bool matches(struct fixture *f, u32 ea)
{
	u64 gpa;

	return look(f, ea, V44_LOAD, &gpa) != V44_XLATE_MISS;
}

static void words_read_back_as_a_440_keeps_them(void **state)
{
	static const u32 mask[3] = { 0xfffffff0, 0xfffffc0f, 0x0000ffbf };
	struct fixture *f = *state;
	struct rng r = { 0 };
	struct v44_cpu want;
	u32 slot, ws, i;

	for (slot = 0; slot < 64; slot++) {
		for (ws = 0; ws < 3; ws++) {
			u32 tid = rnd(&r) & 0xff, values[] = { 0, 0xffffffff, rnd(&r) };

			for (i = 0; i < ARRAY_SIZE(values); i++) {
				/* STS has no part in a write; only word 0 takes STID */
				write_spr(&f->v, SPR_MMUCR, tid | (i & 1 ? STS : 0));
				memcpy(&want, &f->v.cpu, sizeof(want));
				want.tlb[slot].word[ws] = values[i] & mask[ws];
				if (ws == 0)
					want.tlb[slot].tid = tid;
				write_tlb_word(&f->v, slot, ws, values[i]);
				check_cpu(&f->v.cpu, &want, "tlbwe");

				write_spr(&f->v, SPR_MMUCR, 0x017d0000 | (tid ^ 0x55));
				memcpy(&want, &f->v.cpu, sizeof(want));
				if (ws == 0)
					want.mmucr = 0x017d0000 | tid;
				check_equal(read_tlb_word(&f->v, slot, ws), values[i] & mask[ws],
					    "slot %u word %u", slot, ws);
				check_cpu(&f->v.cpu, &want, "tlbre");
			}
		}
	}
}

static void six_bits_of_ra_select_the_entry(void **state)
{
	struct fixture *f = *state;

	write_tlb_word(&f->v, 0xffffffc0 | 17, 1, 0x12345c00);
	assert_int_equal(f->v.cpu.tlb[17].word[1], 0x12345c00);
	assert_int_equal(read_tlb_word(&f->v, 64 + 17, 1), 0x12345c00);
}

/* Invalid forms: we raise what QEMU raises */
static void word_numbers_above_two_are_illegal(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	u32 ws, read;

	for (ws = 3; ws < 32; ws++) {
		for (read = 0; read < 2; read++) {
			scramble(f, EE | ME);
			memcpy(&want, &f->v.cpu, sizeof(want));
			want.esr = PIL;
			want.srr[0] = want.pc;
			want.srr[1] = want.msr;
			want.msr = ME;
			want.pc = want.ivpr + want.ivor[6];
			check_equal(v44_emulate(&f->v, read ? TLBRE(3, 4, ws) : TLBWE(3, 4, ws)),
				    V44_EMU_INTERRUPT, "word %u", ws);
			check_cpu(&f->v.cpu, &want, "word number");
		}
	}
}

static void sizes_cover_what_they_say(void **state)
{
	struct fixture *f = *state;
	u32 size, low;
	u64 gpa;

	for (size = 0; size < 16; size++) {
		u32 bytes = page_bytes(size), base = 0x60000000;

		/* EPN and RPN bits below the size have no part in it */
		for (low = 0; low < 2; low++) {
			u32 junk = low && bytes ? (bytes - 1) & 0xfffffc00 : 0;

			write_tlb(&f->v, 9, 0, base | junk | TLB_V | size << 4,
				  0x90000000 | junk | 0xa, SR);
			if (!bytes) {
				check(!matches(f, base), "size %u does not exist", size);
				continue;
			}
			check(!matches(f, base - 1), "size %u", size);
			check(!matches(f, base + bytes), "size %u", size);
			check_equal(look(f, base, V44_LOAD, &gpa), V44_XLATE_OK, "size %u", size);
			check_equal(gpa, 0xa90000000ull, "size %u", size);
			check_equal(look(f, base + bytes - 1, V44_LOAD, &gpa), V44_XLATE_OK,
				    "size %u", size);
			check_equal(gpa, 0xa90000000ull + bytes - 1, "size %u", size);
			check_equal(look(f, base + bytes / 2 + 3, V44_LOAD, &gpa), V44_XLATE_OK,
				    "size %u", size);
			check_equal(gpa, 0xa90000000ull + bytes / 2 + 3, "size %u", size);
		}
	}
}

static void an_entry_needs_v_and_its_space_and_process(void **state)
{
	struct fixture *f = *state;
	u32 v, ts, is, ds, tid, pid;
	u64 gpa;

	for (v = 0; v < 2; v++) {
		for (ts = 0; ts < 2; ts++) {
			for (tid = 0; tid < 256; tid += tid < 3 ? 1 : 42) {
				write_tlb(&f->v, 3, tid, 0x10000010 | v * TLB_V | ts * TLB_TS, 0,
					  SX | SW | SR);
				for (is = 0; is < 2; is++) {
					for (ds = 0; ds < 2; ds++) {
						for (pid = 0; pid < 256; pid++) {
							bool mine = v && (!tid || tid == pid);

							f->v.cpu.msr = is * IS | ds * DS;
							f->v.cpu.pid = pid;
							check_equal(look(f, 0x10000ffc, V44_FETCH,
									 &gpa),
								    mine && ts == is
									    ? V44_XLATE_OK
									    : V44_XLATE_MISS,
								    "TS %u TID %u", ts, tid);
							check_equal(look(f, 0x10000ffc, V44_STORE,
									 &gpa),
								    mine && ts == ds
									    ? V44_XLATE_OK
									    : V44_XLATE_MISS,
								    "TS %u TID %u", ts, tid);
						}
					}
				}
			}
		}
	}
}

static void each_right_is_asked_for_by_itself(void **state)
{
	static const struct {
		enum v44_access_type type;
		u32 user, supervisor;
	} kinds[] = { { V44_FETCH, UX, SX }, { V44_LOAD, UR, SR }, { V44_STORE, UW, SW } };
	struct fixture *f = *state;
	u32 rights, user, i;
	u64 gpa;

	for (rights = 0; rights < 64; rights++) {
		/* the other attributes have no part in it */
		write_tlb(&f->v, 3, 0, 0x10000010 | TLB_V, 0, rights | (rights & 1 ? 0xff80 : 0));
		for (user = 0; user < 2; user++) {
			f->v.cpu.msr = user * PR;
			for (i = 0; i < ARRAY_SIZE(kinds); i++) {
				u32 need = user ? kinds[i].user : kinds[i].supervisor;

				check_equal(look(f, 0x10000000, kinds[i].type, &gpa),
					    rights & need ? V44_XLATE_OK : V44_XLATE_DENIED,
					    "rights %02x PR %u", rights, user);
			}
		}
	}
}

static void tlbsx_searches_by_mmucr(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	u32 sts, stid, so, record, rb;

	scramble(f, DS);
	write_tlb(&f->v, 7, 5, 0x20001000 | TLB_V | TLB_TS | 0x10, 0, 0);
	write_tlb(&f->v, 8, 0, 0x20004000 | TLB_V | 0x20, 0, SR);
	write_tlb(&f->v, 9, 5, 0x20001000 | TLB_V | 0x10, 0, 0);
	f->v.cpu.gpr[2] = 0x20000000;
	for (sts = 0; sts < 2; sts++) {
		for (stid = 4; stid < 6; stid++) {
			for (so = 0; so < 2; so++) {
				for (record = 0; record < 2; record++) {
					for (rb = 0; rb < 8; rb++) {
						u32 ea = 0x20000000 + rb * 0x1000 + rb;
						int hit = -1;

						if (rb == 1 && stid == 5)
							hit = sts ? 7 : 9;
						else if (rb >= 4 && !sts)
							hit = 8;
						f->v.cpu.gpr[3] = ea - 0x20000000;
						f->v.cpu.mmucr = sts * STS | stid;
						f->v.cpu.xer = so << 31 | 0x60000000;
						f->v.cpu.pid = 9 - stid;
						f->v.cpu.cr = 0xd1234567;
						memcpy(&want, &f->v.cpu, sizeof(want));
						want.gpr[4] = hit;
						want.pc += 4;
						if (record)
							want.cr = 0x01234567 | (hit >= 0) << 29 |
								  so << 28;
						check_equal(
							v44_emulate(&f->v, record ? TLBSX_(4, 2, 3)
										  : TLBSX(4, 2, 3)),
							V44_EMU_DONE, "ea %x", ea);
						check_cpu(&f->v.cpu, &want, "tlbsx");
					}
				}
			}
		}
	}
	/* RA = 0 is no register */
	f->v.cpu.gpr[0] = 0x11111111;
	f->v.cpu.gpr[3] = 0x20004abc;
	f->v.cpu.mmucr = 0;
	f->v.cpu.msr = 0;
	v44_emulate(&f->v, TLBSX_(4, 0, 3));
	assert_int_equal(f->v.cpu.gpr[4], 8);
}

/* Against page sizes in bytes and plain arithmetic */
static bool same_access(const struct v44_tlbe *a, const struct v44_tlbe *b)
{
	u64 size_a = page_bytes(a->word[0] >> 4 & 15), size_b = page_bytes(b->word[0] >> 4 & 15);
	u64 from_a = a->word[0] / size_a * size_a, from_b = b->word[0] / size_b * size_b;

	return (a->word[0] & TLB_TS) == (b->word[0] & TLB_TS) &&
	       (!a->tid || !b->tid || a->tid == b->tid) && from_a < from_b + size_b &&
	       from_b < from_a + size_a;
}

static void overlap_is_symmetric_and_exact(void **state)
{
	static const u32 sizes[] = { 0, 1, 2, 3, 4, 5, 7, 9 };
	struct rng r = { 0 };
	u32 i, found = 0;

	(void)state;
	for (i = 0; i < 200000; i++) {
		struct v44_tlbe a = { 0 }, b = { 0 };

		a.word[0] = (rnd(&r) & 0xfffffc00) | TLB_V | (rnd(&r) & TLB_TS) |
			    sizes[rnd_below(&r, 8)] << 4;
		a.tid = rnd_below(&r, 3);
		b.word[0] = ((a.word[0] ^ 1u << rnd_below(&r, 32)) & 0xfffffd00) | TLB_V |
			    sizes[rnd_below(&r, 8)] << 4;
		b.tid = rnd_below(&r, 3);
		check_equal(v44_tlbe_overlap(&a, &b), same_access(&a, &b), "%08x/%u %08x/%u",
			    a.word[0], a.tid, b.word[0], b.tid);
		check_equal(v44_tlbe_overlap(&b, &a), same_access(&a, &b), "%08x/%u %08x/%u",
			    b.word[0], b.tid, a.word[0], a.tid);
		found += same_access(&a, &b);
	}
	check(found > 10000 && found < 190000, "%u overlaps are no test", found);
}

static void reset_state(void **state)
{
	struct fixture *f = *state;
	struct v44_cpu want;
	u32 i;

	scramble(f, PR | IS | DS);
	f->v.cpu.lines = 7;
	f->v.cpu.tcr = 0x30000000;
	v44_shadow_sid(&f->v);
	memset(&want, 0, sizeof(want));
	want.pvr = 0x12345678;
	want.pc = 0xfffffffc;
	want.timer.tsr_time = f->tb;
	v44_reset(&f->v, 0x12345678);
	check_cpu(&f->v.cpu, &want, "reset");
	assert_true(f->timer_changes > 0);
	assert_int_equal(live_shadows(f), 0);
	for (i = 0; i < ARRAY_SIZE(f->v.sh.sid); i++)
		assert_int_equal(f->v.sh.sid[i], 0);
}

static void reset_vector_has_its_page(void **state)
{
	struct fixture *f = *state;
	u64 gpa;

	v44_boot_tlb(&f->v, 0xfffffffc);
	assert_int_equal(look(f, 0xfffffffc, V44_FETCH, &gpa), V44_XLATE_OK);
	assert_int_equal(gpa, 0xfffffffc);
	assert_int_equal(look(f, 0xfffff000, V44_LOAD, &gpa), V44_XLATE_OK);
	assert_int_equal(look(f, 0xfffff000, V44_STORE, &gpa), V44_XLATE_DENIED);
	assert_int_equal(look(f, 0xffffeffc, V44_FETCH, &gpa), V44_XLATE_MISS);
	f->v.cpu.msr = PR;
	assert_int_equal(look(f, 0xfffffffc, V44_FETCH, &gpa), V44_XLATE_DENIED);
}

static void a_460ex_boots_from_4_fff0_0000(void **state)
{
	struct fixture *f = *state;
	u64 gpa;

	f->v.cpu.pvr = 0x130218a4;
	v44_boot_tlb(&f->v, 0xfffffffc);
	assert_int_equal(look(f, 0xfffffffc, V44_FETCH, &gpa), V44_XLATE_OK);
	assert_true(gpa == 0x4fffffffcull);
}

static void cpus_with_an_fpu_are_exchangeable(void **state)
{
	(void)state;
	assert_true(v44_pvr_known(0x422218d3)); /* 440EP */
	assert_true(v44_pvr_known(0x130218a4)); /* 460EX */
	assert_false(v44_pvr_known(0x51b21894)); /* 440GX */
	assert_false(v44_pvr_known(0));
	assert_false(v44_pvr_known(~0u));
}

static void a_boot_loader_maps_everything_one_to_one(void **state)
{
	struct fixture *f = *state;
	u64 ea, gpa;
	int i;

	f->v.cpu.mmucr = 0xff; /* must not become a TID */
	v44_boot_tlb(&f->v, 0);
	for (ea = 0; ea < 1ull << 32; ea += 0x01234560) {
		for (i = V44_FETCH; i <= V44_STORE; i++) {
			f->v.cpu.msr = 0;
			check_equal(look(f, ea, i, &gpa), V44_XLATE_OK, "%llx", ea);
			check_equal(gpa, ea, "%llx", ea);
			f->v.cpu.msr = PR;
			check_equal(look(f, ea, i, &gpa), V44_XLATE_DENIED, "%llx", ea);
		}
	}
	for (i = 0; i < 16; i++)
		assert_int_equal(f->v.cpu.tlb[i].tid, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_read_back_as_a_440_keeps_them),
		TEST(six_bits_of_ra_select_the_entry),
		TEST(word_numbers_above_two_are_illegal),
		TEST(sizes_cover_what_they_say),
		TEST(an_entry_needs_v_and_its_space_and_process),
		TEST(each_right_is_asked_for_by_itself),
		TEST(tlbsx_searches_by_mmucr),
		TEST(overlap_is_symmetric_and_exact),
		TEST(reset_state),
		TEST(reset_vector_has_its_page),
		TEST(a_460ex_boots_from_4_fff0_0000),
		TEST(cpus_with_an_fpu_are_exchangeable),
		TEST(a_boot_loader_maps_everything_one_to_one),
	};

	return RUN_ALL(tests);
}
