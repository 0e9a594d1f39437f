/* SPDX-License-Identifier: GPL-2.0-only */
/* A network card for the guest (virtio 1.2, chapter 5.1), with one queue each way. */
#ifndef VM44X_VIRTIO_NET_H
#define VM44X_VIRTIO_NET_H

#include <stdint.h>

#include "net/net.h"

struct virtio_device;

#define VIRTIO_NET_MAC 6

/*
 * The device has the other side from now on, whose name is for messages. Returns NULL after a
 * message, also if other is NULL.
 */
struct virtio_device *virtio_net_create(struct net *other, const char *name,
					const uint8_t mac[VIRTIO_NET_MAC]);

#endif
