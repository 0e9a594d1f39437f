/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside a walk: the machine that it goes through (walk_machine.c), what must hold of
 * it at any time (walk_check.c), and the steps (walk.c).
 */
#ifndef WALK_MACHINE_H
#define WALK_MACHINE_H

#include "fixture.h"
#include "walk.h"

#define CPUS	 2
#define HW_SLOTS 12
#define SIDS	 14 /* less than contexts */
#define REGION	 0x10000u /* pages of each of two regions of guest memory, 256 MB */
#define BLOCK	 256u /* pages of 1 MB */
#define ZEROS	 0xff0000000ull /* stands behind a device */
#define MAGIC	 0xfe0000000ull /* magic pages, one a CPU */
#define NO_MAGIC 1u /* no page begins there */
#define NO_SLOT	 64 /* the guest slot that a magic page is of */

enum state {
	HOLE,
	ABSENT,
	READ_ONLY,
	WRITABLE,
};

struct page {
	u32 pfn;
	u8 state;
};

/* What the model knows of a guest TLB entry: the words as written */
struct entry {
	u32 word[3];
	u32 tid;
};

struct context {
	u32 cpu, pid, msr;
};

/* A slot of the hardware TLB, and who the hypervisor believes is in it */
struct slot {
	u32 word[3]; /* word[0] without V: the host's, or nothing */
	u8 tid;
	struct v44_sh_entry *owner;
};

struct machine {
	struct v44 v[CPUS];
	struct v44_counts counts[CPUS];
	struct v44_sh_entry entries[CPUS][V44_SH_ALL], before[V44_SH_ALL];
	struct entry tlb[CPUS][64];
	struct page page[2 * REGION];
	bool block_known[2 * REGION / BLOCK], block_whole[2 * REGION / BLOCK];
	struct slot hw[HW_SLOTS];
	struct context sid[256];
	bool small_pages[CPUS]; /* what the core says of the guest's TLB */
	u32 magic[CPUS]; /* EA of the guest's magic page, or NO_MAGIC */
	struct v44_magic_page magic_page;
	u32 next_sid;
	u32 cpu; /* that runs */
	bool moody; /* callbacks fail now and then */
	bool moaned; /* one did, since this was last false */
	u32 moans; /* and how many, in this access */
	struct rng rng;
	bool led; /* choices come from the input instead */
	const u8 *input, *input_end;
	u32 step;
	struct walk_counts n;
};

extern struct machine *m; /* of the walk under way */

/* A choice of the walk, below @limit or with a chance of one in @n */
u32 below(u32 limit);
bool one_in(u32 n);

/* Host memory: guest page @gfn, which may be a hole */
struct page *page_of(u32 gfn);
void set_page(u32 gfn, u32 pfn, enum state state);
bool run_of(u32 gfn, u32 count);
void make_memory(void);

extern const struct v44_ops walk_ops;

/* The hardware TLB: a shadow is entered somewhere; does a slot match? */
void hw_write(struct v44_sh_entry *e);
bool hw_matches(const struct slot *s, u32 ea, u8 sid);

/* The model of the guest's TLB */
u32 entry_bytes(const struct entry *e);
u64 entry_gpa(const struct entry *e, u32 ea);
bool entries_overlap(const struct entry *a, const struct entry *b);
int model_search(u32 cpu, u32 ea, bool space, u32 pid, bool *several);
bool quarters_are_a_page(u32 cpu, u32 ea, bool space, u32 pid);
/* Is @ea in the magic page of a guest in this state? */
bool is_magic(u32 cpu, u32 ea, u32 msr);

/* What must hold: for the @ea of one shadow, a shadow, the hardware TLB, all tables */
void check_promise(const struct v44_sh_entry *e, u32 ea);
void check_promises(const struct v44_sh_entry *e, bool all);
void check_hardware(void);
void check_tables(void);

#endif
