/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that the guest does not use, back to the host (virtio 1.2, chapter 5.5): what it reports
 * as free, and what its driver puts into the balloon because the user wants to have it.
 */
#ifndef VM44X_VIRTIO_BALLOON_H
#define VM44X_VIRTIO_BALLOON_H

#include <stdint.h>

struct virtio_device;

/*
 * For a guest whose memory, ram bytes, is ordinary memory. control: NULL, or the FIFO each line of
 * which is a size that the balloon is to have. Returns NULL after a message.
 */
struct virtio_device *virtio_balloon_create(const char *control, uint64_t ram);

#endif
