/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that the guest does not use, back to the host (virtio 1.2, chapter 5.5): what it reports
 * as free, and what its driver puts into the balloon, whose size the guest alone decides on.
 */
#ifndef VM44X_VIRTIO_BALLOON_H
#define VM44X_VIRTIO_BALLOON_H

struct virtio_device;

/* For a guest whose memory is ordinary memory. Returns NULL after a message. */
struct virtio_device *virtio_balloon_create(void);

#endif
