// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes guest TLB and shadows: the input makes the choices of a walk (tlbwe,
 * contexts, accesses, what the host does to pages and hardware slots, which
 * callback fails), whose model checks every answer.
 */
#include "fuzz.h"
#include "walk.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_abort_on_failure();
	walk_start(1);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_limit_time();
	walk_along(data, size);
	return 0;
}
