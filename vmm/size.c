// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "report.h"
#include "size.h"

#define PAGE 4096

int parse_size(const char *option, const char *value, uint64_t *size)
{
	uint64_t unit = 1 << 20;
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(value, &end, 10);
	switch (toupper((unsigned char)*end)) {
	case 'K':
		unit = 1 << 10;
		end++;
		break;
	case 'M':
		end++;
		break;
	case 'G':
		unit = 1 << 30;
		end++;
		break;
	}
	if (!isdigit((unsigned char)*value) || errno || *end)
		return vm_error("%s: '%s' is not a size: give MiB, or a number with K, M or G",
				option, value);
	if (n > UINT64_MAX / unit)
		return vm_error("%s: '%s' is too much", option, value);
	*size = n * unit;
	if (*size % PAGE)
		return vm_error("%s: '%s' is no multiple of 4 KiB", option, value);
	return 0;
}
