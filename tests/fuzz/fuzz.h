/* SPDX-License-Identifier: GPL-2.0-only */
/* What libFuzzer calls, and what the harnesses share. */
#ifndef FUZZ_H
#define FUZZ_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/time.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A check that fails outside a test of cmocka's must end the process by a signal. */
static inline void fuzz_abort_on_failure(void)
{
	setenv("CMOCKA_TEST_ABORT", "1", 1);
}

#define FUZZ_CPU_SECONDS 20

static inline void fuzz_hangs(int sig)
{
	(void)sig;
	abort();
}

/*
 * First thing for each input: one that takes more CPU time than that has failed.
 * libFuzzer's own limit is of the clock on the wall, which a busy machine exceeds.
 */
static inline void fuzz_limit_time(void)
{
	const struct itimerval limit = { .it_value.tv_sec = FUZZ_CPU_SECONDS };

	signal(SIGVTALRM, fuzz_hangs);
	setitimer(ITIMER_VIRTUAL, &limit, NULL);
}

#endif
