/* SPDX-License-Identifier: GPL-2.0-only */
/* Entropy of the host's for the guest (virtio 1.2, chapter 5.4). */
#ifndef VM44X_VIRTIO_RNG_H
#define VM44X_VIRTIO_RNG_H

struct virtio_device;

/* Returns NULL after a message. */
struct virtio_device *virtio_rng_create(void);

#endif
