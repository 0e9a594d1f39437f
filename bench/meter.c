// SPDX-License-Identifier: GPL-2.0-only
/*
 * meter FILE: runs when nothing else wants to, and looks at the time base without
 * end. A longer gap between two looks is time that the host spent on something
 * else. On SIGTERM it writes to FILE lines "TIME-BASE LOST", both in ticks, LOST
 * being the sum of the gaps so far. So there is no idle time while it runs, which
 * an emulated clock would skip, and what a sleeping VM costs can be counted.
 */
#include <err.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "timebase.h"

#define STEP	400000 /* 1 ms between two samples */
#define SAMPLES 60000
#define LONGEST 40 /* ticks that a look may take by itself */

static volatile sig_atomic_t stop;

static void on_term(int sig)
{
	(void)sig;
	stop = 1;
}

int main(int argc, char **argv)
{
	static uint64_t sample[SAMPLES][2];
	const struct sched_param param = { 0 };
	uint64_t last, now, lost = 0, next;
	unsigned int n = 0, i;
	FILE *f;

	if (argc != 2)
		errx(2, "usage: meter FILE");
	if (sched_setscheduler(0, SCHED_IDLE, &param))
		err(1, "SCHED_IDLE");
	signal(SIGTERM, on_term);
	/* no page fault later */
	for (i = 0; i < SAMPLES; i++)
		sample[i][0] = 1;
	last = timebase();
	next = last;
	while (!stop && n < SAMPLES) {
		now = timebase();
		if (now - last > LONGEST)
			lost += now - last;
		last = now;
		if (now < next)
			continue;
		sample[n][0] = now;
		sample[n++][1] = lost;
		next = now + STEP;
	}
	f = fopen(argv[1], "w");
	if (!f)
		err(1, "%s", argv[1]);
	for (i = 0; i < n; i++)
		fprintf(f, "%llu %llu\n", (unsigned long long)sample[i][0],
			(unsigned long long)sample[i][1]);
	return fclose(f) ? 1 : 0;
}
