// SPDX-License-Identifier: GPL-2.0-only
/*
 * A walk through guest TLB, contexts, host memory and hardware TLB, with every
 * answer compared with a naive model.
 *
 * Two virtual CPUs share one hardware TLB of a few slots, too few shadow PIDs,
 * and one memory map, which the host changes; the host also overwrites hardware
 * slots without a word, and callbacks fail when they may. The model is written
 * from the manual's sentences, and knows nothing of shadows.
 */
#include "walk_machine.h"

/* For checks that would take too long each time; not a choice of the walk */
static bool seldom(u32 n)
{
	return !rnd_below(&m->rng, n);
}

/* --- the steps --- */

/* Few hot places, so that things meet */
static u32 some_ea(void)
{
	static const u32 bases[] = { 0x00000000, 0x10000000, 0xc0000000 };
	static const u32 spans[] = { 0x2000, 0x20000, 0x400000, 0x10000000 };

	/* pages whose hashes are one, so that a set overflows */
	if (one_in(6))
		return bases[below(3)] + below(12) * 0x401000 + below(0x1000);
	return bases[below(3)] + below(spans[below(4)]);
}

/* An address that some entry covers, as likely as not */
static u32 covered_ea(const struct entry **cover)
{
	const struct entry *e = &m->tlb[m->cpu][below(10)];
	u32 bytes = entry_bytes(e);

	*cover = e;
	return bytes ? (e->word[0] & ~(bytes - 1)) + below(bytes) : some_ea();
}

/* The size that guest, neighbours and host allow, by trying all */
static u32 best_size(u32 cpu, int slot, u32 ea, u64 gpa)
{
	static const u32 sizes[] = { 9, 7, 5, 4, 3, 2 };
	const struct entry *g = &m->tlb[cpu][slot];
	u32 guest = g->word[0] >> 4 & 15, i, j;

	for (i = 0; i < ARRAY_SIZE(sizes) && guest > 1; i++) {
		u32 size = sizes[i], bytes = page_bytes(size);
		struct entry part = *g;

		/* below 1 MB: the guest's own size or 4 KB */
		if (size > guest || (size < 5 && size != guest))
			continue;
		if (!run_of((gpa & ~(u64)(bytes - 1)) >> 12, bytes / 4096))
			continue;
		part.word[0] = ea / bytes * bytes | (g->word[0] & TLB_TS) | TLB_V | size << 4;
		if (m->magic[cpu] / bytes == ea / bytes && m->magic[cpu] != NO_MAGIC)
			continue;
		for (j = 0; j < 64; j++) {
			if ((int)j != slot && entries_overlap(&part, &m->tlb[cpu][j]))
				break;
		}
		if (j == 64)
			return size;
	}
	if (guest < 1)
		return quarters_are_a_page(cpu, ea, g->word[0] & TLB_TS, m->v[cpu].cpu.pid);
	return 1;
}

static u32 needed_right(u32 msr, enum v44_access_type type)
{
	u32 user = type == V44_FETCH ? UX : type == V44_LOAD ? UR : UW;

	return msr & PR ? user : user >> 3;
}

/* Somewhere else, gone, or not: where some entry is, too, as likely as not */
static void magic_step(void)
{
	struct v44 *v = &m->v[m->cpu];
	const struct entry *cover;

	if (one_in(4)) {
		v44_magic_reset(v);
		m->magic[m->cpu] = NO_MAGIC;
		return;
	}
	m->magic[m->cpu] = (one_in(4) ? some_ea() : covered_ea(&cover)) / 4096 * 4096;
	v44_magic_map(v, m->magic[m->cpu] + below(4096));
}

/* The guest's magic page has a shadow, or is made */
static void check_magic_filled(const struct v44 *v, const struct v44_sh_entry *e, u32 ea)
{
	check_equal(e->slot, NO_SLOT, "ea %x", ea);
	check_equal(v44_sh_sid(e), v->sh.sid[v44_shadow_key(v)], "of this context");
	check_promises(e, false);
	m->n.magic++;
}

static void access_step(void)
{
	static const u32 hw_right[3] = { UX, UR, UW };
	struct v44 *v = &m->v[m->cpu];
	const struct entry *cover;
	u32 ea = one_in(16)  ? m->magic[m->cpu] + below(4096)
		 : one_in(2) ? covered_ea(&cover)
			     : some_ea();
	u32 msr = v->cpu.msr, i, tries;
	enum v44_access_type type = below(3);
	bool split = !(msr & IS) != !(msr & DS), magic = is_magic(m->cpu, ea, msr), several;
	int slot =
		model_search(m->cpu, ea, msr & (type == V44_FETCH ? IS : DS), v->cpu.pid, &several);
	bool allowed = slot >= 0 && (m->tlb[m->cpu][slot].word[2] & needed_right(msr, type));
	u64 gpa = allowed ? entry_gpa(&m->tlb[m->cpu][slot], ea) : 0, got_gpa;

	if (magic) {
		slot = NO_SLOT;
		allowed = type != V44_FETCH;
		several = false;
	}

	m->moans = 0;
	m->n.doubles += several;
	m->n.split += split;
	for (tries = 0; tries < 100; tries++) {
		u8 sid = v44_shadow_sid(v);
		struct v44_sh_entry *e = NULL;
		struct slot *hit = NULL;
		struct page *p;

		for (i = 0; i < HW_SLOTS; i++) {
			if (!hw_matches(&m->hw[i], ea, sid))
				continue;
			check(!hit, "the hardware finds two entries for %x", ea);
			hit = &m->hw[i];
		}
		if (hit && (hit->word[2] & hw_right[type])) {
			/* the guest goes on: it must have been right to */
			check_promise(hit->owner, ea);
			check(slot >= 0 && (allowed || several), "ea %x", ea);
			m->n.hits++;
			return;
		}
		if (hit && type != V44_FETCH && hit->owner->device) {
			bool device =
				v44_shadow_device(v, hit->owner, ea, type == V44_STORE, &got_gpa);

			check(device == allowed || several, "ea %x", ea);
			check(!device || several || got_gpa == gpa, "ea %x", ea);
			m->n.devices += device;
			if (device)
				return;
		}
		if (!hit) {
			e = v44_shadow_find(&v->sh, sid, ea);
			if (e) {
				m->n.refills++;
				hw_write(e);
				continue;
			}
		}
		m->moaned = false;
		switch (v44_shadow_fault(v, ea, type, &e, &got_gpa)) {
		case V44_FAULT_MISS:
			check(slot < 0, "ea %x", ea);
			m->n.missed++;
			return;
		case V44_FAULT_DENIED:
			check(slot >= 0 && !allowed, "ea %x", ea);
			m->n.denied++;
			return;
		case V44_FAULT_IO:
			check(!magic && allowed && page_of(gpa >> 12)->state == HOLE, "ea %x", ea);
			check_equal(got_gpa, gpa, "ea %x", ea);
			m->n.io++;
			return;
		case V44_FAULT_EMULATE:
			check(!magic && allowed && !v->has_1k &&
				      best_size(m->cpu, slot, ea, gpa) == 0,
			      "ea %x", ea);
			check_equal(got_gpa, gpa, "ea %x", ea);
			m->n.emulated++;
			return;
		case V44_FAULT_MAGIC:
			check(magic && allowed && !v->magic.used, "ea %x", ea);
			v44_magic_use(v, &m->magic_page, MAGIC | m->cpu << 12);
			break;
		case V44_FAULT_ABSENT:
			check(!magic && allowed, "ea %x", ea);
			check_equal(got_gpa, gpa, "ea %x", ea);
			p = page_of(gpa >> 12);
			check(m->moaned || p->state == ABSENT ||
				      (p->state == READ_ONLY && type == V44_STORE),
			      "page %llx is %u", gpa >> 12, p->state);
			m->n.absent++;
			/* the host brings it, or grants writing: nobody is told */
			if (p->state == ABSENT)
				set_page(gpa >> 12, p->pfn, below(2) ? READ_ONLY : WRITABLE);
			else if (type == V44_STORE)
				set_page(gpa >> 12, p->pfn, WRITABLE);
			break;
		case V44_FAULT_FILLED:
			check(allowed, "ea %x", ea);
			if (magic) {
				check_magic_filled(v, e, ea);
				hw_write(e);
				break;
			}
			check_equal(got_gpa, gpa, "ea %x", ea);
			check(e->word[2] & hw_right[type], "filled without the right");
			check_equal(e->slot, slot, "ea %x", ea);
			check_equal(e->hw, V44_HW_NONE, "a new entry is nowhere");
			check_equal(v44_sh_sid(e), v44_shadow_sid(v), "of this context");
			check(v44_shadow_find(&v->sh, v44_sh_sid(e), ea) == e, "ea %x", ea);
			check(v->has_1k || e->word[0] & 0xf0, "a page of 1 KB");
			if (!m->moaned) {
				u32 best = best_size(m->cpu, slot, ea, gpa);

				if (split && best > 1)
					best = 1;
				check_equal(e->word[0] >> 4 & 15, best, "ea %x slot %d", ea, slot);
			}
			check_promises(e, seldom(64));
			m->n.filled++;
			m->n.merged += page_bytes(e->word[0] >> 4 & 15) >
				       entry_bytes(&m->tlb[m->cpu][slot]);
			m->n.wide += page_bytes(e->word[0] >> 4 & 15) > 4096;
			hw_write(e);
			break;
		}
	}
	check(false, "ea %x: the guest stands still", ea);
}

static void tlbwe(u32 slot, u32 ws, u32 value)
{
	struct v44 *v = &m->v[m->cpu];
	struct entry *g = &m->tlb[m->cpu][slot];
	bool look = seldom(8);
	u32 i;

	if (look)
		memcpy(m->before, m->entries[m->cpu], sizeof(m->before));
	write_tlb_word(v, slot, ws, value);
	g->word[ws] = value;
	if (ws == 0)
		g->tid = v->cpu.mmucr & 0xff;
	if (!look)
		return;
	/* of the others, only what the new entry overlaps may have lost its shadows */
	for (i = 0; i < V44_SH_ALL; i++) {
		const struct v44_sh_entry *was = &m->before[i], *is = &m->entries[m->cpu][i];

		if (!was->tag) {
			check(!is->tag, "tlbwe made a shadow");
			continue;
		}
		if (was->slot == slot)
			check(!is->tag, "slot %u was written", slot);
		else if (was->slot == NO_SLOT)
			check(was->tag == is->tag, "a tlbwe has to do with the magic page");
		else if (entry_bytes(&m->tlb[m->cpu][was->slot]) != 1024 &&
			 (ws != 0 || !entries_overlap(g, &m->tlb[m->cpu][was->slot])))
			check(was->tag == is->tag, "slot %u lost a shadow by a tlbwe to %u",
			      was->slot, slot);
	}
}

static u32 some_word0(void)
{
	static const u8 common[] = { 0, 1, 1, 1, 2, 3, 4, 5, 5, 7, 7, 9 };
	u32 size = one_in(10) ? below(16) : common[below(sizeof(common))];
	u32 bytes = page_bytes(size), ea = some_ea();

	if (bytes && !one_in(8))
		ea &= ~(bytes - 1);
	return (ea & 0xfffffc00) | (one_in(5) ? 0 : TLB_V) | (one_in(3) ? TLB_TS : 0) | size << 4;
}

static u32 some_word1(void)
{
	/* both regions, their neighbourhood, and beyond all memory */
	return (below(0x11000000) & 0xfffffc00) | (one_in(12) ? 2 : below(2));
}

static u32 some_word2(void)
{
	return one_in(3) ? below(0x10000) & 0xffbf : 0x3f;
}

/* Entries that @slot's new word 0 would overlap go, of the first @count slots */
static void clear_overlapped(u32 slot, u32 w0, u32 count)
{
	struct entry n = { { w0, 0, 0 }, m->v[m->cpu].cpu.mmucr };
	u32 i;

	for (i = 0; i < count; i++) {
		if (i != slot && entries_overlap(&n, &m->tlb[m->cpu][i]))
			tlbwe(i, 0, m->tlb[m->cpu][i].word[0] & ~TLB_V);
	}
}

/* A page of 4 KB in four parts, of which one may be missing, be elsewhere, or have other rights */
static void quarters_step(void)
{
	u32 ea = some_ea() & 0xfffff000, w1 = some_word1() & 0xfffff00f, w2 = some_word2();
	u32 ts = one_in(3) ? TLB_TS : 0, odd = below(8), kind = below(4), i;

	m->v[m->cpu].cpu.mmucr = one_in(2) ? 0 : below(4);
	clear_overlapped(64, ea | TLB_V | ts | 0x10, 64);
	for (i = 0; i < 4; i++) {
		bool is_odd = i == odd;

		tlbwe(4 + i, 1, (w1 | 1024 * i) ^ (is_odd && kind == 0 ? 0x400u << below(12) : 0));
		tlbwe(4 + i, 2, w2 ^ (is_odd && kind == 1 ? 1u << below(8) : 0));
		if (!is_odd || kind != 2)
			tlbwe(4 + i, 0, ea | 1024 * i | TLB_V | ts);
	}
}

/* As a guest does: word 0 first or last, sometimes a single word; MMUCR before */
static void tlbwe_step(void)
{
	struct v44 *v = &m->v[m->cpu];
	u32 slot = below(one_in(4) ? 64 : 10), w0 = some_word0();
	const struct entry *cover;
	u32 cleared = one_in(16) ? 64 : below(32);

	if (one_in(12)) {
		quarters_step();
		return;
	}
	v->cpu.mmucr = one_in(2) ? 0 : below(4);
	/* a page out of the middle of an entry, which keeps its own shadows elsewhere */
	if (one_in(8)) {
		w0 = covered_ea(&cover) & 0xfffff000;
		w0 |= (cover->word[0] & TLB_TS) | TLB_V | 0x10;
		cleared = 0;
	}
	/* mostly keep from the guest's error of two matches, or large entries never live */
	clear_overlapped(slot, w0, cleared);
	switch (below(5)) {
	case 0:
		tlbwe(slot, 0, 0);
		break;
	case 1:
		tlbwe(slot, 0, w0);
		tlbwe(slot, 1, some_word1());
		tlbwe(slot, 2, some_word2());
		break;
	case 2:
		tlbwe(slot, 1, some_word1());
		tlbwe(slot, 2, some_word2());
		tlbwe(slot, 0, w0);
		break;
	case 3:
		tlbwe(slot, 1, some_word1());
		break;
	case 4:
		tlbwe(slot, 2, some_word2());
		break;
	}
}

/* The host takes pages away or replaces them, and says so */
static void notifier_step(void)
{
	u32 count = one_in(8) ? below(0x1200) + 1 : below(4) + 1;
	u32 first = below(REGION - count) + (one_in(3) ? 0x100000 : 0), last = first + count - 1;
	u32 cpu, i, gfn, kind = below(4);

	for (cpu = 0; cpu < CPUS; cpu++) {
		memcpy(m->before, m->entries[cpu], sizeof(m->before));
		v44_shadow_drop_gfns(&m->v[cpu], first, last);
		for (i = 0; i < V44_SH_ALL; i++) {
			const struct v44_sh_entry *was = &m->before[i], *is = &m->entries[cpu][i];
			u32 bytes = page_bytes(was->word[0] >> 4 & 15);
			bool hit = was->gfn <= last &&
				   was->gfn + (bytes > 4096 ? bytes / 4096 : 1) > first;

			if (was->tag)
				check_equal(!is->tag, hit, "gfns %x to %x, shadow of %x", first,
					    last, was->gfn);
		}
	}
	for (gfn = first; gfn <= last; gfn++) {
		struct page *p = page_of(gfn);

		switch (kind) {
		case 0:
			if (p->state != HOLE)
				set_page(gfn, p->pfn, ABSENT);
			break;
		case 1:
			if (p->state == WRITABLE)
				set_page(gfn, p->pfn, READ_ONLY);
			break;
		case 2:
			set_page(gfn, below(0xffffff), WRITABLE);
			break;
		case 3: /* one run again, at its own address */
			set_page(gfn, gfn & 0xffffff, WRITABLE);
			break;
		}
	}
}

/* The host puts a run of 16 MB back, so that large pages do not die out */
static void heal_step(void)
{
	u32 first = below(REGION / 0x1000) * 0x1000 + (one_in(2) ? 0x100000 : 0), i, cpu;

	for (cpu = 0; cpu < CPUS; cpu++)
		v44_shadow_drop_gfns(&m->v[cpu], first, first + 0xfff);
	for (i = 0; i < 0x1000; i++)
		set_page(first + i, 0x200000 + first + i, WRITABLE);
}

static void host_overwrites_step(void)
{
	struct slot *s = &m->hw[below(HW_SLOTS)];

	s->word[0] = 0; /* AS = 0: never matches the guest; the owner is not told */
}

static void context_step(void)
{
	struct v44_cpu *cpu = &m->v[m->cpu].cpu;

	switch (below(4)) {
	case 0:
		write_spr(&m->v[m->cpu], SPR_PID, below(4));
		break;
	case 1:
		cpu->msr ^= PR;
		break;
	case 2: /* mostly IS = DS */
		cpu->msr &= ~(IS | DS);
		cpu->msr |= one_in(4) ? (below(4) << 4) : one_in(2) ? IS | DS : 0;
		break;
	case 3:
		m->cpu = below(CPUS);
		break;
	}
}

void walk_start(u64 seed)
{
	u32 i;

	m = calloc(1, sizeof(*m));
	check(m, "no memory");
	m->rng.state = seed;
	m->next_sid = 1;
	make_memory();
	for (i = 0; i < CPUS; i++) {
		v44_init(&m->v[i], &walk_ops, m->entries[i], &m->counts[i]);
		v44_reset(&m->v[i], 0);
		m->v[i].has_1k = i;
		m->magic[i] = NO_MAGIC;
	}
}

void walk_end(void)
{
	free(m);
}

void walk_step(void)
{
	u32 dice = below(1000);

	m->step++;
	if (dice < 700)
		access_step();
	else if (dice < 800)
		tlbwe_step();
	else if (dice < 930)
		context_step();
	else if (dice < 978)
		host_overwrites_step();
	else if (dice < 980)
		magic_step();
	else if (dice < 994)
		notifier_step();
	else if (dice < 996)
		heal_step();
	else if (dice < 997)
		v44_shadow_drop_slot(&m->v[m->cpu], below(65));
	else if (dice < 998)
		m->moody = !m->moody;
	else if (dice < 999 && one_in(10))
		v44_shadow_reset(&m->v[m->cpu]);
	check_hardware();
	if (m->step % 128 == 0)
		check_tables();
}

void walk_along(const u8 *input, size_t size)
{
	static struct machine *start;

	if (!start) {
		start = malloc(sizeof(*start));
		check(start, "no memory");
		*start = *m;
	}
	*m = *start;
	m->led = true;
	m->input = input;
	m->input_end = input + size;
	while (m->input < m->input_end)
		walk_step();
	check_tables();
}

const struct walk_counts *walk_counts(void)
{
	return &m->n;
}
