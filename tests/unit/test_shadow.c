// SPDX-License-Identifier: GPL-2.0-only
/* Shadow translations, rule by rule; test_property.c walks through them at random. */
#include "fixture.h"

/* A map of guest memory that a test can spoil; pages are at host address + OFFSET */
static struct {
	u32 io_first, io_last; /* gfns where nothing is */
	u32 absent_first, absent_last;
	u32 ro_first, ro_last;
	u32 broken; /* a gfn whose host page is elsewhere */
	u64 offset; /* host minus guest physical address */
	bool never_contiguous;
	bool slots_change; /* what is not there may be there at the next access */
	unsigned int asked; /* calls of contiguous() */
} map;

static enum v44_page map_page(struct v44 *v, u32 gfn, bool write, u64 *hpa, bool *writable)
{
	bool ro = gfn >= map.ro_first && gfn <= map.ro_last;

	(void)v;
	if (gfn >= map.io_first && gfn <= map.io_last) {
		*hpa = 0x7000;
		return map.slots_change ? V44_PAGE_IO : V44_PAGE_DEVICE;
	}
	if ((gfn >= map.absent_first && gfn <= map.absent_last) || (ro && write))
		return V44_PAGE_ABSENT;
	*hpa = ((u64)gfn << 12) + map.offset + (gfn == map.broken ? 0x5000 : 0);
	*writable = !ro;
	return V44_PAGE_RAM;
}

static bool map_contiguous(struct v44 *v, u32 gfn, u32 count, u64 *hpa)
{
	u64 first, next;
	bool writable;
	u32 i;

	map.asked++;
	check(count > 1 && !(count & (count - 1)) && !(gfn & (count - 1)), "gfn %x count %x", gfn,
	      count);
	if (map.never_contiguous)
		return false;
	if (map_page(v, gfn, true, &first, &writable) != V44_PAGE_RAM ||
	    (first & (((u64)count << 12) - 1)))
		return false;
	for (i = 1; i < count; i++) {
		if (map_page(v, gfn + i, true, &next, &writable) != V44_PAGE_RAM ||
		    next != first + ((u64)i << 12))
			return false;
	}
	check_equal(*hpa, first, "contiguous() is asked about another page than page() gave");
	*hpa = first;
	return true;
}

static int setup_map(void **state)
{
	struct fixture *f;
	int r = setup(state);

	if (r)
		return r;
	f = *state;
	f->ops.page = map_page;
	f->ops.contiguous = map_contiguous;
	memset(&map, 0, sizeof(map));
	map.io_first = map.absent_first = map.ro_first = map.broken = 0xffffffff;
	return 0;
}

#define MAP_TEST(f) cmocka_unit_test_setup_teardown(f, setup_map, teardown)

static struct v44_sh_entry *fill(struct fixture *f, u32 ea, enum v44_access_type type)
{
	struct v44_sh_entry *e = NULL;
	u64 gpa;

	check_equal(v44_shadow_fault(&f->v, ea, type, &e, &gpa), V44_FAULT_FILLED, "ea %x", ea);
	assert_non_null(e);
	check(v44_shadow_find(&f->v.sh, v44_shadow_sid(&f->v), ea) == e, "ea %x", ea);
	return e;
}

static bool has(struct fixture *f, u32 ea)
{
	return v44_shadow_find(&f->v.sh, v44_shadow_sid(&f->v), ea);
}

static u32 size_of(const struct v44_sh_entry *e)
{
	return e->word[0] >> 4 & 15;
}

static void a_fault_says_whose_it_is(void **state)
{
	struct fixture *f = *state;
	struct v44_sh_entry *e = NULL;
	u64 gpa = 0;

	map.slots_change = true;
	map.io_first = 0x100;
	map.io_last = 0x1ff;
	map.absent_first = 0x200;
	map.absent_last = 0x2ff;
	map.ro_first = 0x300;
	map.ro_last = 0x3ff;
	f->v.cpu.msr = 0;
	assert_int_equal(v44_shadow_fault(&f->v, 0x8000, V44_LOAD, &e, &gpa), V44_FAULT_MISS);
	write_tlb(&f->v, 1, 0, 0x00000000 | TLB_V | 0x50, 0, SR | SW);
	write_tlb(&f->v, 2, 0, 0x00100000 | TLB_V | 0x50, 0x00100000, SR | SW);
	write_tlb(&f->v, 3, 0, 0x00200000 | TLB_V | 0x50, 0x00200000, SR | SW);
	write_tlb(&f->v, 4, 0, 0x00300000 | TLB_V | 0x50, 0x00300000, SR | SW);
	assert_int_equal(v44_shadow_fault(&f->v, 0x8000, V44_FETCH, &e, &gpa), V44_FAULT_DENIED);
	assert_int_equal(v44_shadow_fault(&f->v, 0x12345a, V44_LOAD, &e, &gpa), V44_FAULT_IO);
	assert_int_equal(gpa, 0x12345a);
	assert_int_equal(v44_shadow_fault(&f->v, 0x201ffe, V44_LOAD, &e, &gpa), V44_FAULT_ABSENT);
	assert_int_equal(gpa, 0x201ffe);
	assert_int_equal(v44_shadow_fault(&f->v, 0x300000, V44_STORE, &e, &gpa), V44_FAULT_ABSENT);
	assert_int_equal(v44_shadow_fault(&f->v, 0x300000, V44_LOAD, &e, &gpa), V44_FAULT_FILLED);
	assert_int_equal(v44_shadow_fault(&f->v, 0x8123, V44_STORE, &e, &gpa), V44_FAULT_FILLED);
	assert_int_equal(gpa, 0x8123);
	/* the failures cost no shadow PID and left no shadow */
	assert_int_equal(f->sid_allocs, 1);
	assert_int_equal(live_shadows(f), 2);
	assert_int_equal(f->counts.shadow_made, 2);
	assert_int_equal(f->counts.shadow_large, 1);
}

/* Finds the shadow of a device's page, or NULL, after one access */
static struct v44_sh_entry *device_at(struct fixture *f, u32 ea)
{
	struct v44_sh_entry *e;
	u64 gpa = 0;

	check_equal(v44_shadow_fault(&f->v, ea, V44_LOAD, &e, &gpa), V44_FAULT_IO, "ea %x", ea);
	check_equal(gpa, 0x100000 | (ea & 0xfff), "ea %x", ea);
	return v44_shadow_find(&f->v.sh, v44_shadow_sid(&f->v), ea);
}

static void a_device_is_remembered(void **state)
{
	struct fixture *f = *state;
	struct v44_sh_entry *e;
	u64 gpa = 0;

	map.io_first = map.io_last = 0x100;
	f->v.cpu.msr = 0;
	write_tlb(&f->v, 2, 0, 0x00400000 | TLB_V | 0x50, 0x00100000, SR | UW | TLB_E);
	e = device_at(f, 0x40055c);
	assert_non_null(e);
	assert_true(e->device);
	assert_int_equal(e->word[0], 0x00400000 | TLB_V | TLB_TS | 0x10);
	assert_int_equal(e->word[1], 0x7000);
	assert_int_equal(e->word[2], 0);
	assert_true(v44_shadow_device(&f->v, e, 0x400ffe, false, &gpa));
	assert_int_equal(gpa, 0x100ffe);
	/* the rights are those of the guest's state */
	assert_false(v44_shadow_device(&f->v, e, 0x400000, true, &gpa));
	f->v.cpu.msr = PR;
	assert_false(v44_shadow_device(&f->v, e, 0x400000, false, &gpa));
	assert_true(v44_shadow_device(&f->v, e, 0x400000, true, &gpa));
	f->v.cpu.msr = 0;
	/* memory is none */
	assert_false(v44_shadow_device(&f->v, fill(f, 0x401000, V44_LOAD), 0x401000, false, &gpa));

	/* it goes with its guest entry, and when the host says that the page changes */
	v44_shadow_drop_gfns(&f->v, 0x100, 0x100);
	assert_false(has(f, 0x400000));
	assert_non_null(device_at(f, 0x400000));
	write_tlb_word(&f->v, 2, 2, SR | SW);
	assert_false(has(f, 0x400000));
	assert_non_null(device_at(f, 0x400000));
	map.io_first = 0xffffffff;
	v44_shadow_drop_gfns(&f->v, 0x100, 0x100);
	assert_false(fill(f, 0x400000, V44_LOAD)->device);
}

static void a_device_is_not_remembered(void **state)
{
	struct fixture *f = *state;

	map.io_first = map.io_last = 0x100;
	/* of 1 KB, */
	f->v.cpu.msr = 0;
	write_tlb(&f->v, 2, 0, 0x00400000 | TLB_V, 0x00100000, SR);
	assert_null(device_at(f, 0x400000));
	/* where an EA has two meanings, */
	f->v.cpu.msr = DS;
	write_tlb(&f->v, 2, 0, 0x00400000 | TLB_V | TLB_TS | 0x10, 0x00100000, SR);
	assert_null(device_at(f, 0x400000));
	/* and where only this access finds no memory */
	f->v.cpu.msr = IS | DS;
	map.slots_change = true;
	assert_null(device_at(f, 0x400000));
	map.slots_change = false;
	assert_non_null(device_at(f, 0x400000));
}

static void words_of_an_entry(void **state)
{
	struct fixture *f = *state;
	struct v44_sh_entry *e;

	/* 36 bits on both sides; W, I, M, G and U are the host's business, E the guest's */
	map.offset = 0x300000000ull;
	write_tlb(&f->v, 1, 7, 0x12340000 | TLB_V | TLB_TS | 0x10, 0xabcde004, 0xff80 | SR | SW);
	f->v.cpu.pid = 7;
	f->v.cpu.msr = IS | DS;
	e = fill(f, 0x12340abc, V44_LOAD);
	assert_int_equal(e->word[0], 0x12340000 | TLB_V | TLB_TS | 0x10);
	assert_int_equal(e->word[1], 0xabcde007);
	assert_int_equal(e->word[2], TLB_E | UR | UW);
	assert_int_equal(e->mask, 0xfffff0ff);
	assert_int_equal(e->tag & 0xffffff00, 0x12340000);
	assert_int_equal(e->gfn, 0x4abcde);
	assert_int_equal(v44_sh_sid(e), v44_shadow_sid(&f->v));
	assert_int_equal(e->slot, 1);
	assert_int_equal(e->hw, V44_HW_NONE);
}

/* What may be executed is fetched by the hypervisor, too: nothing else is */
static u32 with_reading(u32 rights)
{
	return rights & UX ? rights | SR : rights;
}

/* The guest's supervisor becomes a user; the guest's user never has the supervisor's rights */
static void rights_of_both_states(void **state)
{
	static const u32 need[3][2] = { { SX, UX }, { SR, UR }, { SW, UW } };
	struct fixture *f = *state;
	struct v44_sh_entry *e;
	u32 rights, user, type;
	u64 gpa;

	for (rights = 0; rights < 64; rights++) {
		write_tlb(&f->v, 1, 0, 0x10000000 | TLB_V | 0x10, 0x4000, rights);
		for (user = 0; user < 2; user++) {
			f->v.cpu.msr = user * PR;
			for (type = V44_FETCH; type <= V44_STORE; type++) {
				enum v44_fault want = rights & need[type][user] ? V44_FAULT_FILLED
										: V44_FAULT_DENIED;

				check_equal(v44_shadow_fault(&f->v, 0x10000000, type, &e, &gpa),
					    want, "rights %02x user %u", rights, user);
				if (want != V44_FAULT_FILLED)
					continue;
				check_equal(e->word[2],
					    with_reading(user ? rights & 0x38 : (rights & 7) << 3),
					    "rights %02x user %u", rights, user);
			}
		}
	}
}

static void read_only_pages_are_not_writable(void **state)
{
	struct fixture *f = *state;
	struct v44_sh_entry *e;

	map.ro_first = map.ro_last = 4;
	write_tlb(&f->v, 1, 0, 0x10000000 | TLB_V | 0x20, 0x4000, SR | SW | SX);
	e = fill(f, 0x10000000, V44_LOAD);
	assert_int_equal(e->word[2], UR | UX | SR);
	assert_int_equal(size_of(e), 1);
	/* the host grants it later, without a word */
	map.ro_first = 0xffffffff;
	e = fill(f, 0x10000000, V44_STORE);
	assert_int_equal(e->word[2], UR | UX | UW | SR);
	assert_int_equal(size_of(e), 2);
	assert_int_equal(live_shadows(f), 1);
}

static void every_context_has_a_shadow_pid_of_its_own(void **state)
{
	static const u32 bits[3] = { PR, IS, DS };
	struct fixture *f = *state;
	u8 seen[8 * 30];
	u32 pid, state_bits, i, n = 0;

	for (pid = 0; pid < 240; pid += 8) {
		for (state_bits = 0; state_bits < 8; state_bits++) {
			f->v.cpu.pid = pid;
			f->v.cpu.msr = EE;
			for (i = 0; i < 3; i++)
				f->v.cpu.msr |= state_bits >> i & 1 ? bits[i] : 0;
			seen[n] = v44_shadow_sid(&f->v);
			check(seen[n] != 0, "TID 0 would match in every context");
			for (i = 0; i < n; i++)
				check(seen[i] != seen[n], "pid %u state %u", pid, state_bits);
			n++;
			/* what is not part of the context does not change it */
			f->v.cpu.msr ^= EE | CE | ME | FP | WE | DE;
			check_equal(v44_shadow_sid(&f->v), seen[n - 1], "pid %u", pid);
		}
	}
	assert_int_equal(f->sid_allocs, n);
}

static void contexts_do_not_see_each_other(void **state)
{
	struct fixture *f = *state;
	struct v44_sh_entry *e;

	write_tlb(&f->v, 1, 0, 0x10000000 | TLB_V | 0x10, 0x4000, 0x3f);
	write_tlb(&f->v, 2, 0, 0x10000000 | TLB_V | TLB_TS | 0x10, 0x8000, 0x3f);
	f->v.cpu.msr = 0;
	e = fill(f, 0x10000000, V44_LOAD);
	assert_int_equal(e->word[1], 0x4000);
	f->v.cpu.msr = IS | DS;
	assert_false(has(f, 0x10000000));
	e = fill(f, 0x10000000, V44_LOAD);
	assert_int_equal(e->word[1], 0x8000);
	f->v.cpu.msr = PR;
	assert_false(has(f, 0x10000000));
	f->v.cpu.msr = 0;
	assert_true(has(f, 0x10000000));
	f->v.cpu.pid = 1;
	assert_false(has(f, 0x10000000));
}

/* One large guest entry, supervisor and user: each has its shadow and keeps it */
static void contexts_do_not_drop_each_other(void **state)
{
	struct fixture *f = *state;
	struct v44_sh_entry *kernel, *user;

	write_tlb(&f->v, 1, 0, 0xc0000000 | TLB_V | 0x70, 0, SR | SW | SX | UR);
	f->v.cpu.msr = 0;
	kernel = fill(f, 0xc0000000, V44_STORE);
	f->v.cpu.msr = PR;
	user = fill(f, 0xc0000000, V44_LOAD);
	assert_ptr_not_equal(kernel, user);
	assert_int_equal(user->word[2], UR);
	assert_int_equal(kernel->word[2], UR | UW | UX | SR);
	assert_int_equal(live_shadows(f), 2);
	f->v.cpu.msr = 0;
	assert_true(has(f, 0xc0000000));
}

static void fetches_and_data_apart(void **state)
{
	struct fixture *f = *state;
	struct v44_sh_entry *e;

	write_tlb(&f->v, 1, 0, 0x10000000 | TLB_V | 0x20, 0x4000, 0x3f);
	write_tlb(&f->v, 2, 0, 0x10000000 | TLB_V | TLB_TS | 0x50, 0x100000, 0x3f);
	f->v.cpu.msr = DS;
	e = fill(f, 0x10000000, V44_FETCH);
	assert_int_equal(e->word[2], UX | SR);
	assert_int_equal(e->word[1], 0x4000);
	assert_int_equal(size_of(e), 1);
	e = fill(f, 0x10000000, V44_LOAD);
	assert_int_equal(e->word[2], UR | UW);
	assert_int_equal(e->word[1], 0x100000);
	assert_int_equal(size_of(e), 1);
	assert_int_equal(live_shadows(f), 1); /* never both */
}

/* A 1 KB page to fetch from below a 4 KB page of data: the hardware must not find both */
static void small_pages_apart_do_not_overlap(void **state)
{
	struct fixture *f = *state;

	write_tlb(&f->v, 1, 0, 0x10000400 | TLB_V, 0x4400, 0x3f);
	write_tlb(&f->v, 2, 0, 0x10000000 | TLB_V | TLB_TS | 0x10, 0x8000, 0x3f);
	f->v.cpu.msr = DS;
	fill(f, 0x10000400, V44_FETCH);
	fill(f, 0x10000800, V44_LOAD);
	assert_int_equal(live_shadows(f), 1);
	fill(f, 0x10000400, V44_FETCH);
	assert_int_equal(live_shadows(f), 1);
}

static void four_kilobyte_pages_of_one_kilobyte(void **state)
{
	struct fixture *f = *state;
	struct v44_sh_entry *e;
	u32 i;

	for (i = 0; i < 4; i++)
		write_tlb(&f->v, i, 0, (0x10000000 + 1024 * i) | TLB_V, 0x8000 - 1024 * i, 0x3f);
	for (i = 0; i < 4; i++) {
		e = fill(f, 0x10000010 + 1024 * i, V44_LOAD);
		assert_int_equal(size_of(e), 0);
		assert_int_equal(e->word[1], 0x8000 - 1024 * i);
	}
}

static void the_largest_size_that_all_allow(void **state)
{
	/* guest size, then what a contiguous host makes of it */
	static const u8 sizes[][2] = { { 0, 0 }, { 1, 1 }, { 2, 2 }, { 3, 3 },
				       { 4, 4 }, { 5, 5 }, { 7, 7 }, { 9, 9 } };
	struct fixture *f = *state;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		u32 bytes = page_bytes(sizes[i][0]);
		struct v44_sh_entry *e;

		map.offset = 0;
		write_tlb(&f->v, 1, 0, 0x50000000 | TLB_V | sizes[i][0] << 4, 0xa0000000, 0x3f);
		e = fill(f, 0x50000000 + bytes - 4, V44_LOAD);
		check_equal(size_of(e), sizes[i][1], "contiguous");
		check_equal(e->word[0] & 0xfffffc00, 0x50000000, "EPN");
		check_equal(e->word[1], 0xa0000000, "RPN");
		check_equal(e->gfn, 0xa0000, "gfn");
		v44_shadow_drop_slot(&f->v, 1);

		/* host memory a page off: nothing larger than a page */
		map.offset = 0x1000;
		e = fill(f, 0x50000000 + bytes - 4, V44_LOAD);
		check_equal(size_of(e), sizes[i][1] > 1 ? 1 : sizes[i][1], "off");
		v44_shadow_drop_slot(&f->v, 1);

		/* host memory off by 1 MB or 16 MB */
		map.offset = 0x100000;
		e = fill(f, 0x50000000 + bytes - 4, V44_LOAD);
		check_equal(size_of(e), sizes[i][1] > 5 ? 5 : sizes[i][1], "1 MB off");
		check_equal(e->word[1] + page_bytes(size_of(e)), 0xa0000000 + bytes + 0x100000,
			    "RPN");
		v44_shadow_drop_slot(&f->v, 1);
		map.offset = 0x1000000;
		e = fill(f, 0x50000000 + bytes - 4, V44_LOAD);
		check_equal(size_of(e), sizes[i][1] > 7 ? 7 : sizes[i][1], "16 MB off");
		v44_shadow_drop_slot(&f->v, 1);
	}
}

static void one_bad_page_spoils_only_what_holds_it(void **state)
{
	struct fixture *f = *state;

	write_tlb(&f->v, 1, 0, 0xc0000000 | TLB_V | 0x90, 0, 0x3f);
	map.broken = 0x1234; /* at 0x1234000 */
	assert_int_equal(size_of(fill(f, 0xc1234000, V44_LOAD)), 1);
	assert_int_equal(fill(f, 0xc1234000, V44_LOAD)->word[1], 0x1239000);
	assert_int_equal(size_of(fill(f, 0xc1235000, V44_LOAD)), 1);
	assert_int_equal(size_of(fill(f, 0xc1300000, V44_LOAD)), 5);
	assert_int_equal(size_of(fill(f, 0xc2000000, V44_LOAD)), 7);
	/* so do an absent and a read-only one and a hole */
	map.broken = 0xffffffff;
	map.absent_first = map.absent_last = 0x3456;
	assert_int_equal(size_of(fill(f, 0xc3400000, V44_LOAD)), 1);
	assert_int_equal(size_of(fill(f, 0xc3500000, V44_LOAD)), 5);
	map.ro_first = map.ro_last = 0x4456;
	assert_int_equal(size_of(fill(f, 0xc4400000, V44_LOAD)), 1);
	map.io_first = map.io_last = 0x5456;
	assert_int_equal(size_of(fill(f, 0xc5400000, V44_LOAD)), 1);
}

static void other_guest_entries_keep_a_shadow_small(void **state)
{
	struct fixture *f = *state;

	write_tlb(&f->v, 1, 0, 0xc0000000 | TLB_V | 0x70, 0, 0x3f);
	/* another process, another space: no matter */
	write_tlb(&f->v, 2, 3, 0xc0500000 | TLB_V | TLB_TS | 0x10, 0x9000, 0x3f);
	assert_int_equal(size_of(fill(f, 0xc0000000, V44_LOAD)), 7);
	/* within the same range (the guest's error, but the hardware's undefined behaviour) */
	write_tlb(&f->v, 3, 3, 0xc0500000 | TLB_V | 0x10, 0x9000, 0x3f);
	assert_false(has(f, 0xc0000000));
	assert_int_equal(size_of(fill(f, 0xc0000000, V44_LOAD)), 5);
	assert_int_equal(size_of(fill(f, 0xc0501000, V44_LOAD)), 1);
	/* when it is gone, the small ones make room */
	write_tlb_word(&f->v, 3, 0, 0);
	assert_true(has(f, 0xc0501000));
	assert_int_equal(size_of(fill(f, 0xc0700000, V44_LOAD)), 7);
	assert_int_equal(live_shadows(f), 1);
	assert_true(has(f, 0xc0700000));
}

static void tlbwe_drops_exactly_its_own(void **state)
{
	static const u32 sizes[] = { 0, 1, 2, 3, 4, 5, 7, 9 };
	struct fixture *f = *state;
	u32 i, ws;

	for (ws = 0; ws < 3; ws++) {
		for (i = 0; i < ARRAY_SIZE(sizes); i++)
			write_tlb(&f->v, 10 + i, 0, (0x10000000 * (i + 1)) | TLB_V | sizes[i] << 4,
				  0x10000000 * (i + 1), 0x3f);
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			f->v.cpu.msr = 0;
			fill(f, 0x10000000 * (i + 1), V44_LOAD);
			f->v.cpu.msr = PR;
			fill(f, 0x10000000 * (i + 1), V44_LOAD);
		}
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			u32 live = live_shadows(f);

			/* an invalid slot, and a search and a read, change nothing */
			write_tlb_word(&f->v, 40, ws, 0);
			read_tlb_word(&f->v, 10 + i, ws);
			check_equal(live_shadows(f), live, "slot %u", 10 + i);
			write_tlb_word(&f->v, 10 + i, ws, 0);
			check_equal(live_shadows(f), live - 2, "slot %u word %u", 10 + i, ws);
			f->v.cpu.msr = 0;
			check(!has(f, 0x10000000 * (i + 1)), "slot %u", 10 + i);
			f->v.cpu.msr = PR;
			check(!has(f, 0x10000000 * (i + 1)), "slot %u", 10 + i);
		}
		assert_int_equal(live_shadows(f), 0);
	}
}

static void drop_gfns_is_exact_at_its_ends(void **state)
{
	static const u32 sizes[] = { 0, 1, 2, 3, 4, 5, 7, 9 };
	struct fixture *f = *state;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		u32 pages = (page_bytes(sizes[i]) + 4095) / 4096, first = 0x480000;

		write_tlb(&f->v, 1, 0, 0x50000000 | TLB_V | sizes[i] << 4, 0x80000004, 0x3f);
		fill(f, 0x50000000, V44_LOAD);
		v44_shadow_drop_gfns(&f->v, 0, first - 1);
		v44_shadow_drop_gfns(&f->v, first + pages, 0xffffff);
		check(has(f, 0x50000000), "size %u", sizes[i]);
		v44_shadow_drop_gfns(&f->v, first + pages - 1, first + pages - 1);
		check(!has(f, 0x50000000), "size %u: last page", sizes[i]);
		fill(f, 0x50000000, V44_LOAD);
		v44_shadow_drop_gfns(&f->v, first, first);
		check(!has(f, 0x50000000), "size %u: first page", sizes[i]);
		fill(f, 0x50000000, V44_LOAD);
		v44_shadow_drop_gfns(&f->v, 0, 0xffffff);
		check(!has(f, 0x50000000), "size %u: everything", sizes[i]);
		assert_int_equal(live_shadows(f), 0);
	}
}

/* What hw_drop sees */
static struct {
	u8 hw[V44_TLB_ENTRIES];
	u32 word0[V44_TLB_ENTRIES];
	unsigned int count;
} dropped;

static void note_drop(struct v44 *v, struct v44_sh_entry *e)
{
	(void)v;
	assert_true(dropped.count < V44_TLB_ENTRIES);
	/* still whole: the callee needs slot, tag and address to find it */
	check(e->word[0] & TLB_V, "word 0 is %x", e->word[0]);
	check(v44_sh_sid(e) != 0, "sid 0");
	dropped.hw[dropped.count] = e->hw;
	dropped.word0[dropped.count++] = e->word[0];
	e->hw = V44_HW_NONE;
}

static void the_hardware_is_told_before_an_entry_is_reused(void **state)
{
	struct fixture *f = *state;
	struct v44_sh_entry *e;
	u32 i, n;

	f->ops.hw_drop = note_drop;
	dropped.count = 0;
	/* many pages of one set: more than it has ways */
	write_tlb(&f->v, 1, 0, 0x00000000 | TLB_V | 0x90, 0, 0x3f);
	map.never_contiguous = true;
	for (i = 0; i < 3 * V44_SH_WAYS; i++) {
		/* the hash folds EA bits 12..21 and 22..31 */
		e = fill(f, (i << 12) | (i << 22), V44_LOAD);
		check_equal(e->hw, V44_HW_NONE, "a new entry is nowhere");
		e->hw = i;
	}
	assert_int_equal(live_shadows(f), V44_SH_WAYS);
	assert_int_equal(dropped.count, 2 * V44_SH_WAYS);
	for (i = 0; i < dropped.count; i++) {
		check_equal(dropped.hw[i], i, "oldest first");
		check_equal(dropped.word0[i] & 0xfffff000, (i << 12) | (i << 22), "its EA");
	}
	/* what never was in the hardware is dropped in silence */
	n = dropped.count;
	for (i = 2 * V44_SH_WAYS; i < 3 * V44_SH_WAYS; i++)
		v44_shadow_find(&f->v.sh, v44_shadow_sid(&f->v), (i << 12) | (i << 22))->hw =
			V44_HW_NONE;
	v44_shadow_reset(&f->v);
	assert_int_equal(live_shadows(f), 0);
	assert_int_equal(dropped.count, n);
}

static void three_translations_of_one_instruction_fit(void **state)
{
	struct fixture *f = *state;

	write_tlb(&f->v, 1, 0, 0x00000000 | TLB_V | 0x90, 0, 0x3f);
	map.never_contiguous = true;
	fill(f, 0x00000000, V44_FETCH);
	fill(f, 0x00401ffc, V44_LOAD); /* the same set, and its neighbour */
	fill(f, 0x00802000, V44_LOAD);
	assert_true(has(f, 0x00000000));
	assert_true(has(f, 0x00401ffc));
	assert_true(has(f, 0x00802000));
}

static void reset_forgets_shadow_pids_too(void **state)
{
	struct fixture *f = *state;
	u8 sid;

	write_tlb(&f->v, 1, 0, 0x10000000 | TLB_V | 0x10, 0, 0x3f);
	sid = v44_shadow_sid(&f->v);
	fill(f, 0x10000000, V44_LOAD);
	v44_shadow_reset(&f->v);
	assert_int_equal(live_shadows(f), 0);
	assert_null(v44_shadow_find(&f->v.sh, sid, 0x10000000));
	assert_int_equal(v44_shadow_sid(&f->v), sid + 1);
	assert_int_equal(f->sid_allocs, 2);
}

static u8 generation_ends(struct v44 *v)
{
	v44_shadow_reset(v);
	return 1;
}

/* All shadow PIDs run out in the middle of a fault */
static void a_generation_may_end_during_a_fault(void **state)
{
	struct fixture *f = *state;
	struct v44_sh_entry *e;

	write_tlb(&f->v, 1, 0, 0x10000000 | TLB_V | 0x10, 0x4000, 0x3f);
	write_tlb(&f->v, 2, 0, 0x10001000 | TLB_V | 0x10, 0x5000, 0x3f);
	fill(f, 0x10000000, V44_LOAD);
	f->ops.sid_alloc = generation_ends;
	f->v.cpu.pid = 1;
	e = fill(f, 0x10001000, V44_LOAD);
	assert_int_equal(v44_sh_sid(e), 1);
	assert_int_equal(e->word[1], 0x5000);
	assert_int_equal(live_shadows(f), 1);
	f->v.cpu.pid = 0; /* the old context starts anew, too */
	assert_int_equal(v44_shadow_sid(&f->v), 1);
	assert_int_equal(live_shadows(f), 0);
}

/* Large and small must not meet even if contiguous() changes its mind */
static void a_contiguity_that_comes_and_goes(void **state)
{
	static const u32 sizes[] = { 2, 3, 4, 5, 7, 9 };
	struct fixture *f = *state;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		u32 bytes = page_bytes(sizes[i]);

		write_tlb(&f->v, 1, 0, 0x50000000 | TLB_V | sizes[i] << 4, 0x80000000, 0x3f);
		map.never_contiguous = false;
		fill(f, 0x50000000, V44_LOAD);
		fill(f, 0x50000000 + bytes - 4, V44_LOAD);
		map.never_contiguous = true;
		fill(f, 0x50000000 + bytes / 2, V44_LOAD);
		check(!has(f, 0x50000000), "size %u", sizes[i]);
		check(!has(f, 0x50000000 + bytes - 4), "size %u", sizes[i]);
		check_equal(live_shadows(f), 1, "size %u", sizes[i]);
		map.never_contiguous = false;
		fill(f, 0x50000000 + bytes - 4, V44_LOAD);
		check_equal(live_shadows(f), 1, "size %u", sizes[i]);
	}
}

static void sizes_cost_no_questions_when_they_cannot_be(void **state)
{
	struct fixture *f = *state;

	write_tlb(&f->v, 1, 0, 0x10000000 | TLB_V | 0x10, 0x4000, 0x3f);
	fill(f, 0x10000000, V44_LOAD);
	assert_int_equal(map.asked, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MAP_TEST(a_fault_says_whose_it_is),
		MAP_TEST(a_device_is_remembered),
		MAP_TEST(a_device_is_not_remembered),
		MAP_TEST(words_of_an_entry),
		MAP_TEST(rights_of_both_states),
		MAP_TEST(read_only_pages_are_not_writable),
		MAP_TEST(every_context_has_a_shadow_pid_of_its_own),
		MAP_TEST(contexts_do_not_see_each_other),
		MAP_TEST(contexts_do_not_drop_each_other),
		MAP_TEST(fetches_and_data_apart),
		MAP_TEST(small_pages_apart_do_not_overlap),
		MAP_TEST(four_kilobyte_pages_of_one_kilobyte),
		MAP_TEST(the_largest_size_that_all_allow),
		MAP_TEST(one_bad_page_spoils_only_what_holds_it),
		MAP_TEST(other_guest_entries_keep_a_shadow_small),
		MAP_TEST(tlbwe_drops_exactly_its_own),
		MAP_TEST(drop_gfns_is_exact_at_its_ends),
		MAP_TEST(the_hardware_is_told_before_an_entry_is_reused),
		MAP_TEST(three_translations_of_one_instruction_fit),
		MAP_TEST(reset_forgets_shadow_pids_too),
		MAP_TEST(a_generation_may_end_during_a_fault),
		MAP_TEST(a_contiguity_that_comes_and_goes),
		MAP_TEST(sizes_cost_no_questions_when_they_cannot_be),
	};

	return RUN_ALL(tests);
}
