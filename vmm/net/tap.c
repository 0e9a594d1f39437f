// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "net.h"
#include "report.h"

#define TUN "/dev/net/tun"

static int refused(const char *name, int error)
{
	const bool exists = if_nametoindex(name);

	if (error == EPERM && exists)
		return vm_error(
			"--net: the tap '%s' is not yours: make it with 'ip tuntap add %s mode tap user NAME', or be root",
			name, name);
	if (error == EPERM)
		return vm_error(
			"--net: there is no tap '%s', and only root can make one: 'ip tuntap add %s mode tap user NAME'",
			name, name);
	if (error == EBUSY)
		return vm_error(
			"--net: the tap '%s' is in use by another process; give each VM its own",
			name);
	if (error == EINVAL && exists)
		return vm_error("--net: '%s' is a network interface, but no tap with one queue",
				name);
	return vm_error("--net: cannot open the tap '%s': %s", name, strerror(error));
}

/* What the guest does not take, the kernel does before there is a frame. */
void net_accept_tap(int fd, uint64_t features)
{
	unsigned int offload = 0;

	if (features & 1 << VIRTIO_NET_F_GUEST_CSUM) {
		offload = TUN_F_CSUM;
		if (features & 1 << VIRTIO_NET_F_GUEST_TSO4)
			offload |= TUN_F_TSO4;
		if (features & 1 << VIRTIO_NET_F_GUEST_TSO6)
			offload |= TUN_F_TSO6;
	}
	ioctl(fd, TUNSETOFFLOAD, offload);
}

/* Headers are as virtio's, in its byte order. A tap that stays has what its last user has set. */
static int attach(int fd, const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int size = NET_HEADER, little = 1;

	strncpy(ifr.ifr_name, name, NET_TAP_NAME);
	if (ioctl(fd, TUNSETIFF, &ifr) < 0 || ioctl(fd, TUNSETVNETHDRSZ, &size) < 0 ||
	    ioctl(fd, TUNSETVNETLE, &little) < 0 || ioctl(fd, TUNSETOFFLOAD, 0) < 0)
		return -1;
	return 0;
}

int net_open_tap(const char *name)
{
	int fd = open(TUN, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	int error;

	if (fd < 0 && errno == EACCES)
		return vm_error("--net: no permission for " TUN
				": a tap needs it, '--net user' does not");
	if (fd < 0)
		return vm_error("--net: cannot open " TUN
				": %s; the host's kernel needs CONFIG_TUN, perhaps 'modprobe tun'",
				strerror(errno));
	if (!attach(fd, name))
		return fd;
	error = errno;
	close(fd);
	return refused(name, error);
}
