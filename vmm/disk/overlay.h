/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A disk whose image is only read: what the guest writes goes to a second, sparse file. Its
 * format, docs/overlay.md:
 *
 *     0              struct overlay_header
 *     OVERLAY_BITMAP bitmap: bit n (of byte n / 8, 1 << n % 8) says where cluster n is:
 *                    1 in this file, 0 in the image
 *     data_offset    the clusters, each at its own place
 *
 * A bit goes to the disk only when the cluster is there (flush), and never back.
 */
#ifndef VM44X_DISK_OVERLAY_H
#define VM44X_DISK_OVERLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "disk.h"
#include "file.h"

#define OVERLAY_MAGIC	"vm44x overlay\0\r\n"
#define OVERLAY_VERSION 1
#define OVERLAY_CLUSTER 4096
#define OVERLAY_BITMAP	4096 /* where it begins */

/* Little-endian */
struct overlay_header {
	char magic[16];
	uint32_t version;
	uint32_t cluster; /* bytes */
	uint64_t size; /* of the image, bytes */
	uint64_t data_offset; /* a multiple of cluster */
	int64_t image_seconds; /* when the image was written last */
	uint32_t image_nanoseconds;
	uint32_t reserved; /* 0 */
};

struct disk *overlay_open(const struct disk_options *o);

/* Whether a file is an overlay, which is no disk on its own. */
bool overlay_detect(struct disk_file *f);

#endif
