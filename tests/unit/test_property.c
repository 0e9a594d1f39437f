// SPDX-License-Identifier: GPL-2.0-only
/*
 * A long random walk (walk.c).
 *
 * SEED=n and STEPS=n in the environment choose it; a failure prints both.
 */
#include "fixture.h"
#include "walk.h"

static u32 steps, step;

static u32 from_environment(const char *name, u32 value)
{
	const char *s = getenv(name);

	return s ? strtoul(s, NULL, 0) : value;
}

static int start(void **state)
{
	(void)state;
	steps = from_environment("STEPS", 300000);
	walk_start(from_environment("SEED", 1));
	return 0;
}

static int end(void **state)
{
	(void)state;
	if (step < steps)
		print_error("failed at step %u of SEED=%u\n", step, from_environment("SEED", 1));
	walk_end();
	return 0;
}

static void a_long_random_walk(void **state)
{
	const struct walk_counts *n = walk_counts();

	(void)state;
	for (step = 0; step < steps; step++)
		walk_step();
	print_message("filled %u (wide %u) hits %u refills %u missed %u denied %u io %u absent %u ",
		      n->filled, n->wide, n->hits, n->refills, n->missed, n->denied, n->io,
		      n->absent);
	print_message("devices %u split %u double %u dropped %u generations %u ", n->devices,
		      n->split, n->doubles, n->dropped, n->generations);
	print_message("merged %u emulated %u magic %u\n", n->merged, n->emulated, n->magic);
	/* a walk that never came to a place says nothing of it */
	if (steps >= 300000) {
		check(n->filled > 10000 && n->wide > 1000 && n->hits > 10000 && n->refills > 1000,
		      "too little filled");
		check(n->missed > 1000 && n->denied > 1000 && n->io > 100 && n->absent > 100,
		      "too few faults");
		check(n->devices > 100, "too few devices");
		check(n->magic > 1000, "too little magic");
		check(n->merged > 100 && n->emulated > 100, "too few pages of 1 KB");
		check(n->split > 1000 && n->doubles > 100 && n->dropped > 1000 &&
			      n->generations > 100,
		      "too little strife");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_long_random_walk, start, end),
	};

	return RUN_ALL(tests);
}
