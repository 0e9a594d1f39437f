// SPDX-License-Identifier: GPL-2.0-only
#include "torture.h"

static u32 state;

/* Neighbours have nothing in common */
void dice_seed(u32 seed)
{
	u32 n;

	state = (seed + 1) * 0x9e3779b1;
	state ^= state >> 15;
	for (n = 0; n < 4; n++)
		random_u32(&state);
}

u32 dice(void)
{
	return random_u32(&state);
}

u32 below(u32 n)
{
	return (random_u32(&state) >> 4) % n;
}

bool chance(u32 percent)
{
	return below(100) < percent;
}
