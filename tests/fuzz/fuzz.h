/* SPDX-License-Identifier: GPL-2.0-only */
/* What libFuzzer calls, and what the harnesses share. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A check that fails outside a test of cmocka's must end the process by a signal. */
static inline void fuzz_abort_on_failure(void)
{
	setenv("CMOCKA_TEST_ABORT", "1", 1);
}

#endif
