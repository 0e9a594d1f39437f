/* SPDX-License-Identifier: GPL-2.0-only */
/* core/'s environment in a native program */
#ifndef V44_ENV_H
#define V44_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef unsigned long long u64; /* as in the kernel, on every machine */
typedef int16_t s16;
typedef int32_t s32;
typedef long long s64;

#define noinline __attribute__((noinline))

static inline u32 v44_mod(u64 a, u32 b)
{
	return a % b;
}

#endif
