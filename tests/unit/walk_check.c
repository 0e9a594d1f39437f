// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must hold at each step of a walk: a naive model of the guest's TLB, written from
 * the manual's sentences, and what shadows and hardware may promise beside it.
 */
#include "walk_machine.h"

/* --- the model of the guest's TLB --- */

u32 entry_bytes(const struct entry *e)
{
	return e->word[0] & TLB_V ? page_bytes(e->word[0] >> 4 & 15) : 0;
}

static bool entry_matches(const struct entry *e, u32 ea, bool space, u32 pid)
{
	u32 bytes = entry_bytes(e);

	return bytes && ea / bytes == e->word[0] / bytes && !(e->word[0] & TLB_TS) == !space &&
	       (e->tid == 0 || e->tid == pid);
}

u64 entry_gpa(const struct entry *e, u32 ea)
{
	u32 bytes = entry_bytes(e);

	return (u64)(e->word[1] & 15) << 32 | e->word[1] / bytes * bytes | ea % bytes;
}

bool entries_overlap(const struct entry *a, const struct entry *b)
{
	u64 size_a = entry_bytes(a), size_b = entry_bytes(b), from_a, from_b;

	if (!size_a || !size_b || ((a->word[0] ^ b->word[0]) & TLB_TS) ||
	    (a->tid && b->tid && a->tid != b->tid))
		return false;
	from_a = a->word[0] / size_a * size_a;
	from_b = b->word[0] / size_b * size_b;
	return from_a < from_b + size_b && from_b < from_a + size_a;
}

/* First match, or -1; *several if it is not the only one (the guest's error) */
int model_search(u32 cpu, u32 ea, bool space, u32 pid, bool *several)
{
	int i, found = -1;

	*several = false;
	for (i = 0; i < 64; i++) {
		if (!entry_matches(&m->tlb[cpu][i], ea, space, pid))
			continue;
		if (found >= 0)
			*several = true;
		else
			found = i;
	}
	return found;
}

/* Do pages of 1 KB around @ea lead to one page of 4 KB, all with the same rights and order? */
bool quarters_are_a_page(u32 cpu, u32 ea, bool space, u32 pid)
{
	const struct entry *first = NULL;
	u32 i, page = ea / 4096 * 4096;
	bool several;

	for (i = 0; i < 4; i++) {
		int slot = model_search(cpu, page + 1024 * i, space, pid, &several);
		const struct entry *e = &m->tlb[cpu][slot < 0 ? 0 : slot];

		if (slot < 0 || entry_bytes(e) != 1024)
			return false;
		if (!first)
			first = e;
		if (entry_gpa(first, page) % 4096 ||
		    entry_gpa(e, page + 1024 * i) != entry_gpa(first, page) + 1024 * i ||
		    ((e->word[2] ^ first->word[2]) & (0x3f | TLB_E)))
			return false;
	}
	return true;
}

bool is_magic(u32 cpu, u32 ea, u32 msr)
{
	return m->magic[cpu] == ea / 4096 * 4096 && !(msr & PR);
}

/* --- invariants --- */

static void check_magic_promise(const struct v44_sh_entry *e, u32 ea)
{
	const struct context *c = &m->sid[v44_sh_sid(e)];

	check(is_magic(c->cpu, ea, c->msr), "ea %x", ea);
	check_equal(e->word[0] >> 4 & 15, 1, "4 KB");
	check_equal(e->word[1], (MAGIC | c->cpu << 12) >> 32 | ((u32)MAGIC | c->cpu << 12), "ea %x",
		    ea);
	check_equal(e->word[2], UR | UW, "rights");
	check_equal(e->gfn, 1 << 24, "behind all pages");
}

/* Everything that @e promises for @ea is what guest and host say */
void check_promise(const struct v44_sh_entry *e, u32 ea)
{
	const struct context *c = &m->sid[v44_sh_sid(e)];
	const struct entry *g = &m->tlb[c->cpu][e->slot % 64];
	bool fetch = e->word[2] & UX, data = e->word[2] & (UR | UW);
	bool split = !(c->msr & IS) != !(c->msr & DS);
	u32 rights, bytes = page_bytes(e->word[0] >> 4 & 15);
	const struct page *p;
	bool several;
	u64 gpa, hpa;

	if (e->slot == NO_SLOT) {
		check_magic_promise(e, ea);
		return;
	}
	check(!is_magic(c->cpu, ea, c->msr), "a shadow of slot %u for the magic page", e->slot);
	if (bytes == 4096 && entry_bytes(g) == 1024) {
		bool space = c->msr & (fetch ? IS : DS);

		check(quarters_are_a_page(c->cpu, ea, space, c->pid), "ea %x", ea);
		g = &m->tlb[c->cpu][model_search(c->cpu, ea, space, c->pid, &several)];
		bytes = 1024;
	}
	check(!(split && fetch && data), "a shadow for both spaces");
	if (fetch)
		check(entry_matches(g, ea, c->msr & IS, c->pid), "ea %x slot %u", ea, e->slot);
	if (data)
		check(entry_matches(g, ea, c->msr & DS, c->pid), "ea %x slot %u", ea, e->slot);
	check((fetch || data) == !e->device, "a shadow without rights");
	if (e->device)
		check(!split && bytes == 4096 && entry_matches(g, ea, c->msr & DS, c->pid),
		      "ea %x slot %u", ea, e->slot);
	check(bytes <= entry_bytes(g), "larger than the guest's");
	rights = c->msr & PR ? g->word[2] & 0x38 : (g->word[2] & 7) << 3;
	check(!(e->word[2] & 0x38 & ~rights), "rights %x of %x", e->word[2], g->word[2]);
	check_equal(e->word[2] & ~0x38u, (fetch ? SR : 0) | (e->device ? 0 : g->word[2] & TLB_E),
		    "attributes");
	gpa = entry_gpa(g, ea);
	p = page_of(gpa >> 12);
	check(e->device ? p->state == HOLE
			: p->state == WRITABLE || (p->state == READ_ONLY && !(e->word[2] & UW)),
	      "page %llx is %u", gpa >> 12, p->state);
	bytes = page_bytes(e->word[0] >> 4 & 15);
	hpa = (u64)(e->word[1] & 15) << 32 | (e->word[1] & 0xfffffc00) | (ea % bytes);
	check_equal(hpa, (e->device ? ZEROS : (u64)p->pfn << 12) | (gpa & 0xfff), "ea %x", ea);
	check_equal(e->gfn, (gpa - ea % bytes) >> 12, "ea %x", ea);
}

void check_promises(const struct v44_sh_entry *e, bool all)
{
	u32 bytes = page_bytes(e->word[0] >> 4 & 15), ea = e->word[0] & 0xfffffc00, i;

	check(bytes && (ea & (bytes - 1)) == 0, "word 0 is %x", e->word[0]);
	check(e->word[0] & TLB_V && e->word[0] & TLB_TS, "word 0 is %x", e->word[0]);
	check_equal(e->mask, ~(bytes - 1) | 0xff, "mask");
	check_equal(e->tag & e->mask & ~0xffu, ea, "tag");
	check(v44_sh_sid(e) >= 1 && v44_sh_sid(e) < m->next_sid, "sid %u", v44_sh_sid(e));
	check_promise(e, ea);
	check_promise(e, ea + bytes - 1);
	check_promise(e, ea + (rnd(&m->rng) & (bytes - 1)));
	for (i = 0; all && i < bytes; i += 4096)
		check_promise(e, ea + i);
}

/* Every step: what the hardware may use right now */
void check_hardware(void)
{
	u32 i, j;

	for (i = 0; i < HW_SLOTS; i++) {
		struct slot *a = &m->hw[i];

		if (a->owner)
			check_equal(a->owner->hw, i, "owner of slot %u", i);
		if (!(a->word[0] & TLB_V))
			continue;
		check(a->owner && !memcmp(a->owner->word, a->word, sizeof(a->word)) &&
			      v44_sh_sid(a->owner) == a->tid,
		      "slot %u holds what no shadow says", i);
		check_promises(a->owner, false);
		for (j = 0; j < i; j++) {
			struct slot *b = &m->hw[j];

			check(!hw_matches(b, a->word[0] & 0xfffffc00, a->tid) &&
				      (!(b->word[0] & TLB_V) ||
				       !hw_matches(a, b->word[0] & 0xfffffc00, b->tid)),
			      "slots %u and %u both match", i, j);
		}
	}
}

static int by_sid_and_ea(const void *a, const void *b)
{
	const struct v44_sh_entry *x = *(const struct v44_sh_entry *const *)a;
	const struct v44_sh_entry *y = *(const struct v44_sh_entry *const *)b;

	if (v44_sh_sid(x) != v44_sh_sid(y))
		return v44_sh_sid(x) - v44_sh_sid(y);
	return x->word[0] < y->word[0] ? -1 : x->word[0] > y->word[0];
}

/* Is @e found for some EA that it covers? */
static bool findable(u32 cpu, const struct v44_sh_entry *e)
{
	u64 ea = e->word[0] & 0xfffff000, end = ea + page_bytes(e->word[0] >> 4 & 15);
	u32 stride = end - ea >= 0x100000 ? 0x100000 : 0x1000;

	for (; ea < end; ea += stride) {
		u32 probe = ea < (e->word[0] & 0xfffffc00) ? e->word[0] & 0xfffffc00 : ea;

		if (v44_shadow_find(&m->v[cpu].sh, v44_sh_sid(e), probe) == e)
			return true;
	}
	return false;
}

/* Now and then: all tables */
void check_tables(void)
{
	static const struct v44_sh_entry *live[CPUS * V44_SH_ALL];
	u64 end = 0, width;
	u32 cpu, slot, i, count = 0;

	for (cpu = 0; cpu < CPUS; cpu++) {
		struct v44_shadow *sh = &m->v[cpu].sh;
		u32 listed = 0, in_use = 0, small = 0;

		for (slot = 0; slot <= NO_SLOT; slot++) {
			u32 prev = V44_SH_NONE, wide = 0;

			for (i = sh->head[slot]; i != V44_SH_NONE; i = sh->entry[i].next) {
				const struct v44_sh_entry *e = &sh->entry[i];

				check(i < V44_SH_ALL && e->tag, "list of slot %u: %u", slot, i);
				check_equal(e->slot, slot, "list of slot %u", slot);
				check_equal(e->prev, prev, "list of slot %u", slot);
				check(listed++ < V44_SH_ALL, "list of slot %u is endless", slot);
				prev = i;
				wide += page_bytes(e->word[0] >> 4 & 15) > 4096;
			}
			check_equal(sh->wide[slot], wide, "slot %u", slot);
		}
		for (i = 0; i < V44_SH_ALL; i++) {
			const struct v44_sh_entry *e = &sh->entry[i];

			if (!e->tag)
				continue;
			in_use++;
			check_promises(e, m->step % 8192 == 0);
			check(findable(cpu, e), "entry %u", i);
			check_equal(m->sid[v44_sh_sid(e)].cpu, cpu, "sid %u", v44_sh_sid(e));
			check(e->hw == V44_HW_NONE || m->hw[e->hw].owner == e, "entry %u", i);
			live[count++] = e;
		}
		check_equal(listed, in_use, "cpu %u", cpu);
		for (slot = 0; slot < 64; slot++)
			small += entry_bytes(&m->tlb[cpu][slot]) == 1024;
		check_equal(m->small_pages[cpu], small > 0, "cpu %u", cpu);
	}
	/* what overlaps is the same */
	qsort(live, count, sizeof(live[0]), by_sid_and_ea);
	for (i = 0; i < count; i++) {
		width = page_bytes(live[i]->word[0] >> 4 & 15);
		if (i && v44_sh_sid(live[i]) == v44_sh_sid(live[i - 1]) &&
		    (live[i]->word[0] & 0xfffffc00) < end)
			check(!memcmp(live[i]->word, live[i - 1]->word, sizeof(live[i]->word)),
			      "%08x and %08x of one context overlap", live[i - 1]->word[0],
			      live[i]->word[0]);
		end = (live[i]->word[0] & 0xfffffc00) + width;
	}
}
