/* SPDX-License-Identifier: GPL-2.0-only */
/* A directory that the guest shares with the host (virtio 1.2, chapter 5.13: device 9). */
#ifndef VM44X_VIRTIO_9P_H
#define VM44X_VIRTIO_9P_H

#include "share/share.h"

struct virtio_device;

/*
 * The device has the share from now on; tag is the name by which the guest mounts it, at most
 * VIRTIO_9P_TAG characters. Returns NULL after a message, also if share is NULL.
 */
#define VIRTIO_9P_TAG 31
struct virtio_device *virtio_9p_create(struct share *share, const char *tag);

#endif
