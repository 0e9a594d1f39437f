/* SPDX-License-Identifier: GPL-2.0-only */
/* A console for the guest (virtio 1.2, chapter 5.3): one port, on a line of the host's. */
#ifndef VM44X_VIRTIO_CONSOLE_H
#define VM44X_VIRTIO_CONSOLE_H

#include "serial.h"

struct virtio_device;

/*
 * The line, which lives longer, is the device's from now on: what arrives is for the device
 * thread. If it leads to a terminal, the guest knows its size; SIGWINCH is blocked for that, in
 * the caller and the threads that it makes. Returns NULL after a message.
 */
struct virtio_device *virtio_console_create(struct serial *line);

#endif
