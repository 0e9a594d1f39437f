// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's command line, by the device tree, says what is to be done: "seeds=FIRST,COUNT", or
 * "seeds=FIRST,COUNT,SHOWN" with all events of one of them; "magic", which only a VM has: with the
 * magic page in use, where nothing else is accessed.
 */
#include "torture.h"

#define KVM_MAGIC     0x4b564d21
#define HC_MAGIC_PAGE (42 << 16 | 4)
#define MAGIC_EA      0x0f000000
#define NO_R1	      0x5ca1ab1f /* no section is critical */

/* Tokens of a flattened device tree */
#define FDT_BEGIN_NODE 1
#define FDT_END_NODE   2
#define FDT_PROP       3
#define FDT_NOP	       4

/* Words of its header: where the structure and the strings are */
#define FDT_STRUCTURE 2
#define FDT_STRINGS   3

static bool equal(const char *a, const char *b, u32 length)
{
	return !memcmp(a, b, length);
}

/* The first property of that name, in whichever node; NULL if there is none */
static const char *property(const u32 *fdt, const char *name)
{
	const char *base = (const char *)fdt;
	const u32 *p = (const u32 *)(base + fdt[FDT_STRUCTURE]);

	for (;;) {
		switch (*p++) {
		case FDT_BEGIN_NODE:
			p += strlen((const char *)p) / 4 + 1;
			break;
		case FDT_PROP:
			if (equal(base + fdt[FDT_STRINGS] + p[1], name, strlen(name) + 1))
				return (const char *)(p + 2);
			p += 2 + (p[0] + 3) / 4;
			break;
		case FDT_END_NODE:
		case FDT_NOP:
			break;
		default:
			return NULL;
		}
	}
}

static u32 number(const char **s)
{
	u32 n = 0;

	while (**s >= '0' && **s <= '9')
		n = 10 * n + *(*s)++ - '0';
	return n;
}

/* What is behind the word, or NULL */
static const char *find(const char *args, const char *word)
{
	for (; args && *args; args++)
		if (equal(args, word, strlen(word)))
			return args + strlen(word);
	return NULL;
}

static bool use_magic_page(void)
{
	register u32 r0 asm("r0") = KVM_MAGIC;
	register u32 r3 asm("r3") = MAGIC_EA;
	register u32 r4 asm("r4") = 0;
	register u32 r11 asm("r11") = HC_MAGIC_PAGE;

	asm volatile("sc" : "+r"(r3), "+r"(r4) : "r"(r0), "r"(r11) : "memory");
	if (r3)
		return false;
	((volatile u32 *)MAGIC_EA)[7] = NO_R1;
	return true;
}

void test(void)
{
	const char *line = boot_fdt ? property((const u32 *)boot_fdt, "bootargs") : NULL;
	const char *args = find(line, "seeds=");
	u32 value[3] = { 0, 0, ~0u }, n;

	if (!args) {
		print("no seeds=FIRST,COUNT on the command line\n");
		return;
	}
	if (find(line, "magic") && !use_magic_page()) {
		print("no magic page\n");
		return;
	}
	for (n = 0; n < 3 && *args >= '0' && *args <= '9'; n++) {
		value[n] = number(&args);
		if (*args == ',')
			args++;
	}
	for (n = value[0]; n - value[0] < value[1]; n++)
		torture(n, n == value[2]);
}
