// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of tier 0 (fast.S), made from core's rows: an instruction or SPR
 * that is not named in fast.h, and whose row says more than "stored in the state",
 * is left to C.
 */
#include <linux/gfp.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include "kvm44x.h"
#include "fast.h"
#include "switch.h"

bool k44x_fast = true;
module_param_named(fast, k44x_fast, bool, 0444);
MODULE_PARM_DESC(fast, "handle frequent exits in the vectors (default: yes)");

struct k44x_tables *k44x_tables[2];

#define FAST_INSN(name)		 { #name, k44x_fast_##name },
#define FAST_WRITE(number, name) { number, k44x_fast_spr_##name },

static const struct {
	const char *name;
	const char *label;
} insns[] = { K44X_FAST_INSNS(FAST_INSN) };

static const struct {
	u32 number;
	const char *label;
} writes[] = { K44X_FAST_WRITES(FAST_WRITE) };

static u32 target(const char *label)
{
	return (u32)k44x_copied(label);
}

static u32 insn_target(const struct v44_insn *row)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(insns); i++) {
		if (!strcmp(row->name, insns[i].name))
			return target(insns[i].label);
	}
	return target(k44x_fast_slow);
}

static u32 write_target(const struct v44_spr *row)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(writes); i++) {
		if (row->number == writes[i].number)
			return target(writes[i].label);
	}
	if (!k44x_fast_stores(row))
		return target(k44x_fast_slow);
	return target(row->mask == ~0u ? k44x_fast_spr_plain : k44x_fast_spr_masked);
}

/* What user code may access does not trap, and is not in the state while the guest runs */
static void enter_spr(const struct v44_spr *row)
{
	u32 raw = (row->number & 31) << 5 | row->number >> 5;
	struct k44x_spr *spr = &k44x_tables[0]->spr[raw];
	u32 offset = offsetof(struct kvm_vcpu_arch, v.cpu) + row->offset;

	if (!row->done || !k44x_spr_traps(row))
		return;
	if (k44x_fast_reads(row))
		spr->read = offset;
	spr->offset = offset;
	spr->mask = row->mask;
	spr->write = write_target(row);
}

/** k44x_fast_init() - after k44x_hw_init(), which says where the code is */
int k44x_fast_init(void)
{
	u32 i, user;

	for (user = 0; user < 2; user++) {
		struct k44x_tables *t = alloc_pages_exact(sizeof(*t), GFP_KERNEL | __GFP_ZERO);

		if (!t) {
			k44x_fast_exit();
			return -ENOMEM;
		}
		k44x_tables[user] = t;
		/* user code has no privileged instructions: C raises the exception */
		for (i = 0; i < 1024; i++) {
			t->insn[i] = target(k44x_fast_slow);
			t->spr[i].write = target(k44x_fast_slow);
		}
	}
	for (i = 0; i < v44_insn_count; i++) {
		if (v44_insns[i].primary == 31)
			k44x_tables[0]->insn[v44_insns[i].extended] = insn_target(&v44_insns[i]);
	}
	for (i = 0; i < v44_spr_count; i++)
		enter_spr(&v44_sprs[i]);
	return 0;
}

void k44x_fast_exit(void)
{
	u32 user;

	for (user = 0; user < 2; user++) {
		if (k44x_tables[user])
			free_pages_exact(k44x_tables[user], sizeof(struct k44x_tables));
	}
}
