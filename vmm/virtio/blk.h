/* SPDX-License-Identifier: GPL-2.0-only */
/* A disk for the guest (virtio 1.2, chapter 5.2). */
#ifndef VM44X_VIRTIO_BLK_H
#define VM44X_VIRTIO_BLK_H

#include "disk/disk.h"

struct virtio_device;

/*
 * The device has the disk from now on, whose name is for messages; serial is what the guest can
 * read as its serial number, at most VIRTIO_BLK_SERIAL characters, or NULL. Returns NULL after a
 * message, also if disk is NULL.
 */
#define VIRTIO_BLK_SERIAL 20
struct virtio_device *virtio_blk_create(struct disk *disk, const char *name, const char *serial);

#endif
