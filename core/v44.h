/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The virtual 440: state and interface of the portable core.
 *
 * The core knows neither kernel nor libc: its environment is v44_env.h, chosen
 * by include path, and whatever it does to the outside goes through struct
 * v44_ops. One struct v44 is one virtual CPU; its user serialises all calls on
 * it (the vCPU mutex in the module).
 */
#ifndef V44_H
#define V44_H

#include "v44_env.h"
#include "arch.h"
#include "debug.h"

/* One guest TLB entry, as tlbre returns it; @tid travels through MMUCR[STID]. */
struct v44_tlbe {
	u32 word[3];
	u32 tid; /* 0..255 */
};

/*
 * Timers. The time base cannot be trapped on a 440, so guest and host share it
 * and all times are in its ticks.
 */
struct v44_timer {
	u64 dec_zero; /* time base at which DEC reaches 0; meaningless unless dec_running */
	u64 tsr_time; /* TSR has what FIT and watchdog did until then */
	u32 dec_running; /* DEC is not 0: it counts */
};

/*
 * Architected state: no pointers, may be copied and saved as it is.
 *
 * SPRs with storage of their own are fields here, found by their row in spr.c.
 */
struct v44_cpu {
	u32 gpr[32];
	u32 pc;
	u32 msr;
	u32 cr;
	u32 xer;
	u32 lr;
	u32 ctr;
	u32 usprg0;
	u32 sprg[8];
	u32 srr[2];
	u32 csrr[2];
	u32 mcsrr[2];
	u32 dear;
	u32 esr;
	u32 mcsr;
	u32 pid;
	u32 mmucr;
	u32 ivpr;
	u32 ivor[V44_IVORS];
	u32 pvr;
	u32 pir;
	u32 decar;
	u32 tcr;
	u32 tsr;
	u32 dbsr;
	u32 dbcr[3];
	u32 iac[4];
	u32 dac[2];
	u32 dvc[2];
	u32 dbdr;
	u32 ccr0;
	u32 ccr1;
	u32 inv[4];
	u32 itv[4];
	u32 dnv[4];
	u32 dtv[4];
	u32 dvlim;
	u32 ivlim;
	u32 rstcfg;
	u32 dcdbtr[2];
	u32 icdbtr[2];
	u32 icdbdr;
	u32 lines; /* input lines that are asserted: V44_LINE_* */
	struct v44_timer timer;
	struct v44_tlbe tlb[V44_TLB_ENTRIES];
	u64 fpr[32];
	u64 fpscr;
};

#define V44_LINE_EXTERNAL 1u
#define V44_LINE_CRITICAL 2u
#define V44_LINE_EDGE	  4u /* external, withdrawn when the guest takes it */

/* The environment may read the time base itself, which costs less than a callback */
#ifndef v44_timebase
#define v44_timebase(v) ((v)->ops->timebase(v))
#endif

/* The environment may define a hook that sees every interrupt taken */
#ifndef v44_trace_interrupt
#define v44_trace_interrupt(v, ivor) ((void)0)
#endif

/*
 * Derived state: shadow translations. A shadow is a hardware TLB entry that is
 * right for one translation context of the guest (IS, DS, PR, PID), which has a
 * shadow PID ("sid", 1..255) of its own. Everything here may be dropped at any
 * time and comes back by misses.
 *
 * An entry lives in one of two tables, by its size: "small" (4 KB to 256 KB, by a
 * hash of one 4 KB page) or "large" (the others, by EA megabyte), in sets of V44_SH_WAYS. One
 * instruction can need three translations at once (its own and two of an
 * operand that crosses a page), so fewer ways could make a guest stand still.
 * All entries made from one guest TLB slot are linked, so that a tlbwe finds
 * what it must take away; so are those of the magic page.
 */
#define V44_SH_WAYS  4
#define V44_SH_SMALL 4096
#define V44_SH_LARGE 256
#define V44_SH_ALL   (V44_SH_SMALL + V44_SH_LARGE)
#define V44_SH_NONE  0xffffu
#define V44_SH_MAGIC V44_TLB_ENTRIES /* the list that is no guest slot's */
#define V44_SH_LISTS (V44_TLB_ENTRIES + 1)
#define V44_CONTEXTS 2048 /* each has another shadow PID for stepping: see debug.h */
#define V44_HW_NONE  0xffu

struct v44_sh_entry {
	u32 tag; /* EPN, or page of the small table, | shadow PID; 0 in an unused entry */
	u32 mask; /* of the tag's bits that must match: the shadow PID's always */
	u32 word[3]; /* for tlbwe */
	u32 gfn; /* first guest page (4 KB units of guest physical address) */
	u16 next; /* in the list of its guest slot */
	u16 prev;
	u8 slot; /* guest TLB slot that it was made from, or V44_SH_MAGIC */
	u8 hw; /* hardware slot it was last written to, or V44_HW_NONE */
	u16 device; /* no memory is there: without rights; 32 bytes, a cache line */
};

struct v44_shadow {
	struct v44_sh_entry *entry; /* V44_SH_ALL of them, memory of the user's */
	u16 head[V44_SH_LISTS]; /* per guest slot */
	u16 wide[V44_SH_LISTS]; /* per guest slot: entries above 4 KB */
	u8 victim[V44_SH_ALL / V44_SH_WAYS]; /* per set: the way to give up next */
	u8 sid[2 * V44_CONTEXTS]; /* by PID | PR << 8 | IS << 9 | DS << 10; 0: none yet */
};

/*
 * Derived state: where in the guest's TLB an EA can be. A bit per slot with a
 * usable entry, by a hash of its EPN. Most entries have 4 KB; the others are
 * known by size and by the 256 MB of EA space that they lie in, so that where
 * there are none one bucket is enough.
 */
struct v44_tlb_index {
	u32 sizes; /* size codes of usable entries that have not 4 KB, a bit each */
	u32 mixed; /* by EA bits 0:3, from the left: entries that have not 4 KB */
	u8 count[16]; /* those entries, by size code */
	u8 segment[16]; /* the same by EA bits 0:3 */
	u32 bucket[64][2]; /* slots 0 to 31, 32 to 63, from the left */
};

/* Facts that the user's statistics want; the core only ever increments them. */
struct v44_counts {
	u64 shadow_made;
	u64 shadow_large;
	u64 unimplemented;
};

/*
 * What the magic page begins with: struct kvm_vcpu_arch_shared of Linux's asm/kvm_para.h,
 * whose names these are but for arrays. What it has for other CPUs stays 0.
 */
struct v44_magic_page {
	u64 scratch[3];
	u64 critical; /* no external or critical interrupts while this is r1 */
	u64 sprg[4];
	u64 srr[2];
	u64 dar; /* DEAR */
	u64 msr;
	u32 dsisr;
	u32 int_pending; /* an interrupt waits for MSR[EE] or MSR[CE] */
	u32 sr[16];
	u32 mas[8];
	u32 esr;
	u32 pir;
	u64 sprg4[4]; /* SPRG4 to SPRG7 */
};

#define V44_MAGIC_BYTES 4096u
#define V44_MAGIC_GPA	(1ull << 36) /* instead of a guest physical address: behind all of them */

/* The guest's magic page: see magic.c */
struct v44_magic {
	u32 ea; /* where, a multiple of its size */
	bool mapped;
	bool used; /* the guest has accessed it: there is a page */
	u64 scratch[3]; /* what the page has that is no register */
	u64 critical;
	struct v44_magic_page *page; /* these two if used */
	u64 hpa;
};

struct v44;

/* What the host says of a guest physical page. */
enum v44_page {
	V44_PAGE_RAM, /* *hpa and *writable are valid */
	V44_PAGE_ABSENT, /* RAM, but the host must be asked for it first, which may sleep */
	V44_PAGE_IO, /* this access goes to the VMM */
	V44_PAGE_DEVICE, /* so does any, until v44_shadow_drop_gfns(); *hpa is a page of zeros */
};

/* Effects on the world. All are called with the vCPU serialised; none but peek may sleep. */
struct v44_ops {
	/* the time base, in ticks; not called where v44_timebase() is the environment's */
	u64 (*timebase)(struct v44 *v);
	/* v44_timer_next() may have changed */
	void (*timer_changed)(struct v44 *v);
	/* the watchdog's last exception: a reset, of the type in TSR[WRS] */
	void (*watchdog)(struct v44 *v);
	/* the guest changed code and said so: drop all its instruction cache lines */
	void (*icache_flush)(struct v44 *v);
	/* a shadow PID that nobody uses, 1..255; may call v44_shadow_reset() on any v44 */
	u8 (*sid_alloc)(struct v44 *v);
	/* make sure that hardware slot e->hw does not hold @e any more */
	void (*hw_drop)(struct v44 *v, struct v44_sh_entry *e);
	/* @gfn: guest physical address >> 12; @write: the access is a store */
	enum v44_page (*page)(struct v44 *v, u32 gfn, bool write, u64 *hpa, bool *writable);
	/*
	 * Are the @count pages from @gfn on (both multiples of a power of two)
	 * present, writable and contiguous in host memory, aligned to their
	 * size, starting at @hpa?
	 */
	bool (*contiguous)(struct v44 *v, u32 gfn, u32 count, u64 *hpa);
	/* the guest's TLB has pages of 1 KB from now on, or has none any more */
	void (*small_pages)(struct v44 *v, bool any);
	/* the aligned word at @gpa as it lies in memory; false where there is no RAM; may sleep */
	bool (*peek)(struct v44 *v, u64 gpa, u32 *word);
	/* debug.active may have changed */
	void (*debug_changed)(struct v44 *v);
	/* what is not done yet, or not to be emulated, was asked for; @name of its row or kind */
	void (*unimplemented)(struct v44 *v, const char *name, u32 insn);
};

/* A DCR access that waits for its answer. */
struct v44_dcr {
	u32 number; /* 0..1023 */
	u32 reg; /* GPR that receives or gives the data */
	bool write;
};

struct v44 {
	struct v44_cpu cpu;
	struct v44_shadow sh;
	struct v44_tlb_index index;
	struct v44_counts *counts; /* the user's */
	struct v44_dcr dcr;
	bool has_1k; /* the user's: the hardware TLB has pages of 1 KB */
	struct v44_magic magic;
	struct v44_debug debug;
	const struct v44_ops *ops;
};

/* reset.c */
void v44_init(struct v44 *v, const struct v44_ops *ops, struct v44_sh_entry *entries,
	      struct v44_counts *counts);
void v44_reset(struct v44 *v, u32 pvr);
bool v44_pvr_known(u32 pvr);
void v44_boot_tlb(struct v44 *v, u32 pc);

/* emulate.c */

/* What became of an instruction. */
enum v44_emu {
	V44_EMU_DONE, /* executed; pc is where to go on */
	V44_EMU_INTERRUPT, /* it raised an interrupt, which has been taken */
	V44_EMU_DCR, /* v->dcr tells the access; answer by v44_dcr_done() */
	V44_EMU_RESET, /* the guest asked for a reset by DBCR0[RST] */
};

enum v44_emu v44_emulate(struct v44 *v, u32 insn);
void v44_dcr_done(struct v44 *v, u32 data);

/* spr.c */

enum v44_spr_access {
	V44_SPR_UR = 1, /* user may read */
	V44_SPR_UW = 2,
	V44_SPR_SR = 4, /* supervisor may read */
	V44_SPR_SW = 8,
};

struct v44_spr {
	u16 number;
	const char *name;
	u8 access; /* enum v44_spr_access */
	bool done; /* false: listed, but behaves as an undefined number */
	u16 offset; /* of its storage in struct v44_cpu */
	u32 mask; /* bits that a write changes */
	u32 (*read)(struct v44 *v, const struct v44_spr *row); /* NULL: the storage */
	enum v44_emu (*write)(struct v44 *v, const struct v44_spr *row,
			      u32 value); /* NULL: the storage */
};

extern const struct v44_spr v44_sprs[];
extern const unsigned int v44_spr_count;
const struct v44_spr *v44_spr_find(u32 number);
u32 *v44_spr_storage(struct v44 *v, const struct v44_spr *row);

/* insn.c */

enum v44_insn_kind {
	V44_INSN_NATIVE, /* executed by the hardware in user state; never emulated */
	V44_INSN_PRIVILEGED, /* emulated by its handler */
	V44_INSN_ACCESS, /* load or store: native on RAM, emulated on I/O */
};

/* Properties of a load or store */
#define V44_ACC_SIZE	0x000fu /* bytes of one element: 1, 2, 4, 8 */
#define V44_ACC_STORE	0x0010u
#define V44_ACC_SIGN	0x0020u /* lha: sign-extend */
#define V44_ACC_SWAP	0x0040u /* byte-reversed */
#define V44_ACC_UPDATE	0x0080u /* RA receives the EA */
#define V44_ACC_INDEXED 0x0100u /* EA = (RA|0) + (RB), else displacement */
#define V44_ACC_MULTI	0x0200u /* lmw, stmw */
#define V44_ACC_FP	0x0400u
#define V44_ACC_STRING	0x0800u
#define V44_ACC_RESERVE 0x1000u /* lwarx, stwcx. */
#define V44_ACC_SINGLE	0x2000u /* lfs, stfs: single precision in memory, double in the FPR */
#define V44_ACC_ICACHE	0x8000u /* icbi: what it invalidates are instructions */
#define V44_ACC_LITTLE	0x4000u /* not the row's: the element's page has TLB attribute E */

struct v44_insn {
	u8 primary; /* bits 0:5 */
	u16 extended; /* bits 21:30, or V44_NO_XO */
	u8 kind; /* enum v44_insn_kind */
	u16 access; /* V44_ACC_* */
	const char *name;
	enum v44_emu (*emulate)(struct v44 *v, u32 insn);
};

#define V44_NO_XO 0xffffu

extern const struct v44_insn v44_insns[];
extern const unsigned int v44_insn_count;
const struct v44_insn *v44_insn_find(u32 insn);

/* access.c */

#define V44_PAGE_LEAST 1024u /* bytes of the smallest page */

/* A load or store under way, piece by piece. */
struct v44_access {
	u64 value; /* bytes that have been loaded of the element under way */
	u32 ea; /* of the next piece */
	u32 update_ea;
	u32 flags; /* V44_ACC_* of its row, and V44_ACC_LITTLE */
	u8 reg; /* GPR or FPR of the element under way */
	u8 ra; /* receives update_ea when all is done, if V44_ACC_UPDATE */
	u8 left; /* bytes to come */
	u8 done; /* bytes of the element under way that are through */
};

enum v44_decoded {
	V44_DECODED_ACCESS, /* @a is filled in */
	V44_DECODED_NOTHING, /* executed: there is nothing to load or store */
	V44_DECODED_INTERRUPT, /* raised an interrupt, which has been taken */
};

bool v44_access_foresee(const struct v44 *v, u32 insn, struct v44_access *a);
u64 v44_access_element(const struct v44 *v, const struct v44_access *a);
u32 v44_access_length(const struct v44_access *a);
enum v44_decoded v44_access_decode(struct v44 *v, u32 insn, struct v44_access *a);
bool v44_access_valid(const struct v44_access *a);
void v44_access_order(const struct v44 *v, struct v44_access *a, int slot);
bool v44_access_translate(struct v44 *v, struct v44_access *a, u64 *gpa);
u32 v44_access_piece(const struct v44_access *a);
u64 v44_access_data(const struct v44 *v, const struct v44_access *a);
bool v44_access_step(struct v44 *v, struct v44_access *a, u64 data);

/* interrupt.c */
void v44_interrupt(struct v44 *v, enum v44_ivor ivor, u32 return_pc);
void v44_program(struct v44 *v, u32 esr, u32 pc);
void v44_storage(struct v44 *v, enum v44_ivor ivor, u32 esr, u32 dear);
void v44_fetch_error(struct v44 *v);
int v44_pending(const struct v44 *v);
u32 v44_pending_msr(const struct v44 *v);
bool v44_deliver(struct v44 *v);
void v44_set_line(struct v44 *v, u32 line, bool level);

/* hypercall.c */
#define V44_HYPERCALL 0x4b564d21u /* in r0 of an sc: "KVM!" */

enum v44_hc {
	V44_HC_NONE, /* a system call */
	V44_HC_DONE,
	V44_HC_IDLE, /* done; the guest has nothing to do until an interrupt is pending */
};

enum v44_hc v44_hypercall(struct v44 *v);

/* magic.c */
void v44_magic_map(struct v44 *v, u32 ea);
void v44_magic_reset(struct v44 *v);
void v44_magic_use(struct v44 *v, struct v44_magic_page *page, u64 hpa);
void v44_magic_show(const struct v44 *v);
void v44_magic_take(struct v44 *v);
bool v44_magic_peek(const struct v44 *v, u32 offset, u32 *word);

/** v44_magic_covers() - is @ea in the magic page, in the guest's present state? */
static inline bool v44_magic_covers(const struct v44 *v, u32 ea)
{
	return v->magic.mapped && !((v->magic.ea ^ ea) & ~(V44_MAGIC_BYTES - 1)) &&
	       !(v->cpu.msr & V44_MSR_PR);
}

/* timer.c */
void v44_timer_update(struct v44 *v);
void v44_timer_write(struct v44 *v, u32 tcr, u32 tsr_clear);
void v44_tsr_change(struct v44 *v, u32 clear, u32 set);
bool v44_timer_next(const struct v44 *v, u64 *tb);
void v44_timer_read(struct v44 *v, u32 *dec, u32 *tsr);
void v44_timer_look(struct v44 *v, u32 *dec, u32 *tsr);
void v44_dec_write(struct v44 *v, u32 value);

/* tlb.c */

enum v44_translation {
	V44_XLATE_OK,
	V44_XLATE_MISS, /* no entry: TLB error */
	V44_XLATE_DENIED, /* an entry without the right: storage interrupt */
};

int v44_tlb_search(const struct v44 *v, u32 ea, u32 ts, u32 pid);
enum v44_translation v44_translate(const struct v44 *v, u32 ea, enum v44_access_type type, u64 *gpa,
				   int *slot);
enum v44_translation v44_locate(const struct v44 *v, u32 ea, enum v44_access_type type, u64 *gpa,
				int *slot);
bool v44_translate_or_raise(struct v44 *v, u32 ea, enum v44_access_type type, u64 *gpa, int *slot);
enum v44_emu v44_emu_tlbwe(struct v44 *v, u32 insn);
enum v44_emu v44_emu_tlbre(struct v44 *v, u32 insn);
enum v44_emu v44_emu_tlbsx(struct v44 *v, u32 insn);
bool v44_tlbe_overlap(const struct v44_tlbe *a, const struct v44_tlbe *b);
void v44_tlb_write(struct v44 *v, u32 slot, u32 ws, u32 value);
void v44_tlb_set(struct v44 *v, u32 slot, const struct v44_tlbe *e);
void v44_tlb_mark(struct v44 *v, u32 ea, bool on);

/* Bytes of a page as a mask of its offset bits; @w0: TLB word 0 */
static inline u32 v44_offset_mask(u32 w0)
{
	return (1024u << (2 * ((w0 & V44_TLB0_SIZE) >> 4))) - 1;
}

/* A valid entry of a size that exists? Others never match (manual 5.3.1). */
static inline bool v44_tlbe_usable(const struct v44_tlbe *e)
{
	return (e->word[0] & V44_TLB0_V) && (V44_SIZES >> ((e->word[0] & V44_TLB0_SIZE) >> 4) & 1);
}

/* shadow.c */

enum v44_fault {
	V44_FAULT_FILLED, /* *out is the shadow to write into the hardware TLB */
	V44_FAULT_MISS, /* the guest's TLB error */
	V44_FAULT_DENIED, /* the guest's storage interrupt */
	V44_FAULT_ABSENT, /* page *gpa must be made present by the host first */
	V44_FAULT_IO, /* *gpa is not RAM: emulate the instruction */
	V44_FAULT_EMULATE, /* the hardware has no such page: emulate a load or store */
	V44_FAULT_MAGIC, /* the first access to the magic page: v44_magic_use() */
};

/** v44_sh_sid() - shadow PID of an entry, 1..255 */
static inline u32 v44_sh_sid(const struct v44_sh_entry *e)
{
	return e->tag & 0xff;
}

/** v44_sh_covers() - is @e, of the tables, the shadow for @ea in the context of @sid (1..255)? */
static inline bool v44_sh_covers(const struct v44_sh_entry *e, u32 sid, u32 ea)
{
	return !((e->tag ^ (ea & V44_TLB0_EPN) ^ sid) & e->mask);
}

/**
 * v44_shadow_device() - is this an access to a device, and allowed?
 * @v: the virtual CPU
 * @e: the shadow for @ea in the present context
 * @ea: effective address of the access
 * @store: else a load
 * @gpa: guest physical address; valid if it is one
 *
 * Return: true for one that v44_shadow_fault() would answer with V44_FAULT_IO.
 */
static inline bool v44_shadow_device(const struct v44 *v, const struct v44_sh_entry *e, u32 ea,
				     bool store, u64 *gpa)
{
	u32 has;

	if (!e->device)
		return false;
	has = v->cpu.tlb[e->slot].word[2];
	if (v->cpu.msr & V44_MSR_PR)
		has >>= 3; /* as in v44_translate() */
	if (!(has & (store ? V44_TLB2_SW : V44_TLB2_SR)))
		return false;
	*gpa = (u64)e->gfn << 12 | (ea & 0xfff);
	return true;
}

u8 v44_shadow_new_sid(struct v44 *v, u32 key);
u8 v44_shadow_step_sid(struct v44 *v);

/* Index in v44_shadow.sid of the present context */
static inline u32 v44_shadow_key(const struct v44 *v)
{
	u32 msr = v->cpu.msr;

	return v->cpu.pid | (msr & V44_MSR_PR) >> 6 | (msr & V44_MSR_IS) << 4 |
	       (msr & V44_MSR_DS) << 6;
}

/**
 * v44_shadow_sid() - shadow PID of the guest's present translation context
 * @v: the virtual CPU
 *
 * May end a generation: all shadows of all virtual CPUs may be gone afterwards.
 *
 * Return: 1..255.
 */
static inline u8 v44_shadow_sid(struct v44 *v)
{
	u32 key = v44_shadow_key(v);
	u8 sid = v->sh.sid[key];

	return sid ? sid : v44_shadow_new_sid(v, key);
}

struct v44_sh_entry *v44_shadow_find(struct v44_shadow *sh, u32 sid, u32 ea);
enum v44_fault v44_shadow_fault(struct v44 *v, u32 ea, enum v44_access_type type,
				struct v44_sh_entry **out, u64 *gpa);
void v44_shadow_drop_slot(struct v44 *v, u32 slot);
void v44_shadow_drop_all(struct v44 *v);
void v44_shadow_drop_gfns(struct v44 *v, u32 first, u32 last);
void v44_shadow_reset(struct v44 *v);

#endif
