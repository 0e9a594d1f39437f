#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Guests: 6.1-virtio
# virtio-rng by the guest's own driver, with either interrupt controller, and none that was not asked for.
. "${0%/*}/lib.sh"

host_options=(--guest-kernel 6.1-virtio)
# shellcheck disable=SC2016 # for the host's shell
host '
	for chip in kernel user; do
		guest -o "--rng --irqchip=$chip" -- "
			cat /sys/class/misc/hw_random/rng_current
			for i in 1 2; do dd if=/dev/hwrng bs=1000 count=4 iflag=fullblock 2>/dev/null | md5sum; done
			dd if=/dev/hwrng bs=1000 count=4 iflag=fullblock 2>/dev/null | wc -c" >/tmp/out ||
			fail "no random numbers with --irqchip=$chip: $?"
		[ "$(sed -n 1p /tmp/out)" = virtio_rng.0 ] || fail "not the driver: $(cat /tmp/out)"
		[ "$(sort -u /tmp/out | wc -l)" = 4 ] || fail "the same numbers twice: $(cat /tmp/out)"
		[ "$(tail -n 1 /tmp/out)" = 4000 ] || fail "not all of them: $(cat /tmp/out)"
	done
	guest -- "[ ! -e /sys/bus/platform/devices/virtio ]" || fail "virtio without being asked for"'
