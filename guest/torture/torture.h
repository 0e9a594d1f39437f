/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random guest states and instruction streams, a line of digest for each seed: docs/torture.md.
 *
 * A seed makes address spaces (space.c), two streams of instructions and what the vectors do
 * first (stream.c, of pieces from user.c, access.c and supervisor.c), then runs them, interrupt
 * by interrupt (run.c). Everything that a 440 may do as it likes is left out; what QEMU does
 * wrong is in one table (masks.c).
 */
#ifndef TORTURE_H
#define TORTURE_H

#include "guest.h"

/* --- dice.c: the seed's random numbers --- */

void dice_seed(u32 seed);
u32 dice(void);
u32 below(u32 n);
bool chance(u32 percent);
#define ONE_OF(array) ((array)[below(ARRAY_SIZE(array))])

/* --- space.c: effective addresses and the TLB entries for them --- */

/*
 * Physical memory: the pool that data accesses reach, the streams with some data of their own,
 * and the vectors. An entry of any size that maps one of them maps it at the same offset in a
 * window of 16 MB, which is what makes all entries of a window interchangeable.
 */
#define POOL	      0x00200000
#define POOL_SIZE     0x8000
#define POOL_BEYOND   0x100 /* what an access at the end of the pool can reach */
#define CODE	      0x00210000
#define CODE_SIZE     0x2000
#define CODE_DATA     0x1c00 /* offset of the data in it */
#define VECTORS	      0x00220000
#define VECTOR_SIZE   0x200
#define WINDOW	      0x01000000
#define TORTURE_SLOTS SLOT_UART

struct mapping {
	u32 window; /* its EA */
	u32 slot;
	u32 tid;
	u32 word[3];
};

void space_init(void);
/* PIDs: [0] is 0, [1] to [3] are used as TIDs, [4] is not */
extern u32 space_pid[5];
/* One of those for data */
const struct mapping *space_data_mapping(void);
void space_install(const struct mapping *m, u32 word2);
/* Some entry comes or goes */
void space_disturb(void);
/* One that would give a match, or NULL */
const struct mapping *space_find(u32 ea, u32 ts, u32 pid);
/* An EA for data, bytes aligned to @align; the code's data is no place for reservations */
u32 space_ea(u32 align);
u32 space_pool_ea(u32 align);
/* All may be done there, in any state */
u32 space_easy(void);
/* An EA for tlbsx, and the MMUCR for it: matches of the other address space are not possible */
u32 space_search(u32 *mmucr);
/* Where code at @offset can be executed with this MSR; *pid is changed if it must be */
u32 space_code(u32 offset, u32 msr, u32 *pid);
/* The reverse: offset, or -1 */
u32 space_code_offset(u32 pc);

/* --- stream.c: code --- */

#define USER_STREAM	  0
#define SUPERVISOR_STREAM 1

/* Interrupts that leave no trace come at any time: nothing may be done that shows them. */
extern bool async;
/* MSR[ME], which QEMU's mtmsr cannot change: the same all the time */
extern u32 constant_msr;

u32 random_msr(void);

void streams_make(void);
/* Offset of some piece of a stream; of the first one behind @offset, or of the stream's end */
u32 stream_piece(u32 stream);
u32 stream_next(u32 offset);
bool stream_ends(u32 offset);

/* For those that make pieces */
void emit(u32 word);
void emit_load(u32 reg, u32 value); /* two instructions */
void emit_branch(u32 word); /* forward, to a piece that is to come; a field of 14 or 24 bits */
void emit_address(u32 reg); /* the same address in a register; changes LR, four instructions */
/* Different registers, not r0 */
void pick(u32 *regs, u32 count);

struct piece {
	u32 weight[2]; /* in each of the streams */
	enum {
		STREAM_ONLY,
		VECTOR, /* may stand in a vector, too... */
		VECTOR_ALWAYS, /* ...and never interrupts it */
	} where;
	void (*make)(void);
};

/* The first pages have what a vector found, what it made of that, and how many may still do so */
#define LOW_FUEL	 0x300
#define LOW_FOUND(vec)	 (0x1000 + 0x90 * (vec)) /* GPRs, CR, XER */
#define LOW_RESULTS(vec) (0x2000 + 0x80 * (vec)) /* GPRs */

extern const struct piece user_pieces[], access_pieces[], supervisor_pieces[];
extern const u32 user_piece_count, access_piece_count, supervisor_piece_count;

/* --- masks.c: what QEMU does wrong --- */

enum field {
	FIELD_SRR1,
	FIELD_ESR,
	FIELD_DEAR,
	FIELD_ENTRY_MSR,
};

/* The bits of a field that can be compared after this interrupt; @in_vector: it came in a vector */
u32 mask(u32 vec, enum field field, bool in_vector);

/* --- run.c --- */

/* Prints the line of digest, after a line for each event if @verbose */
void torture(u32 seed, bool verbose);

#endif
